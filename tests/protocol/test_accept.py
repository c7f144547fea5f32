"""RFC 6455 §1.3 and §4.1: the sample keys."""

from wsinspector.protocol.accept import accept_for, key_bytes, key_from


def test_section_1_3_sample() -> None:
    assert accept_for(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_section_4_1_sample_as_the_erratum_has_it() -> None:
    assert key_from(bytes(range(1, 17))) == b"AQIDBAUGBwgJCgsMDQ4PEA=="
    assert accept_for(b"AQIDBAUGBwgJCgsMDQ4PEA==") == b"C/0nmHhBztSRGR1CwL6Tf4ZjwpY="
    assert accept_for(b"AQIDBAUGBwgJCgsMDQ4PEC==") == b"OfS0wDaT5NoxF2gqm7Zj2YtetzM="


def test_keys_are_read_back() -> None:
    assert key_bytes(b"AQIDBAUGBwgJCgsMDQ4PEA==") == bytes(range(1, 17))
    assert key_bytes(b"no base64!") is None
