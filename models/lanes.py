"""Which process works off which chat, where several share one PostgreSQL.

A chat at work is an advisory lock of the session that its process keeps for this alone (``Database.alone``). Whoever
leaves a chat gives the lock back first and looks once more afterwards: who stored something and found the chat locked
had stored it before, so that either of the two sees it. Where a process dies its session ends, and with it all its
locks.
"""

from collections.abc import Collection

from sqlalchemy import BigInteger, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from models.inbox import Arrival, InboxRow, open_rows

# Beyond every id that Telegram gives (at most 52 bits), so that no chat's lock is another's of ours.
FIRST_KEY = 1 << 60

_LANES = bindparam("lanes", type_=ARRAY(BigInteger))
_EACH = func.unnest(_LANES).column_valued("lane")
_ENTER = select(_EACH, func.pg_try_advisory_lock(_EACH + FIRST_KEY))
_LEAVE = select(func.pg_advisory_unlock(_EACH + FIRST_KEY))
_OPEN = InboxRow.state.in_(["pending", "acted"])
_LEFT = select(InboxRow.lane).where(InboxRow.lane == any_(_LANES), _OPEN).distinct()
_IN_LANES = open_rows().where(InboxRow.lane == any_(_LANES)).order_by(InboxRow.update_id)


async def enter(session: AsyncSession, lanes: Collection[int]) -> dict[int, list[Arrival]]:
    """Take those of these chats that nobody is at work in; what waits in each, the lowest update id first."""
    locked = await session.execute(_ENTER, {"lanes": list(lanes)})
    ours: dict[int, list[Arrival]] = {lane: [] for lane, got in locked if got}
    if ours:
        for row in await session.scalars(_IN_LANES, {"lanes": list(ours)}):
            ours[row.lane].append(row.as_arrival())
    return ours


async def leave(session: AsyncSession, lanes: Collection[int]) -> set[int]:
    """Give chats back; those in which something waits."""
    await session.execute(_LEAVE, {"lanes": list(lanes)})
    return set(await session.scalars(_LEFT, {"lanes": list(lanes)}))


async def with_work(session: AsyncSession, besides: Collection[int], most: int) -> list[int]:
    """Chats in which something waits, drawn by lot where there are more than ``most``; ``besides``: not these."""
    lanes = select(InboxRow.lane).where(_OPEN, InboxRow.lane.not_in(besides)).distinct().subquery()
    return list(await session.scalars(select(lanes.c.lane).order_by(func.random()).limit(most)))
