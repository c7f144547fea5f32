"""Start an installed or packaged program and see that its window connects to its lab.

``try_package.py COMMAND``: runs ``COMMAND lab``, opens ``COMMAND URL --connect``, waits until the
window's capture holds frames, ends both. Needs a display, or QT_QPA_PLATFORM=offscreen.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE = 60.0  # s


def frames_in(folder: Path) -> int:
    """How many frames the captures below ``folder`` hold."""
    total = 0
    for path in folder.rglob("*.wsi"):
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as file:
                total += file.execute("SELECT coalesce(sum(frames), 0) FROM block").fetchone()[0]
        except sqlite3.OperationalError:
            continue  # not made to its end yet
    return total


def main(command: str) -> int:
    """Return 0 when the window took frames from the lab and ended on SIGTERM with 0."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        with subprocess.Popen([command, "lab", "--json"], stdout=subprocess.PIPE, text=True) as lab:
            assert lab.stdout is not None
            scenarios = json.loads(lab.stdout.readline())["scenarios"]
            url = next(each["url"] for each in scenarios if each["path"] == "/chat")
            window = subprocess.Popen([command, url, "--connect"], env=environment)
            try:
                end = time.monotonic() + PATIENCE
                while not (seen := frames_in(Path(home))):
                    if window.poll() is not None or time.monotonic() > end:
                        print(f"no frame reached the window; it ended with {window.poll()}")
                        return 1
                    time.sleep(0.2)
                window.send_signal(signal.SIGTERM)
                code = window.wait(timeout=20)
            finally:
                if window.poll() is None:
                    window.kill()
                lab.terminate()
    print(f"the window opened a connection to the lab and took {seen} frames; it ended with {code}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
