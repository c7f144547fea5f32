"""The options that print a request for another tool in place of sending it."""

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsinspector.cli.request import Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --print-as and --with-secrets."""
    # Here, as what writes programs is of no use to any other command.
    from wsinspector.share.copying_as import KINDS

    group = parser.add_argument_group("for another tool")
    names = [kind.name for kind in KINDS]
    group.add_argument(
        "--print-as",
        choices=names,
        metavar="TOOL",
        help="send nothing; print the request for TOOL: " + ", ".join(names) + "; what it cannot be told "
        "goes to standard error",
    )
    group.add_argument(
        "--with-secrets", action="store_true", help="with --print-as: leave passwords, cookies and tokens in"
    )


def print_as(arguments: argparse.Namespace, request: "Request") -> int:
    """Print ``request`` as ``arguments`` want it; 0, or 1 where that tool cannot say it at all."""
    from wsinspector.cli.results import put
    from wsinspector.cli.telling import say
    from wsinspector.share.copying_as import copied_as

    made = copied_as(
        arguments.print_as,
        request.address.url,
        request.draft.to_bytes(),
        request.options,
        with_secrets=arguments.with_secrets,
    )
    if arguments.json:
        told = {"tool": arguments.print_as, "text": made.text, "not_carried": list(made.without)}
        put([json.dumps(told | {"secrets_left_out": made.hidden})])
        return 0 if made.text else 1
    if made.text:
        put(made.text.rstrip("\n").split("\n"))
    if made.hidden:
        say("secrets are left out; --with-secrets leaves them in")
    for sentence in made.without:
        say(f"not carried over: {sentence}")
    return 0 if made.text else 1
