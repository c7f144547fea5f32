"""The one finder of files in resources/, in a checkout and in an installed wheel."""

from pathlib import Path

_PACKAGED = Path(__file__).parent / "data"
_CHECKOUT = Path(__file__).parent.parent.parent / "resources"


def root() -> Path:
    """The folder that holds the resources: the wheel's copy, else the checkout's."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def find(*parts: str) -> Path:
    """Return the path of a resource; raise FileNotFoundError where it does not exist."""
    path = root().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"resource not found: {'/'.join(parts)}")
    return path
