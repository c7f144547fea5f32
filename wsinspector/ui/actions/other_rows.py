"""Actions of what stands beside the frames, of the pages, and of every field and list."""

from wsinspector.translate import marked
from wsinspector.ui.actions.row import row

PAYLOAD = (
    row("payload.text", marked("Actions", "The payload as text"), "Alt+1", "payload"),
    row("payload.json", marked("Actions", "The payload as JSON"), "Alt+2", "payload"),
    row("payload.hex", marked("Actions", "The payload in hex"), "Alt+3", "payload"),
    row("payload.wire", marked("Actions", "The frame as it travelled"), "Alt+4", "payload"),
    row("payload.more", marked("Actions", "More views of the payload"), "Alt+5", "payload"),
    row("payload.beside", marked("Actions", "Message and wire side by side"), "Alt+6", "payload"),
    row("hex.find", marked("Actions", "Find bytes"), "/", "hex"),
    row("hex.left", marked("Actions", "To the hex part"), "Alt+Left", "hex", "list"),
    row("hex.right", marked("Actions", "To the text part"), "Alt+Right", "hex", "list"),
    row("tree.path", marked("Actions", "Copy the path of a value"), "Alt+P", "tree"),
)
CRAFT = (
    row("craft.several", marked("Actions", "Send as several writes"), "Ctrl+Shift+Return", "craft"),
    row("craft.add", marked("Actions", "A further frame"), "Alt+N", "craft"),
    row("craft.remove", marked("Actions", "Take this frame out"), "Alt+W", "craft"),
    row("craft.earlier", marked("Actions", "Take what was sent before"), "Alt+E", "craft"),
    row("craft.before", marked("Actions", "The frame before"), "Alt+,", "craft"),
    row("craft.after", marked("Actions", "The next frame"), "Alt+.", "craft"),
)
STATISTICS = (
    row("statistics.show", marked("Actions", "Statistics, or the log again"), "Ctrl+I", "window"),
    row("statistics.charts", marked("Actions", "Four charts"), "Alt+1", "statistics"),
    row("statistics.numbers", marked("Actions", "Every number"), "Alt+2", "statistics"),
    row("statistics.silences", marked("Actions", "Times without a frame"), "Alt+3", "statistics"),
    row("statistics.inflate", marked("Actions", "Inflate all compressed frames"), "Alt+I", "statistics"),
    row("statistics.filtered", marked("Actions", "Count only what the filter shows"), "Alt+O", "statistics"),
    row("statistics.copy", marked("Actions", "Copy the numbers"), "Alt+Y", "statistics"),
    row("statistics.kinds", marked("Actions", "Which frames' sizes are shown"), "Alt+K", "statistics"),
    row("statistics.back", marked("Actions", "One step back"), "Backspace, -", "panel"),
    row("statistics.whole", marked("Actions", "Back to the whole attempt"), "Shift+Backspace", "panel"),
    row("statistics.halt", marked("Actions", "Stop counting, or go on"), "Space", "panel", "press"),
    row("statistics.closer", marked("Actions", "Look closer"), "+, =", "chart"),
)
SEQUENCES = (
    row("sequences.show", marked("Actions", "Sequences, or the handshake again"), "Ctrl+Shift+R", "window"),
    row("saved.show", marked("Actions", "Saved messages"), "Ctrl+Shift+D", "window"),
    row("sequences.run", marked("Actions", "Run or stop"), "F9", "sequences"),
    row("sequences.fault", marked("Actions", "The next fault"), "F8", "sequences"),
    row("sequences.save", marked("Actions", "Save the sequence"), "Ctrl+S", "sequences"),
    row("sequences.new", marked("Actions", "New sequence"), "Alt+N", "sequences"),
    row("sequences.files", marked("Actions", "New, open, save, examples"), "Alt+E", "sequences"),
    row("sequences.view", marked("Actions", "Steps or text"), "Alt+G", "sequences"),
    row("sequences.reference", marked("Actions", "What can be written in a sequence"), "Alt+H", "sequences"),
    row("saved.save", marked("Actions", "Save from the send bar"), "Ins", "saved"),
    row("saved.delete", marked("Actions", "Delete"), "Del", "saved"),
    row("saved.rename", marked("Actions", "Rename…"), "F2", "saved"),
    row("saved.duplicate", marked("Actions", "Repeat"), "Ctrl+D", "saved"),
    row("saved.up", marked("Actions", "Up"), "Alt+Up", "saved"),
    row("saved.down", marked("Actions", "Down"), "Alt+Down", "saved"),
    row("saved.send", marked("Actions", "Send"), "Return", "saved", "list"),
    row("saved.edit", marked("Actions", "Into the send bar"), "Space", "saved", "press"),
    row("saved.menu", marked("Actions", "What can be done with the picked message"), "Alt+E", "saved"),
    row("replay.stop", marked("Actions", "Stop, or back to the handshake"), "Escape", "replay", "list"),
    row("replay.only", marked("Actions", "Leave out answers that are equal"), "Alt+Q", "replay"),
    row(
        "replay.first",
        marked("Actions", "Show the answer of the first time"),
        "Shift+Return",
        "replay",
        "list",
    ),
)
LESSONS = (
    row("lesson.next", marked("Actions", "The next step of the lesson"), "F6", "lesson"),
    row("lesson.back", marked("Actions", "The step before"), "Shift+F6", "lesson"),
    row("lesson.check", marked("Actions", "Whether the exercise is solved"), "F7", "lesson"),
    row("lesson.show", marked("Actions", "Let the exercise be done"), "Shift+F7", "lesson"),
)
PAGES = (
    row("sweep.stop", marked("Actions", "Stop, or close the detail"), "Escape", "sweep", "list"),
    row("provoke.stop", marked("Actions", "Stop, or close the question"), "Escape", "provoke", "list"),
    row("provoke.find", marked("Actions", "Find a provocation"), "Ctrl+F", "provoke"),
    row("library.open", marked("Actions", "Open the attempt"), "Return", "history", "list"),
    row("library.draft", marked("Actions", "Its request as the draft"), "Ctrl+Return", "library"),
    row("library.forget", marked("Actions", "Take it out of the history"), "Del", "history"),
    row("rules.find", marked("Actions", "Find in the list"), "Ctrl+F", "learn"),
    row("rules.view", marked("Actions", "The example as text or bytes"), "Alt+V", "rules"),
)
FIELDS = (
    row("field.copy", marked("Actions", "Copy"), "Ctrl+C", "field", "system"),
    row("field.cut", marked("Actions", "Cut"), "Ctrl+X", "field", "system"),
    row("field.paste", marked("Actions", "Paste"), "Ctrl+V", "field", "system"),
    row("field.all", marked("Actions", "Select all"), "Ctrl+A", "field", "system"),
    row("field.undo", marked("Actions", "Undo"), "Ctrl+Z", "field", "system"),
    row("field.redo", marked("Actions", "Redo"), "Ctrl+Shift+Z", "field", "system"),
    row("list.copy", marked("Actions", "Copy the selected rows"), "Ctrl+C", "list", "system"),
    row("list.open", marked("Actions", "Open the row"), "Return", "list", "list"),
    row("list.edit", marked("Actions", "Edit the row"), "F2", "list", "list"),
    row("list.leave", marked("Actions", "Put it away"), "Escape", "list", "list"),
    row("list.next", marked("Actions", "To the next control"), "Tab", "list", "system"),
    row("list.before", marked("Actions", "To the control before"), "Shift+Tab", "list", "system"),
)
