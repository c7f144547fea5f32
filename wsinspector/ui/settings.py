"""What the window remembers between starts, typed."""

import shutil
from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

from wsinspector.translate import translate

RECENT_VERSIONS = 5


def data_folder() -> Path:
    """Where captures are kept, made where it is not there."""
    folder = Path(platformdirs.user_data_dir("wsinspector", appauthor=False)) / "captures"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


class Settings:
    """A thin, typed face of one INI file in the user's configuration folder."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            path = Path(platformdirs.user_config_dir("wsinspector", appauthor=False)) / "window.ini"
        self._stored = QSettings(str(path), QSettings.Format.IniFormat)
        self.trouble = self._put_aside(path)
        """What was wrong with the file, as a sentence; empty for nothing."""

    def _put_aside(self, path: Path) -> str:
        """Keep a copy of a broken file, as what cannot be read of it goes with the next change."""
        broken = self._stored.status() == QSettings.Status.FormatError
        try:
            broken = broken or (not self._stored.allKeys() and path.read_bytes().strip() != b"")
        except OSError:
            broken = False  # there is none
        if not broken:
            return ""
        aside = path.with_name(path.name + ".broken")
        text = translate("Settings", "{0} is broken: what can be read of it counts, a copy is in {1}.")
        try:
            shutil.copy2(path, aside)
        except OSError:
            text = translate(
                "Settings", "{0} is broken: what can be read of it counts, no copy could be kept."
            )
        return text.format(path.name, aside.name)

    def _text(self, key: str, default: str) -> str:
        value = self._stored.value(key, default)
        return value if isinstance(value, str) else default

    def _flag(self, key: str, default: bool) -> bool:
        return self._text(key, "yes" if default else "no") == "yes"

    def _list(self, key: str) -> list[str]:
        return [part for part in self._text(key, "").split("\n") if part]

    def beside(self, name: str) -> Path:
        """The path of another small file beside this one."""
        return Path(self._stored.fileName()).with_name(name)

    def sync(self) -> None:
        """Write now."""
        self._stored.sync()

    @property
    def scheme(self) -> str:
        return self._text("look/scheme", "system")

    @scheme.setter
    def scheme(self, name: str) -> None:
        self._stored.setValue("look/scheme", name)

    @property
    def system_told(self) -> bool | None:
        """Whether the system preferred a scheme at the last start; None before the first."""
        told = self._text("look/told", "")
        return None if not told else told == "yes"

    @system_told.setter
    def system_told(self, told: bool) -> None:
        if self.system_told != told:
            self._stored.setValue("look/told", "yes" if told else "no")

    @property
    def zoom(self) -> float:
        try:
            return float(self._text("look/zoom", "1"))
        except ValueError:
            return 1.0

    @zoom.setter
    def zoom(self, factor: float) -> None:
        self._stored.setValue("look/zoom", f"{factor:g}")

    @property
    def welcomed(self) -> bool:
        return self._flag("start/welcomed", False)

    @welcomed.setter
    def welcomed(self, done: bool) -> None:
        self._stored.setValue("start/welcomed", "yes" if done else "no")

    @property
    def sequence(self) -> tuple[str, str]:
        """The text of the sequence that was last worked on, and its file; empty for none."""
        return self._text("sequence/text", ""), self._text("sequence/path", "")

    @sequence.setter
    def sequence(self, kept: tuple[str, str]) -> None:
        self._stored.setValue("sequence/text", kept[0])
        self._stored.setValue("sequence/path", kept[1])

    @property
    def lab_at_start(self) -> bool:
        return self._flag("start/lab", True)

    @lab_at_start.setter
    def lab_at_start(self, on: bool) -> None:
        self._stored.setValue("start/lab", "yes" if on else "no")

    @property
    def lab_port(self) -> int:
        """The lab's plain port at the last start, 0 for any."""
        text = self._text("start/lab-port", "0")
        return int(text) if text.isascii() and text.isdigit() and int(text) < 65536 else 0

    @lab_port.setter
    def lab_port(self, port: int) -> None:
        self._stored.setValue("start/lab-port", str(port))

    @property
    def lab_rule(self) -> tuple[tuple[str, ...] | None, str]:
        """The versions the lab takes, None every one, and the manner in which it refuses the others."""
        taken = tuple(part for part in self._text("lab/versions", "").split(" ") if part)
        return taken or None, self._text("lab/refuses", "426-list")

    @lab_rule.setter
    def lab_rule(self, rule: tuple[tuple[str, ...] | None, str]) -> None:
        self._stored.setValue("lab/versions", " ".join(rule[0] or ()))
        self._stored.setValue("lab/refuses", rule[1])

    @property
    def lab_catches(self) -> bool:
        """Whether outside clients that reach the lab open as tabs."""
        return self._flag("lab/catches", True)

    @lab_catches.setter
    def lab_catches(self, on: bool) -> None:
        self._stored.setValue("lab/catches", "yes" if on else "no")

    @property
    def open_files(self) -> list[str]:
        """Captures whose tabs were open at the last end, in their order."""
        return self._list("start/open")

    @open_files.setter
    def open_files(self, paths: list[str]) -> None:
        self._stored.setValue("start/open", "\n".join(paths))

    @property
    def front_file(self) -> str:
        """The capture whose tab was in front at the last end; empty where it had none."""
        return self._text("start/front", "")

    @front_file.setter
    def front_file(self, path: str) -> None:
        self._stored.setValue("start/front", path)

    @property
    def recent_files(self) -> list[str]:
        """Files that were opened or saved by hand, the newest first."""
        return self._list("files/recent")

    @recent_files.setter
    def recent_files(self, names: list[str]) -> None:
        self._stored.setValue("files/recent", "\n".join(names))

    @property
    def keep_bytes(self) -> int:
        """How large all captures that are kept by themselves may be together."""
        return self._number("files/keep-bytes", 2 << 30)

    @keep_bytes.setter
    def keep_bytes(self, size: int) -> None:
        self._stored.setValue("files/keep-bytes", str(size))

    @property
    def keep_days(self) -> int:
        """How many days after its last change a capture is kept."""
        return self._number("files/keep-days", 30)

    @keep_days.setter
    def keep_days(self, days: int) -> None:
        self._stored.setValue("files/keep-days", str(days))

    @property
    def recent_crafts(self) -> list[str]:
        """Crafts that were sent, the last one first, each as JSON in a line."""
        return self._list("craft/recent")

    @recent_crafts.setter
    def recent_crafts(self, lines: list[str]) -> None:
        self._stored.setValue("craft/recent", "\n".join(lines))

    @property
    def last_craft(self) -> str:
        """What stood on the craft sheet, as JSON; empty where nothing did."""
        return self._text("craft/last", "")

    @last_craft.setter
    def last_craft(self, line: str) -> None:
        self._stored.setValue("craft/last", line)

    @property
    def recent_filters(self) -> list[str]:
        """Filters that were used, the last one first."""
        return self._list("filters/recent")

    @recent_filters.setter
    def recent_filters(self, lines: list[str]) -> None:
        self._stored.setValue("filters/recent", "\n".join(lines))

    @property
    def saved_filters(self) -> list[tuple[str, str]]:
        """(name, filter) in the order in which they were saved."""
        found = (line.partition("\t") for line in self._list("filters/saved"))
        return [(name, text) for name, tab, text in found if name and tab]

    @saved_filters.setter
    def saved_filters(self, saved: list[tuple[str, str]]) -> None:
        self._stored.setValue("filters/saved", "\n".join(f"{name}\t{text}" for name, text in saved))

    @property
    def payload_views(self) -> list[tuple[str, str]]:
        """(kind of message, view) in the order in which they were picked."""
        found = (line.partition("\t") for line in self._list("payload/views"))
        return [(kind, view) for kind, tab, view in found if kind and view]

    @payload_views.setter
    def payload_views(self, picked: list[tuple[str, str]]) -> None:
        self._stored.setValue("payload/views", "\n".join(f"{kind}\t{view}" for kind, view in picked))

    def _number(self, key: str, default: int) -> int:
        text = self._text(key, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else default

    @property
    def recent_versions(self) -> list[str]:
        """Escaped version values, last used first."""
        return self._list("request/versions")

    def used_version(self, escaped: str) -> None:
        """Remember a value as the last used."""
        if not escaped or "\n" in escaped:
            return
        others = [value for value in self.recent_versions if value != escaped]
        self._stored.setValue("request/versions", "\n".join([escaped, *others][:RECENT_VERSIONS]))

    @property
    def sweep_servers(self) -> str:
        """The servers that were asked last, as they were typed."""
        return self._text("sweep/servers", "")

    @property
    def sweep_set(self) -> str:
        """The name of the set that was sent last; empty before the first."""
        return self._text("sweep/set", "")

    @property
    def sweep_own(self) -> str:
        """The text of the set of one's own that was sent last."""
        return self._text("sweep/own", "")

    def swept(self, servers: str, chosen: str, own: str) -> None:
        """Remember what a sweep was asked with; ``own`` empty leaves what is there."""
        self._stored.setValue("sweep/servers", servers)
        self._stored.setValue("sweep/set", chosen)
        if own:
            self._stored.setValue("sweep/own", own)

    @property
    def geometry(self) -> QByteArray:
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._stored.setValue("window/geometry", value)

    def splitter(self, name: str) -> QByteArray:
        """The place of the splitter ``name``; empty where it was never moved."""
        return self._bytes(f"splitters/{name}")

    def set_splitter(self, name: str, state: QByteArray) -> None:
        self._stored.setValue(f"splitters/{name}", state)

    def _bytes(self, key: str) -> QByteArray:
        value = self._stored.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()
