"""Questions that follow the last one up: „und für B?" takes its context."""

import re

from models.search.words import fold

_BEGINS = re.compile(r"^\W*(?:und|auch|and|what about|was ist mit|wie ist es mit)\b", re.IGNORECASE)
_LETTER = re.compile(r"\b([A-Ma-m])\b")
_SHORT = 5  # words; a longer one stands by itself


def follow_up(before: str, text: str) -> str | None:
    """The question by itself, where it follows ``before`` up; None where it stands alone."""
    new, old = _LETTER.search(text), _LETTER.search(before)
    follows = _BEGINS.match(text) or len(fold(text).split()) == 1
    if not follows or len(text.split()) > _SHORT or new is None or old is None:
        return None
    return before[: old.start()] + new[1] + before[old.end() :]
