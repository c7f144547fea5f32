"""Saved messages in folders, ordered by hand, in one file that a person can read and edit."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import platformdirs
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from wsinspector.conversation.sequences.members import Fault, Members
from wsinspector.conversation.sequences.places import Lines
from wsinspector.library.whole_file import not_written
from wsinspector.translate import translate

KINDS = ("text", "json", "hex", "base64", "ping", "pong", "close")
"""What a message may be; of a close the text is its reason."""

LARGEST = 16 << 20
"""Bytes of the file that are read."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One message as it is written: variables are filled in when it leaves. ``code``: of a close."""

    name: str
    kind: str = "text"
    text: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """Messages in the order a person gave them. The one without a name stands first and is not shown."""

    name: str = ""
    messages: tuple[Saved, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """All folders; the first is the one without a name, and is always there."""

    folders: tuple[Folder, ...] = (Folder(),)

    @property
    def empty(self) -> bool:
        return len(self.folders) == 1 and not self.folders[0].messages

    def folder_added(self, name: str) -> "Book":
        return Book((*self.folders, Folder(name)))

    def folder_renamed(self, at: int, name: str) -> "Book":
        return self._with(at, replace(self.folders[at], name=name))

    def folder_removed(self, at: int) -> "Book":
        """Without folder ``at`` and what is in it; the first only loses what is in it."""
        if at == 0:
            return self._with(0, Folder())
        return Book((*self.folders[:at], *self.folders[at + 1 :]))

    def folder_moved(self, at: int, to: int) -> "Book":
        """Folder ``at`` at place ``to``; nothing goes before the first."""
        if at == 0:
            return self
        folders = list(self.folders)
        moved = folders.pop(at)
        folders.insert(max(1, min(to, len(folders))), moved)
        return Book(tuple(folders))

    def added(self, folder: int, message: Saved, at: int | None = None) -> "Book":
        """``message`` in ``folder``, before place ``at`` or at its end."""
        messages = list(self.folders[folder].messages)
        messages.insert(len(messages) if at is None else at, message)
        return self._with(folder, replace(self.folders[folder], messages=tuple(messages)))

    def removed(self, folder: int, at: int) -> "Book":
        messages = self.folders[folder].messages
        return self._with(
            folder, replace(self.folders[folder], messages=(*messages[:at], *messages[at + 1 :]))
        )

    def replaced(self, folder: int, at: int, message: Saved) -> "Book":
        messages = self.folders[folder].messages
        return self._with(
            folder, replace(self.folders[folder], messages=(*messages[:at], message, *messages[at + 1 :]))
        )

    def moved(self, folder: int, at: int, to_folder: int, to: int) -> "Book":
        """The message at ``at`` of ``folder`` at place ``to`` of ``to_folder``, as counted without it."""
        message = self.folders[folder].messages[at]
        without = self.removed(folder, at)
        room = len(without.folders[to_folder].messages)
        return without.added(to_folder, message, max(0, min(to, room)))

    def _with(self, at: int, folder: Folder) -> "Book":
        return Book((*self.folders[:at], folder, *self.folders[at + 1 :]))


@dataclass(frozen=True, slots=True)
class ReadBook:
    """A file, read: with faults only what is in order of it, and nothing of it may be written over."""

    book: Book
    faults: tuple[Fault, ...] = ()


def read_book(text: str) -> ReadBook:
    """What the file says; never raises."""
    try:
        data = tomlkit.parse(text).unwrap()
    except (TOMLKitError, ValueError, RecursionError) as error:
        line = getattr(error, "line", 1)
        said = translate("Saved", "It is no TOML here: {0}.").format(error)
        return ReadBook(Book(), (Fault(max(1, line), said),))
    top = Members(data, (), Lines(text), [])
    folders = [Folder("", _messages(top))]
    for table in top.tables("folder"):
        folders.append(Folder(table.text("name"), _messages(table)))
        table.done()
    top.done()
    return ReadBook(Book(tuple(folders)), tuple(sorted(top.faults)))


def _messages(table: Members) -> tuple[Saved, ...]:
    found = []
    for each in table.tables("message"):
        name = each.text("name")
        kinds = [kind for kind in KINDS if each.has(kind)]
        if len(kinds) != 1:
            each.fault(translate("Saved", "A message needs one of {0}.").format(", ".join(KINDS)))
            for kind in kinds:
                each.take(kind)
        else:
            code = ""
            if kinds[0] == "close" and each.has("code"):
                code = str(each.whole("code", 1000, 0, 65_535))
            found.append(Saved(name, kinds[0], each.text(kinds[0]), code))
        each.done()
    return tuple(found)


def book_text(book: Book) -> str:
    """The file of ``book``: what is read from it is equal to what was written."""
    document = tomlkit.document()
    document.add(tomlkit.comment("Saved messages of wsinspector; {{name}} is filled in when one leaves."))
    loose, *folders = book.folders
    if loose.messages:
        array = tomlkit.aot()
        for message in loose.messages:
            array.append(_table(message))
        document["message"] = array
    if folders:
        outer = tomlkit.aot()
        for folder in folders:
            table = tomlkit.table()
            table["name"] = folder.name
            if folder.messages:
                inner = tomlkit.aot()
                for message in folder.messages:
                    inner.append(_table(message))
                table["message"] = inner
            outer.append(table)
        document["folder"] = outer
    return tomlkit.dumps(document)


def _table(message: Saved) -> Table:
    table = tomlkit.table()
    table["name"] = message.name
    readable = "\n" in message.text and "'''" not in message.text and not message.text.startswith("\n")
    readable = readable and all(sign.isprintable() or sign in "\n\t" for sign in message.text)
    if readable:
        table[message.kind] = tomlkit.string(message.text, multiline=True, literal=True)
    elif '"' in message.text and message.text.isprintable() and "'" not in message.text:
        table[message.kind] = tomlkit.string(message.text, literal=True)
    else:
        table[message.kind] = message.text
    if message.kind == "close" and message.code:
        table["code"] = int(message.code)
    return table


def usual_path() -> Path:
    """Where the messages are kept unless another place is named; it need not exist."""
    return Path(platformdirs.user_config_dir("wsinspector", appauthor=False)) / "messages.toml"


@dataclass(slots=True)
class SavedMessages:
    """The file of saved messages. ``trouble``: why it is not read or written, empty where it is."""

    path: Path = field(default_factory=usual_path)
    book: Book = field(default_factory=Book)
    trouble: str = ""
    writable: bool = True

    def load(self) -> Book:
        """Read the file; no file is an empty book. A file with faults is shown and never written over."""
        self.trouble, self.writable = "", True
        try:
            if self.path.stat().st_size > LARGEST:
                raise OSError(translate("Saved", "larger than 16 MiB"))
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self.book = Book()
            return self.book
        except (OSError, UnicodeDecodeError) as error:
            self.trouble = not_written(
                translate("Saved", "{0} cannot be read: {1}.").format(self.path.name, error)
            )
            self.writable = False
            return self.book
        read = read_book(text)
        self.book = read.book
        if read.faults:
            self.writable = False
            said = translate("Saved", "{0} has a fault in {1} It is not written until that is mended.")
            self.trouble = said.format(self.path.name, read.faults[0])
        return self.book

    def save(self, book: Book) -> bool:
        """Keep ``book``; False where that cannot be, and why stands in ``trouble``."""
        if not self.writable:
            return False
        beside = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(book_text(book))
            beside.replace(self.path)
        except (OSError, ValueError) as error:
            self.trouble = translate("Saved", "{0} cannot be written: {1}").format(self.path.name, error)
            return False
        self.book, self.trouble = book, ""
        return True
