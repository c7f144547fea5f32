"""Variables as a command is given them: on the command line, or by the name of a set of the Library."""

import argparse

from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.telling import say
from wsinspector.conversation.sequences.filling import GENERATED, NAME
from wsinspector.library.environments import EnvironmentStore, VariableSet


def name_and_value(text: str) -> tuple[str, str]:
    """``NAME=VALUE``, as argparse reads it."""
    name, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=VALUE")
    return name.strip(), value


def given_values(given: list[tuple[str, str]]) -> dict[str, str]:
    """The values of ``--set``. Raises WrongArgumentError for a name that no variable can have."""
    for name, _ in given:
        if not NAME.match(name):
            raise WrongArgumentError(f"--set {name}: a name has letters, digits, _ and -.")
        if name in GENERATED:
            raise WrongArgumentError(f"--set {name}: this variable is made by itself.")
    return dict(given)


def set_called(name: str | None) -> VariableSet:
    """The set of variables called ``name``; an empty one where none is asked for.

    None is used unasked: what names its variables may be somebody else's, and would send them to their
    server. Raises WrongArgumentError where there is no such set.
    """
    if not name:
        return VariableSet("")
    store = EnvironmentStore()
    found = store.load().named(name)
    if store.trouble:
        say(store.trouble)
    if found is None:
        raise WrongArgumentError(f"--variables: there is no set {name!r}")
    return found
