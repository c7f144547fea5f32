"""A sweep as one capture file: a conversation a server, an attempt a request, the plan beside them."""

import functools
import tempfile
from pathlib import Path
from typing import Any

from wsinspector.capture import CaptureWriter
from wsinspector.conversation.options import Options
from wsinspector.conversation.state import state_to_json
from wsinspector.conversation.sweep_plan import SweepPlan, SweepServer
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.sweep_requests import Odd

KEY = "sweep"
"""The member of a conversation's state that tells of the plan; in an attempt's facts it is true."""

ODDS = "sweep_of"
"""The member of a first attempt's facts that holds the odd requests; attempt 1 is the first of them."""


class SweepCapture:
    """The file of a running sweep; without ``path`` a private one that goes when closed.

    Raises FileExistsError, another OSError or sqlite3.Error where ``path`` cannot be made.
    """

    def __init__(self, path: Path | None) -> None:
        self._private: tempfile.TemporaryDirectory[str] | None = None
        if path is None:
            self._private = tempfile.TemporaryDirectory(prefix="wsinspector-")
            path = Path(self._private.name) / "sweep.wsi"
        self.path = path
        self.writer = CaptureWriter.create(path)
        self._states: dict[int, dict[str, Any]] = {}

    def begin(self, plan: SweepPlan, index: int, server: SweepServer, draft: Draft, options: Options) -> int:
        """The conversation of one server; its id."""
        state = state_to_json(server.url, draft, options)
        state[KEY] = {
            "index": index,
            "name": server.name,
            "url": server.url,
            "lab": server.lab,
            "sets": list(plan.sets),
            "at_once": plan.at_once,
            "pace": plan.pace,
            "timeout": plan.timeout,
        }
        number = self.writer.new_conversation(server.name, state, draft.to_bytes())
        self._states[number] = state
        return number

    def end(self, conversation_id: int, *, phase: str, trouble: str, seconds: float) -> None:
        """Keep how the sweep of one server ended."""
        state = self._states[conversation_id]
        state[KEY] |= {"phase": phase, "trouble": trouble, "seconds": seconds}
        self.writer.update_conversation(conversation_id, state=state)

    def close(self) -> str:
        """Leave one plain file; what went wrong, as a sentence, or nothing."""
        closed = self.writer.close()
        if self._private is not None:
            self._private.cleanup()
        return closed.trouble or ""


@functools.lru_cache(maxsize=8192)
def odd_to_json(odd: Odd) -> dict[str, Any]:
    return {
        "id": odd.id,
        "label": odd.label,
        "what": odd.what,
        "group": odd.group,
        "values": None if odd.values is None else [value.decode("latin-1") for value in odd.values],
        "free": odd.free,
    }


def odd_from_json(data: dict[str, Any]) -> Odd:
    """The inverse of :func:`odd_to_json`. Raises KeyError, TypeError or ValueError for something else."""
    values = data["values"]
    return Odd(
        str(data["id"]),
        str(data["label"]),
        str(data["what"]),
        str(data["group"]),
        None if values is None else tuple(str(value).encode("latin-1") for value in values),
        bool(data["free"]),
    )
