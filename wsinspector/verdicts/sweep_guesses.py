"""What several answers of a server together suggest about how it reads the version; all of it is guessed."""

from collections.abc import Iterable, Iterator, Sequence

from wsinspector.translate import translate
from wsinspector.verdicts.sweep_cells import Probe
from wsinspector.verdicts.sweep_words import listed, named

Guess = tuple[str, tuple[str, ...]]
"""A sentence that begins with "Probably", and the ids of the requests that suggest it."""

_BITS = {"269": "eight bits", "65549": "16 bits", "4294967309": "32 bits"}
_SIGNED = ("013", "+13")
_CUT = ("13abc", "13;", "13 13")
_LISTS = ("13, 8", "13,8", "8, 13")


def guesses(probes: Iterable[Probe]) -> tuple[Guess, ...]:
    """Every guess that the answers suggest; none where 13 itself is known not to open."""
    by_id = {probe.odd.id: probe for probe in probes if probe.status is not None or probe.outcome is not None}
    control = by_id.get("13")
    if control is not None and not control.opened:
        return ()
    return tuple(_Reading(by_id).all())


class _Reading:
    def __init__(self, probes: dict[str, Probe]) -> None:
        self._probes = probes

    def _opened(self, *ids: str) -> list[str]:
        return [each for each in ids if each in self._probes and self._probes[each].opened]

    def _refused(self, id: str) -> bool:
        """Asked, and not opened."""
        return id in self._probes and not self._probes[id].opened

    def _labels(self, ids: Sequence[str]) -> str:
        return named(self._probes[each].odd for each in ids)

    def all(self) -> Iterator[Guess]:
        yield from self._order()
        careless = self._opened("abc", "14", "255", "256", "-1", "(empty)")
        if "abc" in careless:
            ids = tuple(careless)
            yield (
                translate("SweepGuesses", "Probably it does not look at the version: {0} opened.").format(
                    self._labels(ids)
                ),
                ids,
            )
            return
        yield from self._numbers()
        yield from self._lines()

    def _numbers(self) -> Iterator[Guess]:
        signed = self._opened(*_SIGNED)
        if signed and not self._opened("abc"):
            ids = tuple(signed)
            text = translate("SweepGuesses", "Probably it reads the value with a number parser")
            yield translate("SweepGuesses", "{0}: {1} opened.").format(text, listed(signed)), ids
        cut = self._opened(*_CUT, "13.0", "13,8", "13, 8")
        if self._opened(*_CUT):
            text = translate(
                "SweepGuesses", "Probably its parser stops at the first character that is no digit"
            )
            yield translate("SweepGuesses", "{0}: {1} opened.").format(text, self._labels(cut)), tuple(cut)
        elif "13.0" in cut:
            yield translate("SweepGuesses", "Probably it reads fractions: 13.0 opened."), ("13.0",)
        if self._opened("0xd"):
            yield translate("SweepGuesses", "Probably its parser knows hexadecimal: 0xd opened."), ("0xd",)
        for value, bits in _BITS.items():
            if self._opened(value) and (self._refused("256") or self._refused("14")):
                yield (
                    translate("SweepGuesses", "Probably it keeps {0} of the number: {1} opened.").format(
                        bits, value
                    ),
                    (value,),
                )

    def _lines(self) -> Iterator[Guess]:
        in_lists = self._opened(*_LISTS)
        if in_lists and not self._opened(*_CUT):
            text = translate(
                "SweepGuesses", "Probably it reads the value as a list, of which one member will do"
            )
            yield (
                translate("SweepGuesses", "{0}: {1} opened.").format(text, self._labels(in_lists)),
                tuple(in_lists),
            )
        for other in ("14", "8"):
            one, two = f"13⏎{other}", f"{other}⏎13"
            # A server that takes the other version too does not tell by these which line it reads.
            if self._refused(other) and one in self._probes and two in self._probes:
                yield from self._order_of_lines(other, one, two)
                return

    def _order_of_lines(self, other: str, one: str, two: str) -> Iterator[Guess]:
        first, last = self._opened(one), self._opened(two)
        ids = (one, two, other)
        if first and last:
            text = translate(
                "SweepGuesses",
                "Probably one of two lines will do: both orders of 13 and {0} opened, {1} alone did",
            ).format(other, other)
            yield translate("SweepGuesses", "{0} not.").format(text), ids
        elif first:
            text = translate(
                "SweepGuesses", "Probably it reads the first of two lines: 13, {0} opened; {1}, 13 did not"
            ).format(other, other)
            yield translate("SweepGuesses", "{0}, nor {1} alone.").format(text, other), ids
        elif last:
            text = translate(
                "SweepGuesses", "Probably it reads the last of two lines: {0}, 13 opened; 13, {1} did not"
            ).format(other, other)
            yield translate("SweepGuesses", "{0}, nor {1} alone.").format(text, other), ids

    def _order(self) -> Iterator[Guess]:
        both = self._probes.get("(version 14 with no key)")
        version, key = self._probes.get("14"), self._probes.get("(key missing)")
        if both is None or version is None or key is None:
            return
        alike = [_kind(each) for each in (both, version, key)]
        if alike[1] == alike[2] or alike[0] not in alike[1:]:
            return
        what, other = (
            (translate("SweepGuesses", "the version"), translate("SweepGuesses", "the key"))
            if alike[0] == alike[1]
            else (translate("SweepGuesses", "the key"), translate("SweepGuesses", "the version"))
        )
        ids = (both.odd.id, version.odd.id, key.odd.id)
        yield (
            translate(
                "SweepGuesses", "Probably it looks at {0} before {1}: with both wrong it answers as for {2}."
            ).format(what, other, what),
            ids,
        )


def _kind(probe: Probe) -> tuple[object, ...]:
    return probe.outcome, probe.status, probe.listed
