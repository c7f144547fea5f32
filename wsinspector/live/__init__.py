"""Sockets: dial, listen, TLS, and bytes stamped with the time they came."""
