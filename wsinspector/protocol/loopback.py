"""Which hosts are surely this computer, so that nobody else is asked anything."""

import re

_LOOPBACK = re.compile(r"127(?:\.[0-9]{1,3}){3}")


def is_loopback_host(host: str) -> bool:
    """Whether ``host``, as an address has it, can only be this computer; a name that may lead elsewhere is
    not."""
    name = host.strip("[]").partition("%")[0].lower().rstrip(".")
    return name in ("localhost", "::1") or name.endswith(".localhost") or bool(_LOOPBACK.fullmatch(name))
