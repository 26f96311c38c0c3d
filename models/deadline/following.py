"""Who hears of a deadline without asking for each: whom it is addressed to, and who follows its area or kind."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import accounts_with, actor
from models.calendar import Calendar
from models.deadline.reminders import office_calendar, told_leads
from models.deadline.rows import (
    ADDRESSED,
    AREA,
    AREAS,
    ASKED,
    FOLLOWED,
    KIND,
    KINDS,
    Deadline,
    Follow,
    Step,
    Subscription,
)
from models.deadline.rules import EVERYONE, SPONSOR_PREFIX, is_past, may_see, next_step_at, schedule_of, speaks_to
from models.member import Membership, Role
from models.office import Body
from models.refusals import Unknown
from models.statements import insert_or

# Several areas are ticked one after the other: what is late in each goes out in one message.
GATHERING = timedelta(minutes=1)
# Rows of one statement; SQLite takes 32,766 values at once.
CHUNK = 500


async def follows(session: AsyncSession, telegram_id: int) -> set[tuple[str, str]]:
    """What an account follows: pairs of AREA and a letter, or KIND and a kind."""
    rows = await session.execute(select(Follow.what, Follow.value).where(Follow.telegram_id == telegram_id))
    return {(what, value) for what, value in rows}


async def follow(session: AsyncSession, what: str, value: str, telegram_id: int, now: datetime) -> None:
    """Follow an area or a kind (the account row must exist): its deadlines are reminded of from now on.

    Raises:
        Unknown: there is no such area or kind.
    """
    if value not in {AREA: AREAS, KIND: KINDS}.get(what, ()):
        raise Unknown
    row = {"telegram_id": telegram_id, "what": what, "value": value, "since": now}
    await session.execute(insert_or(session, Follow).values(row).on_conflict_do_nothing())
    await join_all(session, now, telegram_id)


async def unfollow(session: AsyncSession, what: str, value: str, telegram_id: int) -> None:
    """Follow it no longer. Reminders that came by following alone end with it; those asked for one by one stay."""
    await session.execute(
        delete(Follow).where(Follow.telegram_id == telegram_id, Follow.what == what, Follow.value == value)
    )
    left = await follows(session, telegram_id)
    rows = await session.execute(
        select(Subscription, Deadline)
        .join(Deadline, Deadline.number == Subscription.deadline_number)
        .where(
            Subscription.telegram_id == telegram_id,
            Subscription.origin == FOLLOWED,
            Subscription.ended_at.is_(None),
        )
    )
    for subscription, row in list(rows):
        # Not „muted": who follows again hears of it again.
        if not left & _marks(row):
            await session.delete(subscription)
    await session.flush()


def _marks(row: Deadline) -> set[tuple[str, str]]:
    return {(AREA, area) for area in row.areas} | {(KIND, row.kind)}


async def addressed(session: AsyncSession, audience: str) -> list[int]:
    """The accounts a deadline for this audience speaks to by name; nobody where it is for all."""
    if audience == EVERYONE:
        return []
    if audience.startswith(SPONSOR_PREFIX):
        sponsor = audience.removeprefix(SPONSOR_PREFIX).strip()
        return await accounts_with(session, Membership.role == Role.SPONSOR, Membership.sponsor == sponsor)
    body = select(Body.id).where(Body.short == audience).scalar_subquery()
    return await accounts_with(session, Membership.body_id == body)


async def followers(session: AsyncSession, row: Deadline) -> list[int]:
    """The accounts that follow the deadline's kind or one of its areas, and may see it."""
    wanted = or_(
        and_(Follow.what == AREA, Follow.value.in_(row.areas)), and_(Follow.what == KIND, Follow.value == row.kind)
    )
    found = await session.scalars(select(Follow.telegram_id).where(wanted).distinct().order_by(Follow.telegram_id))
    if row.audience == EVERYONE:
        return list(found)
    return [one for one in found if may_see(row.audience, await actor(session, one))]


async def hearers(session: AsyncSession, row: Deadline) -> list[int]:
    """Everybody who hears of a deadline without asking for it; the row need not be stored yet."""
    return sorted({*await addressed(session, row.audience), *await followers(session, row)})


async def join(session: AsyncSession, row: Deadline, now: datetime) -> None:
    """Subscribe everybody who hears of this deadline without asking. Who ended it before is left in peace."""
    calendar = await office_calendar(session)
    if row.status or is_past(schedule_of(row), calendar, now):
        return
    told = await told_leads(session, row)
    by_name = await addressed(session, row.audience)
    others = [one for one in await followers(session, row) if one not in set(by_name)]
    arming = [Arming(row, one, ADDRESSED, told.get(one, set())) for one in by_name]
    arming += [Arming(row, one, FOLLOWED, told.get(one, set())) for one in others]
    await _arm(session, arming, calendar, now, now)


async def join_all(session: AsyncSession, now: datetime, telegram_id: int | None = None) -> None:
    """Do so for every deadline ahead: after people or their roles changed; ``telegram_id`` is the one it is about."""
    calendar = await office_calendar(session)
    rows = list(await session.scalars(select(Deadline).where(Deadline.status == "").order_by(Deadline.number)))
    ahead = [row for row in rows if not is_past(schedule_of(row), calendar, now)]
    if telegram_id is None:
        for row in ahead:
            await join(session, row, now)
        return
    who = await actor(session, telegram_id)
    followed = await follows(session, telegram_id)
    arming = []
    for row in ahead:
        if speaks_to(row.audience, who):
            arming.append(Arming(row, telegram_id, ADDRESSED))
        elif followed & _marks(row) and may_see(row.audience, who):
            arming.append(Arming(row, telegram_id, FOLLOWED))
    await _arm(session, await _with_told(session, arming, telegram_id), calendar, now, now + GATHERING)


async def inherit(session: AsyncSession, former: int, telegram_id: int, now: datetime) -> None:
    """Somebody comes in with another account: what they were reminded of on the former one, they still are."""
    for what, value in await follows(session, former):
        row = {"telegram_id": telegram_id, "what": what, "value": value, "since": now}
        await session.execute(insert_or(session, Follow).values(row).on_conflict_do_nothing())
    asked = await session.scalars(
        select(Deadline)
        .join(Subscription, Subscription.deadline_number == Deadline.number)
        .where(
            Subscription.telegram_id == former,
            Subscription.ended_at.is_(None),
            Subscription.origin == ASKED,
            Deadline.status == "",
        )
    )
    arming = await _with_told(session, [Arming(row, telegram_id, ASKED) for row in asked], telegram_id)
    await _arm(session, arming, await office_calendar(session), now, now)


@dataclass(frozen=True, slots=True)
class Arming:
    """One account to be reminded of one deadline, and the leads it has been told of its present revision."""

    row: Deadline
    telegram_id: int
    origin: str
    told: Collection[int] = ()


async def _with_told(session: AsyncSession, arming: Sequence[Arming], telegram_id: int) -> list[Arming]:
    if not arming:
        return []
    steps = await session.execute(
        select(Step.deadline_number, Step.revision, Step.lead).where(Step.telegram_id == telegram_id)
    )
    told: dict[tuple[int, int], set[int]] = defaultdict(set)
    for number, revision, lead in steps:
        told[number, revision].add(lead)
    return [replace(one, told=told[one.row.number, one.row.revision]) for one in arming]


async def _arm(
    session: AsyncSession, arming: Sequence[Arming], calendar: Calendar, now: datetime, not_before: datetime
) -> None:
    for start in range(0, len(arming), CHUNK):
        values = [
            {
                "deadline_number": one.row.number,
                "telegram_id": one.telegram_id,
                "since": now,
                "next_at": _later(next_step_at(schedule_of(one.row), calendar, now, now, one.told), not_before),
                "origin": one.origin,
            }
            for one in arming[start : start + CHUNK]
        ]
        await session.execute(insert_or(session, Subscription).values(values).on_conflict_do_nothing())


def _later(next_at: datetime | None, not_before: datetime) -> datetime | None:
    return max(next_at, not_before) if next_at else None
