"""Judges one side's frames: a rule for everything the scanner remarks on, and who may send which code."""

from collections.abc import Callable

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.closecodes import Senders, close_code, must_not_be_set
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.framings import Framing
from wsinspector.protocol.opcodes import CLOSE
from wsinspector.protocol.spans import Direction, Role, Span
from wsinspector.translate import translate
from wsinspector.verdicts.examples import frames
from wsinspector.verdicts.finding import Fault, Finding, Passed, Severity, Subject, Verdict
from wsinspector.verdicts.frame_rule_table import TABLE, Entry
from wsinspector.verdicts.rule import MOST_FINDINGS, About, Applies, Bad, FramesCase, Result, Rule, SeenFrame

_OUR_LIMITS = FrameAnomaly.TOO_BIG | FrameAnomaly.INFLATE_LIMIT


def frames_case(
    data: bytes,
    sender: Role,
    agreed: Agreed = NOTHING_AGREED,
    *,
    ended: bool = False,
    max_message: int | None = None,
    inflate_limit: int = LIMIT,
) -> FramesCase:
    """What the rules look at: ``data`` scanned once, in the layout of the dialect agreed on.

    ``ended``: the stream is over behind ``data``, so that a frame of which bytes are missing is cut.
    """
    framing = dialect_called(agreed.dialect).framing
    scanner = framing.scanner(
        Direction.IN, sender, agreed=agreed, max_message=max_message, inflate_limit=inflate_limit
    )
    scanner.feed(data, 0)
    pending = scanner.pending
    if ended:
        scanner.end(0)
    columns = scanner.take()
    seen = [
        SeenFrame(
            offset,
            data[offset : offset + header],
            length,
            anomalies,
            _close_body(data, offset, header, length, first, framing, sender, agreed),
        )
        for offset, header, length, first, anomalies in zip(
            columns.offset, columns.header, columns.length, columns.first, columns.anomalies, strict=True
        )
        if anomalies or first & 0x0F == CLOSE
    ]
    if pending is not None and not ended:
        seen.append(SeenFrame(pending.offset, pending.header, pending.length, int(pending.anomalies)))
    return FramesCase(data, sender, agreed, tuple(seen))


def _close_body(
    data: bytes,
    offset: int,
    header: int,
    length: int,
    first: int,
    framing: Framing,
    sender: Role,
    agreed: Agreed,
) -> bytes | None:
    if first & 0x0F != CLOSE:
        return None
    start = offset + header
    payload = data[start : start + min(length, 125)]
    return framing.unmask(data[offset:start], payload, 0, sender=sender, agreed=agreed)


def judge_frames(
    data: bytes,
    sender: Role,
    agreed: Agreed = NOTHING_AGREED,
    *,
    ended: bool = False,
    max_message: int | None = None,
    inflate_limit: int = LIMIT,
) -> Verdict:
    """The rules on frames for all the bytes ``sender`` sent behind the handshake; never raises on them.

    Arguments as of :func:`frames_case`.
    """
    case = frames_case(
        data, sender, agreed, ended=ended, max_message=max_message, inflate_limit=inflate_limit
    )
    findings: list[Finding] = []
    passed: list[Passed] = []
    for rule in FRAME_RULES:
        bad, good = rule.judge(case)
        findings += bad
        passed += good
    return Verdict.of(findings, passed)


def rule_name(code: FrameAnomaly) -> str:
    """The id of the rule for one anomaly, such as ``reserved-opcode``."""
    return (code.name or "").lower().replace("_", "-")


def severity_of(code: FrameAnomaly, agreed: Agreed = NOTHING_AGREED, sent: int | None = None) -> Severity:
    """BREAKS where an endpoint of the dialect must fail the connection; our own limits are a NOTE.

    ``sent``: the close code in the frame, where it is known. No text asks a receiver to fail the connection
    over a code, and only three of them are forbidden.
    """
    facts = frame_facts(agreed.dialect)
    if code & _OUR_LIMITS:
        return Severity.NOTE
    if code & FrameAnomaly.CLOSE_CODE_FORBIDDEN:
        forbidden = sent is None or must_not_be_set(sent)
        return Severity.VIOLATES if forbidden else Severity.UNUSUAL
    if code & facts.faults:
        return Severity.BREAKS
    return Severity.VIOLATES if code & FrameAnomaly.AFTER_CLOSE else Severity.UNUSUAL


def _check(entry: Entry) -> Callable[[FramesCase], Result]:
    bit = int(entry.code)  # a flag takes half a microsecond to combine

    def check(case: FramesCase) -> Result:
        found = [frame for frame in case.frames if frame.anomalies & bit]
        if not found:
            return
        if entry.code is FrameAnomaly.CLOSE_CODE_FORBIDDEN:  # the weightiest first
            found.sort(key=lambda frame: not must_not_be_set(_code_of(frame, case) or 0))
        told = [_told(frame, entry.code, case) for frame in found[:MOST_FINDINGS]]
        text, clause = told[0][0], told[0][2]
        if entry.code is FrameAnomaly.CLOSE_CODE_FORBIDDEN:
            text = _code_text(found[0], case) or text
        if len(found) > 1:
            text = translate("Rules", "{0} ({1} frames).").format(text.rstrip("."), len(found))
        yield Bad(
            text,
            tuple(Subject("frames", span) for _, span, _ in told),
            severity_of(entry.code, case.agreed, _code_of(found[0], case)),
            Fault.NOBODY if entry.code & _OUR_LIMITS else _side(entry, case.sender),
            clause,
        )

    return check


def _side(entry: Entry, sender: Role) -> Fault:
    # A stream that ends inside a frame may have been cut by anything on the way.
    if entry.code is FrameAnomaly.TRUNCATED:
        return Fault.EITHER
    return Fault.CLIENT if sender is Role.CLIENT else Fault.SERVER


def _told(frame: SeenFrame, code: FrameAnomaly, case: FramesCase) -> tuple[str, Span, str]:
    """The sentence of the frame's explanation, its bytes in the stream, and its clause."""
    framing = dialect_called(case.agreed.dialect).framing
    detail = framing.explain(
        frame.header, sender=case.sender, agreed=case.agreed, anomalies=code, length=frame.length
    )
    end = len(case.data)
    for anomaly in detail.anomalies:
        span = anomaly.span.shifted(frame.offset)
        return anomaly.text, Span(min(span.start, end), min(span.end, end)), anomaly.clause
    return translate("Rules", _BY_CODE[code].what), Span(frame.offset, end), ""


def _code_of(frame: SeenFrame, case: FramesCase) -> int | None:
    if frame.close_body is None or frame_facts(case.agreed.dialect).close is not CloseStyle.CODES:
        return None
    return int.from_bytes(frame.close_body[:2], "big") if len(frame.close_body) > 1 else None


def _code_text(frame: SeenFrame, case: FramesCase) -> str:
    """What is wrong with the very code that was sent, as the registry of today has it."""
    code = _code_of(frame, case)
    if code is None or case.agreed.dialect != "rfc6455":
        return ""
    entry = close_code(code)
    match entry.senders:
        case Senders.LOCAL:
            return f"Close code {code} ({entry.name}) is for local use, and is never sent."
        case Senders.CLIENT:
            return f"Close code {code} ({entry.name}) is a client's, and a server sent it."
    return f"Close code {code} ({entry.name}) has no meaning that is defined."


def _server_codes(case: FramesCase) -> Result:
    if case.sender is not Role.CLIENT or case.agreed.dialect != "rfc6455":
        return
    for frame in case.frames:
        code = _code_of(frame, case)
        if code is not None and close_code(code).senders is Senders.SERVER:
            start = frame.offset + len(frame.header)
            text = translate("Rules", "A client sent close code {0} ({1}), which speaks of a server.").format(
                code, close_code(code).name
            )
            yield Bad(text, (Subject("frames", Span(start, start + 2)),))


def _rule(entry: Entry) -> Rule[FramesCase]:
    return Rule(
        rule_name(entry.code),
        entry.clause,
        Applies.ALWAYS,
        entry.why,
        _check(entry),
        what=entry.what,
        passing=entry.passing,
        failing=entry.failing,
        severity=severity_of(entry.code, entry.failing.agreed),
        fault=Fault.NOBODY if entry.code & _OUR_LIMITS else _side(entry, entry.failing.sender),
        about=About.FRAMES,
    )


_BY_CODE = {entry.code: entry for entry in TABLE}

FRAME_RULES: tuple[Rule[FramesCase], ...] = (
    *(_rule(entry) for entry in TABLE),
    Rule(
        "close-code-of-servers",
        "IANA registry",
        Applies.ALWAYS,
        "The registry words 1012, 1013 and 1014 for a server that restarts, is overloaded or stands before "
        "another. No text forbids a client to send them.",
        _server_codes,
        what="A client does not send the close codes 1012, 1013 and 1014.",
        passing=frames("88 82 37 fa 21 3d 34 12", Role.CLIENT),
        failing=frames("88 82 37 fa 21 3d 34 0e", Role.CLIENT),
        severity=Severity.NOTE,
        fault=Fault.CLIENT,
        about=About.FRAMES,
    ),
)
"""Every rule on frames, in the order of a frame's fields."""
