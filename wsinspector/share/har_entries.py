"""The entries of a HAR as they are first looked through: everything but their messages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from wsinspector.share.har_gaps import LEFT_OUT, left_out_read
from wsinspector.share.har_heads import asks_for_websocket
from wsinspector.share.json_pull import JsonPull, WrongJson
from wsinspector.share.left_out import LeftOut

MESSAGES = "_webSocketMessages"
CONTROL = "_webSocketControlFrames"
_BILLION = 1_000_000_000


@dataclass(slots=True)
class HarEntry:
    """An entry without its messages; ``control``: frames that are none, ``earliest``: ns of the first."""

    data: dict[str, Any] = field(default_factory=dict)
    messages: int = 0
    control: list[dict[str, Any]] = field(default_factory=list)
    earliest: int | None = None
    error: str = ""

    def see(self, told: Any, wrong: Callable[[str], WrongJson]) -> None:
        if not isinstance(told, dict):
            raise wrong("a message should be an object")
        self.messages += 1
        if told.get("type") == "error":
            self.error = self.error or str(told.get("data", ""))  # why there is no answer, in Chrome's words
        at = time_of(told)
        if at is not None and (self.earliest is None or at < self.earliest):
            self.earliest = at

    @property
    def is_websocket(self) -> bool:
        request = self.data.get("request")
        url = str(request.get("url", "")) if isinstance(request, dict) else ""
        return (
            self.messages > 0
            or MESSAGES in self.data
            or self.data.get("_resourceType") == "websocket"
            or url.lower().startswith(("ws://", "wss://"))
            or asks_for_websocket(request)
        )


def survey(pull: JsonPull, look: Callable[[int], None]) -> tuple[str, list[HarEntry], list[LeftOut]]:
    """The creator, every entry without its messages, and the secrets that were left out."""
    creator, entries, seen = "", [], False
    left_out: list[LeftOut] = []
    for member in pull.members():
        if member != "log":
            pull.skip()
            continue
        seen = True
        for part in pull.members():
            if part == "creator":
                told = pull.value()
                if isinstance(told, dict):
                    creator = f"{told.get('name', '')} {told.get('version', '')}".strip()
            elif part == "entries":
                for _ in pull.items():
                    entries.append(_one(pull))
                    look(0)
            elif part == LEFT_OUT:
                left_out = left_out_read(pull.value())
            else:
                pull.skip()
    if not seen:
        raise pull.wrong("this is no export of wsinspector, and no HAR: it has no “log”")
    pull.end()
    return creator, entries, left_out


def _one(pull: JsonPull) -> HarEntry:
    entry = HarEntry()
    for member in pull.members():
        if member in (MESSAGES, CONTROL):
            if pull.opens() != "[":
                raise pull.wrong(f"“{member}” should be a list")
            entry.data[member] = None
            for _ in pull.items():
                told = pull.value()
                entry.see(told, pull.wrong)
                if member == CONTROL:
                    entry.control.append(told)
        else:
            entry.data[member] = pull.value()
    return entry


def entry_places(pull: JsonPull) -> Iterator[int]:
    for member in pull.members():
        if member != "log":
            pull.skip()
            continue
        for part in pull.members():
            if part == "entries":
                yield from pull.items()
            else:
                pull.skip()


def is_before(control: dict[str, Any], message: dict[str, Any]) -> bool:
    """Whether ``control`` travelled before the end of ``message``; of one moment, by the frames' numbers."""
    at, moment = time_of(message), time_of(control) or 0
    if at is None or moment != at:
        return at is not None and moment < at
    own, other = control.get("_frame"), message.get("_lastFrame", message.get("_frame"))
    return own < other if isinstance(own, int) and isinstance(other, int) else True


def time_of(told: dict[str, Any]) -> int | None:
    """Ns since 1970; None where it is no time."""
    when = told.get("time")
    if not isinstance(when, int | Decimal) or isinstance(when, bool) or not 0 <= when < 1 << 33:
        return None
    return int(when * _BILLION)
