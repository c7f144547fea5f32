"""The command ``lab``: the built-in server alone, until it is stopped."""

import argparse
import asyncio
import contextlib
import json
import os
import shlex
import signal
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from wsinspector.cli.results import ReaderGoneError, put
from wsinspector.cli.telling import say
from wsinspector.lab.manners import USUAL, describe
from wsinspector.lab.server import Lab
from wsinspector.lab.versions import VersionRule, read_versions

LOOPBACK = "127.0.0.1"


def run(arguments: argparse.Namespace) -> int:
    """Return 0 once stopped by a signal, 3 without the port, 2 for a file that cannot be written."""
    return asyncio.run(_serve(arguments))


async def _serve(arguments: argparse.Namespace) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    lab = _made(arguments)
    if lab is None:
        return 2
    try:
        await lab.start()
    except OSError as error:
        where = f"port {arguments.port}" if lab.host == LOOPBACK else f"{lab.host}, port {arguments.port}"
        say(f"the lab cannot listen on {where}: {_why(error)}.")
        return 3
    try:
        await lab.ready()
        if lab.trouble:
            say(f"not everything could be started: {lab.trouble}")
        if arguments.save_authority is not None:
            try:
                lab.save_authority(Path(arguments.save_authority))
            except (OSError, ValueError) as error:
                say(f"--save-authority {arguments.save_authority}: {_why(error)}.")
                return 2
        with contextlib.suppress(ReaderGoneError):  # the lab serves on where its URLs were read by `head`
            put([json.dumps(_as_json(lab)) if arguments.json else _as_text(lab)])
        await stopped.wait()
        return 0
    finally:
        await lab.stop()


def _made(arguments: argparse.Namespace) -> Lab | None:
    """The lab that is asked for; None, with a reason told, where it cannot be."""
    try:
        versions = None if arguments.versions is None else read_versions(arguments.versions)
        rule = VersionRule(versions, arguments.refuse or USUAL)
    except ValueError as error:
        say(f"--versions {shlex.quote(arguments.versions)}: {error}.")
        return None
    if arguments.refuse is not None and versions is None:
        say(
            "--refuse without --versions: every version that there was is taken, so that only values which "
            "were never used, such as 99, are left to refuse."
        )
    beyond = arguments.beyond_loopback
    try:
        return Lab(
            arguments.host,
            arguments.port,
            beyond_loopback=beyond,
            rule=rule,
            report=lambda name, error: say(f"internal error in {name}: {error!r}"),
        )
    except ValueError as error:
        more = "" if beyond else " --beyond-loopback allows it: other machines can then reach the lab."
        say(f"--host {arguments.host}: {error}.{more}")
        return None


def _why(error: Exception) -> str:
    """What the system says, without asyncio's words around it."""
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number).lower() if number else str(error)


def _as_json(lab: Lab) -> dict[str, Any]:
    return {
        "url": lab.url,
        "port": lab.port,
        "host": lab.host,
        "versions": None if lab.rule.taken is None else list(lab.rule.taken),
        "refuse": lab.rule.manner,
        "scenarios": [
            {"name": one.name, "path": one.path, "description": one.description, "url": one.url}
            for one in lab.scenarios
        ],
        "entrances": [
            {"kind": one.kind, "description": one.description, "url": one.url, "port": one.port}
            for one in lab.entrances
        ],
        "authority_pem": lab.authority_pem,
    }


def _as_text(lab: Lab) -> str:
    wide = max(len(one.url) for one in lab.scenarios)
    lines = [f"{one.url:{wide}}  {one.description}" for one in lab.scenarios]
    lines += ["", "The same paths over TLS, and a second server:"]
    lines += [f"{one.url:{wide}}  {one.description}" for one in lab.entrances if one.kind != "plain"]
    return "\n".join([*lines, "", *at_start(lab), "", "Ctrl-C stops it."])


def at_start(lab: Lab) -> list[str]:
    """What is said of ``lab`` as a whole: its versions, and whether others can reach it."""
    rule = lab.rule
    taken = "every version that there was" if rule.taken is None else ", ".join(rule.taken)
    lines = [f"Taken: {taken}. Others get {rule.manner}: {describe(rule.manner)}"]
    if not ip_address(lab.host).is_loopback:
        lines.append(f"It listens on {lab.host}: other machines can reach it.")
    return lines
