"""The variables of a run: where each comes from, which are not kept with it, and which are not shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wsinspector.conversation.sequences.filling import made_of


@dataclass(frozen=True, slots=True)
class RunVariables:
    """Values as they are written. ``environment``: beneath all others, and never kept in a capture.

    ``own``: of the conversation, the file's over them, those given for the run over both. ``hidden``: names
    of the environment whose values are not shown.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    @property
    def all(self) -> dict[str, str]:
        return dict(self.environment) | dict(self.own)

    @property
    def apart(self) -> dict[str, str]:
        """Variables whose values are not kept with the options: those of the environment, each empty, and
        what is made of them, as it is written."""
        foreign = self.environment.keys() - self.own.keys()
        return {name: self.own.get(name, "") for name in made_of(self.all, foreign)}

    @property
    def not_shown(self) -> frozenset[str]:
        """Variables in whose place dots are shown: the hidden ones, and what is made of them."""
        return made_of(self.all, self.hidden - self.own.keys())
