"""The table of dialects, oldest first; adding one means adding a row here."""

from wsinspector.protocol.dialects.dialect import Dialect

RFC6455 = "rfc6455"

DIALECTS: tuple[Dialect, ...] = ()


def dialect_called(name: str) -> Dialect:
    """The dialect ``name``; KeyError for a name that is none."""
    return next(dialect for dialect in DIALECTS if dialect.name == name)


def spoken_for(request: bytes) -> str:
    """The name of the dialect that the bytes of a request propose."""
    del request
    return RFC6455
