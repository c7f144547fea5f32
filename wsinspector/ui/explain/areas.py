"""What each part of the window is for, by the class that draws it: F1 says it beside the widget's words."""

from wsinspector.translate import marked

Area = tuple[str, str, tuple[str, ...]]
"""What it is, what to do with it, words of the glossary; marked, not yet translated."""

PARTS: dict[str, Area] = {
    "MessageEdit": (
        marked("Areas", "The message to send."),
        marked(
            "Areas", "Type it and press Enter; Shift+Enter breaks the line, Up brings back an earlier one."
        ),
        ("message",),
    ),
    "HeadTable": (
        marked("Areas", "The lines of a head: names on the left, values beside them."),
        marked("Areas", "Of the draft every line can be edited; F1 on a line tells what it is for."),
        ("header", "handshake"),
    ),
    "_Bar": (
        marked("Areas", "A tab for each conversation; the dot tells its state."),
        marked("Areas", "Left and Right change the tab. A conversation keeps its attempts and its file."),
        ("conversation", "attempt"),
    ),
    "TextView": (
        marked("Areas", "The payload as text. What cannot be seen is made visible."),
        marked("Areas", "Arrows scroll, Ctrl+C copies what is selected; other views stand above it."),
        ("payload", "utf-8"),
    ),
    "FieldLine": (
        marked("Areas", "One field of the frame: its value, what it means, its clause."),
        marked("Areas", "Up and Down go to the next field and light its bits."),
        ("frame",),
    ),
    "BitFigure": (
        marked("Areas", "The frame's first bytes, drawn bit by bit as the standard draws them."),
        marked("Areas", "Arrows go from field to field; Ctrl+C copies one."),
        ("frame", "length"),
    ),
    "HexView": (
        marked("Areas", "Bytes in hexadecimal, and beside them as text."),
        marked("Areas", "Arrows move, with Shift they select; Ctrl+C copies."),
        ("payload",),
    ),
    "RawEdit": (
        marked("Areas", "The head as it travels, one character a byte, line endings visible."),
        marked("Areas", "Of the draft it can be edited; nothing typed is corrected."),
        ("crlf", "header"),
    ),
    "LogTable": (
        marked("Areas", "A row for each message or frame, in the order in which they became complete."),
        marked("Areas", "Up and Down choose a row, Right shows what it consists of, Enter opens its bits."),
        ("frame", "message"),
    ),
    "ExplainTable": (
        marked("Areas", "The conversation, message by message; each row can be opened down to its bytes."),
        marked("Areas", "Right opens, Left closes, Up and Down go on. The text tells what the row is."),
        ("frame", "handshake"),
    ),
    "ExplainText": (
        marked("Areas", "What the picked piece is, why it is there, what would happen otherwise."),
        marked("Areas", "Arrows scroll; Tab goes to the words that can be looked up."),
        ("clause",),
    ),
    "CraftSheet": (
        marked("Areas", "Frames made bit by bit, also such as no conforming program sends."),
        marked("Areas", "Set the fields; below stands what will travel. Ctrl+Enter sends."),
        ("frame", "rsv"),
    ),
    "ProvokeTable": (
        marked("Areas", "A row for each thing that can be done to a server, a column for each server."),
        marked("Areas", "Space ticks a row. What a server should do stands beside what it did."),
        ("policy", "rule"),
    ),
    "CardView": (
        marked("Areas", "All of one version of the protocol: how it opens, frames, closes, and since when."),
        marked("Areas", "Arrows scroll. The table beside it chooses the version."),
        ("dialect", "draft"),
    ),
    "RuleCard": (
        marked("Areas", "One rule: what it asks for, why, and bytes that meet and break it."),
        marked("Areas", "Arrows scroll. Its example can be put into the draft."),
        ("rule", "clause"),
    ),
    "ExampleView": (
        marked("Areas", "Bytes that show a rule, and what is found in them."),
        marked("Areas", "The lit bytes are those that the finding speaks of."),
        ("rule", "finding"),
    ),
    "QSpinBox": (
        marked("Areas", "A number."),
        marked("Areas", "Up and Down change it, or type it."),
        (),
    ),
    "TimelineModel": (
        marked(
            "Areas",
            "A column for each version of the protocol, a row for each thing that versions differ in.",
        ),
        marked("Areas", "Arrows go from cell to cell; the card beside it tells all of the version."),
        ("dialect", "draft"),
    ),
    "HistoryModel": (
        marked("Areas", "A row for each attempt ever made, the newest first."),
        marked("Areas", "Up and Down choose, Enter opens its conversation again."),
        ("attempt", "capture"),
    ),
    "RequestsModel": (
        marked("Areas", "Saved requests in their folders."),
        marked("Areas", "Right opens a folder, Enter a request."),
        ("draft-request",),
    ),
    "VariablesModel": (
        marked("Areas", "Variables: {{name}} stands for the value in addresses, headers and messages."),
        marked("Areas", "Type a name and its value; an empty row takes a new one."),
        (),
    ),
    "RulesModel": (
        marked("Areas", "A row for each rule, in the order of a conversation."),
        marked("Areas", "Up and Down choose; the card beside it tells the rule."),
        ("rule", "clause"),
    ),
    "RoleLabel": (
        marked("Areas", "A text that can be selected."),
        marked("Areas", "Ctrl+C copies what is selected."),
        (),
    ),
    "QScrollArea": (
        marked("Areas", "A page longer than its window."),
        marked("Areas", "Up, Down and the page keys scroll; Tab goes from entry to entry."),
        (),
    ),
    "LessonText": (
        marked("Areas", "The text of the lesson's step."),
        marked("Areas", "Arrows scroll; Tab goes to what is to be done."),
        (),
    ),
}
"""Of single widgets, by their class."""

AREAS: dict[str, Area] = {
    "AddressBar": (
        marked("Areas", "The address, the version and the way to connect."),
        marked("Areas", "Type an address, choose a version, press Connect. Nothing connects before that."),
        ("url", "version-value"),
    ),
    "AnswerView": (
        marked("Areas", "What came of the attempt, in one sentence, and what can be done next."),
        marked("Areas", "The button does the most likely next thing."),
        ("attempt", "refusal"),
    ),
    "AttemptsStrip": (
        marked("Areas", "The draft and every attempt, with its status."),
        marked("Areas", "Left and Right choose; two can be compared."),
        ("attempt", "draft-request"),
    ),
    "VerdictView": (
        marked("Areas", "What the rules say of the handshake, failures first."),
        marked("Areas", "Enter on a line tells why, and lights its bytes."),
        ("rule", "finding"),
    ),
    "HeadSection": (
        marked("Areas", "A head, as lines, as raw text or as bytes: three views of the same."),
        marked("Areas", "Edit the draft in any of them; an attempt can only be read."),
        ("handshake", "header"),
    ),
    "HandshakePane": (
        marked("Areas", "The opening handshake: verdict, request and answer."),
        marked("Areas", "Edit the request here, and read what came back."),
        ("handshake",),
    ),
    "FrameTools": (
        marked("Areas", "What of the log is shown: messages or frames, kinds, a filter."),
        marked("Areas", "Nothing is lost by it: what is hidden comes back."),
        ("message", "frame"),
    ),
    "SendBar": (
        marked("Areas", "What is sent next: text, binary, ping, pong, close."),
        marked("Areas", "Choose the kind, type, press Enter."),
        ("message", "control-frame"),
    ),
    "FrameDetail": (
        marked("Areas", "One frame down to the bit."),
        marked("Areas", "A field, its bits and its bytes light together."),
        ("frame", "opcode"),
    ),
    "PayloadPane": (
        marked("Areas", "The payload of the picked row, in several views."),
        marked("Areas", "Choose a view; each says how much it shows."),
        ("payload", "permessage-deflate"),
    ),
    "FramePane": (
        marked("Areas", "The log of frames, the detail of one, and what is sent."),
        marked("Areas", "Pick a row to see its bits and its payload."),
        ("frame", "message"),
    ),
    "OptionsDrawer": (
        marked("Areas", "Options of this conversation; what is changed stands as a chip below the address."),
        marked("Areas", "They count from the next attempt on. Escape closes the drawer."),
        ("policy", "conversation"),
    ),
    "SequenceView": (
        marked("Areas", "A list of steps that is run: connect, send, wait, check."),
        marked("Areas", "Write or record steps, then run them; each says what came of it."),
        ("message",),
    ),
    "MessagesView": (
        marked("Areas", "Messages that are kept to be sent again."),
        marked("Areas", "Pick one and press Enter to send it."),
        ("message",),
    ),
    "ReplayView": (
        marked("Areas", "What a capture holds of our side, sent again, and the answers compared."),
        marked("Areas", "Choose the pace, then run it."),
        ("capture",),
    ),
    "Workbench": (
        marked("Areas", "Sequences, saved messages and replays, in the place of the handshake."),
        marked("Areas", "Escape goes back to the handshake."),
        ("message",),
    ),
    "StatisticsPanel": (
        marked("Areas", "Rates, sizes, pings and silences of this attempt."),
        marked("Areas", "Arrows read values of a chart; the numbers can be copied."),
        ("round-trip", "frame"),
    ),
    "CraftSheet": (
        marked("Areas", "Frames made bit by bit, also such as no conforming program sends."),
        marked("Areas", "Set the fields; below stands what will travel."),
        ("frame", "rsv"),
    ),
    "ExplainPane": (
        marked("Areas", "Every byte of the conversation, told."),
        marked("Areas", "Pick a piece on the left; its bytes light where they are shown."),
        ("frame", "handshake"),
    ),
    "SweepPage": (
        marked("Areas", "Asks servers many odd requests and compares what they answer."),
        marked("Areas", "Name servers, choose a set of requests, run it."),
        ("version-value", "refusal"),
    ),
    "ProvokePage": (
        marked("Areas", "Does forbidden things to servers, one connection each, and notes what they do."),
        marked("Areas", "Tick what is to be done, name servers, run it."),
        ("policy", "fail"),
    ),
    "GlossaryPage": (
        marked("Areas", "Every word of the protocol and of this program, with its source."),
        marked("Areas", "Type to find a word; Tab goes from link to link."),
        ("clause",),
    ),
    "FilterPage": (
        marked("Areas", "All that the filter of the log can say."),
        marked("Areas", "Type to find a name; pressing an example filters the log by it."),
        ("frame", "message"),
    ),
    "RulesPage": (
        marked("Areas", "Every rule that bytes are judged by."),
        marked("Areas", "Type to find a rule; Enter reads it."),
        ("rule", "clause"),
    ),
    "VersionsPage": (
        marked("Areas", "Every version of the protocol, side by side."),
        marked("Areas", "Arrows go from cell to cell; the card tells all of one version."),
        ("dialect", "draft"),
    ),
    "LessonsPage": (
        marked("Areas", "Lessons that run against the built-in lab."),
        marked("Areas", "Pick one and press Enter."),
        ("lab",),
    ),
    "LearnPage": (
        marked("Areas", "Lessons, versions, rules, the filter's language, the glossary."),
        marked("Areas", "Up and Down choose a topic; Tab goes into it."),
        ("dialect", "rule"),
    ),
    "LibraryPage": (
        marked("Areas", "What was kept: past conversations, saved requests."),
        marked("Areas", "Type to search; Enter opens what is picked."),
        ("conversation", "capture"),
    ),
    "LabSheet": (
        marked("Areas", "The built-in server: what it can do, and how it refuses."),
        marked("Areas", "Choose a scenario; its address goes into the bar."),
        ("lab", "version-value"),
    ),
    "ExportSheet": (
        marked("Areas", "Writes an attempt as a file for others, secrets left out unless asked for."),
        marked("Areas", "Choose a format and what goes into it; what is left out is listed."),
        ("capture",),
    ),
    "KeptSheet": (
        marked("Areas", "The captures that are kept, and how much room they may take."),
        marked("Areas", "The oldest go first; one that is pinned stays."),
        ("capture",),
    ),
    "ListSheet": (
        marked("Areas", "Every conversation of a file."),
        marked("Areas", "Type to narrow the list, Enter opens one."),
        ("conversation", "capture"),
    ),
    "ReplaySheet": (
        marked("Areas", "What a capture holds of our side, to be sent again."),
        marked("Areas", "Choose what is sent, where to and how fast."),
        ("capture",),
    ),
    "KeysSheet": (
        marked("Areas", "Every key of the program."),
        marked("Areas", "Type to find one; Enter on a row changes its key."),
        (),
    ),
    "Palette": (
        marked("Areas", "Finds every action, page, lesson and saved request by its name."),
        marked("Areas", "Type some letters of it, choose with Up and Down, Enter does it."),
        (),
    ),
    "PaletteSheet": (
        marked("Areas", "Finds every action, page, lesson and saved request by its name."),
        marked("Areas", "Type some letters of it, choose with Up and Down, Enter does it."),
        (),
    ),
    "DeflateSheet": (
        marked("Areas", "Offers of permessage-deflate with their parameters."),
        marked("Areas", "What is set here stands in Sec-WebSocket-Extensions of the draft."),
        ("permessage-deflate", "window"),
    ),
    "Welcome": (
        marked("Areas", "A first look at the program, without a network."),
        marked("Areas", "Try it on the built-in lab, or close it."),
        ("lab",),
    ),
    "CrashSheet": (
        marked("Areas", "What the program knows of a failure of its own."),
        marked("Areas", "Copy it for a report; nothing is sent anywhere."),
        (),
    ),
    "TabRow": (
        marked("Areas", "The pages, the conversations and the menu."),
        marked("Areas", "Left and Right change the tab."),
        ("conversation",),
    ),
    "StatusBar": (
        marked("Areas", "What travelled, how long a round trip takes, where it is kept."),
        marked("Areas", "What was dropped is always said, also when nothing was."),
        ("capture", "round-trip"),
    ),
    "MainWindow": (
        marked("Areas", "The window: pages above, the conversation in front below."),
        marked("Areas", "Ctrl+K finds anything by its name."),
        ("conversation",),
    ),
}
"""Of the parts of the window that hold widgets, from the smallest to the largest as they are nested."""
