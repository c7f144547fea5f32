"""The menu that copies a request for other tools, and what it then says of the copy."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from wsinspector.conversation.options import Options
from wsinspector.share.copying_as import KINDS, CopiedAs, Kind, copied_as
from wsinspector.translate import translate


class CopyAsMenu(QMenu):
    """``asked()`` gives address, request and options; ``told`` takes the sentence on what was copied."""

    def __init__(
        self,
        parent: QWidget,
        asked: Callable[[], tuple[str, bytes, Options]],
        told: Callable[[str], object],
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("CopyAs", "Copy the request as"))
        self.setToolTipsVisible(True)
        self._asked, self._told = asked, told
        self._fill(self, with_secrets=False)
        self.addSeparator()
        self.secrets = self.addMenu(translate("CopyAs", "With secrets"))
        self.secrets.menuAction().setToolTip(
            translate("CopyAs", "Leave passwords, cookies and tokens in what is copied")
        )
        self._fill(self.secrets, with_secrets=True)

    def _fill(self, menu: QMenu, *, with_secrets: bool) -> None:
        for kind in KINDS:
            menu.addAction(
                translate("CopyAs", kind.title), partial(self.copy, kind, with_secrets=with_secrets)
            )

    def copy(self, kind: Kind, *, with_secrets: bool = False) -> None:
        """Put the request on the clipboard as ``kind``."""
        url, request, options = self._asked()
        made = copied_as(kind.name, url, request, options, with_secrets=with_secrets)
        if made.text:
            QGuiApplication.clipboard().setText(made.text)
        self._told(copy_told(kind, made))


def copy_told(kind: Kind, made: CopiedAs) -> str:
    """What is said once ``made`` is on the clipboard, or why nothing is."""
    title = translate("CopyAs", kind.title)
    if not made.text:
        said = [translate("CopyAs", "Nothing was copied as {0}.").format(title)]
    else:
        said = [translate("CopyAs", "Copied as {0}.").format(title)]
    if made.hidden:
        said.append(translate("CopyAs", "Secrets are left out."))
    if made.without:
        said += [translate("CopyAs", "Not carried over:"), *made.without]
    return " ".join(said)
