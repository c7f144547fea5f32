"""What each dialect holds of frames: which rules it had, how it closes, what its documents are called.

Rules come from the change notes between the drafts and from implementations. Where neither says that
a draft had a rule, breaking it is no fault there: it is noted, or not mentioned at all.
"""

import enum
from dataclasses import dataclass

from wsinspector.protocol.anomalies import FAILING, FrameAnomaly
from wsinspector.protocol.closecodes import may_send
from wsinspector.protocol.spans import Role

_HIXIE = "draft-hixie-thewebsocketprotocol-{}"
_HYBI = "draft-ietf-hybi-thewebsocketprotocol-{}"


class CloseStyle(enum.Enum):
    """What a closing frame holds."""

    NONE = "there is no closing frame"
    EMPTY = "two fixed bytes"
    FREE = "any body, given back as it came"
    MARKER = "one byte that tells the side"
    CODES = "a code and a reason"


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """One dialect. ``document``: as its clauses are cited. ``framing``: the family's name.

    ``faults``: what a conforming endpoint fails the connection for. ``noted``: told, and no more.
    Every other anomaly does not exist in the dialect. ``codes``: close codes below 2000 that may be
    sent. ``bad_payload``, ``too_big``: the codes to fail with. ``source``: what the row rests on.
    """

    document: str
    framing: str
    faults: FrameAnomaly
    noted: FrameAnomaly
    close: CloseStyle
    codes: frozenset[int] = frozenset()
    bad_payload: int = 1002
    too_big: int = 1004
    source: str = ""

    @property
    def said(self) -> FrameAnomaly:
        """The anomalies that exist in the dialect."""
        return self.faults | self.noted


_A = FrameAnomaly
_RSV = _A.RSV1 | _A.RSV2 | _A.RSV3
_LIMITS = _A.LENGTH_TOP_BIT | _A.TOO_BIG
"""No end of such a frame can be waited for, whatever a draft says."""
_OF_ALL = _A.AFTER_CLOSE | _A.TRUNCATED | _A.INFLATE_LIMIT
_ORDER = _A.RESERVED_OPCODE | _A.STRAY_CONTINUATION | _A.INTERLEAVED_DATA
_CONTROL = _A.CONTROL_TOO_LONG | _A.CONTROL_FRAGMENTED
_CLOSE = _A.CLOSE_BODY_ONE_BYTE | _A.CLOSE_CODE_FORBIDDEN | _A.CLOSE_REASON_NOT_UTF8
_KEYS = _A.ZERO_MASKING_KEY | _A.REPEATED_MASKING_KEY
_MORE_NOTED = _OF_ALL | _ORDER | _RSV | _A.RSV4 | _A.CONTROL_FRAGMENTED | _A.BAD_UTF8
_FIRST_CODES = frozenset({1000, 1001, 1002, 1003, 1004})


def _hixie(number: int, close: CloseStyle, source: str) -> FrameFacts:
    noted = _OF_ALL | _A.RESERVED_OPCODE | _A.BAD_UTF8
    if close is CloseStyle.NONE:
        noted &= ~_A.AFTER_CLOSE
    return FrameFacts(_HIXIE.format(number), "sentinel", _LIMITS, noted, close, source=source)


def _more(number: str, source: str) -> FrameFacts:
    return FrameFacts(_HYBI.format(number), "more", _LIMITS, _MORE_NOTED, CloseStyle.FREE, source=source)


def _whole(number: str, close: CloseStyle, more: FrameAnomaly, source: str) -> FrameFacts:
    return FrameFacts(
        _HYBI.format(number),
        "whole",
        _LIMITS | _A.INFLATE_FAILED,
        _MORE_NOTED | more,
        close,
        _FIRST_CODES if close is CloseStyle.CODES else frozenset(),
        source=source,
    )


_LOCAL = frozenset({1005, 1006})
_WITHOUT_LOCAL = frozenset({"hybi-06", "hybi-07"})

FRAME_FACTS: dict[str, FrameFacts] = {
    "hixie-75": _hixie(
        75, CloseStyle.NONE, "implementations: nothing but text is delivered, there is no closing frame"
    ),
    "hixie-76": _hixie(76, CloseStyle.EMPTY, "implementations: FF 00 closes and is answered by FF 00"),
    "hybi-01": _more("01", "not confirmed: implementations disagree whether 01 has these frames at all"),
    "hybi-02": _more("02", "implementations treat 01 to 03 alike"),
    "hybi-03": _more("03", "the examples of draft 03"),
    "hybi-04": _whole("04", CloseStyle.FREE, _A.REPEATED_MASKING_KEY, "the examples of draft 04"),
    "hybi-05": _whole("05", CloseStyle.MARKER, _KEYS | _A.CLOSE_MARKER, "implementations"),
    "hybi-06": _whole("06", CloseStyle.CODES, _KEYS | _CLOSE, "implementations; codes from change notes"),
    "hybi-07": FrameFacts(
        _HYBI.format("07"),
        "rfc6455",
        _LIMITS | _A.INFLATE_FAILED | _ORDER | _CONTROL,
        _OF_ALL | _RSV | _A.UNMASKED | _A.MASKED | _KEYS | _CLOSE | _A.BAD_UTF8,
        CloseStyle.CODES,
        _FIRST_CODES,
        source="change notes: RSV bits fail from 09 on, bad UTF-8 from 10 on",
    ),
    "hybi-08": FrameFacts(
        _HYBI.format("08"),
        "rfc6455",
        _LIMITS | _A.INFLATE_FAILED | _ORDER | _CONTROL | _A.UNMASKED,
        _OF_ALL | _RSV | _A.MASKED | _KEYS | _CLOSE | _A.BAD_UTF8,
        CloseStyle.CODES,
        _FIRST_CODES | {1007},
        source="stands for 08 to 10, so that nothing fails which 08 allowed; 1007 since 10",
    ),
    "hybi-11": FrameFacts(
        _HYBI.format("11"),
        "rfc6455",
        _LIMITS
        | _A.INFLATE_FAILED
        | _ORDER
        | _CONTROL
        | _A.UNMASKED
        | _RSV
        | _A.BAD_UTF8
        | _A.CLOSE_REASON_NOT_UTF8,
        _OF_ALL | _A.MASKED | _KEYS | _A.CLOSE_BODY_ONE_BYTE | _A.CLOSE_CODE_FORBIDDEN,
        CloseStyle.CODES,
        _FIRST_CODES | {1007},
        bad_payload=1007,
        source="change notes: 09 and 10 brought the failing rules, 14 the minimal length",
    ),
    "rfc6455": FrameFacts(
        "RFC 6455",
        "rfc6455",
        FAILING,
        _OF_ALL | _KEYS,
        CloseStyle.CODES,
        bad_payload=1007,
        too_big=1009,
        source="RFC 6455",
    ),
}
"""By the dialect's name, oldest first."""


def frame_facts(dialect: str) -> FrameFacts:
    """The row of ``dialect``; a name that is none counts as RFC 6455."""
    return FRAME_FACTS.get(dialect, FRAME_FACTS["rfc6455"])


def reported_code(dialect: str, code: int | None) -> int | None:
    """``code`` of an end, None where the dialect has no such code to report.

    The local ones, 1005 and 1006, are hybi-08's first.
    """
    if code is None or frame_facts(dialect).close is not CloseStyle.CODES:
        return None
    return None if code in _LOCAL and dialect in _WITHOUT_LOCAL else code


def may_send_in(dialect: str, code: int, role: Role) -> bool:
    """Whether an endpoint in ``role`` may put ``code`` into a Close frame in ``dialect``."""
    facts = frame_facts(dialect)
    if facts.close is not CloseStyle.CODES:
        return False
    if not facts.codes:
        return may_send(code, role)
    # The ranges from 2000 on were named by the drafts too, but their borders moved.
    return code in facts.codes or 2000 <= code <= 4999
