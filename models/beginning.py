"""How far a new office has come, from the empty store to the first vote; what comes next is for others to word."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.ballot.rows import Vote
from models.member import Code, Membership, Person, Role
from models.office import Body, Office
from models.roster import REHEARSAL


class Stage(StrEnum):
    """What has not happened yet; of several the first."""

    NO_OFFICE = "no office"  # nothing was loaded
    NO_STAFF = "no staff"  # nobody is listed at the office
    NOT_INVITED = "not invited"  # somebody is, and none of them has a code that is good, or has come in
    NOT_IN = "not in"  # somebody has a code, nobody has come in
    NOT_REHEARSED = "not rehearsed"  # no vote was ever opened
    NOBODY_LISTED = "nobody listed"  # nobody holds a seat, but where one practises
    NO_MEMBER = "no member"  # nobody from outside the office has come in
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where the office stands.

    ``name``: of whom it is about, at the office. ``until``: the instant at which their code expires. ``practises``:
    there is a body to practise in, and somebody of the office sits in it.
    """

    stage: Stage
    name: str = ""
    until: datetime | None = None
    practises: bool = False


async def beginning(session: AsyncSession, now: datetime) -> Beginning:
    """How far the office has come."""
    if await session.get(Office, 1) is None:
        return Beginning(Stage.NO_OFFICE)
    staff = list(
        await session.scalars(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.role == Role.STAFF, Membership.ended_at.is_(None))
            .order_by(Membership.id)
        )
    )
    inside = [one for one in staff if one.telegram_id is not None]
    if not inside:
        return await _before_the_first(session, staff, now)
    if await session.scalar(select(func.count()).select_from(Vote).where(Vote.opened_at.is_not(None))) == 0:
        return Beginning(Stage.NOT_REHEARSED, inside[0].name, practises=await _practises(session))
    return Beginning(await _with_members(session), inside[0].name)


async def _before_the_first(session: AsyncSession, staff: list[Person], now: datetime) -> Beginning:
    if not staff:
        return Beginning(Stage.NO_STAFF)
    good = (Code.used_at.is_(None), Code.voided_at.is_(None), Code.expires_at > now)
    last = select(func.max(Code.expires_at))
    for one in staff:
        if until := await session.scalar(last.where(Code.person_id == one.id, *good)):
            return Beginning(Stage.NOT_IN, one.name, until)
    return Beginning(Stage.NOT_INVITED, staff[0].name)


async def _practises(session: AsyncSession) -> bool:
    """Whether somebody of the office who has come in sits in the body to practise in."""
    desk = aliased(Membership)
    staff = exists().where(desk.person_id == Person.id, desk.role == Role.STAFF, desk.ended_at.is_(None))
    seat = (
        select(Membership.id)
        .join(Body, Body.id == Membership.body_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Body.short == REHEARSAL, Membership.role == Role.MEMBER, Membership.ended_at.is_(None))
        .where(Person.telegram_id.is_not(None), staff)
    )
    return await session.scalar(select(exists(seat))) or False


async def _with_members(session: AsyncSession) -> Stage:
    """The last stages; whoever holds a seat only where one practises is no member yet."""
    seats = (
        select(Person.telegram_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Body, Body.id == Membership.body_id)
        .where(Body.short != REHEARSAL, Membership.role == Role.MEMBER, Membership.ended_at.is_(None))
    )
    if await session.scalar(select(exists(seats.where(Person.telegram_id.is_not(None))))):
        return Stage.DONE
    return Stage.NO_MEMBER if await session.scalar(select(exists(seats))) else Stage.NOBODY_LISTED
