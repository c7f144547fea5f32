"""Saved requests in folders: a tree of values, so that every change can be taken back."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from wsinspector.conversation.options import Options
from wsinspector.protocol.draft import Draft

Path = tuple[int, ...]
"""Where something stands: its place, from 0, in each folder on the way to it; () is the whole."""

DEEPEST = 16
"""Folders within folders that a file may have."""


@dataclass(frozen=True, slots=True)
class SavedRequest:
    """A draft kept whole. ``exact``: nothing in it is drawn or filled in, as in bytes of somebody else.

    ``follows``: the target in its first line is the address's, whatever that comes to be.
    """

    name: str
    address: str = ""
    draft: Draft = field(default_factory=Draft)
    options: Options = field(default_factory=Options)
    notes: str = ""
    exact: bool = False
    follows: bool = True


@dataclass(frozen=True, slots=True)
class RequestFolder:
    """Folders and requests in the order a person gave them; the outermost has no name."""

    name: str = ""
    nodes: "tuple[Node, ...]" = ()
    notes: str = ""

    def at(self, path: Path) -> "Node":
        """What stands at ``path``. Raises IndexError where nothing does."""
        node: Node = self
        for step in path:
            if not isinstance(node, RequestFolder) or step < 0:
                raise IndexError(path)
            node = node.nodes[step]
        return node

    def inserted(self, path: Path, node: "Node") -> "RequestFolder":
        """With ``node`` at ``path``; what stands there and behind it goes one place on."""
        *_, last = path
        folder = self._folder(path[:-1])
        last = max(0, min(last, len(folder.nodes)))
        return self._put(path[:-1], replace(folder, nodes=(*folder.nodes[:last], node, *folder.nodes[last:])))

    def replaced(self, path: Path, node: "Node") -> "RequestFolder":
        folder = self._folder(path[:-1])
        at = path[-1]
        return self._put(
            path[:-1], replace(folder, nodes=(*folder.nodes[:at], node, *folder.nodes[at + 1 :]))
        )

    def removed(self, path: Path) -> "RequestFolder":
        folder = self._folder(path[:-1])
        at = path[-1]
        return self._put(path[:-1], replace(folder, nodes=(*folder.nodes[:at], *folder.nodes[at + 1 :])))

    def moved(self, path: Path, to: Path) -> "tuple[RequestFolder, Path]":
        """What stands at ``path`` before what stands at ``to`` now, and where it stands then.

        A folder cannot go into itself: then nothing changes.
        """
        if to[: len(path)] == path:
            return self, path
        node = self.at(path)
        to = _without(to, path)
        whole = self.removed(path).inserted(to, node)
        return whole, to

    def renamed(self, path: Path, name: str) -> "RequestFolder":
        return self.replaced(path, replace(self.at(path), name=name))

    def requests(self, path: Path = ()) -> "Iterator[tuple[Path, SavedRequest]]":
        """Every request below ``path`` with its place, in order."""
        node = self.at(path)
        if isinstance(node, SavedRequest):
            yield path, node
            return
        for at in range(len(node.nodes)):
            yield from self.requests((*path, at))

    def names(self, path: Path) -> tuple[str, ...]:
        """The names of the folders around ``path``, from outside, and its own."""
        return tuple(self.at(path[: depth + 1]).name for depth in range(len(path)))

    def _folder(self, path: Path) -> "RequestFolder":
        node = self.at(path)
        if not isinstance(node, RequestFolder):
            raise IndexError(path)
        return node

    def _put(self, path: Path, folder: "RequestFolder") -> "RequestFolder":
        return folder if not path else self.replaced(path, folder)


Node = RequestFolder | SavedRequest


def _without(to: Path, gone: Path) -> Path:
    """``to`` as it is counted once what stands at ``gone`` is taken out."""
    depth = len(gone) - 1
    if len(to) > depth and to[:depth] == gone[:depth] and to[depth] > gone[depth]:
        return (*to[:depth], to[depth] - 1, *to[depth + 1 :])
    return to


def slashed(names: tuple[str, ...]) -> str:
    """Names as one text, as a person names a request on the command line."""
    return "/".join(names)


def called(whole: RequestFolder, name: str) -> list[Path]:
    """The places of all requests that ``name`` may mean: folders and name with slashes, or the name alone."""
    found = [(path, slashed(whole.names(path)), each.name) for path, each in whole.requests()]
    exactly = [path for path, full, _ in found if full == name]
    return exactly or [path for path, _, own in found if own == name]


def free_name(folder: RequestFolder, name: str) -> str:
    """``name``, or with a number behind it where ``folder`` has that name already."""
    taken = {node.name for node in folder.nodes}
    number, tried = 2, name
    while tried in taken:
        tried, number = f"{name} {number}", number + 1
    return tried
