"""Dials for a sequence: an attempt of the conversation whose request is the sequence's, not the draft's."""

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from wsinspector.capture import AttemptWriter
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.connection import Connection
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.options import Options, policy_settings
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.conversation.spoken import spoken_with
from wsinspector.conversation.state import generated_in
from wsinspector.conversation.targets import LabAuthority, target_of
from wsinspector.protocol.address import Address
from wsinspector.protocol.draft import Draft


def begin(
    conversation: Conversation,
    address: Address,
    draft: Draft,
    options: Options,
    *,
    lab_authority: LabAuthority | None = None,
    prepare: Callable[[Connection], None],
    name: str = "",
    environment: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Attempt, Connection, AttemptWriter]:
    """Begin an attempt on the engine's thread; ``prepare`` has the connection before a byte travels.

    ``environment``: variables of auto-answers that are not kept in the capture.
    """
    request = draft.to_bytes()
    spoken = spoken_with(request, options.speak)
    wall_ns, mono_ns = time.time_ns(), time.monotonic_ns()
    generated = generated_in(draft)
    facts: dict[str, object] = {
        "url": address.url,
        "options": options.to_json(),
        "unsent": request.decode("latin-1"),
        "generated": list(generated),
        "dialect": spoken.proposed.name,
        "sequence": name,
    }
    if not conversation.title:
        conversation.title = address.url

    def made(number: int, attempt_id: int) -> Attempt:
        snapshot = AttemptSnapshot(
            serial=0,
            number=number,
            attempt_id=attempt_id,
            phase=Phase.LOOKUP,
            url=address.url,
            wall_ns=wall_ns,
            mono_ns=mono_ns,
            request=request,
            policy=options.policy,
            trouble=conversation.store_trouble,
            generated=generated,
            dialect=spoken.proposed.name,
            agreed=spoken.before,
        )
        return Attempt(options, snapshot)

    attempt, writer, recorder = conversation.record(facts, made, wall_ns=wall_ns, mono_ns=mono_ns)
    attempt.environment = environment
    engine = conversation.engine
    connection = Connection(
        engine,
        attempt,
        target_of(address, options, lab_authority),
        Exchange(request, policy_settings(options), echo=options.echo, speak=options.speak),
        writer,
        recorder,
    )
    attempt.connection = connection
    prepare(connection)
    engine.spawn(connection.run(), f"attempt {attempt.number} of {address.url}")
    return attempt, connection, recorder
