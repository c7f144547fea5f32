"""The collection of saved requests that a person keeps, in one file that is theirs to read and mend."""

from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from wsinspector.library.request_file import LARGEST, read_requests, requests_text
from wsinspector.library.requests import RequestFolder
from wsinspector.library.whole_file import not_written, read_whole, stamp_of, write_whole
from wsinspector.translate import translate

NAME = "requests.toml"
HEAD = "Saved requests of wsinspector. A character of a line is a byte; {{name}} is filled in when it leaves."


def usual_path() -> Path:
    """Where the requests are kept unless another place is named; it need not exist."""
    return Path(platformdirs.user_config_dir("wsinspector", appauthor=False)) / NAME


@dataclass(slots=True)
class RequestStore:
    """The file of saved requests. ``trouble``: why it is not read or written, empty where it is."""

    path: Path = field(default_factory=usual_path)
    whole: RequestFolder = field(default_factory=RequestFolder)
    trouble: str = ""
    writable: bool = True
    _stamp: tuple[int, int] = (0, 0)

    def load(self) -> RequestFolder:
        """Read the file; no file is an empty collection. One with faults is shown and never written over."""
        self.trouble, self.writable = "", True
        self._stamp = stamp_of(self.path)
        text, trouble = read_whole(self.path, LARGEST)
        if text is None:
            self.trouble, self.writable = not_written(trouble), not trouble
            self.whole = RequestFolder()
            return self.whole
        read = read_requests(text)
        self.whole = read.whole
        if read.faults:
            self.writable = False
            said = translate("Requests", "{0} has a fault in {1} It is not written until that is mended.")
            self.trouble = said.format(self.path.name, read.faults[0])
        return self.whole

    @property
    def changed_elsewhere(self) -> bool:
        """Whether another program has written the file since it was read or written here."""
        return stamp_of(self.path) != self._stamp

    def save(self, whole: RequestFolder) -> bool:
        """Keep ``whole``; False where that cannot be, and why stands in ``trouble``."""
        if not self.writable:
            return False
        if self.changed_elsewhere:
            said = translate("Requests", "{0} was changed by another program: it was not written.")
            self.trouble = said.format(self.path.name)
            return False
        trouble = write_whole(self.path, requests_text(whole, head=HEAD))
        self._stamp = stamp_of(self.path)
        if trouble:
            self.trouble = trouble
            return False
        self.whole, self.trouble = whole, ""
        return True
