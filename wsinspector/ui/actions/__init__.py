"""Every action of the window: its name, its keys, where it works; and how widgets take their keys."""
