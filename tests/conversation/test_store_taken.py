"""A capture that another program has come to write: what is kept in it is not exchanged for an empty one."""

import subprocess
import sys
from pathlib import Path

from tests.ui.filing import capture
from wsinspector.capture import CaptureReader
from wsinspector.conversation.store import Store

HOLD = """
import sys
from pathlib import Path
from wsinspector.capture import CaptureWriter
writer = CaptureWriter.open(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
writer.close()
"""


def test_saving_leaves_a_file_that_another_program_writes_by_now(tmp_path: Path) -> None:
    path = capture(tmp_path / "a.wsi")
    store = Store(path, 1)
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        store.save("a title", {}, b"")
        assert (store.path, store.conversation_id, store.open_writer) == (path, 1, None)
        assert "a.wsi cannot be written" in store.trouble
        holder.communicate("")
    store.save("a title", {}, b"")
    assert (store.path, store.trouble) == (path, "")
    store.close()
    with CaptureReader(path) as reader:
        assert [row.title for row in reader.conversations()] == ["a title"]
        assert len(list(reader.attempts(1))) == 1
