"""Deadlines: looking at them, and being reminded of one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, actor
from models.calendar import Calendar
from models.deadline.reminders import office_calendar, told_leads
from models.deadline.rows import ASKED, CANCELLED, Deadline, Subscription
from models.deadline.rules import EVERYONE, effective_due, is_past, may_see, next_step_at, schedule_of
from models.refusals import Late, Unknown, Withdrawn
from models.statements import insert_or

# No shift to the next working day reaches further than this (Easter and Christmas take five days at most).
LONGEST_SHIFT = timedelta(days=10)


async def open_deadlines(
    session: AsyncSession, now: datetime, who: Actor, *, area: str | None = None
) -> list[Deadline]:
    """The deadlines ahead that this actor may see, the next one first; ``area`` (A–M) keeps only those of that area."""
    calendar = await office_calendar(session)
    rows = await session.scalars(select(Deadline).where(Deadline.status == "", Deadline.due_at > now - LONGEST_SHIFT))
    return _ahead([row for row in rows if area is None or area in row.areas], calendar, now, who)


async def gone_by(session: AsyncSession, since: datetime, now: datetime, who: Actor) -> list[Deadline]:
    """What was due since then or has been cancelled since it was entered, of what this actor may see; newest first."""
    calendar = await office_calendar(session)
    rows = await session.scalars(select(Deadline).where(Deadline.due_at > since - LONGEST_SHIFT))
    dated = [(effective_due(schedule_of(row), calendar), row.number, row) for row in rows if may_see(row.audience, who)]
    return [
        row
        for due, _, row in sorted(dated, reverse=True)
        if since < due and (due <= now or row.status == CANCELLED) and row.status in {"", CANCELLED}
    ]


async def subscribed(session: AsyncSession, who: Actor, now: datetime) -> list[Deadline]:
    """The deadlines ahead that this actor is reminded of, the next one first."""
    rows = await session.scalars(
        select(Deadline)
        .join(Subscription, Subscription.deadline_number == Deadline.number)
        .where(
            Deadline.status == "",
            Deadline.due_at > now - LONGEST_SHIFT,
            Subscription.telegram_id == who.telegram_id,
            Subscription.ended_at.is_(None),
        )
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


async def seen_by(session: AsyncSession, numbers: Iterable[int], who: Actor) -> list[Deadline]:
    """Those of these deadlines that there are and that this actor may see, in the order given."""
    rows = [await session.get(Deadline, number) for number in numbers]
    return [row for row in rows if row is not None and may_see(row.audience, who)]


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
    running = await subscription(session, number, who.telegram_id)
    if running is not None:
        # Asked for by themselves now: it stays when they no longer follow its area.
        running.origin = ASKED
        return False
    # Steps told before an end of the subscription stay told: „Erinnere mich" again does not repeat them.
    told = (await told_leads(session, row)).get(who.telegram_id, set())
    values = {
        "since": now,
        "next_at": next_step_at(schedule_of(row), calendar, now, now, told),
        "ended_at": None,
        "ended_as": None,
        "origin": ASKED,
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


async def subscribers(session: AsyncSession, row: Deadline) -> list[int]:
    """The accounts whose subscription runs and who may see the deadline as this row, stored or not, has it."""
    found = await session.scalars(
        select(Subscription.telegram_id)
        .where(Subscription.deadline_number == row.number, Subscription.ended_at.is_(None))
        .order_by(Subscription.telegram_id)
    )
    if row.audience == EVERYONE:
        return list(found)
    return [one for one in found if may_see(row.audience, await actor(session, one))]
