"""How an attempt turned out, in one word that does not depend on what was done afterwards."""

import enum

from wsinspector.protocol.http import HttpAnomaly, Response
from wsinspector.verdicts.finding import Verdict


class Outcome(enum.Enum):
    """The values are the words of the command line."""

    OPEN = "open"
    FAILED = "failed"
    REFUSED = "refused"
    NOT_HTTP = "not-http"
    NO_ANSWER = "no-answer"
    CLOSED = "closed"
    NETWORK_ERROR = "network-error"

    @property
    def opened(self) -> bool:
        return self is Outcome.OPEN


def outcome_of(
    verdict: Verdict | None,
    response: Response | None,
    *,
    network_error: bool,
    closed: bool,
    timed_out: bool,
) -> Outcome | None:
    """The outcome, or None while it is not yet known.

    ``network_error``: name, TCP or TLS failed. ``closed``: the stream ended (FIN or RST).
    ``timed_out``: the time allowed for the head is over. What came counts before how it ended:
    a whole head is judged also where the stream then broke.
    """
    if response is not None and any(seen.code is HttpAnomaly.NOT_HTTP for seen in response.anomalies):
        return Outcome.NOT_HTTP
    if response is not None and response.head.complete:
        if response.status is None:
            return Outcome.NOT_HTTP
        if response.status != 101:
            return Outcome.REFUSED
        if verdict is None and not response.complete and not (network_error or closed or timed_out):
            return None  # the digest behind the head is still to come
        return Outcome.FAILED if verdict is not None and verdict.breaks else Outcome.OPEN
    if response is not None and any(seen.code is HttpAnomaly.HEAD_LIMIT for seen in response.anomalies):
        return Outcome.NO_ANSWER
    if network_error:
        return Outcome.NETWORK_ERROR
    if closed:
        return Outcome.CLOSED
    return Outcome.NO_ANSWER if timed_out else None
