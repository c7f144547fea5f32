"""Requests recorded from real clients, to be sent as such a client would to the present address."""

import base64
import json
from dataclasses import dataclass, replace

from wsinspector.protocol.address import Address
from wsinspector.protocol.draft import KEY, Draft, Generated
from wsinspector.protocol.request_lines import origin_of
from wsinspector.resources import root

_MARKED = ((b"Host", Generated.HOST), (KEY, Generated.KEY), (b"Origin", Generated.ORIGIN))


@dataclass(frozen=True, slots=True)
class Preset:
    """One recorded request. ``recorded`` is a day (ISO 8601), ``note`` may be empty."""

    name: str
    version: str
    recorded: str
    note: str
    request: bytes

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}".rstrip()


def presets() -> tuple[Preset, ...]:
    """Every recorded client, by name. A file that cannot be read is left out."""
    found = []
    for path in sorted(root().joinpath("presets").glob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            found.append(
                Preset(
                    name=str(data["name"]),
                    version=str(data["version"]),
                    recorded=str(data["recorded"]),
                    note=str(data.get("note", "")),
                    request=base64.b64decode(data["request"], validate=True),
                )
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(sorted(found, key=lambda preset: preset.name.lower()))


def draft_as(preset: Preset, address: Address, *, key: bytes) -> Draft:
    """The recorded request for ``address``: its bytes, but for the target and what is generated.

    ``key`` replaces the recorded one. Where the address is not understood yet,
    Host is empty and the target is ``/``, as in a new draft.
    """
    draft = Draft.from_bytes(preset.request)
    lines = list(draft.lines)
    for name, mark in _MARKED:
        row = next((at for at, line in enumerate(lines) if line.is_named(name)), None)
        if row is not None:
            lines[row] = replace(lines[row], generated=mark)
    draft = replace(draft, lines=tuple(lines))
    understood = address.error is None
    draft = draft.with_target(address.target if understood else b"/")
    return draft.with_generated(
        host=address.host_header if understood else b"",
        key=key,
        origin=origin_of(address) if understood else b"",
    )
