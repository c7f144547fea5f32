"""What each anomaly of a frame means, with frames that show it and frames that do not."""

from dataclasses import dataclass, replace

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.examples import frames
from wsinspector.verdicts.rule import Example

_A = FrameAnomaly
_CLIENT, _SERVER = Role.CLIENT, Role.SERVER


@dataclass(frozen=True, slots=True)
class Entry:
    """``what``: one sentence, what is asked for. ``why``: two."""

    code: FrameAnomaly
    clause: str
    what: str
    why: str
    failing: Example
    passing: Example


_HELLO = "81 05 48 65 6c 6c 6f"
_MASKED = "81 85 37 fa 21 3d 7f 9f 4d 51 58"
_PLAIN = frames(_HELLO)
_CLOSED = frames("88 02 03 e8")
_NO_TAKEOVER = Agreed(DeflateParameters(server_no_context_takeover=True))

TABLE: tuple[Entry, ...] = (
    Entry(
        _A.RSV1, "RFC 6455 §5.2",
        "RSV1 is set only where permessage-deflate was agreed, on the first frame of a compressed message.",
        "The bit belongs to extensions, and only one that was agreed on gives it a meaning. Compression sets "
        "it on the first frame of a message, never on a continuation or a control frame (RFC 7692 §6.1).",
        frames("c1 07 f2 48 cd c9 c9 07 00"), frames("c1 07 f2 48 cd c9 c9 07 00", deflate=True),
    ),
    Entry(
        _A.RSV2, "RFC 6455 §5.2",
        "RSV2 is not set, as no extension agreed on uses it.",
        "The bit is kept for extensions. Whoever cannot know what it means fails the connection.",
        frames("a1 05 48 65 6c 6c 6f"), _PLAIN,
    ),
    Entry(
        _A.RSV3, "RFC 6455 §5.2",
        "RSV3 is not set, as no extension agreed on uses it.",
        "The bit is kept for extensions. Whoever cannot know what it means fails the connection.",
        frames("91 05 48 65 6c 6c 6f"), _PLAIN,
    ),
    Entry(
        _A.RSV4, "draft-ietf-hybi-thewebsocketprotocol-06",
        "In the drafts 01 to 06 the top bit of the second byte is not set.",
        "It was a fourth reserved bit there. From draft 07 on it says that the payload is masked.",
        frames("84 85 48 65 6c 6c 6f", agreed=Agreed(dialect="hybi-06")),
        frames("84 05 48 65 6c 6c 6f", agreed=Agreed(dialect="hybi-06")),
    ),
    Entry(
        _A.RESERVED_OPCODE, "RFC 6455 §5.2",
        "The opcode is one of those defined: 0, 1, 2, 8, 9 and A.",
        "The others are kept for later. Who gets one cannot know what it asks for, and fails the connection.",
        frames("83 00"), _PLAIN,
    ),
    Entry(
        _A.CONTROL_FRAGMENTED, "RFC 6455 §5.5",
        "A control frame is whole: FIN is 1.",
        "Ping, Pong and Close may stand between the frames of a message, so they cannot be in pieces. A "
        "control frame with FIN 0 fails the connection.",
        frames("09 00"), frames("89 00"),
    ),
    Entry(
        _A.CONTROL_TOO_LONG, "RFC 6455 §5.5",
        "A control frame has at most 125 bytes of payload.",
        "It must be answered at once, with room for it kept ready. A longer one fails the connection.",
        frames("89 7e 00 7e" + "00" * 126), frames("89 7d" + "00" * 125),
    ),
    Entry(
        _A.UNMASKED, "RFC 6455 §5.1",
        "A client masks every frame, also over TLS.",
        "Masking keeps a page from choosing the bytes on the wire, which old proxies took for requests. A "
        "server must close the connection, and may say 1002.",
        frames(_HELLO, _CLIENT), frames(_MASKED, _CLIENT),
    ),
    Entry(
        _A.MASKED, "RFC 6455 §5.1",
        "A server masks no frame.",
        "Only clients mask. A client closes the connection on such a frame, and may say 1002.",
        frames(_MASKED), _PLAIN,
    ),
    Entry(
        _A.ZERO_MASKING_KEY, "RFC 6455 §5.3",
        "A masking key cannot be predicted, so it is not zero.",
        "With a key of zeros the payload travels as it is. A random key is zero once in four thousand "
        "million frames.",
        frames("81 85 00 00 00 00 48 65 6c 6c 6f", _CLIENT), frames(_MASKED, _CLIENT),
    ),
    Entry(
        _A.REPEATED_MASKING_KEY, "RFC 6455 §5.3",
        "Every frame has a fresh masking key.",
        "A key must not let the next one be guessed. Two equal ones in a row are a sign that it is fixed.",
        frames(_MASKED + _MASKED, _CLIENT),
        frames(_MASKED + "81 85 01 02 03 04 49 67 6f 68 6e", _CLIENT),
    ),
    Entry(
        _A.LENGTH_NOT_MINIMAL, "RFC 6455 §5.2",
        "The length has the shortest form that can hold it.",
        "Up to 125 it stands in seven bits, up to 65535 in sixteen. A longer form for the same number fails "
        "the connection where the receiver is strict.",
        frames("81 7e 00 05 48 65 6c 6c 6f"), _PLAIN,
    ),
    Entry(
        _A.LENGTH_TOP_BIT, "RFC 6455 §5.2",
        "The top bit of a 64-bit length is 0.",
        "Such a frame has no end that could come. Every later byte would belong to it.",
        replace(frames("82 7f 80 00 00 00 00 00 00 01 00"), ended=False),
        frames("82 7f 00 00 00 00 00 01 00 00" + "00" * 65536),
    ),
    Entry(
        _A.STRAY_CONTINUATION, "RFC 6455 §5.4",
        "A continuation follows a frame whose message goes on.",
        "A message begins with its type and goes on with opcode 0. A continuation of nothing fails the "
        "connection.",
        frames("80 05 48 65 6c 6c 6f"), frames("01 03 48 65 6c 80 02 6c 6f"),
    ),
    Entry(
        _A.INTERLEAVED_DATA, "RFC 6455 §5.4",
        "A new message begins only when the one before has ended.",
        "Only control frames may stand between the frames of a message. The receiver could not tell what "
        "belongs together.",
        frames("01 03 48 65 6c" + _HELLO), frames("01 03 48 65 6c 89 00 80 02 6c 6f"),
    ),
    Entry(
        _A.BAD_UTF8, "RFC 6455 §8.1",
        "A text message is UTF-8.",
        "A character may be split between frames, so the message counts as a whole. The receiver fails the "
        "connection, with 1007.",
        frames("81 02 c3 28"), frames("01 01 c3 80 01 a9"),
    ),
    Entry(
        _A.CLOSE_BODY_ONE_BYTE, "RFC 6455 §5.5.1",
        "The body of a Close frame is empty or begins with a code of two bytes.",
        "One byte is no code. The receiver fails the connection.",
        frames("88 01 03"), frames("88 00"),
    ),
    Entry(
        _A.CLOSE_CODE_FORBIDDEN, "RFC 6455 §7.4",
        "The close code is one that this side may send.",
        "1005, 1006 and 1015 only say locally how a connection ended, and must not be set. 1010 is a "
        "client's, and below 1000, 1004, 1016 to 2999 and from 5000 on nothing is defined: that is unusual, "
        "and some receivers fail the connection.",
        frames("88 02 03 ed"), _CLOSED,
    ),
    Entry(
        _A.CLOSE_REASON_NOT_UTF8, "RFC 6455 §5.5.1",
        "The reason of a Close frame is UTF-8.",
        "The reason is text, and at most 123 bytes of it. The receiver fails the connection on any other.",
        frames("88 04 03 e8 c3 28"), frames("88 05 03 e8 62 79 65"),
    ),
    Entry(
        _A.CLOSE_MARKER, "draft-ietf-hybi-thewebsocketprotocol-05",
        "In draft 05 a Close frame holds one byte that tells the sender's side.",
        "The byte is S of a server and C of a client, as implementations have it; this is not confirmed "
        "against the draft's text. Some servers give back the byte that they got.",
        frames("81 01 43", agreed=Agreed(dialect="hybi-05")),
        frames("81 01 53", agreed=Agreed(dialect="hybi-05")),
    ),
    Entry(
        _A.AFTER_CLOSE, "RFC 6455 §5.5.1",
        "No data frame follows a Close frame.",
        "A side that sent a Close frame sends no more data; what comes behind it is not looked at. Control "
        "frames are not forbidden: a Ping or Pong may still be on its way.",
        frames("88 02 03 e8" + _HELLO), _CLOSED,
    ),
    Entry(
        _A.INFLATE_FAILED, "RFC 7692 §6.2",
        "A compressed message can be inflated, without a look back where none was agreed.",
        "Data that is no DEFLATE, or refers to an earlier message though the window is reset, cannot be "
        "read. The receiver fails the connection.",
        frames("c1 07 f2 48 cd c9 c9 07 00 c1 05 f2 00 11 00 00", agreed=_NO_TAKEOVER),
        frames("c1 07 f2 48 cd c9 c9 07 00 c1 05 f2 00 11 00 00", deflate=True),
    ),
    Entry(
        _A.INFLATE_LIMIT, "RFC 7692 §6.2",
        "A message inflates to no more than the limit set here.",
        "A few bytes can inflate to very many, so that inflating stops at a limit. It is this program's, not "
        "the peer's.",
        replace(frames("c1 07 f2 48 cd c9 c9 07 00", deflate=True), limit=4),
        frames("c1 07 f2 48 cd c9 c9 07 00", deflate=True),
    ),
    Entry(
        _A.TOO_BIG, "RFC 6455 §7.4.1",
        "A message is no larger than the limit set here.",
        "A receiver may refuse what is too large for it, with 1009. The limit is this program's, not "
        "the peer's.",
        replace(frames(_HELLO), limit=4), _PLAIN,
    ),
    Entry(
        _A.TRUNCATED, "RFC 6455 §7.1.4",
        "The stream does not end inside a frame.",
        "The rest of the frame never came, so that the message is lost and the end is not clean. The sender "
        "stopped, or something between cut it.",
        frames("81 05 48 65"), _PLAIN,
    ),
)  # fmt: skip
"""In the order of a frame's fields, then of messages, closing and our own limits."""
