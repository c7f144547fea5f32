"""Every rule there is, of whatever kind, with examples that can be tried.

What RFC 6455 and RFC 7692 also ask and no rule here judges, as the bytes of a conversation do not tell:

- A resource name that the server does not know (§4.2.1): only the server knows; its 404 says so.
- An origin that is refused, with 403 (§4.2.2): which origins are trusted is the server's affair.
- A fresh and unpredictable key or masking key (§4.1, §5.3): one that is zero or repeated is told,
  one that is only badly drawn looks like any other.
- TLS that fails, the host name in it, one connection a host being set up at a time (§4.1): no bytes
  of the handshake; ``live`` reports them as they happen.
- A Close that is not answered, a Ping without its Pong, who ends TCP first (§5.5.1, §5.5.2, §7.1.1):
  these need both directions and a time to wait; a side that is slow breaks no rule, and only the
  newest of several Pings needs an answer.
- A close code that nobody sent (1005, 1006, 1015; §7.1.5) is what an endpoint says of itself; a Close
  frame that holds one is told by ``close-code-forbidden``.
- Doing nothing more once the connection failed (§7.1.7), waiting before the next try (§7.2.3): what
  an endpoint does with what it got, not what it sent.
- A window larger than agreed (RFC 7692 §7.1.2): the distances in the compressed data would tell, and
  a receiver with a larger window inflates them all the same.
- Messages that are not compressed though it was agreed (RFC 7692 §6), unknown headers, the order of
  headers, 400 in place of 426, letter case in Upgrade: allowed, so there is nothing to find.
"""

from collections.abc import Iterator

from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.dialects import dialect_called, spoken_for
from wsinspector.protocol.http import Response
from wsinspector.protocol.http_reader import ReadLimits, ResponseReader
from wsinspector.verdicts.finding import Finding, Verdict
from wsinspector.verdicts.frame_rules import FRAME_RULES, judge_frames
from wsinspector.verdicts.refused.evidence import RefusedCase
from wsinspector.verdicts.refused.rules import REFUSED_RULES
from wsinspector.verdicts.refused.telling import Before
from wsinspector.verdicts.refused.understanding import judge_refusal
from wsinspector.verdicts.request_rules import REQUEST_RULES, judge_request
from wsinspector.verdicts.response_rules import CATALOGUE as RESPONSE_RULES
from wsinspector.verdicts.response_rules import NO_ANSWER, judge_response
from wsinspector.verdicts.rule import About, Case, Example, FramesCase, RequestCase, Rule

AnyRule = Rule[Case] | Rule[RequestCase] | Rule[FramesCase] | Rule[tuple[Response, ...]] | Rule[RefusedCase]

ALL_RULES: tuple[AnyRule, ...] = (
    *REQUEST_RULES,
    NO_ANSWER,
    *RESPONSE_RULES,
    *REFUSED_RULES,
    *FRAME_RULES,
)
"""In the order of a conversation: what the client asked, what came back, what travelled then."""

_BY_NAME = {rule.name: rule for rule in ALL_RULES}


def rule_called(name: str) -> AnyRule | None:
    """The rule with this id, None where there is none."""
    return _BY_NAME.get(name)


def rules_about(about: About) -> Iterator[AnyRule]:
    return (rule for rule in ALL_RULES if rule.about is about)


def findings_in(rule: AnyRule, example: Example) -> tuple[Finding, ...]:
    """What ``rule`` finds in the bytes of an example, when they are judged by all the rules."""
    return tuple(each for each in judge_example(rule.about, example).findings if each.rule == rule.name)


def judge_example(about: About, example: Example) -> Verdict:
    """The verdict on an example, read and judged as any recorded bytes are."""
    if about is About.REQUEST:
        return judge_request(example.data)
    if about is About.FRAMES:
        return judge_frames(
            example.data,
            example.sender,
            example.agreed,
            ended=example.ended,
            max_message=example.limit or None,
            inflate_limit=example.limit or LIMIT,
        )
    if about is About.REFUSAL:
        earlier = [
            Before(at, each.request, _answer(each).response) for at, each in enumerate(example.before, 1)
        ]
        certificates = (example.certificate,) if example.certificate else ()
        return judge_refusal(example.request, _answer(example).response, earlier, certificates)
    reader = _answer(example)
    return judge_response(
        example.request, reader.response, interim=reader.interim, kept_open=not example.ended
    )


def _answer(example: Example) -> ResponseReader:
    tail = dialect_called(spoken_for(example.request)).handshake.answer_tail
    limits = ReadLimits(example.limit, example.limit) if example.limit else None
    reader = ResponseReader(limits, answer_tail=tail)
    reader.feed(example.data)
    if example.ended:
        reader.eof()
    else:
        reader.idle()
    return reader
