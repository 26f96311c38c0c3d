"""Signs of life and outages: a gap of more than an hour between two beats."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.ballot.rows import Vote
from models.base import Base
from models.deadline import Subscription, office_calendar
from models.drafts import Draft
from models.meeting.rows import Meeting
from models.member import Membership, Person
from models.outbox import NewLetter, post
from models.question import OfficeQuestion
from models.statements import insert_or

EVERY = timedelta(minutes=1)
GAP = timedelta(hours=1)
LONG = timedelta(hours=20)  # Telegram keeps updates for 24 hours: https://core.telegram.org/bots/api#getting-updates


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
        # Two processes may start at once.
        await session.execute(insert_or(session, Heartbeat).values(id=1, at=now).on_conflict_do_nothing())
        return None
    if now - last.at < EVERY:
        return None
    gone, last.at = now - last.at, now
    if gone <= GAP:
        return None
    outage = Outage(began_at=now - gone, ended_at=now)
    session.add(outage)
    await tell_of_outage(session, outage, now)
    return outage


async def tell_of_outage(session: AsyncSession, outage: Outage, now: datetime) -> None:
    """After a long outage, one letter to everyone with something open: from when to when, and what is stored."""
    if outage.ended_at - outage.began_at <= LONG:
        return
    await session.flush()
    calendar = await office_calendar(session)
    for telegram_id in await _with_something_open(session, now):
        letter = NewLetter(
            f"outage:{outage.id}:{telegram_id}",
            "outage",
            telegram_id,
            {"outage": outage.id},
            not_before=calendar.next_allowed(now),
        )
        await post(session, letter, now)


async def _with_something_open(session: AsyncSession, now: datetime) -> list[int]:
    """Whoever has a vote or a meeting ahead, is reminded of a deadline, waits for the office, or fills in a form."""
    votes = select(Vote.body_id).where(Vote.opened_at.is_not(None), Vote.closed_at.is_(None))
    meetings = select(Meeting.body_id).where(Meeting.invited_at.is_not(None), Meeting.starts_at > now)
    members = (
        select(Person.telegram_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.telegram_id.is_not(None),
            Membership.ended_at.is_(None),
            Membership.body_id.in_(votes.union(meetings)),
        )
    )
    others = (
        select(Draft.telegram_id),
        select(Subscription.telegram_id).where(Subscription.next_at.is_not(None), Subscription.ended_at.is_(None)),
        select(OfficeQuestion.telegram_id).where(
            OfficeQuestion.handed_at.is_not(None), OfficeQuestion.answered_at.is_(None)
        ),
    )
    found = await session.scalars(members.union(*others))
    return sorted({one for one in found if one is not None})
