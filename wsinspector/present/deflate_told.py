"""What an offer of permessage-deflate means, and what an answer to it agrees, each with its clause."""

from collections.abc import Sequence

from wsinspector.present.fact import Fact
from wsinspector.present.numbers import count, size
from wsinspector.present.plain import visible
from wsinspector.protocol.deflate import DeflateParameters, agreed_from, answer, read_extensions
from wsinspector.protocol.deflate_offers import (
    CLIENT_BITS,
    CLIENT_TAKEOVER,
    SERVER_BITS,
    SERVER_TAKEOVER,
    written,
)
from wsinspector.protocol.request_lines import DEFLATE
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

MEM_LEVEL = 8
"""zlib's usual one."""

INFLATE_STATE = 7 << 10
"""Bytes that zlib needs for inflating besides the window, about."""


def offer_told(offer: bytes) -> tuple[Fact, ...]:
    """One sentence a parameter of ``offer``; first whether a server must decline it."""
    told = []
    if answer([offer]) is None:
        text = translate(
            "Deflate",
            "✕ Malformed: a server must decline this offer and look at the next one (RFC 7692 §7.1).",
        )
        return (Fact(text, "fault"),)  # what its parameters would mean does not matter then
    if written(offer, SERVER_TAKEOVER) is not None:
        told.append(
            Fact(translate("Deflate", "The server must begin each message with an empty window (§7.1.1.1)."))
        )
    if written(offer, CLIENT_TAKEOVER) is not None:
        text = translate("Deflate", "A hint: we would begin each message with an empty window (§7.1.1.2).")
        told.append(Fact(text))
    bits = written(offer, SERVER_BITS)
    if bits is not None:
        text = translate("Deflate", "The server may use a window of at most {0} (§7.1.2.1).")
        told.append(Fact(text.format(_window(bits))))
    bits = written(offer, CLIENT_BITS)
    if bits == b"":
        told.append(Fact(translate("Deflate", "The server may limit our window, to any size (§7.1.2.2).")))
    elif bits is not None:
        text = translate("Deflate", "The server may limit our window; we would use at most {0} (§7.1.2.2).")
        told.append(Fact(text.format(_window(bits))))
    else:
        told.append(Fact(translate("Deflate", "The server must not limit our window (§7.1.2.2).")))
    return tuple(told)


def _window(value: bytes) -> str:
    text = value.removeprefix(b"=").strip(b'" ')
    if text.isdigit() and len(text) < 3 and 8 <= int(text) <= 15:
        return _bytes(int(text))
    return f"“{visible(value.removeprefix(b'=').decode('latin-1'))}”"


def _bytes(bits: int) -> str:
    return translate("Deflate", "{0} bytes").format(count(1 << bits))


def agreed_told(request: Sequence[bytes], response: Sequence[bytes]) -> tuple[Fact, ...]:
    """What the values of both Sec-WebSocket-Extensions lines agree, for both directions."""
    offered = [item for item in read_extensions(request) if item.name == DEFLATE]
    answered = [item for item in read_extensions(response) if item.name == DEFLATE]
    if not answered:
        text = translate("Deflate", "The server did not take the offer: nothing is compressed (§5).")
        none = translate("Deflate", "Nothing was offered, and nothing is compressed.")
        return (Fact(text if offered else none),)
    agreed = agreed_from(request, response)
    if agreed is None:
        text = translate(
            "Deflate", "✕ The answer fits none of the offers: the client must fail the connection (§7.1)."
        )
        return (Fact(text, "fault"),)
    fits = translate("Deflate", "The answer fits an offer.")
    return (Fact(fits, "ok"), *(_direction(agreed, role) for role in (Role.CLIENT, Role.SERVER)))


def _direction(agreed: DeflateParameters, sender: Role) -> Fact:
    bits = agreed.window_bits(sender)
    takeover = agreed.takeover(sender)
    who = (
        translate("Deflate", "What the client sends")
        if sender is Role.CLIENT
        else translate("Deflate", "What the server sends")
    )
    kept = (
        translate("Deflate", "kept from message to message")
        if takeover
        else translate("Deflate", "emptied before each message")
    )
    # zconf.h: what deflate and inflate take for a window of that size.
    writes, reads = (1 << bits + 2) + (1 << MEM_LEVEL + 9), (1 << bits) + INFLATE_STATE
    text = translate(
        "Deflate",
        "{who}: a window of {window}, {kept}; zlib takes about {writes} to write it and {reads} to read it.",
    )
    return Fact(
        text.format(who=who, window=_bytes(bits), kept=kept, writes=size(writes), reads=size(reads)),
        "text",
    )
