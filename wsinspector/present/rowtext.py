"""What a row of the log says, made for rows in sight only."""

from array import array
from collections.abc import Sequence

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.closing import close_text
from wsinspector.present.frame_index import CLOSE, FAULT, KIND, OUT, PING, PONG, FrameIndex
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.losses import missing_text
from wsinspector.present.magic import named
from wsinspector.present.marks import Marks
from wsinspector.present.numbers import clock, count
from wsinspector.present.plain import preview
from wsinspector.present.rowcells import RowCells as RowCells
from wsinspector.present.rowcells import RowKind as RowKind
from wsinspector.present.rowcells import TimeStyle as TimeStyle
from wsinspector.present.rowcells import short_seconds
from wsinspector.present.rowcells import size_column as size_column
from wsinspector.present.rowlabels import DEFLATE, NOT_FINAL, Label, anomaly_labels, is_fault
from wsinspector.present.rows import (
    SUB_DROPPED,
    SUB_STOP,
    LogRows,
    Mode,
    number_of,
    sub_of,
)
from wsinspector.present.stepping import held_label
from wsinspector.present.typenames import TYPES, type_name
from wsinspector.present.withheld import CODE_BYTES, Stretches, mark_text, of_frame, with_marks, withheld
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_OUT, FLAG_STARTS_MESSAGE
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

PREVIEW = 512
HEX_BYTES = 24
NAMED_BYTES = 8
"""Bytes shown before the name of what they begin."""

INFLATE_AHEAD = 1 << 16
"""Compressed bytes of a message's next frames that are inflated with the one its row waits for."""

LONG_DELTA_NS = 10_000_000_000
LOOK_FOR_PONG = 64
"""Pongs looked at for one that answers a ping, and the other way round."""

KEPT_CONTROL = 4096


class RowTexts:
    """Makes :class:`RowCells` for one attempt; reads the capture for nothing but the row asked for."""

    def __init__(self, reading: FrameReading, rows: LogRows, inflation: Inflation) -> None:
        self.reading = reading
        self._rows = rows
        self._index: FrameIndex = rows.index
        self._inflation = inflation
        self.snapshot: AttemptSnapshot | None = None
        self.times = TimeStyle.ABSOLUTE
        self.marks = Marks()
        self.wanted: dict[int, tuple[int, int]] = {}
        """Compressed frames asked for and not inflated yet: number to (direction, first frame)."""
        self._control: dict[int, tuple[int, bytes]] = {}

    # -- times

    def time_text(self, at: int, before: int | None) -> str:
        """The time of an event at monotonic ``at``, in the style that is set."""
        snapshot = self.snapshot
        if snapshot is None:
            return ""
        if self.times is TimeStyle.ABSOLUTE:
            return clock(snapshot.wall_ns + at - snapshot.mono_ns)
        if self.times is TimeStyle.RELATIVE:
            return f"{(at - snapshot.mono_ns) / 1e9:.3f} s"
        if before is None:
            return ""
        span = at - before
        text = f"{span / 1e6:+.3f} ms" if abs(span) < LONG_DELTA_NS else f"{span / 1e9:+.3f} s"
        return text.replace("-", "−")

    def since(self, before: int | None) -> int | None:
        """From when the time of a row behind the last frame is counted, where it is counted from another."""
        return self._before(len(self._index) + 1) if self.times is TimeStyle.MARK else before

    def _before(self, number: int) -> int | None:
        if self.times is TimeStyle.MARK:
            marked = self.marks.at_or_before(number)
            facts = self.reading.facts(marked) if marked is not None else None
            return facts.time if facts is not None else None
        if self.times is not TimeStyle.DELTA or number <= 1:
            return None
        columns = self.reading.source.columns(number - 1, 1)
        return columns.time[0] if len(columns) and columns.header[0] else None

    def held(self, facts: FrameFacts) -> int:
        """ns for which a frame of ours was held for a step before it left; 0 for any other."""
        return self.snapshot.held_steps.of(facts.offset) if facts.out and self.snapshot is not None else 0

    def _from(self, facts: FrameFacts) -> int | None:
        """From when the time of a frame is counted, without what it was held."""
        before = self._before(facts.number)
        if before is None:
            return None
        return before + min(self.held(facts), max(0, facts.time - before))

    # -- rows

    def cells(self, key: int) -> RowCells:
        """The texts of the row with ``key``, a frame's or a marker's."""
        sub = sub_of(key)
        if self._rows.is_marker(key):
            if sub == SUB_DROPPED:
                return self._dropped(number_of(key))
            return self.stop() if sub == SUB_STOP else self._silence(number_of(key))
        number = self._rows.frame_of(key)
        facts = self.reading.facts(number) if number is not None else None
        if facts is None or number is None:
            return RowCells(RowKind.FRAME, payload=translate("Log", "not in the capture"), tone="muted")
        if self._rows.mode is Mode.MESSAGES and not sub:
            run = self._index.run_of(number)
            if run is not None:
                return self._run(key, facts, run)
            return self._message(key, facts)
        return self._frame(facts, child=bool(sub))

    def _below(self, number: int) -> bool:
        stopped = self.snapshot.stopped if self.snapshot is not None else None
        return stopped is not None and number > stopped.number

    def stop(self) -> RowCells:
        """The line where a conforming endpoint stops."""
        snapshot = self.snapshot
        stop = (snapshot.stopped or snapshot.would_stop) if snapshot is not None else None
        if snapshot is None or stop is None:
            return RowCells(RowKind.STOP, tone="fault")
        coded, server = stop.code is not None, snapshot.role is Role.SERVER
        if snapshot.stopped is not None:
            text = (
                translate("Log", "Failed the connection here with {code}: {text}")
                if coded
                else translate("Log", "Failed the connection here: {text}")
            )
        elif server:
            text = (
                translate(
                    "Log", "A conforming server stops here with {code}. This one is set to go on ({policy})."
                )
                if coded
                else translate("Log", "A conforming server stops here. This one is set to go on ({policy}).")
            )
        else:
            text = (
                translate(
                    "Log", "A conforming client stops here with {code}. This one is set to go on ({policy})."
                )
                if coded
                else translate("Log", "A conforming client stops here. This one is set to go on ({policy}).")
            )
        said = text.format(code=stop.code, text=stop.text, policy=snapshot.policy)
        return RowCells(RowKind.STOP, payload=said, tone="fault", remark=stop.text)

    def _silence(self, number: int) -> RowCells:
        return self.silence(self._index.silence_after(number))

    def silence(self, ns: int) -> RowCells:
        """A marker for a time without a byte in either direction."""
        text = translate("Log", "{time} without a byte in either direction").format(time=short_seconds(ns))
        return RowCells(RowKind.SILENCE, payload=text, tone="note")

    def _dropped(self, number: int) -> RowCells:
        """A marker for the frames from ``number`` on that are not in the file."""
        found = self._index.missing.run_at(number)
        first, stop = found if found is not None else (number, number)
        losses = self.snapshot.losses if self.snapshot is not None else ()
        reasons = tuple(loss.reason for loss in losses if loss.frames)
        if len(reasons) != 1:
            why = getattr(self.reading.source, "why_missing", None)
            reasons = why(first, stop) if why is not None else ()
        text = missing_text(stop - first, reasons)
        # The first of them grow while a limit holds, the last while frames come.
        return RowCells(RowKind.DROPPED, payload=text, tone="note", settled=False)

    def _run(self, key: int, facts: FrameFacts, run: tuple[int, int, int]) -> RowCells:
        last, pings, pongs = run
        parts = []
        if pings:
            parts.append(
                translate("Log", "1 ping")
                if pings == 1
                else translate("Log", "{n} pings").format(n=count(pings))
            )
        if pongs:
            parts.append(
                translate("Log", "1 pong")
                if pongs == 1
                else translate("Log", "{n} pongs").format(n=count(pongs))
            )
        remark = ""
        if pings == pongs == 1:
            answered = self._answer_of(facts) if facts.opcode == 0x9 else None
            if answered is not None and answered.number == last:
                remark = translate("Log", "answered after {time}").format(
                    time=short_seconds(answered.time - facts.time - self.held(answered))
                )
        elif last > facts.number:
            columns = self.reading.source.columns(last, 1)
            if len(columns):
                remark = translate("Log", "within {time}").format(
                    time=short_seconds(columns.time[0] - facts.time)
                )
        return RowCells(
            RowKind.RUN,
            str(facts.number),
            self.time_text(facts.time, self._before(facts.number)),
            facts.out,
            TYPES.get(facts.opcode, ""),
            "muted",
            "",
            (),
            ", ".join(parts),
            remark,
            opens=True,
            opened=key in self._rows.opened,
            below_stop=self._below(facts.number),
            settled=last < len(self._index),
        )

    def _message(self, key: int, facts: FrameFacts) -> RowCells:
        members = self._index.members_of(facts.number)
        if len(members) == 1:
            return self._frame(facts, child=False)
        final = self.reading.facts(members[-1])
        whole = final is not None and final.fin
        total = 0
        anomalies = 0
        for number in members[:64]:
            one = self.reading.facts(number)
            if one is not None:
                total += one.length
                anomalies |= one.anomalies
        frames = translate("Log", "{n} frames").format(n=count(len(members)))
        labels = [*anomaly_labels(anomalies, self.reading.agreed.dialect)]
        labels.append(
            Label(frames if whole else translate("Log", "{n} frames so far").format(n=len(members)))
        )
        if facts.compressed:
            labels.append(DEFLATE)
        text, remark, settled = self._payload(facts, list(members[:16]))
        more = len(members) > 64
        return RowCells(
            RowKind.FRAME,
            str(facts.number),
            self.time_text(facts.time, self._before(facts.number)),
            facts.out,
            type_name(self.reading, facts),
            self._tone(anomalies, "strong"),
            ("> " if more else "") + size_column(total),
            tuple(labels),
            text,
            remark,
            opens=True,
            opened=key in self._rows.opened,
            below_stop=self._below(facts.number),
            settled=settled and whole,
        )

    def _tone(self, anomalies: int, else_tone: str) -> str:
        """The role of the type: whether it is one that the dialect defined."""
        if not anomalies & int(FrameAnomaly.RESERVED_OPCODE):
            return else_tone
        return "fault" if is_fault(FrameAnomaly.RESERVED_OPCODE, self.reading.agreed.dialect) else "note"

    def _frame(self, facts: FrameFacts, *, child: bool) -> RowCells:
        opcode = facts.opcode
        labels = [*anomaly_labels(facts.anomalies, self.reading.agreed.dialect)]
        settled = True
        if opcode < 8:
            part, settled = self._part_label(facts)
            if not facts.fin:
                labels.append(NOT_FINAL)
            if part is not None:
                labels.append(part)
            if facts.compressed and (facts.flags & FLAG_STARTS_MESSAGE or self.reading.agreed.per_frame):
                labels.append(DEFLATE)
        text, remark, complete = self._payload(facts, [facts.number])
        calm = opcode in (0x9, 0xA)
        if held := self.held(facts):
            labels.append(Label(held_label(held)))
        return RowCells(
            RowKind.FRAME,
            str(facts.number),
            self.time_text(facts.time, self._from(facts)),
            facts.out,
            type_name(self.reading, facts),
            self._tone(facts.anomalies, "muted" if calm else "strong"),
            size_column(facts.length),
            tuple(labels),
            text,
            remark,
            child=child,
            below_stop=self._below(facts.number),
            settled=settled and complete,
        )

    def _part_label(self, facts: FrameFacts) -> tuple[Label | None, bool]:
        if not facts.message:
            return None, True
        place = self._index.place_of(facts.number, facts.flags & FLAG_OUT)
        if place is None or (place[1] < 2 and facts.fin):
            return None, True
        at, parts, last_number = place
        last = self.reading.facts(last_number)
        whole = last is not None and last.fin
        total = count(parts) if whole else "?"
        return Label(translate("Log", "{at} of {total}").format(at=count(at + 1), total=total)), whole

    # -- payload column

    def _payload(self, facts: FrameFacts, numbers: list[int]) -> tuple[str, str, bool]:
        """``(text, remark, settled)`` of the payload column."""
        opcode = facts.opcode
        left_out = self.snapshot.left_out if self.snapshot is not None else ()
        if left_out and facts.length and of_frame(self.reading, left_out, facts) == [(0, facts.length)]:
            return mark_text(self.reading.sizes(numbers)), "", True
        if opcode == 0x8:
            return self._close(facts, left_out)
        if opcode in (0x9, 0xA):
            return self._ping_pong(facts)
        data = b""
        fault = None
        for at, number in enumerate(numbers):
            one = facts if number == facts.number else self.reading.facts(number)
            if one is not None and one.compressed:
                seen = self._inflation.seen(number)
                if seen is None:
                    self._want(one, numbers[at:])
                    return "…", "", False
                data += seen.beginning
                fault = seen.fault
                if fault is not None or seen.size > len(seen.beginning):
                    break
            elif one is not None:
                data += self.reading.payload(one, 0, max(0, PREVIEW - len(data)))
            if len(data) >= PREVIEW:
                break
        gone = withheld(self.reading, left_out, array("Q", numbers), PREVIEW)
        text, remark = self._shown(data[:PREVIEW], facts, gone)
        if fault is InflateFault.LEFT_OUT:
            remark = translate("Log", "not inflated: what it refers back to was left out")
        elif fault is not None:
            remark = translate("Log", "could not be inflated further")
        return text, remark, True

    def _want(self, facts: FrameFacts, numbers: list[int]) -> None:
        """Ask for the compressed frame ``facts``, and for those behind it that cost little more."""
        last, size = facts, facts.length
        for number in numbers[1:]:
            one = self.reading.facts(number)
            size += one.length if one is not None else 0
            if one is None or size > INFLATE_AHEAD:
                break
            last = one if one.compressed else last
        parts = self._index.parts_of(facts.message, facts.flags & FLAG_OUT)
        self.wanted[last.number] = (int(facts.direction), parts[0] if parts else facts.number)

    def _shown(self, data: bytes, facts: FrameFacts, gone: Sequence[tuple[int, int]] = ()) -> tuple[str, str]:
        if gone:
            part = preview if self._is_text(facts) else _hex_part
            return with_marks(data, gone, part), ""
        if self._is_text(facts):
            return preview(data), ""
        name = named(data) if facts.opcode == 0x2 else ""
        most = NAMED_BYTES if name else HEX_BYTES
        cut = len(data) > most or (facts.length > len(data) and not facts.compressed)
        return data[:most].hex(" ") + (" …" if cut else ""), name

    def _is_text(self, facts: FrameFacts) -> bool:
        # Text and its later fragments have even kinds below 4; see present.rows.
        return self._index.frames[facts.number - 1] & KIND in (0, 2)

    def _close(self, facts: FrameFacts, left_out: Stretches) -> tuple[str, str, bool]:
        body = self.reading.payload(facts, 0, PREVIEW)
        gone = of_frame(self.reading, left_out, facts) if left_out else []
        text, remark = close_text(body, self.reading.agreed)
        if gone and remark and gone[0][0] >= CODE_BYTES:
            shifted = [(start - CODE_BYTES, stop - CODE_BYTES) for start, stop in gone]
            remark = f"“{with_marks(body[CODE_BYTES:], shifted, preview)}”"
        return text, remark, True

    def _ping_pong(self, facts: FrameFacts) -> tuple[str, str, bool]:
        data = self.reading.payload(facts, 0, 125)
        text = self._quoted(data)
        other = self._answer_of(facts) if facts.opcode == 0x9 else self._question_of(facts)
        if facts.opcode == 0x9:
            if other is not None:
                time_taken = short_seconds(other.time - facts.time - self.held(other))
                remark = translate("Log", "pong after {time}, frame {number}")
                return text, remark.format(time=time_taken, number=other.number), True
            live = self.snapshot is not None and self.snapshot.open
            return text, translate("Log", "no pong yet") if live else translate("Log", "no pong"), not live
        if other is not None:
            return text, translate("Log", "answers frame {number}").format(number=other.number), True
        return text, translate("Log", "answers no ping"), True

    @staticmethod
    def _quoted(data: bytes) -> str:
        if not data:
            return translate("Log", "empty")
        if data.isascii() and data.decode("ascii").isprintable():
            return f"“{data.decode('ascii')}”"
        return data[:16].hex(" ") + (" …" if len(data) > 16 else "")

    def counterpart(self, facts: FrameFacts) -> FrameFacts | None:
        """The pong of a ping, the ping of a pong, the Close that answers a Close or that it answers."""
        if facts.opcode == 0x9:
            return self._answer_of(facts)
        if facts.opcode == 0xA:
            return self._question_of(facts)
        if facts.opcode != 0x8:
            return None
        wanted = bytes(kind | (0 if facts.out else OUT) for kind in (CLOSE, CLOSE | FAULT))
        classes = self._index.frames
        found = [at for at in map(classes.find, (wanted[:1], wanted[1:])) if at >= 0]
        return self.reading.facts(min(found) + 1) if found else None

    def _answer_of(self, ping: FrameFacts) -> FrameFacts | None:
        return self._counterpart(ping, PONG, forward=True)

    def _question_of(self, pong: FrameFacts) -> FrameFacts | None:
        return self._counterpart(pong, PING, forward=False)

    def _counterpart(self, facts: FrameFacts, kind: int, *, forward: bool) -> FrameFacts | None:
        """The nearest frame of ``kind`` from the other side that carries the same bytes (§5.5.3)."""
        wanted = bytes((kind | (0 if facts.out else OUT),))
        own = self._carried(facts)
        at = facts.number - 1
        classes = self._index.frames
        for _ in range(LOOK_FOR_PONG):
            at = classes.find(wanted, at + 1) if forward else classes.rfind(wanted, 0, max(at, 0))
            if at < 0:
                return None
            carried = self._control.get(at + 1)
            if carried is None:
                other = self.reading.facts(at + 1)
                carried = self._carried(other) if other is not None else (-1, b"")
            if carried == own:
                return self.reading.facts(at + 1)
        return None

    def _carried(self, facts: FrameFacts) -> tuple[int, bytes]:
        """How long a ping or pong is, and what it carries: rows next to each other ask for the same ones."""
        found = self._control.get(facts.number)
        if found is None:
            if len(self._control) >= KEPT_CONTROL:
                self._control.clear()
            found = self._control[facts.number] = facts.length, self.reading.payload(facts, 0, 125)
        return found


def _hex_part(data: bytes) -> str:
    return data[:HEX_BYTES].hex(" ") + (" …" if len(data) > HEX_BYTES else "")
