"""Read the command line and run what it names."""


def main(argv: list[str]) -> int:
    """Run ``argv``; return the exit code."""
    raise NotImplementedError(argv)
