"""A set of one's own as text: a value a line, so that it can be typed, kept in a file and passed on."""

from collections.abc import Iterable
from dataclasses import dataclass

from wsinspector.protocol.escapes import unescape_value
from wsinspector.protocol.sweep_requests import LINE_SIGN, OddRequest, saying
from wsinspector.protocol.sweep_sets import joined, named_ids, request_called

MOST = 5000
"""Requests in one set."""

HELP = """\
# One value of Sec-WebSocket-Version a line. Blanks at either end do not count; write them \\x20.
# Escapes: \\\\ \\r \\n \\t \\xNN. A line that begins with # is a remark.
# (absent) sends no header, (empty) an empty value; 13⏎8 sends two lines.
# Other requests of the program's sets are named in parentheses, such as (key missing).
"""


@dataclass(frozen=True, slots=True)
class TextFault:
    """What is wrong in line ``line`` (from 1), as a sentence."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class OwnSet:
    """What a text says. ``notes`` are remarks on what is sent otherwise than it looks."""

    requests: tuple[OddRequest, ...]
    faults: tuple[TextFault, ...]
    notes: tuple[TextFault, ...] = ()


def read_own_set(text: str) -> OwnSet:
    """Read a set; every line that cannot be read has a fault and sends nothing."""
    found: list[OddRequest] = []
    faults: list[TextFault] = []
    notes: list[TextFault] = []
    for at, line in enumerate(text.split("\n"), 1):
        written = line.strip(" \t\r\ufeff")
        if not written or written.startswith("#"):
            continue
        request = _read_line(written, at, faults, notes)
        if request is not None:
            found.append(request)
    requests = joined(found)
    if len(requests) > MOST:
        faults.append(TextFault(MOST + 1, f"A set holds at most {MOST} requests, this one {len(requests)}."))
        requests = requests[:MOST]
    return OwnSet(requests, tuple(faults), tuple(notes))


def request_with_id(id: str) -> OddRequest | None:
    """The request that an id names, whether a set of the program holds it or not; None where none does."""
    read = read_own_set(id)
    return read.requests[0] if len(read.requests) == 1 and not read.faults else None


def own_set_text(requests: Iterable[OddRequest]) -> str:
    """The text that :func:`read_own_set` reads as these requests."""
    return HELP + "".join(f"{request.odd.id}\n" for request in requests)


def _read_line(text: str, at: int, faults: list[TextFault], notes: list[TextFault]) -> OddRequest | None:
    if LINE_SIGN not in text and text.startswith("(") and text not in ("(absent)", "(empty)"):
        request = request_called(text)
        if request is None:
            names = ", ".join(named_ids()[:4])
            faults.append(
                TextFault(at, f"{text} is no name. Names are {names} and others; a value begins with \\x28.")
            )
        return request
    if text == "(absent)":
        return request_called(text)
    values = []
    for part in text.split(LINE_SIGN):
        value = _value(part.strip(" \t"), at, faults, notes)
        if value is None:
            return None
        values.append(value)
    made = saying(*values)
    return request_called(made.odd.id) or made  # one of the program's sets tells more of it


def _value(text: str, at: int, faults: list[TextFault], notes: list[TextFault]) -> bytes | None:
    if text == "(empty)":
        return b""
    if not text:
        faults.append(TextFault(at, f"Nothing stands beside {LINE_SIGN}; an empty value is written (empty)."))
        return None
    if text == "(absent)":
        faults.append(TextFault(at, "(absent) stands alone in its line."))
        return None
    read = unescape_value(text)
    for flag in read.flags:
        escape = text[flag.start] == "\\"
        (faults if escape else notes).append(TextFault(at, _fault(text, flag.start) if escape else flag.text))
    return None if any(text[flag.start] == "\\" for flag in read.flags) else read.data


def _fault(text: str, start: int) -> str:
    written = text[start : start + 2] if start + 1 < len(text) else "\\ at the end"
    return f"{written} is no escape; a backslash is written \\\\."
