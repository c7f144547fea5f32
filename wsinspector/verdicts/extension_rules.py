"""Whether the extensions of a 101 were offered, and permessage-deflate's parameters fit the offer."""

from collections.abc import Callable, Iterator

from wsinspector.protocol.dialects.extensions import PER_FRAME
from wsinspector.protocol.frame_detail import PER_FRAME_DEFLATE
from wsinspector.translate import translate
from wsinspector.verdicts.examples import switched
from wsinspector.verdicts.extensions import (
    CLIENT_BITS,
    DEFLATE,
    FIELD,
    FLAGS,
    SERVER_BITS,
    WINDOW_CLAUSES,
    Extension,
    deflate_of,
    extensions_of,
    other_letters,
    parameters_wrong,
    per_frame_faults,
    repeated_parameters,
    unknown_parameters,
    valued_flags,
    wrong_windows,
)
from wsinspector.verdicts.finding import Fault, Severity, Subject
from wsinspector.verdicts.rule import Applies, Bad, Case, Check, Example, Good, Result, Rule, on_lines, shown

Faults = Callable[[Extension], Iterator[str]]
Misfits = Callable[[Extension, Extension], str | None]


def _where(case: Case) -> tuple[Subject, ...]:
    return on_lines("response", case.response.head.named(FIELD))


def _form(case: Case) -> Result:
    if not case.response.head.named(FIELD):
        return
    answered = extensions_of(case.response.head)
    if not answered:
        yield Bad(
            translate("Rules", "Sec-WebSocket-Extensions names no extension, expected at least one."),
            _where(case),
        )
    faults = [each for each in answered if each.fault]
    for each in faults:
        yield Bad(
            translate("Rules", "Extension {0}: {1}.").format(shown(each.text), each.fault), _where(case)
        )
    if answered and not faults:
        yield Good(translate("Rules", "The extensions have the right form."))


def _offered(case: Case) -> Result:
    offered = {each.name: each.written[0] for each in extensions_of(case.request)}
    answered = extensions_of(case.response.head)
    if not answered:
        text = (
            translate("Rules", "No extension was chosen.")
            if offered
            else translate("Rules", "No extension was offered and none chosen.")
        )
        yield Good(text)
        return
    strange = [each for each in answered if each.name not in offered]
    wanted = (
        f"one of {shown(b', '.join(sorted(offered.values())))}" if offered else "none, as none was offered"
    )
    for each in strange:
        said = shown(each.written[0]) or "without a name"
        yield Bad(translate("Rules", "Extension {0}, expected {1}.").format(said, wanted), _where(case))
    if not strange:
        yield Good(translate("Rules", "Every extension of the answer was offered."))


def _letters(case: Case) -> Result:
    offers: dict[bytes, list[bytes]] = {}
    for each in extensions_of(case.request):
        offers.setdefault(each.name, []).append(each.written[0])
    for answer in extensions_of(case.response.head):
        asked, written = offers.get(answer.name, []), answer.written[0]
        if asked and written not in asked:
            text = translate("Rules", "Extension {0} was offered as {1}.").format(
                shown(written), shown(asked[0])
            )
            yield Bad(text, _where(case))
        for other, defined in other_letters(answer) if answer.name == DEFLATE else ():
            text = translate("Rules", "permessage-deflate: parameter {0} is defined as {1}.").format(
                shown(other), shown(defined)
            )
            yield Bad(text, _where(case))


def _both(case: Case) -> tuple[tuple[Extension, ...], tuple[Extension, ...]]:
    """What was offered and what was answered of permessage-deflate; nothing where one side has none."""
    offers, answers = deflate_of(case.request), deflate_of(case.response.head)
    return (offers, answers) if offers and answers else ((), ())


def _deflate_once(case: Case) -> Result:
    offers, answers = _both(case)
    if len(answers) > 1:
        yield Bad(
            translate("Rules", "permessage-deflate is answered {0} times, expected once.").format(
                len(answers)
            ),
            _where(case),
        )
    elif answers and not parameters_wrong(answers[0], offer=False) and _fits_any(answers[0], offers):
        yield Good(
            translate("Rules", "permessage-deflate is answered once, and its parameters fit an offer.")
        )


def _parameters(faults: Faults) -> Check:
    """A rule on parameters that are wrong whatever was offered."""

    def check(case: Case) -> Result:
        for answer in _both(case)[1]:
            for fault in faults(answer):
                yield Bad(translate("Rules", "permessage-deflate: {0}.").format(fault), _where(case))

    return check


def _answered_windows(case: Case) -> Result:
    for answer in _both(case)[1]:
        for name, fault in wrong_windows(answer, offer=False):
            yield Bad(
                translate("Rules", "permessage-deflate: {0}.").format(fault),
                _where(case),
                clause=WINDOW_CLAUSES[name],
            )


def _client_window_unasked(answer: Extension, offer: Extension) -> str | None:
    if answer.has(CLIENT_BITS) and not offer.has(CLIENT_BITS):
        return f"{shown(CLIENT_BITS)} was not offered"
    return None


def _server_takeover(answer: Extension, offer: Extension) -> str | None:
    if offer.has(FLAGS[0]) and not answer.has(FLAGS[0]):
        return f"{shown(FLAGS[0])} was asked for and is missing"
    return None


def _server_window(answer: Extension, offer: Extension) -> str | None:
    wanted = offer.bits(SERVER_BITS)
    if wanted is None:
        return None
    given = answer.bits(SERVER_BITS)
    if given is None:
        return f"{shown(SERVER_BITS)} {wanted} was asked for and is missing"
    return f"{shown(SERVER_BITS)} {given}, expected at most {wanted}" if given > wanted else None


_MISFITS: tuple[Misfits, ...] = (_client_window_unasked, _server_takeover, _server_window)


def _fits(answer: Extension, offer: Extension) -> bool:
    return not any(misfit(answer, offer) for misfit in _MISFITS)


def _fits_any(answer: Extension, offers: tuple[Extension, ...]) -> bool:
    return any(_fits(answer, offer) for offer in offers)


def _negotiated(misfit: Misfits) -> Check:
    """A rule on an answer that fits none of the offers; the first offer says in what."""

    def check(case: Case) -> Result:
        offers, answers = _both(case)
        for answer in answers[:1]:
            if parameters_wrong(answer, offer=False) or _fits_any(answer, offers):
                continue
            fault = misfit(answer, offers[0])
            if fault is not None:
                yield Bad(translate("Rules", "permessage-deflate: {0}.").format(fault), _where(case))

    return check


def _per_frame(case: Case) -> Result:
    offered = {each.name for each in extensions_of(case.request)}
    for name in PER_FRAME:
        answers = [each for each in extensions_of(case.response.head) if each.name == name]
        if not answers or name not in offered:
            continue
        faults = [fault for each in answers for fault in per_frame_faults(each)]
        if len(answers) > 1:
            faults.append(f"it is answered {len(answers)} times, expected once")
        for fault in faults:
            yield Bad(
                translate("Rules", "{0}: {1}. It is not agreed.").format(shown(name), fault), _where(case)
            )
        if not faults:
            yield Good(translate("Rules", "{0} is answered with parameters that it has.").format(shown(name)))


def _answer(value: bytes, offer: bytes) -> Example:
    return switched({FIELD: value}, request={FIELD: offer})


_OFFER = b"permessage-deflate; client_max_window_bits"
_PLAIN = b"permessage-deflate"
_SMALL = b"permessage-deflate; server_max_window_bits=10"
_FRESH = b"permessage-deflate; server_no_context_takeover"

EXTENSION_RULES: tuple[Rule[Case], ...] = (
    Rule(
        "extensions-form",
        "RFC 6455 §9.1",
        Applies.SWITCHED,
        "Extensions are tokens with parameters behind semicolons. Whoever receives another form "
        "fails the connection.",
        _form,
        what="Sec-WebSocket-Extensions in a 101 is a list of tokens with parameters.",
        passing=_answer(_PLAIN, _OFFER),
        failing=_answer(b"permessage-deflate; a b", _OFFER),
    ),
    Rule(
        "extensions-offered",
        "RFC 6455 §4.1",
        Applies.SWITCHED,
        "A server may use only what the client offered. A client fails the connection on any "
        "other extension, as it could not read the frames.",
        _offered,
        what="Every extension of a 101 was offered.",
        passing=_answer(_PLAIN, _OFFER),
        failing=switched({FIELD: _PLAIN}),
    ),
    Rule(
        "extensions-letter-case",
        "RFC 6455 §9.1",
        Applies.SWITCHED,
        "No text says whether the letter case of these names counts. A client that compares them exactly "
        "does not know the name, and fails the connection.",
        _letters,
        what="The names of extensions and parameters are written as they were offered and defined.",
        passing=_answer(_PLAIN, _OFFER),
        failing=_answer(b"Permessage-Deflate", _OFFER),
        severity=Severity.UNUSUAL,
        fault=Fault.NOBODY,
    ),
    Rule(
        "deflate-once",
        "RFC 7692 §5.1",
        Applies.SWITCHED,
        "The server accepts one of the offers. Two answers would leave open how frames are compressed.",
        _deflate_once,
        what="permessage-deflate is answered once.",
        passing=_answer(_PLAIN, _OFFER),
        failing=_answer(b"permessage-deflate, permessage-deflate", _OFFER),
    ),
    Rule(
        "deflate-unknown-parameter",
        "RFC 7692 §7.1",
        Applies.SWITCHED,
        "Four parameters are defined, no other may stand in the answer. A client fails the connection "
        "on one it does not know.",
        _parameters(unknown_parameters),
        what="An answer to permessage-deflate has only the four parameters defined.",
        passing=_answer(b"permessage-deflate; server_no_context_takeover", _OFFER),
        failing=_answer(b"permessage-deflate; level=9", _OFFER),
    ),
    Rule(
        "deflate-repeated-parameter",
        "RFC 7692 §7.1",
        Applies.SWITCHED,
        "A parameter stands at most once. A client fails the connection where one is repeated.",
        _parameters(repeated_parameters),
        what="An answer to permessage-deflate has each parameter once.",
        passing=_answer(b"permessage-deflate; server_max_window_bits=10", _OFFER),
        failing=_answer(b"permessage-deflate; server_max_window_bits=10; server_max_window_bits=9", _OFFER),
    ),
    Rule(
        "deflate-takeover-value",
        "RFC 7692 §7.1.1",
        Applies.SWITCHED,
        "The two takeover parameters say all by being there. A value makes them invalid.",
        _parameters(valued_flags),
        what="A takeover parameter of the answer has no value.",
        passing=_answer(b"permessage-deflate; client_no_context_takeover", _OFFER),
        failing=_answer(b"permessage-deflate; client_no_context_takeover=1", _OFFER),
    ),
    Rule(
        "deflate-window-bits",
        "RFC 7692 §7.1.2",
        Applies.SWITCHED,
        "A window has 2 to the power of 8 to 15 bytes, and the number has no leading zero. In an answer "
        "the value may not be left out.",
        _answered_windows,
        what="Window bits of the answer are 8 to 15 without a leading zero.",
        passing=_answer(b"permessage-deflate; server_max_window_bits=8", _OFFER),
        failing=_answer(b"permessage-deflate; server_max_window_bits=08", _OFFER),
    ),
    Rule(
        "deflate-client-window-unasked",
        "RFC 7692 §7.1.2.2",
        Applies.SWITCHED,
        "Only a client that offers the parameter can be told to use a smaller window. It fails the "
        "connection where it did not offer it.",
        _negotiated(_client_window_unasked),
        what="client_max_window_bits is answered only where it was offered.",
        passing=_answer(b"permessage-deflate; client_max_window_bits=10", _OFFER),
        failing=_answer(b"permessage-deflate; client_max_window_bits=10", _PLAIN),
    ),
    Rule(
        "deflate-server-takeover",
        "RFC 7692 §7.1.1.1",
        Applies.SWITCHED,
        "A client that asks for it keeps no window between messages. A server that accepts the offer "
        "must say that it complies.",
        _negotiated(_server_takeover),
        what="server_no_context_takeover is answered where it was asked for.",
        passing=_answer(_FRESH, _FRESH),
        failing=_answer(_PLAIN, _FRESH),
    ),
    Rule(
        "deflate-server-window",
        "RFC 7692 §7.1.2.1",
        Applies.SWITCHED,
        "A client that asks for a small window has no more memory to spare. A server that accepts the "
        "offer names a window of that size or a smaller one.",
        _negotiated(_server_window),
        what="server_max_window_bits is at most what was asked for.",
        passing=_answer(b"permessage-deflate; server_max_window_bits=9", _SMALL),
        failing=_answer(b"permessage-deflate; server_max_window_bits=11", _SMALL),
    ),
    Rule(
        "deflate-frame-parameters",
        PER_FRAME_DEFLATE,
        Applies.SWITCHED,
        "The extension has max_window_bits, 8 to 15, and no_context_takeover without a value, as "
        "implementations have it. A client fails the connection on any other answer, as it could not "
        "inflate the frames.",
        _per_frame,
        what="An answer to deflate-frame or x-webkit-deflate-frame has only the extension's two parameters.",
        passing=_answer(b"x-webkit-deflate-frame; max_window_bits=15", b"x-webkit-deflate-frame"),
        failing=_answer(b"x-webkit-deflate-frame; max_window_bits=99", b"x-webkit-deflate-frame"),
    ),
)
