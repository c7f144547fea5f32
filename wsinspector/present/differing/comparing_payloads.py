"""Compare two payloads in the kind that was asked for or that fits."""

from wsinspector.present.differing.by_bytes import compare_bytes
from wsinspector.present.differing.by_path import compare_json
from wsinspector.present.differing.by_text import compare_text
from wsinspector.present.differing.compared import Compared, Kind, Limits, Side, fitting

_BY_KIND = {Kind.JSON: compare_json, Kind.TEXT: compare_text, Kind.BYTES: compare_bytes}


def compare(left: Side, right: Side, kind: Kind | None = None, limits: Limits | None = None) -> Compared:
    """What differs; ``kind`` None for the one that says most. Not for the UI thread."""
    return _BY_KIND[kind or fitting(left, right)](left, right, limits or Limits())
