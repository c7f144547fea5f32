"""Names of files that lead out of a sequence's folder: what it reads is to be known first."""

import re

from wsinspector.translate import translate


def points_outside(name: str) -> bool:
    """Whether a file's name leads out of the folder of the sequence, by what is written alone."""
    plain = name.replace("\\", "/")
    return plain.startswith(("/", "~")) or re.match("[A-Za-z]:", plain) is not None or _climbs(plain)


def _climbs(name: str) -> bool:
    depth = 0
    for part in name.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


def outside_text(name: str) -> str:
    """What is said of such a name where it is written."""
    text = translate("Sequence", "“{0}” leads out of the folder of the sequence: it is read only if allowed.")
    return text.format(name)
