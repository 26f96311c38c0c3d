"""What is due → letters in the outbox. Each subject is planned in a transaction of its own; a tick may come twice."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import deadline, heartbeat, inbox
from models.ballot import acts as ballots
from models.base import Database, close_the_gate
from models.meeting import acts as meetings
from models.outbox import NewLetter, post


async def plan(database: Database, now: datetime) -> None:
    """Open and close votes, remind of votes, meetings and deadlines, forget what no redelivery can bring again."""
    async with database.begin() as session:
        await close_the_gate(session)
        await ballots.open_due(session, now)
        await ballots.close_due(session, now)
    for act in (heartbeat.note, ballots.remind, meetings.remind, remind_of_deadlines, inbox.forget_old):
        async with database.begin() as session:
            await act(session, now)


async def remind_of_deadlines(session: AsyncSession, now: datetime) -> None:
    """One letter a person and morning, which gathers all steps that are due."""
    calendar = await deadline.office_calendar(session)
    for reminder in await deadline.due_reminders(session, now):
        key = deadline.reminder_key(reminder, now, calendar)
        letter = await post(session, NewLetter(key, "reminder", reminder.telegram_id), now)
        if letter is not None:
            await deadline.record_steps(session, reminder, letter, now)
