"""Two payloads compared: by lines, by paths of JSON, byte by byte; each under a budget."""
