"""What a filter says, as values: parser, printer and evaluation meet here and nowhere else."""

from dataclasses import dataclass, field
from fractions import Fraction

Value = Fraction | str | bool | None
"""What a field is held against. None is JSON's null; times are in nanoseconds."""

Path = tuple[str | int, ...]
"""Where in a JSON payload: names of members and indexes from 0 (from the end where negative)."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value, and how it was written (``1k``, ``100ms``), which makes no difference to what it means."""

    value: Value
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, both included."""

    low: Literal
    high: Literal


@dataclass(frozen=True, slots=True)
class Compare:
    """``field operator literal``; the operator is one of ``== != < <= > >=``."""

    field: str
    operator: str
    literal: Literal
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Within:
    """``field in (…)``: equal to one of them, or within one of the ranges."""

    field: str
    choices: tuple[Literal | Range, ...]
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Contains:
    """``field contains …``. ``either_case``: ASCII letters match in both cases.

    In ``needle`` a lone surrogate U+DC80 to U+DCFF stands for the byte 80 to FF (:func:`needle_bytes`).
    """

    field: str
    needle: str
    either_case: bool = False
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """``field matches /pattern/flags``; flags are among ``i m s x``, sorted."""

    field: str
    pattern: str
    flags: str = ""
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Has:
    """``has what``; with ``what`` "json" the payload has a value at ``path``."""

    what: str
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class And:
    """All of at least two; none of them an And."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of at least two; none of them an Or."""

    parts: "tuple[Condition, ...]"


Leaf = Compare | Within | Contains | Matches | Has
Condition = Leaf | Not | And | Or


@dataclass(frozen=True, slots=True)
class Mistake:
    """What cannot be understood: characters ``start`` to ``stop - 1`` of the line, and one sentence."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line, read. ``condition`` is None for an empty line (everything fits) and where there are mistakes.

    ``word``: the line is a plain word that is searched for in payloads, and no expression.
    """

    text: str
    condition: Condition | None
    mistakes: tuple[Mistake, ...] = ()
    word: bool = False

    @property
    def ok(self) -> bool:
        return not self.mistakes


def plain_word(word: str) -> Contains:
    """The condition that a plain word stands for."""
    return Contains("payload", word, either_case=True)


def all_of(parts: "list[Condition]") -> Condition:
    """One condition for several, of which there is at least one; an And within is taken apart."""
    flat: list[Condition] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(parts: "list[Condition]") -> Condition:
    """The same for alternatives."""
    flat: list[Condition] = []
    for part in parts:
        flat += part.parts if isinstance(part, Or) else (part,)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def not_(part: "Condition") -> Condition:
    """The opposite; two negations go."""
    return part.part if isinstance(part, Not) else Not(part)


def needle_bytes(needle: str) -> bytes:
    """The bytes that a text of a filter stands for."""
    try:
        return needle.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return needle.encode("utf-8", "surrogatepass")


def leaves(condition: "Condition | None") -> "list[Leaf]":
    """Every leaf, from left to right."""
    found: list[Leaf] = []
    todo: list[Condition] = [condition] if condition is not None else []
    while todo:
        part = todo.pop()
        if isinstance(part, And | Or):
            todo += reversed(part.parts)
        elif isinstance(part, Not):
            todo.append(part.part)
        else:
            found.append(part)
    return found
