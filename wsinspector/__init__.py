"""An inspector for WebSocket opening handshakes and frames."""

__version__ = "0.1.0"
