"""What is kept of an attempt besides its bytes, as plain JSON and back."""

import dataclasses
from typing import Any

from wsinspector.conversation.snapshot import (
    CertificateFacts,
    End,
    EndedBy,
    EndKind,
    Stop,
    Timings,
    TlsView,
)

Facts = dict[str, Any]
_DAMAGED = (AttributeError, KeyError, TypeError, ValueError)


def end_to_json(end: End | None) -> Facts | None:
    if end is None:
        return None
    data = dataclasses.asdict(end)
    data["kind"] = end.kind.value
    data["by"] = end.by.value
    return data


def end_from_json(data: Facts | None) -> End | None:
    """None too where what is kept is damaged."""
    if data is None:
        return None
    try:
        fields = _known(End, data)
        fields["kind"] = EndKind(fields["kind"])
        fields["by"] = EndedBy(fields["by"])
        return End(**fields)
    except _DAMAGED:
        return None


def stop_from_json(data: Facts | None) -> Stop | None:
    """None too where what is kept is damaged."""
    try:
        return Stop(**_known(Stop, data)) if data is not None else None
    except _DAMAGED:
        return None


def plain(value: Stop | Timings | TlsView | None) -> Facts | None:
    """A dataclass of plain values as JSON."""
    return dataclasses.asdict(value) if value is not None else None


def timings_from_json(data: Facts | None) -> Timings:
    return Timings(**_known(Timings, data)) if data is not None else Timings()


def tls_from_json(data: Facts | None) -> TlsView | None:
    if data is None:
        return None
    fields = _known(TlsView, data)
    chain = []
    for entry in fields.get("chain", ()):
        certificate = _known(CertificateFacts, entry)
        certificate["names"] = tuple(certificate.get("names", ()))
        chain.append(CertificateFacts(**certificate))
    fields["chain"] = tuple(chain)
    return TlsView(**fields)


def _known(kind: Any, data: Facts) -> Facts:
    names = {spec.name for spec in dataclasses.fields(kind)}
    return {name: value for name, value in data.items() if name in names}
