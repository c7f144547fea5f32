"""A program that keeps conversations under the first free names of a folder, as others do beside it.

``naming FOLDER COUNT``: names them and says "named", waits for a line, makes the files all at once, prints
where each is kept and what went wrong, and holds them until its input ends.
"""

import json
import sys
from pathlib import Path

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine


def free(folder: Path, own: set[Path]) -> Path:
    """The first name that nothing has."""
    number = 1
    while (path := folder / f"{number}.wsi").exists() or path in own:
        number += 1
    own.add(path)
    return path


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    engine, own = Engine().start(), set[Path]()
    made = [
        Conversation(engine, free(folder, own), another=lambda _: free(folder, own)) for _ in range(count)
    ]
    sys.stdout.write("named\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for conversation in made:
        conversation.save()
    told = [[str(each.capture_path), each.store_trouble, each.named_only] for each in made]
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    for conversation in made:
        conversation.close()
    engine.stop()


if __name__ == "__main__":
    main()
