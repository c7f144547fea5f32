"""Payload views: what a payload says in the terms of its format, one file a format, without Qt."""
