"""What each chart of the statistics shows, in a sentence for whoever does not see it."""

from wsinspector.present.numbers import count
from wsinspector.present.statistics import Figures
from wsinspector.present.statistics_compression import Compression
from wsinspector.present.statistics_numbers import Spread
from wsinspector.present.statistics_silences import Silence
from wsinspector.present.statistics_told import a_second, most_of, octets, seconds_of, span
from wsinspector.translate import translate


def rate_sentence(figures: Figures, octets_too: bool = False) -> str:
    """What the chart of frames a second shows; with ``octets_too`` that of bytes. Empty without frames."""
    counts = figures.counts.read_over()
    seconds = seconds_of(figures)
    if not figures.frames or not seconds:
        return translate("Statistics", "No time has passed between frames yet.") if figures.frames else ""
    step = span(counts.width)
    if octets_too:
        most = most_of(counts.bytes_in, counts.bytes_out, counts)
        means = [number / seconds for number in figures.wire]
        text = translate(
            "Statistics",
            "↓ {a}/s on average, at most {b}/s; ↑ {c}/s, at most {d}/s; counted over {step} each.",
        )
        said = [octets(number) for number in (means[0], most[0], means[1], most[1])]
    else:
        most = most_of(counts.frames_in, counts.frames_out, counts)
        means = [each.number / seconds for each in figures.both[:2]]
        text = translate(
            "Statistics",
            "↓ {a} a second on average, at most {b}; ↑ {c}, at most {d}; counted over {step} each.",
        )
        said = [a_second(number) for number in (means[0], most[0], means[1], most[1])]
    text = text.format(a=said[0], b=said[1], c=said[2], d=said[3], step=step)
    if octets_too and figures.composed:
        text += " " + translate("Statistics", "Payloads alone, as an import tells no more.")
    return text


def size_sentence(received: Spread, sent: Spread) -> str:
    """What the histogram shows; empty where nothing came."""
    if not received.number and not sent.number:
        return ""
    parts = [
        translate("Statistics", "{arrow} median {median}, 95 % at most {p95}, largest {largest}").format(
            arrow=arrow, median=octets(each.median), p95=octets(each.p95), largest=octets(each.largest)
        )
        for arrow, each in (("↓", received), ("↑", sent))
        if each.number
    ]
    text = "; ".join(parts) + "."
    if received.rounded or sent.rounded:
        text += " " + translate("Statistics", "Median and 95 % are rounded down by less than 0.2 %.")
    return text


def trip_sentence(figures: Figures) -> str:
    """What the chart of round trips shows."""
    parts = []
    for who, trips in (
        (translate("Statistics", "Our pings"), figures.trips[1]),
        (translate("Statistics", "The peer's pings"), figures.trips[0]),
    ):
        if not trips.pings:
            continue
        if trips.answered:
            text = translate(
                "Statistics",
                "{who}: {n}, {open} unanswered; answer after {median} (median), 95 % {p95}, most {slowest}.",
            )
            spread = trips.spread
            parts.append(
                text.format(
                    who=who,
                    n=count(trips.pings),
                    open=count(trips.unanswered),
                    median=span(spread.median),
                    p95=span(spread.p95),
                    slowest=span(spread.largest),
                )
            )
        else:
            parts.append(
                translate("Statistics", "{who}: {n}, none answered.").format(who=who, n=count(trips.pings))
            )
    if figures.control_left:
        left = translate("Statistics", "{n} more were not paired: these are too many to read.")
        parts.append(left.format(n=count(figures.control_left)))
    return " ".join(parts)


def compression_sentence(figures: Figures, found: Compression | None) -> str:
    """What is known of compression, and of how many frames."""
    if figures.composed:
        return translate(
            "Statistics",
            "An import tells messages, not frames: each counts as one frame, bytes are payloads alone;"
            " compression, masking and fragments are not known.",
        )
    total = sum(figures.compressed)
    if not total:
        return translate("Statistics", "No frame travelled compressed.")
    ratio = found.ratio() if found is not None else None
    if found is None or ratio is None:
        return translate("Statistics", "{frames} travelled compressed; none was inflated here yet.").format(
            frames=translate("Statistics", "%n frame(s)", "", total)
        )
    text = translate(
        "Statistics",
        "{seen} of {frames} compressed frames inflated: {wire} on the wire became {inflated}, {ratio} : 1.",
    )
    return text.format(
        seen=count(sum(found.frames)),
        frames=count(total),
        wire=octets(sum(found.wire)),
        inflated=octets(sum(found.inflated)),
        ratio=f"{ratio:.2f}",
    )


def silence_sentence(silences: tuple[Silence, ...], start: int) -> str:
    """The longest time without a frame."""
    if not silences:
        return translate("Statistics", "No time of 1 ms or more without a frame.")
    longest = silences[0]
    text = translate("Statistics", "The longest time without a frame: {length}, after #{number} at {at}.")
    return text.format(
        length=span(longest.length), number=count(longest.number), at=span(max(longest.at - start, 0))
    )
