"""Whether the extensions of a 101 were offered, and permessage-deflate's parameters fit the offer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wsinspector.protocol.http import OWS, Head, split_unquoted
from wsinspector.verdicts.finding import Subject
from wsinspector.verdicts.rule import Applies, Bad, Case, Good, Rule, on_lines, shown

FIELD = b"Sec-WebSocket-Extensions"
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"\Z', re.DOTALL)
_BITS = re.compile(rb"(?:8|9|1[0-5])\Z")

_FLAGS = (b"server_no_context_takeover", b"client_no_context_takeover")
_WINDOWS = (b"server_max_window_bits", b"client_max_window_bits")


@dataclass(frozen=True, slots=True)
class Extension:
    """One list member. A parameter without a value has None. ``fault`` names a broken form."""

    text: bytes
    name: bytes
    parameters: tuple[tuple[bytes, bytes | None], ...]
    fault: str | None

    def value(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.parameters if key == name), None)

    def has(self, name: bytes) -> bool:
        return any(key == name for key, _ in self.parameters)


def extensions_of(head: Head) -> tuple[Extension, ...]:
    """The extensions of all lines, in order (§9.1)."""
    return tuple(_extension(member) for member in head.members(FIELD))


def _extension(member: bytes) -> Extension:
    name, *rest = (part.strip(OWS) for part in split_unquoted(member, 0x3B))
    fault = None if _TOKEN.match(name) else f"{shown(name)} is no token"
    parameters: list[tuple[bytes, bytes | None]] = []
    for part in rest:
        key, mark, value = part.partition(b"=")
        key, value = key.strip(OWS), value.strip(OWS)
        quoted = _QUOTED.match(value)
        if quoted:
            value = re.sub(rb"\\(.)", rb"\1", quoted[1], flags=re.DOTALL)
        if not _TOKEN.match(key):
            fault = fault or f"{shown(part) or 'nothing'} is no parameter"
        elif mark and not _TOKEN.match(value):
            fault = fault or f"{shown(value) or 'nothing'} is no value of {shown(key)}"
        parameters.append((key, value if mark else None))
    return Extension(member, name, tuple(parameters), fault)


def _where(case: Case) -> tuple[Subject, ...]:
    return on_lines("response", case.response.head.named(FIELD))


def _form(case: Case) -> Iterator[Bad | Good]:
    if not case.response.head.named(FIELD):
        return
    answered = extensions_of(case.response.head)
    if not answered:
        yield Bad("Sec-WebSocket-Extensions names no extension, expected at least one.", _where(case))
    faults = [each for each in answered if each.fault]
    for each in faults:
        yield Bad(f"Extension {shown(each.text)}: {each.fault}.", _where(case))
    if answered and not faults:
        yield Good("The extensions have the right form.")


def _offered(case: Case) -> Iterator[Bad | Good]:
    offered = {each.name for each in extensions_of(case.request)}
    answered = extensions_of(case.response.head)
    if not answered:
        text = "No extension was chosen." if offered else "No extension was offered and none chosen."
        yield Good(text)
        return
    strange = [each for each in answered if each.name not in offered]
    wanted = f"one of {shown(b', '.join(sorted(offered)))}" if offered else "none, as none was offered"
    for each in strange:
        yield Bad(f"Extension {shown(each.name)}, expected {wanted}.", _where(case))
    if not strange:
        yield Good("Every extension of the answer was offered.")


def _deflate(case: Case) -> Iterator[Bad | Good]:
    offers = [each for each in extensions_of(case.request) if each.name == b"permessage-deflate"]
    answers = [each for each in extensions_of(case.response.head) if each.name == b"permessage-deflate"]
    if not offers or not answers:
        return
    if len(answers) > 1:
        text = f"permessage-deflate is answered {len(answers)} times, expected once."
        yield Bad(text, _where(case), clause="RFC 7692 §5.1")
    answer = answers[0]
    fault = _parameter_fault(answer)
    if fault is None:
        misfits = [_misfit(answer, offer) for offer in offers]
        fault = None if None in misfits else misfits[0]
    if fault is not None:
        yield Bad(f"permessage-deflate: {fault}.", _where(case))
    elif len(answers) == 1:
        yield Good("The parameters of permessage-deflate fit the offer.")


def _parameter_fault(answer: Extension) -> str | None:
    """A parameter that is wrong whatever was offered (RFC 7692 §7.1)."""
    names = [name for name, _ in answer.parameters]
    for name, value in answer.parameters:
        if name not in _FLAGS and name not in _WINDOWS:
            return f"parameter {shown(name)} is not defined"
        if names.count(name) > 1:
            return f"parameter {shown(name)} stands twice"
        if name in _FLAGS and value is not None:
            return f"{shown(name)} has the value {shown(value)}, expected none"
        if name in _WINDOWS and (value is None or not _BITS.match(value)):
            found = "no value" if value is None else shown(value)
            return f"{shown(name)} has {found}, expected 8 to 15"
    return None


def _misfit(answer: Extension, offer: Extension) -> str | None:
    """Why ``answer`` cannot be the answer to ``offer``, None where it can."""
    if answer.has(b"client_max_window_bits") and not offer.has(b"client_max_window_bits"):
        return "client_max_window_bits was not offered"
    if offer.has(b"server_no_context_takeover") and not answer.has(b"server_no_context_takeover"):
        return "server_no_context_takeover was asked for and is missing"
    wanted = offer.value(b"server_max_window_bits")
    if wanted is not None and _BITS.match(wanted):
        given = answer.value(b"server_max_window_bits")
        if given is None:
            return f"server_max_window_bits {shown(wanted)} was asked for and is missing"
        if int(given) > int(wanted):
            return f"server_max_window_bits {shown(given)}, expected at most {shown(wanted)}"
    return None


EXTENSION_RULES: tuple[Rule, ...] = (
    Rule(
        "extensions-form",
        "RFC 6455 §9.1",
        Applies.SWITCHED,
        "Extensions are tokens with parameters behind semicolons. Whoever receives another form "
        "fails the connection.",
        _form,
    ),
    Rule(
        "extensions-offered",
        "RFC 6455 §4.1",
        Applies.SWITCHED,
        "A server may use only what the client offered. A client fails the connection on any "
        "other extension, as it could not read the frames.",
        _offered,
    ),
    Rule(
        "deflate-parameters",
        "RFC 7692 §7.1",
        Applies.SWITCHED,
        "The answer must fit one of the offers, parameter by parameter. Otherwise the two sides "
        "would compress differently, so the client fails the connection.",
        _deflate,
    ),
)
