"""Files that requests come in from: those of this program, and HAR."""

from collections.abc import Callable
from pathlib import Path

from wsinspector.library.request_file import LARGEST, read_requests
from wsinspector.library.requests import RequestFolder
from wsinspector.library.whole_file import read_whole
from wsinspector.share.importing import WrongFile
from wsinspector.share.request_har import requests_of_har
from wsinspector.translate import translate


def read_request_file(
    path: Path, stopping: Callable[[], bool] = lambda: False
) -> tuple[RequestFolder, tuple[str, ...]]:
    """A folder of the requests in ``path``, and notes. Raises WrongFile with line and reason."""
    if path.suffix.lower() == ".har":

        def look(_read: int) -> None:
            if stopping():
                raise WrongFile(path.name)

        try:
            with path.open("rb") as stream:
                return requests_of_har(stream, path.name, look)
        except OSError as error:
            raise WrongFile(f"{path.name}: {error.strerror}") from None
    text, trouble = read_whole(path, LARGEST)
    if text is None:
        raise WrongFile(trouble or translate("Library", "{0} is not there.").format(path.name))
    read = read_requests(text)
    if read.faults:
        raise WrongFile(f"{path.name}, {read.faults[0]}")
    nodes = read.whole.nodes
    if len(nodes) == 1 and isinstance(nodes[0], RequestFolder):
        return nodes[0], ()
    return RequestFolder(path.stem, nodes, read.whole.notes), ()
