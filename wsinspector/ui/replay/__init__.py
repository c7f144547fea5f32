"""Replaying in the window: what is asked, how it runs, and the answers then and now."""
