"""Messages of what leaves: their frames tied together, their content joined and inflated."""

from array import array
from collections import deque
from collections.abc import Iterator

from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_ENDS_MESSAGE, FLAG_OUT, FLAG_STARTS_MESSAGE
from wsinspector.protocol.deflate import LIMIT
from wsinspector.share.leaving import TOGETHER, Leaving
from wsinspector.share.leaving_values import Content, Hole, LeavingFrame, LeavingMessage
from wsinspector.share.left_out import FILL, Secret


def messages_of(leaving: Leaving) -> Iterator[LeavingMessage | Hole]:
    """Data messages in the order in which they ended, control frames between them.

    Of a choice of frames each message leaves whole of which any frame was chosen.
    """
    return _every(leaving) if leaving.all_frames else _chosen(leaving)


def _alone(frame: LeavingFrame) -> LeavingMessage:
    return LeavingMessage(frame, frame, array("Q", [frame.number]), frame.compressed, frame.fin)


def _every(leaving: Leaving) -> Iterator[LeavingMessage | Hole]:
    opened: list[LeavingMessage | None] = [None, None]
    for each in leaving.frames():
        if isinstance(each, Hole):
            yield each
            continue
        if each.control or not each.message:
            yield _alone(each)
            continue
        side = int(each.direction)
        begun = opened[side]
        if begun is not None and begun.first.message == each.message:
            # The list is handed on: a message of a million fragments is one list, not a million.
            begun.numbers.append(each.number)
            compressed = begun.compressed or each.compressed
            begun = LeavingMessage(begun.first, each, begun.numbers, compressed, each.ends)
        else:
            if begun is not None:
                yield begun
            begun = LeavingMessage(each, each, array("Q", [each.number]), each.compressed, each.ends)
        opened[side] = None if each.ends else begun
        if each.ends:
            yield begun
    for rest in opened:
        if rest is not None:
            yield rest


def _chosen(leaving: Leaving) -> Iterator[LeavingMessage | Hole]:
    seen: set[int] = set()
    for each in leaving.frames():
        if isinstance(each, Hole):
            yield each
        elif each.control or not each.message:
            yield _alone(each)
        elif each.message not in seen:
            seen.add(each.message)
            yield message_around(leaving, each)


def message_around(leaving: Leaving, frame: LeavingFrame) -> LeavingMessage:
    """The whole message that ``frame`` belongs to."""
    numbers = array("Q", [_first_of(leaving, frame)])
    first = leaving.frame(numbers[0]) or frame
    compressed, whole, number = first.compressed, first.ends, first.number
    while not whole and number < leaving.frames_there:
        leaving.look()
        columns = leaving.source.columns(number + 1, TOGETHER)
        if not len(columns):
            break
        for place in range(len(columns)):
            flags = columns.flags[place]
            if columns.message[place] == frame.message and bool(flags & FLAG_OUT) == frame.out:
                numbers.append(number + 1 + place)
                compressed = compressed or bool(flags & FLAG_COMPRESSED)
                if flags & FLAG_ENDS_MESSAGE:
                    whole = True
                    break
        number += len(columns)
    last = leaving.frame(numbers[-1]) or first
    return LeavingMessage(first, last, numbers, compressed, whole)


def _first_of(leaving: Leaving, frame: LeavingFrame) -> int:
    """The number of the first frame of the message that ``frame`` belongs to."""
    if frame.starts or not frame.message:
        return frame.number
    found, high = frame.number, frame.number - 1
    while high > 0:
        leaving.look()
        low = max(1, high - TOGETHER + 1)
        columns = leaving.source.columns(low, high - low + 1)
        for place in range(len(columns) - 1, -1, -1):
            flags = columns.flags[place]
            if columns.message[place] == frame.message and bool(flags & FLAG_OUT) == frame.out:
                found = low + place
                if flags & FLAG_STARTS_MESSAGE:
                    return found
        high = low - 1
    return found


def content_of(leaving: Leaving, message: LeavingMessage, *, listed: bool = True) -> Content:
    """What the message says, joined and inflated, known secrets filled, and ``listed`` once run through.

    Where it is compressed, at most the limit of inflating is held; else a piece.
    """
    where = leaving.where(message.first) if listed else ""
    if not message.compressed:
        return Content(leaving.secrets.stream(_joined(leaving, message), where))
    direction = message.first.direction
    found = leaving.inflation.message(direction, message.numbers[0], message.numbers[-1], LIMIT)
    return Content(leaving.secrets.stream(found.parts, where), found.fault)


def _joined(leaving: Leaving, message: LeavingMessage) -> Iterator[bytes]:
    for number in message.numbers:
        known = next((each for each in (message.first, message.last) if each.number == number), None)
        frame = known or leaving.frame(number)
        if frame is not None:
            yield from leaving.unmasked(frame)


def beginning_of(leaving: Leaving, frame: LeavingFrame, at_most: int) -> tuple[bytes, int]:
    """What one frame says, as far as ``at_most`` bytes, and how many it says: inflated where compressed.

    Of a compressed fragment no more than a preview is known. Known secrets are filled.
    """
    where = leaving.where(frame)
    if not frame.compressed:
        return _first_bytes(leaving.payload(frame), at_most), frame.have
    if frame.starts and frame.ends:
        # As much more as tells a secret that the end of the beginning would cut.
        more = at_most + leaving.secrets.longest
        found = leaving.inflation.message(frame.direction, frame.number, frame.number, more)
        parts, size = found.parts, found.size
    else:
        leaving.inflation.reach(frame.direction, frame.number, _first_of(leaving, frame))
        seen = leaving.inflation.seen(frame.number)
        if seen is None:
            return b"", 0
        known = not leaving.secrets.keep and leaving.secrets.longest > 0
        if known:
            return _without_secrets(leaving, frame, seen.beginning[:at_most]), seen.size
        parts, size = [seen.beginning], seen.size
    return _first_bytes(leaving.secrets.stream(parts, where), at_most), size


def _without_secrets(leaving: Leaving, frame: LeavingFrame, beginning: bytes) -> bytes:
    """The beginning of what one compressed fragment says, also without the parts of secrets that were cut."""
    message = (frame.direction, frame.message)
    if leaving.inflated_secrets is None or leaving.inflated_secrets[0] != message:
        leaving.inflated_secrets = message, _places(leaving, message_around(leaving, frame))
    places = leaving.inflated_secrets[1]
    if frame.number not in places:
        return FILL * len(beginning)  # too far from the frames whose sizes are remembered
    data = bytearray(beginning)
    for start, stop, secret in places[frame.number]:
        if start < len(data):
            leaving.secrets.told(secret.value, leaving.where(frame, part=stop - start < len(secret)))
            stop = min(stop, len(data))
            data[start:stop] = FILL * (stop - start)
    return bytes(data)


def _places(leaving: Leaving, message: LeavingMessage) -> dict[int, list[tuple[int, int, Secret]]]:
    """Where secrets lie in what each frame of a compressed message says, by the frames' numbers."""
    numbers, direction = message.numbers, message.first.direction
    found = leaving.inflation.message(direction, numbers[0], numbers[-1], LIMIT)
    spans = deque(leaving.secrets.spans(b"".join(found.parts)))
    places: dict[int, list[tuple[int, int, Secret]]] = {}
    at = 0
    for number in numbers:
        seen, frame = leaving.inflation.seen(number), leaving.frame(number)
        if frame is None or (frame.compressed and seen is None):
            break
        end = at + (seen.size if frame.compressed and seen is not None else frame.have)
        here = places.setdefault(number, [])
        while spans and spans[0][0] < end:
            start, secret = spans[0]
            stop = start + len(secret)
            here.append((max(start, at) - at, min(stop, end) - at, secret))
            if stop > end:
                break
            spans.popleft()
        at = end
    return places


def _first_bytes(pieces: Iterator[bytes], at_most: int) -> bytes:
    data = b""
    for piece in pieces:
        data += piece
        if len(data) >= at_most:
            break
    return data[:at_most]
