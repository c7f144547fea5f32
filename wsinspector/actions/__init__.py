"""What can be done in the window, by id, with the key it has at first: a table that knows no window."""
