"""Every bit of one crafted frame as controls, and back."""

import re
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from wsinspector.protocol.crafting import (
    Between,
    Compression,
    CraftedBytes,
    CraftedFrame,
    Mask,
    Payload,
    frame_from_plain,
    frame_to_plain,
)
from wsinspector.protocol.opcodes import CLOSE, OPCODES, PING, PONG
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.craft_fields import Choice, Line
from wsinspector.ui.inspect.craft_payload import CraftPayload, number
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.widgets.segmented import Segmented

FLAGS = ("fin", "rsv1", "rsv2", "rsv3", "rsv4")
RSV4 = 4
SPLIT = "split-sequence"
_KEPT = "kept"
_BETWEEN = {"ping": PING, "pong": PONG, "close": CLOSE}


class CraftFrame(QWidget):
    """``changed`` tells of every change made by hand. Of bytes as they are only the payload shows."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._raw = False
        self._rsv4 = False  # the layout has one
        self._between: tuple[Between, ...] = ()
        self.opcode = Choice(
            translate("Craft", "Opcode"), translate("Craft", "What the frame is, 0 to 15 (RFC 6455 §5.2)")
        )
        self.opcode.offer(
            [(f"{one.number:X}  {one.name if one.defined else 'reserved'}", one.number) for one in OPCODES]
        )
        self.flags = Segmented(["FIN", "RSV1", "RSV2", "RSV3", "RSV4"], several=True)
        self.flags.setAccessibleName(translate("Craft", "FIN and reserved bits"))
        for at, tip in enumerate(
            (
                translate("Craft", "The last frame of its message (§5.4)"),
                translate("Craft", "Reserved; permessage-deflate says compressed with it"),
                translate("Craft", "Reserved: 0 where no extension gives it a meaning"),
                translate("Craft", "Reserved: 0 where no extension gives it a meaning"),
                translate("Craft", "hybi-01 to 06 alone: the bit that became MASK"),
            )
        ):
            self.flags.set_tip(at, tip)
        self.masking = Choice(
            translate("Craft", "Mask"), translate("Craft", "A client masks every frame, a server none (§5.1)")
        )
        self.masking.offer(
            [
                (translate("Craft", "As our role has it"), Mask.ROLE.value),
                (translate("Craft", "Off"), Mask.OFF.value),
                (translate("Craft", "Fresh key"), Mask.FRESH.value),
                (translate("Craft", "Zero key"), Mask.ZERO.value),
                (translate("Craft", "This key"), Mask.KEY.value),
            ]
        )
        self.key = Line(translate("Craft", "Masking key"), translate("Craft", "Four bytes in hex"), 11)
        self.length = Line(
            translate("Craft", "Declared length"),
            translate("Craft", "What the header says, 0 to 2^64 - 1, also 0x…; empty for the true length"),
            21,
        )
        self.length.setPlaceholderText(translate("Craft", "true length"))
        self.form = Choice(
            translate("Craft", "Form of the length"),
            translate("Craft", "How many bits hold the length; only the shortest form is allowed (§5.2)"),
        )
        self.form.offer(
            [
                (translate("Craft", "Shortest form"), None),
                (translate("Craft", "7 bits"), 7),
                (translate("Craft", "16 bits"), 16),
                (translate("Craft", "64 bits"), 64),
            ]
        )
        self.payload = CraftPayload()
        self.compression = Choice(
            translate("Craft", "Compression"),
            translate("Craft", "By permessage-deflate, with the connection's context, or wrongly"),
        )
        self.compression.offer([(text, how.value) for how, text in _compressions()])
        self.fragments = Line(
            translate("Craft", "Fragments"),
            translate("Craft", "Bytes of each fragment: 3, 2. One size for all: every 100. Or: sequence"),
            14,
        )
        self.fragments.setPlaceholderText(translate("Craft", "none, or 3, 2"))
        self.between = Choice(
            translate("Craft", "Between fragments"),
            translate("Craft", "A control frame that follows a fragment (§5.4 allows it)"),
        )
        self._offer_between()
        self.after = Line(
            translate("Craft", "Behind which fragment"),
            translate("Craft", "The fragment's number, from 1"),
            3,
        )
        self.after.put("1")
        self._lay_out()
        self._wire()
        self._show_parts()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.MARGIN)
        grid.setVerticalSpacing(theme.GAP)
        grid.setColumnStretch(1, 1)
        self._labels: list[RoleLabel] = []
        rows: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            (translate("Craft", "Opcode"), (self.opcode, self.flags)),
            (translate("Craft", "Mask"), (self.masking, self.key)),
            (translate("Craft", "Length"), (self.length, self.form)),
            (translate("Craft", "Payload"), (self.payload,)),
            (translate("Craft", "Compressed"), (self.compression,)),
            (translate("Craft", "Fragments"), (self.fragments, self.between, self.after)),
        )
        self._of_frames: list[QWidget] = []
        for at, (text, parts) in enumerate(rows):
            label = RoleLabel(text, "muted")
            label.setMinimumWidth(label.sizeHint().width())
            row = QHBoxLayout()
            row.setSpacing(theme.GAP)
            for part in parts:
                row.addWidget(part, 1 if part is self.payload else 0)
            if self.payload not in parts:
                row.addStretch(1)
                self._of_frames += [label, *parts]
            label.setFixedHeight(theme.control_height())
            grid.addWidget(label, at, 0)
            grid.setAlignment(label, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(row, at, 1)
            self._labels.append(label)

    def _wire(self) -> None:
        for choice in (self.opcode, self.masking, self.form, self.compression, self.between):
            choice.currentIndexChanged.connect(self._by_hand)
        for line in (self.key, self.length, self.fragments, self.after):
            line.textEdited.connect(self._by_hand)
        self.flags.toggled.connect(self._by_hand)
        self.payload.changed.connect(self._by_hand)

    def _by_hand(self) -> None:
        if self.masking.word() == Mask.KEY.value and not self.key.text().strip():
            self.key.put("37 fa 21 3d")
        self._show_parts()
        self.changed.emit()

    def _show_parts(self) -> None:
        for part in self._of_frames:
            part.setVisible(not self._raw)
        frame = not self._raw
        self.key.setVisible(frame and self.masking.word() == Mask.KEY.value)
        self.flags.segments[RSV4].setVisible(frame and (self._rsv4 or self.flags.is_on(RSV4)))
        cut = frame and bool(self.fragments.text().strip())
        self.between.setVisible(cut)
        self.after.setVisible(cut and self.between.word() in _BETWEEN)

    def _offer_between(self) -> None:
        items: list[tuple[str, object]] = [
            (translate("Craft", "nothing between"), None),
            (translate("Craft", "a Ping behind"), "ping"),
            (translate("Craft", "a Pong behind"), "pong"),
            (translate("Craft", "a Close behind"), "close"),
        ]
        if self._between and self._simple() is None:
            items.append((translate("Craft", "as it was set"), _KEPT))
        self.between.offer(items)

    def _simple(self) -> tuple[str, int] | None:
        """The word and the fragment of what stands between, where the controls can show it."""
        if len(self._between) != 1:
            return None
        only = self._between[0]
        word = next((word for word, opcode in _BETWEEN.items() if opcode == only.frame.opcode), None)
        if word is None or only.frame != CraftedFrame(only.frame.opcode):
            return None
        return word, only.after

    def allow_rsv4(self, has: bool) -> None:
        """Whether the layout that is spoken has a fourth reserved bit; one that is set stays in sight."""
        if has != self._rsv4:
            self._rsv4 = has
            self._show_parts()

    def label_width(self) -> int:
        """Pixels of the widest label, for rows below to stand in line."""
        return max(label.minimumWidth() for label in self._labels)

    # -- in and out

    def put(self, one: CraftedFrame | CraftedBytes) -> None:
        """Show ``one``; no signal tells of it."""
        self._raw = isinstance(one, CraftedBytes)
        self.payload.put(one.payload)
        if isinstance(one, CraftedFrame):
            self._between = one.between
            self.opcode.pick(one.opcode)
            for at, flag in enumerate(FLAGS):
                self.flags.set_on(at, getattr(one, flag))
            self.masking.pick(one.mask.value)
            self.key.put(one.key.hex(" ") if one.key else "")
            self.length.put("" if one.length is None else str(one.length))
            self.form.pick(one.form)
            self.compression.pick(one.compression.value)
            self.fragments.put(_fragments_text(one))
            self._offer_between()
            simple = self._simple()
            self.between.pick(simple[0] if simple else _KEPT if one.between else None)
            self.after.put(str(simple[1]) if simple else "1")
        self._show_parts()

    def frame(self) -> CraftedFrame | CraftedBytes:
        """What the controls say. Raises CraftError, naming the member."""
        payload = self.payload.members()
        if self._raw:
            hex_text = payload.get("hex")
            return frame_from_plain({"raw": hex_text if isinstance(hex_text, str) else payload})
        plain: dict[str, Any] = {
            "opcode": self.opcode.word(),
            "mask": self.key.text() if self.masking.word() == Mask.KEY.value else self.masking.word(),
            "form": self.form.word(),
            "compression": self.compression.word(),
            **payload,
        }
        plain |= {flag: self.flags.is_on(at) for at, flag in enumerate(FLAGS)}
        if self.length.text().strip():
            plain["length"] = self.length.text().strip().replace(" ", "")
        typed = self.fragments.text().strip()
        if typed:
            plain["fragments"] = _fragments_of(typed)
            word = self.between.word()
            if word in _BETWEEN:
                plain["between"] = [{"after": number(self.after.text()), "opcode": word}]
            elif word == _KEPT:
                plain["between"] = [
                    {"after": one.after, **frame_to_plain(one.frame)} for one in self._between
                ]
        return frame_from_plain(plain)


def _fragments_text(one: CraftedFrame) -> str:
    if one.split_sequence:
        return translate("Craft", "sequence")
    if one.every:
        return translate("Craft", "every {size}").format(size=one.every)
    return ", ".join(map(str, one.fragments))


def _fragments_of(typed: str) -> object:
    if typed in (SPLIT, translate("Craft", "sequence")):
        return SPLIT
    found = re.fullmatch(r"\D*\s(\d+)", typed)
    if found is not None:
        return int(found.group(1))
    return [number(part) for part in re.split(r"[,;\s]+", typed) if part]


def _compressions() -> tuple[tuple[Compression, str], ...]:
    return (
        (Compression.NO, translate("Craft", "No")),
        (Compression.YES, translate("Craft", "Yes, with RSV1")),
        (Compression.RSV1_ALONE, translate("Craft", "No, but RSV1 is set")),
        (Compression.NO_RSV1, translate("Craft", "Yes, but RSV1 is clear")),
        (Compression.TAIL_KEPT, translate("Craft", "Yes, the tail 00 00 ff ff kept")),
        (Compression.FINAL_BLOCK, translate("Craft", "Yes, as a final block (BFINAL)")),
        (Compression.CORRUPT, translate("Craft", "Yes, with a broken block")),
        (Compression.WINDOW, translate("Craft", "Yes, with a window of 32 KiB")),
        (Compression.MISSING_CONTEXT, translate("Craft", "Yes, referring to bytes never sent")),
    )


EMPTY = CraftedFrame(payload=Payload())
"""What a new frame is."""
