"""Votes: what goes out by the clock. The planner and the forecast ask the same functions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import staff_accounts
from models.ballot.entering import mandates_of
from models.ballot.handover import in_charge
from models.ballot.looking import find, silent_mandates, told_of
from models.ballot.rows import Extension, Vote
from models.ballot.rules import reminders
from models.calendar import Calendar
from models.deadline import office_calendar
from models.outbox import NewLetter, post
from models.planned import Planned, Reader, held, key_of, posted
from models.steps import held_by_quiet, newest_step

KIND = "vote_reminder"


def reminder_steps(vote: Vote, calendar: Calendar) -> list[datetime]:
    """When those who have not voted are reminded; a step that would fall into quiet hours goes before them."""
    return [calendar.last_allowed(at) for at in reminders(vote.opens_at, vote.closes_at)]


async def remind(session: AsyncSession, now: datetime) -> None:
    """Post a reminder for each mandate whose ballot is missing, and no other, once its step has come."""
    calendar, holds, put_off = await office_calendar(session), await held(session, KIND), await _put_off(session)
    for vote in await _running(session, now):
        # Whoever was told just now that it stays open longer need not be reminded in the same breath.
        step = newest_step(reminder_steps(vote, calendar), put_off.get(vote.number) or vote.opened_at or now, now)
        if step is None or held_by_quiet(calendar, step, now) or key_of(KIND, vote.number, step) in holds:
            continue
        await post_step(session, vote, step, now)


async def post_step(session: AsyncSession, vote: Vote, step: datetime, now: datetime) -> None:
    """Post the reminders of one step now; those that were posted before are not posted again."""
    for letter in _letters(vote, await _silent(session, vote, now), step):
        await post(session, letter, now)


async def send_now(session: AsyncSession, planned: Planned, now: datetime) -> None:
    """Post a planned step now instead of at its time."""
    vote, calendar = await find(session, planned.key.number, lock=True), await office_calendar(session)
    for step in set(reminder_steps(vote, calendar)):
        if key_of(KIND, vote.number, step) == planned.key:
            await post_step(session, vote, step, now)


async def ahead(session: AsyncSession, now: datetime, until: datetime) -> list[Planned]:
    """What votes will send by then if nobody votes any more: calls, reminders, results."""
    calendar, holds, put_off = await office_calendar(session), await held(session, KIND), await _put_off(session)
    found: list[Planned] = []
    for vote in await _unclosed(session):
        seats = await _silent(session, vote, now)
        if vote.opened_at is None:
            found.append(
                Planned(key_of("vote", vote.number, vote.opens_at), vote.opens_at, _readers(vote, seats), fixed=True)
            )
        since = put_off.get(vote.number) or vote.opened_at or vote.opens_at
        steps = reminder_steps(vote, calendar)
        newest = newest_step(steps, since, now)
        for step in sorted(set(steps)):
            key = key_of(KIND, vote.number, step)
            if since < step < vote.closes_at and (step > now or (step == newest and key in holds)):
                letters = _letters(vote, seats, step)
                done = await posted(session, [letter.key for letter in letters])
                left = tuple(Reader(one.telegram_id, one.about) for one in letters if one.key not in done)
                found.append(Planned(key, step, left, held=key in holds))
        told = await _told_of_result(session, vote)
        found.append(Planned(key_of("result", vote.number, vote.closes_at), vote.closes_at, told, fixed=True))
    return [one for one in found if one.readers and one.at <= until]


async def _put_off(session: AsyncSession) -> dict[int, datetime]:
    """When each vote was last put off."""
    rows = await session.execute(
        select(Extension.vote_number, func.max(Extension.made_at)).group_by(Extension.vote_number)
    )
    return {number: at for number, at in rows}  # noqa: C416 - a Row is no pair


async def _running(session: AsyncSession, now: datetime) -> Sequence[Vote]:
    return [one for one in await _unclosed(session) if one.opened_at is not None and one.closes_at > now]


async def _unclosed(session: AsyncSession) -> Sequence[Vote]:
    return list(
        await session.scalars(
            select(Vote).where(Vote.closed_at.is_(None), Vote.cancelled_at.is_(None)).order_by(Vote.number)
        )
    )


async def _silent(session: AsyncSession, vote: Vote, now: datetime) -> list[tuple[int, int]]:
    """(mandate, account) of who acts where the ballot is missing or half filled in; before the opening, everywhere."""
    if vote.opened_at is None:
        seats = [one.id for one in await mandates_of(session, vote.body_id)]
    else:
        seats = [one.mandate_id for one in await silent_mandates(session, vote)]
    return await in_charge(session, seats, vote.number, now)


async def _told_of_result(session: AsyncSession, vote: Vote) -> tuple[Reader, ...]:
    mandates = [one.id for one in await mandates_of(session, vote.body_id)]
    accounts = {*await told_of(session, vote, mandates), *await staff_accounts(session)}
    return tuple(Reader(one, {"vote": vote.number}) for one in sorted(accounts))


def _readers(vote: Vote, seats: Sequence[tuple[int, int]]) -> tuple[Reader, ...]:
    return tuple(Reader(account, {"vote": vote.number, "mandate": mandate}) for mandate, account in seats)


def _letters(vote: Vote, seats: Sequence[tuple[int, int]], step: datetime) -> list[NewLetter]:
    return [
        NewLetter(
            f"{KIND}:{vote.number}:{mandate_id}:{telegram_id}:{step.isoformat()}",
            KIND,
            telegram_id,
            {"vote": vote.number, "mandate": mandate_id},
        )
        for mandate_id, telegram_id in seats
    ]
