"""A message of ours compressed as was agreed, behind whatever left before it."""

from wsinspector.conversation.traffic import Traffic
from wsinspector.protocol.crafting.compressing import Compressor
from wsinspector.protocol.crafting.crafted import Compression

RSV1 = 4
MOST = 4 << 20
"""Bytes compressed at once; larger messages travel as they are, which a sender may decide (RFC 7692 §6)."""


def compressed_message(traffic: Traffic, payload: bytes, rsv: int) -> tuple[bytes, int]:
    """Payload and reserved bits as they travel; unchanged where no compression of messages was agreed."""
    agreed = traffic.agreed.deflate
    if agreed is None or len(payload) > MOST:
        return payload, rsv
    standing = traffic.standing
    if standing.message or standing.owed or standing.begun or standing.closed:
        return payload, rsv  # it would be no message of its own
    compressor = Compressor(agreed, traffic.role, standing.window)
    return compressor.compressed(payload, Compression.YES), rsv | RSV1
