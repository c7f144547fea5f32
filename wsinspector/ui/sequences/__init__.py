"""The window's side of sequences and saved messages."""
