"""What is done once a day or a week: each chore notes the hour it was last done for, so that no restart repeats it."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.calendar import Calendar
from models.statements import insert_or

NIGHT = time(3)  # when the day's cleaning is done
MORNING = time(9)
MONDAY = 0


class Chore(Base):
    """A chore and the hour it was last done for."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(primary_key=True)
    done_for: Mapped[datetime]


def daily(now: datetime, calendar: Calendar) -> datetime:
    """The last hour of cleaning at or before now: 3 o'clock at night, local."""
    day = calendar.day(now)
    today = calendar.at(day, NIGHT)
    return today if today <= now else calendar.at(day - timedelta(days=1), NIGHT)


def weekly(now: datetime, calendar: Calendar) -> datetime:
    """The last Monday, 9 o'clock, at or before now, local."""
    day = calendar.day(now)
    monday = calendar.at(day - timedelta(days=day.weekday() - MONDAY), MORNING)
    return monday if monday <= now else calendar.at(calendar.day(monday) - timedelta(days=7), MORNING)


async def turn(session: AsyncSession, name: str, hour: datetime, *, every: timedelta) -> datetime | None:
    """Note that a chore is done for an hour; the hour it was done for before, or None where it is done already.

    The first time it counts from ``every`` before. Over an outage the missed hours become one.
    """
    last = await session.scalar(select(Chore.done_for).where(Chore.name == name).with_for_update())
    if last is not None and last >= hour:
        return None
    await session.execute(
        insert_or(session, Chore)
        .values(name=name, done_for=hour)
        .on_conflict_do_update(index_elements=["name"], set_={"done_for": hour})
    )
    return last or hour - every
