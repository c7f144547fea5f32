"""A run of provocations: a fresh connection each, a few at once, all kept in one capture file."""

import asyncio
import os
import tempfile
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.provoking_kept import KEY, end_to_json, plan_to_json, row_to_json
from wsinspector.conversation.provoking_one import early_bytes, greet, provoked
from wsinspector.conversation.provoking_results import (
    ProvokedRow,
    ProvokedServer,
    ProvokePlan,
    ProvokeResults,
)
from wsinspector.conversation.side_by_side import Pacing, SideBySide, Workers
from wsinspector.conversation.sweep_plan import SweepServer
from wsinspector.conversation.sweep_results import SweepPhase
from wsinspector.conversation.targets import LabAuthority
from wsinspector.live.threads import in_daemon_thread
from wsinspector.protocol.accept import key_from
from wsinspector.protocol.draft import EXTENSIONS, Draft, DraftLine
from wsinspector.protocol.provocations import Provocation
from wsinspector.protocol.request_lines import origin_of, with_lines
from wsinspector.translate import translate
from wsinspector.verdicts.provoked import Result, judged

CLOSE_SECONDS = 8.0
GREETINGS = 3
"""Plain connections that are tried before a server is said to take none any more."""

GREET_AGAIN = 0.5
"""Seconds between them."""


class Provoking(SideBySide[ProvokeResults]):
    """One run of a plan.

    Without ``path`` everything is kept in a private file that goes with :meth:`close`. Raises
    FileExistsError or another OSError where the file cannot be made, ValueError where an address of the
    plan is not understood.
    """

    def __init__(
        self,
        engine: Engine,
        plan: ProvokePlan,
        path: Path | None = None,
        *,
        lab_authority: LabAuthority | None = None,
    ) -> None:
        super().__init__(engine, "provocations", plan.servers, CLOSE_SECONDS)
        self.plan = plan
        self.lab_authority = lab_authority
        self._private: tempfile.TemporaryDirectory[str] | None = None
        if path is None:
            self._private = tempfile.TemporaryDirectory(prefix="wsinspector-")
            path = Path(self._private.name) / "provocations.wsi"
        elif path.exists():
            raise FileExistsError(f"{path.name} exists already.")
        self.path = path
        # The first plain connection to each server; open while the run lasts, so that its file stays so.
        self._parts: tuple[_ServerRun, ...] = tuple(
            _ServerRun(self, index, server) for index, server in enumerate(plan.servers)
        )
        self._first()

    def _give_back(self) -> None:
        for run in self._parts:
            run.plain.close()
        if self._private is not None:
            self._private.cleanup()

    def _ending(self, phase: SweepPhase, seconds: float) -> None:
        for run in self._parts:
            run.keep_end(phase, seconds)

    def _made(self, serial: int, phase: SweepPhase) -> ProvokeResults:
        troubles = (run.plain.store_trouble or run.plain.capture_trouble for run in self._parts)
        return ProvokeResults(
            serial,
            phase,
            self.plan.provocations,
            tuple(run.told() for run in self._parts),
            self._began_wall,
            time.monotonic() - self._began,
            self.plan.at_once,
            self.plan.timeout,
            str(self.path),
            next((trouble for trouble in troubles if trouble), ""),
            pace=self.plan.pace,
        )


class _ServerRun:
    """One server's part; on the engine's thread but for :meth:`told`."""

    def __init__(self, provoking: Provoking, index: int, server: SweepServer) -> None:
        self.server = server
        self._index = index
        self.over = False
        self._provoking = provoking
        self._plan = plan = provoking.plan
        self._options = Options(
            timeout=plan.timeout,
            verify=plan.verify,
            ca_file=plan.ca_file,
            policy="watch",  # a server that breaks a rule in return is looked at, and not failed
            answer_close=True,
        )
        self._rows: list[ProvokedRow | None] = [None] * len(plan.provocations)
        self._queue = deque(range(len(plan.provocations)))
        self._running: list[int] = []
        self._trouble = ""
        self._reached = self._pongs = False
        self._pacing = Pacing(plan.pace)
        self._workers = Workers(provoking.engine, f"provoking {server.name}")
        self.plain = self._conversation(translate("Provoking", "A plain connection"))
        self._kept = plan_to_json(plan, index, server)
        self.plain.beside[KEY] = self._kept

    def told(self) -> ProvokedServer:
        return ProvokedServer(
            self.server.name,
            self.server.url,
            tuple(self._rows),
            tuple(self._running),
            self.over,
            self._trouble,
            self._reached,
            self._pongs,
            self.server.lab,
        )

    def keep_end(self, phase: SweepPhase, seconds: float) -> None:
        """Put beside the plain connection how the run ended; its file is closed with it."""
        self.plain.beside[KEY] = self._kept | end_to_json(self.told(), phase, seconds)

    def cancel(self) -> None:
        self._workers.cancel()

    async def carry(self) -> None:
        """A plain connection first; where that opens, the provocations."""
        try:
            await self._workers.together(self._greet_first, 1)
            if self._reached:
                await self._workers.together(self._work, self._plan.at_once)
        finally:
            self.over = True
            self._provoking.changed()

    async def _greet_first(self) -> None:
        self._reached, self._pongs, self._trouble = await greet(self.plain, self._plan.timeout)
        self._provoking.changed()

    async def _work(self) -> None:
        while self._queue and not self._workers.cancelled and not self._trouble:
            place = self._queue.popleft()
            self._running.append(place)
            try:
                await self._pacing.turn()
                await self._provoke(place)
            finally:
                self._running.remove(place)
                self._provoking.changed()

    async def _provoke(self, place: int) -> None:
        provocation = self._plan.provocations[place]
        began = time.monotonic()
        conversation = self._conversation(f"{provocation.title} ({provocation.id})", provocation)
        self._provoking.changed()
        row: ProvokedRow | None = None
        try:
            seen = await provoked(conversation, provocation, self._plan.timeout)
            if seen.crash_like:
                beside = tuple(self._plan.provocations[other].id for other in self._running if other != place)
                alive = await self._alive(conversation)
                seen = replace(seen, alive=alive, beside=() if alive else beside)
            seconds = time.monotonic() - began
            conversation.beside[KEY] = row_to_json(self._index, provocation, seen, seconds)
            number = conversation.conversation_id or 0
            row = ProvokedRow(seen, judged(provocation, seen), number, seconds)
            if seen.alive is False:
                self._trouble = translate(
                    "Provoking", "The server takes no new connection any more; nothing else was sent to it."
                )
        finally:
            try:
                # It waits for the writer, which the other connections must not do.
                await asyncio.shield(in_daemon_thread(conversation.close, "giving back a conversation"))
            finally:
                self._rows[place] = row  # not before: who opens it finds all that is kept beside it

    async def _alive(self, conversation: Conversation) -> bool:
        """Whether a plain connection opens, in the same conversation, as its later attempts."""
        conversation.set_draft(self._draft())
        for turn in range(GREETINGS):
            if turn:
                await asyncio.sleep(GREET_AGAIN)
            if (await greet(conversation, self._plan.timeout))[0]:
                return True
        return False

    def _draft(self) -> Draft:
        draft = with_lines(self.server.draft(key_from(os.urandom(16))), self._plan.lines)
        return draft.with_generated(origin=origin_of(self.server.address))

    def _conversation(self, title: str, provocation: Provocation | None = None) -> Conversation:
        made = Conversation(
            self._provoking.engine, self._provoking.path, lab_authority=self._provoking.lab_authority
        )
        several = len(self._plan.servers) > 1
        made.title = f"{self.server.name}: {title}" if several else title
        made.set_address(self.server.url)
        made.set_options(self._options)
        draft = self._draft()
        if provocation is not None:
            if provocation.offers:
                draft = draft.insert(len(draft.lines), DraftLine(EXTENSIONS, provocation.offers))
            if provocation.early:
                draft = draft.with_tail(early_bytes(provocation))
        made.set_draft(draft)
        return made


def faults_of(server: ProvokedServer) -> int:
    """Rows of a server that are not as the standard requires, or crashed."""
    return server.count(Result.WRONG) + server.count(Result.CRASHED)


__all__ = ["Provoking", "faults_of"]
