"""Which bytes read better as text than as hex."""

import pytest

from wsinspector.present.plain import mostly_readable


@pytest.mark.parametrize(
    ("data", "readable"),
    [
        (b"", True),
        (b"<html>\r\n\t<p>\r\n", True),
        ("Grüße, 漢字".encode(), True),
        (b"a long line of text with one \x00 in it", True),
        (bytes.fromhex("15030100020228"), False),
        (bytes(range(256)), False),
    ],
)
def test_text_or_hex(data: bytes, readable: bool) -> None:
    assert mostly_readable(data) is readable
