"""The command ``dialects`` as a process: the table, one card, JSON."""

import json

from tests.cli.command import run
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.dialects.cards import cards


def test_the_table_has_a_row_for_each_and_then_what_changed() -> None:
    done = run("dialects")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["dialect", "drafts", "dated", "version", "origin", "challenge", "framing"]
    assert [line.split()[0] for line in lines[1:13]] == [dialect.name for dialect in DIALECTS]
    assert lines[10].split() == [
        *("hybi-08", "hybi-08", "to", "10", "2011-06-07", "8"),
        *("Sec-WebSocket-Origin", "accept", "rfc6455"),
    ]
    assert lines[12].startswith("rfc6455   hybi-13 to 17, RFC 6455  2011-08-31  13 ")
    flat = " ".join(done.out.split())
    for card in cards():
        assert f"{card.name}, {card.dialect.dated}" in lines
        for fact in card.differences:
            assert fact.text in flat
    assert max(map(len, lines)) <= 100


def test_one_card_tells_all_of_one_and_marks_what_is_new() -> None:
    done = run("dialects", "hybi-05")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "hybi-05"
    assert lines[1].split() == ["Documents", "hybi-05", "(2011-02-08)"]
    marked = [line.split()[1] for line in lines if line.startswith("* ") and line[2].isupper()]
    assert marked == ["Version", "Challenge", "Masking", "Closing"]
    flat = " ".join(done.out.split())
    assert "C from the client. (recalled, not confirmed)" in flat
    assert "Probably: a SHA-1 for each frame" in flat
    assert lines[-1] == "* not so in the dialect before"


def test_the_first_card_marks_nothing() -> None:
    done = run("dialects", "hixie-75")
    assert done.code == 0
    assert "*" not in done.out


def test_json_has_every_fact_with_its_source() -> None:
    told = json.loads(run("dialects", "--json").out)
    assert [each["name"] for each in told] == [dialect.name for dialect in DIALECTS]
    by_name = {each["name"]: each for each in told}
    old = by_name["hixie-76"]
    assert (old["version"], old["draft"], old["request_tail"], old["answer_tail"]) == (None, None, 8, 16)
    assert old["documents"][1] == {"name": "hybi-00", "dated": "2010-05"}
    assert by_name["hybi-03"]["draft"] == "2"
    assert by_name["hybi-08"]["documents"][1] == {"name": "hybi-09", "dated": None}
    for each, card in zip(told, cards(), strict=True):
        assert [fact["text"] for fact in each["facts"]] == [fact.text for fact in card.facts]
        sources = {fact["source"] for fact in each["facts"]}
        assert sources <= {"read", "implemented", "recalled"}
    one = run("dialects", "hybi-11", "--json").json
    assert one == by_name["hybi-11"]


def test_a_name_that_is_none_is_2_and_names_those_there_are() -> None:
    done = run("dialects", "hybi-18")
    assert done.code == 2
    assert done.out == ""
    assert "hybi-08" in done.err
