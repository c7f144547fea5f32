"""The header lines that ``provoke`` is to send besides: some servers answer nobody without them."""

import argparse
import os

from wsinspector.cli.request import WrongArgumentError, header_line
from wsinspector.cli.variables import given_values, set_called
from wsinspector.conversation.filling_in import filled_draft
from wsinspector.protocol.draft import PROTOCOL, Draft, DraftLine


def lines_asked(arguments: argparse.Namespace) -> tuple[DraftLine, ...]:
    """What was asked for, with its variables filled in. Raises WrongArgumentError."""
    lines = [_line(text) for text in arguments.header]
    if arguments.origin is not None:
        lines.append(DraftLine(b"Origin", os.fsencode(arguments.origin)))
    if arguments.subprotocol:
        lines.append(DraftLine(PROTOCOL, b", ".join(map(os.fsencode, arguments.subprotocol))))
    known = {each.name: each.value for each in set_called(arguments.variables).variables}
    filled = filled_draft(Draft(b"", lines=tuple(lines)), known | given_values(arguments.values))
    if filled.problem:
        raise WrongArgumentError(f"{filled.problem} --set NAME=VALUE gives it one.")
    return filled.draft.lines


def _line(text: str) -> DraftLine:
    if ":" not in text:
        raise WrongArgumentError(f"--header {text}: a header line has a colon, as “Name: value”.")
    return header_line(os.fsencode(text))
