"""The rules as they are shown: none is left out, every word finds, every example says what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.rule_pages import count_text, rule_groups, rule_page
from wsinspector.verdicts.catalogue import ALL_RULES, AnyRule, findings_in
from wsinspector.verdicts.rule import About


def test_every_rule_stands_in_one_group() -> None:
    names = [entry.name for group in rule_groups() for entry in group.entries]
    assert sorted(names) == sorted(rule.name for rule in ALL_RULES)
    assert all(group.entries for group in rule_groups())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("request-key", "Request"),
        ("request-host", "Request, as HTTP"),
        ("accept", "Answer that opens"),
        ("version-list", "Refusal, or no answer"),
        ("refused-upgrade-lost", "What a refusal is for"),
        ("box-nginx", "Who answered"),
        ("chunk", "Answer, as HTTP"),
        ("offer-window-bits", "Extensions and compression"),
        ("inflate-failed", "Extensions and compression"),
        ("reserved-opcode", "Frames"),
        ("close-code-forbidden", "Close frames and their codes"),
        ("hixie-digest", "Older drafts"),
    ],
)
def test_a_rule_stands_where_it_is_looked_for(name: str, title: str) -> None:
    assert [group.title for group in rule_groups() if any(e.name == name for e in group.entries)] == [title]


def test_every_word_must_stand_in_the_rule() -> None:
    assert rule_groups("nosuchword opcode") == ()
    names = [entry.name for group in rule_groups("OPCODE §5.2") for entry in group.entries]
    assert "reserved-opcode" in names
    assert "request-key" not in names
    assert count_text(rule_groups()) == f"{len(ALL_RULES)} rules"
    assert count_text(rule_groups("reserved-opcode")).startswith("1 of ")


@given(st.text(max_size=12))
def test_searching_never_adds_and_never_fails(words: str) -> None:
    everything = {entry.name for group in rule_groups() for entry in group.entries}
    assert {entry.name for group in rule_groups(words) for entry in group.entries} <= everything


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_page_has_both_examples_and_what_they_give(rule: AnyRule) -> None:
    page = rule_page(rule.name)
    assert page is not None
    assert (page.what, page.why, page.clause) == (rule.told_what, rule.told_why, rule.clause)
    assert page.failing.pieces[-1].data == rule.failing.data
    assert page.passing.pieces[-1].data == rule.passing.data
    assert {mark for mark, _, _ in page.passing.told} == {"✓"}
    assert len(page.failing.told) == len(findings_in(rule, rule.failing)) > 0
    assert "✓" not in {mark for mark, _, _ in page.failing.told}
    assert (page.request is None) == (rule.about is not About.REQUEST)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_what_is_lit_lies_within_the_bytes_shown(rule: AnyRule) -> None:
    page = rule_page(rule.name)
    assert page is not None
    subjects = [s for finding in findings_in(rule, rule.failing) for s in finding.subjects]
    stretches = [stretch for piece in page.failing.pieces for stretch in piece.lit]
    assert set(stretches) == {(s.span.start, s.span.end) for s in subjects}
    for piece in page.failing.pieces:
        assert all(0 <= start <= end <= len(piece.data) for start, end in piece.lit)


def test_an_example_over_several_attempts_shows_them_in_order() -> None:
    (rule,) = [rule for rule in ALL_RULES if rule.failing.before][:1]
    page = rule_page(rule.name)
    assert page is not None
    earlier = rule.failing.before[0]
    assert [piece.data for piece in page.failing.pieces][:2] == [earlier.request, earlier.data]
    assert [piece.data for piece in page.failing.pieces][-2:] == [rule.failing.request, rule.failing.data]


def test_an_id_that_is_none_has_no_page() -> None:
    assert rule_page("no-such-rule") is None
