"""What is said of an answer that opened nothing, or opened oddly: values that the panes and reports show."""

import enum
from dataclasses import dataclass

from wsinspector.protocol.http import Response
from wsinspector.verdicts.finding import Subject


class Kind(enum.Enum):
    """What an answer is, told from its bytes; the values are the ids of the rules that tell it."""

    NOTHING = "answer-nothing"
    NOT_HTTP = "answer-not-http"
    HTTP_2 = "answer-http-2"
    TLS_MEANT = "answer-tls"
    HALF = "answer-half"
    OLD_ANSWER = "opened-old-answer"
    LIST_LIES = "opened-list-lies"
    UNDEFINED_TAKEN = "opened-undefined-version"
    VERSION_IN_101 = "opened-version-header"
    REDIRECT = "refused-redirect"
    DOWNGRADED = "refused-downgraded"
    UPGRADE_LOST = "refused-upgrade-lost"
    NOT_ASKED = "refused-not-asked"
    OTHER_PROTOCOL = "refused-other-protocol"
    LISTED = "refused-listed-version"
    OTHER_REASON = "refused-other-reason"
    CREDENTIALS = "refused-credentials"
    FORBIDDEN = "refused-forbidden"
    NOT_FOUND = "refused-not-found"
    GATEWAY = "refused-gateway"
    VERSION_LISTED = "refused-version-list"
    VERSION_UNLISTED = "refused-version-no-list"
    METHOD = "refused-method"
    HEALTH_PAGE = "refused-health-page"
    PLAIN_PAGE = "refused-plain-page"
    OWN_PAGE = "refused-own-page"
    VERSION_LIKELY = "refused-version-likely"
    REQUEST_FAULT = "refused-request-fault"
    BROWSER_PAGE = "refused-browser-page"
    NOT_SUPPORTED = "refused-not-supported"
    FAILED_INSIDE = "refused-server-error"
    UNSAID = "refused-unsaid"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier attempt on the same address. ``number`` is what it is called, counted from 1."""

    number: int
    request: bytes
    response: Response | None


@dataclass(frozen=True, slots=True)
class Quote:
    """Bytes of the conversation that a sentence rests on. ``text``: they as text, escaped and cut."""

    subject: Subject
    text: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """A box that signed the answer. ``box``: its id; ``name``: what it is called.

    ``quote``: its signature; None where it is the name on a certificate, then ``certificate``.
    """

    box: str
    name: str
    quote: Quote | None
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where to look in ``name``'s configuration; ``lines`` as they would stand there.

    ``recalled``: as its documentation has it, and never tried here.
    """

    name: str
    lines: tuple[str, ...]
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """Where the handshake was lost. ``rests_on``: the evidence as a sentence; ``why``: how that comes."""

    sentence: str
    rests_on: str
    why: str
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer told for what it is.

    ``sentence``: one or two, of the evidence only; ``guess``: it begins with "Probably". ``remark``: a
    further thing the evidence carries, such as a list that came with another reason, or empty.
    ``not_the_version``: the evidence shows that another version would not have helped.
    """

    kind: Kind
    sentence: str
    evidence: tuple[Quote, ...]
    clause: str
    guess: bool
    remark: str = ""
    not_the_version: bool = False
    spoke: tuple[Spoke, ...] = ()
    lost: Lost | None = None
