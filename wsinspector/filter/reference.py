"""The language explained as data: the command line's help, the page in the program and tests read it."""

from dataclasses import dataclass

from wsinspector.filter.names import Kind, Named, fields, things
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class Entry:
    """``group``: "field", "has", "operator" or "text". ``kind``: what a field is held against.

    ``example``: a whole line that can be typed. ``also``: other names that are understood.
    """

    group: str
    name: str
    kind: str
    meaning: str
    example: str
    values: tuple[Named, ...] = ()
    also: tuple[str, ...] = ()


def reference() -> tuple[Entry, ...]:
    """Everything that can be said, in the order in which it is best read."""
    return (*_texts(), *_fields(), *_things(), *_operators())


def _fields() -> tuple[Entry, ...]:
    kinds = {
        Kind.WORD: translate("filter", "one of its values"),
        Kind.NUMBER: translate("filter", "a number: 20, 0x14, 1k is 1000, 1ki is 1024"),
        Kind.TIME: translate("filter", "a time: 12.5, 100ms; ns, us, ms, s, m, h"),
        Kind.YES_NO: translate("filter", "0 or 1"),
        Kind.BYTES: translate("filter", "a text in quotes, or bytes: 0x0102, 01:02"),
        Kind.TEXT: translate("filter", "a text in quotes"),
        Kind.JSON: translate("filter", "a number, a text in quotes, true, false, null"),
    }
    return tuple(
        Entry("field", each.name, kinds[each.kind], each.meaning, each.example, each.values, each.also)
        for each in fields()
    )


def _things() -> tuple[Entry, ...]:
    return tuple(Entry("has", f"has {each.name}", "", each.meaning, f"has {each.name}") for each in things())


def _texts() -> tuple[Entry, ...]:
    return (
        Entry(
            "text",
            translate("filter", "a word"),
            "",
            translate(
                "filter",
                "A line without an operator is looked for in payloads, as it is typed, in either case.",
            ),
            "hello",
        ),
        Entry(
            "text",
            '"…"',
            "",
            translate("filter", "The same within an expression."),
            '"hello" and dir == in',
        ),
        Entry(
            "text",
            translate("filter", "a cell"),
            "",
            translate(
                "filter",
                "Alt+click or middle click on a cell of the log filters by it; with Shift it is left out.",
            ),
            "type not in (ping, pong)",
        ),
    )


def _operators() -> tuple[Entry, ...]:
    def entry(name: str, meaning: str, example: str, *also: str) -> Entry:
        return Entry("operator", name, "", meaning, example, also=also)

    return (
        entry("==", translate("filter", "Is equal to."), "type == ping", "eq"),
        entry(
            "!=", translate("filter", "Is not equal to; nothing that a row lacks fits."), "type != pong", "ne"
        ),
        entry("<", translate("filter", "Is less than."), "size < 20", "lt"),
        entry("<=", translate("filter", "Is at most."), "size <= 20", "le"),
        entry(">", translate("filter", "Is more than."), "size > 20", "gt"),
        entry(">=", translate("filter", "Is at least."), "size >= 1ki", "ge"),
        entry(
            "in", translate("filter", "Is one of several; two dots make a range."), "size in (0, 125..126)"
        ),
        entry("not in", translate("filter", "Is none of several."), "type not in (ping, pong)"),
        entry(
            "contains",
            translate("filter", "Holds this text or these bytes; an i behind the quote ignores case."),
            'payload contains "Price"i',
        ),
        entry(
            "matches",
            translate(
                "filter",
                "Fits a regular expression; i, m, s, x behind it. A row that takes too long is not decided.",
            ),
            r"payload matches /id=\d+/i",
            "~",
        ),
        entry(
            "and",
            translate("filter", "Both fit; it binds closer than or."),
            "type == text and size > 20",
            "&&",
        ),
        entry("or", translate("filter", "At least one fits."), "type == ping or type == pong", "||"),
        entry(
            "not",
            translate("filter", "Does not fit; what is not known fits neither way."),
            "not has finding",
            "!",
        ),
        entry(
            "( )",
            translate("filter", "Several conditions as one."),
            "dir == in and (size > 1k or has finding)",
        ),
    )
