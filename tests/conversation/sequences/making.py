"""Sequences of every shape, as hypothesis makes them."""

import json
from typing import Any

from hypothesis import strategies as st

from wsinspector.conversation.sequences.model import (
    Action,
    Close,
    Connect,
    Craft,
    Expect,
    ExpectClose,
    ExpectHandshake,
    ExpectNot,
    HalfClose,
    Handshake,
    Pause,
    Payload,
    Repeat,
    Reset,
    Rule,
    Send,
    Sequence,
    Step,
    Wait,
)
from wsinspector.protocol.opcodes import BINARY, PING, PONG, TEXT

# A control character may stand in a TOML text, escaped; a surrogate cannot.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(lambda text: "{{" not in text)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,8}", fullmatch=True)
SECONDS = st.sampled_from([0.25, 1.0, 2.5, 30.0])
CODES = st.integers(0, 65_535)
FILTERS = st.sampled_from(
    [
        "type == text",
        'payload contains "a\\"b"',
        "json.n == {{counter}}",
        "size > 1k and not type == ping",
        "plain",
    ]
)

SOURCES = st.one_of(
    st.tuples(st.just("text"), WORDS),
    st.tuples(st.just("json"), st.recursive(st.none() | st.integers() | WORDS, st.lists).map(json.dumps)),
    st.tuples(st.just("hex"), st.binary(max_size=8).map(lambda data: data.hex(" "))),
    st.tuples(st.just("base64"), st.sampled_from(["", "AP8=", "QQ=="])),
    st.tuples(st.just("file"), WORDS.filter(bool)),
)
PAYLOADS = st.builds(
    lambda pair, opcode: Payload(pair[0], pair[1], opcode), SOURCES, st.sampled_from([TEXT, BINARY])
)
CONTROLS = st.builds(lambda text, opcode: Payload("text", text, opcode), WORDS, st.sampled_from([PING, PONG]))
CRAFTS: st.SearchStrategy[Any] = st.sampled_from(
    [
        {"opcode": "text", "text": "Hello {{counter}}", "rsv1": True},
        {
            "frames": [{"text": "a", "fin": False}, {"opcode": 0, "text": "b"}],
            "write": {"size": 1, "delay": 0.5},
        },
        {"raw": "81 00"},
    ]
)
SENT: st.SearchStrategy[Action] = st.one_of(
    st.builds(Send, PAYLOADS | CONTROLS),
    st.builds(Craft, CRAFTS),
    st.builds(Close, CODES, WORDS) | st.just(Close(None)),
    st.just(HalfClose()),
    st.just(Reset()),
)
AWAITED: st.SearchStrategy[Action] = st.one_of(
    st.builds(Wait, FILTERS), st.builds(Expect, FILTERS), st.builds(ExpectNot, FILTERS)
)
OTHERS: st.SearchStrategy[Action] = st.one_of(
    st.builds(Pause, SECONDS),
    st.builds(Connect, st.sampled_from(["", "ws://127.0.0.1:1/"])),
    st.builds(ExpectClose, st.lists(CODES, max_size=3).map(tuple)),
    st.builds(
        ExpectHandshake,
        st.lists(st.integers(100, 599), max_size=2).map(tuple),
        st.dictionaries(NAMES, st.none() | WORDS, max_size=2).map(lambda found: tuple(found.items())),
        st.none() | WORDS,
    ),
)


def _steps(inner: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    """Repetitions of such steps."""
    kept = st.lists(inner, min_size=1, max_size=2).map(tuple)
    repeats = st.one_of(
        st.builds(Repeat, kept, times=st.integers(1, 9)),
        st.builds(Repeat, kept, times=st.integers(1, 9), every=SECONDS, during=SECONDS),
        st.builds(Repeat, kept, every=SECONDS),
    )
    return st.builds(Step, repeats, WORDS, after=SECONDS | st.just(0.0), go_on=st.booleans())


SINGLE = st.one_of(
    st.builds(Step, SENT | OTHERS, WORDS, after=SECONDS | st.just(0.0), go_on=st.booleans()),
    st.builds(Step, AWAITED, WORDS, within=st.none() | SECONDS, fresh=st.booleans()),
)
STEPS = st.recursive(SINGLE, _steps, max_leaves=4)

HANDSHAKES = st.builds(
    Handshake,
    versions=st.none() | st.lists(WORDS, max_size=2).map(tuple),
    subprotocols=st.lists(NAMES, max_size=2).map(tuple),
    extensions=st.lists(NAMES, max_size=2).map(tuple),
    headers=st.dictionaries(
        NAMES,
        st.lists(WORDS.filter(lambda text: not set(text) & {"\r", "\n"}), min_size=1, max_size=2),
        max_size=2,
    ).map(lambda found: tuple((name, value) for name, values in found.items() for value in values)),
    without=st.lists(NAMES, max_size=2).map(tuple),
    dialect=st.sampled_from(["", "hixie-76", "rfc6455"]),
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "policy": st.sampled_from(["tolerant", "conforming", "watch"]),
        "answer_pings": st.booleans(),
        "pong_after": SECONDS,
        "timeout": SECONDS,
        "max_message": st.integers(0, 1 << 40),
        "sni": WORDS,
    },
).map(lambda found: tuple(found.items()))
RULES = st.builds(
    Rule,
    FILTERS.filter(lambda text: "{{" not in text),
    # A name stands once in a table, so that each kind of answer is there once.
    SENT.map(lambda answer: (answer,)),
    st.sampled_from([1, 20, 500]),
    st.sampled_from([1, 1000]),
)
SEQUENCES = st.builds(
    Sequence,
    name=WORDS,
    url=st.sampled_from(["", "ws://127.0.0.1:8080/echo"]),
    timeout=SECONDS,
    go_on=st.booleans(),
    handshake=HANDSHAKES,
    options=OPTIONS,
    variables=st.dictionaries(
        NAMES.filter(lambda name: name not in ("counter", "uuid", "now", "unix_ms")), WORDS, max_size=2
    ).map(lambda found: tuple(found.items())),
    rules=st.lists(RULES, max_size=2).map(tuple),
    steps=st.lists(STEPS, min_size=1, max_size=4).map(tuple),
)
