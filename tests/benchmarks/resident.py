"""How much memory this process has resident, read from the kernel."""

import resource


def resident() -> int:
    """Bytes resident now."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()
