"""The methods of the Bot API, by subject."""

from demo.telegram.methods import chats, edits, media, messages, profile, updates
from demo.telegram.methods.registry import METHODS

__all__ = ["METHODS", "chats", "edits", "media", "messages", "profile", "updates"]
