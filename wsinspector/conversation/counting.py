"""How many frames of an attempt went each way, and how many of the peer's were at fault."""

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_OUT, FrameColumns

COUNTED = "counted"
"""The fact of an attempt that holds what :func:`counted` makes."""

_COLUMNS = FrameColumns.__slots__
_FLAGS, _ANOMALIES, _ANOMALY_BYTES = _COLUMNS.index("flags"), _COLUMNS.index("anomalies"), 4
_SENT = bytes(bits & FLAG_OUT for bits in range(256))


def counted(frames_in: int, frames_out: int, faults: int, faulty: FrameAnomaly) -> dict[str, int]:
    """The counts of an attempt that is over, to be kept with it: the index of a long one is large."""
    return {"in": frames_in, "out": frames_out, "faults": faults, "of": int(faulty)}


def counts_of(reader: CaptureReader, row: AttemptRow, faulty: FrameAnomaly) -> dict[str, int]:
    """Frames each way and frames of the peer at fault: as kept with the attempt, else by counting.

    Counted again where what is kept was counted by other rules or does not add up to the index.
    """
    kept = row.facts.get(COUNTED)
    if isinstance(kept, dict) and all(type(kept.get(name)) is int for name in ("in", "out", "faults", "of")):
        whole = kept["in"] + kept["out"] == reader.frame_count(row.id)
        if whole and kept["of"] == int(faulty) and min(kept.values()) >= 0:
            return {name: kept[name] for name in ("in", "out", "faults")}
    return count_frames(reader, row.id, faulty)


def count_frames(reader: CaptureReader, attempt_id: int, faulty: FrameAnomaly) -> dict[str, int]:
    """Frames each way and frames of the peer at fault, from the index as it lies."""
    out = faults = 0
    faulty_bits = int(faulty)  # combining flags takes longer than integers
    for _, block in reader.blocks(attempt_id):
        flags = block.plane(_FLAGS)
        out += flags.translate(_SENT).count(1)
        if any(block.plane(_ANOMALIES, byte).count(0) < block.entries for byte in range(_ANOMALY_BYTES)):
            faults += sum(
                1
                for flag, found in zip(flags, block.column(_ANOMALIES), strict=True)
                if found & faulty_bits and not flag & FLAG_OUT
            )
    # Of frames that were not kept the way is not known; most come from the peer.
    return {"in": reader.frame_count(attempt_id) - out, "out": out, "faults": faults}
