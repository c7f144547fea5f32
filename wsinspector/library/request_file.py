"""Saved requests as a TOML file that a person can read, send on and mend; what is wrong has a line."""

import dataclasses
import tomllib
from dataclasses import dataclass
from typing import Any

from wsinspector.conversation.options import POLICIES, Options
from wsinspector.conversation.sequences.members import Fault, Members
from wsinspector.conversation.sequences.places import Lines
from wsinspector.library.requests import DEEPEST, RequestFolder, SavedRequest
from wsinspector.library.whole_file import line_of
from wsinspector.protocol.dialects import dialect_of
from wsinspector.protocol.draft import Draft, DraftLine, Generated
from wsinspector.protocol.policy import PONG_PAYLOADS
from wsinspector.translate import translate

LARGEST = 16 << 20
"""Bytes of a file that are read."""

_CHOICES = {"policy": POLICIES, "pong_payload": PONG_PAYLOADS}
_CRLF = b"\r\n"


@dataclass(frozen=True, slots=True)
class ReadRequests:
    """A file, read: with faults only what is in order of it, and nothing of it may be written over."""

    whole: RequestFolder
    faults: tuple[Fault, ...] = ()


def read_requests(text: str) -> ReadRequests:
    """What the file says; never raises."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = translate("Requests", "It is no TOML here: {0}.").format(error)
        return ReadRequests(RequestFolder(), (Fault(line_of(error, text), said),))
    top = Members(data, (), Lines(text), [])
    whole = _folder(top, 0)
    return ReadRequests(whole, tuple(sorted(top.faults)))


def _folder(table: Members, depth: int) -> RequestFolder:
    name = table.text("name") if depth else ""
    notes = table.text("notes")
    nodes: list[RequestFolder | SavedRequest] = []
    if depth >= DEEPEST and table.has("folder"):
        said = translate("Requests", "More than {0} folders within folders are not read.")
        table.fault(said.format(DEEPEST), "folder")
        table.take("folder")
    found: list[tuple[int, RequestFolder | SavedRequest]] = []
    for each in table.tables("folder"):
        found.append((each.line, _folder(each, depth + 1)))
    for each in table.tables("request"):
        found.append((each.line, _request(each)))
    table.done()
    nodes = [node for _, node in sorted(found, key=lambda one: one[0])]
    return RequestFolder(name, tuple(nodes), notes)


def _request(table: Members) -> SavedRequest:
    name, notes, address = table.text("name"), table.text("notes"), table.text("address")
    exact = table.flag("exact")
    follows = table.flag("follows", default=True)
    draft = _draft(table)
    options = _options(table.table("options"))
    table.done()
    return SavedRequest(name, address, draft, options, notes, exact, follows)


def _draft(table: Members) -> Draft:
    listed = table.take("lines")
    ending = _bytes(table, "ending", _CRLF)
    blank = _bytes(table, "blank", _CRLF)
    tail = _bytes(table, "tail", b"")
    drawn = table.flag("tail_generated")
    if not isinstance(listed, list) or not listed or not isinstance(listed[0], str):
        table.fault(
            translate("Requests", "“lines” must be a list that begins with the request line."), "lines"
        )
        return Draft()
    first = _latin(table, "lines", listed[0]) or b""
    rows = [row for at, each in enumerate(listed[1:], 1) if (row := _row(table, at, each)) is not None]
    return Draft(first, ending, tuple(rows), blank, tail, drawn)


def _row(table: Members, at: int, told: object) -> DraftLine | None:
    if isinstance(told, str):
        data = _latin(table, "lines", told)
        return None if data is None else _split(data)
    if not isinstance(told, dict):
        table.fault(translate("Requests", "A line is a text, or a table with “line” in it."), "lines")
        return None
    inner = Members(told, (*table.path, "lines", at), table.lines, table.faults)
    if inner.has("name"):
        row = DraftLine(_bytes(inner, "name"), _bytes(inner, "value"), _bytes(inner, "between", b": "))
    else:
        row = _split(_bytes(inner, "line"))
    row = dataclasses.replace(row, ending=_bytes(inner, "ending", _CRLF), enabled=not inner.flag("off"))
    mark = inner.text("generated")
    marks = {each.value: each for each in Generated}
    if mark and mark not in marks:
        said = translate("Requests", "“generated” is one of {0}.").format(", ".join(marks))
        inner.fault(said)
    inner.done()
    return dataclasses.replace(row, generated=marks.get(mark))


def _split(data: bytes) -> DraftLine:
    """A line without its ending as a row: at the colon, as a reader of HTTP does."""
    name, colon, rest = data.partition(b":")
    if not colon:
        return DraftLine(data, b"", b"")
    value = rest.lstrip(b" \t")
    return DraftLine(name, value, b":" + rest[: len(rest) - len(value)])


def _bytes(table: Members, name: str, default: bytes = b"") -> bytes:
    if not table.has(name):
        return default
    found = _latin(table, name, table.text(name))
    return default if found is None else found


def _latin(table: Members, name: str, text: str) -> bytes | None:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        said = translate("Requests", "“{0}” is no byte: a character stands for a byte, up to \\u00ff.")
        table.fault(said.format(text[error.start]), name)
        return None


# -- options


def _options(table: Members | None) -> Options:
    if table is None:
        return Options()
    found: dict[str, Any] = {}
    default = Options()
    for spec in dataclasses.fields(Options):
        if table.has(spec.name):
            value = _option(table, spec.name, getattr(default, spec.name))
            if value is not None:
                found[spec.name] = value
        else:
            table.knows(spec.name)
    table.done()
    return dataclasses.replace(default, **found)


def _option(table: Members, name: str, default: object) -> Any:
    if name == "variables":
        inner = table.table(name)
        if inner is None:
            return None
        return tuple((each, inner.text(each)) for each in inner.left)
    if name == "alpn":
        return table.texts(name)
    if default is None or isinstance(default, bool):
        return table.flag(name)
    if isinstance(default, int):
        return table.whole(name, default, 0, 1 << 62)
    if isinstance(default, float):
        return table.seconds(name, default, above=name == "timeout")
    text = table.text(name)
    choices = _CHOICES.get(name)
    if choices is not None and text not in choices:
        said = translate("Requests", "{0} is one of {1}.").format(name, ", ".join(choices))
        table.fault(said, name)
        return None
    if name == "speak" and text and dialect_of(text) is None:
        table.fault(translate("Requests", "There is no dialect “{0}”.").format(text), name)
        return None
    return text


# -- writing


def requests_text(whole: RequestFolder, *, head: str = "") -> str:
    """The file of ``whole``: what is read from it is equal to what was written. ``head``: its comment."""
    out = [f"# {line}".rstrip() for line in head.split("\n")] if head else []
    if whole.notes:
        out.append(f"notes = {_notes(whole.notes)}")
    _write(out, whole, "")
    return "\n".join(out) + "\n"


def _write(out: list[str], folder: RequestFolder, prefix: str) -> None:
    for node in folder.nodes:
        if out:
            out.append("")
        if isinstance(node, RequestFolder):
            out += [f"[[{prefix}folder]]", f"name = {quoted(node.name)}"]
            if node.notes:
                out.append(f"notes = {_notes(node.notes)}")
            _write(out, node, f"{prefix}folder.")
        else:
            _write_request(out, node, prefix)


def _write_request(out: list[str], request: SavedRequest, prefix: str) -> None:
    draft = request.draft
    out += [f"[[{prefix}request]]", f"name = {quoted(request.name)}"]
    if request.notes:
        out.append(f"notes = {_notes(request.notes)}")
    out.append(f"address = {quoted(request.address)}")
    out += ["lines = [", f"  {_raw(draft.request_line)},", *(f"  {_line(row)}," for row in draft.lines), "]"]
    for name, value, usual in (
        ("ending", draft.request_ending, _CRLF),
        ("blank", draft.terminator, _CRLF),
        ("tail", draft.tail, b""),
    ):
        if value != usual:
            out.append(f"{name} = {_raw(value)}")
    for name, flag, as_usual in (
        ("tail_generated", draft.tail_generated, False),
        ("exact", request.exact, False),
        ("follows", request.follows, True),
    ):
        if flag != as_usual:
            out.append(f"{name} = {_plain(flag)}")
    default = Options()
    changed = [
        (spec.name, value)
        for spec in dataclasses.fields(Options)
        if (value := getattr(request.options, spec.name)) != getattr(default, spec.name)
    ]
    if changed:
        out.append(f"[{prefix}request.options]")
        out += [f"{name} = {_plain(value)}" for name, value in changed]


def _line(row: DraftLine) -> str:
    data = row.name + row.between + row.value
    members = [f"line = {_raw(data)}"]
    if dataclasses.replace(row, ending=_CRLF, enabled=True, generated=None) != _split(data):
        members = [f"name = {_raw(row.name)}", f"between = {_raw(row.between)}", f"value = {_raw(row.value)}"]
    elif row.ending == _CRLF and row.enabled and row.generated is None:
        return _raw(data)
    if row.ending != _CRLF:
        members.append(f"ending = {_raw(row.ending)}")
    if not row.enabled:
        members.append("off = true")
    if row.generated is not None:
        members.append(f"generated = {quoted(row.generated.value)}")
    return "{ " + ", ".join(members) + " }"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return "{ " + ", ".join(f"{quoted(name)} = {quoted(text)}" for name, text in value) + " }"
        return "[" + ", ".join(quoted(str(each)) for each in value) + "]"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    return _notes(text) if "\n" in text else quoted(text)


def _notes(text: str) -> str:
    """A text of several lines as it is read best."""
    lines = text.split("\n")
    if len(lines) == 1 or "\r" in text:
        return quoted(text)
    return '"""\n' + "\n".join(quoted(line)[1:-1] for line in lines) + '"""'


def _raw(data: bytes) -> str:
    """Bytes as a text, each one character; what is not ASCII as its number."""
    return "".join(
        sign if ord(sign) < 0x7F else f"\\u{ord(sign):04x}" for sign in quoted(data.decode("latin-1"))
    )


def quoted(text: str) -> str:
    """``text`` as a basic string of TOML; a lone surrogate, which TOML cannot say, as U+FFFD."""
    out = []
    for sign in text:
        if sign in '"\\':
            out.append("\\" + sign)
        elif sign < " " or sign == "\x7f":
            out.append({"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(sign, f"\\u{ord(sign):04x}"))
        else:
            out.append("\ufffd" if "\ud800" <= sign <= "\udfff" else sign)
    return '"' + "".join(out) + '"'
