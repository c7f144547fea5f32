"""The text of a lesson's step: set from its blocks, as tall as it is, pictures of its folder only."""

import html
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from wsinspector.learn.lessons.prose import Block, Code, Item, Paragraph, Picture, Span, Style, plain
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.actions.registry import registry

CODE_SIZE = 0.9
"""Of the window's fixed font: a line of code has forty characters in a narrow panel."""

LARGEST_PICTURE = 16 << 20
"""Bytes of a picture's file that are read."""


class LessonText(QTextBrowser):
    """``link_followed("glossary:masking")``: a link was pressed; nothing is opened by itself."""

    link_followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: tuple[Block, ...] = ()
        self._folder: Path | None = None
        self._setting = False
        self._height = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.setAccessibleName(translate("LessonPanel", "Text of the step"))
        self.setStyleSheet("QTextBrowser { background: transparent; border: none; padding: 0; margin: 0 }")
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(lambda url: self.link_followed.emit(url.toString()))
        theme.watcher().changed.connect(self._set)
        registry().changed.connect(self._set)

    def show_blocks(self, blocks: tuple[Block, ...], folder: Path | None) -> None:
        """Set ``blocks``; their pictures lie in ``folder``."""
        self._blocks, self._folder = blocks, folder
        self._set()

    def _set(self) -> None:
        self._setting = True
        self.document().setDefaultFont(theme.ui_font())
        self.document().clear()
        self.setAccessibleDescription(fill(plain(self._blocks)))
        self.setHtml(fill(html_of(self._blocks, max(self.viewport().width(), 80))))
        self._setting = False
        # A text with no link in it is read by the page keys of what is around it.
        links = any(
            span.style is Style.LINK
            for block in self._blocks
            if isinstance(block, Paragraph | Item)
            for span in block.spans
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if links else Qt.FocusPolicy.ClickFocus)
        self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(max(self.viewport().width(), 80))
        height = round(self.document().size().height()) + 2
        if height != self._height:
            self._height = height
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width() and not self._setting:
            pictures = any(isinstance(block, Picture) for block in self._blocks)
            if pictures:
                self._set()
            else:
                self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and not self._setting:
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(240, self._height)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Only a picture beside the lesson; all else is nothing."""
        text = name.toString() if isinstance(name, QUrl) else name
        if self._folder is None or kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        if "/" in text or "\\" in text or ":" in text:
            return None
        place = self._folder / text
        try:
            if place.resolve().parent != self._folder.resolve() or place.stat().st_size > LARGEST_PICTURE:
                return None
        except (OSError, ValueError):
            return None
        return QImage(str(place))


def html_of(blocks: tuple[Block, ...], width: int) -> str:
    """The blocks as the document's own mark-up; every text in it is escaped."""
    parts = []
    gap = theme.GAP
    for block in blocks:
        match block:
            case Paragraph(spans):
                parts.append(f'<p style="margin:0 0 {gap}px 0">{_spans(spans)}</p>')
            case Item(mark, spans):
                parts.append(
                    f'<p style="margin:0 0 {gap // 2}px {3 * gap}px; text-indent:-{2 * gap}px">'
                    f"{html.escape(mark)}&nbsp; {_spans(spans)}</p>"
                )
            case Code(text):
                parts.append(_code(text))
            case Picture(name, alt):
                told, source = html.escape(alt), html.escape(name)
                parts.append(
                    f'<p style="margin:0 0 2px 0"><img src="{source}" width="{width}" alt="{told}"></p>'
                    f'<p style="margin:0 0 {gap}px 0; color:{theme.color("muted").name()}">{told}</p>'
                )
    return "".join(parts)


def _spans(spans: tuple[Span, ...]) -> str:
    mono = html.escape(theme.mono_font().family())
    dressed = {
        Style.PLAIN: "{0}",
        Style.STRONG: "<b>{0}</b>",
        Style.EMPHASIS: "<i>{0}</i>",
        Style.CODE: f"<span style=\"font-family:'{mono}'; color:{theme.color('in').name()}\">{{0}}</span>",
    }
    found = []
    for span in spans:
        text = html.escape(span.text)
        if span.style is Style.LINK:
            colour = theme.color("link").name()
            found.append(f'<a href="{html.escape(span.target)}" style="color:{colour}">{text}</a>')
        else:
            found.append(dressed[span.style].format(text))
    return "".join(found)


def _code(text: str) -> str:
    mono = html.escape(theme.mono_font().family())
    size = theme.mono_font().pointSizeF() * CODE_SIZE
    # Blanks stay, and lines that are too long for a narrow panel break at them.
    lines = "<br>".join(html.escape(line) or "&nbsp;" for line in text.split("\n"))
    ground, colour = theme.color("field").name(), theme.color("text").name()
    return (
        f'<table width="100%" cellpadding="6" cellspacing="0" style="background:{ground}">'
        '<tr><td><p style="margin:0; white-space:pre-wrap">'
        f"<span style=\"font-family:'{mono}'; font-size:{size:.1f}pt; color:{colour}\">{lines}</span>"
        f'</p></td></tr></table><p style="margin:0 0 4px 0"></p>'
    )
