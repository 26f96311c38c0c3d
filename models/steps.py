"""Steps of reminding that are counted back from an instant: what votes and meetings have in common.

The planner asks ``due_step``, the forecast ``ahead``: both work on the same course, so that they cannot differ.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.calendar import Calendar
from models.heartbeat import GAP
from models.outbox import NewLetter
from models.planned import Planned, PlannedKey, Reader, key_of, posted


@dataclass(frozen=True, slots=True)
class Course:
    """The reminders of one vote or meeting. ``since``: what was announced then needs no step from before."""

    kind: str  # of its letters
    number: int
    since: datetime
    steps: Sequence[datetime]

    def key(self, step: datetime) -> PlannedKey:
        """The name of a step as a planned message."""
        return key_of(self.kind, self.number, step)


def newest_step(steps: Iterable[datetime], since: datetime, now: datetime) -> datetime | None:
    """The newest step that has come since something was announced; None where none has."""
    return max((step for step in steps if since < step <= now), default=None)


def held_by_quiet(calendar: Calendar, step: datetime, now: datetime) -> bool:
    """Whether a step that an outage held up has to wait now for the end of the quiet hours."""
    return now - step > GAP and calendar.quiet(now)


def due_step(course: Course, calendar: Calendar, holds: Collection[PlannedKey], now: datetime) -> datetime | None:
    """The step to be told now, unless it waits for the end of the quiet hours or a person has stopped it."""
    step = newest_step(course.steps, course.since, now)
    if step is None or held_by_quiet(calendar, step, now) or course.key(step) in holds:
        return None
    return step


async def ahead(
    session: AsyncSession,
    course: Course,
    holds: Collection[PlannedKey],
    now: datetime,
    letters_of: Callable[[datetime], list[NewLetter]],
) -> list[Planned]:
    """The steps that are to come, and the newest one that a person has stopped, each with those it still goes to."""
    newest = newest_step(course.steps, course.since, now)
    found = []
    for step in sorted(set(course.steps)):
        key = course.key(step)
        if course.since < step and (step > now or (step == newest and key in holds)):
            letters = letters_of(step)
            done = await posted(session, [letter.key for letter in letters])
            left = tuple(Reader(one.telegram_id, one.about) for one in letters if one.key not in done)
            found.append(Planned(key, step, left, held=key in holds))
    return found
