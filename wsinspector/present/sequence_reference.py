"""The file of a sequence explained: for the program's help and its window, one text for both."""

from dataclasses import dataclass

from wsinspector.conversation.sequences.filling import generated_texts
from wsinspector.conversation.sequences.header import OPTIONS
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be written, as it is written, and what it means."""

    written: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Entries about one part of a file, with a sentence before them."""

    title: str
    about: str
    entries: tuple[Entry, ...]


def _t(text: str) -> str:
    return translate("SequenceReference", text)


def chapters() -> tuple[Chapter, ...]:
    """The whole reference, in the order of a file."""
    return (_head(), _steps(), _payloads(), _of_a_step(), _auto(), _variables())


def _head() -> Chapter:
    return Chapter(
        _t("The head"),
        _t("All of it may be left out. A run connects, does the steps in order, and closes with 1000."),
        (
            Entry('name = "Login"', _t("What the sequence is called.")),
            Entry(
                'url = "ws://127.0.0.1:8080/chat"', _t("Where it connects; without it, where the tab does.")
            ),
            Entry("timeout = 60", _t("Seconds for the whole run (300).")),
            Entry("go_on = true", _t("Go on behind a step that fails; without it the run ends there.")),
            Entry(
                "[handshake]",
                _t(
                    "version, subprotocols, extensions (texts or lists), headers (a table), without, dialect."
                ),
            ),
            Entry("[options]", ", ".join(OPTIONS) + "."),
            Entry("[variables]", _t("Names and values for {{name}}.")),
        ),
    )


def _steps() -> Chapter:
    return Chapter(
        _t("Steps"),
        _t(
            "Each begins with [[step]] and does one thing. A wait or expectation looks at the peer's frames "
            "from the last one that a step used up; so no answer is missed that comes at once."
        ),
        (
            Entry('send = "Hello"', _t("A text message; see payloads for others.")),
            Entry('ping = "1"   pong = ""', _t("A control frame.")),
            Entry(
                'close = 1000   close = { code = 1000, reason = "done" }   close = {}', _t("A Close frame.")
            ),
            Entry('craft = { opcode = 3, text = "x" }', _t("Frames made bit by bit.")),
            Entry("wait = 'type == text'", _t("Goes on once a frame fits the filter.")),
            Entry("expect = 'json.ok == true'", _t("A frame must fit the filter in time.")),
            Entry("expect_not = 'has finding'", _t("No frame may fit it in all that time.")),
            Entry(
                "expect_close = 1000   [1000, 1001]   true",
                _t("How it is closed; 1005 is a Close without a code, 1006 none at all."),
            ),
            Entry(
                'expect_handshake = { status = 101, subprotocol = "a", headers = { Server = "x" } }',
                _t("The answer, right behind connecting; a header false must not be there."),
            ),
            Entry(
                "repeat = 10   repeat = { times = 10, every = 1.5, during = 60 }",
                _t("Does its [[step.step]] tables again; every alone goes on until the connection ends."),
            ),
            Entry("pause = 0.5", _t("Does nothing for so many seconds.")),
            Entry(
                "half_close = true   reset = true", _t("Ends our side (plain TCP alone), or both with RST.")
            ),
            Entry('connect = true   connect = "ws://…"', _t("Connects anew; what is open is closed first.")),
        ),
    )


def _payloads() -> Chapter:
    return Chapter(
        _t("Payloads"),
        _t("Of send, ping and pong. Text and JSON leave as text, the others as binary."),
        (
            Entry("send = { json = { id = 1 } }   { json = '{\"id\": 1}' }", _t("Checked before it leaves.")),
            Entry('send = { hex = "00 ff" }   { base64 = "AP8=" }', _t("Bytes.")),
            Entry('send = { file = "big.bin", as = "binary" }', _t("A file beside this one.")),
        ),
    )


def _of_a_step() -> Chapter:
    return Chapter(
        _t("Beside any of them"),
        "",
        (
            Entry("within = 2.5", _t("Seconds that a wait or expectation has (5), from where it begins.")),
            Entry("after = 0.2", _t("Seconds before it begins.")),
            Entry("fresh = true", _t("Only frames count that come once it has begun.")),
            Entry("go_on = true", _t("The run goes on where this step fails.")),
            Entry('name = "login"', _t("What the step is called in results.")),
        ),
    )


def _auto() -> Chapter:
    return Chapter(
        _t("Auto-answers"),
        _t("Each begins with [[auto]]. They answer all along, beside the steps, and no loop is endless."),
        (
            Entry("when = 'type == text'", _t("The peer's frames that are answered.")),
            Entry(
                "send   ping   pong   close   craft   half_close   reset", _t("What is done, as in a step.")
            ),
            Entry("a_second = 20   in_all = 1000", _t("How often at most.")),
        ),
    )


def _variables() -> Chapter:
    entries = [Entry("{{" + name + "}}", meaning) for name, meaning in generated_texts().items()]
    return Chapter(
        _t("Variables"),
        _t(
            "{{name}} stands in messages, filters, headers. In a filter it has the value that was sent last. "
            "An unknown name is a fault of the file; \\{{name}} is sent as it stands."
        ),
        (*entries, Entry("{{name}}", _t("From [variables], from --set, or from the tab's options."))),
    )


def reference_text(wide: int = 100) -> str:
    """The reference as plain lines of ``wide`` characters, longer only where one entry is."""
    lines: list[str] = []
    for chapter in chapters():
        lines.append(f"{chapter.title.lower()}:")
        if chapter.about:
            lines += _wrapped(chapter.about, 2, wide)
        for entry in chapter.entries:
            lines.append(f"  {entry.written}")
            lines += _wrapped(entry.meaning, 6, wide)
        lines.append("")
    return "\n".join(lines)


def _wrapped(text: str, indent: int, wide: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and len(line) + len(word) + 1 > wide - indent:
            lines.append(" " * indent + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(" " * indent + line)
    return lines
