"""A request as a command or a program that other tools understand, and what they cannot say of it."""

from wsinspector.share.copying_as.kinds import KINDS, CopiedAs, Kind, copied_as

__all__ = ["KINDS", "CopiedAs", "Kind", "copied_as"]
