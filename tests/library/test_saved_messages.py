"""Saved messages: moved by hand, and a file that reads as it was written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.library.saved_messages import (
    KINDS,
    Book,
    Folder,
    Saved,
    SavedMessages,
    book_text,
    read_book,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SAVED = st.builds(
    lambda name, kind, text, code: Saved(name, kind, text, code if kind == "close" else ""),
    TEXTS,
    st.sampled_from(KINDS),
    TEXTS | st.sampled_from(['{\n  "a": "{{b}}"\n}', "'''", "\n\n", 'a"b\\', "a\r\nb"]),
    st.sampled_from(["", "1000", "4999"]),
)
MESSAGES = st.lists(SAVED, max_size=3).map(tuple)
BOOKS = st.builds(
    lambda loose, folders: Book((Folder("", loose), *folders)),
    MESSAGES,
    st.lists(st.builds(Folder, TEXTS, MESSAGES), max_size=3),
)


@given(BOOKS)
def test_what_is_written_is_read_as_it_was(book: Book) -> None:
    read = read_book(book_text(book))
    assert read.faults == ()
    assert read.book == book


def test_several_lines_stay_readable() -> None:
    text = book_text(Book((Folder("", (Saved("hi", "json", '{\n  "a": 1\n}'),)),)))
    assert "json = '''{\n  \"a\": 1\n}'''" in text


@given(st.text(max_size=60) | st.text("[]\"'=\n messagefoldr", max_size=80))
def test_no_text_makes_it_raise(text: str) -> None:
    read_book(text)


def names(book: Book) -> list[list[str]]:
    return [[message.name for message in folder.messages] for folder in book.folders]


@pytest.fixture
def book() -> Book:
    a, b, c, d = (Saved(name) for name in "abcd")
    return Book((Folder("", (a, b)), Folder("one", (c,)), Folder("two", (d,))))


def test_moving_within_a_folder_and_into_another(book: Book) -> None:
    assert names(book.moved(0, 0, 0, 1)) == [["b", "a"], ["c"], ["d"]]
    assert names(book.moved(0, 1, 2, 0)) == [["a"], ["c"], ["b", "d"]]
    assert names(book.moved(1, 0, 0, 9)) == [["a", "b", "c"], [], ["d"]]


def test_folders_move_among_each_other_and_never_before_the_loose_ones(book: Book) -> None:
    assert [folder.name for folder in book.folder_moved(2, 0).folders] == ["", "two", "one"]
    assert [folder.name for folder in book.folder_moved(1, 9).folders] == ["", "two", "one"]
    assert book.folder_moved(0, 2) == book


def test_a_file_that_is_not_there_is_an_empty_book_and_is_made(tmp_path: Path, book: Book) -> None:
    kept = SavedMessages(tmp_path / "deep" / "messages.toml")
    assert kept.load().empty
    assert kept.save(book)
    assert kept.path.stat().st_mode & 0o777 == 0o600
    assert SavedMessages(kept.path).load() == book


def test_a_file_with_a_fault_is_told_of_and_never_written_over(tmp_path: Path, book: Book) -> None:
    path = tmp_path / "messages.toml"
    text = '[[message]]\nname = "a"\ntext = "x"\n[[message]]\nname = "b"\ntxt = "y"\n'
    path.write_text(text)
    kept = SavedMessages(path)
    assert names(kept.load()) == [["a"]]
    assert "line 4" in kept.trouble or "line 6" in kept.trouble
    assert not kept.save(book)
    assert path.read_text() == text


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path, book: Book) -> None:
    (tmp_path / "messages.toml").mkdir()
    kept = SavedMessages(tmp_path / "messages.toml")
    kept.load()
    assert "cannot be read" in kept.trouble
    (tmp_path / "file").write_text("")
    other = SavedMessages(tmp_path / "file" / "messages.toml")
    assert not other.save(book)
    assert "cannot be written" in other.trouble
