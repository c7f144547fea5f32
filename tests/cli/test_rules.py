"""The command ``rules``: what is judged, as text and as JSON, without a network."""

import base64
import json

import pytest

from tests.cli.command import run
from wsinspector.verdicts.catalogue import ALL_RULES
from wsinspector.verdicts.request_rules import judge_request


def test_every_rule_is_listed_with_its_sentence_and_clause() -> None:
    done = run("rules")
    assert (done.code, done.err) == (0, "")
    words = " ".join(done.out.split())
    for rule in ALL_RULES:
        assert f"{rule.name} {rule.severity.value} " in words
        assert f"{rule.told_what} {rule.clause}" in words
    assert f"{len(ALL_RULES)} rules." in done.out


def test_one_rule_is_told_whole_with_its_examples() -> None:
    done = run("rules", "request-blank-before-colon")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "request-blank-before-colon"
    assert "RFC 9112 §5.1" in lines[1]
    assert lines[2] == "breaks: the client is at fault"
    assert lines.index("Meets it:") < lines.index("  > Upgrade: websocket") < lines.index("Breaks it:")
    assert lines.index("Breaks it:") < lines.index("  > Upgrade : websocket")
    assert lines[-1].startswith("✕ The header Upgrade has a blank between its name and its colon")


def test_frames_are_told_in_hex_with_who_sent_them() -> None:
    done = run("rules", "rsv1")
    assert "  from a server, permessage-deflate agreed:\n  c1 07 f2 48 cd c9 c9 07 00\n" in done.out


@pytest.mark.parametrize(
    "name", ["line-ending", "huge-header", "body-limit", "control-too-long", "no-answer"]
)
def test_an_example_is_shown_in_printable_characters_and_not_without_end(name: str) -> None:
    done = run("rules", name)
    assert done.code == 0
    assert all(line.isprintable() for line in done.out.splitlines())
    assert len(done.out) < 6000


def test_json_holds_the_bytes_themselves() -> None:
    told = json.loads(run("rules", "--json").out)
    assert [each["id"] for each in told] == [rule.name for rule in ALL_RULES]
    members = {"id", "about", "clause", "severity", "fault", "what", "why", "passing", "failing"}
    assert all(set(each) == members for each in told)
    one = json.loads(run("rules", "--json", "request-method").out)
    assert one == next(each for each in told if each["id"] == "request-method")
    request = base64.b64decode(one["failing"]["request"], validate=True)
    assert [each.text for each in judge_request(request).findings] == one["failing"]["found"]


def test_an_id_that_is_none_is_a_wrong_argument_with_a_hint() -> None:
    done = run("rules", "request-metod")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(
        "wsinspector rules: there is no rule 'request-metod'; did you mean request-method"
    )
    assert run("rules", "zzzz").err == "wsinspector rules: there is no rule 'zzzz'\n"


def test_help_names_the_command() -> None:
    assert "rules" in run("--help").out
    assert "--json" in run("rules", "--help").out
