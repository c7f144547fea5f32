"""The proof of an answer step by step, and the mistakes that give a wrong one."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.draft import standard_draft
from wsinspector.protocol.http_reader import ResponseReader, read_response
from wsinspector.verdicts.calculator import accept_mistake, accept_steps, calculate
from wsinspector.verdicts.response_rules import judge_response

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
OTHER = b"AQIDBAUGBwgJCgsMDQ4PEA=="
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
REQUEST = standard_draft(b"/", b"h", KEY).to_bytes()
HEAD = b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
OLD = (
    b"GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U"
)
OLD_HEAD = (
    b"HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Origin: http://example.com\r\nSec-WebSocket-Location: ws://example.com/demo\r\n\r\n"
)


def sha1_base64(data: bytes) -> bytes:
    return base64.b64encode(hashlib.sha1(data).digest())


def test_section_4_2_2_from_the_key_to_the_accept_value() -> None:
    assert [(step.name, step.value) for step in accept_steps(KEY)] == [
        ("key", KEY.decode()),
        ("stands for", b"the sample nonce".hex(" ")),
        ("GUID", GUID.decode()),
        ("joined", (KEY + GUID).decode()),
        ("SHA-1", "b37a4f2cc0624f1690f64606cf385945b2bec4ea"),
        ("base64", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    ]
    assert [step.note for step in accept_steps(KEY)][1] == "16 bytes"


def test_a_key_that_is_no_base64_has_an_accept_value_all_the_same() -> None:
    steps = accept_steps(b"!\xff")
    assert steps[1].value == "not base64"
    assert steps[-1].value == sha1_base64(b"!\xff" + GUID).decode()


@pytest.mark.parametrize(
    ("keys", "came", "mistake"),
    [
        ((KEY,), b"Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=", "it is computed from an empty key"),
        ((KEY, OTHER), sha1_base64(KEY + b", " + OTHER + GUID),
         "it is computed from both keys joined by a comma"),
        ((KEY, OTHER), sha1_base64(KEY + OTHER + GUID), "it is computed from both keys joined"),
        ((KEY, OTHER), sha1_base64(OTHER + GUID), "it is computed from a later one of the keys"),
        ((KEY,), sha1_base64(KEY + b" " + GUID), "it is computed from the key with a blank behind it"),
        ((KEY,), sha1_base64(KEY + b"\r\n" + GUID),
         "it is computed from the key with the line ending behind it"),
        ((KEY,), sha1_base64(b"the sample nonce" + GUID),
         "the key was decoded first, though its text counts"),
        ((KEY,), sha1_base64(KEY), "it is computed without the GUID"),
        ((KEY,), sha1_base64(KEY + GUID.lower()), "it is computed with the GUID in lower case"),
        ((KEY,), sha1_base64(GUID + KEY), "it is computed with the GUID in front of the key"),
        ((KEY,), base64.b64encode(b"b37a4f2cc0624f1690f64606cf385945b2bec4ea"),
         "the digest was written in hexadecimal before base64"),
        ((KEY,), b"b37a4f2cc0624f1690f64606cf385945b2bec4ea",
         "it is the digest in hexadecimal, expected base64"),
        ((KEY,), b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo", "the padding at its end is missing"),
        ((KEY,), b"s3pPLMBiTxaQ9kYGzzhZRbK-xOo=", "it is written in the base64 of URLs"),
        ((KEY,), KEY, "it is the key itself, given back"),
        ((KEY,), b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", ""),
        ((KEY,), b"", ""),
        ((KEY,), b"AAAA", ""),
    ],
)  # fmt: skip
def test_the_mistake_that_gives_what_came(keys: tuple[bytes, ...], came: bytes, mistake: str) -> None:
    assert accept_mistake(keys, came) == mistake


def test_the_finding_names_the_mistake() -> None:
    answer = HEAD + b"Sec-WebSocket-Accept: Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=\r\n\r\n"
    finding = judge_response(REQUEST, read_response(answer)).findings[0]
    assert finding.text == (
        "Sec-WebSocket-Accept Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=, expected s3pPLMBiTxaQ9kYGzzhZRbK+xOo=; "
        "it is computed from an empty key."
    )


def test_beside_the_answer() -> None:
    def told(line: bytes) -> tuple[bool | None, str, str]:
        found = calculate(REQUEST, read_response(HEAD + line + b"\r\n"))
        assert found is not None
        return found.right, found.mistake, found.steps[-1].note

    assert told(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") == (True, "", "equal")
    assert told(b"Sec-WebSocket-Accept: AAAA\r\n") == (False, "", "not equal")
    assert told(b"") == (None, "", "the expected Sec-WebSocket-Accept")
    without = calculate(REQUEST)
    assert without is not None
    assert (without.expected, without.came) == (b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", None)
    assert calculate(b"GET / HTTP/1.1\r\n\r\n") is None


def old_answer(digest: bytes) -> ResponseReader:
    reader = ResponseReader(answer_tail=16)
    reader.feed(OLD_HEAD + digest)
    return reader


def test_hixie_76_two_numbers_their_spaces_and_the_md5() -> None:
    found = calculate(OLD, old_answer(b"8jKS'y:G*Co,Wxa-").response)
    assert found is not None
    assert [(step.name, step.value) for step in found.steps] == [
        ("key 1", "4 @1  46546xW%0l 1 5"),
        ("digits", "4146546015"),
        ("spaces", "5"),
        ("number 1", "829309203"),
        ("key 2", "12998 5 Y3 1  .P00"),
        ("digits", "1299853100"),
        ("spaces", "5"),
        ("number 2", "259970620"),
        ("third key", b"^n:ds[4U".hex(" ")),
        ("joined", (829309203).to_bytes(4, "big").hex(" ") + " " + (259970620).to_bytes(4, "big").hex(" ")
         + " " + b"^n:ds[4U".hex(" ")),
        ("MD5", "386a4b5327793a472a436f2c5778612d"),
        ("came", "386a4b5327793a472a436f2c5778612d"),
    ]  # fmt: skip
    assert found.right is True
    assert found.steps[-2].note == "as text: 8jKS'y:G*Co,Wxa-"


def test_hixie_76_the_mistake_in_a_digest() -> None:
    found = calculate(OLD, old_answer(bytes.fromhex("398cf2fc5ee330584b7c593df0886af4")).response)
    assert found is not None
    assert found.right is False
    assert found.mistake.startswith("it is computed over UTF-8 text instead of bytes")


def test_hixie_76_keys_without_numbers_have_no_digest() -> None:
    found = calculate(OLD.replace(b"12998 5 Y3 1  .P00", b"abc"))
    assert found is not None
    assert found.expected is None
    assert "it holds no digit" in [step.note for step in found.steps]


@given(
    st.one_of(st.binary(max_size=60), st.binary(max_size=40).map(lambda key: OLD.replace(b"12998", key))),
    st.binary(max_size=60),
)
def test_any_bytes_are_calculated(request: bytes, answer: bytes) -> None:
    reader = ResponseReader(answer_tail=16)
    reader.feed(OLD_HEAD + answer)
    assert calculate(request, reader.response) == calculate(request, reader.response)
    assert accept_mistake((request,), answer) == accept_mistake((request,), answer)


NONCE = b"AQIDBAUGBwgJCgsMDQ4PEC=="


def test_hybi_04_makes_the_connection_key_of_both_sides() -> None:
    request = REQUEST.replace(b"Version: 13", b"Version: 4")
    answer = HEAD + b"Sec-WebSocket-Accept: " + sha1_base64(KEY + GUID) + b"\r\n"
    nonced = answer + b"Sec-WebSocket-Nonce: " + NONCE + b"\r\n\r\n"
    found = calculate(request, read_response(nonced))
    assert found is not None
    assert found.right
    assert [(step.name, step.value) for step in found.steps[-4:]] == [
        ("nonce", NONCE.decode()),
        ("second GUID", "61AC5F19-FBBA-4540-B96F-6561F1AB40A8"),
        ("all joined", (KEY + NONCE).decode() + "61AC5F19-FBBA-4540-B96F-6561F1AB40A8"),
        ("connection key", "41e14f78311e4c34283e6d8b363b8848d58591a7"),
    ]
    for other, came in ((request, answer + b"\r\n"), (REQUEST, nonced)):
        without = calculate(other, read_response(came))
        assert without is not None
        assert without.steps[-1].name == "came"
