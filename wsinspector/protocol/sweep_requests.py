"""What a sweep sends, one at a time: a request that differs in one thing from one that is in order.

Every request has an *id* that a person can type: a version value as
:func:`~wsinspector.protocol.sweep_texts.read_own_set` reads it (``13``, ``\\x0913``, ``13⏎8`` for two
lines), or a name in parentheses (``(absent)``, ``(key missing)``). Ids stand in saved sweeps and in files of
expectations, so they are stable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wsinspector.protocol.draft import KEY, VERSION, Draft, DraftLine
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.request_lines import without
from wsinspector.protocol.version import Standing, entry_of, judge_value

Build = Callable[[Draft], Draft]

LINE_SIGN = "⏎"
"""Stands between the values of a repeated header in an id."""

CONTROL = "13"
"""The id of the request in which nothing is odd; what the others are compared with."""


@dataclass(frozen=True, slots=True)
class Odd:
    """What is odd about a request.

    ``label``: for a table. ``what``: one sentence. ``group``: neighbours of one group mean the like, so
    that equal answers to them may be shown in one row. ``values``: of the version lines where they are
    what is odd, () for none; None where something else is. ``free``: a server may take or refuse it.
    """

    id: str
    label: str
    what: str
    group: str
    values: tuple[bytes, ...] | None = None
    free: bool = False

    @property
    def number(self) -> int | None:
        """The version it names, where that is one from 0 to 255 and nothing else is odd."""
        if self.values is None or len(self.values) != 1 or self.values[0].strip() != self.values[0]:
            return None
        judged = judge_value(self.values[0])
        return judged.number if judged.ok else None


@dataclass(frozen=True, slots=True)
class OddRequest:
    """``build`` makes the request out of one that is in order, whose only version line says 13."""

    odd: Odd
    build: Build


@dataclass(frozen=True, slots=True)
class SweepSet:
    """A set by the name that a person types; ``about`` is one sentence."""

    name: str
    about: str
    requests: tuple[OddRequest, ...]


class Composer:
    """Puts requests whose version lines alone are odd together from the parts of one draft, as a set may hold
    hundreds of them; the bytes are those of :attr:`OddRequest.build`."""

    def __init__(self, draft: Draft) -> None:
        one, two = b"\0one", b"\0two"
        whole = draft.with_version_values((one, two)).to_bytes()
        self._before, _, rest = whole.partition(one)
        self._between, _, self._after = rest.partition(two)

    def bytes_of(self, odd: Odd) -> bytes | None:
        """The request; None where it has to be built."""
        return self._before + self._between.join(odd.values) + self._after if odd.values else None


# -- version values


def id_of(values: Sequence[bytes]) -> str:
    """The id of a request with these version lines."""
    return LINE_SIGN.join(_written(value) for value in values) if values else "(absent)"


def _written(value: bytes) -> str:
    if not value:
        return "(empty)"
    text = escape_value(value)
    if text[0] in "(# ":
        text = f"\\x{ord(text[0]):02X}" + text[1:]
    return text[:-1] + "\\x20" if text[-1] == " " else text


def saying(
    *values: bytes, label: str = "", what: str = "", group: str = "", id: str = "", free: bool = False
) -> OddRequest:
    """A request with these version lines, one a value, and what is not given worked out from them."""
    odd = Odd(
        id or id_of(values),
        label or _label(values),
        what or _what(values),
        group or _group(values),
        values,
        free or _may_be_blank(values),
    )
    return OddRequest(odd, lambda draft: draft.with_version_values(values))


def _label(values: Sequence[bytes]) -> str:
    if not values:
        return "absent"
    shown = [escape_value(value[:40]) + ("…" if len(value) > 40 else "") or "empty" for value in values]
    if len(shown) == 1:
        blank = values[0].strip(b" ") != values[0]
        return f"“{shown[0]}”" if blank else shown[0]
    count = {2: "two", 3: "three"}.get(len(shown), str(len(shown)))
    return f"{count} lines: {', '.join(shown)}"


def _what(values: Sequence[bytes]) -> str:
    if not values:
        return "The request has no Sec-WebSocket-Version."
    if len(values) > 1:
        return f"Sec-WebSocket-Version stands {len(values)} times, which a request must not do."
    judged = judge_value(values[0])
    if judged.ok and judged.number is not None:
        if judged.number == 13:
            return "Nothing is odd: version 13 is the standard."
        return judged.remarks[-1].text
    return next(remark.text for remark in judged.remarks if not remark.ok)


def _group(values: Sequence[bytes]) -> str:
    if len(values) != 1:
        return "repeated" if values else "absent"
    judged = judge_value(values[0])
    if judged.ok and judged.number is not None and judged.value == values[0]:
        entry = entry_of(judged.number)
        if entry is not None and entry.standing is Standing.INTERIM:
            return "interim" if judged.number > 3 else "never sent"
        return entry.standing.value if entry is not None else ""
    return f"value {escape_value(values[0])}"


def _may_be_blank(values: Sequence[bytes]) -> bool:
    """Whether a value holds CR, LF or NUL: a recipient rejects it or reads a blank (RFC 9110 §5.5)."""
    return any(byte in value for value in values for byte in (b"\r", b"\n", b"\0"))


# -- other lines


def named(id: str, what: str, build: Build, *, group: str, free: bool = False) -> OddRequest:
    return OddRequest(Odd(f"({id})", id, what, group, None, free), build)


def version_line(**changes: bytes) -> Build:
    def build(draft: Draft) -> Draft:
        row = draft.named(VERSION)[0]
        return draft.with_line(row, replace(draft.lines[row], **changes))  # type: ignore[arg-type]

    return build


def with_value(name: bytes, value: bytes) -> Build:
    """Another value of the line ``name``, which is generated no more."""

    def build(draft: Draft) -> Draft:
        row = draft.named(name)[0]
        return draft.with_edited_value(row, value)

    return build


def repeating(name: bytes, value: bytes) -> Build:
    def build(draft: Draft) -> Draft:
        row = draft.named(name)[0]
        return draft.insert(row + 1, DraftLine(name, value))

    return build


def adding(name: bytes, value: bytes) -> Build:
    return lambda draft: draft.insert(len(draft.lines), DraftLine(name, value))


def asking(method: bytes, version: bytes) -> Build:
    return lambda draft: draft.with_request_line(b"%b %b %b" % (method, draft.target, version))


def absolute_form(draft: Draft) -> Draft:
    rows = draft.named(b"Host")
    host = draft.lines[rows[0]].value if rows else b""
    return draft.with_target(b"http://" + host + draft.target)


def elsewhere(draft: Draft) -> Draft:
    path, mark, query = draft.target.partition(b"?")
    return draft.with_target(path.rstrip(b"/") + b"/no-such-path-7f3a" + mark + query)


def version_14_without_key(draft: Draft) -> Draft:
    return without(draft.with_version_values((b"14",)), KEY)
