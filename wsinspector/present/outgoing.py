"""What is about to leave: the send bar's text as a frame, its bytes, and what is odd about it."""

import base64
import binascii
import enum
import re
from dataclasses import dataclass

from wsinspector.present.hexlines import read_hex
from wsinspector.present.jsontext import LIMIT, check
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.protocol.closecodes import close_code, describe, may_send
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import BINARY, CLOSE, MAX_CONTROL_PAYLOAD, PING, PONG, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

SHOWN_BYTES = 24


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
    """A frame to send. ``problem``: why it cannot be sent yet; ``warning``: what a peer may object to."""

    opcode: int
    payload: bytes
    problem: str = ""
    warning: str = ""

    def bytes_text(self, *, masked: bool) -> str:
        """The bytes that leave, the masking key as dots since it is drawn when it leaves."""
        head = encode_frame(self.opcode, b"", declared=len(self.payload), key=bytes(4) if masked else None)
        if masked:
            head = head[:-4]
        parts = [head.hex(" ")]
        if masked:
            parts.append("·· ·· ·· ··")
        shown = self.payload[:SHOWN_BYTES].hex(" ")
        if shown:
            parts.append(shown + (" …" if len(self.payload) > SHOWN_BYTES else ""))
        return "  ".join(parts)

    def size_text(self, *, masked: bool) -> str:
        """``2 + 4 + 15 bytes``: header, masking key, payload."""
        head = len(encode_frame(self.opcode, b"", declared=len(self.payload)))
        key = " + 4" if masked else ""
        return translate("Send", "{head}{key} + {count} bytes").format(
            head=head, key=key, count=count(len(self.payload))
        )


def outgoing(kind: SendKind, text: str, *, file: bytes | None = None, code: str = "1000") -> Outgoing:
    """The frame that ``text`` makes. ``file``: the bytes of the file picked; ``code``: of a Close."""
    opcode = OPCODES[kind]
    if kind is SendKind.CLOSE:
        return _close(text, code)
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
        if fault is not None:
            why = translate("Send", "No JSON: {why}. Choose Text to send it as it is.")
            return Outgoing(opcode, payload, why.format(why=visible(fault.text)))
    if kind in (SendKind.PING, SendKind.PONG):
        return Outgoing(opcode, payload, "", _too_long(payload))
    return Outgoing(opcode, payload)


def _too_long(payload: bytes) -> str:
    if len(payload) <= MAX_CONTROL_PAYLOAD:
        return ""
    text = translate("Send", "A control frame carries at most 125 bytes; this has {count} (§5.5).")
    return text.format(count=len(payload))


def _close(reason: str, code: str) -> Outgoing:
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
    warning = _too_long(payload)
    if not may_send(number, Role.CLIENT):
        text = translate(
            "Send", "{code}: must not be sent by a client; a conforming peer answers 1002 (§7.4)."
        )
        warning = text.format(code=describe(number))
    return Outgoing(CLOSE, payload, "", warning)


def offered_codes() -> tuple[tuple[str, str], ...]:
    """``(1000 normal closure, meaning)`` of each code that may be sent, then of those that must not."""
    usual = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3003, 3008, 4000]
    odd = [999, 1004, 1005, 1006, 1015, 1016, 5000]
    return tuple((f"{code} {close_code(code).name}", close_code(code).meaning) for code in (*usual, *odd))
