"""„Sagen Sie mir Bescheid": somebody asked for a date that is not entered, and is told when it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.actor import Actor, actor
from models.base import Base
from models.calendar import Calendar
from models.deadline import (
    Deadline,
    effective_due,
    hearers,
    is_past,
    may_see,
    new_key,
    news_at,
    office_calendar,
    schedule_of,
)
from models.outbox import Letter, NewLetter, post
from models.question.rows import OfficeQuestion
from models.search.dates import Wanted, fitting
from models.statements import insert_or

DEADLINE, MEETING = "deadline", "meeting"
OPEN = text("told_at IS NULL")


class Wish(Base):
    """One question for a date that was not entered, by its number. ``wanted`` is a ``Wanted`` as JSON.

    Deadlines up to the number ``seen`` have been looked at. A wish for a meeting is met by its invitation.
    """

    __tablename__ = "wishes"
    __table_args__ = (
        CheckConstraint("about IN ('deadline', 'meeting')", name="about"),
        Index("ix_wishes_open", "about", "seen", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    question_number: Mapped[int] = mapped_column(ForeignKey("questions.number"), primary_key=True, autoincrement=False)
    telegram_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("accounts.telegram_id"), index=True)
    about: Mapped[str]
    wanted: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    seen: Mapped[int]
    told_at: Mapped[datetime | None]


async def wish(session: AsyncSession, question: int, about: str, asked: Wanted, who: Actor, now: datetime) -> bool:
    """Note the wish of an account (whose row exists); False: it was noted before."""
    highest = await session.scalar(select(func.max(Deadline.number))) or 0
    row = {
        "question_number": question,
        "telegram_id": who.telegram_id,
        "about": about,
        "wanted": asked.as_json(),
        "asked_at": now,
        "seen": highest,
        "told_at": None,
    }
    noted = await session.scalar(
        insert_or(session, Wish).values(row).on_conflict_do_nothing().returning(Wish.question_number)
    )
    return noted is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """A date that is wished for: what it is of, the question as it was asked, since when, by how many."""

    about: str
    text: str
    since: datetime
    many: int


async def open_wishes(session: AsyncSession) -> list[Asked]:
    """The dates that somebody waits for, those first that are wished for longest; the same wording is one."""
    rows = await session.execute(
        select(Wish.about, OfficeQuestion.text, func.min(Wish.asked_at), func.count(Wish.telegram_id.distinct()))
        .join(OfficeQuestion, OfficeQuestion.number == Wish.question_number)
        .where(Wish.told_at.is_(None), OfficeQuestion.text != "")
        .group_by(Wish.about, OfficeQuestion.text)
        .order_by(func.min(Wish.asked_at), OfficeQuestion.text)
    )
    return [Asked(*row) for row in rows]


async def tell_of_deadlines(session: AsyncSession, now: datetime) -> None:
    """Tell those who wished for it of deadlines entered since. With nothing new it costs one look at an index."""
    highest = select(func.coalesce(func.max(Deadline.number), 0)).scalar_subquery()
    waiting = await session.scalars(
        select(Wish)
        .where(Wish.about == DEADLINE, Wish.told_at.is_(None), Wish.seen < highest)
        .order_by(Wish.question_number)
        .with_for_update(skip_locked=True)
    )
    calendar: Calendar | None = None
    for row in list(waiting):
        calendar = calendar or await office_calendar(session)
        await _look(session, row, calendar, now)


async def _look(session: AsyncSession, row: Wish, calendar: Calendar, now: datetime) -> None:
    fresh = list(await session.scalars(select(Deadline).where(Deadline.number > row.seen).order_by(Deadline.due_at)))
    row.seen = max((one.number for one in fresh), default=row.seen)
    who = await actor(session, row.telegram_id)
    ahead = [
        one
        for one in fresh
        if not one.status and not is_past(schedule_of(one), calendar, now) and may_see(one.audience, who)
    ]
    found = fitting(ahead, Wanted.from_json(row.wanted), calendar)
    if not found:
        return
    row.told_at = now
    # Whoever follows the area has been told of it already.
    known = set(
        await session.scalars(
            select(Letter.key).where(Letter.key.in_([new_key(one, row.telegram_id) for one in found]))
        )
    )
    left = [one for one in found if new_key(one, row.telegram_id) not in known]
    if left:
        about = {"question": row.question_number, "deadlines": [one.number for one in left]}
        goes_at = news_at(calendar, now, [effective_due(schedule_of(one), calendar) for one in left])
        await post(session, NewLetter(f"wish:{row.question_number}", "wish", row.telegram_id, about, goes_at), now)


async def awaited_by(session: AsyncSession, row: Deadline) -> set[int]:
    """The accounts that wished to be told of such a deadline; the row need not be stored yet."""
    calendar = await office_calendar(session)
    waiting = await session.scalars(select(Wish).where(Wish.about == DEADLINE, Wish.told_at.is_(None)))
    return {
        one.telegram_id
        for one in list(waiting)
        if fitting([row], Wanted.from_json(one.wanted), calendar)
        and may_see(row.audience, await actor(session, one.telegram_id))
    }


async def told_of_new(session: AsyncSession, row: Deadline, now: datetime) -> set[int]:
    """Everybody who hears of a new deadline at once: who follows it, whom it is for, who wished for it."""
    if row.status or is_past(schedule_of(row), await office_calendar(session), now):
        return set()
    return {*await hearers(session, row), *await awaited_by(session, row)}


async def meeting_called(session: AsyncSession, invited: set[int], now: datetime) -> None:
    """A meeting was called: the wishes of those who get its invitation are met by it."""
    waiting = await session.scalars(select(Wish).where(Wish.about == MEETING, Wish.told_at.is_(None)).with_for_update())
    for row in list(waiting):
        if row.telegram_id in invited:
            row.told_at = now
