"""One line of JSON lines, whose members are asked for by type: a file may say anything."""

import base64
import binascii
from typing import Any

from wsinspector.protocol.spans import Direction
from wsinspector.share.importing import LARGEST, WrongFile

SIDES = {"in": Direction.IN, "out": Direction.OUT}


class Line:
    """One object of the file, whose members are asked for by type. Raises WrongFile with its number."""

    def __init__(self, data: dict[str, Any], place: str) -> None:
        self.data = data
        self.place = place

    def wrong(self, what: str) -> WrongFile:
        return WrongFile(f"{self.place}: {what}")

    def number(self, name: str, low: int = 0, high: int = LARGEST) -> int:
        value = self.data.get(name)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(f"“{name}” should be a whole number from {low} to {high}.")
        return value

    def text(self, name: str) -> str:
        value = self.data.get(name)
        if not isinstance(value, str):
            raise self.wrong(f"“{name}” should be a text.")
        return value

    def object(self, name: str) -> dict[str, Any]:
        value = self.data.get(name)
        if not isinstance(value, dict):
            raise self.wrong(f"“{name}” should be an object.")
        return value

    def list(self, name: str) -> list[Any]:
        value = self.data.get(name, [])
        if not isinstance(value, list):
            raise self.wrong(f"“{name}” should be a list.")
        return value

    def truth(self, name: str) -> bool:
        value = self.data.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(f"“{name}” should be true or false.")
        return value

    def base64(self, name: str) -> bytes:
        try:
            return base64.b64decode(self.text(name), validate=True)
        except (binascii.Error, ValueError):
            raise self.wrong(f"“{name}” is not base64.") from None

    def hex(self, name: str) -> bytes:
        try:
            return bytes.fromhex(self.text(name))
        except ValueError:
            raise self.wrong(f"“{name}” is not hexadecimal.") from None

    def side(self) -> Direction:
        name = self.data.get("dir")
        if not isinstance(name, str) or name not in SIDES:
            raise self.wrong("“dir” should be in or out.")
        return SIDES[name]


def as_composed(line: Line) -> Line:
    """A frame of which nobody saw how it travelled, as it stood in the capture."""
    made = line.hex("composed_header")
    if len(made) < 2 or made[0] & 0x0F != line.number("opcode", 0, 15):
        raise line.wrong("“composed_header” is no header of this frame.")
    seen = {
        "fin": bool(made[0] & 0x80),
        "rsv": made[0] >> 4 & 7,
        "masked": bool(made[1] & 0x80),
        "compressed": False,
        "sentinel": False,
        "anomalies": [],
        "header": made.hex(),
        "header_length": len(made),
    }
    return Line(line.data | seen, line.place)


def gaps_of(line: Line) -> dict[Direction, list[tuple[int, int, str]]]:
    found: dict[Direction, list[tuple[int, int, str]]] = {side: [] for side in Direction}
    for each in line.list("gaps"):
        if not isinstance(each, dict):
            raise line.wrong("“gaps” should hold objects.")
        gap = Line(each, line.place)
        if each.get("kind") == "bytes":
            start, stop = gap.number("start"), gap.number("stop")
            if stop > start:
                found[gap.side()].append((start, stop, gap.text("reason")))
    return {side: sorted(each) for side, each in found.items()}


def reads_of(line: Line, start: int, stop: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    before = start
    for each in line.list("reads"):
        if not (isinstance(each, list) and len(each) == 2 and all(type(value) is int for value in each)):
            raise line.wrong("“reads” should hold pairs of offset and time.")
        offset, time = each
        if not before <= offset < stop or not -LARGEST <= time <= LARGEST:
            raise line.wrong("“reads” names a place that is not in this line, or out of order.")
        found.append((offset, time))
        before = offset
    return found
