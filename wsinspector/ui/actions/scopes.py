"""Where a key works, and which of these places can be at once: two actions may share a key only apart."""

from dataclasses import dataclass

from wsinspector.translate import marked, translate


@dataclass(frozen=True, slots=True)
class Scope:
    """``within``: the scope around it. ``focus``: only while the focus is there, else while it is in sight.

    Of the scopes of one ``place`` a single one is in sight. ``typing``: text is typed there, so letters are
    needed for that. ``spare``: its keys work only where the focus has no use for them.
    """

    name: str
    text: str
    within: str = "window"
    focus: bool = False
    place: str = ""
    typing: bool = True
    spare: bool = False


_ALL = (
    Scope("window", marked("KeyScopes", "everywhere"), ""),
    Scope("inspect", marked("KeyScopes", "in a conversation"), place="page"),
    Scope("sweep", marked("KeyScopes", "on the Sweep page"), place="page"),
    Scope("provoke", marked("KeyScopes", "on the Provoke page"), place="page"),
    Scope("learn", marked("KeyScopes", "on the Learn page"), place="page"),
    Scope("library", marked("KeyScopes", "on the Library page"), place="page"),
    Scope("history", marked("KeyScopes", "in the history"), "library", focus=True, typing=False),
    Scope("requests", marked("KeyScopes", "in the saved requests"), "library", focus=True, typing=False),
    Scope("variables", marked("KeyScopes", "in the variables"), "library", focus=True),
    Scope("address", marked("KeyScopes", "in the address"), "inspect", focus=True),
    Scope("version", marked("KeyScopes", "in the version"), "inspect", focus=True),
    Scope("step", marked("KeyScopes", "while stepping"), "inspect", typing=False, spare=True),
    Scope("lesson", marked("KeyScopes", "beside a lesson"), "inspect"),
    Scope("request", marked("KeyScopes", "beside the handshake"), "inspect", place="left"),
    Scope("headers", marked("KeyScopes", "in a list of headers"), "request", focus=True, typing=False),
    Scope("draft", marked("KeyScopes", "in the handshake"), "request", focus=True),
    Scope("sequences", marked("KeyScopes", "in the sequences"), "inspect", focus=True, place="left"),
    Scope(
        "saved",
        marked("KeyScopes", "in the saved messages"),
        "inspect",
        focus=True,
        place="left",
        typing=False,
    ),
    Scope("replay", marked("KeyScopes", "in the replay"), "inspect", focus=True, place="left"),
    Scope("by-hand", marked("KeyScopes", "where a client is answered by hand"), "inspect", place="right"),
    Scope("frames", marked("KeyScopes", "beside the frames"), "inspect", place="right"),
    Scope("log", marked("KeyScopes", "in the log"), "frames", focus=True, typing=False),
    Scope("send", marked("KeyScopes", "in the send bar"), "frames", focus=True),
    Scope("filter", marked("KeyScopes", "in the filter"), "frames", focus=True),
    Scope("detail", marked("KeyScopes", "in the detail of a frame"), "frames", focus=True, typing=False),
    Scope("payload", marked("KeyScopes", "beside the payload"), "frames"),
    Scope("hex", marked("KeyScopes", "in a hex view"), "payload", focus=True, typing=False),
    Scope("tree", marked("KeyScopes", "in a payload laid out"), "payload", focus=True, typing=False),
    Scope("statistics", marked("KeyScopes", "beside the statistics"), "inspect", place="right"),
    Scope("panel", marked("KeyScopes", "in the statistics"), "statistics", focus=True, typing=False),
    Scope("chart", marked("KeyScopes", "in a chart"), "panel", focus=True, typing=False),
    Scope("craft", marked("KeyScopes", "on the craft sheet"), "inspect", focus=True),
    Scope("rules", marked("KeyScopes", "beside the rules"), "learn"),
    Scope("entries", marked("KeyScopes", "in a list with a search"), "learn", focus=True),
    Scope("field", marked("KeyScopes", "in any field"), focus=True),
    Scope("list", marked("KeyScopes", "in any list"), focus=True, typing=False),
)
SCOPES = {scope.name: scope for scope in _ALL}


def told(name: str) -> str:
    """Where keys of scope ``name`` work, for a person."""
    return translate("KeyScopes", SCOPES[name].text)


def around(name: str) -> list[Scope]:
    """Scope ``name`` and all around it, itself first."""
    found = [SCOPES[name]]
    while found[-1].within:
        found.append(SCOPES[found[-1].within])
    return found


def overlap(one: str, other: str) -> bool:
    """Whether a key press can be meant for both scopes."""
    ones, others = around(one), around(other)
    if SCOPES[other] in ones or SCOPES[one] in others:
        return not (SCOPES[one].spare or SCOPES[other].spare)
    for first in ones:
        for second in others:
            if first.place and first.place == second.place and first is not second:
                return False
    inner, outer = SCOPES[one], SCOPES[other]
    if inner.spare or outer.spare:
        return inner.spare and outer.spare
    return not (inner.focus and outer.focus)
