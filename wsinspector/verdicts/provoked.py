"""What a server did about a provocation, and whether any clause says that it had to do something else.

Nobody is accused of what the standard leaves open: who fails a connection may end TCP without a Close
(RFC 6455 §7.1.7), may say another code, and may close for reasons of its own (§7.1.1).
"""

import enum
from dataclasses import dataclass

from wsinspector.protocol.closecodes import may_send
from wsinspector.protocol.provocations import Demand, Provocation, Then
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate


class Result(enum.Enum):
    """The verdict; the value is its word in files."""

    AS_REQUIRED = "as required"
    ALLOWED = "allowed"
    WRONG = "not what the RFC requires"
    CRASHED = "crashed"
    UNDECIDED = "undecided"
    UNFIT = "does not apply"


class Did(enum.Enum):
    """What was seen of the server; the value is its word in files."""

    CLOSED = "closed"
    DROPPED = "dropped"
    RESET = "reset"
    WENT_ON = "went on"
    WAITED = "waited"
    SILENT = "silent"
    NO_HANDSHAKE = "no handshake"
    NOT_SENT = "not sent"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Observed:
    """One provocation as it went.

    ``opened``: the handshake was completed; ``trouble`` says why not, or why nothing was sent. ``unfit``:
    what it needs was not agreed. ``closed``: a Close came, with ``code`` (None for an empty body) and
    ``reason``. ``ended``: "fin", "rst" or "" by the server without or behind a Close. ``probes``: Pongs to
    the Pings sent behind it. ``pongs``: payloads of other Pongs, the first few. ``messages``: whole
    messages that came. ``seconds``: from the last byte sent to the end of the looking. ``alive``: whether
    a new connection opened afterwards, None where that was not asked. ``beside``: ids that ran then.
    ``hint``: what came that is no frame.
    """

    opened: bool = True
    trouble: str = ""
    unfit: str = ""
    closed: bool = False
    code: int | None = None
    reason: str = ""
    ended: str = ""
    probes: int = 0
    pongs: tuple[bytes, ...] = ()
    messages: int = 0
    seconds: float = 0.0
    alive: bool | None = None
    beside: tuple[str, ...] = ()
    hint: str = ""
    sent: bool = True

    @property
    def crash_like(self) -> bool:
        """Whether it is worth a new connection, to see whether the server lives."""
        quiet = not self.closed and not self.probes
        return not self.unfit and (quiet or (self.closed and self.code == _INTERNAL))


@dataclass(frozen=True, slots=True)
class Provoked:
    """``short``: for a table's cell; ``text``: sentences; ``clause``: what was not met, else the demand's."""

    result: Result
    did: Did
    short: str
    text: str
    clause: str


_INTERNAL = 1011
_NEVER = (1005, 1006, 1015)
_BLAMES = (1002, 1007)
_P = "Provoked"


def judged(provocation: Provocation, seen: Observed) -> Provoked:
    """The verdict on what was seen."""
    did, short, what = _seen(provocation, seen)
    result, why, clause = _result(provocation, seen, did)
    text = " ".join(part for part in (what, why, seen.hint) if part)
    return Provoked(result, did, short, text, clause or provocation.clause)


def _seen(provocation: Provocation, seen: Observed) -> tuple[Did, str, str]:
    """What happened: the kind, a few words, a sentence."""
    if seen.unfit:
        short = translate(_P, "not agreed") if provocation.needs_deflate else translate(_P, "not sent")
        return Did.NOT_SENT, short, seen.unfit
    if seen.alive is False and not seen.beside:
        return Did.CRASHED, translate(_P, "crashed"), translate(_P, "No new connection opened afterwards.")
    if not seen.opened:
        return Did.NO_HANDSHAKE, translate(_P, "no handshake"), seen.trouble
    if not seen.sent:
        return Did.NOT_SENT, translate(_P, "not sent"), seen.trouble
    if seen.closed:
        if seen.code is None:
            return Did.CLOSED, translate(_P, "closed, no code"), translate(_P, "Closed without a code.")
        code = str(seen.code)
        text = translate(_P, "Closed with {code}.").format(code=code)
        if seen.reason:
            text = translate(_P, "Closed with {code}: “{reason}”.").format(code=code, reason=seen.reason)
        return Did.CLOSED, translate(_P, "closed {code}").format(code=code), text
    if seen.ended and provocation.then is not Then.RESET:
        reset = seen.ended == "rst"
        short = translate(_P, "reset") if reset else translate(_P, "dropped")
        text = (
            translate(_P, "Reset TCP without a Close frame.")
            if reset
            else translate(_P, "Ended TCP without a Close frame.")
        )
        return Did.RESET if reset else Did.DROPPED, short, text
    if seen.probes:
        text = translate(_P, "Went on, and answered the Ping behind it.")
        return Did.WENT_ON, translate(_P, "went on"), text
    if provocation.then is Then.RESET:
        return Did.WAITED, translate(_P, "was reset"), translate(_P, "We reset TCP.")
    if provocation.then is Then.PROBE:
        text = translate(_P, "Neither an answer nor an end in {0:.2g} s.").format(seen.seconds)
        return Did.SILENT, translate(_P, "silent"), text
    text = translate(_P, "Nothing came in {0:.2g} s; the connection stayed open.").format(seen.seconds)
    return Did.WAITED, translate(_P, "waited"), text


def _result(provocation: Provocation, seen: Observed, did: Did) -> tuple[Result, str, str]:
    """The verdict, why, and the clause where it is not the demand's own."""
    early = _before_the_demand(provocation, seen, did)
    if early is not None:
        return early
    match provocation.demand:
        case Demand.FAIL:
            return _must_fail(provocation, seen, did)
        case Demand.MAY_FAIL:
            if did is Did.WENT_ON:
                why = translate(_P, "The client broke the rule; no clause says that a receiver must fail.")
                return Result.ALLOWED, why, ""
            return _failed(provocation, seen, did)
        case Demand.GO_ON:
            return _must_go_on(provocation, seen, did)
        case Demand.CLOSE | Demand.MAY_CLOSE:
            return _must_close(provocation, seen, did)
    return Result.ALLOWED, "", ""


def _before_the_demand(provocation: Provocation, seen: Observed, did: Did) -> tuple[Result, str, str] | None:
    if did is Did.CRASHED:
        return Result.CRASHED, "", ""
    if seen.unfit:
        return Result.UNFIT, "", ""
    if seen.alive is False:
        others = ", ".join(seen.beside[:4])
        why = translate(
            _P,
            "No new connection opened afterwards, but others ran at the same time ({0}): run it alone.",
        ).format(others)
        return Result.UNDECIDED, why, ""
    if did is Did.NO_HANDSHAKE and provocation.early:
        return Result.ALLOWED, translate(_P, "It may refuse what comes too early."), ""
    if did in (Did.NO_HANDSHAKE, Did.NOT_SENT):
        return Result.UNDECIDED, "", ""
    if did is Did.CLOSED and seen.code in _NEVER:
        why = translate(_P, "{0} must not travel in a Close frame.").format(seen.code)
        return Result.WRONG, why, "RFC 6455 §7.4.1"
    return None


def _must_fail(provocation: Provocation, seen: Observed, did: Did) -> tuple[Result, str, str]:
    if did is Did.WENT_ON:
        return Result.WRONG, translate(_P, "It had to fail the connection."), ""
    return _failed(provocation, seen, did)


def _failed(provocation: Provocation, seen: Observed, did: Did) -> tuple[Result, str, str]:
    if did in (Did.DROPPED, Did.RESET):
        why = translate(_P, "That fails the connection; a Close that says why is only advised (§7.1.7).")
        return Result.ALLOWED, why, ""
    if did is not Did.CLOSED:
        return Result.UNDECIDED, "", ""
    if not provocation.codes or seen.code in provocation.codes:
        return Result.AS_REQUIRED, "", ""
    usual = translate(_P, " or ").join(map(str, provocation.codes))
    why = translate(_P, "Usual is {0}; no clause demands the code.").format(usual)
    return Result.ALLOWED, f"{why}{_odd(seen.code)}", ""


def _must_go_on(provocation: Provocation, seen: Observed, did: Did) -> tuple[Result, str, str]:
    if did is Did.WENT_ON:
        if provocation.pong is None or provocation.pong in seen.pongs:
            return Result.AS_REQUIRED, "", ""
        if seen.pongs:
            why = translate(_P, "The Pong to the Ping before had other bytes.")
            return Result.WRONG, why, "RFC 6455 §5.5.3"
        why = translate(_P, "Only the last Ping was answered, as it may (§5.5.3).")
        return Result.ALLOWED, why, ""
    if did is Did.CLOSED and seen.code in provocation.codes:
        return Result.ALLOWED, translate(_P, "A limit of its own."), ""
    if did is Did.CLOSED and seen.code in _BLAMES:
        why = translate(_P, "The code blames the client, and nothing was wrong.")
        return Result.WRONG, why, ""
    if did is Did.CLOSED:
        why = translate(_P, "Nothing was wrong, but a server may close when it has to (§7.1.1).")
        return Result.ALLOWED, f"{why}{_odd(seen.code)}", ""
    if did in (Did.DROPPED, Did.RESET):
        why = translate(_P, "Nothing was wrong, but a server may end TCP when it has to (§7.1.1).")
        return Result.ALLOWED, why, ""
    return Result.UNDECIDED, "", ""


def _must_close(provocation: Provocation, seen: Observed, did: Did) -> tuple[Result, str, str]:
    broken = provocation.demand is Demand.MAY_CLOSE
    if did is Did.CLOSED:
        if broken and seen.code not in provocation.codes:
            usual = translate(_P, " or ").join(map(str, provocation.codes))
            why = translate(_P, "Usual is {0}; no clause demands the code.").format(usual)
            return Result.ALLOWED, f"{why}{_odd(seen.code)}", ""
        if not broken and seen.code not in (None, *_plain_codes(provocation)):
            why = translate(_P, "Usually the code that came is sent back; no clause demands it.")
            return Result.ALLOWED, f"{why}{_odd(seen.code)}", ""
        return Result.AS_REQUIRED, "", ""
    if did is Did.RESET:
        why = translate(_P, "A Close on its way may have been lost with the reset.")
        return (Result.ALLOWED if broken else Result.UNDECIDED), why, ""
    if did is Did.DROPPED:
        if broken:
            return Result.ALLOWED, translate(_P, "That fails the connection (§7.1.7)."), ""
        return Result.WRONG, translate(_P, "A Close must be answered with a Close."), ""
    return Result.UNDECIDED, "", ""


def _plain_codes(provocation: Provocation) -> tuple[int, ...]:
    """The codes that an answer may usually have: the one sent, and 1000."""
    plain = provocation.plain
    frames = plain if isinstance(plain, list) else [plain]
    return (1000, *(frame["code"] for frame in frames if "code" in frame))


def _odd(code: int | None) -> str:
    """A remark on a code that no server should send."""
    if code is None or may_send(code, Role.SERVER):
        return ""
    return " " + translate(_P, "{0} is no code that a server sends (§7.4.2).").format(code)
