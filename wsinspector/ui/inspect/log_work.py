"""What the frame pane's own thread does: inflate, filter, copy; a bounded piece at a time."""

from array import array
from collections.abc import Callable

from wsinspector.conversation.options import Options
from wsinspector.present.copying import as_hex, as_json, as_text
from wsinspector.present.filtering import FilterRun
from wsinspector.present.payload import COPY_LIMIT, read_payload
from wsinspector.protocol.spans import Direction
from wsinspector.ui.inspect.log_model import LogModel

FILTER_SLICE_NS = 25_000_000
FIRST_SLICE_NS = 4_000_000
"""Of the first piece: what fits in it is shown before anything else is looked at."""


def reaching(model: LogModel, wanted: dict[int, tuple[int, int]]) -> Callable[[], None]:
    """Inflate the ``wanted`` frames: number to (direction, first frame of the message)."""

    def work() -> None:
        for number in sorted(wanted):
            direction, first = wanted[number]
            if model.inflation.seen(number) is None:
                model.inflation.reach(Direction(direction), number, first)

    return work


def deciding(run: FilterRun, model: LogModel) -> Callable[[], bytes]:
    """Hold frames against a filter for some milliseconds; a 0 or 1 for each."""

    def work() -> bytes:
        return run.work(len(model.rows.index), FILTER_SLICE_NS if run.done else FIRST_SLICE_NS)

    return work


def copying(model: LogModel, rows: "list[array[int]]", kind: str) -> Callable[[], str]:
    """The frames of ``rows`` as ``text``, ``json`` or ``hex``."""
    start = model.snapshot.mono_ns if model.snapshot is not None else 0

    def work() -> str:
        if kind == "json":
            return as_json(model.reading, rows, start)
        make = as_hex if kind == "hex" else as_text
        return make(model.reading, model.inflation, rows)

    return work


def scripting(model: LogModel, rows: "list[array[int]]", options: Options) -> Callable[[], str]:
    """A command that connects in the same way and sends what ``rows`` hold of ours, in order."""
    snapshot = model.snapshot

    def work() -> str:
        if snapshot is None:
            return ""
        messages = []
        frames = 0
        for numbers in rows:
            first = model.reading.facts(numbers[0])
            frames += len(numbers)
            if first is not None and first.out:
                payload = read_payload(model.reading, model.inflation, numbers, COPY_LIMIT)
                messages.append((first.opcode, payload.data if payload is not None else b""))
        from wsinspector.share.command import sending

        made = sending(snapshot.url, snapshot.request, options, messages, frames)
        notes = "".join(f"# without {text}\n" for text in made.without)
        return f"{notes}{made.command}\n" if made.command else f"{notes}# too long for a command\n"

    return work
