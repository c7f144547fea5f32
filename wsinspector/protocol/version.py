"""What registry, grammar, range and multiplicity each say of a Sec-WebSocket-Version."""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.http import OWS, split_list
from wsinspector.translate import marked, translate

FIELD = b"Sec-WebSocket-Version"


class Standing(enum.Enum):
    """The registry's word for a number (RFC 6455 §11.6)."""

    INTERIM = "interim"
    RESERVED = "reserved"
    STANDARD = "standard"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """Numbers ``first`` to ``last``, both included. ``drafts`` names who put them on the wire."""

    first: int
    last: int
    standing: Standing
    drafts: str
    reference: str


def _interim(number: int, drafts: str) -> VersionEntry:
    return VersionEntry(number, number, Standing.INTERIM, drafts, "RFC 6455 §11.6")


REGISTRY: tuple[VersionEntry, ...] = (
    # Drafts 00 to 03 sent no version header; the numbers were registered afterwards.
    _interim(0, marked("Version", "hybi-00, never sent as a value")),
    _interim(1, marked("Version", "hybi-01, never sent as a value")),
    _interim(2, marked("Version", "hybi-02, never sent as a value")),
    _interim(3, marked("Version", "hybi-03, never sent as a value")),
    _interim(4, marked("Version", "hybi-04")),
    _interim(5, marked("Version", "hybi-05")),
    _interim(6, marked("Version", "hybi-06")),
    _interim(7, marked("Version", "hybi-07")),
    _interim(8, marked("Version", "hybi-08 to 12")),
    VersionEntry(9, 12, Standing.RESERVED, "", "RFC 6455 §4.1 note on 9 to 12, §11.6"),
    VersionEntry(
        13, 13, Standing.STANDARD, marked("Version", "hybi-13 to 17 and RFC 6455"), "RFC 6455 §11.6"
    ),
    VersionEntry(14, 255, Standing.UNASSIGNED, "", "RFC 6455 §11.6"),
)


def entry_of(number: int) -> VersionEntry | None:
    """The registry's entry, None outside 0 to 255."""
    for entry in REGISTRY:
        if entry.first <= number <= entry.last:
            return entry
    return None


@dataclass(frozen=True, slots=True)
class Remark:
    """One judgement.

    ``aspect``: grammar, range, leading-zero, registry, multiplicity or list. ``ok`` is False
    where the clause is not met.
    """

    aspect: str
    ok: bool
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class ValueJudgement:
    """One value, edge blanks removed. ``number`` is None where the grammar is not met."""

    value: bytes
    number: int | None
    grammar_ok: bool
    in_range: bool
    leading_zero: bool
    standing: Standing | None
    remarks: tuple[Remark, ...]

    @property
    def ok(self) -> bool:
        """Whether the value can stand in a header; says nothing of what it means."""
        return self.grammar_ok and self.in_range


@dataclass(frozen=True, slots=True)
class LinesJudgement:
    """All version lines of one message. ``judgements``: one a line (request) or member (response)."""

    values: tuple[bytes, ...]
    judgements: tuple[ValueJudgement, ...]
    multiplicity_ok: bool
    remarks: tuple[Remark, ...]


# The productions as they stand: they let 256 to 299 through, which only the prose excludes.
_GRAMMAR = re.compile(rb"(?:[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-9][0-9])\Z")
_DIGITS = re.compile(rb"[0-9]+\Z")
_FOLD = re.compile(rb"[ \t]*\r?\n[ \t]+")


def judge_value(value: bytes) -> ValueJudgement:
    """Judge one value by grammar and range (§4.3), leading zero (§4.3) and registry (§11.6)."""
    trimmed = value.strip(OWS)
    shown = escape_value(trimmed[:40])
    remarks: list[Remark] = []
    grammar_ok = _GRAMMAR.match(trimmed) is not None
    number = int(trimmed) if grammar_ok else None
    in_range = number is not None and number <= 255
    leading_zero = len(trimmed) > 1 and trimmed[:1] == b"0" and _DIGITS.match(trimmed) is not None
    standing: Standing | None = None
    if grammar_ok:
        remarks.append(
            Remark(
                "grammar",
                True,
                translate("Version", "{0} has the form of a version.").format(shown),
                "RFC 6455 §4.3",
            )
        )
    else:
        remarks.append(Remark("grammar", False, _grammar_fault(trimmed, shown), "RFC 6455 §4.3"))
    if leading_zero:
        text = translate("Version", "{0} has a leading zero, which the grammar does not allow.").format(shown)
        remarks.append(Remark("leading-zero", False, text, "RFC 6455 §4.3"))
    if number is not None:
        text = (
            translate("Version", "{0} lies in 0 to 255.").format(number)
            if in_range
            else translate("Version", "{0} is greater than 255.").format(number)
        )
        remarks.append(Remark("range", in_range, text, "RFC 6455 §4.3"))
    elif _DIGITS.match(trimmed) and not leading_zero:
        remarks.append(
            Remark(
                "range",
                False,
                translate("Version", "{0} is greater than 255.").format(shown),
                "RFC 6455 §4.3",
            )
        )
    entry = entry_of(number) if number is not None else None
    if entry is not None and number is not None:
        standing = entry.standing
        remarks.append(Remark("registry", True, _registry_text(number, entry), entry.reference))
    return ValueJudgement(trimmed, number, grammar_ok, in_range, leading_zero, standing, tuple(remarks))


def _grammar_fault(trimmed: bytes, shown: str) -> str:
    if not trimmed:
        return translate("Version", "The value is empty; a version has one to three digits.")
    if b"," in trimmed:
        return translate("Version", "{0} is a list; a request names one version.").format(shown)
    if _DIGITS.match(trimmed):
        return translate("Version", "{0} is not one of the forms 0 to 255 without a leading zero.").format(
            shown
        )
    return translate("Version", "{0} holds more than digits; a version has one to three digits.").format(
        shown
    )


def _registry_text(number: int, entry: VersionEntry) -> str:
    if entry.standing is Standing.STANDARD:
        return translate("Version", "{0} is the standard, RFC 6455.").format(number)
    if entry.standing is Standing.INTERIM:
        return translate("Version", "{0} is interim: {1}.").format(number, translate("Version", entry.drafts))
    if entry.standing is Standing.RESERVED:
        return translate("Version", "{0} is reserved and was never used on the wire.").format(number)
    return translate("Version", "{0} is unassigned.").format(number)


def judge_request_lines(values: Sequence[bytes]) -> LinesJudgement:
    """Judge the version lines of a request: exactly one (§4.1, §11.3.5), each by its value."""
    judgements = tuple(judge_value(value) for value in values)
    once = len(values) == 1
    if once:
        remark = Remark(
            "multiplicity", True, translate("Version", "The header stands once."), "RFC 6455 §11.3.5"
        )
    elif not values:
        text = translate("Version", "The header is absent; a request carries exactly one.")
        remark = Remark("multiplicity", False, text, "RFC 6455 §4.1")
    else:
        text = translate("Version", "The header stands {0} times; a request must not repeat it.").format(
            len(values)
        )
        remark = Remark("multiplicity", False, text, "RFC 6455 §11.3.5")
    remarks = (remark, *(each for judgement in judgements for each in judgement.remarks))
    return LinesJudgement(tuple(values), judgements, once, remarks)


def list_members(values: Sequence[bytes]) -> tuple[bytes, ...]:
    """The versions a response lists: one or more lines, commas, null elements dropped.

    Blanks around a member do not count (RFC 2616 §2.1), a fold is a blank (RFC 9112 §5.2).
    """
    members: list[bytes] = []
    for value in values:
        for part in split_list(_FOLD.sub(b" ", value)):
            member = part.strip(OWS)
            if member:
                members.append(member)
    return tuple(members)


def judge_response_lines(values: Sequence[bytes]) -> LinesJudgement:
    """Judge the version list of a response: 1#version over any number of lines (§4.3, §4.4)."""
    members = list_members(values)
    judgements = tuple(judge_value(member) for member in members)
    listed = bool(members)
    if listed:
        remark = Remark("list", True, _count_text(len(members)), "RFC 6455 §4.4")
    elif values:
        remark = Remark(
            "list",
            False,
            translate("Version", "The header names no version; a list has at least one."),
            "RFC 6455 §4.3",
        )
    else:
        remark = Remark("list", False, translate("Version", "The answer names no version."), "RFC 6455 §4.4")
    remarks = (remark, *(each for judgement in judgements for each in judgement.remarks))
    return LinesJudgement(tuple(values), judgements, True, remarks)


def _count_text(count: int) -> str:
    return translate("Version", "%n version(s) (is|are) listed.", "", count)


def short_meaning(values: Sequence[bytes]) -> str:
    """A few words for the chip beside the version box, said of a request's version lines."""
    if not values:
        return translate("Version", "absent")
    if len(values) > 1:
        shown = ", ".join(
            escape_value(value.strip(OWS)[:12]) or translate("Version", "empty") for value in values[:4]
        )
        shown += ", …" if len(values) > 4 else ""
        return translate("Version", "%n line(s): {0}", "", len(values)).format(shown)
    return _short(judge_value(values[0]))


def _short(judgement: ValueJudgement) -> str:
    value = judgement.value
    if not value:
        return translate("Version", "empty")
    if judgement.leading_zero:
        return translate("Version", "not a version: leading zero")
    if b"," in value:
        return translate("Version", "not a version: a list")
    if not judgement.grammar_ok:
        return (
            translate("Version", "not a version: over 255")
            if _DIGITS.match(value)
            else translate("Version", "not a version: not digits only")
        )
    entry = entry_of(judgement.number) if judgement.number is not None else None
    if entry is None:
        return translate("Version", "not a version: over 255")
    if entry.standing is Standing.STANDARD:
        return translate("Version", "the standard")
    if entry.standing is Standing.INTERIM:
        return translate("Version", "interim, {0}").format(translate("Version", entry.drafts))
    return (
        translate("Version", "reserved")
        if entry.standing is Standing.RESERVED
        else translate("Version", "unassigned")
    )
