"""Reports: Rundrufe that went out in a stretch of time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.broadcast.rows import Broadcast, Copy
from models.broadcast.rules import Fate, fate_of
from models.outbox import Letter
from models.report.rules import Share


@dataclass(frozen=True, slots=True)
class BroadcastFigures:
    """How many went out, and what became of the copies. ``read`` is of those that asked for it alone."""

    sent: int
    fates: Mapping[str, int]
    read: Share
    corrected: int
    withdrawn: int

    @property
    def recipients(self) -> int:
        """To how many they went, whoever gets two counted twice."""
        return sum(self.fates.values())

    @property
    def delivered(self) -> Share:
        """Of those."""
        return Share(self.fates.get(Fate.DELIVERED, 0), self.recipients)


async def broadcast_figures(session: AsyncSession, since: datetime, until: datetime) -> BroadcastFigures:
    """What began to go out from ``since`` (inclusive) to ``until`` (exclusive)."""
    found = await session.scalars(select(Broadcast).where(Broadcast.started_at >= since, Broadcast.started_at < until))
    sent = {row.number: row for row in found}
    is_read = Copy.read_at.is_not(None)
    grouped = (Copy.broadcast_number, Letter.state, Letter.error, is_read, Copy.read_revision)
    rows = await session.execute(
        select(*grouped, func.count())
        .select_from(Copy)
        .outerjoin(Letter, Letter.id == Copy.letter_id)
        .where(Copy.broadcast_number.in_(sent))
        .group_by(*grouped)
    )
    fates: Counter[str] = Counter()
    read, asked = 0, 0
    for number, state, error, has_read, revision, many in rows:
        fate = fate_of(state, error, read=has_read)
        fates[fate] += many
        if sent[number].asks_read and fate == Fate.DELIVERED:
            asked += many
            read += many if revision == sent[number].revision else 0
    return BroadcastFigures(
        len(sent),
        dict(fates),
        Share(read, asked),
        sum(row.revision > 0 for row in sent.values()),
        sum(row.withdrawn_at is not None for row in sent.values()),
    )
