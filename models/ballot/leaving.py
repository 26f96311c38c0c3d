"""Somebody leaves: what they gave or took over as a deputy ends. Their ballots stay, as those of their mandates."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.ballot.handover import lock_votes
from models.ballot.rows import Handover
from models.record import Act, NewEntry


async def end_handovers(session: AsyncSession, people: Collection[int], now: datetime) -> None:
    """End every running handover that one of these people gave or got; it is on record."""
    theirs = or_(Handover.holder_id.in_(people), Handover.deputy_id.in_(people))
    running = select(Handover).where(Handover.ended_at.is_(None), theirs).order_by(Handover.id)
    for mandate_id in sorted({one.mandate_id for one in await session.scalars(running)}):
        await lock_votes(session, mandate_id)  # votes before the record's head, as everywhere
    entries = []
    for one in await session.scalars(running.with_for_update()):
        one.ended_at = min(now, one.until) if one.until else now
        by = one.holder_id if one.holder_id in people else one.deputy_id
        details = {"deputy": one.deputy_id, "stays_in": []}
        entries.append(NewEntry(Act.TAKEN_BACK, now, by, one.vote_number, one.mandate_id, details))
    await record.append_all(session, entries)
