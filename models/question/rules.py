"""What is decided about questions: when two are the same, how long things hold, and what has changed in a source."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from models.calendar import Calendar
from models.search.words import stem, words

CORRECTABLE = timedelta(minutes=10)  # the office's answer, by editing it
CONTEXT = timedelta(minutes=10)  # a question, for the one that follows it up
CHASED_AFTER = 2  # working days without an answer
KEPT_MONTHS = 12  # question texts, and an answer in the knowledge base
# Questions put before the office within a day: by one account that is on no list, by one that is, and by all together
# before those of strangers wait without a letter of their own.
A_DAY = timedelta(days=1)
MOST, MOST_LISTED, MOST_OF_ALL = 5, 20, 40
_MONTHS = 12

# What may be said or left out without asking for anything else. No question words, no negations, nobody's person.
_SMALL_TALK = (
    "aber also auch bitte da dann danke das dem den denn der des die doch eben eigentlich ein eine einem einen einer "
    "eines es genau gern gerne hallo halt hi hier ist ja mal moin nun so und wohl a an and hello is please the"
)
_SAID_OR_NOT = frozenset(_SMALL_TALK.split())


def same_question(left: str, right: str) -> bool:
    """Whether two questions ask for the same: the same words but for inflection, order and small talk."""
    ours, theirs = _gist(left), _gist(right)
    return bool(ours) and ours == theirs


def _gist(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if word not in _SAID_OR_NOT)


def chased_at(handed_at: datetime, calendar: Calendar) -> datetime:
    """When the asker hears that the question still lies there: two working days later, not in quiet hours."""
    return calendar.next_allowed(due_by(handed_at, calendar))


def due_by(handed_at: datetime, calendar: Calendar) -> datetime:
    """Two working days later, at the same clock time: by then an answer came soon."""
    local = calendar.local(handed_at)
    return calendar.at(calendar.working_days_after(local.date(), CHASED_AFTER), local.time())


def month_before(day: date, months: int = KEPT_MONTHS) -> date:
    """The same day so many months ago; the month's last where it has no such day."""
    return _month(day, -months)


def month_after(day: date, months: int = KEPT_MONTHS) -> date:
    """The same day in so many months; the month's last where it has no such day."""
    return _month(day, months)


def _month(day: date, months: int) -> date:
    count = day.year * _MONTHS + day.month - 1 + months
    first = date(count // _MONTHS, count % _MONTHS + 1, 1)
    following = date((count + 1) // _MONTHS, (count + 1) % _MONTHS + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def still_says(passage: str, edition: Iterable[str]) -> bool:
    """Whether an edition's passages still hold a passage's text, however they are cut and wrapped."""
    return _run_together(passage) in _run_together("\n".join(edition))


def _run_together(text: str) -> str:
    return " ".join(text.split())
