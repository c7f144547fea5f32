"""Write constraints.txt: the exact versions of this environment, the project itself left out."""

import importlib.metadata
import pathlib

HEADER = (
    "# The versions this was last tested with. `make lock` writes it from the environment;\n"
    "# pyproject.toml says which ranges are allowed and why.\n"
)


def main() -> None:
    """Write the file beside pyproject.toml."""
    pinned = {
        dist.metadata["Name"].lower().replace("_", "-"): dist.version
        for dist in importlib.metadata.distributions()
    }
    for name in ("wsinspector", "pip", "setuptools"):
        pinned.pop(name, None)
    lines = [f"{name}=={version}\n" for name, version in sorted(pinned.items())]
    target = pathlib.Path(__file__).parent.parent / "constraints.txt"
    target.write_text(HEADER + "".join(lines))


if __name__ == "__main__":
    main()
