"""Secret votes in a store that comes from a backup: their ballots are not in it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.ballot.office import tell
from models.ballot.rows import UNDER_WAY, Vote
from models.record import Act, NewEntry, digest


async def numbers_running_in_secret(session: AsyncSession, votes: Table) -> list[int]:
    """The numbers of the secret votes that are open, where ``votes`` may be the table of an earlier revision."""
    if "secret" not in votes.columns:
        return []
    under_way = (votes.c.opened_at.is_not(None), votes.c.closed_at.is_(None), votes.c.cancelled_at.is_(None))
    found = await session.scalars(select(votes.c.number).where(votes.c.secret, *under_way).order_by(votes.c.number))
    return list(found)


async def _running_in_secret(session: AsyncSession) -> Sequence[Vote]:
    found = await session.scalars(select(Vote).where(Vote.secret, *UNDER_WAY).order_by(Vote.number))
    return list(found)


async def break_off_restored(session: AsyncSession, reason: str, at: datetime) -> None:
    """Break off what lost its ballots: counted with those that come in from now on, its result would be wrong."""
    for vote in await _running_in_secret(session):
        vote.cancelled_at, vote.reason, vote.awaits_office = at, reason, False
        await record.append(session, NewEntry(Act.CANCELLED, at, vote=vote.number, details={"why": digest(reason)}))
        await tell(session, vote, "broken_off", {}, at)
