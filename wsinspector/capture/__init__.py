"""The capture file: every byte that travelled, its direction and its time."""
