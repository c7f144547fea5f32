"""A message beside what travelled: which frame gave how much of it, the ratio, and the inflater's window."""

from dataclasses import dataclass

from wsinspector.present.numbers import count
from wsinspector.present.opened import Opened
from wsinspector.present.payload import size_text
from wsinspector.protocol.columns import FLAG_MASKED
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class Share:
    """Frame ``number``: its bytes on the wire, and ``start`` to ``end`` of the message."""

    number: int
    header: int
    payload: int
    start: int
    end: int

    @property
    def gives(self) -> int:
        return self.end - self.start


def share_of(opened: Opened, index: int) -> Share | None:
    """The share of frame ``index`` of the message; None where the capture does not hold it."""
    facts = opened.reading.facts(opened.parts.numbers[index])
    if facts is None:
        return None
    start, end = opened.begins(index), opened.ends[index]
    return Share(facts.number, facts.header, facts.length, start, end)


def percent(part: int, whole: int) -> str:
    """``29 %``, ``0.4 %``; empty where there is no whole."""
    if not whole:
        return ""
    share = 100 * part / whole
    return f"{share:.0f} %" if share >= 9.95 or not part else f"{share:.1f} %"


def told(opened: Opened) -> str:
    """Sizes and ratio, masking, and what the sender's window holds, in short sentences."""
    payload, parts = opened.payload, opened.parts
    if opened.reading.composed:
        return translate("Shares", "How it travelled is not known: an import tells messages, not frames.")
    said = [_sizes(opened)]
    if opened.first.flags & FLAG_MASKED:
        one = translate("Shares", "Masked.")
        said.append(
            one if len(parts.numbers) == 1 else translate("Shares", "Each frame is masked with its own key.")
        )
    if payload.compressed:
        said.append(_window(opened))
    elif payload.agreed.deflate is not None and payload.opcode in (1, 2):
        said.append(translate("Shares", "Compression was agreed on; this message travelled without."))
    return " ".join(said)


def _sizes(opened: Opened) -> str:
    payload, parts = opened.payload, opened.parts
    frames = (
        translate("Shares", "1 frame")
        if len(parts.numbers) == 1
        else translate("Shares", "{count} frames").format(count=count(len(parts.numbers)))
    )
    text = translate("Shares", "{frames}: {headers} of headers and {wire} of payload.")
    if payload.compressed and payload.fault is not None:
        text = translate(
            "Shares", "{frames}: {headers} of headers and {wire} of payload, not all inflated: {size} so far."
        )
    elif payload.compressed:
        text = translate(
            "Shares",
            "{frames}: {headers} of headers and {wire} of payload, which inflate to {size}: {ratio} of it.",
        )
    return text.format(
        frames=frames,
        headers=size_text(parts.headers),
        wire=size_text(parts.wire),
        size=size_text(payload.total),
        ratio=percent(parts.wire, payload.total) or "–",
    )


def _window(opened: Opened) -> str:
    agreed = opened.payload.agreed
    if agreed.per_frame:
        return translate("Shares", "Each frame is deflated for itself: no window goes on.")
    sender = opened.reading.sender(opened.first)
    deflate = agreed.deflate
    bits = deflate.window_bits(sender) if deflate is not None else 15
    whose = "client" if sender is Role.CLIENT else "server"
    if deflate is not None and not deflate.takeover(sender):
        return translate(
            "Shares",
            "Its window, {window} ({bits} bits), is empty before each message ({whose}_no_context_takeover).",
        ).format(window=size_text(1 << bits), bits=bits, whose=whose)
    held = opened.window
    text = translate(
        "Shares",
        "Its window, {window} ({bits} bits), goes on between messages, with {held} before this one.",
    )
    if not held:
        text = translate(
            "Shares",
            "Its window, {window} ({bits} bits), goes on between messages and was empty before this one.",
        )
    return text.format(window=size_text(1 << bits), bits=bits, held=size_text(min(held, 1 << bits)))
