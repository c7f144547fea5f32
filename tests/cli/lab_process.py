"""What the lab said about itself on its standard output."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class LabProcess:
    told: dict[str, Any]
    authority: Path

    @property
    def address(self) -> str:
        """``host:port`` of the plain entrance."""
        return str(self.told["url"]).removeprefix("ws://")

    def url(self, path: str = "/echo", kind: str = "plain") -> str:
        entrance = next(one for one in self.told["entrances"] if one["kind"] == kind)
        return str(entrance["url"]) + path
