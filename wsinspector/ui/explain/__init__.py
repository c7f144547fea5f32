"""Explain mode and F1: every part of a conversation, and of the window, told in words."""
