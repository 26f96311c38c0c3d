"""Meetings: what goes out by the clock. The planner and the forecast ask the same functions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import steps
from models.calendar import Calendar
from models.deadline import office_calendar
from models.meeting.acts import find, invitations, invited_accounts
from models.meeting.rows import Meeting
from models.meeting.rules import reminder_times
from models.outbox import NewLetter, post
from models.planned import Planned, held
from models.steps import Course, due_step

KIND = "meeting_reminder"


def _course(meeting: Meeting, calendar: Calendar, now: datetime) -> Course:
    """Its reminders; a step that would fall into quiet hours goes before them."""
    steps = [calendar.last_allowed(at) for at in reminder_times(meeting.starts_at)]
    return Course(KIND, meeting.number, meeting.invited_at or now, steps)


async def remind(session: AsyncSession, now: datetime) -> None:
    """Post a reminder to those, and only those, who have not answered and whose step has come."""
    calendar, holds = await office_calendar(session), await held(session, KIND)
    for meeting in await _invited(session, now):
        step = due_step(_course(meeting, calendar, now), calendar, holds, now)
        if step is not None:
            await post_step(session, meeting, step, now)


async def post_step(session: AsyncSession, meeting: Meeting, step: datetime, now: datetime) -> None:
    """Post the reminders of one step now; those that were posted before are not posted again."""
    for letter in await _letters(session, meeting, step):
        await post(session, letter, now)


async def send_now(session: AsyncSession, planned: Planned, now: datetime) -> None:
    """Post a planned step now instead of at its time."""
    meeting, calendar = await find(session, planned.key.number, lock=True), await office_calendar(session)
    course = _course(meeting, calendar, now)
    for step in set(course.steps):
        if course.key(step) == planned.key:
            await post_step(session, meeting, step, now)


async def ahead(session: AsyncSession, now: datetime, until: datetime) -> list[Planned]:
    """The reminders by then if nobody answers any more."""
    calendar, holds = await office_calendar(session), await held(session, KIND)
    found: list[Planned] = []
    for meeting in await _invited(session, now):
        course = _course(meeting, calendar, now)
        letters = {step: await _letters(session, meeting, step) for step in course.steps}
        found += await steps.ahead(session, course, holds, now, letters.__getitem__)
    return [one for one in found if one.readers and one.at <= until]


async def _invited(session: AsyncSession, now: datetime) -> Sequence[Meeting]:
    return list(
        await session.scalars(
            select(Meeting)
            .where(Meeting.invited_at.is_not(None), Meeting.status == "", Meeting.starts_at > now)
            .order_by(Meeting.number)
        )
    )


async def _letters(session: AsyncSession, meeting: Meeting, step: datetime) -> list[NewLetter]:
    return [
        NewLetter(
            f"{KIND}:{invitation.id}:{meeting.revision}:{telegram_id}:{step.isoformat()}",
            KIND,
            telegram_id,
            {"meeting": meeting.number, "invitation": invitation.id},
        )
        for invitation in await invitations(session, meeting.number)
        if invitation.answer is None
        for telegram_id in await invited_accounts(session, invitation)
    ]
