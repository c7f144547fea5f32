"""A picture as such, where it is of a kind that can be decoded and not too large to be tried."""

from wsinspector.present.numbers import count
from wsinspector.present.pictures import NAMES, measured
from wsinspector.present.views.contents import Budget, Image, Sample, Shown, Source
from wsinspector.translate import translate

MOST_BYTES = 16 << 20
MOST_PIXELS = 1 << 24
"""64 MiB once decoded, whatever the picture claims to be."""


class Pictures:
    """Told by the first bytes, never by a name; who shows it decodes it, under the same limits."""

    id = "image"
    reaches_all = True

    @property
    def name(self) -> str:
        return translate("Views", "Image")

    def fits(self, sample: Sample) -> int:
        found = measured(sample.data)
        if found is None or sample.text:
            return 0
        known = found.width and found.height
        return 90 if known and sample.total <= MOST_BYTES else 40

    def show(self, source: Source, budget: Budget) -> Shown | None:
        found = measured(source.data)
        if found is None:
            return None
        said = NAMES[found.kind]
        if found.width and found.height:
            size = translate("Views", "{width} × {height} pixels")
            said += ", " + size.format(width=count(found.width), height=count(found.height))
        why = ""
        pages = source.whole
        if pages.length() > MOST_BYTES:
            why = translate("Views", "over {count} bytes, so it is not decoded")
            why = why.format(count=count(MOST_BYTES))
        elif found.width * found.height > MOST_PIXELS:
            why = translate("Views", "over {count} pixels, so it is not decoded")
            why = why.format(count=count(MOST_PIXELS))
        elif pages.length() < source.total:
            why = translate("Views", "only its beginning was read")
        note = ", ".join(part for part in (said, why) if part)
        return Image("" if why else found.kind, found.width, found.height, pages, note)
