"""The Library page: what was done, found again."""
