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


def chapters() -> tuple[Chapter, ...]:
    """The whole reference, in the order of a file."""
    return (_head(), _steps(), _payloads(), _of_a_step(), _auto(), _variables())


def _head() -> Chapter:
    return Chapter(
        translate("SequenceReference", "The head"),
        translate(
            "SequenceReference",
            "All of it may be left out. A run connects, does the steps in order, and closes with 1000.",
        ),
        (
            Entry('name = "Login"', translate("SequenceReference", "What the sequence is called.")),
            Entry(
                'url = "ws://127.0.0.1:8080/chat"',
                translate("SequenceReference", "Where it connects; without it, where the tab does."),
            ),
            Entry("timeout = 60", translate("SequenceReference", "Seconds for the whole run (300).")),
            Entry(
                "go_on = true",
                translate(
                    "SequenceReference", "Go on behind a step that fails; without it the run ends there."
                ),
            ),
            Entry(
                "[handshake]",
                translate(
                    "SequenceReference",
                    'version = "8", subprotocols, extensions, without: a text or a list of texts, in quotes; '
                    "headers: a table of such; dialect: a name.",
                ),
            ),
            Entry("[options]", ", ".join(OPTIONS) + "."),
            Entry("[variables]", translate("SequenceReference", "Names and values for {{name}}.")),
        ),
    )


def _steps() -> Chapter:
    return Chapter(
        translate("SequenceReference", "Steps"),
        translate(
            "SequenceReference",
            "Each begins with [[step]] and does one thing. A wait or expectation looks at the peer's frames "
            "from the last one that a step used up; so no answer is missed that comes at once.",
        ),
        (
            Entry(
                'send = "Hello"', translate("SequenceReference", "A text message; see payloads for others.")
            ),
            Entry('ping = "1"   pong = ""', translate("SequenceReference", "A control frame.")),
            Entry(
                'close = 1000   close = { code = 1000, reason = "done" }   close = {}',
                translate("SequenceReference", "A Close frame."),
            ),
            Entry(
                'craft = { opcode = 3, text = "x" }',
                translate("SequenceReference", "Frames made bit by bit."),
            ),
            Entry(
                "wait = 'type == text'",
                translate(
                    "SequenceReference",
                    "Goes on once a frame fits the filter. A word such as 'ready' is looked for in payloads; "
                    "a filter with a slip in it is a fault of the file.",
                ),
            ),
            Entry(
                "expect = 'json.ok == true'",
                translate("SequenceReference", "A frame must fit the filter in time."),
            ),
            Entry(
                "expect_not = 'has finding'",
                translate("SequenceReference", "No frame may fit it in all that time."),
            ),
            Entry(
                "expect_close = 1000   [1000, 1001]   true",
                translate(
                    "SequenceReference", "How it is closed; 1005 is a Close without a code, 1006 none at all."
                ),
            ),
            Entry(
                'expect_handshake = { status = 101, subprotocol = "a", headers = { Server = "x" } }',
                translate(
                    "SequenceReference",
                    "The answer, right behind connecting; a header false must not be there.",
                ),
            ),
            Entry(
                "repeat = 10   repeat = { times = 10, every = 1.5, during = 60 }",
                translate(
                    "SequenceReference",
                    "Does its [[step.step]] tables again, 1 to 1000000 times; every and during are seconds; "
                    "every alone goes on until the connection ends.",
                ),
            ),
            Entry("pause = 0.5", translate("SequenceReference", "Does nothing for so many seconds.")),
            Entry(
                "half_close = true   reset = true",
                translate("SequenceReference", "Ends our side (plain TCP alone), or both with RST."),
            ),
            Entry(
                'connect = true   connect = "ws://…"',
                translate("SequenceReference", "Connects anew; what is open is closed first."),
            ),
        ),
    )


def _payloads() -> Chapter:
    return Chapter(
        translate("SequenceReference", "Payloads"),
        translate(
            "SequenceReference", "Of send, ping and pong. Text and JSON leave as text, the others as binary."
        ),
        (
            Entry(
                "send = { json = { id = 1 } }   { json = '{\"id\": 1}' }",
                translate("SequenceReference", "Checked before it leaves."),
            ),
            Entry('send = { hex = "00 ff" }   { base64 = "AP8=" }', translate("SequenceReference", "Bytes.")),
            Entry(
                'send = { file = "big.bin", as = "binary" }',
                translate(
                    "SequenceReference",
                    "A file beside this one, or in a folder there. One that lies elsewhere is only read "
                    "where that is allowed: the window asks, the command has --allow-outside.",
                ),
            ),
        ),
    )


def _of_a_step() -> Chapter:
    return Chapter(
        translate("SequenceReference", "Beside any of them"),
        "",
        (
            Entry(
                "within = 2.5",
                translate(
                    "SequenceReference", "Seconds that a wait or expectation has (5), from where it begins."
                ),
            ),
            Entry("after = 0.2", translate("SequenceReference", "Seconds before it begins.")),
            Entry(
                "fresh = true",
                translate("SequenceReference", "Only frames count that come once it has begun."),
            ),
            Entry("go_on = true", translate("SequenceReference", "The run goes on where this step fails.")),
            Entry('name = "login"', translate("SequenceReference", "What the step is called in results.")),
        ),
    )


def _auto() -> Chapter:
    return Chapter(
        translate("SequenceReference", "Auto-answers"),
        translate(
            "SequenceReference",
            "Each begins with [[auto]]. They answer all along, beside the steps, and no loop is endless.",
        ),
        (
            Entry(
                "when = 'type == text'",
                translate("SequenceReference", "The peer's frames that are answered."),
            ),
            Entry(
                "send   ping   pong   close   craft   half_close   reset",
                translate("SequenceReference", "What is done, as in a step."),
            ),
            Entry("a_second = 20   in_all = 1000", translate("SequenceReference", "How often at most.")),
        ),
    )


def _variables() -> Chapter:
    entries = [Entry("{{" + name + "}}", meaning) for name, meaning in generated_texts().items()]
    return Chapter(
        translate("SequenceReference", "Variables"),
        translate(
            "SequenceReference",
            "{{name}} stands in messages, filters, headers. In a filter it has the value that was sent last. "
            "An unknown name is a fault of the file; \\{{name}} is sent as it stands.",
        ),
        (
            *entries,
            Entry(
                "{{name}}",
                translate(
                    "SequenceReference",
                    "From --set, else from [variables], else from the tab's options, else from the set of "
                    "the Library in use: in a command from that of --variables alone.",
                ),
            ),
        ),
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
