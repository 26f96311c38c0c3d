"""What is due → letters in the outbox. Each subject is planned in a transaction of its own; a tick may come twice."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import deadline, heartbeat, inbox, weekly, wish
from models.ballot import acts as ballots
from models.ballot import reminding as ballot_reminders
from models.base import Database, close_the_gate
from models.meeting import reminding as meeting_reminders
from models.outbox import NewLetter, post

log = logging.getLogger("scheduler.planner")

Act = Callable[[AsyncSession, datetime], Awaitable[object]]


async def plan(database: Database, now: datetime) -> None:
    """Open and close votes, remind of votes, meetings and deadlines, forget what no redelivery can bring again."""
    for act in ACTS:
        try:
            async with database.begin() as session:
                await act(session, now)
        except Exception:
            # A vote that cannot be closed must not keep a deadline's reminder from going out.
            log.exception("Planning (%s) failed; the next tick tries again.", act.__name__)


async def open_and_close_votes(session: AsyncSession, now: datetime) -> None:
    """Open what was to open; close what has ended, once every update received before it is worked off."""
    await close_the_gate(session)
    await ballots.open_due(session, now)
    await ballots.close_due(session, now)


async def remind_of_deadlines(session: AsyncSession, now: datetime) -> None:
    """One letter a person and morning, which gathers all steps that are due."""
    calendar = await deadline.office_calendar(session)
    for reminder in await deadline.due_reminders(session, now):
        key = deadline.reminder_key(reminder, now, calendar)
        letter = await post(session, NewLetter(key, "reminder", reminder.telegram_id), now)
        if letter is not None:
            await deadline.record_steps(session, reminder, letter, now)


ACTS: tuple[Act, ...] = (
    open_and_close_votes,
    heartbeat.note,
    ballot_reminders.remind,
    meeting_reminders.remind,
    remind_of_deadlines,
    weekly.tell_staff,
    wish.tell_of_deadlines,
    inbox.forget_old,
)
