"""A reader may be closed while another of its threads is in the midst of a query."""

import os
import threading
from pathlib import Path

from wsinspector.capture import CaptureReader, CaptureWriter

LONG = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 1500000) SELECT x, hex(x) FROM c"


def open_files(path: Path) -> int:
    """How many descriptors this process has of ``path``."""
    found = 0
    for each in Path("/proc/self/fd").iterdir():
        try:
            found += os.readlink(each) == str(path)
        except OSError:
            continue
    return found


def test_a_query_that_runs_is_answered_before_its_connection_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    CaptureWriter.create(path).close()
    reader = CaptureReader(path)
    running, rows = threading.Event(), []

    def read() -> None:
        connection = reader.connection()
        connection.set_progress_handler(running.set, 1000)
        rows.append(len(connection.execute(LONG).fetchall()))

    thread = threading.Thread(target=read)
    thread.start()
    assert running.wait(60)
    reader.close()
    thread.join()
    assert rows == [1_500_000]
    assert open_files(path) == 0


def test_the_connection_of_a_thread_that_rests_is_closed_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    CaptureWriter.create(path).close()
    reader = CaptureReader(path)
    read, end = threading.Event(), threading.Event()

    def rest() -> None:
        assert reader.conversation_count() == 0
        read.set()
        assert end.wait(60)

    thread = threading.Thread(target=rest)
    thread.start()
    assert read.wait(60)
    assert open_files(path) > 0
    reader.close()
    assert open_files(path) == 0
    end.set()
    thread.join()
