"""No rule without bytes that meet it and bytes that do not, and the examples do what they say."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.catalogue import ALL_RULES, AnyRule, findings_in, judge_example, rule_called
from wsinspector.verdicts.finding import Fault, Finding, Severity
from wsinspector.verdicts.frame_rules import judge_frames, rule_name
from wsinspector.verdicts.rule import About, Example

NAMES = [rule.name for rule in ALL_RULES]
PLACES = {About.REQUEST: {"request"}, About.RESPONSE: {"request", "response"}, About.FRAMES: {"frames"}}
PLACES[About.REFUSAL] = PLACES[About.RESPONSE]


def called(name: str) -> AnyRule:
    rule = rule_called(name)
    assert rule is not None
    return rule


def test_ids_are_unique_and_stable_in_form() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name) for name in NAMES)
    assert rule_called("no-such-rule") is None


def test_every_anomaly_of_a_frame_has_a_rule() -> None:
    assert {rule_name(code) for code in FrameAnomaly} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_told_whole(name: str) -> None:
    rule = called(name)
    assert rule.clause
    assert rule.told_what.endswith(".")
    assert rule.told_what.count(". ") == 0
    assert rule.told_why.endswith(".")
    assert rule.told_why.count(". ") == 1, rule.told_why
    assert rule.passing.data or rule.passing.request
    assert rule.failing.data or rule.failing.request


@pytest.mark.parametrize("name", NAMES)
def test_the_passing_example_meets_the_rule(name: str) -> None:
    rule = called(name)
    assert findings_in(rule, rule.passing) == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_failing_example_breaks_the_rule_as_it_says(name: str) -> None:
    rule = called(name)
    found = findings_in(rule, rule.failing)
    assert found, judge_example(rule.about, rule.failing).findings
    assert (found[0].severity, found[0].fault) == (rule.severity, rule.fault)
    assert found[0].clause
    for finding in found:
        within(finding, rule.failing, rule.about)


def within(finding: Finding, example: Example, about: About) -> None:
    for subject in finding.subjects:
        assert subject.side in PLACES[about]
        whole = example.request if subject.side == "request" and example.request else example.data
        assert 0 <= subject.span.start <= subject.span.end <= len(whole)


@pytest.mark.parametrize("name", NAMES)
def test_a_passing_example_breaks_nothing_else(name: str) -> None:
    rule = called(name)
    worst = [
        finding
        for finding in judge_example(rule.about, rule.passing).findings
        if finding.severity in (Severity.BREAKS, Severity.VIOLATES) and finding.rule != "status"
    ]
    assert worst == [], worst


def test_who_may_send_which_close_code() -> None:
    def text(code: int, sender: Role) -> str:
        key = bytes(4) if sender is Role.CLIENT else b""
        data = bytes((0x88, 0x80 * bool(key) | 2)) + key + code.to_bytes(2, "big")
        found = judge_frames(data, sender).findings
        return next((each.text for each in found if each.rule.startswith("close-code")), "")

    def weight(*codes: int) -> set[Severity]:
        data = b"".join(b"\x88\x02" + code.to_bytes(2, "big") for code in codes)
        found = judge_frames(data, Role.SERVER).findings
        return {each.severity for each in found if each.rule == "close-code-forbidden"}

    # §7.4.1: must not be set. No text asks a receiver to fail the connection over a code.
    for code in (1005, 1006, 1015):
        assert weight(code) == {Severity.VIOLATES}
    # "Not used by the server", reserved, not used: nothing that a sender must not do.
    for code in (0, 999, 1004, 1010, 1016, 2999, 5000, 65535):
        assert weight(code) == {Severity.UNUSUAL}
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000, 3999, 4000, 4999):
        assert (text(code, Role.CLIENT), text(code, Role.SERVER)) == ("", "")
    for code in (1005, 1006, 1015):
        assert text(code, Role.SERVER).endswith("is for local use, and is never sent.")
    for code in (0, 999, 1004, 1016, 2999, 5000, 65535):
        assert text(code, Role.CLIENT).endswith("has no meaning that is defined.")
    assert text(1010, Role.CLIENT) == ""
    assert text(1010, Role.SERVER) == (
        "Close code 1010 (mandatory extension) is a client's, and a server sent it."
    )
    for code in (1012, 1013, 1014):
        assert text(code, Role.SERVER) == ""
        assert "speaks of a server" in text(code, Role.CLIENT)


def test_a_finding_on_frames_blames_their_sender() -> None:
    found = judge_frames(bytes.fromhex("83008300"), Role.SERVER).findings
    assert [(each.rule, each.fault) for each in found] == [("reserved-opcode", Fault.SERVER)]
    assert "(2 frames)" in found[0].text
    assert [(each.span.start, each.span.end) for each in found[0].subjects] == [(0, 1), (2, 3)]


AGREEMENTS = [
    NOTHING_AGREED,
    Agreed(DeflateParameters()),
    *(Agreed(dialect=each.name, connection_key=bytes(20)) for each in DIALECTS),
]


@given(st.binary(max_size=80), st.sampled_from(list(Role)), st.sampled_from(AGREEMENTS), st.booleans())
def test_any_frames_are_judged(data: bytes, sender: Role, agreed: Agreed, ended: bool) -> None:
    verdict = judge_frames(data, sender, agreed, ended=ended)
    for finding in verdict.findings:
        assert finding.rule in NAMES
        within(finding, Example(data), About.FRAMES)
    assert verdict == judge_frames(data, sender, agreed, ended=ended)


@given(st.sampled_from(ALL_RULES), st.booleans(), st.data())
def test_an_example_cut_and_altered_anywhere_is_judged(
    rule: AnyRule, meets: bool, data: st.DataObject
) -> None:
    example = rule.passing if meets else rule.failing
    cut = data.draw(st.integers(0, len(example.data)))
    at = data.draw(st.integers(0, cut))
    bytes_there = example.data[:at] + data.draw(st.binary(max_size=2)) + example.data[at + 1 : cut]
    altered = replace(example, data=bytes_there, ended=data.draw(st.booleans()))
    verdict = judge_example(rule.about, altered)
    for finding in verdict.findings:
        assert finding.rule in NAMES
        within(finding, altered, rule.about)
    assert verdict == judge_example(rule.about, altered)


@pytest.mark.parametrize("code", [code for code in FrameAnomaly if code])
def test_every_fault_of_a_frame_has_a_rule_to_lead_to(code: FrameAnomaly) -> None:
    assert rule_name(code) in {rule.name for rule in ALL_RULES}
