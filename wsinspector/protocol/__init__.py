"""The WebSocket protocol as bytes in, values out: no I/O, no clock, no randomness."""
