"""The same engine and conversations that the conversation's own tests have."""

from tests.conversation.conftest import engine, tabs

__all__ = ["engine", "tabs"]
