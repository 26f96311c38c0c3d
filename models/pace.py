"""One pace for all processes on one PostgreSQL, since Telegram counts by the bot's token.

Measured on the clock of the database: it is the only one that the processes share, and nothing here is an instant that
anybody is told. On SQLite one process works alone and keeps its pace by itself.
"""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ColumnElement, Interval, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.columns import UtcDateTime
from models.statements import insert_or

BURST = 5  # letters that may leave at once after a pause: with 25 a second, 30 in any second
FARTHEST = timedelta(seconds=60)  # a turn farther ahead than this comes from a clock that was set back
EPOCH = "1970-01-01T00:00:00+00:00"


class Pace(Base):
    """How far the common pace has come (a single row, id 1)."""

    __tablename__ = "pace"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    free_at: Mapped[datetime]  # the turn of the next letter
    halt_told_at: Mapped[datetime]
    halted_until: Mapped[datetime]
    ticked_at: Mapped[datetime]  # when the last tick was begun, by whichever process
    webhook: Mapped[str | None]  # a digest of what Telegram was told of the webhook, its secret included


_CLOCK = func.clock_timestamp(type_=UtcDateTime)


def _later(seconds: float) -> ColumnElement[datetime]:
    return _CLOCK + literal(timedelta(seconds=seconds), Interval)


async def begin(session: AsyncSession) -> None:
    """Make the row where there is none yet."""
    then = datetime.fromisoformat(EPOCH)
    row = {"id": 1, "free_at": then, "halt_told_at": then, "halted_until": then, "ticked_at": then}
    await session.execute(insert_or(session, Pace).values(row).on_conflict_do_nothing())


async def reserve(session: AsyncSession, letters: int, rate: int, before: float = 0.0) -> float:
    """Reserve the next turns, ``1 / rate`` seconds apart; seconds until the first of them (negative: it is past).

    ``before``: as many turns go to what was sent without asking.
    """
    earliest, latest = _later(-BURST / rate), _later(FARTHEST.total_seconds())
    begins = func.greatest(case((Pace.free_at > latest, earliest), else_=Pace.free_at), earliest)
    taken = literal(timedelta(seconds=(before + letters) / rate), Interval)
    wait = func.extract("epoch", Pace.free_at - literal(timedelta(seconds=letters / rate), Interval) - _CLOCK)
    return float(await session.scalar(update(Pace).values(free_at=begins + taken).returning(wait)) or 0.0)


async def note_halt(session: AsyncSession, seconds: float) -> None:
    """Telegram wants silence for so long: all processes keep it."""
    until = func.greatest(Pace.halted_until, _later(seconds))
    await session.execute(update(Pace).values(halt_told_at=_CLOCK, halted_until=until))


async def halted_for(session: AsyncSession) -> float:
    """Seconds for which Telegram wants silence, as told to any process; 0 where it does not."""
    told = Pace.halt_told_at <= func.clock_timestamp()  # else the clock was set back since
    left = func.extract("epoch", Pace.halted_until - _CLOCK)
    return max(0.0, float(await session.scalar(select(left).where(told)) or 0.0))


async def take_tick(session: AsyncSession, every: timedelta) -> bool:
    """Whether this process does the tick: none has begun one for nearly so long."""
    since = _CLOCK - Pace.ticked_at
    recent = since.between(literal(timedelta(0), Interval), literal(every * 0.8, Interval))
    statement = update(Pace).where(~recent).values(ticked_at=_CLOCK)
    return (await session.scalar(statement.returning(Pace.id))) is not None


async def known_webhook(session: AsyncSession) -> str | None:
    """The digest of what Telegram was last told of the webhook."""
    return await session.scalar(select(Pace.webhook))


async def note_webhook(session: AsyncSession, digest: str | None) -> None:
    """Telegram was told of a webhook, or that there is none."""
    await session.execute(update(Pace).values(webhook=digest))
