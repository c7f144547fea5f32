"""Another dialect is offered only where the bytes leave no doubt."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import DIALECTS, dialect_called
from wsinspector.protocol.dialects.challenges import connection_key
from wsinspector.protocol.dialects.fits import LOOKED_AT, better_fit, look
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT
from wsinspector.protocol.spans import Role

NAMES = [dialect.name for dialect in DIALECTS]
KEY = connection_key(b"dGhlIHNhbXBsZSBub25jZQ==", b"AQIDBAUGBwgJCgsMDQ4PEC==")
HIXIE = bytes.fromhex("0048656c6c6fff")
MORE = bytes.fromhex("040548656c6c6f")
WHOLE = bytes.fromhex("840548656c6c6f")
RFC = bytes.fromhex("810548656c6c6f")
WHOLE_MASKED = bytes.fromhex("37fa213db3ff69585b964e")
RFC_MASKED = bytes.fromhex("818537fa213d7f9f4d5158")


def agreed_on(name: str) -> Agreed:
    return Agreed(dialect=name, connection_key=KEY if name == "hybi-04" else b"")


def family(name: str) -> str:
    return dialect_called(name).framing_name


messages = st.lists(
    st.tuples(
        st.sampled_from((TEXT, TEXT, TEXT, BINARY, PING, PONG)),
        st.text(max_size=140),
        st.integers(1, 3),
        st.binary(min_size=4, max_size=4),
    ),
    max_size=8,
)


def traffic(name: str, sender: Role, said: list[tuple[int, str, int, bytes]], *, closing: bool) -> bytes:
    """What a conforming peer of the dialect sends."""
    agreed = agreed_on(name)
    framing = dialect_called(name).framing
    can = framing.abilities(agreed)
    masked = can.masked and sender is Role.CLIENT
    sent = b""
    for opcode, text, pieces, key in said:
        opcode = opcode if can.ping or opcode in (TEXT, BINARY) else TEXT
        opcode = opcode if can.binary or opcode != BINARY else TEXT
        payload = text.encode()[:125] if opcode in (PING, PONG) else text.encode()
        cuts = pieces if can.fragments and opcode in (TEXT, BINARY) else 1
        size = -(-len(payload) // cuts) or 1
        for at in range(cuts):
            sent += framing.encode(
                opcode if not at else CONTINUATION,
                payload[at * size : (at + 1) * size] if cuts > 1 else payload,
                sender=sender,
                agreed=agreed,
                key=key if masked else None,
                fin=at == cuts - 1,
            )
    if closing and can.close:
        body = framing.close_body(1000, "", sender=sender, agreed=agreed)
        key = b"\x01\x02\x03\x04"
        sent += framing.encode(CLOSE, body, sender=sender, agreed=agreed, key=key if masked else None)
    return sent


@given(st.sampled_from(NAMES), st.sampled_from(Role), messages, messages, st.booleans(), st.integers(0, 5000))
def test_what_was_agreed_is_never_doubted(
    name: str,
    role: Role,
    came: list[tuple[int, str, int, bytes]],
    went: list[tuple[int, str, int, bytes]],
    closing: bool,
    cut: int,
) -> None:
    peer = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    inward = traffic(name, peer, came, closing=closing)[:cut]
    outward = traffic(name, role, went, closing=closing)
    assert better_fit(inward, outward, agreed_on(name), role) is None


@example("hybi-05", "hybi-04", Role.CLIENT, [(PING, "", 1, bytes(4))], True)  # empty frames alone
@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(Role), messages, st.booleans())
def test_what_is_offered_is_what_was_spoken(
    agreed: str, spoken: str, role: Role, came: list[tuple[int, str, int, bytes]], closing: bool
) -> None:
    peer = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    found = better_fit(traffic(spoken, peer, came, closing=closing), b"", agreed_on(agreed), role)
    if found is not None:
        assert family(found[0]) == family(spoken)
        assert family(spoken) != family(agreed) or "hybi-04" in (spoken, agreed)


@given(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.lists(st.text("abcdefghij {}:,0123", min_size=4, max_size=140), min_size=3, max_size=6),
)
def test_a_server_that_sends_texts_of_another_framing_is_noticed(
    agreed: str, spoken: str, texts: list[str]
) -> None:
    said = [(TEXT, text, 1, b"") for text in texts]
    found = better_fit(traffic(spoken, Role.SERVER, said, closing=False), b"", agreed_on(agreed))
    if family(spoken) == family(agreed):
        assert found is None
    else:
        assert found is not None
        assert family(found[0]) == family(spoken)


@given(st.sampled_from(NAMES), st.sampled_from(Role), st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes(name: str, role: Role, inward: bytes, outward: bytes) -> None:
    found = better_fit(inward, outward, agreed_on(name), role)
    assert found is None or (found[0] in NAMES and found[1])


@pytest.mark.parametrize(
    ("agreed", "frames", "fit"),
    [
        ("hybi-01", HIXIE, "hixie-76"),
        ("hybi-02", HIXIE, "hixie-76"),
        ("hybi-03", HIXIE + b"\xff\x00", "hixie-76"),
        ("rfc6455", HIXIE, "hixie-76"),
        ("rfc6455", b"\xff\x00", "hixie-76"),
        ("hixie-76", RFC, "rfc6455"),
        ("hixie-75", RFC, "rfc6455"),
        ("hixie-76", MORE, "hybi-03"),
        ("hybi-05", 2 * RFC, "hybi-07"),
        ("hybi-07", 2 * WHOLE, "hybi-06"),
        ("rfc6455", 2 * MORE, "hybi-03"),
        # The bit that says "the last" and the one that says "more" lie in the same place.
        ("hybi-04", 2 * MORE, "hybi-03"),
        ("hybi-05", 2 * MORE, "hybi-03"),
        ("hybi-06", 3 * MORE, "hybi-03"),
        ("hybi-01", 2 * WHOLE, "hybi-06"),
        ("hybi-02", 2 * WHOLE, "hybi-06"),
        ("hybi-02", 2 * WHOLE + bytes.fromhex("810153"), "hybi-05"),
        ("hybi-03", 2 * WHOLE + bytes.fromhex("8200"), "hybi-06"),
        ("hybi-02", 2 * RFC, "rfc6455"),
        ("hybi-03", bytes.fromhex("82050102030405") + 2 * RFC, "rfc6455"),
    ],
)
def test_a_server_that_speaks_another(agreed: str, frames: bytes, fit: str) -> None:
    found = better_fit(frames, b"", agreed_on(agreed))
    assert found is not None
    assert found[0] == fit


@pytest.mark.parametrize(
    ("agreed", "frames", "fit"),
    [
        ("rfc6455", WHOLE_MASKED, "hybi-06"),
        ("hybi-05", RFC_MASKED, "hybi-07"),
        ("hybi-04", WHOLE_MASKED, "hybi-06"),
        ("hixie-76", RFC_MASKED, "rfc6455"),
    ],
)
def test_a_client_that_speaks_another(agreed: str, frames: bytes, fit: str) -> None:
    found = better_fit(frames, b"", agreed_on(agreed), Role.SERVER)
    assert found is not None
    assert found[0] == fit


def test_what_closes_tells_two_drafts_apart() -> None:
    ping, mark, code = (bytes.fromhex(text) for text in ("8200", "810153", "810203e8"))
    for close, fit in ((mark, "hybi-05"), (code, "hybi-06")):
        found = better_fit(ping + close, b"", agreed_on("hixie-75"))
        assert found is not None
        assert found[0] == fit


def test_the_reason_quotes_the_bytes() -> None:
    found = better_fit(HIXIE, b"", agreed_on("hybi-02"))
    assert found == (
        "hixie-76",
        "The frames begin with 00 and end with FF, as hixie-76's do; hybi-02's would begin with 04. "
        "Probably the server ignores Sec-WebSocket-Draft, as eventlet and netty do.",
    )
    found = better_fit(WHOLE_MASKED, b"", agreed_on("rfc6455"), Role.SERVER)
    assert found is not None
    assert "begins with 84 05" in found[1]


@pytest.mark.parametrize(
    "frames",
    [
        bytes.fromhex("830548656c6c6f"),  # a reserved opcode
        bytes.fromhex("840548656c6c6f"),  # one that a draft used for text: one frame is not enough
        RFC + 3 * WHOLE,  # and none is, after a good one
        bytes.fromhex("8102fffe"),
        bytes.fromhex("880203ed"),
        bytes.fromhex("c10548656c6c6f"),
        RFC_MASKED,  # a server that masks
        8 * bytes.fromhex("0205ffffffffff"),  # one that never says that a message ends
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\xff",  # HTTP/2
        b"<html><body>Hello</body></html>",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x00",
        b"",
    ],
)
def test_faults_of_a_peer_that_speaks_what_was_agreed(frames: bytes) -> None:
    assert better_fit(frames, b"", agreed_on("rfc6455")) is None


def test_only_the_first_bytes_are_looked_at() -> None:
    good = RFC * (LOOKED_AT // len(RFC) + 1)
    assert better_fit(good + b"\x00Hello\xff", b"", agreed_on("rfc6455")) is None
    assert look(good, agreed_on("rfc6455"), Role.SERVER).frames == LOOKED_AT // len(RFC)


def test_what_we_sent_is_our_own_choice() -> None:
    assert better_fit(RFC, HIXIE, agreed_on("rfc6455")) is None
    assert better_fit(b"", HIXIE, agreed_on("rfc6455")) is None
