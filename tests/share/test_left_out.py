"""What is left out: by its place, by its value, in parts; and never a byte too much."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.head_reader import parse_request
from wsinspector.share.left_out import LeftOut, Secrets, filled, marked, spans_of

REQUEST = (
    b"GET /chat?room=3&access_token=q-u-e-r-y-1 HTTP/1.1\r\n"
    b"Host: h.example\r\n"
    b"authorization: Basic dXNlcjpwYTU1d29yZA==\r\n"
    b"Proxy-Authorization: Bearer pr0xy-t0ken\r\n"
    b"Cookie: a=b; sid=c00kie-value\r\n"
    b"Referer: https://u:pw-of-referer@h.example/\r\n"
    b"Sec-WebSocket-Protocol: chat, eyJhbGciOiJI.payloadpart.signature\r\n\r\n"
)
VALUES = (
    b"q-u-e-r-y-1",
    b"dXNlcjpwYTU1d29yZA==",
    b"pr0xy-t0ken",
    b"a=b; sid=c00kie-value",
    b"u:pw-of-referer",
    b"eyJhbGciOiJI.payloadpart.signature",
)


def learned() -> Secrets:
    secrets = Secrets()
    secrets.learn_head(REQUEST)
    return secrets


def test_every_secret_of_a_head_is_a_mark_with_its_length_and_listed() -> None:
    secrets = learned()
    shown = marked(secrets.head(REQUEST, "the request"))
    assert not [value for value in VALUES if value in shown]
    assert b"GET /chat?room=3&access_token=left-out-11-bytes HTTP/1.1\r\n" in shown
    assert b"authorization: Basic left-out-20-bytes\r\n" in shown
    assert b"Sec-WebSocket-Protocol: chat, left-out-34-bytes\r\n" in shown
    listed = [(each.where, each.length) for each in secrets.left_out]
    assert listed == [
        ("the address of the request", 11),
        ("authorization of the request", 20),
        ("Proxy-Authorization of the request", 11),
        ("Cookie of the request", 21),
        ("Referer of the request", 15),
        ("Sec-WebSocket-Protocol of the request", 34),
    ]


def test_filled_keeps_every_length_and_reads_as_the_same_lines() -> None:
    shown = filled(learned().head(REQUEST, "the request"))
    assert len(shown) == len(REQUEST)
    before, after = parse_request(REQUEST), parse_request(shown)
    assert [line.name for line in after.lines] == [line.name for line in before.lines]
    assert [line.span for line in after.lines] == [line.span for line in before.lines]
    assert not [value for value in VALUES if value in shown]


def test_a_value_is_known_again_wherever_it_stands_and_has_one_name() -> None:
    secrets = learned()
    names = {each.value: each.name for each in secrets.known}
    body = b'{"you sent": "pr0xy-t0ken", "pass": "pa55word", "cookie": "c00kie-value"}'
    shown = marked(secrets.pieces(body, [], "the body"))
    told = b"left-out-11-bytes", b"left-out-8-bytes", b"left-out-12-bytes"
    assert shown == b'{"you sent": "%s", "pass": "%s", "cookie": "%s"}' % told
    assert names[b"pr0xy-t0ken"] in {each.name for each in secrets.left_out}


def test_sentences_that_quote_a_value_or_its_beginning_are_cleared() -> None:
    secrets = learned()
    text = secrets.sentence("The peer chose “eyJhbGciOiJI.payl…”, which was not offered.", "the verdict")
    assert "eyJhb" not in text
    assert secrets.left_out[0].where == "the verdict"
    plain = secrets.plain({"url": "ws://me:s3cr3tpw@h/?sig=abc", "n": [1, "pr0xy-t0ken"]}, "the facts")
    assert "s3cr3tpw" not in str(plain)
    assert "abc" not in str(plain)
    assert "pr0xy" not in str(plain)


def test_with_secrets_nothing_is_left_out() -> None:
    secrets = Secrets(keep=True)
    secrets.learn_head(REQUEST)
    assert marked(secrets.head(REQUEST, "the request")) == REQUEST
    assert secrets.sentence("pr0xy-t0ken", "x") == "pr0xy-t0ken"
    assert secrets.left_out == ()


def test_what_was_left_out_whole_or_not_searched_is_told_once() -> None:
    secrets = learned()
    for _ in range(2):
        secrets.told_whole("SECRET_1, SECRET_2", "message 3", 812)
        secrets.told_unsearched("frame 4", 1)
    whole, unsearched = secrets.left_out
    assert isinstance(whole, LeftOut)
    assert whole.removed
    assert whole.text == "message 3: 812 bytes (SECRET_1, SECRET_2)"
    assert not unsearched.removed
    assert unsearched.text == "frame 4: 1 byte, not searched for secrets"


@given(st.lists(st.sampled_from([b"pr0xy-t0ken", b"pa55word", b"pr0xy", b"-", b"\0", b"pa55wor"])), st.data())
def test_a_stream_is_filled_alike_however_it_is_cut(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    expected = whole.replace(b"pr0xy-t0ken", b"*" * 11).replace(b"pa55word", b"*" * 8)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    ends = [*cuts, len(whole)]
    chunks = [whole[start:stop] for start, stop in zip([0, *cuts], ends, strict=True)]
    assert b"".join(learned().stream(chunks, "the payload")) == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_cut_into_pieces_that_join_to_them(data: bytes) -> None:
    secrets = Secrets()
    secrets.learn_head(data)
    pieces = secrets.head(data, "the request")
    assert b"".join(each if isinstance(each, bytes) else each.value for each in pieces) == data
    assert len(filled(pieces)) == len(data)
    for shift, _, span in spans_of(parse_request(data)):
        assert 0 <= span.start + shift <= span.end + shift <= len(data)


def test_a_password_inside_an_authorization_is_known() -> None:
    assert base64.b64decode(b"dXNlcjpwYTU1d29yZA==") == b"user:pa55word"
    assert b"pa55word" in {each.value for each in learned().known}


def test_a_value_written_in_hexadecimal_is_known_too() -> None:
    secrets = learned()
    lower, upper = b"pr0xy-t0ken".hex().encode(), b"pr0xy-t0ken".hex().upper().encode()
    shown = b"".join(secrets.stream([b"as hex %b or %b." % (lower, upper)], "the payload"))
    assert shown == b"as hex %b or %b." % (b"*" * 22, b"*" * 22)
    (name,) = (each.name for each in secrets.known if each.value == b"pr0xy-t0ken")
    assert [each.name for each in secrets.left_out] == [f"{name}_HEX", f"{name}_UPPER_HEX"]


def test_what_is_run_through_before_it_is_written_is_not_listed() -> None:
    secrets = learned()
    assert b"".join(secrets.stream([b"pr0xy-t0ken"], "")) == b"*" * 11
    assert secrets.left_out == ()


def test_values_that_share_bytes_are_both_found_across_a_cut() -> None:
    secrets = Secrets()
    secrets.learn_head(b"GET / HTTP/1.1\r\nCookie: a=abcdefgh; b=efghijkl\r\n\r\n")
    found = [(start, each.value) for start, each in secrets.across(b"abcdefghijkl", 5)]
    assert found == [(0, b"abcdefgh"), (4, b"efghijkl")]
    assert [(start, each.value) for start, each in secrets.across(b"abcdefghijkl", 8)] == [(4, b"efghijkl")]
