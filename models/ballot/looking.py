"""Votes: who may see what, who is silent, who is told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, staff_accounts
from models.ballot.acting import deputy_in_charge, in_charge
from models.ballot.entering import mandates_of
from models.ballot.rows import UNDER_WAY, Ballot, Elector, Handover, Vote
from models.ballot.rules import Kind, complete, may_act_for
from models.ballot.secret.reading import voted_secretly
from models.columns import UtcDateTime
from models.member import Membership, Person, Role
from models.office import Mandate
from models.refusals import NotEntitled, Unknown


async def find(session: AsyncSession, number: int, *, lock: bool = False) -> Vote:
    """The vote with this number.

    Raises:
        Unknown: there is none.
    """
    vote = await session.get(Vote, number, with_for_update=lock or None)
    if vote is None:
        raise Unknown
    return vote


async def find_for(session: AsyncSession, number: int, actor: Actor, now: datetime) -> Vote:
    """The vote, for who may see it: staff, holders in its body, and deputies who act or have acted in it.

    Nobody but staff sees one that has not been opened.

    Raises:
        Unknown: there is none.
        NotEntitled: it is not for this account.
    """
    vote = await find(session, number)
    holds = {one.body_id for one in actor.with_role(Role.MEMBER)}
    if actor.staff or (vote.opened_at is not None and vote.body_id in holds):  # nearly everybody; the rest is asked for
        return vote
    visible = select(Vote.number).where(Vote.number == number, _seen_by(actor, now), Vote.opened_at.is_not(None))
    if await session.scalar(visible):
        return vote
    raise NotEntitled("holder")


def _seen_by(actor: Actor, now: datetime) -> ColumnElement[bool]:
    holds = [one.body_id for one in actor.with_role(Role.MEMBER)]
    deputy_for = [one.mandate_id for one in actor.with_role(Role.DEPUTY)]
    people = {one.person_id for one in actor.standings}
    acted = select(Ballot.vote_number).where(Ballot.as_deputy, Ballot.cast_by.in_(people))
    in_charge_now = deputy_in_charge(Elector.mandate_id, Elector.vote_number, now).in_(people)
    acts_now = select(Elector.vote_number).where(Elector.mandate_id.in_(deputy_for), in_charge_now)
    stood_in = exists().where(_may_have_acted(), Handover.deputy_id.in_(people), Handover.mandate_id.in_(deputy_for))
    return or_(Vote.body_id.in_(holds), Vote.number.in_(acted), Vote.number.in_(acts_now), Vote.secret & stood_in)


def _may_have_acted() -> ColumnElement[bool]:
    """Nobody notes who tapped in a secret vote: its deputies are those to whom a mandate was handed over meanwhile."""
    return and_(
        Handover.given_at < Vote.closes_at,
        or_(Handover.vote_number.is_(None), Handover.vote_number == Vote.number),
        or_(Handover.ended_at.is_(None), Handover.ended_at > Vote.opens_at),
        or_(Handover.until.is_(None), Handover.until > Vote.opens_at),
        # Of this very vote: left to itself, an inner SELECT would look through all votes there are.
        exists()
        .where(Elector.vote_number == Vote.number, Elector.mandate_id == Handover.mandate_id)
        .correlate(Vote, Handover),
    )


async def mandates_in(session: AsyncSession, number: int, actor: Actor, at: datetime) -> list[int]:
    """The mandates for which this account has a card in a vote: those it holds or acts for as deputy."""
    mine = {one.mandate_id for one in actor.with_role(Role.MEMBER, Role.DEPUTY) if one.mandate_id}
    electors = await session.scalars(
        select(Elector.mandate_id).where(Elector.vote_number == number, Elector.mandate_id.in_(mine))
    )
    found = list(electors)
    held = {one.mandate_id for one in actor.with_role(Role.MEMBER)}
    acted = {
        mandate for mandate, account in await in_charge(session, found, number, at) if account == actor.telegram_id
    }
    return [one for one in sorted(found) if one in held | acted]


@cache  # made once: SQLAlchemy takes longer to make it than to execute it
def _waiting() -> Select[Any]:
    now = bindparam("now", type_=UtcDateTime())
    return (
        select(Vote, Elector, Ballot, deputy_in_charge(Elector.mandate_id, Vote.number, now).label("deputy_id"))
        # The sum keeps the store from beginning with all votes that a mandate has ever had.
        .join(Elector, Elector.vote_number == Vote.number + 0)
        .outerjoin(Ballot, _same_seat())
        .where(
            Elector.mandate_id.in_(bindparam("mine", expanding=True)),
            Elector.excluded_at.is_(None),
            *UNDER_WAY,
            Vote.closes_at > now,
        )
        .order_by(Vote.closes_at, Vote.number)
    )


async def waiting_for(session: AsyncSession, actor: Actor, now: datetime) -> list[tuple[Vote, Elector, Ballot | None]]:
    """The open votes in which this account acts, each with its mandate and the ballot so far."""
    mine = {one.mandate_id for one in actor.with_role(Role.MEMBER, Role.DEPUTY) if one.mandate_id is not None}
    rows = await session.execute(_waiting(), {"mine": list(mine), "now": now})
    return [
        (vote, elector, ballot)
        for vote, elector, ballot, deputy_id in rows
        if may_act_for(actor, elector.mandate_id, deputy_id)
    ]


def still_to_say(vote: Vote, ballot: Ballot | None) -> bool:
    """Whether a ballot is missing, or says only a part of what is asked."""
    return ballot is None or not complete(Kind(vote.kind), ballot.choice)


async def silent_mandates(session: AsyncSession, vote: Vote) -> list[Elector]:
    """The mandates that are not excluded and whose ballot is missing, or says only a part of what is asked."""
    rows = await session.execute(
        select(Elector, Ballot)
        .outerjoin(Ballot, _same_seat())
        .where(Elector.vote_number == vote.number, Elector.excluded_at.is_(None))
        .order_by(Elector.name)
    )
    voted = await voted_secretly(session, vote)
    return [elector for elector, ballot in rows if elector.mandate_id not in voted and still_to_say(vote, ballot)]


async def electorate(session: AsyncSession, number: int) -> list[tuple[Elector, Ballot | None]]:
    """Every mandate of the electorate with its ballot, by name."""
    rows = await session.execute(
        select(Elector, Ballot)
        .outerjoin(Ballot, _same_seat())
        .where(Elector.vote_number == number)
        .order_by(Elector.name)
    )
    return [(elector, ballot) for elector, ballot in rows]


def _same_seat() -> ColumnElement[bool]:
    return (Ballot.vote_number == Elector.vote_number) & (Ballot.mandate_id == Elector.mandate_id)


async def holders_of(session: AsyncSession, mandate_ids: Collection[int]) -> dict[int, str]:
    """Who holds each mandate now, by name; a vacant one is not there."""
    rows = await session.execute(
        select(Membership.mandate_id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.mandate_id.in_(mandate_ids), Membership.role == Role.MEMBER, Membership.ended_at.is_(None))
    )
    return {mandate: name for mandate, name in rows if mandate is not None}


async def deputies_acting(
    session: AsyncSession, mandate_ids: Collection[int], number: int, at: datetime
) -> dict[int, str]:
    """The names of the deputies to whom these mandates are handed over in a vote at an instant, by mandate."""
    deputy = deputy_in_charge(Mandate.id, number, at)
    rows = await session.execute(
        select(Mandate.id, Person.name).join(Person, Person.id == deputy).where(Mandate.id.in_(mandate_ids))
    )
    return {row.id: row.name for row in rows}


async def told_of(session: AsyncSession, vote: Vote, mandate_ids: Collection[int]) -> set[int]:
    """The accounts of those mandates' holders, and of the deputies who have acted for them in this vote."""
    holders = await session.scalars(
        select(Person.telegram_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.mandate_id.in_(mandate_ids),
            Membership.role == Role.MEMBER,
            Membership.ended_at.is_(None),
        )
    )
    acted = await session.scalars(
        select(Person.telegram_id)
        .join(Ballot, Ballot.cast_by == Person.id)
        .where(Ballot.vote_number == vote.number, Ballot.mandate_id.in_(mandate_ids), Ballot.as_deputy)
    )
    stood_in = await _stood_in(session, vote, mandate_ids) if vote.secret else ()
    return {one for one in [*holders, *acted, *stood_in] if one is not None}


async def _stood_in(session: AsyncSession, vote: Vote, mandate_ids: Collection[int]) -> Sequence[int | None]:
    found = await session.scalars(
        select(Person.telegram_id)
        .join(Handover, Handover.deputy_id == Person.id)
        .join(Vote, Vote.number == vote.number)
        .where(Handover.mandate_id.in_(mandate_ids), _may_have_acted())
    )
    return list(found)


async def concerned(session: AsyncSession, vote: Vote, mandate_ids: Collection[int], at: datetime) -> set[int]:
    """Whom news of a running vote concerns: ``told_of``, and the deputies who act for those mandates at an instant."""
    acting = await in_charge(session, list(mandate_ids), vote.number, at)
    return await told_of(session, vote, mandate_ids) | {account for _, account in acting}


async def readers_of_news(
    session: AsyncSession, vote: Vote, mandate_ids: Collection[int], at: datetime | None
) -> list[int]:
    """Whom news of a vote goes to: those whom it concerns and staff.

    ``at``: of a vote that runs at that instant; None: of one that has ended, where only who has acted is told.
    """
    told = await told_of(session, vote, mandate_ids) if at is None else await concerned(session, vote, mandate_ids, at)
    return sorted({*told, *await staff_accounts(session)})


async def seats_in(session: AsyncSession, vote: Vote) -> list[int]:
    """The mandates of its electorate; before the opening, those of its body."""
    if vote.opened_at is None:
        return [one.id for one in await mandates_of(session, vote.body_id)]
    return list(await session.scalars(select(Elector.mandate_id).where(Elector.vote_number == vote.number)))


async def votes_seen_by(session: AsyncSession, actor: Actor, now: datetime, most: int = 20) -> list[Vote]:
    """The newest votes this account may see; staff sees all, also those not opened yet."""
    query = select(Vote).order_by(Vote.number.desc()).limit(most)
    if actor.staff is None:
        query = query.where(_seen_by(actor, now), Vote.opened_at.is_not(None))
    return list(await session.scalars(query))
