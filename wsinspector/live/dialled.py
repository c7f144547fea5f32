"""Which connections this program has opened itself: its own server must not take them for others'."""

import contextlib
import socket
from collections import OrderedDict

from wsinspector.live.transport import Link, address_text

MOST = 4096
"""Connections remembered; those that lead to other servers are never asked for."""

# Of the whole process, as ports are: a listener may serve what any loop of this program dials.
_dialled: "OrderedDict[tuple[str, str], None]" = OrderedDict()


def note_dialled(sock: socket.socket) -> None:
    """Remember a connected socket, before a byte leaves by it."""
    with contextlib.suppress(OSError):  # gone already: then nothing will arrive either
        _dialled[address_text(sock.getsockname()), address_text(sock.getpeername())] = None
        while len(_dialled) > MOST:
            _dialled.popitem(last=False)


def dialled_here(link: Link) -> bool:
    """Whether the far end of an accepted ``link`` is this program; to be asked once a link.

    Asking forgets: the port may be another program's next.
    """
    key = (link.remote, link.local)
    if key not in _dialled:
        return False
    del _dialled[key]
    return True
