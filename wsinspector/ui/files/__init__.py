"""Files in the window: opening, copies, exports, and what is said of them in place."""
