"""Deadlines: the acts of looking, subscribing and entering. Who enters is asked where the request comes in: staff."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, actor
from models.base import insert_or
from models.calendar import Calendar
from models.deadline.reminders import office_calendar, rearm
from models.deadline.rows import CANCELLED, Deadline, Step, Subscription
from models.deadline.rules import (
    EVERYONE,
    Entry,
    Revision,
    changes,
    effective_due,
    is_past,
    may_see,
    mornings,
    next_step_at,
    schedule_of,
)
from models.outbox import NewLetter, post
from models.refusals import Late, Unknown, Withdrawn

# No shift to the next working day reaches further than this (Easter and Christmas take five days at most).
LONGEST_SHIFT = timedelta(days=10)


async def open_deadlines(
    session: AsyncSession, now: datetime, who: Actor, *, area: str | None = None
) -> list[Deadline]:
    """The deadlines ahead that this actor may see, the next one first; ``area`` (A–M) keeps only those of that area."""
    calendar = await office_calendar(session)
    rows = await session.scalars(select(Deadline).where(Deadline.status == "", Deadline.due_at > now - LONGEST_SHIFT))
    return _ahead([row for row in rows if area is None or area in row.areas], calendar, now, who)


async def subscribed(session: AsyncSession, who: Actor, now: datetime) -> list[Deadline]:
    """The deadlines ahead that this actor is reminded of, the next one first."""
    rows = await session.scalars(
        select(Deadline)
        .join(Subscription, Subscription.deadline_number == Deadline.number)
        .where(Deadline.status == "", Subscription.telegram_id == who.telegram_id, Subscription.ended_at.is_(None))
    )
    return _ahead(list(rows), await office_calendar(session), now, who)


def _ahead(rows: list[Deadline], calendar: Calendar, now: datetime, who: Actor) -> list[Deadline]:
    dated = [(effective_due(schedule_of(row), calendar), row.number, row) for row in rows if may_see(row.audience, who)]
    return [row for due, _, row in sorted(dated) if due > now]


async def deadline(session: AsyncSession, number: int, who: Actor) -> Deadline:
    """A deadline by its number, whatever its state.

    Raises:
        Unknown: there is none, or none that this actor may see.
    """
    row = await session.get(Deadline, number)
    if row is None or not may_see(row.audience, who):
        raise Unknown
    return row


async def subscription(session: AsyncSession, number: int, telegram_id: int) -> Subscription | None:
    """The running subscription of an account, if it has one."""
    row = await session.get(Subscription, (number, telegram_id))
    return row if row is not None and row.ended_at is None else None


async def subscribe(session: AsyncSession, number: int, who: Actor, now: datetime) -> bool:
    """Remind this actor (who has an account row) from now on; False: they were reminded already.

    Raises:
        Unknown: no such deadline for this actor.
        Withdrawn: it was cancelled.
        Late: it is over.
    """
    row = await deadline(session, number, who)
    calendar = await office_calendar(session)
    if row.status == CANCELLED:
        raise Withdrawn
    if row.status or is_past(schedule_of(row), calendar, now):
        raise Late
    if await subscription(session, number, who.telegram_id):
        return False
    # Steps told before an end of the subscription stay told: „Erinnere mich" again does not repeat them.
    told = await session.scalars(
        select(Step.lead).where(
            Step.deadline_number == number, Step.revision == row.revision, Step.telegram_id == who.telegram_id
        )
    )
    values = {
        "since": now,
        "next_at": next_step_at(schedule_of(row), calendar, now, now, set(told)),
        "ended_at": None,
        "ended_as": None,
    }
    await session.execute(
        insert_or(session, Subscription)
        .values(deadline_number=number, telegram_id=who.telegram_id, **values)
        .on_conflict_do_update(index_elements=["deadline_number", "telegram_id"], set_=values)
    )
    # The statement wrote past the session's memory of the row.
    await session.get(Subscription, (number, who.telegram_id), populate_existing=True)
    return True


async def end_subscription(session: AsyncSession, number: int, telegram_id: int, ended_as: str, now: datetime) -> bool:
    """End a subscription as „done" or „muted"; False: there was none running."""
    row = await subscription(session, number, telegram_id)
    if row is None:
        return False
    row.ended_at, row.ended_as, row.next_at = now, ended_as, None
    await session.flush()
    return True


async def subscribers(session: AsyncSession, number: int) -> list[int]:
    """The accounts whose subscription runs and who may still see the deadline."""
    row = await session.get_one(Deadline, number)
    found = await session.scalars(
        select(Subscription.telegram_id)
        .where(Subscription.deadline_number == number, Subscription.ended_at.is_(None))
        .order_by(Subscription.telegram_id)
    )
    if row.audience == EVERYONE:
        return list(found)
    return [one for one in found if may_see(row.audience, await actor(session, one))]


async def enter(session: AsyncSession, entry: Entry, now: datetime) -> Deadline:
    """Enter a deadline; it needs at least a title, a kind and a due time."""
    row = Deadline(**entry, entered_at=now)
    session.add(row)
    await session.flush()
    return row


async def revise(session: AsyncSession, number: int, entry: Entry, now: datetime, *, told: bool) -> Revision:
    """Change a deadline: a new revision, its steps armed anew.

    Steps whose mornings the change does not touch stay told. ``told``: the caller announces old → new to the
    subscribers in the same transaction, so a step that is past already is not sent after it once more, as late.

    Raises:
        Unknown: there is no such deadline.
    """
    row = await session.get(Deadline, number, with_for_update=True)
    if row is None:
        raise Unknown
    found = changes(row, entry)
    if not found:
        return Revision(row, ())
    before, revision = schedule_of(row), row.revision
    for change in found:
        setattr(row, change.field, change.new)
    row.revision += 1
    await session.flush()
    if schedule_of(row) == before:
        await _carry_steps(session, row, revision)
    elif told:
        await _count_as_told(session, row, now)
    await rearm(session, row, now)
    return Revision(row, found)


async def cancel(session: AsyncSession, number: int, now: datetime) -> Revision:
    """Cancel a deadline; who subscribed is told by the caller.

    Raises:
        Unknown: there is no such deadline.
    """
    return await revise(session, number, {"status": CANCELLED}, now, told=True)


async def _carry_steps(session: AsyncSession, row: Deadline, revision: int) -> None:
    await session.execute(
        update(Step).where(Step.deadline_number == row.number, Step.revision == revision).values(revision=row.revision)
    )


async def _count_as_told(session: AsyncSession, row: Deadline, now: datetime) -> None:
    steps = mornings(schedule_of(row), await office_calendar(session))
    come = [lead for lead, moment in steps.items() if moment <= now]
    for telegram_id in await subscribers(session, row.number):
        session.add_all(
            Step(deadline_number=row.number, revision=row.revision, lead=lead, telegram_id=telegram_id) for lead in come
        )
    await session.flush()


async def announce(session: AsyncSession, revision: Revision, now: datetime) -> None:
    """Tell the subscribers of a changed or cancelled deadline what it was and what it is."""
    row = revision.deadline
    told = [{"field": one.field, "old": _plain(one.old), "new": _plain(one.new)} for one in revision.changes]
    for telegram_id in await subscribers(session, row.number):
        key = f"deadline_changed:{row.number}:{row.revision}:{telegram_id}"
        about = {"deadline": row.number, "changes": told}
        await post(session, NewLetter(key, "deadline_changed", telegram_id, about), now)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
