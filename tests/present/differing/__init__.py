"""Tests of comparing two payloads."""
