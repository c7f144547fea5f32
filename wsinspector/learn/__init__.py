"""Facts and texts that teach the protocol, without knowing how they are shown."""
