"""What the lab agrees to of the extensions a client offers, in the dialect in which it is answered."""

from wsinspector.protocol import deflate
from wsinspector.protocol.dialects import Dialect
from wsinspector.protocol.dialects.extensions import answer_per_frame
from wsinspector.protocol.draft import EXTENSIONS
from wsinspector.protocol.http import Head


def extension_for(dialect: Dialect, head: Head, *, echo: bool) -> bytes | None:
    """What is answered; ``echo``: compressed payloads are sent back untouched."""
    # Compression needs the frames of hybi-07 and later, where RSV1 on a frame means nothing else.
    if dialect.framing_name != "rfc6455":
        return None
    values = head.values(EXTENSIONS)
    text = echo_extension(values) if echo else _by_message(values)
    return text or _by_frame(values)


def echo_extension(values: tuple[bytes, ...]) -> bytes | None:
    """What an echo can agree to that sends compressed messages back untouched.

    The client's compressor then writes both directions. So it may look back only where ours
    may, and no further than our window: what cannot be had so is declined.
    """
    found = deflate.answer(values)
    if found is None:
        return None
    text, agreed = found
    if agreed.server_max_window_bits < agreed.client_max_window_bits:
        return None
    if agreed.server_no_context_takeover and not agreed.client_no_context_takeover:
        # A server may ask this of a client that did not mention it (RFC 7692 §7.1.1.2).
        return text + b"; client_no_context_takeover"
    return text


def _by_message(values: tuple[bytes, ...]) -> bytes | None:
    found = deflate.answer(values)
    return found[0] if found else None


def _by_frame(values: tuple[bytes, ...]) -> bytes | None:
    """deflate-frame: a parameter binds whoever receives it, as implementations have it.

    What is asked of the lab is asked back of the client, so that both directions compress alike and
    an echo may send on what it got.
    """
    found = answer_per_frame(values)
    if found is None:
        return None
    text, asked = found
    if asked.server_no_context_takeover:
        text += b"; no_context_takeover"
    if asked.server_max_window_bits < 15:
        text += b"; max_window_bits=%d" % asked.server_max_window_bits
    return text
