"""How a row of the registry is written."""

Row = tuple[str, str, str, str, str, str]
"""Id, text, keys with commas between, scope, why it is fixed, the action whose key it takes on purpose."""


def row(name: str, text: str, keys: str, scope: str, fixed: str = "", over: str = "") -> Row:
    return name, text, keys, scope, fixed, over
