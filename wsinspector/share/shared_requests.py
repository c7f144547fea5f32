"""Saved requests as a file for others: without secrets unless asked, and what stayed behind is listed."""

import dataclasses
from dataclasses import dataclass

from wsinspector.conversation.filling_in import is_variable, named_in
from wsinspector.library.request_file import requests_text
from wsinspector.library.requests import Node, RequestFolder, SavedRequest, slashed
from wsinspector.present.plain import visible
from wsinspector.present.secrets import secret_spans
from wsinspector.translate import translate

PLACE = b"{{secret}}"
"""What stands where a secret was: it has to be given a value before the request can leave."""


@dataclass(frozen=True, slots=True)
class SharedRequests:
    """The text of the file, and a line for each thing that is not in it."""

    text: str
    left_out: tuple[str, ...] = ()


def shared_requests(node: Node, *, secrets: bool = False) -> SharedRequests:
    """``node``, a request or a folder, as a file. ``secrets``: with them.

    Values of variables from sets are never in it; names stay as ``{{name}}``.
    """
    whole = RequestFolder("", (node,)) if not isinstance(node, RequestFolder) or node.name else node
    left_out: list[str] = []
    names: dict[str, None] = {}
    shared = _bare(whole, (), left_out, secrets)
    for _, request in shared.requests():
        names.update(dict.fromkeys(named_in(request.address, request.draft)))
    head = ["Saved requests of wsinspector. A character of a line is a byte."]
    if names:
        head.append("Variables to give values to: " + ", ".join(names))
    return SharedRequests(requests_text(shared, head="\n".join(head)), tuple(left_out))


def _bare(folder: RequestFolder, names: tuple[str, ...], left: list[str], secrets: bool) -> RequestFolder:
    if secrets:
        return folder
    nodes: list[Node] = []
    for node in folder.nodes:
        inner = (*names, node.name)
        if isinstance(node, RequestFolder):
            nodes.append(_bare(node, inner, left, secrets))
        else:
            nodes.append(_request(node, visible(slashed(inner)), left))
    return dataclasses.replace(folder, nodes=tuple(nodes))


def _request(request: SavedRequest, name: str, left: list[str]) -> SavedRequest:
    def say(what: str) -> None:
        left.append(translate("Requests", "{0}: {1}").format(name, what))

    address, changed = _without(b"", request.address.encode("utf-8", "surrogatepass"))
    if changed:
        say(translate("Requests", "a secret in the address"))
    draft = request.draft
    first, changed = _without(b"", draft.request_line)
    if changed:
        say(translate("Requests", "a secret in the request line"))
    draft = dataclasses.replace(draft, request_line=first)
    for at, line in enumerate(draft.lines):
        value, changed = _without(line.name.strip(b" \t").lower(), line.value)
        if changed:
            draft = draft.with_line(at, dataclasses.replace(line, value=value, generated=None))
            say(translate("Requests", "the value of {0}").format(visible(line.name.decode("latin-1"))))
    options = request.options
    if any(value for _, value in options.variables):
        say(translate("Requests", "the values of its variables"))
        options = dataclasses.replace(options, variables=tuple((each, "") for each, _ in options.variables))
    if options.ca_file:
        say(translate("Requests", "the file of a certificate authority"))
        options = options.without("ca_file")
    text = address.decode("utf-8", "surrogatepass")
    return dataclasses.replace(request, address=text, draft=draft, options=options)


def _without(name: bytes, value: bytes) -> tuple[bytes, bool]:
    """``value`` with a variable in place of each secret; one that is a variable already stays."""
    made, at = b"", 0
    for span in secret_spans(name, value):
        if is_variable(value[span.start : span.end]):
            continue
        made += value[at : span.start] + PLACE
        at = span.end
    return made + value[at:], at > 0
