"""Meetings: what goes out by the clock. The planner and the forecast ask the same functions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.calendar import Calendar
from models.deadline import office_calendar
from models.meeting.acts import find, invitations, invited_accounts
from models.meeting.rows import Meeting
from models.meeting.rules import reminder_times
from models.outbox import NewLetter, post
from models.planned import Planned, Reader, held, key_of, posted
from models.steps import held_by_quiet, newest_step

KIND = "meeting_reminder"


def reminder_steps(meeting: Meeting, calendar: Calendar) -> list[datetime]:
    """When those who have not answered are reminded; a step that would fall into quiet hours goes before them."""
    return [calendar.last_allowed(at) for at in reminder_times(meeting.starts_at)]


async def remind(session: AsyncSession, now: datetime) -> None:
    """Post a reminder to those, and only those, who have not answered and whose step has come."""
    calendar, holds = await office_calendar(session), await held(session, KIND)
    for meeting in await _invited(session, now):
        step = newest_step(reminder_steps(meeting, calendar), meeting.invited_at or now, now)
        if step is None or held_by_quiet(calendar, step, now) or key_of(KIND, meeting.number, step) in holds:
            continue
        await post_step(session, meeting, step, now)


async def post_step(session: AsyncSession, meeting: Meeting, step: datetime, now: datetime) -> None:
    """Post the reminders of one step now; those that were posted before are not posted again."""
    for letter in await _letters(session, meeting, step):
        await post(session, letter, now)


async def send_now(session: AsyncSession, planned: Planned, now: datetime) -> None:
    """Post a planned step now instead of at its time."""
    meeting, calendar = await find(session, planned.key.number, lock=True), await office_calendar(session)
    for step in set(reminder_steps(meeting, calendar)):
        if key_of(KIND, meeting.number, step) == planned.key:
            await post_step(session, meeting, step, now)


async def ahead(session: AsyncSession, now: datetime, until: datetime) -> list[Planned]:
    """The reminders by then if nobody answers any more."""
    calendar, holds = await office_calendar(session), await held(session, KIND)
    found = []
    for meeting in await _invited(session, now):
        since, steps = meeting.invited_at or now, reminder_steps(meeting, calendar)
        newest = newest_step(steps, since, now)
        for step in sorted(set(steps)):
            key = key_of(KIND, meeting.number, step)
            if since < step <= until and (step > now or (step == newest and key in holds)):
                letters = await _letters(session, meeting, step)
                done = await posted(session, [letter.key for letter in letters])
                left = tuple(Reader(one.telegram_id, one.about) for one in letters if one.key not in done)
                found.append(Planned(key, step, left, held=key in holds))
    return [one for one in found if one.readers]


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
