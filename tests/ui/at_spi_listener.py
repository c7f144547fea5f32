"""Run by the system's Python: starts a window and notes, as JSON, what a screen reader is told to say of it.

It ends once the last of the given texts was said.
"""

import json
import subprocess
import sys

import pyatspi
from gi.repository import GLib

PATIENCE = 90


def main(last, command):
    said = []

    def heard(event):
        said.append(str(event.any_data))
        if last in said[-1]:
            pyatspi.Registry.stop()

    pyatspi.Registry.registerEventListener(heard, "object:announcement")
    window = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    GLib.timeout_add_seconds(PATIENCE, pyatspi.Registry.stop)
    pyatspi.Registry.start()
    window.terminate()
    window.wait()
    sys.stdout.write(json.dumps(said) + "\n")


main(sys.argv[1], sys.argv[2:])
