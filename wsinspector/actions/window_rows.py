"""Actions of the window and of a request."""

from wsinspector.actions.row import row
from wsinspector.translate import marked

WINDOW = (
    row("window.palette", marked("Actions", "Find anything by its name"), "Ctrl+K", "window"),
    row("window.keys", marked("Actions", "All keys"), "Ctrl+/", "window"),
    row("window.explain", marked("Actions", "What has the focus, explained"), "F1", "window"),
    row("window.explain-all", marked("Actions", "Explain every byte, or no more"), "Ctrl+Shift+X", "window"),
    row("window.menu", marked("Actions", "Menu; while stepping, the next step"), "F10", "window"),
    row("window.inspect", marked("Actions", "To Inspect, the conversations"), "Ctrl+Shift+I", "window"),
    row("window.sweep", marked("Actions", "To Sweep"), "Ctrl+Shift+P", "window"),
    row("window.provoke", marked("Actions", "To Provoke, the provocations"), "Ctrl+Shift+G", "window"),
    row("window.learn", marked("Actions", "To Learn, what can be learned"), "Ctrl+Shift+E", "window"),
    row(
        "window.library",
        marked("Actions", "To the Library: its history, with the cursor in its search"),
        "Ctrl+H",
        "window",
    ),
    row(
        "window.lessons",
        marked("Actions", "Lessons, or between a lesson and its page"),
        "Ctrl+Shift+Y",
        "window",
    ),
    row("window.new-tab", marked("Actions", "New conversation"), "Ctrl+T", "window"),
    row("window.close-tab", marked("Actions", "Close the conversation"), "Ctrl+W", "window"),
    row("window.next-tab", marked("Actions", "Next conversation"), "Ctrl+Tab, Ctrl+PgDown", "window"),
    row(
        "window.previous-tab", marked("Actions", "Conversation before"), "Ctrl+Shift+Tab, Ctrl+PgUp", "window"
    ),
    row("window.present", marked("Actions", "Presentation: the whole screen, large text"), "F11", "window"),
    row("present.payload", marked("Actions", "Only the payload, while presenting"), "Ctrl+4", "window"),
    row(
        "present.explained", marked("Actions", "Only what is explained, while presenting"), "Ctrl+5", "window"
    ),
    row("window.hide-handshake", marked("Actions", "Hide or show the handshake"), "Ctrl+1", "window"),
    row("window.hide-frames", marked("Actions", "Hide or show the frames"), "Ctrl+2", "window"),
    row("window.even-out", marked("Actions", "Panes as they were at first"), "Ctrl+3", "window"),
    row("files.open", marked("Actions", "Open files, or import"), "Ctrl+O", "window"),
    row("files.save", marked("Actions", "Save a copy as"), "Ctrl+Shift+S", "window"),
    row("files.export", marked("Actions", "Export"), "Ctrl+E", "window"),
    row("files.share", marked("Actions", "Save a copy to share"), "", "window"),
    row("files.list", marked("Actions", "All conversations of the file"), "Ctrl+Shift+B", "window"),
    row("files.kept", marked("Actions", "Kept captures and their limits"), "Ctrl+Shift+K", "window"),
    row("files.put-away", marked("Actions", "Put away what is told of files"), "Ctrl+Escape", "window"),
    row("files.delete", marked("Actions", "Delete this conversation"), "", "window"),
    row("window.larger", marked("Actions", "Larger"), "Ctrl++, Ctrl+=", "window"),
    row("window.smaller", marked("Actions", "Smaller"), "Ctrl+-", "window"),
    row("window.size", marked("Actions", "Text size as it was"), "Ctrl+0", "window"),
    row("window.as-system", marked("Actions", "Look as the system"), "", "window"),
    row("window.light", marked("Actions", "Light look"), "", "window"),
    row("window.contrast", marked("Actions", "High contrast look"), "", "window"),
    row("window.dark", marked("Actions", "Dark look"), "", "window"),
    row("window.welcome", marked("Actions", "Welcome"), "", "window"),
    row("window.quit", marked("Actions", "Quit"), "Ctrl+Q", "window"),
)
REQUEST = (
    row("request.address", marked("Actions", "To the address"), "Ctrl+L", "window"),
    row("request.version", marked("Actions", "To the version"), "Ctrl+Shift+V", "window"),
    row("request.options", marked("Actions", "Options"), "Ctrl+Shift+O", "window"),
    row("request.lab", marked("Actions", "Addresses of the lab"), "Ctrl+Shift+L", "window"),
    row(
        "request.lab-sheet", marked("Actions", "The lab: versions, clients, reach"), "Ctrl+Shift+J", "window"
    ),
    row("request.client", marked("Actions", "To the client that reached the lab"), "Ctrl+J", "window"),
    row("request.connect", marked("Actions", "Connect, or connect again; run the sweep"), "F5", "window"),
    row(
        "request.disconnect", marked("Actions", "Disconnect, or cancel; stop the sweep"), "Shift+F5", "window"
    ),
    row("request.report", marked("Actions", "Copy report"), "Ctrl+Shift+C", "window"),
    row(
        "request.keep", marked("Actions", "Keep the draft among the saved requests"), "Ctrl+Shift+H", "window"
    ),
    row("request.presets", marked("Actions", "Write the request as another client does"), "Alt+A", "request"),
    row("request.draft", marked("Actions", "Back to the draft, the cursor in its lines"), "Alt+D", "request"),
    row("request.accept", marked("Actions", "How the accept value comes about"), "Alt+J", "request"),
    row("request.attempt-before", marked("Actions", "The attempt before"), "Alt+PgUp", "request"),
    row("request.attempt-after", marked("Actions", "The next attempt"), "Alt+PgDown", "request"),
    row("request.side-by-side", marked("Actions", "Two attempts side by side"), "Alt+S", "request"),
    row("request.use", marked("Actions", "Make the attempt that is shown the draft"), "Alt+U", "request"),
    row(
        "request.rule",
        marked("Actions", "The rule behind a line of the verdict, with examples"),
        "Alt+L",
        "request",
    ),
    row("request.view", marked("Actions", "Request as headers, Raw or Bytes"), "Alt+V", "request"),
    row(
        "request.answer-view",
        marked("Actions", "Response as headers, Raw or Bytes"),
        "Alt+Shift+V",
        "request",
    ),
    row("headers.add", marked("Actions", "Add a header line"), "Ins", "headers"),
    row("headers.delete", marked("Actions", "Remove a header line"), "Del", "headers"),
    row("headers.up", marked("Actions", "Move a header line up"), "Alt+Up", "headers"),
    row("headers.down", marked("Actions", "Move a header line down"), "Alt+Down", "headers"),
    row("headers.duplicate", marked("Actions", "Repeat a header line"), "Ctrl+D", "headers"),
    row("headers.switch", marked("Actions", "Switch a header line off or on"), "Space", "headers", "press"),
    row("headers.undo", marked("Actions", "Undo"), "Ctrl+Z", "draft", "system"),
    row("headers.redo", marked("Actions", "Redo"), "Ctrl+Shift+Z", "draft", "system"),
    row("address.connect", marked("Actions", "Connect"), "Return", "address", "text"),
    row("version.line", marked("Actions", "Another header line"), "Shift+Return", "version", "text"),
    row("version.choose", marked("Actions", "Choose a version"), "Alt+Down", "version", "text"),
    row("by-hand.send", marked("Actions", "Send the answer"), "Ctrl+Return", "by-hand"),
    row("by-hand.pick", marked("Actions", "Which answer to send"), "Alt+K", "by-hand"),
)
