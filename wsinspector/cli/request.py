"""Turn the arguments of a command into an address, the request's bytes and the options."""

import argparse
import os
import re
import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from wsinspector.conversation.options import Options
from wsinspector.conversation.spoken import spoken_with
from wsinspector.protocol.accept import key_from
from wsinspector.protocol.address import Address, understand
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import Asking, dialect_called, spoken_for
from wsinspector.protocol.draft import EXTENSIONS, KEY, Draft, DraftLine, Generated, standard_draft
from wsinspector.protocol.escapes import unescape_value
from wsinspector.protocol.opcodes import TEXT
from wsinspector.protocol.request_lines import origin_of
from wsinspector.protocol.spans import Role

_HEADER = re.compile(rb"([^:]*?)([ \t]*:[ \t]*)(.*)\Z", re.DOTALL)
_DEFLATE_OFFER = b"permessage-deflate; client_max_window_bits"


class WrongArgumentError(Exception):
    """What is wrong with the arguments, as a sentence for the person who wrote them."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be done. ``notes`` say what was made of the arguments, a sentence each.

    ``raw`` tells that the bytes came from a file: nothing in them may be replaced.
    """

    address: Address
    draft: Draft
    options: Options
    notes: tuple[str, ...]
    raw: bool


def build(arguments: argparse.Namespace) -> Request:
    """Raises WrongArgumentError."""
    address = understand(arguments.url)
    if address.error:
        raise WrongArgumentError(f"{arguments.url}: {address.error}")
    notes = list(address.changes)
    if arguments.raw is not None:
        draft = Draft.from_bytes(_raw_bytes(arguments))
    else:
        draft = _composed(arguments, address, notes)
    options = replace(_options(arguments), speak=_speak(arguments, draft))
    return Request(address, draft, options, tuple(notes), arguments.raw is not None)


def _speak(arguments: argparse.Namespace, draft: Draft) -> str:
    """What the options say: nothing where the request's own bytes propose what is to be spoken."""
    if arguments.speak is not None:
        return str(arguments.speak)
    asked = arguments.dialect
    return "" if asked is None or spoken_for(draft.to_bytes()) == asked else str(asked)


def check_able(request: Request, sends: Iterable[tuple[str, bytes]], notes: list[str]) -> None:
    """Raise WrongArgumentError where the dialect cannot say what is to be sent.

    ``sends``: "text", "binary" or "ping", and the payload. ``notes`` takes what will not be heard.
    """
    frames = spoken_with(request.draft.to_bytes(), request.options.speak).frames
    agreed = Agreed(dialect=frames.name)
    able = frames.framing.abilities(agreed)
    kinds = set()
    for kind, payload in sends:
        kinds.add(kind)
        if kind == "text":
            try:
                frames.framing.encode(TEXT, payload, sender=Role.CLIENT, agreed=agreed, key=bytes(4))
            except ValueError as error:
                raise WrongArgumentError(f"--send: {error} ({frames.name}).") from None
    if "ping" in kinds and not able.ping:
        raise WrongArgumentError(f"--ping: {frames.name} has no ping.")
    if "binary" in kinds and not able.binary:
        notes.append(f"--send-hex: in {frames.name} only text is delivered; the peer discards the rest.")


def frames_of(request: Request) -> Agreed:
    """As what frames will be written, as far as the request alone tells."""
    return Agreed(dialect=spoken_with(request.draft.to_bytes(), request.options.speak).frames.name)


def _raw_bytes(arguments: argparse.Namespace) -> bytes:
    beside = {
        "--dialect": arguments.dialect,
        "--version": arguments.version,
        "--no-version": arguments.no_version,
        "--header": arguments.header,
        "--without": arguments.without,
        "--key": arguments.key,
        "--escapes": arguments.escapes,
        "--offer-deflate": getattr(arguments, "offer_deflate", False),
    }
    given = [name for name, value in beside.items() if value]
    if given:
        raise WrongArgumentError(
            f"--raw sends the file's bytes and nothing else; leave out {', '.join(given)}."
        )
    if arguments.raw == "-":
        if sys.stdin is None:
            raise WrongArgumentError("--raw -: there is no standard input.")
        return sys.stdin.buffer.read()
    try:
        return Path(arguments.raw).read_bytes()
    except OSError as error:
        raise WrongArgumentError(f"--raw {arguments.raw}: {error.strerror or error}") from None


def _composed(arguments: argparse.Namespace, address: Address, notes: list[str]) -> Draft:
    if arguments.version and arguments.no_version:
        raise WrongArgumentError("--version and --no-version exclude each other.")
    draft = _standard(arguments.dialect, address)
    for name in arguments.without:
        draft = _without(draft, os.fsencode(name), notes)
    if arguments.no_version:
        draft = draft.with_version_values(())
    elif arguments.version:
        values = [_typed("--version", text, arguments.escapes, notes) for text in arguments.version]
        draft = draft.with_version_values(values)
    if arguments.key is not None:
        draft = _with_key(draft, _typed("--key", arguments.key, arguments.escapes, notes))
    left_out = {name.lower() for name in arguments.without}
    if address.authorization is not None and "authorization" not in left_out:
        draft = draft.insert(len(draft.lines), DraftLine(b"Authorization", address.authorization))
        notes.append("They travel in an Authorization line; --without Authorization leaves it out.")
    if getattr(arguments, "offer_deflate", False):
        draft = draft.insert(len(draft.lines), DraftLine(EXTENSIONS, _DEFLATE_OFFER))
    for text in arguments.header:
        line = header_line(_typed("--header", text, arguments.escapes, notes))
        draft = draft.insert(len(draft.lines), line)
    return draft


def _standard(dialect: str | None, address: Address) -> Draft:
    """The request before anything is changed in it."""
    if dialect is None:
        return standard_draft(address.target, address.host_header, key_from(secrets.token_bytes(16)))
    row = dialect_called(dialect)
    asking = Asking(address.target, address.host_header, origin_of(address))
    return row.handshake.compose(row, asking, secrets.token_bytes)


def _typed(option: str, text: str, escapes: bool, notes: list[str]) -> bytes:
    """The bytes of an argument: as the shell handed them over, or with its escapes read."""
    if not escapes:
        return os.fsencode(text)
    read = unescape_value(text)
    notes.extend(f"{option}: {flag.text}" for flag in read.flags)
    return read.data


def _without(draft: Draft, name: bytes, notes: list[str]) -> Draft:
    rows = draft.named(name)
    if not rows and name.lower() != b"authorization":
        notes.append(f"--without {os.fsdecode(name)}: the request has no such line.")
    for row in reversed(rows):
        draft = draft.remove(row)
    return draft


def _with_key(draft: Draft, value: bytes) -> Draft:
    for row, line in enumerate(draft.lines):
        if line.generated is Generated.KEY:
            return draft.with_edited_value(row, value)
    return draft.insert(len(draft.lines), DraftLine(KEY, value))


def header_line(data: bytes) -> DraftLine:
    """A line as typed; what has no colon is sent as a line without one."""
    match = _HEADER.match(data)
    if match is None:
        return DraftLine(data, b"", between=b"")
    return DraftLine(match[1], match[3], between=match[2])


def _options(arguments: argparse.Namespace) -> Options:
    if arguments.connect_to:
        _check_address(arguments.connect_to)
    if arguments.ca_file and not Path(arguments.ca_file).is_file():
        raise WrongArgumentError(f"--ca-file {arguments.ca_file}: {_no_file(Path(arguments.ca_file))}.")
    return Options(
        connect_to=arguments.connect_to or "",
        timeout=arguments.timeout,
        verify=not arguments.insecure,
        ca_file=arguments.ca_file or "",
        policy=getattr(arguments, "policy", "tolerant"),
        echo=getattr(arguments, "echo", False),
        compress=getattr(arguments, "compress", False),
        step=getattr(arguments, "step", False),
        keep_bytes=getattr(arguments, "keep_bytes", 0),
        keep_frames=getattr(arguments, "keep_frames", 0),
        keep_seconds=getattr(arguments, "keep_seconds", 0.0),
        max_inflated=getattr(arguments, "max_inflated", 0),
    )


def _no_file(path: Path) -> str:
    return "not a file" if path.exists() else "no such file"


def _check_address(text: str) -> None:
    read = understand(text)
    if read.error or read.target != b"/" or "://" in text or not re.search(r"(?:\]|[^:]):\d+\Z", text):
        raise WrongArgumentError(
            f"--connect-to {text}: expected IP:PORT, such as 10.0.3.7:443 or [::1]:8080."
        )
