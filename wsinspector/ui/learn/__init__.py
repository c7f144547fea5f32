"""The page to read and learn from."""
