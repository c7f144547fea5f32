"""The file of a sequence: what is understood, what is refused and where, and that writing is the inverse."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conversation.sequences.making import SEQUENCES
from wsinspector.conversation.sequences.model import (
    Close,
    Expect,
    ExpectClose,
    ExpectHandshake,
    Payload,
    Repeat,
    Send,
    Sequence,
    Step,
    every_step,
)
from wsinspector.conversation.sequences.reading import read_rules, read_sequence
from wsinspector.conversation.sequences.writing import sequence_text
from wsinspector.protocol.opcodes import BINARY, PING, TEXT

FILE = """\
name = "Login"
url = "ws://127.0.0.1:8080/{{room}}"
timeout = 30

[handshake]
version = ["13", "8"]
subprotocols = "chat"
headers = { X-Token = "t{{room}}", X-Two = ["a", "b"] }

[options]
policy = "conforming"
pong_after = 1.5

[variables]
room = 7

[[auto]]
when = 'type == text'
send = "seen"
a_second = 2

[[step]]
expect_handshake = { status = [101], headers = { Server = false } }

[[step]]
name = "log in"
send = { json = { user = "ada", room = "{{room}}" } }

[[step]]
expect = 'json.ok == true'
within = 2

[[step]]
repeat = { times = 3, every = 0.5 }
  [[step.step]]
  ping = "{{counter}}"
  [[step.step]]
  send = { hex = "00 ff", as = "text" }

[[step]]
close = 1000

[[step]]
expect_close = [1000, 1001]
"""


def read(text: str) -> Sequence:
    found = read_sequence(text)
    assert found.faults == ()
    assert found.sequence is not None
    return found.sequence


def test_a_whole_file() -> None:
    sequence = read(FILE)
    assert (sequence.name, sequence.timeout) == ("Login", 30.0)
    assert sequence.handshake.versions == ("13", "8")
    assert sequence.handshake.subprotocols == ("chat",)
    assert sequence.handshake.headers == (("X-Token", "t{{room}}"), ("X-Two", "a"), ("X-Two", "b"))
    assert sequence.options == (("policy", "conforming"), ("pong_after", 1.5))
    assert sequence.variables == (("room", "7"),)
    assert sequence.rules[0].answers == (Send(Payload("text", "seen", TEXT)),)
    steps = sequence.steps
    assert steps[0].action == ExpectHandshake((101,), (("Server", None),))
    assert steps[1] == Step(Send(Payload("json", '{"user":"ada","room":"{{room}}"}')), "log in")
    assert steps[2] == Step(Expect("json.ok == true"), within=2.0)
    assert isinstance(steps[3].action, Repeat)
    assert (steps[3].action.times, steps[3].action.every) == (3, 0.5)
    assert [step.action for step in steps[3].action.steps] == [
        Send(Payload("text", "{{counter}}", PING)),
        Send(Payload("hex", "00 ff", TEXT)),
    ]
    assert [steps[4].action, steps[5].action] == [Close(1000), ExpectClose((1000, 1001))]
    assert [step.line for step in every_step(steps)] == [22, 25, 29, 33, 35, 37, 40, 43]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SEQUENCES)
def test_what_is_written_is_read_as_it_was(sequence: Sequence) -> None:
    assert read(sequence_text(sequence)) == sequence


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('name = 1\n[[step]]\nsend = "a"', 1, 'name must be a text, not 1. Write name = "1".'),
        ('[[step]]\nsned = "a"', 1, "A step needs one of send, ping"),
        ('[[step]]\nsend = "a"\nwithn = 1', 3, "There is no member “withn” here"),
        ('[[step]]\nsend = "a"\nping = "b"', 3, "A step does one thing; this one has send, ping."),
        ('[[step]]\nsend = "a"\n\n[[step]]\nexpect = "type == "', 5, "The filter “type == ”, at its end"),
        (
            '[[step]]\nexpect = "type == text"\nwithin = "2"',
            3,
            "within must be a number of seconds above 0, at most 86400, not a text. Write within = 2.",
        ),
        ('[[step]]\nsend = "a"\nwithin = 2', 3, "Only what is waited for has a time limit."),
        ('[[step]]\nsend = "{{who}}"', 2, "There is no variable {{who}}."),
        ('[[step]]\nexpect = "json.a == {{who}}"', 2, "There is no variable {{who}}."),
        ('[[step]]\nsend = { json = "{a}" }', 2, "This is no JSON"),
        ('[[step]]\nsend = { hex = "0" }', 2, "This is no hex"),
        ('[[step]]\nsend = { base64 = "*" }', 2, "This is no base64."),
        ('[[step]]\nsend = { hex = "00", text = "a" }', 2, "send needs exactly one of text, json"),
        ("[[step]]\nsend = 3", 2, "send must be a text, or a table"),
        ("[[step]]\nclose = 70000", 2, "code must be a whole number from 0 to 65535, not 70000."),
        ('[[step]]\nclose = { reason = "a" }', 2, "A reason needs a code"),
        ("[[step]]\nrepeat = 3", 2, "repeat needs steps"),
        ('[[step]]\nrepeat = {}\n[[step.step]]\nping = ""', 2, "repeat needs times, every or during."),
        ('[[step]]\nrepeat = 2\n[[step.step]]\nping = ""\nfoo = 1', 5, "There is no member “foo”"),
        (
            '[[step]]\nrepeat = 0\n[[step.step]]\nping = ""',
            2,
            "repeat cannot be 0. It is a number of rounds from 1",
        ),
        (
            '[[step]]\nrepeat = 1000001\n[[step.step]]\nping = ""',
            2,
            "repeat cannot be 1000001. It is a number",
        ),
        ('[[step]]\nrepeat = "3"\n[[step.step]]\nping = ""', 2, "repeat cannot be a text. It is a number of"),
        (
            '[[step]]\n\nrepeat = { every = 1, \n times = 0 }\n[[step.step]]\nping = ""',
            4,
            "times must be a whole number from 1 to 1000000, not 0.",
        ),
        (
            '[[step]]\nrepeat = { during = 0 }\n[[step.step]]\nping = ""',
            2,
            "during must be a number of seconds above 0, at most 86400, not 0.",
        ),
        (
            '[[step]]\nrepeat = { times = "3" }\n[[step.step]]\nping = ""',
            2,
            "times must be a whole number from 1 to 1000000, not a text. Write times = 3.",
        ),
        ("[[step]]\npause = 100000", 2, "pause is a number of seconds from 0 to 86400."),
        (
            '[[step]]\nsend = "a"\n[handshake]\n\nversion = 8',
            5,
            'version must be a text or a list of texts, not 8. Write version = "8".',
        ),
        (
            '[[step]]\nsend = "a"\n[handshake]\nversion = ["13",\n\n8]',
            6,
            'version must be a list of texts, not 8. Write "8".',
        ),
        (
            '[[step]]\nsend = "a"\n[options]\npolicy = 7',
            4,
            'policy is one of "tolerant", "conforming", "watch".',
        ),
        ('[[step]]\nsend = "a"\n[options]\ntimeout = 0', 4, "timeout must be a number of seconds above 0"),
        ("[[step]]\ncraft = { opcode = 16 }", 2, "opcode: 0 to 15"),
        ("[[step]]\nhalf_close = 1", 2, "half_close is written half_close = true."),
        ('[[step]]\nsend = "a"\n[options]\nfoo = 1', 4, "There is no member “foo”"),
        ('[[step]]\nsend = "a"\n[options]\npolicy = "x"', 4, 'policy is one of "tolerant"'),
        ('[[step]]\nsend = "a"\n[handshake]\ndialect = "x"', 4, "There is no dialect “x”"),
        ('[[step]]\nsend = "a"\n[variables]\ncounter = 1', 4, "counter is made by itself"),
        ('[[step]]\nsend = "a"\n[[auto]]\nwhen = "x"\nwait = "y"', 5, "An auto-answer sends"),
        ('[[step]]\nsend = "a"\n[[auto]]\nwhen = "x"', 3, "An auto-answer needs what to do"),
        ('[[step]]\nsend = "a"\nsend = "b"', 3, 'It is no TOML here: key "send" already exists.'),
        ('[[step]]\nsend = "a', 2, "It is no TOML here"),
        ('name = "a"', 1, "There is no step"),
        ('[step]\nsend = "a"', 1, "step must be tables, each headed [[step]]"),
        ("[[step]]\nsend = { json = 2020-01-01 }", 2, "JSON has no dates"),
        (
            '[[step]]\nwait = "((("',
            2,
            "The filter “(((”, at character 1 (“(”): This parenthesis is never closed.",
        ),
        ('[[step]]\n\nexpect = "size > "', 3, "The filter “size > ”, at its end: Something is missing"),
        ("[[step]]\nexpect_not = '\"a'", 2, 'The filter “"a”, at character 1 (“"a”): The closing quote'),
        (
            '[[step]]\nsend = "a"\n[[auto]]\nsend = "x"\nwhen = "len >"',
            5,
            "The filter “len >”, at character 5 (“>”)",
        ),
        ('[[step]]\nping = "' + "a" * 126 + '"', 2, "A control frame holds at most 125 bytes"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, line: int, said: str) -> None:
    found = read_sequence(text)
    assert found.sequence is None
    assert [(fault.line, fault.text.startswith(said)) for fault in found.faults if said in fault.text] == [
        (line, True)
    ], found.faults


def test_every_fault_is_told_at_once() -> None:
    found = read_sequence('foo = 1\n[[step]]\nsend = 2\n[[step]]\nexpect = "type == "\nwithin = -1')
    assert [fault.line for fault in found.faults] == [1, 3, 5, 6]


@pytest.mark.parametrize(
    "text",
    [
        "[[step]]\nrepeat = { times = 0 }\n[[step.step]]\npause = 1",
        '[[step]]\nrepeat = 2\n[[step.step]]\npause = "x"',
        '[[step]]\npause = 1\n[[auto]]\nsend = "x"\nwhen = 5',
        '[[step]]\npause = 1\n[options]\ntimeout = "x"',
        "[[step]]\npause = 1\n[options]\npolicy = 7",
    ],
)
def test_one_fault_is_told_once(text: str) -> None:
    assert len(read_sequence(text).faults) == 1


def test_a_reason_too_long_for_a_close_is_remarked_and_may_be_sent() -> None:
    text = '[[step]]\nclose = {{ code = 1000,\n reason = "{0}" }}'
    assert read_sequence(text.format("x" * 123)).remarks == ()
    found = read_sequence(text.format("ä" * 62))
    assert found.sequence is not None
    (remark,) = found.remarks
    assert remark.line == 3
    assert remark.text.startswith("The reason is 124 bytes of UTF-8: a Close frame has room for 123")
    rules = read_rules('[[auto]]\nwhen = "x"\nclose = { code = 1000, reason = "' + "x" * 124 + '" }')
    assert len(rules.rules) == len(rules.remarks) == 1


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/passwd", "~/x", "~other/x", "C:/x", "c:\\\\x", "..\\\\x"]
)
def test_a_file_outside_the_folder_is_remarked(name: str) -> None:
    for step in (f'send = {{ file = "{name}" }}', f'craft = {{ file = "{name}" }}'):
        found = read_sequence(f"[[step]]\n{step}")
        assert found.faults == ()
        (remark,) = found.remarks
        assert (remark.line, "leads out of the folder" in remark.text) == (2, True)


@pytest.mark.parametrize("name", ["x", "a/b", "./x", "a/../x", "..x", "a/..b/../x"])
def test_a_file_in_the_folder_is_not(name: str) -> None:
    assert read_sequence(f'[[step]]\nsend = {{ file = "{name}" }}').remarks == ()


def test_variables_that_are_given_are_known() -> None:
    text = '[[step]]\nsend = "{{who}}"'
    assert read_sequence(text).sequence is None
    assert read_sequence(text, ("who",)).sequence is not None


@pytest.mark.parametrize(
    "filter",
    ["type == {{kind}}", "size > {{kind}}", "time > {{kind}}", "payload == {{kind}}", "hello", "not found"],
)
def test_a_filter_that_some_value_makes_right_is_not_refused_for_a_made_up_one(filter: str) -> None:
    assert read_sequence(f"[[step]]\nwait = '{filter}'", ("kind",)).faults == ()


def test_binary_is_what_bytes_are_sent_as() -> None:
    (step,) = read('[[step]]\nsend = { base64 = "AP8=" }').steps
    assert step.action == Send(Payload("base64", "AP8=", BINARY))


def test_rules_alone() -> None:
    found = read_rules('[[auto]]\nwhen = "x"\npong = "{{me}}"', ("me",))
    assert [rule.filter for rule in found.rules] == ["x"]
    assert read_rules('[[auto]]\nwhen = "x"\npong = "{{me}}"').faults[0].line == 3
    assert read_rules('[[step]]\nsend = "x"').faults[0].line == 1
    assert read_rules("").rules == ()


@given(st.text(max_size=80) | st.text("[]{}\"'=\n steprandqu1.", max_size=120))
def test_no_text_makes_it_raise(text: str) -> None:
    found = read_sequence(text)
    assert (found.sequence is None) == bool(found.faults)
