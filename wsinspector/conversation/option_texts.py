"""What a person types for an option, read or refused with a sentence; nothing is guessed."""

import math
import os
import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from wsinspector.conversation.typed_path import typed_path
from wsinspector.protocol.address import understand
from wsinspector.translate import translate

T = TypeVar("T")

LONGEST = 86_400.0  # s; a day is longer than anybody waits
MOST_BYTES = 1 << 62
_SIZE = re.compile(r"([0-9]{1,19})\s*([kmg]i?)?b?\Z", re.IGNORECASE | re.ASCII)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\Z")
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_CA_LIMIT = 4 << 20


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """The value of a text; ``trouble`` says why there is none, and is then not empty."""

    value: T | None
    trouble: str = ""


def read_seconds(text: str, *, empty: float | None = None) -> Read[float]:
    """Seconds above 0; ``empty`` is what an empty text stands for, None where it stands for nothing."""
    cleaned = text.strip().removesuffix("s").strip().replace(",", ".")
    if not text.strip() and empty is not None:
        return Read(empty)
    try:
        value = float(cleaned)
    except ValueError:
        value = math.nan
    if not 0 < value <= LONGEST:
        return Read(None, translate("Options", "Expected seconds: above 0, at most {0:g}.").format(LONGEST))
    return Read(value)


def read_bytes(text: str) -> Read[int]:
    """A size such as ``65536``, ``16 MiB`` or, as in a filter, ``1k``, 1000; an empty text is 0, no limit."""
    if not text.strip():
        return Read(0)
    match = _SIZE.match(text.strip().replace("\u2009", "").replace("\u202f", ""))
    value = int(match[1]) * _UNITS[(match[2] or "").lower()] if match else 0
    if not 0 < value <= MOST_BYTES:
        return Read(None, translate("Options", "Expected bytes: 65536, 64k, 64 KiB, 16 MiB."))
    return Read(value)


def read_dialled(text: str) -> Read[str]:
    """``address`` or ``address:port``; an empty text is the URL's own."""
    cleaned = text.strip()
    if not cleaned:
        return Read("")
    read = understand(cleaned)
    if "//" in cleaned or "/" in cleaned or read.error or read.userinfo or cleaned != text.strip():
        return Read(None, translate("Options", "Expected an address: 10.0.3.7, 10.0.3.7:443, [::1]:8080."))
    return Read(cleaned)


def read_server_name(text: str) -> Read[str]:
    """A host name for SNI (RFC 6066 §3: no address, no final dot); empty is the URL's host."""
    cleaned = text.strip()
    if not cleaned:
        return Read("")
    read = understand(cleaned)
    labels = (read.host or "").split(".")
    address = bool(re.fullmatch(r"[0-9.]+", cleaned)) or ":" in cleaned
    if read.error or address or "/" in cleaned or not all(_LABEL.match(label) for label in labels):
        return Read(
            None,
            translate("Options", "Expected a host name; SNI carries no address and no port (RFC 6066 §3)."),
        )
    return Read(read.host)


def read_alpn(text: str) -> Read[tuple[str, ...]]:
    """Protocol names with commas between; none sends no ALPN (RFC 7301 §3.1: 1 to 255 bytes each)."""
    names = tuple(name.strip() for name in text.split(",")) if text.strip() else ()
    if not all(name.isascii() and name.isprintable() and 0 < len(name) < 256 for name in names):
        return Read(None, translate("Options", "Expected names with commas between: http/1.1, h2."))
    return Read(names)


def read_ca_file(text: str) -> Read[str]:
    """A file with certificates in PEM; empty trusts the system's authorities."""
    if not text.strip():
        return Read("")
    path = str(typed_path(text.strip()))
    if not os.path.isfile(path):
        return Read(None, translate("Options", "There is no such file."))
    try:
        with open(path, "rb") as file:
            found = _CERTIFICATE in file.read(_CA_LIMIT)
    except OSError as error:
        return Read(None, translate("Options", "It cannot be read: {0}.").format(error.strerror or error))
    if not found:
        return Read(None, translate("Options", "It holds no certificate in PEM."))
    return Read(path)
