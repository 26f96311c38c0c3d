"""Rundrufe among the planned messages: those that wait for their time, and what of a running one is still to go."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.broadcast.audience import recipients
from models.broadcast.rows import Broadcast
from models.broadcast.sending import COPY, letters_of
from models.outbox import Letter, LetterState
from models.planned import Planned, Reader, key_of


async def ahead(session: AsyncSession, now: datetime, until: datetime) -> list[Planned]:
    """What will be sent by then if nobody does anything; one that waits for its release is not among it."""
    rows = await session.scalars(
        select(Broadcast)
        .where(
            Broadcast.withdrawn_at.is_(None),
            Broadcast.ended_at.is_(None),
            or_(~Broadcast.needs_release, Broadcast.released_at.is_not(None)),
        )
        .order_by(Broadcast.number)
    )
    found = [await _planned(session, row, now) for row in rows]
    return [one for one in found if one.readers and one.at <= until]


async def _planned(session: AsyncSession, row: Broadcast, now: datetime) -> Planned:
    about = {"broadcast": row.number}
    if row.started_at is None:
        accounts = [one.telegram_id for one in await recipients(session, row.audience, now) if one.reachable]
    else:
        waiting = select(Letter.telegram_id).where(letters_of(row.number), Letter.state == LetterState.WAITING)
        accounts = list(await session.scalars(waiting.order_by(Letter.id)))
    readers = tuple(Reader(one, about) for one in accounts if one is not None)
    at = row.started_at or row.starts_at or row.made_at
    return Planned(key_of(COPY, row.number, at), max(at, now), readers, held=row.paused_at is not None)
