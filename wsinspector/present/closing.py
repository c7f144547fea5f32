"""What a closing frame says, in each of the forms it had: a code, a mark of the side, any bytes, nothing."""

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.frames import framing_of
from wsinspector.present.plain import preview
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.closecodes import Senders, close_code, describe, must_not_be_set
from wsinspector.protocol.dialects import RFC6455
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts, may_send_in
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

TOO_LARGE = 1004
_MARKS = {b"S": "server", b"C": "client"}


def describe_code(code: int, agreed: Agreed) -> str:
    """``1000 normal closure``; with the meaning that the code had in the dialect."""
    if _too_large(code, agreed):
        return f"{code} " + translate("Close", "too large")
    return describe(code)


def meaning_of(code: int, agreed: Agreed) -> str:
    """A sentence about the code."""
    if _too_large(code, agreed):
        text = translate("Close", "A message was too large. {dialect} has this code, RFC 6455 reserves it.")
        return text.format(dialect=agreed.dialect)
    return close_code(code).meaning


def forbidden_code(snapshot: AttemptSnapshot) -> tuple[int, str] | None:
    """The code in the peer's Close frame and its clause, where it is none for the peer to send (§7.4)."""
    end, dialect = snapshot.end, snapshot.agreed.dialect
    if end is None or end.received_code is None or frame_facts(dialect).close is not CloseStyle.CODES:
        return None
    peer = Role.SERVER if snapshot.role is Role.CLIENT else Role.CLIENT
    if may_send_in(dialect, end.received_code, peer):
        return None
    facts = frame_facts(dialect)
    clause = close_code(end.received_code).reference if dialect == RFC6455 else facts.document
    return end.received_code, clause


def must_not_be_sent(snapshot: AttemptSnapshot) -> bool:
    """Whether the text forbids that code, and does not only give it no meaning."""
    found = forbidden_code(snapshot)
    return found is not None and (snapshot.agreed.dialect != RFC6455 or must_not_be_set(found[0]))


def forbidden_text(snapshot: AttemptSnapshot) -> str:
    """``1006 (abnormal closure), which must not be sent (RFC 6455 §7.4.1)``; empty where none such came."""
    found = forbidden_code(snapshot)
    if found is None:
        return ""
    code, clause = found
    text = translate("Close", "{code} ({name}), which must not be sent ({clause})")
    if not must_not_be_sent(snapshot):
        text = translate("Close", "{code} ({name}), which has no meaning that is defined ({clause})")
        if close_code(code).senders is Senders.CLIENT:
            text = translate("Close", "{code} ({name}), which is a client's ({clause})")
    return text.format(code=code, name=close_code(code).name, clause=clause)


def _too_large(code: int, agreed: Agreed) -> bool:
    return code == TOO_LARGE and TOO_LARGE in frame_facts(agreed.dialect).codes


def code_in(body: bytes, agreed: Agreed) -> int | None:
    """The close code in ``body``; None where it holds none."""
    return framing_of(agreed).close_code(body, agreed=agreed)


def close_text(body: bytes, agreed: Agreed) -> tuple[str, str]:
    """``(text, remark)`` of a closing frame's body: the code and the reason, or what stands there."""
    code = code_in(body, agreed)
    if code is not None:
        reason = preview(body[2:])
        return describe_code(code, agreed), f"“{reason}”" if reason else ""
    style = frame_facts(agreed.dialect).close
    if style is CloseStyle.CODES:
        return body.hex(" ") if body else translate("Close", "no code"), ""
    if style is CloseStyle.MARKER and bytes(body) in _MARKS:
        side = _MARKS[bytes(body)]
        text = translate("Close", "the server's mark") if side == "server" else _clients_mark()
        return body.decode("ascii"), text
    remark = translate("Close", "{dialect} knows no close codes").format(dialect=agreed.dialect)
    if not body:
        return translate("Close", "no code"), remark
    return preview(body), remark


def _clients_mark() -> str:
    return translate("Close", "the client's mark, not confirmed against the draft's text")
