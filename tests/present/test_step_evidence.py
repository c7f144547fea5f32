"""What is shown below a failed step: frames are read back from the capture, compressed and in pieces too."""

from pathlib import Path

from tests.conversation.sequences.conftest import Runner, engine, lab, peers, run, tabs
from wsinspector.conversation.sequences.results import StepState
from wsinspector.present.step_evidence import evidence_lines, frames_came

__all__ = ["engine", "lab", "peers", "run", "tabs"]

PIECES = """
[[step]]
craft = { frames = [{ text = "Hel", fin = false }, { opcode = "ping" }, { opcode = 0, text = "lo" }] }
[[step]]
expect = "type == binary"
within = 0.5
"""
DEFLATED = """
[handshake]
extensions = "permessage-deflate"
[[step]]
send = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
[[step]]
expect = "never"
within = 0.5
"""


def told(run: Runner, text: str, url: str) -> list[str]:
    results = run(text, url)
    failed = results.steps[-1]
    assert failed.state is StepState.FAILED, results.steps
    return list(evidence_lines(failed, frames_came(run.conversation, results.steps)))


def test_a_message_in_pieces_is_shown_joined(run: Runner, lab: str) -> None:
    lines = told(run, PIECES, f"{lab}/echo")
    assert lines[0] == "Looked for: type == binary"
    assert any(line.endswith("Text, 5 bytes: Hello") for line in lines), lines


def test_a_compressed_message_is_shown_inflated(run: Runner, lab: str) -> None:
    (_, line) = told(run, DEFLATED, f"{lab}/echo")
    assert line.endswith(f"Text, 60 bytes: {'a' * 60}")


def test_a_close_is_shown_by_its_code(run: Runner, lab: str) -> None:
    text = '[[step]]\nclose = { code = 1000, reason = "bye" }\n[[step]]\nexpect = "type == text"\nwithin = 2'
    (_, line) = told(run, text, f"{lab}/echo")
    assert line.endswith("Close, 2 bytes: 1000 normal closure")


def test_what_met_its_filter_has_nothing_below_it(run: Runner, lab: str, tmp_path: Path) -> None:
    results = run('[[step]]\nsend = "a"\n[[step]]\nexpect = "type == text"', f"{lab}/echo")
    assert frames_came(run.conversation, results.steps) == {}
    assert [evidence_lines(each, {}) for each in results.steps] == [()] * 3
