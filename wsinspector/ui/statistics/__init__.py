"""The figures of an attempt, drawn and in tables."""
