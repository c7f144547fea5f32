"""The same request at every address of a name, side by side."""

import threading
from dataclasses import dataclass

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.snapshot import Timings
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.refusal import supported_versions


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address as it answered so far; ``outcome`` None while it is not known."""

    address: str
    number: int
    outcome: Outcome | None
    status: int | None
    reason: str
    supported_versions: tuple[str, ...] | None
    network_error: str
    timings: Timings


class AddressTable:
    """Rows that fill as the attempts get their answers; safe from any thread."""

    def __init__(self) -> None:
        self.trouble = ""
        self._attempts: tuple[Attempt, ...] = ()
        self._complete = threading.Event()

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return self._attempts

    @property
    def rows(self) -> tuple[AddressRow, ...]:
        """A row an address, in the order of the look-up."""
        return tuple(_row(attempt) for attempt in self._attempts)

    @property
    def done(self) -> bool:
        """Whether every address has been asked and has answered."""
        return self._complete.is_set() and not any(attempt.live for attempt in self._attempts)

    def wait_started(self, timeout: float | None = None) -> bool:
        """Wait until every address has its attempt; False where ``timeout`` (s) passes first."""
        return self._complete.wait(timeout)

    def add(self, attempt: Attempt) -> None:
        self._attempts = (*self._attempts, attempt)

    def complete(self) -> None:
        self._complete.set()

    def failed(self, text: str) -> None:
        self.trouble = text
        self._complete.set()


def _row(attempt: Attempt) -> AddressRow:
    snapshot = attempt.snapshot
    response = snapshot.response
    return AddressRow(
        address=attempt.options.connect_to,
        number=snapshot.number,
        outcome=snapshot.outcome,
        status=response.status if response is not None else None,
        reason=response.reason.decode("latin-1") if response is not None else "",
        supported_versions=supported_versions(response),
        network_error=snapshot.network_error,
        timings=snapshot.timings,
    )
