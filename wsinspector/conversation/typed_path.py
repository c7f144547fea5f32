"""A path as a person types it, without an error for any text."""

import os
from pathlib import Path


def typed_path(text: str) -> Path:
    """``text`` with a leading ``~`` or ``~name`` as that person's home, where there is one; else as it is.

    Whether a disk can have such a path is told where it is opened.
    """
    try:
        return Path(os.path.expanduser(text))
    except ValueError:  # a null character behind the ~
        return Path(text)


__all__ = ["typed_path"]
