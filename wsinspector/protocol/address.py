"""What a person types as an address, understood, with every change made to it named."""

import base64
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

import idna

from wsinspector.translate import translate

DEFAULT_PORTS = {"ws": 80, "wss": 443}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://")
_HOST = re.compile(r"[A-Za-z0-9._~\-]+\Z")
_PORT = re.compile(r"[0-9]{1,5}\Z")
# Kept as typed, also where RFC 3986 would have it otherwise: an inspector sends what is typed.
_TARGET_KEEPS = bytes(range(0x21, 0x7F)).decode()


@dataclass(frozen=True, slots=True)
class Address:
    """An understood address; with ``error`` set, the other fields hold what could be read.

    ``host`` is ASCII and has no brackets, an IPv6 zone stays in it. ``target`` is the request
    target. ``host_header`` names the port only where it is not the scheme's default (RFC 6455
    §4.1). ``userinfo`` is percent-decoded. ``changes`` are short sentences.
    """

    scheme: str
    host: str
    port: int
    target: bytes
    host_header: bytes
    userinfo: bytes | None
    changes: tuple[str, ...]
    error: str | None
    url: str

    @property
    def secure(self) -> bool:
        return self.scheme == "wss"

    @property
    def authorization(self) -> bytes | None:
        """The value of an Authorization header made of ``userinfo`` (RFC 7617)."""
        if self.userinfo is None:
            return None
        user, _, password = self.userinfo.partition(b":")
        return b"Basic " + base64.b64encode(user + b":" + password)


class _MisreadError(Exception):
    """Carries the sentence for ``error`` out of the steps below."""


def understand(text: str) -> Address:
    """Read an address: ws, wss, http, https, or a bare host with or without a port."""
    changes: list[str] = []
    cleaned = "".join(character for character in text.strip() if character not in "\r\n\t")
    if cleaned != text.strip():
        changes.append(translate("Address", "Line breaks and tabs within the address were left out."))
    scheme = "ws"
    try:
        scheme, rest = _scheme(cleaned, changes)
        before, mark, fragment = rest.partition("#")
        if mark:
            changes.append(
                translate("Address", "The fragment #{0} was left out (RFC 6455 §3).").format(
                    _shortened(fragment)
                )
            )
        cut = min((at for at in (before.find("/"), before.find("?")) if at >= 0), default=len(before))
        target = _target(before[cut:], changes)
        userinfo, authority = _userinfo(before[:cut], changes)
        host, host_text, port_text = _host_and_port(authority, changes)
        port = _port(port_text, scheme)
    except _MisreadError as fault:
        return Address(scheme, "", DEFAULT_PORTS[scheme], b"/", b"", None, tuple(changes), str(fault), "")
    if not _SCHEME.match(cleaned):
        if port == 443:
            scheme = "wss"
        changes.append(translate("Address", "{0}:// was put in front.").format(scheme))
        if not port_text:
            port = DEFAULT_PORTS[scheme]
    shown_port = "" if port == DEFAULT_PORTS[scheme] else f":{port}"
    header_host = host_text.split("%", 1)[0] + "]" if "%" in host_text else host_text
    if "%" in host_text:
        changes.append(translate("Address", "The zone is used for dialling and is not sent in Host."))
    return Address(
        scheme, host, port, target, (header_host + shown_port).encode("ascii"), userinfo,
        tuple(changes), None, f"{scheme}://{host_text}{shown_port}{target.decode('ascii')}",
    )  # fmt: skip


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _scheme(text: str, changes: list[str]) -> tuple[str, str]:
    match = _SCHEME.match(text)
    if match is None:
        if not text:
            raise _MisreadError(translate("Address", "No address yet."))
        return "ws", text.removeprefix("//")
    scheme = match[1].lower()
    if scheme in ("http", "https"):
        meant = "ws" if scheme == "http" else "wss"
        changes.append(translate("Address", "{0}:// was read as {1}://.").format(match[1], meant))
        return meant, text[match.end() :]
    if scheme not in DEFAULT_PORTS:
        raise _MisreadError(
            translate("Address", "{0}:// is no scheme for a WebSocket; ws:// and wss:// are.").format(
                match[1]
            )
        )
    return scheme, text[match.end() :]


def _target(text: str, changes: list[str]) -> bytes:
    path = text if text.startswith("/") else "/" + text
    target = quote_from_bytes(path.encode("utf-8", "surrogatepass"), safe=_TARGET_KEEPS).encode("ascii")
    if target != path.encode("utf-8", "surrogatepass"):
        changes.append(
            translate(
                "Address", "Characters that cannot stand in a request line were percent-encoded as UTF-8."
            )
        )
    return target


def _userinfo(authority: str, changes: list[str]) -> tuple[bytes | None, str]:
    before, mark, host = authority.rpartition("@")
    if not mark:
        return None, authority
    changes.append(
        translate(
            "Address", "User name and password were taken out; they can travel in an Authorization header."
        )
    )
    return unquote_to_bytes(before.encode("utf-8", "surrogatepass")), host


def _host_and_port(authority: str, changes: list[str]) -> tuple[str, str, str]:
    """Host to dial, host as a URL writes it, and the port's digits."""
    if authority.startswith("["):
        inside, mark, after = authority[1:].partition("]")
        if not mark:
            raise _MisreadError(translate("Address", "The bracket of the IPv6 address is not closed."))
        if after and not after.startswith(":"):
            raise _MisreadError(translate("Address", "Only a port can follow the IPv6 address."))
        host = _ipv6(inside)
        return host, f"[{host}]", after[1:]
    if authority.count(":") > 1:
        host = _ipv6(authority)
        changes.append(translate("Address", "Brackets were put around the IPv6 address."))
        return host, f"[{host}]", ""
    name, _, port = authority.partition(":")
    host = _name(name, changes)
    return host, host, port


def _ipv6(text: str) -> str:
    # RFC 6874 writes the percent sign of a zone as %25.
    text = text.replace("%25", "%", 1)
    address, _, zone = text.partition("%")
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        raise _MisreadError(
            translate("Address", "{0} is no IPv6 address.").format(_shortened(text))
        ) from None
    if "%" in text and not _HOST.match(zone):
        raise _MisreadError(
            translate("Address", "{0} is no zone of an IPv6 address.").format(_shortened(zone) or "%")
        )
    return text


def _name(text: str, changes: list[str]) -> str:
    if not text:
        raise _MisreadError(translate("Address", "The host is missing."))
    host = text
    if not text.isascii():
        try:
            host = idna.encode(text, uts46=True, transitional=False).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise _MisreadError(
                translate("Address", "{0} is no host name.").format(_shortened(text))
            ) from None
        changes.append(translate("Address", "{0} is dialled as {1}.").format(_shortened(text), host))
    labels = host.removesuffix(".").split(".")
    if not _HOST.match(host) or any(not 0 < len(label) <= 63 for label in labels) or len(host) > 254:
        raise _MisreadError(translate("Address", "{0} is no host name.").format(_shortened(text)))
    return host


def _port(text: str, scheme: str) -> int:
    if not text:
        return DEFAULT_PORTS[scheme]
    if not _PORT.match(text) or not 0 < int(text) <= 65535:
        raise _MisreadError(
            translate("Address", "{0} is no port; ports are 1 to 65535.").format(_shortened(text))
        )
    return int(text)
