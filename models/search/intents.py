"""Is a date to come asked for? Deadlines and meetings are answered from tables, never from prose.

The cues stand in ``intents.toml``.
"""

import re
import tomllib
from pathlib import Path
from typing import Literal

from models.search.slots import areas, kinds
from models.search.values import SmallTalk
from models.search.words import distance, remembered, words

Intent = Literal["deadline", "meeting"]

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


# Whoever names one of these after a greeting or thanks wants something.
_MATTERS = frozenset(_DATA["matters"])
# What has been, and what is on paper, is for the sources.
_FIRST = re.compile(r"konstituierend|gegruendet|\bletzte[rnms]? (rak )?(sitzung|treffen|mal)\b|protokoll|niederschrift")


def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_DATA[name]))


_DUE, _UNTIL, _WHEN, _MUST = _any("due"), _any("until"), _any("when"), _any("must")
_EXPIRES, _OPEN_CALLS = _any("expires"), _any("open_calls")
_AHEAD, _STILL = _any("ahead"), _any("still")
_VALIDITY, _PAST = _any("validity"), _any("past")
_TODAY = _any("today")
_THANKS, _GREETING = _any("thanks_said"), _any("greeting_said")
_MEETING, _NEXT, _SURELY = _any("meeting"), _any("next"), _any("meeting_sure")


def intent(question: str) -> Intent | None:
    """Which table is asked; None for a question to the sources. ``question`` is folded, words set apart by blanks."""
    if _asks_deadline(question):
        return "deadline"
    return "meeting" if _asks_meeting(question) else None


def small_talk(text: str) -> SmallTalk | None:
    """A greeting, thanks or a question to the bot itself, with nothing else in the message."""
    said = " ".join(words(text))
    if not said or any(word in _MATTERS for word in said.split()):
        return None
    if _THANKS.fullmatch(said):
        return SmallTalk("thanks")
    return SmallTalk("greeting") if _GREETING.fullmatch(said) else None


def _asks_meeting(question: str) -> bool:
    if _SURELY.search(question):
        return not _FIRST.search(question)
    return bool(_MEETING.search(question) and _NEXT.search(question)) and not _PAST.search(question)


def _asks_deadline(question: str) -> bool:
    papers = kinds(question)
    past = _PAST.search(question) is not None and not _MUST.search(question)
    if any(cue.search(question) for cue in (_DUE, _TODAY, _AHEAD)) or _is_mistyped(question):
        return True
    if _STILL.search(question) and areas(question):
        return True
    if _UNTIL.search(question):
        return bool(papers) or not (_VALIDITY.search(question) or past)
    if past:
        return False
    if _WHEN.search(question):
        begins_or_ends = bool(areas(question)) and _EXPIRES.search(question) is not None
        return bool(papers) or begins_or_ends or _MUST.search(question) is not None
    return "Aufruf" in papers and _OPEN_CALLS.search(question) is not None


def _is_mistyped(question: str) -> bool:
    return any(map(_is_slip, question.split()))


@remembered
def _is_slip(word: str) -> bool:
    return word not in _DATA["no_typos"] and any(distance(word, cue, 1) <= 1 for cue in _DATA["typed"])
