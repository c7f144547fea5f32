"""The Inspect page: one conversation side by side."""
