"""Run by the system's Python: what a screen reader finds of the window, as JSON, and one thing done by it.

The window is used through AT-SPI alone: the address is typed by its text interface and Connect is pressed
by its action, as a switch or a voice would.
"""

import json
import sys
import time

import pyatspi

PATIENCE = 60.0
MOST = 20_000


def until(find, what):
    """What ``find()`` returns once it is something; asked again while the window comes up."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            found = find()
        except Exception:  # a part went away while it was looked at
            found = None
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f"not found in {PATIENCE} s: {what}")


def children(node):
    for at in range(min(node.childCount, 300)):
        try:
            child = node.getChildAtIndex(at)
        except Exception:
            continue
        if child is not None:
            yield child


def walk(node, limit=MOST):
    waiting, seen = [node], 0
    while waiting and seen < limit:
        each = waiting.pop(0)
        seen += 1
        yield each
        waiting.extend(children(each))


def program():
    desktop = pyatspi.Registry.getDesktop(0)
    return next((each for each in children(desktop) if each.name == "wsinspector"), None)


def shown(node):
    states = node.getState()
    return states.contains(pyatspi.STATE_SHOWING) and states.contains(pyatspi.STATE_VISIBLE)


def named(root, role, part):
    for each in walk(root):
        if each.getRoleName() == role and part in each.name and shown(each):
            return each
    return None


def told(root):
    found = []
    for each in walk(root):
        if not shown(each):
            continue
        states = each.getState()
        found.append(
            {
                "role": each.getRoleName(),
                "name": each.name,
                "description": each.description,
                "focusable": states.contains(pyatspi.STATE_FOCUSABLE),
                "focused": states.contains(pyatspi.STATE_FOCUSED),
            }
        )
    return found


def press(node):
    action = node.queryAction()
    names = [action.getName(at).lower() for at in range(action.nActions)]
    action.doAction(next(at for at, name in enumerate(names) if name in ("press", "click")))


def main(url):
    window = until(program, "the program")
    before = told(window)
    field = until(lambda: named(window, "text", "Address"), "the address")
    field.queryEditableText().setTextContents(url)
    until(lambda: named(window, "text", "Address").queryText().getText(0, -1).endswith(url[-6:]), "the text")
    press(until(lambda: named(window, "push button", "Connect"), "Connect"))
    until(lambda: named(window, "label", "Open."), "the answer line")
    sys.stdout.write(json.dumps({"before": before, "after": told(window)}) + "\n")


main(sys.argv[1])
