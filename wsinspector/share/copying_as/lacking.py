"""What a client cannot be told of a request, in sentences."""

from collections.abc import Callable, Iterator
from enum import Enum, auto

from wsinspector.present.plain import visible
from wsinspector.share.copying_as.asked import Asked, text_of
from wsinspector.translate import translate


class Can(Enum):
    """What a client can be told beside the address and further header lines."""

    START = auto()  # another method, target or HTTP version
    FORM = auto()  # separators, line endings, bytes behind the head
    HOST = auto()
    UPGRADE = auto()
    KEY = auto()
    VERSION = auto()  # any one value
    VERSION_8 = auto()  # 8 beside 13
    VERSIONS = auto()  # any number of version lines
    EXTENSIONS = auto()  # any extension line
    NO_EXTENSION = auto()  # to offer none
    LINES = auto()  # header lines of one's own
    ORIGIN = auto()
    DIALLED = auto()
    SNI = auto()
    CA = auto()
    ANY_CERTIFICATE = auto()
    ORDER = auto()  # order and letter case of lines


ALL = frozenset(Can)


def as_it_stands(target: bytes) -> bytes:
    """What a client makes of a target that leaves it alone."""
    return target


def lacking(
    asked: Asked, able: frozenset[Can], written: Callable[[bytes], bytes] = as_it_stands
) -> tuple[str, ...]:
    """What of ``asked`` is lost on a client that is ``able`` to that much, the weightiest first.

    ``written``: what the client makes of a target.
    """
    return tuple(_lacking(asked, able, written))


def unsaid_lines(asked: Asked) -> list[str]:
    """Names of the further lines whose values are no text."""
    return [visible(line.name.decode("latin-1")) for line in asked.others if text_of(line.value) is None]


def _lacking(asked: Asked, able: frozenset[Can], written: Callable[[bytes], bytes]) -> Iterator[str]:
    if not asked.draft.is_head and Can.FORM not in able:
        yield translate("CopyAs", "The request is no HTTP head; only its bytes say it.")
        return
    yield from _of_the_version(asked, able)
    if not asked.ordinary_start and Can.START not in able:
        line = visible(asked.draft.request_line.decode("latin-1"))
        yield translate("CopyAs", "The request line “{0}”.").format(line)
    else:
        yield from _of_the_target(asked, written)
    if not asked.ordinary_host and Can.HOST not in able:
        yield translate("CopyAs", "The Host line: it is made of the address.")
    if not asked.ordinary_upgrade and Can.UPGRADE not in able:
        yield translate("CopyAs", "Upgrade and Connection as they stand here.")
    if not asked.ordinary_key and Can.KEY not in able:
        yield translate("CopyAs", "The key: one is drawn anew.")
    if asked.values(b"Sec-WebSocket-Extensions") and Can.EXTENSIONS not in able:
        yield translate("CopyAs", "The offered extensions: this client offers its own, or none.")
    elif Can.NO_EXTENSION not in able:
        yield translate("CopyAs", "That no extension is offered: this client offers permessage-deflate.")
    if Can.LINES not in able:
        lines = [*asked.others, *asked.named(b"User-Agent")]
        if lines:
            names = ", ".join(visible(line.name.decode("latin-1")) for line in lines)
            yield translate("CopyAs", "These lines, which a page cannot set: {0}.").format(names)
    elif Can.FORM not in able:
        names = ", ".join(unsaid_lines(asked))
        if names:
            yield translate("CopyAs", "Values that are no text: {0}.").format(names)
    if asked.values(b"Origin") and Can.ORIGIN not in able:
        yield translate("CopyAs", "The Origin: it is that of the page.")
    if not asked.ordinary_form and Can.FORM not in able:
        yield translate("CopyAs", "Separators and line endings out of the ordinary.")
    if asked.draft.tail and Can.FORM not in able:
        yield translate("CopyAs", "%n byte(s) behind the head.", "", len(asked.draft.tail))
    yield from _of_the_options(asked, able)
    if Can.ORDER not in able:
        yield translate("CopyAs", "The order of the lines, and their letter case.")


def _of_the_target(asked: Asked, written: Callable[[bytes], bytes]) -> Iterator[str]:
    target = asked.draft.target
    if not target.startswith(b"/") or (sent := written(target)) == target:
        return
    shown = visible(target.decode("utf-8", "backslashreplace"))
    if not sent:
        said = translate("CopyAs", "The target “{0}”: this client refuses it, and sends nothing.")
        yield said.format(shown)
        return
    yield translate("CopyAs", "The target “{0}”: this client sends “{1}”.").format(
        shown, visible(sent.decode("latin-1"))
    )


def _of_the_version(asked: Asked, able: frozenset[Can]) -> Iterator[str]:
    found = asked.values(b"Sec-WebSocket-Version")
    if found == [b"13"] or Can.VERSIONS in able:
        return
    if not found:
        yield translate("CopyAs", "That there is no Sec-WebSocket-Version: this client sends one.")
    elif len(found) > 1:
        yield translate("CopyAs", "%n version lines: this client sends one.", "", len(found))
    elif Can.VERSION not in able and not (Can.VERSION_8 in able and found == [b"8"]):
        value = visible(found[0].decode("latin-1"))
        yield translate("CopyAs", "Version “{0}”: this client always says 13.").format(value)


def _of_the_options(asked: Asked, able: frozenset[Can]) -> Iterator[str]:
    options = asked.options
    if asked.dialled is not None and Can.DIALLED not in able:
        yield translate("CopyAs", "That {0} is dialled.").format(visible(options.connect_to))
    if asked.address.secure:
        if options.sni and Can.SNI not in able:
            yield translate("CopyAs", "The SNI {0}.").format(visible(options.sni))
        if options.ca_file and Can.CA not in able:
            yield translate("CopyAs", "The file of authorities that are trusted.")
        if not options.verify and Can.ANY_CERTIFICATE not in able:
            yield translate("CopyAs", "That any certificate is accepted.")
    if options.speak and Can.FORM not in able:
        yield translate("CopyAs", "That {0} is spoken after the answer.").format(options.speak)
