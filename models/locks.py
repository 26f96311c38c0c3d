"""Locks held until the commit, where several processes work on one store: on PostgreSQL.

SQLite's one writer has them all, so that nothing is asked of it.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

GATE = 0x5245_4B4F  # any number that nobody else locks
PLANNER = 0x5245_4B50  # likewise
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_HELD_UP = {"55P03", "40P01"}  # lock_not_available, deadlock_detected


async def stamp_in_order(session: AsyncSession, clock: Callable[[], datetime]) -> datetime:
    """The present instant, taken where no closing can slip in before this transaction commits.

    SQLite's writer lock, already held, is enough. On PostgreSQL those who stamp share a lock that ``close_the_gate``
    takes alone.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock_shared(:gate)"), {"gate": GATE})
    return clock()


async def close_the_gate(session: AsyncSession) -> None:
    """Wait until every update that was stamped before is stored, and let none be stamped until the commit."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": GATE})


async def wait_for_turn(session: AsyncSession) -> None:
    """Keep the planner's turn until the commit: on PostgreSQL several processes may have a tick at once."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:planner)"), {"planner": PLANNER})


def held_up(error: BaseException | None) -> bool:
    """Whether something could not be done only because somebody else held what it needed; another try may do it."""
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") in _HELD_UP
