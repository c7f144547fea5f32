"""Whatever the window can do or show, found by typing some of its letters."""
