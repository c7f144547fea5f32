"""What a person may set for a connection, apart from the bytes of the request."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from wsinspector.capture.trimming import Limits
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.policy import PONG_PAYLOADS, PolicySettings, by_name

INFLATE_LIMIT = LIMIT
"""Bytes a compressed message may inflate to where nothing else is set: 64 MiB."""

POLICIES = ("tolerant", "conforming", "watch")


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of one conversation; a default means 'as the URL and the standard have it'.

    Times are seconds. ``timeout`` counts from the look-up to the blank line of the answer,
    ``body_idle`` is the silence after which a body is taken as ended; so long, and a second at most,
    the end of the connection is waited for where a whole refusal promises it.
    """

    connect_to: str = ""  # "address:port" or "address" dialled in place of the URL's
    sni: str = ""
    timeout: float = 10.0
    body_idle: float = 3.0
    verify: bool = True
    ca_file: str = ""
    alpn: tuple[str, ...] = ("http/1.1",)
    policy: str = "tolerant"
    answer_pings: bool | None = None  # None: as the policy has it
    pong_after: float = 0.0
    pong_payload: str = "same"  # one of PONG_PAYLOADS
    answer_close: bool | None = None
    auto_answers: str = ""  # [[auto]] tables, as in the file of a sequence
    variables: tuple[tuple[str, str], ...] = ()  # names and values for {{name}}
    ping_every: float = 0.0  # 0: off
    reconnect_every: float = 0.0  # 0: off
    max_message: int = 0  # bytes, 0: no limit
    max_inflated: int = 0  # bytes a compressed message may inflate to, 0: INFLATE_LIMIT
    keep_bytes: int = 0  # of the capture file, 0: no limit
    keep_frames: int = 0  # of each attempt, 0: no limit
    keep_seconds: float = 0.0  # 0: no limit
    speak: str = ""  # a dialect's name; "": the one that the request's own bytes propose
    echo: bool = False
    compress: bool = False  # what is sent, where that was agreed
    step: bool = False  # hold what leaves, and show what comes one by one
    keep: bool = True

    def changed(self) -> tuple[tuple[str, str], ...]:
        """``(field, label)`` of whatever differs from the defaults, for removable chips."""
        default = Options()
        found = []
        for spec in dataclasses.fields(self):
            value = getattr(self, spec.name)
            if value != getattr(default, spec.name):
                found.append((spec.name, _label(spec.name, value)))
        return tuple(found)

    def without(self, name: str) -> "Options":
        """These options with ``name`` back at its default."""
        return dataclasses.replace(self, **{name: getattr(Options(), name)})

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, the inverse of :meth:`from_json`."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Options":
        """Read what :meth:`to_json` wrote; unknown names are left out."""
        known = {spec.name for spec in dataclasses.fields(cls)}
        kept = {name: value for name, value in data.items() if name in known}
        if "alpn" in kept:
            kept["alpn"] = tuple(kept["alpn"])
        if "variables" in kept:
            kept["variables"] = tuple((str(name), str(value)) for name, value in kept["variables"])
        return cls(**kept)


def _seconds(value: float) -> str:
    return f"{value:g} s"


def _label(name: str, value: Any) -> str:
    match name:
        case "connect_to":
            return f"to {value}"
        case "sni":
            return f"SNI {value}"
        case "timeout":
            return f"time-out {_seconds(value)}"
        case "body_idle":
            return f"body idle {_seconds(value)}"
        case "verify":
            return "any certificate"
        case "ca_file":
            return f"CA {str(value).rsplit('/', 1)[-1]}"
        case "alpn":
            return f"ALPN {', '.join(value)}" if value else "no ALPN"
        case "policy":
            return {"conforming": "conforming", "watch": "only watches"}.get(value, str(value))
        case "answer_pings":
            return "answers pings" if value else "no pongs"
        case "pong_after":
            return f"pongs {_seconds(value)} late"
        case "pong_payload":
            return {"empty": "empty pongs", "other": "wrong pongs"}.get(value, str(value))
        case "auto_answers":
            rules = value.count("[[auto]]")
            return "1 auto-answer" if rules == 1 else f"{rules} auto-answers"
        case "variables":
            return "1 variable" if len(value) == 1 else f"{len(value)} variables"
        case "answer_close":
            return "answers Close" if value else "never answers Close"
        case "ping_every":
            return f"ping every {_seconds(value)}"
        case "reconnect_every":
            return f"reconnects after {_seconds(value)}"
        case "max_message":
            return f"messages up to {value} bytes"
        case "max_inflated":
            return f"inflates up to {value} bytes"
        case "keep_bytes":
            return f"keeps {value} bytes"
        case "keep_frames":
            return f"keeps {value} frames"
        case "keep_seconds":
            return f"keeps {_seconds(value)}"
        case "speak":
            return f"speaks {value}"
        case "echo":
            return "echoes"
        case "compress":
            return "compresses"
        case "step":
            return "steps"
        case "keep":
            return "not kept"
    return f"{name} {value}"


def policy_settings(options: Options) -> PolicySettings:
    """The named policy with the parts that were set apart."""
    settings = by_name(options.policy)
    if options.answer_pings is not None:
        settings = dataclasses.replace(settings, pong=options.answer_pings)
    if options.answer_close is not None:
        settings = dataclasses.replace(settings, close=options.answer_close)
    return dataclasses.replace(
        settings,
        pong_after=options.pong_after,
        pong_payload=options.pong_payload if options.pong_payload in PONG_PAYLOADS else "same",
        max_message=options.max_message or None,
        inflate_limit=inflate_limit(options),
    )


def limits_of(options: Options) -> Limits:
    """What a capture keeps at most."""
    return Limits(options.keep_bytes, options.keep_frames, options.keep_seconds)


def inflate_limit(options: Options) -> int:
    """Bytes a compressed message may inflate to."""
    return options.max_inflated or INFLATE_LIMIT
