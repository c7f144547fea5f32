"""The command ``handshake``: one opening handshake, told whole."""

import argparse
import contextlib
import json

from wsinspector.cli.answer_report import answer_length, as_json, as_text, exit_code
from wsinspector.cli.interrupts import counted_interrupts
from wsinspector.cli.printing_as import print_as
from wsinspector.cli.request import build
from wsinspector.cli.results import ReaderGoneError, put
from wsinspector.cli.running import connected, conversation_for, received
from wsinspector.cli.telling import say

LOOK_AGAIN = 0.1
"""Seconds between looks for Ctrl-C."""

GIVE_UP = 3.0
"""Seconds a cancelled attempt has to let go of its socket."""


def run(arguments: argparse.Namespace) -> int:
    """Print the report; return the exit code. Raises WrongArgumentError."""
    request = build(arguments)
    for note in request.notes:
        say(note)
    if arguments.print_as is not None:
        return print_as(arguments, request)
    with counted_interrupts() as interrupts, conversation_for(request) as conversation:
        attempt = connected(conversation, handshake_only=True)
        while (snapshot := attempt.wait_ended(LOOK_AGAIN)) is None:
            if interrupts.count:
                attempt.cancel()
                snapshot = attempt.wait_ended(GIVE_UP) or attempt.snapshot
                break
        answer = received(conversation, snapshot, answer_length(snapshot))
    with contextlib.suppress(ReaderGoneError):  # whether it opened does not depend on who reads of it
        put([json.dumps(as_json(snapshot, answer))] if arguments.json else as_text(snapshot, answer))
    for trouble in (snapshot.network_error if arguments.json else "", snapshot.hint):
        if trouble:
            say(trouble)
    return exit_code(snapshot)
