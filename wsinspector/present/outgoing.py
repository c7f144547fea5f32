"""What is about to leave: the send bar's text as a frame, its bytes, and what is odd about it."""

import base64
import binascii
import enum
import re
from dataclasses import dataclass, replace

from wsinspector.present.closing import describe_code, meaning_of
from wsinspector.present.frames import framing_of
from wsinspector.present.hexlines import read_hex
from wsinspector.present.jsontext import LIMIT, check
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.closecodes import Senders, close_code, must_not_be_set
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts, may_send_in
from wsinspector.protocol.framings import Abilities
from wsinspector.protocol.opcodes import BINARY, CLOSE, MAX_CONTROL_PAYLOAD, PING, PONG, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

SHOWN_BYTES = 24
KEY_BYTES = 4


class SendKind(enum.Enum):
    """What the send bar's text is taken for."""

    TEXT = "text"
    JSON = "json"
    HEX = "hex"
    BASE64 = "base64"
    FILE = "file"
    PING = "ping"
    PONG = "pong"
    CLOSE = "close"


OPCODES = {
    SendKind.TEXT: TEXT,
    SendKind.JSON: TEXT,
    SendKind.HEX: BINARY,
    SendKind.BASE64: BINARY,
    SendKind.FILE: BINARY,
    SendKind.PING: PING,
    SendKind.PONG: PONG,
    SendKind.CLOSE: CLOSE,
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A frame to send. ``problem``: why it cannot be sent yet; ``warning``: what a peer may object to.

    ``agreed``: the dialect it is written in. ``sender``: our role.
    """

    opcode: int
    payload: bytes
    problem: str = ""
    warning: str = ""
    agreed: Agreed = NOTHING_AGREED
    sender: Role = Role.CLIENT

    def bytes_text(self, *, masked: bool) -> str:
        """The bytes that leave, the masking key as dots since it is drawn when it leaves.

        What the key is XORed with stands as it is before.
        """
        before, head, key, after = self._around(masked)
        parts = ["·· ·· ·· ··"] if before else []
        parts.append(head.hex(" "))
        if key:
            parts.append("·· ·· ·· ··")
        shown = self.payload[:SHOWN_BYTES].hex(" ")
        if shown:
            parts.append(shown + (" …" if len(self.payload) > SHOWN_BYTES else ""))
        if after:
            parts.append(after.hex(" "))
        return "  ".join(part for part in parts if part)

    def size_text(self, *, masked: bool) -> str:
        """``2 + 4 + 15 bytes``: header, masking key, payload; in the order in which they travel."""
        before, head, key, after = self._around(masked)
        sizes = [before, len(head), key]
        parts = [str(size) for size in sizes if size] + [count(len(self.payload))]
        if after:
            parts.append(str(len(after)))
        return translate("Send", "{parts} bytes").format(parts=" + ".join(parts))

    def _around(self, masked: bool) -> tuple[int, bytes, int, bytes]:
        """Bytes of key before the header; the header; bytes of key after it; what follows the payload."""
        framing = framing_of(self.agreed)
        masked = masked and framing.abilities(self.agreed).masked and self.sender is Role.CLIENT
        whole = framing.name == "whole"
        sentinel = framing.name == "sentinel"
        ended = sentinel and self.opcode == TEXT
        try:
            head = framing.encode(
                self.opcode,
                b"",
                sender=self.sender,
                agreed=self.agreed,
                key=bytes(KEY_BYTES) if masked and not whole else None,
                # A frame that ends with a byte tells no length, and this spares copying a large payload.
                declared=None if ended or (sentinel and self.opcode == CLOSE) else len(self.payload),
            )
        except ValueError:
            return 0, b"", 0, b""
        if ended:
            return 0, head[:1], 0, head[1:]
        if not masked:
            return 0, head, 0, b""
        return (KEY_BYTES, head, 0, b"") if whole else (0, head[:-KEY_BYTES], KEY_BYTES, b"")


def outgoing(
    kind: SendKind,
    text: str,
    *,
    file: bytes | None = None,
    code: str = "1000",
    agreed: Agreed = NOTHING_AGREED,
    role: Role = Role.CLIENT,
) -> Outgoing:
    """The frame that ``text`` makes. ``file``: the bytes of the file picked; ``code``: of a Close.

    ``agreed``: what is spoken. ``role``: ours.
    """
    abilities = framing_of(agreed).abilities(agreed)
    lacking = _lacking(kind, abilities, agreed.dialect)
    if lacking:
        return Outgoing(OPCODES[kind], b"", lacking, "", agreed, role)
    made = _made(kind, text, file, agreed) if kind is not SendKind.CLOSE else _close(text, code, agreed, role)
    warning = made.warning
    if made.opcode == BINARY and not abilities.binary and not made.problem:
        said = translate("Send", "{dialect} has no binary messages: a receiver skips these bytes.")
        warning = warning or said.format(dialect=agreed.dialect)
    return replace(made, warning=warning, agreed=agreed, sender=role)


def _lacking(kind: SendKind, abilities: Abilities, dialect: str) -> str:
    if kind in (SendKind.PING, SendKind.PONG) and not abilities.ping:
        return translate("Send", "{dialect} has no ping and no pong.").format(dialect=dialect)
    if kind is SendKind.CLOSE and not abilities.close:
        text = translate("Send", "{dialect} has no closing frame. End the TCP connection instead.")
        return text.format(dialect=dialect)
    return ""


def _made(kind: SendKind, text: str, file: bytes | None, agreed: Agreed) -> Outgoing:
    opcode = OPCODES[kind]
    if kind is SendKind.HEX:
        data = read_hex(text)
        if data is None:
            return Outgoing(
                opcode, b"", translate("Send", "Not hex: two digits a byte, blanks between them.")
            )
        return Outgoing(opcode, data)
    if kind is SendKind.BASE64:
        try:
            return Outgoing(opcode, base64.b64decode(re.sub(r"\s+", "", text), validate=True))
        except (binascii.Error, ValueError) as error:
            return Outgoing(opcode, b"", translate("Send", "Not base64: {why}.").format(why=error))
    if kind is SendKind.FILE:
        if file is None:
            return Outgoing(opcode, b"", translate("Send", "Choose a file first."))
        return Outgoing(opcode, file)
    try:
        payload = text.encode()
    except UnicodeEncodeError:
        return Outgoing(opcode, b"", translate("Send", "Half a surrogate pair: it has no UTF-8."))
    if kind is SendKind.JSON:
        if len(payload) > LIMIT:
            return Outgoing(opcode, payload, "", translate("Send", "Over 1 MiB: sent without a check."))
        fault = check(text)
        if fault is not None and not fault.checked:
            return Outgoing(
                opcode, payload, "", translate("Send", "Nested too deeply: sent without a check.")
            )
        if fault is not None:
            why = translate("Send", "No JSON: {why}. Choose Text to send it as it is.")
            return Outgoing(opcode, payload, why.format(why=visible(fault.text)))
    if kind in (SendKind.PING, SendKind.PONG):
        return Outgoing(opcode, payload, "", _too_long(payload, agreed))
    return Outgoing(opcode, payload)


def _too_long(payload: bytes, agreed: Agreed) -> str:
    limited = frame_facts(agreed.dialect).said & FrameAnomaly.CONTROL_TOO_LONG
    if len(payload) <= MAX_CONTROL_PAYLOAD or not limited:
        return ""
    text = translate("Send", "A control frame carries at most 125 bytes; this has {count} (§5.5).")
    return text.format(count=len(payload))


def _close(reason: str, code: str, agreed: Agreed, role: Role) -> Outgoing:
    style = frame_facts(agreed.dialect).close
    if style is not CloseStyle.CODES:
        return _close_without_code(reason, style, agreed, role)
    match = re.match(r"\s*(\d+)", code)
    if match is None:
        if code.strip() and not code.startswith("("):
            return Outgoing(CLOSE, b"", translate("Send", "A close code is a number, or nothing at all."))
        if reason:
            return Outgoing(CLOSE, b"", translate("Send", "A reason needs a code before it (§5.5.1)."))
        return Outgoing(CLOSE, b"")
    number = int(match.group(1))
    if number > 0xFFFF:
        return Outgoing(CLOSE, b"", translate("Send", "A close code has two bytes: at most 65535."))
    payload = number.to_bytes(2, "big") + reason.encode("utf-8", "surrogatepass")
    warnings = [_reason_too_long(payload, agreed)]
    if not may_send_in(agreed.dialect, number, role):
        warnings.append(_forbidden(number, agreed))
    return Outgoing(CLOSE, payload, "", " ".join(each for each in warnings if each))


def _reason_too_long(payload: bytes, agreed: Agreed) -> str:
    if not _too_long(payload, agreed):
        return ""
    text = translate(
        "Send",
        "The reason is {count} bytes of UTF-8: a Close frame has room for {room} beside its code (§5.5). "
        "It leaves whole; a strict peer answers 1002.",
    )
    return text.format(count=count(len(payload) - 2), room=MAX_CONTROL_PAYLOAD - 2)


def _forbidden(code: int, agreed: Agreed) -> str:
    if agreed.dialect != NOTHING_AGREED.dialect:
        text = translate("Send", "{code}: {dialect} does not have this code.")
    elif must_not_be_set(code):
        text = translate("Send", "{code}: must not be sent (§7.4.1); a strict peer answers 1002.")
    elif close_code(code).senders is Senders.CLIENT:
        text = translate("Send", "{code}: a client's, and not used by a server (§7.4.1).")
    else:
        text = translate("Send", "{code}: has no meaning that is defined (§7.4); a strict peer answers 1002.")
    return text.format(code=describe_code(code, agreed), dialect=agreed.dialect)


def _close_without_code(reason: str, style: CloseStyle, agreed: Agreed, role: Role) -> Outgoing:
    """A closing frame of the dialects before codes: a mark, nothing, or whatever body is given."""
    if style is CloseStyle.FREE:
        body = reason.encode("utf-8", "surrogatepass")
        said = translate("Send", "{dialect} knows no close codes: what is typed is the whole body.")
        return Outgoing(CLOSE, body, "", said.format(dialect=agreed.dialect) if body else "")
    body = framing_of(agreed).close_body(None, "", sender=role, agreed=agreed)
    said = translate("Send", "A closing frame of {dialect} holds no reason; it leaves without.")
    return Outgoing(CLOSE, body, "", said.format(dialect=agreed.dialect) if reason else "")


def offered_codes(agreed: Agreed = NOTHING_AGREED) -> tuple[tuple[str, str], ...]:
    """``(1000 normal closure, meaning)`` of each code that may be sent, then of those that must not.

    Empty where the dialect has no codes.
    """
    facts = frame_facts(agreed.dialect)
    if facts.close is not CloseStyle.CODES:
        return ()
    usual = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3003, 3008, 4000]
    odd = [999, 1004, 1005, 1006, 1015, 1016, 5000]
    if facts.codes:
        usual = [*sorted(facts.codes), 3000, 4000]
        odd = [code for code in (999, 1004, 1005, 1006, 1007, 1008, 1009, 5000) if code not in facts.codes]
    return tuple(
        (describe_code(code, agreed) if code in facts.codes else _named(code), meaning_of(code, agreed))
        for code in (*usual, *odd)
    )


def _named(code: int) -> str:
    return f"{code} {close_code(code).name}"
