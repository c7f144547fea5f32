"""Where in a TOML text each member stands, so that a fault in a value can be shown at its line.

The text has been found to be TOML before; here it is only walked through. A path is names and, for the
tables of an array, indexes from 0: ``("step", 2, "within")``.
"""

import re

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\", "e": "\x1b"}


class Lines:
    """The line (from 1) of every key and table of a text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {(): 1}
        self._text = text
        self._at = 0
        self._line = 1
        self._counts: dict[Path, int] = {}
        self._walk()

    def of(self, path: Path) -> int:
        """The line of ``path``, of the nearest thing around it where it has none of its own."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    # -- the walk

    def _walk(self) -> None:
        table: Path = ()
        text = self._text
        while self._at < len(text):
            self._skip_blank()
            if self._at >= len(text):
                break
            sign = text[self._at]
            if sign == "[":
                table = self._header()
            elif sign not in "\r\n#":
                self._pair(table)
            self._to_next_line()

    def _header(self) -> Path:
        several = self._text.startswith("[[", self._at)
        self._at += 2 if several else 1
        names = self._key()
        path: Path = ()
        for name in names[:-1]:
            path = self._within((*path, name))
        path = (*path, names[-1]) if names else path
        if several:
            count = self._counts.get(path, 0)
            self._counts[path] = count + 1
            self._lines.setdefault(path, self._line)
            path = (*path, count)
        self._lines[path] = self._line
        return path

    def _within(self, path: Path) -> Path:
        """The last table of an array that has the name ``path``; else ``path`` itself."""
        count = self._counts.get(path)
        return path if count is None else (*path, count - 1)

    def _pair(self, table: Path) -> None:
        path = table
        for name in self._key():
            path = (*path, name)
            self._lines.setdefault(path, self._line)
        self._skip_blank()
        if self._at < len(self._text) and self._text[self._at] == "=":
            self._at += 1
            self._value(path)

    def _value(self, path: Path) -> None:
        self._skip_blank()
        if self._at >= len(self._text):
            return
        sign = self._text[self._at]
        if sign in "\"'":
            self._string()
        elif sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline(path)
        else:
            while self._at < len(self._text) and self._text[self._at] not in ",]}#\r\n":
                self._at += 1

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._skip_all() and self._text[self._at] != "]":
            self._lines.setdefault((*path, index), self._line)
            before = self._at
            self._value((*path, index))
            index += 1
            if self._skip_all() and self._text[self._at] == ",":
                self._at += 1
            elif self._at == before:
                return
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._skip_all() and self._text[self._at] != "}":
            before = self._at
            self._pair(path)
            if self._skip_all() and self._text[self._at] == ",":
                self._at += 1
            elif self._at == before:
                return
        self._at += 1

    # -- pieces

    def _key(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip_blank()
            if self._at < len(self._text) and self._text[self._at] in "\"'":
                names.append(self._string())
            else:
                found = _BARE.match(self._text, self._at)
                if found is None:
                    return names
                names.append(found[0])
                self._at = found.end()
            self._skip_blank()
            if not self._text.startswith(".", self._at):
                return names
            self._at += 1

    def _string(self) -> str:
        """Pass over a string; what a basic or literal one of one line says."""
        text, quote = self._text, self._text[self._at]
        long = quote * 3
        if text.startswith(long, self._at):
            end = self._at + 3
            while not text.startswith(long, end) and end < len(text):
                end += 2 if quote == '"' and text[end] == "\\" else 1
            end += 3
            while end < len(text) and text[end] == quote:  # up to two quotes may stand before the end
                end += 1
            self._line += text.count("\n", self._at, end)
            self._at = end
            return ""
        said = []
        self._at += 1
        while self._at < len(text) and text[self._at] not in (quote, "\n"):
            sign = text[self._at]
            if quote == '"' and sign == "\\":
                sign, length = _escape(text, self._at + 1)
                self._at += length
            said.append(sign)
            self._at += 1
        self._at += 1
        return "".join(said)

    def _skip_blank(self) -> None:
        found = _BLANK.match(self._text, self._at)
        assert found is not None
        self._at = found.end()

    def _skip_all(self) -> bool:
        """Pass over blanks, line ends and comments; False at the end of the text."""
        text = self._text
        while self._at < len(text):
            sign = text[self._at]
            if sign == "\n":
                self._line += 1
            elif sign == "#":
                end = text.find("\n", self._at)
                self._at = len(text) if end < 0 else end
                continue
            elif sign not in " \t\r":
                return True
            self._at += 1
        return False

    def _to_next_line(self) -> None:
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end + 1
        self._line += 1


def _escape(text: str, at: int) -> tuple[str, int]:
    """The sign that an escape stands for, and how many characters follow its backslash."""
    kind = text[at : at + 1]
    digits = {"x": 2, "u": 4, "U": 8}.get(kind, 0)
    if digits:
        try:
            return chr(int(text[at + 1 : at + 1 + digits], 16)), digits + 1
        except (ValueError, OverflowError):
            return "", 1
    return _ESCAPES.get(kind, kind), 1
