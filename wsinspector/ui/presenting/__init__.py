"""Presentation mode, and Step: what a person shows others, one thing at a time."""
