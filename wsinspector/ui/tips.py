"""Tooltips that show markup where Qt would obey it."""

import html


def plain_tip(text: str) -> str:
    """``text`` for a tooltip: markup in it is shown, not obeyed."""
    if "<" not in text and "&lt;" not in text:
        return text  # Qt looks for these two
    return f"<qt>{html.escape(text)}</qt>".replace("\n", "<br>")
