"""Meetings: what goes out by the clock. The planner and the forecast ask the same functions.

Two courses a meeting: those who have not answered are reminded some days before; those who come get time, place and
agenda once more the day before.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import steps
from models.calendar import Calendar
from models.deadline import office_calendar
from models.meeting.looking import find, invitations, invited_accounts
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import DEPUTY, EVE, NO, REMINDED_BEFORE, YES, reminder_times
from models.member import Person
from models.office import the_office
from models.outbox import NewLetter, post
from models.planned import Planned, held
from models.steps import Course, due_step

KIND = "meeting_reminder"
EVE_KIND = "meeting_eve"

Readers = Callable[[AsyncSession, Invitation, datetime], Awaitable[list[int]]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the two courses: the name of its letters, its instants before the meeting, who gets its letters."""

    name: str
    times: Callable[[Meeting, Sequence[int]], list[datetime]]
    readers: Readers


async def _silent(session: AsyncSession, invitation: Invitation, _step: datetime) -> list[int]:
    """Who has not answered; also whose deputy cannot come."""
    if invitation.answer is None or (invitation.answer == DEPUTY and invitation.deputy_answer == NO):
        return await invited_accounts(session, invitation)
    return []


async def _coming(session: AsyncSession, invitation: Invitation, step: datetime) -> list[int]:
    """Who comes and said so before this step: whoever says so later has just read it all."""
    if invitation.answer == YES and invitation.answered_at and invitation.answered_at < step:
        return await invited_accounts(session, invitation)
    if invitation.deputy_answer == YES and invitation.deputy_answered_at and invitation.deputy_answered_at < step:
        deputy = await session.get_one(Person, invitation.deputy_id)
        return [deputy.telegram_id] if deputy.telegram_id is not None else []
    return []


KINDS = (
    _Kind(KIND, lambda meeting, days: reminder_times(meeting.starts_at, days), _silent),
    _Kind(EVE_KIND, lambda meeting, _days: [meeting.starts_at - EVE], _coming),
)


def _course(kind: _Kind, meeting: Meeting, calendar: Calendar, days: Sequence[int], now: datetime) -> Course:
    """Its steps; one that would fall into quiet hours goes before them."""
    times = [calendar.last_allowed(at) for at in kind.times(meeting, days)]
    return Course(kind.name, meeting.number, meeting.invited_at or now, times)


async def reminder_days(session: AsyncSession) -> list[int]:
    """How many days before a meeting this office reminds those who have not answered."""
    return [int(one) for one in (await the_office(session)).settings.get("meeting_reminders", REMINDED_BEFORE)]


async def remind(session: AsyncSession, now: datetime) -> None:
    """Post what has come due: to those who have not answered, and on the eve to those who come."""
    invited = await _invited(session, now)
    if not invited:
        return
    calendar, days = await office_calendar(session), await reminder_days(session)
    for kind in KINDS:
        holds = await held(session, kind.name)
        for meeting in invited:
            step = due_step(_course(kind, meeting, calendar, days, now), calendar, holds, now)
            if step is not None:
                await _post_step(session, kind, meeting, step, now)


async def _post_step(session: AsyncSession, kind: _Kind, meeting: Meeting, step: datetime, now: datetime) -> None:
    """Post the letters of one step now; those that were posted before are not posted again."""
    for letter in await _letters(session, kind, meeting, step):
        await post(session, letter, now)


async def send_now(session: AsyncSession, planned: Planned, now: datetime) -> None:
    """Post a planned step now instead of at its time."""
    meeting, calendar = await find(session, planned.key.number, lock=True), await office_calendar(session)
    kind = next(one for one in KINDS if one.name == planned.key.kind)
    course = _course(kind, meeting, calendar, await reminder_days(session), now)
    for step in set(course.steps):
        if course.key(step) == planned.key:
            await _post_step(session, kind, meeting, step, now)


async def ahead(session: AsyncSession, now: datetime, until: datetime) -> list[Planned]:
    """What will go out by then if nobody answers any more."""
    calendar, days = await office_calendar(session), await reminder_days(session)
    found: list[Planned] = []
    for kind in KINDS:
        holds = await held(session, kind.name)
        for meeting in await _invited(session, now):
            course = _course(kind, meeting, calendar, days, now)
            letters = {step: await _letters(session, kind, meeting, step) for step in course.steps}
            found += await steps.ahead(session, course, holds, now, letters.__getitem__)
    return [one for one in found if one.readers and one.at <= until]


async def _invited(session: AsyncSession, now: datetime) -> Sequence[Meeting]:
    return list(
        await session.scalars(
            select(Meeting)
            .where(Meeting.invited_at.is_not(None), Meeting.status == "", Meeting.starts_at > now)
            .order_by(Meeting.starts_at, Meeting.number)
        )
    )


async def _letters(session: AsyncSession, kind: _Kind, meeting: Meeting, step: datetime) -> list[NewLetter]:
    return [
        NewLetter(
            f"{kind.name}:{invitation.id}:{meeting.moves}:{telegram_id}:{step.isoformat()}",
            kind.name,
            telegram_id,
            {"meeting": meeting.number, "invitation": invitation.id, "moves": meeting.moves},
        )
        for invitation in await invitations(session, meeting.number)
        for telegram_id in await kind.readers(session, invitation, step)
    ]
