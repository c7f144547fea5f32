"""Whether the bytes of a handshake are all in a file: what is lost is judged by no rule."""

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.conversation.facts import timings_from_json
from wsinspector.conversation.remains import PIECE
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

UNFINISHED = (ReadPhase.HEAD, ReadPhase.BODY)


def first_hole(reader: CaptureReader, attempt_id: int, direction: Direction) -> int:
    """The offset of the first byte that is not there; the length of the stream where all are."""
    holes = reader.holes(attempt_id, direction)
    return holes[0][0] if holes else reader.stream_length(attempt_id, direction)


def feed_answer(reader: CaptureReader, attempt_id: int, direction: Direction, answer: ResponseReader) -> int:
    """Feed the answer's bytes up to its end or to the first that is not there; the offset behind them."""
    at, stop = 0, first_hole(reader, attempt_id, direction)
    while answer.phase in UNFINISHED and (
        piece := reader.stream(attempt_id, direction, at, min(at + PIECE, stop))
    ):
        answer.feed(piece)
        at += len(piece)
    return at


def handshake_lost(
    reader: CaptureReader, row: AttemptRow, asking: Direction, asked: int, answer: ResponseReader, fed: int
) -> str:
    """A sentence on what of a handshake is not in the file, or not as it was written; empty where all is.

    ``asked``: bytes of the request that have to be there. ``answer``: fed ``fed`` bytes, up to its end or
    to the first hole, and not yet told that nothing more comes.
    """
    answering = Direction.IN if asking is Direction.OUT else Direction.OUT
    there = min(first_hole(reader, row.id, asking), asked)
    if there < asked:
        return _lost(asking, there, asked)
    changed = reader.changed(row.id, asking, 0, asked)
    if answer.phase in UNFINISHED:
        length = reader.stream_length(row.id, answering)
        if fed < length:
            hole = next((each for each in reader.holes(row.id, answering) if each[0] == fed), (fed, length))
            return _lost(answering, *hole)
        if _had_more(reader, row, fed):
            return _lost(answering, fed, None)
    changed = changed or reader.changed(row.id, answering, 0, _answer_end(answer, fed))
    if changed:
        return translate(
            "Verdict",
            "The handshake is not judged: the file was damaged, and its bytes are not as they were written.",
        )
    return ""


def _answer_end(answer: ResponseReader, fed: int) -> int:
    return answer.frames_start if answer.frames_start is not None else fed


def _had_more(reader: CaptureReader, row: AttemptRow, fed: int) -> bool:
    """Whether more of the answer had come than is in the file, by what was noted beside the bytes."""
    facts = row.facts
    came = facts.get("response_at") is not None
    came = came or timings_from_json(facts.get("timings")).first_byte is not None
    if facts.get("opened_at") is not None or (came and not fed):
        return True
    # Whatever SQLite cannot read of a file may have been bytes at the end of a stream.
    return reader.salvaged and (fed > 0 or came or not facts.get("end"))


def _lost(direction: Direction, start: int, stop: int | None) -> str:
    side = translate("Verdict", "received") if direction is Direction.IN else translate("Verdict", "sent")
    if stop is None:
        text = translate("Verdict", "The handshake is not judged: its bytes from {0} on, {1}, are lost.")
        return text.format(start, side)
    text = translate("Verdict", "The handshake is not judged: bytes {0} to {1} of what was {2} are lost.")
    return text.format(start, stop - 1, side)
