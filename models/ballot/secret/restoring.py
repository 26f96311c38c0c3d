"""Secret votes in a store that comes from a backup: their ballots are not in it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.ballot.office import tell
from models.ballot.rows import UNDER_WAY, Vote
from models.record import Act, NewEntry, digest


async def running_in_secret(session: AsyncSession) -> Sequence[Vote]:
    """The secret votes that are open, by number."""
    found = await session.scalars(select(Vote).where(Vote.secret, *UNDER_WAY).order_by(Vote.number))
    return list(found)


async def break_off_restored(session: AsyncSession, reason: str, at: datetime) -> None:
    """Break off what lost its ballots: counted with those that come in from now on, its result would be wrong."""
    for vote in await running_in_secret(session):
        vote.cancelled_at, vote.reason, vote.awaits_office = at, reason, False
        await record.append(session, NewEntry(Act.CANCELLED, at, vote=vote.number, details={"why": digest(reason)}))
        await tell(session, vote, "broken_off", {}, at)
