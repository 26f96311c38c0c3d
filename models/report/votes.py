"""Reports: votes that closed in a stretch of time. Of a secret one the turnout is all that is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Ballot, Elector, Vote
from models.ballot.rules import Choice, Way
from models.ballot.secret.rows import SecretTurnout
from models.report.rules import NOBODY, Share, median


@dataclass(frozen=True, slots=True)
class Turnout:
    """One vote: how many mandates could vote, without those excluded or „Befangen", and how many did."""

    number: int
    title: str
    kind: str
    secret: bool
    turnout: Share


@dataclass(frozen=True, slots=True)
class VoteFigures:
    """All votes that closed. ``until_cast``: the median from the opening to the ballot, of open ones, from a phone."""

    votes: Sequence[Turnout]
    cancelled: int
    until_cast: timedelta | None

    @property
    def turnout(self) -> Share:
        """Of all together."""
        return sum((one.turnout for one in self.votes), NOBODY)

    @property
    def by_kind(self) -> dict[str, tuple[int, Share]]:
        """How many votes of a kind there were, and their turnout together."""
        kinds = dict.fromkeys(one.kind for one in self.votes)
        return {kind: _together([one for one in self.votes if one.kind == kind]) for kind in kinds}


def _together(votes: Sequence[Turnout]) -> tuple[int, Share]:
    return len(votes), sum((one.turnout for one in votes), NOBODY)


async def vote_figures(session: AsyncSession, since: datetime, until: datetime) -> VoteFigures:
    """What closed from ``since`` (inclusive) to ``until`` (exclusive)."""
    cancelled = await session.scalar(select(func.count()).where(Vote.cancelled_at >= since, Vote.cancelled_at < until))
    return VoteFigures(await _turnouts(session, since, until), cancelled or 0, await _until_cast(session, since, until))


async def _turnouts(session: AsyncSession, since: datetime, until: datetime) -> list[Turnout]:
    out = or_(Elector.excluded_at.is_not(None), func.coalesce(Ballot.choice, "") == Choice.CONFLICT)
    # In a secret vote a row of the open ballots says only that somebody declared „Befangen".
    voted = case((Vote.secret, SecretTurnout.mandate_id.is_not(None)), else_=Ballot.choice.is_not(None))
    seat = Elector.vote_number == Vote.number
    rows = await session.execute(
        select(
            Vote.number,
            Vote.title,
            Vote.kind,
            Vote.secret,
            func.sum(case((out, 0), (voted, 1), else_=0)),
            func.sum(case((out, 0), else_=1)),
        )
        .join(Elector, seat)
        .outerjoin(Ballot, seat & (Ballot.vote_number == Vote.number) & (Ballot.mandate_id == Elector.mandate_id))
        .outerjoin(
            SecretTurnout,
            (SecretTurnout.vote_number == Vote.number) & (SecretTurnout.mandate_id == Elector.mandate_id),
        )
        .where(Vote.number.in_(select(Vote.number).where(Vote.closed_at >= since, Vote.closed_at < until)))
        .group_by(Vote.number, Vote.title, Vote.kind, Vote.secret)
        .order_by(Vote.number)
    )
    return [Turnout(number, title, kind, secret, Share(did, could)) for number, title, kind, secret, did, could in rows]


async def _until_cast(session: AsyncSession, since: datetime, until: datetime) -> timedelta | None:
    rows = await session.execute(
        select(Vote.opened_at, Ballot.cast_at)
        .join(Ballot, Ballot.vote_number == Vote.number)
        .where(
            Vote.closed_at >= since,
            Vote.closed_at < until,
            Vote.opened_at.is_not(None),
            ~Vote.secret,
            Ballot.way.in_([Way.TAP, Way.TYPED]),
        )
    )
    return median(cast_at - opened_at for opened_at, cast_at in rows if opened_at is not None)
