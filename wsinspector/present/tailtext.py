"""The rows after the last frame: what is still arriving, what came after a stop, and the end."""

from wsinspector.conversation.snapshot import EndedBy, EndKind, PendingView
from wsinspector.present.closing import describe_code, forbidden_code, must_not_be_sent
from wsinspector.present.frames import FrameFacts
from wsinspector.present.numbers import count, duration
from wsinspector.present.plain import preview
from wsinspector.present.rowlabels import Label, anomaly_labels
from wsinspector.present.rowtext import HEX_BYTES, PREVIEW, RowCells, RowKind, RowTexts, size_column
from wsinspector.present.typenames import type_name
from wsinspector.protocol.closecodes import Senders, close_code
from wsinspector.protocol.columns import FLAG_OUT, FLAG_SENTINEL
from wsinspector.protocol.dialects import RFC6455
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts, reported_code
from wsinspector.translate import translate

LAST_SILENCE_S = 5.0
"""From here on the silence before the end has a line of its own: it may be why it ended."""


class TailTexts:
    """Makes :class:`RowCells` for those rows, with the times and bytes of ``texts``."""

    def __init__(self, texts: RowTexts) -> None:
        self._texts = texts
        self._reading = texts.reading

    def pending(self, view: PendingView) -> RowCells:
        """A frame that is still arriving or leaving."""
        unbounded = view.length >> 63 or view.flags & FLAG_SENTINEL
        if not view.header:
            remark = translate("Log", "%n byte(s) of a header so far", "", view.have)
        elif unbounded:
            remark = translate("Log", "%n byte(s) so far", "", view.have)
        else:
            remark = translate("Log", "{have} of %n byte(s) so far", "", view.length)
        remark = remark.format(have=count(view.have))
        data = b""
        facts = self.pending_facts(view)
        opcode = view.first & 0x0F
        text = ""
        if view.header and view.have:
            data = self._reading.payload(facts, 0, min(view.have, PREVIEW))
            if opcode == 0x1 and not view.first & 0x40:
                text = preview(data)
            else:
                text = data[:HEX_BYTES].hex(" ") + (" …" if view.have > HEX_BYTES else "")
        known = bool(view.header) and not view.flags & FLAG_SENTINEL
        return RowCells(
            RowKind.PENDING,
            "",
            self._texts.time_text(view.began_at, self._texts.since(None)),
            view.outgoing,
            type_name(self._reading, facts),
            "muted",
            size_column(view.length) if known else "",
            (
                Label(translate("Log", "leaving") if view.outgoing else translate("Log", "arriving")),
                *anomaly_labels(view.anomalies, self._reading.agreed.dialect),
            ),
            text,
            remark,
            settled=False,
        )

    def pending_facts(self, view: PendingView) -> FrameFacts:
        """The columns of a frame that has no number yet, as far as they are known."""
        # A frame that ends with a byte is as long as what came of it; its last byte is not there yet.
        length = view.have if view.flags & FLAG_SENTINEL else view.length
        flags = view.flags & ~(FLAG_OUT | FLAG_SENTINEL) | (FLAG_OUT if view.outgoing else 0)
        return FrameFacts(
            0, view.offset, view.header, length, view.first, flags, view.began_at, 0, view.anomalies
        )

    def end(self) -> RowCells:
        """The last row: who ended it, and how."""
        snapshot = self._texts.snapshot
        end = snapshot.end if snapshot is not None else None
        if snapshot is None or end is None:
            return RowCells(RowKind.END)
        text = self._how(end.kind, end.by, end.sent_code, end.received_code, end.text)
        parts = []
        if snapshot.opened_at is not None:
            lasted = duration(end.age)
            parts.append(translate("Log", "open for {age}").format(age=lasted))
            if 1 <= end.silence < LAST_SILENCE_S:
                silence = translate("Log", "the last {time} without a byte")
                parts.append(silence.format(time=duration(end.silence)))
        if forbidden := forbidden_code(snapshot):
            told = translate("Log", "a code with no meaning that is defined")
            if close_code(forbidden[0]).senders is Senders.CLIENT:
                told = translate("Log", "a code of clients")
            if must_not_be_sent(snapshot):
                told = translate("Log", "a code that must not be sent")
            parts.insert(0, told)
        dialect = self._reading.agreed.dialect
        code = reported_code(dialect, end.code)
        if code is not None and not end.clean:
            parts.append(translate("Log", "reported as {code}").format(code=code))
        remark = ", ".join(parts)
        if code is not None and not end.clean and dialect == RFC6455:
            remark += " · §7.1.5"
        return RowCells(
            RowKind.END,
            "",
            self._texts.time_text(end.at, self._texts.since(snapshot.last_byte_at)),
            {EndedBy.PEER: False, EndedBy.US: True}.get(end.by) if end.kept else None,
            translate("Log", "End"),
            "fault" if must_not_be_sent(snapshot) else "text" if end.clean and not forbidden else "note",
            "",
            (),
            text,
            remark,
        )

    def _how(self, kind: EndKind, by: EndedBy, sent: int | None, received: int | None, text: str) -> str:
        peer = by is EndedBy.PEER
        if kind is EndKind.CLOSE_FRAME:
            first = received if peer else sent
            code = (
                describe_code(first, self._reading.agreed)
                if first is not None
                else translate("Log", "no code")
            )
            who = translate("Log", "closed by the peer") if peer else translate("Log", "closed by us")
            return f"{who}, {code}"
        none = translate("Log", "no Close frame")
        dialect = self._reading.agreed.dialect
        if frame_facts(dialect).close is CloseStyle.NONE:
            none = translate("Log", "{dialect} has no closing frame").format(dialect=dialect)
        if received is not None or sent is not None:
            none = translate("Log", "the closing handshake was not completed")
        match kind:
            case EndKind.FIN:
                who = (
                    translate("Log", "TCP FIN from the peer") if peer else translate("Log", "TCP FIN from us")
                )
            case EndKind.RST:
                who = (
                    translate("Log", "TCP RST from the peer") if peer else translate("Log", "TCP RST from us")
                )
            case EndKind.CANCELLED:
                return text or translate("Log", "cancelled here")
            case EndKind.TIMEOUT:
                return text or translate("Log", "time-out")
            case EndKind.RESPONSE_DONE:
                return text or translate("Log", "the answer was read to its end")
            case EndKind.FAILED:
                if by is EndedBy.US and sent is not None:
                    failed = translate("Log", "failed by us with {code}").format(
                        code=describe_code(sent, self._reading.agreed)
                    )
                    return f"{failed}: {text}" if text else failed
                return text or translate("Log", "failed here")
        return f"{who}, {none}"
