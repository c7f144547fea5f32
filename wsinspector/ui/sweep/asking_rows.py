"""The lines below the bar of the Sweep page: what is not understood, a last question, and how far it is."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.numbers import count, duration
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel

HOSTS = 6  # a line each; of more the number is told


class ConfirmRow(QWidget):
    """Asked before the first odd request leaves this computer. ``agreed`` or ``declined``."""

    agreed = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = RoleLabel("", "note", wraps=True)
        self.yes = QPushButton(translate("SweepConfirm", "Run"))
        self.yes.setProperty("kind", "primary")
        self.yes.clicked.connect(self.agreed)
        self.no = QPushButton(translate("SweepConfirm", "Do not"))
        self.no.setToolTip(translate("SweepConfirm", "Send nothing (Esc)"))
        self.no.clicked.connect(self.declined)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self.text, 1)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        self.hide()

    def ask(self, requests_to: dict[str, int]) -> None:
        """Ask for each host that is not this computer: how many requests it would get."""
        lines = [
            translate("SweepConfirm", "This sends {0} to {1}.").format(
                translate("SweepConfirm", "%n odd request(s)", "", number),
                host,
            )
            for host, number in list(requests_to.items())[:HOSTS]
        ]
        if len(requests_to) > HOSTS:
            more = len(requests_to) - HOSTS
            total = sum(list(requests_to.values())[HOSTS:])
            lines.append(
                translate("SweepConfirm", "And {0} to {1} more hosts.").format(count(total), count(more))
            )
        self.ask_lines(lines)

    def ask_lines(self, lines: list[str]) -> None:
        """Ask with these sentences."""
        self.text.set_text("\n".join(lines))
        self.yes.setAccessibleName(f"{translate('SweepConfirm', 'Run')}. {' '.join(lines)}")
        self.yes.setToolTip(translate("SweepConfirm", "Send them"))
        self.show()
        self.yes.setFocus()


class ProgressRow(QWidget):
    """``83 of 115, 4 at a time``, over a bar; seen while a sweep runs or is read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = RoleLabel("", "muted")
        self.bar = _Bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        self.hide()

    def show_reading(self, name: str, done: int, total: int) -> None:
        """Tell how far the file ``name`` is read; ``total`` 0 where that is not known yet."""
        text = translate("SweepProgress", "Opening {0}").format(name)
        if total:
            text += translate("SweepProgress", ": {0} %").format(100 * done // total)
        if text != self.text.full_text():
            self.text.set_text(text)
        self.bar.show_share(done / total if total else 0.0)

    def show_progress(self, results: SweepResults) -> None:
        """Tell how far ``results`` are."""
        under_way = sum(server.running for server in results.servers)
        self.show_counts(results.done, results.total, results.at_once, under_way, results.seconds)

    def show_counts(self, done: int, total: int, at_once: int, under_way: int, seconds: float) -> None:
        """Tell how many are done of how many, after so many ``seconds``."""
        text = translate("SweepProgress", "{0} of {1}, {2} at a time").format(
            count(done), count(total), at_once
        )
        if under_way:
            text += translate("SweepProgress", ", {0} under way").format(under_way)
        if seconds >= 1:
            text += f", {duration(seconds)}"
        if text != self.text.full_text():
            self.text.set_text(text)
        self.bar.show_share(done / total if total else 1.0)


class _Bar(QWidget):
    """A thin line filled from the left; its number stands above it in words."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float) -> None:
        if share != self._share:
            self._share = share
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("line"))
        painter.fillRect(QRectF(0, 0, self.width() * self._share, self.height()), theme.color("accent"))
