"""Rows of a log as steps of a sequence that can be read again."""

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.conversation.sequences.model import Close, Expect, ExpectClose, Payload, Send
from wsinspector.conversation.sequences.reading import read_sequence
from wsinspector.conversation.sequences.writing import sequence_text
from wsinspector.present.sequence_making import Row, sequence_of
from wsinspector.protocol.opcodes import PING


def test_what_was_sent_is_sent_and_what_came_is_expected() -> None:
    made = sequence_of(
        (
            Row(True, 1, b"Hello {{x}}"),
            Row(False, 1, b'say "hi"'),
            Row(True, 1, b'{"a": 1}'),
            Row(True, 2, b"\x00\xff"),
            Row(True, 9, b"p"),
            Row(False, 10, b"p"),
            Row(False, 2, bytes(300)),
            Row(False, 5, b""),
            Row(True, 8, b"", 1000, "bye"),
            Row(False, 8, b"", None),
        )
    )
    assert made.notes == ()
    assert [step.action for step in made.sequence.steps] == [
        Send(Payload("text", "Hello \\{{x}}")),
        Expect('type == text and payload == "say \\"hi\\""'),
        Send(Payload("json", '{"a": 1}')),
        Send(Payload("hex", "00 ff", 2)),
        Send(Payload("text", "p", PING)),
        Expect("type == binary and size > 200"),
        Expect("opcode == 5"),
        Close(1000, "bye"),
        ExpectClose((1005,)),
    ]


def test_what_cannot_be_sent_again_is_told() -> None:
    made = sequence_of((Row(True, 3, b"x"), Row(True, 1, b"x", whole=False)))
    assert made.sequence.steps == ()
    assert [note.split()[:2] for note in made.notes] == [["Row", "1"], ["Row", "2"]]


ROWS = st.builds(
    Row,
    st.booleans(),
    st.sampled_from([1, 2, 8, 9]),
    st.binary(max_size=40) | st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")),
    st.none() | st.integers(1000, 4999),
)


@given(st.lists(ROWS, min_size=1, max_size=6))
def test_whatever_the_rows_are_the_file_is_in_order(rows: list[Row]) -> None:
    made = sequence_of(rows)
    read = read_sequence(sequence_text(made.sequence))
    assert read.faults == ()
    assert read.sequence == made.sequence
