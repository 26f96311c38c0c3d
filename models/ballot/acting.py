"""Who acts for a mandate now: its holder, or the deputy it is handed over to. Asked at each tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.actor import Actor
from models.ballot.rows import Elector, Handover, Vote
from models.member import Membership, Person, Role
from models.roster import deputies_of
from models.statements import table_of

# Of the table: part of statements that need nothing of the mapper.
_GIVEN = table_of(Handover).c


def deputy_in_charge(mandate_id: Any, vote_number: Any, at: Any, wanted: Any = _GIVEN.deputy_id) -> ScalarSelect[Any]:
    """As SQL: whom a mandate is handed over to in a vote at an instant; what was given for one vote goes first.

    It holds from the instant it was given, and only while who gave it still holds the mandate and who got it is still
    its deputy.
    """
    return (
        select(wanted)
        .where(
            _GIVEN.mandate_id == mandate_id,
            _GIVEN.ended_at.is_(None),
            or_(_GIVEN.vote_number.is_(None), _GIVEN.vote_number == vote_number),
            _GIVEN.given_at <= at,
            or_(_GIVEN.until.is_(None), _GIVEN.until > at),
            _still(_GIVEN.holder_id, Role.MEMBER),
            _still(_GIVEN.deputy_id, Role.DEPUTY),
        )
        .order_by(_GIVEN.vote_number.is_(None), _GIVEN.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _still(person_id: Any, role: Role) -> Any:
    membership = table_of(Membership).alias().c
    return exists().where(
        membership.person_id == person_id,
        membership.mandate_id == _GIVEN.mandate_id,
        membership.role == role,
        membership.ended_at.is_(None),
    )


async def in_charge(
    session: AsyncSession, mandate_ids: Sequence[int], vote_number: int | None, at: datetime
) -> list[tuple[int, int]]:
    """(mandate, account) of whoever acts for each mandate now and has come in: its holder, or its deputy in charge."""
    deputy = deputy_in_charge(Membership.mandate_id, vote_number, at)
    acting = aliased(Person)
    rows = await session.execute(
        select(Membership.mandate_id, acting.telegram_id)
        .join(acting, acting.id == deputy)
        .where(*_seat(mandate_ids))
        .union(
            select(Membership.mandate_id, Person.telegram_id)
            .join(Person, Person.id == Membership.person_id)
            .where(*_seat(mandate_ids), deputy.is_(None))
        )
    )
    return sorted((mandate, account) for mandate, account in rows if mandate is not None and account is not None)


def _seat(mandate_ids: Sequence[int]) -> Sequence[Any]:
    return (
        Membership.mandate_id.in_(mandate_ids),
        Membership.role == Role.MEMBER,
        Membership.ended_at.is_(None),
    )


async def open_votes_of(session: AsyncSession, mandate_id: int, now: datetime) -> list[int]:
    """Numbers of the votes that are open for a mandate."""
    found = await session.scalars(
        select(Vote.number)
        .join(Elector, (Elector.vote_number == Vote.number) & (Elector.mandate_id == mandate_id))
        .where(Vote.closed_at.is_(None), Vote.cancelled_at.is_(None), Vote.closes_at > now)
        .order_by(Vote.number)
    )
    return list(found)


async def running_of(session: AsyncSession, membership: Membership, at: datetime) -> list[tuple[int, int]]:
    """The handovers that a holder's or a deputy's role carries now: (number, the deputy's account)."""
    mine = {Role.MEMBER: Handover.holder_id, Role.DEPUTY: Handover.deputy_id}.get(Role(membership.role))
    if mine is None or membership.mandate_id is None:
        return []
    rows = await session.execute(
        select(Handover.id, Person.telegram_id)
        .join(Person, Person.id == Handover.deputy_id)
        .where(
            Handover.mandate_id == membership.mandate_id,
            mine == membership.person_id,
            Handover.ended_at.is_(None),
            or_(Handover.until.is_(None), Handover.until > at),
            Person.telegram_id.is_not(None),
        )
        .order_by(Handover.id)
    )
    return [(number, account) for number, account in rows if account is not None]


@dataclass(frozen=True, slots=True)
class Seat:
    """A mandate that somebody holds, its deputies, and to whom it is handed over now."""

    mandate_id: int
    mandate: str
    body: str  # its short name: mandates of two bodies may be called alike
    deputies: Sequence[Person]
    handovers: Sequence[tuple[Handover, str]]  # with the deputy's name


async def seats_of(session: AsyncSession, actor: Actor, now: datetime) -> list[Seat]:
    """The mandates that this account holds, each with its deputies and running handovers."""
    seats = []
    for standing in actor.with_role(Role.MEMBER):
        if standing.mandate_id is None:
            continue
        rows = await session.execute(
            select(Handover, Person.name)
            .join(Person, Person.id == Handover.deputy_id)
            .outerjoin(Vote, Vote.number == Handover.vote_number)
            .where(
                Handover.mandate_id == standing.mandate_id,
                Handover.ended_at.is_(None),
                or_(Handover.until.is_(None), Handover.until > now),
                _still(Handover.holder_id, Role.MEMBER),
                _still(Handover.deputy_id, Role.DEPUTY),
                or_(Vote.number.is_(None), Vote.closed_at.is_(None) & Vote.cancelled_at.is_(None)),
            )
            .order_by(Handover.id)
        )
        handovers = [(one, name) for one, name in rows]
        deputies = await deputies_of(session, standing.mandate_id)
        seats.append(Seat(standing.mandate_id, standing.mandate_name, standing.body_short, deputies, handovers))
    return seats
