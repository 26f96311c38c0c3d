"""Votes: reminding those who have not voted, and nobody else."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.handover import in_charge
from models.ballot.looking import silent_mandates
from models.ballot.rows import Extension, Vote
from models.ballot.rules import reminders
from models.deadline import office_calendar
from models.outbox import NewLetter, post
from models.steps import held_by_quiet, newest_step


async def remind(session: AsyncSession, now: datetime) -> None:
    """Post a reminder for each mandate whose ballot is missing or half filled in, once its step has come."""
    calendar = await office_calendar(session)
    put_off = select(func.max(Extension.made_at)).where(Extension.vote_number == Vote.number).scalar_subquery()
    running = await session.execute(
        select(Vote, put_off).where(
            Vote.opened_at.is_not(None),
            Vote.closed_at.is_(None),
            Vote.cancelled_at.is_(None),
            Vote.closes_at > now,
        )
    )
    for vote, put_off_at in running.all():
        # A step that would fall into quiet hours goes before them.
        steps = [calendar.last_allowed(at) for at in reminders(vote.opens_at, vote.closes_at)]
        # Whoever was told just now that it stays open longer need not be reminded in the same breath.
        step = newest_step(steps, put_off_at or vote.opened_at or now, now)
        if step is None or held_by_quiet(calendar, step, now):
            continue
        silent = [one.mandate_id for one in await silent_mandates(session, vote)]
        for mandate_id, telegram_id in await in_charge(session, silent, vote.number, now):
            key = f"vote_reminder:{vote.number}:{mandate_id}:{telegram_id}:{step.isoformat()}"
            about = {"vote": vote.number, "mandate": mandate_id}
            await post(session, NewLetter(key, "vote_reminder", telegram_id, about), now)
