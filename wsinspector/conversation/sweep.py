"""A sweep: many odd requests to many servers side by side, a few at once each, paced, and cancellable."""

import os
import ssl
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.side_by_side import Pacing, SideBySide, Workers
from wsinspector.conversation.state import generated_in
from wsinspector.conversation.sweep_capture import KEY, ODDS, SweepCapture, odd_to_json
from wsinspector.conversation.sweep_plan import SweepPlan, SweepServer
from wsinspector.conversation.sweep_probe import Asking, AskingLink, Clock, Watch
from wsinspector.conversation.sweep_results import SweepPhase, SweepResults, SweptServer
from wsinspector.conversation.targets import LabAuthority
from wsinspector.live.brief import connect_briefly
from wsinspector.live.dial import DialError, Target, context_for, dial, dial_address, network_reason
from wsinspector.live.resolve import ResolvedAddress
from wsinspector.live.tls import TlsSettings
from wsinspector.protocol.accept import key_from
from wsinspector.protocol.sweep_requests import Composer
from wsinspector.verdicts.sweep_cells import Probe

CLOSE_SECONDS = 3.0
GIVE_UP = 3
"""Connections in a row that do not come to be, after which a server that was reached is left alone."""

AHEAD = 64
"""Requests made at a time."""


class Sweep(SideBySide[SweepResults]):
    """One run of a plan.

    Every byte goes to the capture ``path`` as it travels; without one, to a private file that goes with
    :meth:`close`. Raises FileExistsError, another OSError or sqlite3.Error where the file cannot be made,
    ValueError where an address of the plan is not understood.
    """

    def __init__(
        self,
        engine: Engine,
        plan: SweepPlan,
        path: Path | None = None,
        *,
        lab_authority: LabAuthority | None = None,
    ) -> None:
        super().__init__(engine, "sweep", plan.servers, CLOSE_SECONDS)
        self.plan = plan
        self._odds = tuple(request.odd for request in plan.requests)
        self._capture = SweepCapture(path)
        self._parts: tuple[_ServerRun, ...] = tuple(
            _ServerRun(self, index, server, lab_authority) for index, server in enumerate(plan.servers)
        )
        self._first()

    @property
    def path(self) -> Path:
        """The capture; :meth:`SweepResults.place` says where in it a cell is."""
        return self._capture.path

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that came is in the file; False where ``timeout`` (s) passes first."""
        return self._capture.writer.flush(timeout)

    @property
    def capture(self) -> SweepCapture:
        return self._capture

    def _give_back(self) -> None:
        trouble = self._capture.close()
        if trouble:
            with self._changed:
                self._results = replace(self._results, serial=self._results.serial + 1, trouble=trouble)
                self._changed.notify_all()

    def _ending(self, phase: SweepPhase, seconds: float) -> None:
        for run in self._parts:
            run.running = 0
            run.conclude()
            self._capture.end(run.conversation_id, phase=phase.value, trouble=run.trouble, seconds=seconds)

    def _made(self, serial: int, phase: SweepPhase) -> SweepResults:
        plan = self.plan
        for run in self._parts:
            run.conclude()
        return SweepResults(
            serial=serial,
            phase=phase,
            odds=self._odds,
            servers=tuple(run.swept() for run in self._parts),
            began_wall_ns=self._began_wall,
            seconds=time.monotonic() - self._began,
            sets=plan.sets,
            at_once=plan.at_once,
            pace=plan.pace,
            timeout=plan.timeout,
            path=str(self._capture.path),
            trouble=self._capture.writer.trouble or "",
        )


class _ServerRun:
    """One server's part; on the engine's thread but for :meth:`swept`."""

    def __init__(
        self, sweep: Sweep, index: int, server: SweepServer, lab_authority: LabAuthority | None
    ) -> None:
        self.server = server
        self.running = 0
        self.over = False
        self.trouble = ""
        self._sweep = sweep
        self._plan = plan = sweep.plan
        address = server.address
        tls = None
        if address.secure:
            authority = lab_authority(address.host, address.port) if lab_authority is not None else None
            tls = TlsSettings(verify=plan.verify, ca_file=plan.ca_file, ca_pem=authority or "")
        self._target = Target(address.host, address.port, None, tls)
        self._options = Options(timeout=plan.timeout, verify=plan.verify, ca_file=plan.ca_file)
        self._key = key_from(os.urandom(16))  # stands in the draft for the one drawn for each request
        self._draft = server.draft(self._key)
        self._composer, self._generated = Composer(self._draft), list(generated_in(self._draft))
        self.conversation_id = sweep.capture.begin(plan, index, server, self._draft, self._options)
        # What is at its default need not stand in thousands of attempts.
        changed = {name for name, _ in self._options.changed()}
        self._options_json = {
            name: value for name, value in self._options.to_json().items() if name in changed
        }
        self._probes: list[Probe | None] = [None] * len(plan.requests)
        self._next = 0
        self._pacing = Pacing(plan.pace)
        self._workers = Workers(sweep.engine, f"asking {server.name}")
        self._address: ResolvedAddress | None = None
        self._context: ssl.SSLContext | None = None
        self._failures = 0
        self._asked: list[Asking] = []
        self._ahead: dict[int, tuple[bytes, list[str]]] = {}

    def swept(self) -> SweptServer:
        return SweptServer(
            self.server.name,
            self.server.url,
            self.conversation_id,
            tuple(self._probes),
            self.running,
            self.over,
            self.trouble,
            self.server.lab,
        )

    def cancel(self) -> None:
        self._workers.cancel()

    async def carry(self) -> None:
        """Ask the first request alone, to learn which address answers; then a few at once."""
        try:
            await self._workers.together(lambda: self._work(only_first=True), 1)
            if self._address is None and self._probes and not self._workers.cancelled:
                self.conclude()
                first = self._probes[0]
                self.trouble = first.network_error if first is not None else ""
                return
            if self._target.tls is not None and not self._workers.cancelled:
                self._context = await context_for(self._target.tls)
            await self._workers.together(lambda: self._work(only_first=False), self._plan.at_once)
        finally:
            self.over = True
            self._sweep.changed()

    async def _work(self, *, only_first: bool) -> None:
        while self._next < len(self._plan.requests) and not self.trouble and not self._workers.cancelled:
            await self._pacing.turn()
            if self._next >= len(self._plan.requests) or self.trouble or self._workers.cancelled:
                return
            # From here to the attempt in the file nothing waits, so that numbers have no holes.
            place = self._next
            self._next += 1
            await self._ask(place)
            if only_first:
                return

    async def _ask(self, place: int) -> None:
        request = self._plan.requests[place]
        data = self._request(place)
        _, generated = self._ahead.pop(place)
        clock = Clock(time.time_ns(), time.monotonic_ns())
        asking = Asking(request.odd, place + 1, data, clock, self._plan.timeout)
        facts: dict[str, Any] = {
            "url": self.server.url,
            "options": self._options_json,
            "generated": generated,
            "request_length": len(asking.request),
            KEY: True,
        }
        if place == 0:
            facts[ODDS] = [odd_to_json(each.odd) for each in self._plan.requests]
        asking.recorder = self._sweep.capture.writer.new_attempt(
            self.conversation_id, place + 1, wall_ns=clock.wall_ns, mono_ns=clock.mono_ns, facts=facts
        )
        self.running += 1
        self._sweep.changed()
        try:
            await asking.run(self._dial)
        finally:
            self.running -= 1
            self._asked.append(asking)
            self._count(asking.unreached)
            self._sweep.changed()

    def conclude(self) -> None:
        """Make answers of what was asked since the last call, many at once, which is faster than each."""
        asked, self._asked = self._asked, []
        for asking in asked:
            self._probes[asking.number - 1] = asking.conclude()

    def _request(self, place: int) -> bytes:
        """The bytes of a request; some are made ahead, many at once, with a fresh key each."""
        if place not in self._ahead:
            for request in range(place, min(place + AHEAD, len(self._plan.requests))):
                odd = self._plan.requests[request]
                data, generated = self._composer.bytes_of(odd.odd), self._generated
                if data is None:
                    draft = odd.build(self._draft)
                    data, generated = draft.to_bytes(), list(generated_in(draft))
                self._ahead[request] = (data.replace(self._key, key_from(os.urandom(16))), generated)
        return self._ahead[place][0]

    async def _dial(self, watch: Watch) -> AskingLink:
        within = self._plan.timeout
        if self._address is None:
            link = await dial(self._target, watch, within=within)
            self._address = watch.address
            return link
        if self._target.tls is not None:
            return await dial_address(
                self._address, self._target, watch, within=within, context=self._context
            )
        watch.connecting(self._address, time.monotonic_ns())
        try:
            brief = await connect_briefly(self._address, within)
        except TimeoutError:
            raise
        except OSError as error:
            text = f"No TCP connection. {self._address}: {network_reason(error)}."
            raise DialError("tcp", text) from error
        watch.connected(self._address, time.monotonic_ns())
        return brief

    def _count(self, unreached: str) -> None:
        """Leave a server alone that takes no connection any more."""
        self._failures = self._failures + 1 if unreached else 0
        if self._failures >= GIVE_UP and not self.trouble:
            self.trouble = f"It took no connection any more: {unreached}"
