"""Certificates as facts, of a connection or read by a second handshake that sends nothing."""

import asyncio
import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from wsinspector.conversation.progress import Progress
from wsinspector.live.certificates import CertificateFacts, describe_chain, sent_chain
from wsinspector.live.dial import DialError, Target, dial
from wsinspector.live.threads import in_daemon_thread
from wsinspector.live.tls import TlsStream

if TYPE_CHECKING:
    from wsinspector.conversation.engine import Engine


class ChainReading:
    """Puts a peer's certificates into the progress of an attempt; on the engine's thread."""

    def __init__(
        self,
        engine: "Engine",
        target: Target,
        progress: Progress,
        within: float,
        save: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._target = target
        self._progress = progress
        self._within = within
        self._save = save
        self._description: asyncio.Task[None] | None = None

    def describe(self, stream: TlsStream) -> None:
        """Begin to make facts of what the peer of ``stream`` sent."""
        self._description = self._engine.spawn(self._describe(stream), "certificates")

    async def described(self, within: float) -> None:
        """Wait until :meth:`describe` is done, at most ``within`` seconds."""
        if self._description is not None:
            await asyncio.wait({self._description}, timeout=within)

    def read_unverified(self) -> None:
        """Begin a handshake of its own that verifies nothing and sends nothing."""
        self._engine.spawn(self._read_unverified(), "reading certificates")

    async def _describe(self, stream: TlsStream) -> None:
        self._progress.certificates(await _facts(stream))
        self._progress.publish()

    async def _read_unverified(self) -> None:
        stream, trouble = await _handshake(self._target, self._within)
        if stream is not None:
            self._progress.secured(stream)
        self._progress.certificates(await _facts(stream) if stream is not None else (), trouble)
        self._save()
        self._progress.publish()


async def _facts(stream: TlsStream) -> tuple[CertificateFacts, ...]:
    chain = sent_chain(stream.ssl_object)
    return await in_daemon_thread(lambda: describe_chain(chain), "certificates")


async def _handshake(target: Target, within: float) -> tuple[TlsStream | None, str]:
    """What a handshake found, or why there was none."""
    if target.tls is None:
        return None, "This connection has no TLS."
    settings = dataclasses.replace(target.tls, verify=False, ca_file="", ca_pem="")
    try:
        link = await dial(dataclasses.replace(target, tls=settings), within=within)
    except DialError as error:
        return None, str(error)
    except TimeoutError:
        return None, f"No answer within {within:g} s."
    link.close()
    return link.tls, ""
