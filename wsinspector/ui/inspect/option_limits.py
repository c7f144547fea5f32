"""How much is kept of a conversation, and how far a compressed message may grow."""

from PySide6.QtWidgets import QWidget

from wsinspector.conversation.option_texts import Read, read_bytes, read_seconds
from wsinspector.conversation.options import INFLATE_LIMIT
from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.inspect.option_connection import NUMBER_WIDTH, change
from wsinspector.ui.inspect.option_group import OptionField, OptionGroup
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState

MOST_FRAMES = 1 << 40


def read_frames(text: str) -> Read[int]:
    """A number of frames; an empty text is 0, no limit. Thin spaces, and k and M for thousands, are read."""
    bare = "".join(text.split()).replace("\u2009", "").replace("\u202f", "")
    if not bare:
        return Read(0)
    times = {"k": 10**3, "M": 10**6}.get(bare[-1], 1)
    digits = bare[:-1] if times > 1 else bare
    if digits.isascii() and digits.isdigit() and 0 < int(digits[:15]) * times <= MOST_FRAMES:
        return Read(int(digits[:15]) * times)
    return Read(None, translate("Options", "Expected a number of frames: 100000, 100k, 10M."))


def size_text(value: int) -> str:
    """Bytes in the largest unit in which they are a whole number; empty for none."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if value and value % unit == 0:
            return f"{value // unit} {name}"
    return count(value) if value else ""


class LimitsGroup(OptionGroup):
    """What is beyond a limit is counted by reason and not kept; the connection goes on."""

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(translate("Options", "Limits"), parent)
        self._tab = tab
        self.file = OptionField(
            translate("Options", "Max file"),
            read_bytes,
            tip=translate("Options", "How large the capture may become, such as 1 GiB; empty: no limit."),
            unit=translate("Options", "bytes"),
            hint=translate("Options", "no limit"),
            width=NUMBER_WIDTH + 24,
        )
        self.frames = OptionField(
            translate("Options", "Max frames"),
            read_frames,
            tip=translate(
                "Options",
                "How many frames are kept of each attempt at least, such as 100k; empty: no limit. "
                "The oldest go in whole blocks, so some {0} more may stay, in a flood as many as come "
                "in 40 ms, and of a large limit an eighth.",
            ).format(count(4000)),
            unit=translate("Options", "frames"),
            hint=translate("Options", "no limit"),
            width=NUMBER_WIDTH + 24,
        )
        self.age = OptionField(
            translate("Options", "Max age"),
            lambda text: read_seconds(text, empty=0.0),
            tip=translate(
                "Options", "How long an attempt is kept from its beginning, in seconds; empty: no limit."
            ),
            unit=translate("Options", "s"),
            hint=translate("Options", "no limit"),
            width=NUMBER_WIDTH + 24,
        )
        self.inflated = OptionField(
            translate("Options", "Max inflated"),
            read_bytes,
            tip=translate(
                "Options", "How large a compressed message may become when it is inflated; empty: {0}."
            ).format(size_text(INFLATE_LIMIT)),
            unit=translate("Options", "bytes"),
            hint=size_text(INFLATE_LIMIT),
            width=NUMBER_WIDTH + 24,
        )
        self.add(translate("Options", "Max file"), self.file)
        self.add(translate("Options", "Max frames"), self.frames)
        self.add(translate("Options", "Max age"), self.age)
        self.add(translate("Options", "Max inflated"), self.inflated)
        self.add_wide(
            RoleLabel(
                fill(
                    translate(
                        "Options",
                        "What is beyond is counted in the status bar, by reason. [key:files.kept] shows "
                        "how much "
                        "is kept of all conversations together.",
                    )
                ),
                "muted",
                wraps=True,
                size=0.95,
            )
        )
        self.file.changed.connect(lambda value: change(tab, keep_bytes=value))
        self.frames.changed.connect(lambda value: change(tab, keep_frames=value))
        self.age.changed.connect(lambda value: change(tab, keep_seconds=value))
        self.inflated.changed.connect(lambda value: change(tab, max_inflated=value))

    def look(self) -> None:
        """Show the options as they are."""
        options = self._tab.conversation.options
        self.file.show_text(size_text(options.keep_bytes))
        self.frames.show_text(count(options.keep_frames) if options.keep_frames else "")
        self.age.show_text(f"{options.keep_seconds:g}" if options.keep_seconds else "")
        self.inflated.show_text(size_text(options.max_inflated))
