"""What went wrong inside the program, as text that a person may hand on; nothing is sent anywhere."""

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from wsinspector.present.plain import visible
from wsinspector.translate import translate

MOST = 20
"""Different errors that are told apart; of later ones only the number is kept."""

LONGEST = 400
"""Lines of one error's trace."""

# What follows one of these is a secret wherever it stands: an error may quote a header or an address.
_SECRET = re.compile(
    r"(?i)((?:proxy-)?authorization|(?:set-)?cookie|[\w-]*(?:token|secret|password|api[_-]?key)[\w-]*)"
    r"(['\"]?\s*[:=]\s*(?:b?['\"])?)([^'\"\s,;&)]+(?: [\w.~+/=-]+)?)"
)
_USER = re.compile(r"(?<=://)[^/\s'\"@]+@")


@dataclass(slots=True)
class Trouble:
    """One error inside the program. ``seconds``: from the start to the first time; ``count``: how often."""

    where: str
    trace: str
    seconds: float
    count: int = 1


class Troubles:
    """The errors of this run, each different one once."""

    def __init__(self) -> None:
        self.seen: list[Trouble] = []
        self.more = 0

    def add(self, where: str, error: BaseException, seconds: float) -> Trouble | None:
        """Note ``error``: the trouble where it is a new one, None where it is known or there are too many."""
        lines = traceback.format_exception(error)
        trace = "".join(lines)
        for known in self.seen:
            if known.trace == trace and known.where == where:
                known.count += 1
                return None
        if len(self.seen) >= MOST:
            self.more += 1
            return None
        made = Trouble(where, trace, seconds)
        self.seen.append(made)
        return made


def crash_report(
    facts: Mapping[str, str], troubles: Troubles, fault: str = "", folders: Mapping[str, str] | None = None
) -> str:
    """The report: ``facts`` a line each, then what was seen.

    ``fault``: what a crash handler wrote before the program ended. ``folders``: what stands for a folder's
    path in the text, the longest first, as for the home folder. Secrets are masked as far as they are known
    by their names.
    """
    lines = [f"{name}: {value}" for name, value in facts.items()]
    if fault:
        lines += ["", translate("CrashReport", "How it ended:"), *_cut(fault.strip("\n"))]
    for trouble in troubles.seen:
        lines += ["", _head(trouble), *_cut(trouble.trace.rstrip("\n"))]
    if troubles.more:
        lines += ["", translate("CrashReport", "%n more error(s), not listed here.", "", troubles.more)]
    text = "\n".join(visible(line) for line in lines)
    for folder, name in (folders or {}).items():
        if len(folder) > 1:
            text = text.replace(folder, name)
    text = _USER.sub("•••@", text)
    return _SECRET.sub(lambda found: f"{found[1]}{found[2]}•••", text) + "\n"


def error_in_a_line(trace: str) -> str:
    """The last line of a trace: what kind of error, and what it says."""
    told = [line for line in trace.splitlines() if line.strip()]
    return visible(told[-1].strip()) if told else ""


def _head(trouble: Trouble) -> str:
    told = translate("CrashReport", "{where}, {seconds} s after the start").format(
        where=visible(trouble.where), seconds=f"{trouble.seconds:.1f}"
    )
    if trouble.count > 1:
        often = translate("CrashReport", "seen %n time(s)", "", trouble.count)
        told = f"{told}; {often}"
    return f"{told}:"


def _cut(text: str) -> list[str]:
    lines = text.splitlines()
    if len(lines) <= LONGEST:
        return lines
    left = len(lines) - LONGEST
    half = LONGEST // 2
    return [*lines[:half], translate("CrashReport", "(%n line(s) left out)", "", left), *lines[-half:]]
