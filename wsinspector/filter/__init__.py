"""The filter language: parse a line, complete it, write it, and decide rows by it. No I/O, no clock."""

from wsinspector.filter.building import (
    HEARTBEATS,
    any_type,
    at_least,
    at_most,
    equals,
    leaves_out,
    opposite,
    payload_contains,
    taken_back,
    with_condition,
    without_condition,
)
from wsinspector.filter.completing import Completion, complete
from wsinspector.filter.doubts import doubt_of
from wsinspector.filter.parser import parse
from wsinspector.filter.printing import format_condition, quoted
from wsinspector.filter.reference import Entry, reference
from wsinspector.filter.slips import mistakes_in
from wsinspector.filter.syntax import Condition, Mistake, Parsed, plain_word

__all__ = [
    "HEARTBEATS",
    "Completion",
    "Condition",
    "Entry",
    "Mistake",
    "Parsed",
    "any_type",
    "at_least",
    "at_most",
    "complete",
    "doubt_of",
    "equals",
    "format_condition",
    "leaves_out",
    "mistakes_in",
    "opposite",
    "parse",
    "payload_contains",
    "plain_word",
    "quoted",
    "reference",
    "taken_back",
    "with_condition",
    "without_condition",
]
