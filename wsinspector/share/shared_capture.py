"""A capture as a capture again: its secrets left out and listed in it, and nothing moved."""

import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from wsinspector.capture import AttemptRow, CaptureReader, ConversationRow, GapRow
from wsinspector.capture.copying import CopyCancelled, copy_capture
from wsinspector.capture.rewriting import rewrite
from wsinspector.capture.rows import LEFT_OUT
from wsinspector.conversation.heads_kept import heads_kept
from wsinspector.conversation.restore import restored_attempt
from wsinspector.present.secrets import DOTS
from wsinspector.protocol.spans import Direction
from wsinspector.share.compressed_secrets import without_parts
from wsinspector.share.conversation_texts import event_without, facts_without, state_leaving
from wsinspector.share.leaving import Leaving, learn_conversation
from wsinspector.share.leaving_values import Cancelled
from wsinspector.share.left_out import FILL, Secrets, filled
from wsinspector.share.payloads_out import payload_patches
from wsinspector.share.stream_secrets import Patch, Patcher, StreamSecrets
from wsinspector.share.unsearched import tell_unsearched
from wsinspector.translate import translate

META = "left_out"
"""Key in the file's meta: JSON with what was left out, and whether payloads were."""

MOST_GAPS = 10_000
"""Places of one attempt that are listed each for itself."""

_CHUNK = 1 << 20


def write_capture(stream: BinaryIO, leaving: Leaving) -> None:
    """The one attempt that leaves, as a capture of its own.

    Of a choice of frames the others are there with their headers, and zeros in place of their payloads.
    """
    snapshot = leaving.snapshot
    only = None if leaving.conversation is None else [leaving.conversation.id]
    made = Copying(
        leaving.secrets.keep,
        leaving.all_frames,
        only,
        [snapshot.attempt_id],
        leaving.progress,
        leaving.cancelled,
        chosen=() if leaving.all_frames else leaving.numbers,
    )
    made.secrets = leaving.secrets
    made.into(stream, leaving.reader.path, None)


def left_out_of(reader: CaptureReader, attempt_id: int) -> tuple[GapRow, ...]:
    """The places of an attempt where something was left out when the file was made to be shared."""
    return tuple(gap for gap in reader.gaps(attempt_id) if gap.kind == LEFT_OUT)


class Copying:
    """One copy on its way; ``secrets`` has what was left out, whole once it was written.

    ``conversations``, ``attempts``: the ids of those that are copied; None for all. ``chosen``: rising
    numbers of frames whose payloads stay where others do not.
    """

    def __init__(
        self,
        with_secrets: bool,
        payloads: bool,
        conversations: Collection[int] | None,
        attempts: Collection[int] | None,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        *,
        chosen: Sequence[int] = (),
    ) -> None:
        self.secrets = Secrets(keep=with_secrets)
        self._chosen = chosen
        self._payloads = payloads
        self._conversations = conversations
        self._attempts = attempts
        self._progress = progress
        self._cancelled = cancelled

    def into(self, stream: BinaryIO, source: Path, folder: Path | None) -> None:
        """Write the copy of ``source`` to ``stream``.

        ``folder``: where files on the way lie; they hold secrets, are their owner's alone, and go.
        """
        with tempfile.TemporaryDirectory(prefix=".wsinspector-", dir=folder) as private:
            if source.with_name(source.name + "-wal").exists():
                # Somebody writes it, or was killed while writing: one moment of it is copied first.
                still = Path(private) / "still.wsi"
                try:
                    copy_capture(source, still, wanted=lambda: not self._cancelled())
                except CopyCancelled as error:
                    raise Cancelled from error
                source = still
            made = Path(private) / "copy.wsi"
            total = source.stat().st_size
            with CaptureReader(source) as reader:
                self._learn(reader)
                changes = _Changes(
                    reader, self.secrets, payloads=self._payloads, look=self._look, chosen=self._chosen
                )
                rewrite(
                    reader.source,
                    made,
                    changes,
                    conversations=self._conversations,
                    attempts=self._attempts,
                    look=lambda done: self._tell(done, total),
                )
            with made.open("rb") as whole:
                while piece := whole.read(_CHUNK):
                    self._look()
                    stream.write(piece)
            self._progress(total, total)

    def _learn(self, reader: CaptureReader) -> None:
        """Everything is learned before anything is written: a cookie of one attempt may stand in another."""
        if self.secrets.keep:
            return
        for row in self._wanted(reader):
            learn_conversation(self.secrets, row)
            for attempt in reader.attempts(row.id):
                self._look()
                _learn_attempt(self.secrets, reader, attempt)

    def _wanted(self, reader: CaptureReader) -> Iterator[ConversationRow]:
        for row in reader.conversations():
            if self._conversations is None or row.id in self._conversations:
                yield row

    def _tell(self, done: int, total: int) -> None:
        self._look()
        self._progress(min(done, total), total)

    def _look(self) -> None:
        if self._cancelled():
            raise Cancelled


def _learn_attempt(secrets: Secrets, reader: CaptureReader, row: AttemptRow) -> None:
    request, answers = heads_kept(reader, row)
    secrets.learn_head(request)
    for head in answers:
        secrets.learn_parsed(head)
    secrets.learn_address(str(row.facts.get("url", "")))


class _Changes:
    """As ``capture.rewriting.Changes``."""

    def __init__(
        self,
        reader: CaptureReader,
        secrets: Secrets,
        *,
        payloads: bool,
        look: Callable[[], None],
        chosen: Sequence[int],
    ) -> None:
        self._chosen = chosen
        self._reader = reader
        self._secrets = secrets
        self._payloads = payloads
        self._look = look
        self._rows = {row.id: row for row in reader.attempts()}
        self._leaving: Leaving | None = None
        self._patchers: dict[Direction, Patcher] = {}
        self._gaps: list[GapRow] = []
        self._beyond = 0
        self._ends: dict[Direction, int] = {}
        self._wide: dict[Direction, tuple[int, int]] = {}

    def conversation(self, number: int, title: str, draft: bytes, state: Any) -> tuple[str, bytes, Any]:
        """See the protocol."""
        del number
        if self._secrets.keep:
            return title, draft, state
        told = state_leaving(self._secrets, state) if isinstance(state, dict) else {}
        if isinstance(told.get("draft"), dict):
            # A draft is bytes, an octet a character: what stands for a secret in it must be one too.
            told["draft"] = _octets(told["draft"])
        shown = filled(self._secrets.head(draft, translate("SharedCopy", "the draft")))
        return str(self._secrets.plain(title, translate("SharedCopy", "the title"))), shown, told

    def attempt(self, number: int, facts: Any) -> Any:
        """See the protocol."""
        self._gaps, self._beyond, self._ends, self._wide = [], 0, {}, {}
        attempt = restored_attempt(self._reader, self._rows[number])
        leaving = Leaving(self._reader, attempt.snapshot, attempt.options, cancelled=self._given_up)
        leaving.secrets = self._secrets
        self._leaving = leaving
        hidden = StreamSecrets(self._reader, attempt.snapshot, self._secrets, leaving.veils)
        self._patchers = {}
        for direction in Direction:
            patches: Iterator[Patch] = hidden.patches(direction)
            if not self._payloads:
                starts = leaving.frame_starts()
                patches = payload_patches(leaving, direction, starts[direction], patches, self._chosen)
            self._patchers[direction] = Patcher(self._noted(direction, patches))
        if not isinstance(facts, dict):
            return {}
        told = facts if self._secrets.keep else facts_without(self._secrets, facts)
        if not self._payloads and isinstance(told.get("end"), dict):
            told = told | {"end": told["end"] | {"reason": ""}}
        return told

    def _given_up(self) -> bool:
        """To be asked on the way; raises where it is."""
        self._look()
        return False

    def _noted(self, direction: Direction, patches: Iterator[Patch]) -> Iterator[Patch]:
        for patch in patches:
            if patch.secret is not None:
                if len(self._gaps) < MOST_GAPS:
                    why = f"{patch.secret.name}, {patch.where}"
                    self._gaps.append(GapRow(LEFT_OUT, direction, patch.start, patch.end, why))
                else:
                    self._beyond += 1
                    if patch.veil is not None:
                        start, _ = self._wide.get(direction, (self._ends.get(direction, 0), 0))
                        self._wide[direction] = start, patch.end
                self._ends[direction] = patch.end
            yield patch

    def segment(self, direction: Direction, start: int, data: bytes) -> bytes:
        """See the protocol."""
        self._look()
        return self._patchers[direction].patched(start, data)

    def left_out(self) -> Iterable[GapRow]:
        """See the protocol."""
        assert self._leaving is not None
        yield from self._gaps
        if self._beyond:
            why = translate("SharedCopy", "%n more place(s) of secrets", "", self._beyond)
            yield GapRow(LEFT_OUT, None, 0, 0, why)
        for direction, (start, stop) in self._wide.items():
            # Not each for itself, but it must be known that no peer sent these zeros.
            why = translate("SharedCopy", "Payloads of compressed messages with secrets are zeros.")
            yield GapRow(LEFT_OUT, direction, start, stop, why)
        if not self._payloads:
            for direction, start in self._leaving.frame_starts().items():
                length = self._reader.stream_length(self._leaving.snapshot.attempt_id, direction)
                if start < length:
                    why = translate("SharedCopy", "The payloads of all frames are zeros.")
                    if self._chosen:
                        why = translate(
                            "SharedCopy", "The payloads of frames that were not chosen are zeros."
                        )
                    yield GapRow(LEFT_OUT, direction, start, length, why)
            self._leaving.numbers, self._leaving.all_frames = self._chosen, False
        tell_unsearched(self._leaving)

    def event(self, kind: str, data: Any) -> Any:
        """See the protocol."""
        del kind
        if self._secrets.keep or not isinstance(data, dict):
            return data
        return event_without(self._secrets, data)

    def window(self, direction: Direction, message: int, data: bytes) -> bytes | None:
        """See the protocol. One that holds a secret, or the end of one, can mostly be worked out again."""
        del direction, message
        if not self._payloads:
            return None
        clean = without_parts(self._secrets, data)
        for secret in () if self._secrets.keep else self._secrets.known:
            if len(secret) > 1:
                clean = clean.replace(secret.value, secret.fill)
        if clean == data:
            return data
        assert self._leaving is not None
        whole = not any(gap.kind == "frames" for gap in self._leaving.gaps)
        return None if whole else clean

    def windows(self) -> Iterable[tuple[Direction, int, bytes]]:
        """See the protocol: behind each message that stays, so that the next can be inflated."""
        assert self._leaving is not None
        if self._payloads:
            for (direction, message), window in self._leaving.veils().windows.items():
                yield direction, message, window

    def mark(self, name: str, note: str) -> tuple[str, str]:
        """See the protocol."""
        where = translate("SharedCopy", "a mark")
        return str(self._secrets.plain(name, where)), str(self._secrets.plain(note, where))

    def meta(self) -> Mapping[str, str]:
        """See the protocol."""
        told = {
            "secrets": not self._secrets.keep,
            "payloads": not self._payloads,
            "list": [each.text for each in self._secrets.left_out],
        }
        return {META: json.dumps(told, ensure_ascii=False)}


def _octets(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(DOTS, FILL.decode() * len(DOTS))
    if isinstance(value, dict):
        return {name: _octets(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_octets(each) for each in value]
    return value
