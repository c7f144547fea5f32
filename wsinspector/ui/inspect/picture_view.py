"""A picture out of a payload: decoded apart from the window's thread, under limits on bytes and pixels."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from wsinspector.present.numbers import count
from wsinspector.present.views.contents import Image
from wsinspector.present.views.image_view import MOST_BYTES, MOST_PIXELS
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.accessible_roles import Role

MIB = 1 << 20
ALLOCATED = 4 * MOST_PIXELS // MIB + 16
"""MiB that Qt may allocate for one picture."""

WIDEST = 2048
"""Pixels a side that are kept to be drawn; a larger picture is made smaller."""

Run = Callable[[Callable[[], Any], Callable[[Any], None]], None]


def decoded(found: Image) -> QImage | str:
    """The picture, or why there is none. Not for the UI thread; only the plug-in of its kind is asked."""
    QImageReader.setAllocationLimit(ALLOCATED)
    data = found.pages.read(0, MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return translate("Picture", "too large to be decoded")
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(found.kind.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(False)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > MOST_PIXELS:
        return translate("Picture", "more pixels than are decoded")
    if size.isValid() and max(size.width(), size.height()) > WIDEST:
        reader.setScaledSize(size.scaled(WIDEST, WIDEST, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return reader.errorString()
    return image


class PictureView(QWidget):
    """Draws the picture as large as it is, smaller where the room is; says why where there is none."""

    ACCESSIBLE_ROLE = Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: Run = lambda work, done: done(work())
        self.image: QImage | None = None
        self.said = ""
        self._serial = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(translate("Picture", "Picture of the payload"))

    def show_picture(self, found: Image) -> None:
        """Decode ``found`` and draw it."""
        self._serial += 1
        serial = self._serial
        self.image = None
        if not found.kind:
            self._say(translate("Picture", "Not decoded. The line below says why; Hex shows its bytes."))
            return
        self._say(translate("Picture", "decoding…"))
        self.run(lambda: decoded(found), lambda result: self._done(serial, result))

    def _done(self, serial: int, result: Any) -> None:
        if serial != self._serial:
            return
        if isinstance(result, QImage):
            self.image = result
            size = translate("Picture", "{width} × {height} pixels")
            self._say(size.format(width=count(result.width()), height=count(result.height())))
        else:
            self._say(translate("Picture", "It cannot be decoded: {why}").format(why=result))

    def _say(self, text: str) -> None:
        self.said = text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = QRectF(self.rect()).adjusted(theme.SPACE, theme.SPACE, -theme.SPACE, -theme.SPACE)
        if self.hasFocus():
            painter.setPen(theme.color("focus"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self.image is None:
            painter.setFont(theme.ui_font())
            painter.setPen(theme.color("muted"))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self.said)
            painter.end()
            return
        size = self.image.size()
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(
            room.left() + (room.width() - size.width()) / 2,
            room.top() + (room.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )
        self._squares(painter, target)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self.image)
        painter.end()

    def _squares(self, painter: QPainter, target: QRectF) -> None:
        """A ground on which what is transparent can be seen."""
        painter.fillRect(target, theme.color("field"))
        side = 2 * theme.GAP
        painter.save()
        painter.setClipRect(target)
        for row in range(int(target.height()) // side + 1):
            for column in range(row % 2, int(target.width()) // side + 1, 2):
                box = QRectF(target.left() + column * side, target.top() + row * side, side, side)
                painter.fillRect(box, theme.color("line"))
        painter.restore()
