"""The ways in which a request can be copied, in the order of the menu."""

from collections.abc import Callable
from dataclasses import dataclass

from wsinspector.conversation.options import Options
from wsinspector.share.command import hidden
from wsinspector.share.copying_as import programs, shells
from wsinspector.share.copying_as.asked import Asked, read
from wsinspector.share.copying_as.lacking import ALL, Can, as_it_stands, lacking
from wsinspector.share.copying_as.targets import as_node, as_url_standard, as_websockets
from wsinspector.translate import marked, translate

_TLS = frozenset({Can.CA, Can.ANY_CERTIFICATE})
_CURL = frozenset(Can) - {Can.SNI, Can.FORM}
_WEBSOCAT = frozenset({Can.VERSION, Can.LINES, Can.ORIGIN, Can.ANY_CERTIFICATE, Can.NO_EXTENSION})
_WSCAT = frozenset({Can.VERSION_8, Can.LINES, Can.ORIGIN}) | _TLS
_PYTHON = frozenset({Can.LINES, Can.ORIGIN, Can.DIALLED, Can.SNI, Can.NO_EXTENSION}) | _TLS
_NODE = frozenset({Can.VERSION_8, Can.LINES, Can.ORIGIN, Can.SNI, Can.NO_EXTENSION}) | _TLS


@dataclass(frozen=True, slots=True)
class Kind:
    """One way: ``name`` is what is typed, ``title`` what is shown (to be translated in "CopyAs")."""

    name: str
    title: str
    write: Callable[[Asked], str]
    able: frozenset[Can]
    written: Callable[[bytes], bytes] = as_it_stands  # what it makes of a target


KINDS: tuple[Kind, ...] = (
    Kind("curl", marked("CopyAs", "curl"), shells.curl, _CURL),
    Kind("websocat", marked("CopyAs", "websocat"), shells.websocat, _WEBSOCAT, as_url_standard),
    Kind("wscat", marked("CopyAs", "wscat"), shells.wscat, _WSCAT, as_node),
    Kind("python", marked("CopyAs", "Python (websockets)"), programs.python, _PYTHON, as_websockets),
    Kind("node", marked("CopyAs", "JavaScript (Node, ws)"), programs.node, _NODE, as_node),
    Kind("browser", marked("CopyAs", "JavaScript (browser)"), programs.browser, frozenset(), as_url_standard),
    Kind("raw", marked("CopyAs", "Raw bytes (printf)"), shells.raw, ALL),
)


@dataclass(frozen=True, slots=True)
class CopiedAs:
    """``text`` for the clipboard; ``without``: sentences on what it does not carry over.

    ``hidden``: whether secrets were replaced by a word.
    """

    text: str
    without: tuple[str, ...]
    hidden: bool


def copied_as(
    name: str, url: str, request: bytes, options: Options, *, with_secrets: bool = False
) -> CopiedAs:
    """The request to ``url`` in the way ``name``. Raises KeyError for another name.

    Where the address is not understood, nothing is written and ``without`` says why.
    """
    kind = next((each for each in KINDS if each.name == name), None)
    if kind is None:
        raise KeyError(name)
    safe = request if with_secrets else hidden(request)
    asked = read(url, safe, options)
    if asked.address.error is not None:
        return CopiedAs("", (asked.address.error,), False)
    without = list(lacking(asked, kind.able, kind.written))
    if not asked.draft.is_head and kind.name != "raw":
        return CopiedAs("", tuple(without), False)
    if kind.name == "curl":
        without = [*_unsaid_by_curl(asked), *without]
    return CopiedAs(kind.write(asked), tuple(without), safe != request)


def _unsaid_by_curl(asked: Asked) -> list[str]:
    said = []
    if b"\0" in asked.request:
        said.append(translate("CopyAs", "NUL bytes, which no argument of a command can hold."))
    if any(not line.value and line.between == b": " for line in asked.sent):
        said.append(translate("CopyAs", "The space before an empty value."))
    return said
