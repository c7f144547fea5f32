"""The versions of the protocol as a menu; picking one rewrites the draft's whole request."""

from functools import partial

from PySide6.QtWidgets import QMenu

from wsinspector.protocol.dialects import DIALECTS
from wsinspector.translate import translate
from wsinspector.ui.inspect.tab import TabState


def fill_dialect_menu(menu: QMenu, tab: TabState) -> None:
    """Add every dialect, the newest first; the one that would be spoken is checked."""
    menu.setToolTipsVisible(True)
    now = tab.spoken
    for dialect in reversed(DIALECTS):
        says = translate("DialectMenu", "no version header")
        if dialect.version is not None:
            says = translate("DialectMenu", "says {0}").format(dialect.version.decode())
        action = menu.addAction(f"{dialect.name}\t{says}", partial(tab.write_in, dialect.name))
        tip = translate("DialectMenu", "Writes the whole request as {0} has it, of {1}")
        action.setToolTip(tip.format(dialect.name, dialect.dated))
        action.setCheckable(True)
        action.setChecked(dialect.name == now)
