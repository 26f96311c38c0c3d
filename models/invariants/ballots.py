"""Ballots, their receipts, and who cast them when."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Ballot, Elector, Handover, Option, Receipt, Vote
from models.ballot.rules import Kind, check_choice, ends_at
from models.refusals import Unknown


def _ballots_of_no_elector() -> Executable:
    return (
        select(Ballot.vote_number, Ballot.mandate_id)
        .outerjoin(Elector, _same_seat(Elector, Ballot))
        .where(Elector.mandate_id.is_(None))
    )


def _second_ballots() -> Executable:
    return (
        select(Ballot.vote_number, Ballot.mandate_id)
        .group_by(Ballot.vote_number, Ballot.mandate_id)
        .having(func.count() > 1)
    )


def _receipts_without_ballot() -> Executable:
    return (
        select(Receipt.vote_number, Receipt.code)
        .outerjoin(Ballot, _same_seat(Ballot, Receipt))
        .where(Ballot.mandate_id.is_(None))
    )


def _ballots_without_receipt() -> Executable:
    told = exists().where(_same_seat(Receipt, Ballot), Receipt.code == Ballot.receipt)
    return select(Ballot.vote_number, Ballot.mandate_id).where(~told)


def _same_seat(one: type[Elector | Ballot | Receipt], other: type[Ballot | Receipt]) -> ColumnElement[bool]:
    return and_(one.vote_number == other.vote_number, one.mandate_id == other.mandate_id)


def _deputies_without_handover() -> Executable:
    """A deputy's ballot was cast while the mandate was handed over to that deputy."""
    given = exists().where(
        Handover.mandate_id == Ballot.mandate_id,
        Handover.deputy_id == Ballot.cast_by,
        or_(Handover.vote_number.is_(None), Handover.vote_number == Ballot.vote_number),
        Handover.given_at <= Ballot.cast_at,
        or_(Handover.until.is_(None), Handover.until > Ballot.cast_at),
        or_(Handover.ended_at.is_(None), Handover.ended_at >= Ballot.cast_at),
    )
    return select(Ballot.vote_number, Ballot.mandate_id).where(Ballot.as_deputy, ~given)


PROMISES: dict[str, Callable[[], Executable]] = {
    "a ballot belongs to an elector": _ballots_of_no_elector,
    "a mandate has one ballot": _second_ballots,
    "a receipt has its ballot": _receipts_without_ballot,
    "a ballot has its receipt": _ballots_without_receipt,
    "a deputy votes while the mandate is handed over": _deputies_without_handover,
}


async def broken(session: AsyncSession) -> list[str]:
    """Ballots that say what cannot be said, or came out of time."""
    return await _ballots_that_say_nothing(session) + await _ballots_out_of_time(session)


async def _ballots_that_say_nothing(session: AsyncSession) -> list[str]:
    places = select(func.count()).where(Option.vote_number == Vote.number).scalar_subquery()
    rows = await session.execute(
        select(Vote, Ballot.mandate_id, Ballot.choice, places).join(Ballot, Ballot.vote_number == Vote.number)
    )
    return [
        f"a ballot says what its vote asks: {vote.number}, {mandate}"
        for vote, mandate, choice, options in rows
        if not _can_be_said(Kind(vote.kind), choice, options)
    ]


def _can_be_said(kind: Kind, choice: str, options: int) -> bool:
    try:
        check_choice(kind, choice, options)
    except Unknown:
        return False
    return True


async def _ballots_out_of_time(session: AsyncSession) -> list[str]:
    rows = await session.execute(select(Vote, Ballot).join(Ballot, Ballot.vote_number == Vote.number))
    return [
        f"a ballot is cast while its vote is open: {vote.number}, {ballot.mandate_id}"
        for vote, ballot in rows
        if not _was_open(vote, ballot.cast_at)
    ]


def _was_open(vote: Vote, at: datetime) -> bool:
    # The ballot that makes a vote complete is received at the very instant that ends it.
    ended = at > ends_at(vote) or at == vote.closes_at
    # Chats are worked off side by side, so a tap that came just after a breaking off may have been stored before it;
    # it counts for nothing there.
    return vote.opens_at <= at and not ended
