"""Votes: what goes out by the clock. The planner and the forecast ask the same functions."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import steps
from models.ballot.acting import in_charge
from models.ballot.closing import result_goes_at
from models.ballot.looking import find, readers_of_news, seats_in, silent_mandates
from models.ballot.rows import Extension, Vote
from models.ballot.rules import reminders
from models.calendar import Calendar
from models.deadline import office_calendar
from models.outbox import NewLetter, post
from models.planned import Planned, Reader, held, key_of
from models.steps import Course, due_step

KIND = "vote_reminder"
Seat = tuple[int, int]  # a mandate, and the account that acts for it


def _course(vote: Vote, calendar: Calendar, put_off_at: datetime | None) -> Course:
    """Its reminders; a step that would fall into quiet hours goes before them."""
    steps = [calendar.last_allowed(at) for at in reminders(vote.opens_at, vote.closes_at)]
    # Whoever was told just now that it stays open longer need not be reminded in the same breath.
    return Course(KIND, vote.number, put_off_at or vote.opened_at or vote.opens_at, steps)


async def remind(session: AsyncSession, now: datetime) -> None:
    """Post a reminder for each mandate whose ballot is missing, and no other, once its step has come."""
    calendar, holds = await office_calendar(session), await held(session, KIND)
    for vote, put_off_at in await _unclosed(session):
        if vote.opened_at is None or vote.closes_at <= now:
            continue
        step = due_step(_course(vote, calendar, put_off_at), calendar, holds, now)
        if step is not None:
            await post_step(session, vote, step, now)


async def post_step(session: AsyncSession, vote: Vote, step: datetime, now: datetime) -> None:
    """Post the reminders of one step now; those that were posted before are not posted again."""
    for letter in _letters(vote, await _silent(session, vote, now), step):
        await post(session, letter, now)


async def send_now(session: AsyncSession, planned: Planned, now: datetime) -> None:
    """Post a planned step now instead of at its time."""
    vote, calendar = await find(session, planned.key.number, lock=True), await office_calendar(session)
    course = _course(vote, calendar, None)
    for step in set(course.steps):
        if course.key(step) == planned.key:
            await post_step(session, vote, step, now)


async def ahead(session: AsyncSession, now: datetime, until: datetime) -> list[Planned]:
    """What votes will send by then if nobody votes any more: calls, reminders, results."""
    calendar, holds = await office_calendar(session), await held(session, KIND)
    found: list[Planned] = []
    for vote, put_off_at in await _unclosed(session):
        seats = await _silent(session, vote, now)
        if vote.opened_at is None:
            found.append(
                Planned(key_of("vote", vote.number, vote.opens_at), vote.opens_at, _readers(vote, seats), fixed=True)
            )
        course = _course(vote, calendar, put_off_at)
        found += await steps.ahead(session, course, holds, now, partial(_letters, vote, seats))
        told = await readers_of_news(session, vote, await seats_in(session, vote), None)
        readers = tuple(Reader(one, {"vote": vote.number}) for one in told)
        goes_at = result_goes_at(vote, calendar, vote.closes_at)
        found.append(Planned(key_of("result", vote.number, vote.closes_at), goes_at, readers, fixed=True))
    return [one for one in found if one.readers and one.at <= until]


async def _unclosed(session: AsyncSession) -> Sequence[tuple[Vote, datetime | None]]:
    """The votes that have not ended, each with when it was last put off."""
    put_off = select(func.max(Extension.made_at)).where(Extension.vote_number == Vote.number).scalar_subquery()
    rows = await session.execute(
        select(Vote, put_off).where(Vote.closed_at.is_(None), Vote.cancelled_at.is_(None)).order_by(Vote.number)
    )
    return [(vote, put_off_at) for vote, put_off_at in rows]


async def _silent(session: AsyncSession, vote: Vote, now: datetime) -> list[Seat]:
    """(mandate, account) of who acts where the ballot is missing or half filled in; before the opening, everywhere."""
    if vote.opened_at is None:
        seats = await seats_in(session, vote)
    else:
        seats = [one.mandate_id for one in await silent_mandates(session, vote)]
    return await in_charge(session, seats, vote.number, now)


def _readers(vote: Vote, seats: Sequence[Seat]) -> tuple[Reader, ...]:
    return tuple(Reader(account, {"vote": vote.number, "mandate": mandate}) for mandate, account in seats)


def _letters(vote: Vote, seats: Sequence[Seat], step: datetime) -> list[NewLetter]:
    return [
        NewLetter(
            f"{KIND}:{vote.number}:{mandate_id}:{telegram_id}:{step.isoformat()}",
            KIND,
            telegram_id,
            {"vote": vote.number, "mandate": mandate_id},
        )
        for mandate_id, telegram_id in seats
    ]
