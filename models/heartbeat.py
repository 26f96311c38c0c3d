"""Signs of life and outages: a gap of more than an hour between two beats."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

EVERY = timedelta(minutes=1)
GAP = timedelta(hours=1)


class Heartbeat(Base):
    """The last sign of life (a single row, id 1)."""

    __tablename__ = "heartbeat"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class Outage(Base):
    """Nobody was at home from … to …."""

    __tablename__ = "outages"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]


async def note(session: AsyncSession, now: datetime) -> Outage | None:
    """Note a sign of life; the outage that it ends, if there was one."""
    last = await session.get(Heartbeat, 1, with_for_update=True)
    if last is None:
        session.add(Heartbeat(id=1, at=now))
        return None
    if now - last.at < EVERY:
        return None
    gone, last.at = now - last.at, now
    if gone <= GAP:
        return None
    outage = Outage(began_at=now - gone, ended_at=now)
    session.add(outage)
    return outage
