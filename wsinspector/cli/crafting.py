"""``--craft``: frames made bit by bit, read from the command line or a file, judged aloud and sent."""

import json
import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wsinspector.cli.request import WrongArgumentError
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.crafting import SendingState, fresh_key
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.crafting import (
    Craft,
    CraftError,
    Plan,
    Standing,
    craft_from_plain,
    judge,
    plan_of,
)
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

MOST_FILE = 1 << 30
"""Bytes of a file that is a payload: it is held in memory."""

PATIENCE = 0.5
"""Seconds the engine has to say where our direction stands; a connection that is gone never says it."""


@dataclass(frozen=True, slots=True)
class Crafted:
    """A craft with the files that it names. ``option``: as the person wrote it, for what is said of it."""

    option: str
    craft: Craft
    files: dict[str, bytes]

    def plan(self, agreed: Agreed, window: bytes = b"") -> Plan:
        """The bytes for a client that agreed on ``agreed``."""
        return plan_of(
            self.craft, sender=Role.CLIENT, agreed=agreed, keys=fresh_key, files=self.files, window=window
        )


def read_craft(text: str) -> Crafted:
    """``text``: JSON, or members as TOML has them in a line. Raises WrongArgumentError."""
    return _crafted("--craft", _parsed("--craft", text), Path())


def read_craft_file(name: str) -> Crafted:
    """A file of TOML, or of JSON where it begins like JSON; paths in it count from its folder.

    Raises WrongArgumentError.
    """
    option = f"--craft-file {name}"
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongArgumentError(f"{option}: {error}") from None
    return _crafted(option, _document(option, text), Path(name).parent)


def _document(option: str, text: str) -> object:
    begin = text.lstrip()[:1]
    if begin in ("{", "["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            if begin == "{":  # a TOML file may begin with the [ of a table
                raise WrongArgumentError(f"{option}: no JSON: {error}") from None
    return _toml(option, text)


def _parsed(option: str, text: str) -> object:
    begin = text.lstrip()[:1]
    if begin in ("{", "["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            if begin == "[":
                raise WrongArgumentError(f"{option}: no JSON: {error}") from None
        return _toml(option, f"craft = {text}").get("craft")
    return _toml(option, f"craft = {{ {text} }}").get("craft")


def _toml(option: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise WrongArgumentError(f"{option}: no TOML: {error}") from None


def _crafted(option: str, plain: object, folder: Path) -> Crafted:
    try:
        craft = craft_from_plain(plain)
    except CraftError as error:
        raise WrongArgumentError(f"{option}: {error}") from None
    files = {name: _read(option, folder / name) for name in craft.files}
    return Crafted(option, craft, files)


def _read(option: str, path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_FILE:
            raise WrongArgumentError(f"{option}: {path} has more than 1 GiB.")
        return path.read_bytes()
    except OSError as error:
        raise WrongArgumentError(f"{option}: {error}") from None


def check_crafts(crafts: list[Crafted], agreed: Agreed) -> None:
    """Raise WrongArgumentError where the dialect cannot hold one of them."""
    for one in crafts:
        problem = one.plan(agreed).problem
        if problem:
            raise WrongArgumentError(f"{one.option}: {problem}")


def leave(attempt: Attempt, one: Crafted, say: Callable[[str], None]) -> bool:
    """Say what leaves and what a conforming peer must do about it, send it, and wait until it has left.

    False where no more can leave. Not on the engine's thread.
    """
    standing = _standing(attempt)
    plan = one.plan(attempt.snapshot.agreed, standing.window)
    if plan.problem:
        say(f"{one.option}: {plan.problem}")
        return True
    sentence = judge(plan, standing).sentence
    size = translate("CraftLines", "%n byte(s).", "", plan.size)
    say(f"{one.option}: {size} {sentence}")
    sending = attempt.send_plan(plan)
    while not sending.over and attempt.live:
        sending.wait(PATIENCE)
    progress = sending.progress
    if progress.state is SendingState.SENT:
        return True
    left = translate("CraftLines", "{0} of %n byte(s) left.", "", progress.total).format(progress.sent)
    say(f"{one.option}: {left} {progress.trouble}")
    return False


def _standing(attempt: Attempt) -> Standing:
    told: list[Standing] = []
    here = threading.Event()

    def hear(standing: Standing) -> None:
        told.append(standing)
        here.set()

    attempt.ask_standing(hear)
    while attempt.live and not here.wait(PATIENCE):
        pass
    return told[0] if told else Standing()
