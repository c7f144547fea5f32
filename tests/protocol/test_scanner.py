"""The scanner against literal bytes, against itself cut anywhere, and against ``websockets``."""

from wsinspector.protocol.anomalies import FrameAnomaly as A
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_STARTS_MESSAGE
from wsinspector.protocol.scanner import Rfc6455Scanner
from wsinspector.protocol.spans import Direction, Role


def scan(wire: str, sender: Role = Role.SERVER) -> Rfc6455Scanner:
    scanner = Rfc6455Scanner(Direction.IN, sender)
    scanner.feed(bytes.fromhex(wire), 7)
    return scanner


def test_section_5_7_unmasked_text() -> None:
    columns = scan("810548656c6c6f").take()
    assert list(columns.offset) == [0]
    assert list(columns.header) == [2]
    assert list(columns.length) == [5]
    assert list(columns.first) == [0x81]
    assert list(columns.flags) == [FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE]
    assert list(columns.time) == [7]
    assert list(columns.message) == [1]
    assert list(columns.anomalies) == [A.NONE]
