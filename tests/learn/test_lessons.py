"""The file of a lesson: read strictly, refused with line and reason, and never with an exception."""

import os
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.learn.lessons.answers import one_of, read_hex, read_number, readable, same
from wsinspector.learn.lessons.model import Kind, Lesson
from wsinspector.learn.lessons.progress import Mark, Progress
from wsinspector.learn.lessons.prose import Code, Item, Paragraph, Picture, Span, Style
from wsinspector.learn.lessons.reading import read_lesson
from wsinspector.learn.lessons.shelf import built_in, files_in, read_file, read_shelf, writing_page

FRONT = '+++\nid = "one"\ntitle = "One"\n+++\n'


def lesson(text: str) -> Lesson:
    found = read_lesson(text)
    assert found.faults == ()
    assert found.lesson is not None
    return found.lesson


def faults(text: str) -> list[tuple[int, str]]:
    found = read_lesson(text)
    assert found.lesson is None
    return [(fault.line, fault.text) for fault in found.faults]


def step(block: str) -> str:
    return f"{FRONT}\n## A step\n\n{block}\n"


# -- what is shipped


def test_the_twelve_lessons_are_in_order() -> None:
    shelf = read_shelf(((built_in(), False),))
    assert shelf.refused == ()
    assert [each.order for each in shelf.lessons] == list(range(1, 13))
    assert [each.id for each in shelf.lessons] == [
        "handshake", "accept", "version", "refusal", "strange-values", "frames",
        "masking", "fragments", "ping", "closing", "history", "proxy",
    ]  # fmt: skip
    known = {each.id for each in shelf.lessons}
    for each in shelf.lessons:
        assert set(each.needs) <= known
        assert each.exercises >= 7


@pytest.mark.parametrize("path", files_in(built_in()), ids=lambda path: path.stem)
def test_every_exercise_foresees_what_is_wrong_and_says_why_it_is_right(path: Path) -> None:
    found = read_file(path).lesson
    assert found is not None
    for each in found.steps:
        exercise = each.exercise
        assert exercise is not None, each.title
        assert exercise.why, each.title
        assert exercise.wrong, each.title
        assert all(wrong.hint for wrong in exercise.wrong)


def test_the_example_of_the_page_on_writing_is_a_lesson() -> None:
    page = writing_page()
    block = page.split("## An example\n", 1)[1].split("\n## Front matter", 1)[0]
    text = textwrap.dedent(block).strip("\n")
    assert lesson(text).id == "first-look"
    assert lesson(text).exercises == 2


# -- texts


def test_text_is_read_into_blocks() -> None:
    text = (
        FRONT + "Lead.\n\n## S\nTwo\nlines, `code`, **strong** and *so*.\n\n- one\n2. two\n\n```\na  b\n```\n"
    )
    found = lesson(text)
    assert found.summary == (Paragraph((Span("Lead."),)),)
    assert found.steps[0].text == (
        Paragraph(
            (
                Span("Two lines, "),
                Span("code", Style.CODE),
                Span(", "),
                Span("strong", Style.STRONG),
                Span(" and "),
                Span("so", Style.EMPHASIS),
                Span("."),
            )
        ),
        Item("•", (Span("one"),)),
        Item("2.", (Span("two"),)),
        Code("a  b"),
    )


def test_a_link_leads_to_a_rule_or_a_word() -> None:
    found = lesson(FRONT + "## S\n[x](rule:accept) [y](glossary:opcode)")
    paragraph = found.steps[0].text[0]
    assert isinstance(paragraph, Paragraph)
    assert [span.target for span in paragraph.spans if span.style is Style.LINK] == [
        "rule:accept",
        "glossary:opcode",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[x](https://example.com/)", "A link leads to"),
        ("[x](rule:no-such-rule)", "There is no rule called"),
        ("[x](glossary:no-such-word)", "There is no glossary called"),
        ("a <b>bold</b> word", "no HTML"),
        ("a <script> word", "no HTML"),
        ("![a](http://example.com/a.png)", "does not lie beside"),
        ("![a](../a.png)", "does not lie beside"),
        ("![a](/etc/a.png)", "does not lie beside"),
        ("![a](sub/a.png)", "does not lie beside"),
        ("![a](a.svg)", "A picture is a file"),
        ("![](a.png)", "needs words"),
        ("text ![a](a.png)", "line of its own"),
        ("# Heading", "The only headings"),
    ],
)
def test_what_may_not_stand_in_a_text_is_refused_at_its_line(line: str, said: str) -> None:
    found = faults(f"{FRONT}\n## S\n\nfine\n\n{line}\n")
    assert [number for number, _ in found] == [10] * len(found)
    assert any(said in text for _, text in found)


# -- the frame of the file


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "front matter"),
        ("+++\n", 1, "has no end"),
        ('+++\nid = "One"\ntitle = "T"\n+++\n## S\n', 2, "small letters"),
        ('+++\nid = "one"\n+++\n## S\n', 1, "title"),
        (f"{FRONT.replace('+++', '', 0)}## S\n\n## S\n", 7, "already"),
        ('+++\nid = "one"\ntitle = "T"\ncolour = 1\n+++\n## S\n', 4, "no member “colour”"),
        ('+++\nid = "one"\ntitle = \n+++\n## S\n', 3, "no TOML"),
        (FRONT, 5, "no step"),
        (f"{FRONT}```setup\n```\n## S\n", 5, "belongs to a step"),
        (step("```setup\npath = 1"), 8, "no end"),
        (step("```settings\n```"), 8, "There is no block"),
        (step("```setup\n```\n```setup\n```"), 10, "already"),
        (step("```setup\npath = 1\n```"), 9, "path must be a text"),
        (step("```setup\n\nwater = true\n```"), 10, "no member “water”"),
        (step("```setup\na = 1\nb = ]\n```"), 10, "no TOML"),
        (step('```setup\npath = "/nowhere"\n```'), 9, "nothing at /nowhere"),
        (step('```setup\nlab_versions = ["13"]\nlab_refuses = "no"\n```'), 10, "manner"),
        (step('```setup\ndialect = "hybi-99"\n```'), 9, "dialect is one of"),
        (step('```setup\noptions = { policy = "x" }\n```'), 9, "policy is one of"),
        (step('```setup\nsend = [{ text = "a", ping = "b" }]\n```'), 9, "one of text"),
        (step('```setup\nsend = [{ hex = "0x" }]\n```'), 9, "no hex"),
        (step("```setup\nsend = [{ craft = { opcode = 99 } }]\n```"), 9, ""),
        (step('```point\ncontrol = "door"\n```'), 9, "control is one of"),
        (step("```point\n```"), 8, "One thing is pointed at"),
        (step('```point\nframe = "type == fish"\n```'), 9, "frame:"),
        (step('```point\nframe = "Hello"\n```'), 9, "must be a condition"),
        (step('```point\nrequest = "Host"\nbyte = 1\n```'), 8, "of a frame"),
        (step('```ask\nquestion = "?"\n```'), 8, "either “answer” or “fact”"),
        (step('```ask\nquestion = "?"\nkind = "choice"\nanswer = "a"\n```'), 8, "choices"),
        (
            step('```ask\nquestion = "?"\nkind = "choice"\nchoices = ["a", "a"]\nanswer = "a"\n```'),
            11,
            "stands there twice",
        ),
        (
            step('```ask\nquestion = "?"\nkind = "choice"\nchoices = ["a"]\nanswer = "b"\n```'),
            12,
            "none of the choices",
        ),
        (step('```ask\nquestion = "?"\nkind = "number"\nanswer = "one"\n```'), 11, "no answer of the kind"),
        (
            step('```ask\nquestion = "?"\nanswer = "a"\n[[wrong]]\nanswer = "A"\nhint = "h"\n```'),
            12,
            "right and wrong at once",
        ),
        (step('```ask\nquestion = "?"\nfact = "length"\n```'), 10, "of a frame"),
        (step("Press [key:request.conect]."), 8, "Near are request.connect"),
        (step("Press [key:No such]."), 8, "There is no action"),
        (f"{FRONT}## Press [key:request.connect]\n", 5, "A key stands in"),
        ('+++\nid = "a"\ntitle = "[key:request.connect]"\n+++\n## S\n', 3, "A key stands in"),
        (
            step(
                '```ask\nquestion = "?"\nkind = "choice"\nchoices = ["[key:request.connect]"]\n'
                'answer = "[key:request.connect]"\n```'
            ),
            11,
            "A key stands in",
        ),
        (step('```do\ntask = "t"\n[expect]\nverson = ["13"]\n[show]\n```'), 11, "version"),
        (step('```do\ntask = "t"\n```'), 8, "needs [expect]"),
        (step('```do\ntask = "t"\n[expect]\n[show]\n```'), 10, "everything would do"),
        (step('```do\ntask = "t"\n[expect]\nfailed = ["x"]\n[show]\n```'), 11, "There is no rule"),
        (step('```do\ntask = "t"\n[expect]\nstatus = 1\n[show]\n```'), 11, "status is a number"),
        (
            step('```ask\nquestion = "?"\nanswer = "a"\n```\n```do\ntask = "t"\n```'),
            12,
            "asks or lets do",
        ),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason(text: str, line: int, said: str) -> None:
    found = faults(text)
    assert any(number == line and said in told for number, told in found), found


PIECES = st.sampled_from(
    ["+++\n", 'id = "a"\n', 'title = "b"\n', "## S\n", "```ask\n", "```do\n", "```setup\n", "```point\n",
     "```\n", "[expect]\n", "[show]\n", "[[wrong]]\n", 'answer = ["a", 1]\n', "send = [{ close = 1 }]\n",
     "craft = { text = 'x' }\n", "![a](b.png)\n", "a\n", "[x](rule:accept)", "version = []\n", "\r", "<b>",
     'frame = "type == text"\n', "options = {}\n", 'fact = "key"\n', 'question = "q"\n', "a.b = [[{}]]\n"]
)  # fmt: skip


@given(
    st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda x: FRONT + "".join(x)))
)
def test_any_text_is_a_lesson_or_has_faults(text: str) -> None:
    found = read_lesson(text)
    assert (found.lesson is None) == bool(found.faults)
    lines = text.count("\n") + text.count("\r") + 2
    assert all(1 <= fault.line <= lines and fault.text for fault in found.faults)


# -- answers


def test_the_same_value_may_be_written_in_many_ways() -> None:
    assert read_hex("0x81 05") == read_hex("81:05") == read_hex("8105") == b"\x81\x05"
    assert read_hex("8") is None
    assert read_hex("") is None
    assert read_number("0x0D") == read_number(" 13 ") == read_number("0b1101") == 13
    assert read_number("-1") == -1
    assert read_number("1e3") is None
    assert same(Kind.TEXT, "  The  Key. ", "the key")
    assert not same(Kind.TEXT, "The key", "the key", exact=True)
    assert not same(Kind.TEXT, "", "")
    assert not same(Kind.CHOICE, "a", "A")
    assert one_of(Kind.NUMBER, "426", ("400", "0x1aa"))


@given(st.sampled_from(Kind), st.text(), st.text())
def test_no_answer_raises(kind: Kind, given_: str, wanted: str) -> None:
    readable(kind, given_)
    if same(kind, given_, wanted):
        assert same(kind, wanted, given_)


# -- the shelf


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_second_lesson_of_the_same_id_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.md", FRONT + "## S\n")
    write(tmp_path, "b.md", FRONT + "## T\n")
    shelf = read_shelf(((tmp_path, True),))
    assert [each.path for each in shelf.lessons] == [tmp_path / "a.md"]
    assert [(each.path.name, each.faults[0].line) for each in shelf.refused] == [("b.md", 1)]
    assert "a.md" in shelf.refused[0].faults[0].text


def test_a_lesson_cannot_need_one_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FRONT.replace("title", 'needs = ["no-such"]\ntitle', 1) + "## S\n")
    shelf = read_shelf(((built_in(), False), (tmp_path, True)))
    (refused,) = shelf.refused
    assert refused.path == tmp_path / "a.md"
    assert "no-such" in refused.faults[0].text


def test_one_fault_is_told_once() -> None:
    assert len(faults(step('```do\ntask = "t"\n[expect]\nstatus = 1\n[show]\n```'))) == 1


def test_own_lessons_stand_behind_those_of_the_program(tmp_path: Path) -> None:
    write(tmp_path, "mine.md", FRONT.replace('id = "one"', 'id = "mine"\norder = 1') + "## S\n")
    shelf = read_shelf(((built_in(), False), (tmp_path, True)))
    assert shelf.lessons[-1].id == "mine"
    assert shelf.lessons[-1].own
    assert shelf.called("mine") is shelf.lessons[-1]
    assert shelf.called("nothing") is None


def test_files_that_cannot_be_read_are_told_and_not_raised(tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_bytes(b"+++\n\xff\n")
    fault = read_file(bad).faults[0]
    assert (fault.line, fault.text) == (2, "This is no UTF-8.")
    assert read_file(tmp_path / "none.md").faults[0].line == 1
    assert files_in(tmp_path / "nowhere") == []


def test_a_picture_must_lie_beside_the_lesson(tmp_path: Path) -> None:
    text = FRONT + "## S\n\n![shown](a.png)\n"
    path = write(tmp_path / "lessons", "a.md", text)
    assert "no picture a.png" in read_file(path).faults[0].text
    assert read_file(path).faults[0].line == 7
    outside = tmp_path / "secret.png"
    outside.write_bytes(b"\x89PNG")
    (tmp_path / "lessons" / "a.png").symlink_to(outside)
    assert "link to another folder" in read_file(path).faults[0].text
    os.remove(tmp_path / "lessons" / "a.png")
    (tmp_path / "lessons" / "a.png").write_bytes(b"\x89PNG")
    found = read_file(path).lesson
    assert found is not None
    assert found.steps[0].text == (Picture("a.png", "shown"),)


# -- progress


def test_progress_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lessons.json"
    one = lesson(FRONT + '## A\n```ask\nquestion = "?"\nanswer = "x"\n```\n## B\n')
    kept = Progress(path)
    kept.mark(one, "a", Mark.SOLVED)
    kept.mark(one, "a", Mark.SHOWN)  # solved stays solved
    kept.course(one.id).at = "b"
    assert kept.save()
    assert path.stat().st_mode & 0o777 == 0o600
    again = Progress(path)
    again.load()
    assert again.solved(one) == 1
    assert again.begun(one)
    assert not again.done(one)
    assert again.place(one) == 1
    again.mark(one, "b", Mark.READ)
    assert again.done(one)
    again.forget(one)
    assert not again.begun(one)


def test_an_exercise_that_was_only_read_is_not_done() -> None:
    one = lesson(FRONT + '## A\n```ask\nquestion = "?"\nanswer = "x"\n```\n')
    kept = Progress()
    kept.mark(one, "a", Mark.READ)
    assert not kept.done(one)
    kept.mark(one, "a", Mark.SHOWN)
    assert kept.done(one)
    assert kept.solved(one) == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"lessons": {"a": 1}}', '{"lessons": {"a": {"steps": {"b": "x"}}}}']
)
def test_a_broken_file_of_progress_is_put_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lessons.json"
    path.write_text(text)
    kept = Progress(path)
    kept.load()
    assert "begins anew" in kept.trouble
    assert kept.courses == {}
    assert not path.exists()
    assert (tmp_path / "lessons.json.broken").read_text() == text


def test_progress_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    kept = Progress(blocked / "lessons.json")
    assert not kept.save()
    assert "cannot be kept" in kept.trouble
