"""Where an attempt connects to, as address and options say."""

from collections.abc import Callable

from wsinspector.conversation.options import Options
from wsinspector.live.dial import Target
from wsinspector.live.tls import TlsSettings
from wsinspector.protocol.address import Address

LabAuthority = Callable[[str, int], str | None]
"""The PEM of the lab's authority where ``(host, port)`` is one of its own addresses."""


def target_of(address: Address, options: Options, lab_authority: LabAuthority | None) -> Target:
    """What is dialled for ``address``."""
    tls = None
    if address.secure:
        host, port = connect_to(options) or (address.host, address.port)
        lab = lab_authority(host, port or address.port) if lab_authority else None
        tls = TlsSettings(
            verify=options.verify,
            ca_file=options.ca_file,
            ca_pem=lab or "",
            sni=options.sni,
            alpn=options.alpn,
        )
    return Target(address.host, address.port, connect_to(options), tls)


def connect_to(options: Options) -> tuple[str, int] | None:
    """``address``, ``address:port`` or ``[address]:port``; port 0 where none is named."""
    text = options.connect_to.strip()
    if not text:
        return None
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        return text, 0
    if port and not (port.isascii() and port.isdigit() and int(port) < 65536):
        return text, 0  # the look-up then says that there is no such name
    return host, int(port or 0)
