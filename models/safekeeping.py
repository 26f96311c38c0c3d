"""Backups as the office knows them: ordered by a tap or by the night, made by one process, told of, and kept count of.

    ordered ──► in hand (lease) ──► ended: with a name and a size, or with a fault

An order is a row, so that it is made exactly once: whoever orders while one is open joins it, a process that dies
leaves its lease behind, and of several processes one takes it up. What a file is knows ``bot/backup``, not this room.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, delete, func, or_, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models import chores
from models.actor import Actor, staff_accounts
from models.base import Base
from models.calendar import Calendar
from models.chores import Chore
from models.deadline import office_calendar
from models.office import the_office
from models.outbox import NewLetter, post
from models.statements import insert_or

HOUR = 4  # of the night; an hour after the cleaning, so that what went is in no new backup
KEPT = 14  # days
CHORE = "backup"
LETTER = "backup"
LEASE = timedelta(minutes=30)
TRIES = 3
DAY = timedelta(days=1)
OVERDUE = timedelta(days=2)  # without a good one for so long something is wrong
OPEN = text("open")


class Fault(StrEnum):
    """Why one could not be made."""

    SPACE = "space"
    PERMISSION = "permission"
    FOLDER = "folder"
    DAMAGED = "damaged"  # read back, it was not what had been written
    STORE = "store"
    INTERRUPTED = "interrupted"  # the process died at it, again and again
    OTHER = "other"


class Backup(Base):
    """One backup, from its order to its end. Only one is open at a time."""

    __tablename__ = "backups"
    __table_args__ = (
        CheckConstraint("open = (ended_at IS NULL)", name="open_until_ended"),
        CheckConstraint("open OR (name = '') = (fault <> '')", name="made_or_failed"),
        Index("uq_backups_open", "open", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ordered_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(  # None: by the night, or who asked has left
        BigInteger, ForeignKey("accounts.telegram_id")
    )
    open: Mapped[bool] = mapped_column(default=True, server_default=true())
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    ended_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(default="", server_default="")  # of the file
    kilobytes: Mapped[int] = mapped_column(default=0, server_default="0")  # of the file, rounded up
    kept: Mapped[int] = mapped_column(default=0, server_default="0")  # files in the folder since
    left_out: Mapped[list[int]] = mapped_column(default=list, server_default="[]")  # secret votes without their ballots
    fault: Mapped[str] = mapped_column(default="", server_default="")  # ``Fault``

    @property
    def good(self) -> bool:
        """Whether it was made."""
        return self.ended_at is not None and not self.fault


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written and read back."""

    name: str
    kilobytes: int
    kept: int
    left_out: Sequence[int] = ()


# --- which files stay


def surplus(files: Iterable[tuple[date, str]], kept: int) -> list[str]:
    """The files to delete, given each with its day: of the newest day all stay, of ``kept`` days each day's last."""
    by_day: dict[date, list[str]] = {}
    for day, name in sorted(files):
        by_day.setdefault(day, []).append(name)
    days = sorted(by_day, reverse=True)
    stays = {by_day[day][-1] for day in days[:kept]} | set(by_day[days[0]] if days else ())
    return [name for names in by_day.values() for name in names if name not in stays]


def last_hour(now: datetime, calendar: Calendar, hour: int) -> datetime:
    """The last nightly hour at or before now, local."""
    day = calendar.day(now)
    today = calendar.at(day, time(hour))
    return today if today <= now else calendar.at(day - DAY, time(hour))


# --- ordering


async def order(session: AsyncSession, by: Actor, now: datetime) -> tuple[Backup, bool]:
    """Staff wants one now: the open one, which they hear of too, and whether it is a new one.

    Raises:
        NotEntitled: for everyone but staff.
    """
    by.need_staff()
    fresh = await _open_one(session, now)
    row = await session.scalar(select(Backup).where(Backup.open).with_for_update())
    if row is None:  # ended between the two statements
        return await order(session, by, now)
    if row.asked_by is None:
        row.asked_by = by.telegram_id
    await session.flush()
    return row, fresh


async def order_nightly(session: AsyncSession, now: datetime) -> None:
    """One a night. In its first night a store is empty or was just copied; it begins with the next one."""
    settings = (await the_office(session)).settings
    hour = last_hour(now, await office_calendar(session), int(settings.get("backup_hour", HOUR)))
    known = await session.get(Chore, CHORE)
    if known is not None and known.done_for >= hour:
        return
    if await chores.turn(session, CHORE, hour, every=DAY) is not None and known is not None:
        await _open_one(session, now)


async def _open_one(session: AsyncSession, now: datetime) -> bool:
    """Order one unless one is open; whether it is new."""
    values = {"ordered_at": now, "open": True, "left_out": []}
    statement = insert_or(session, Backup).values(values).on_conflict_do_nothing().returning(Backup.id)
    return await session.scalar(statement) is not None


# --- making


async def claim(session: AsyncSession, now: datetime) -> Backup | None:
    """Take the open one in hand, unless another process has it."""
    free = or_(Backup.lease_until.is_(None), Backup.lease_until <= now)
    row = await session.scalar(select(Backup).where(Backup.open, free).with_for_update(skip_locked=True))
    if row is None:
        return None
    if row.tries >= TRIES:
        await _end(session, row, Fault.INTERRUPTED, now)
        return None
    row.tries, row.lease_until = row.tries + 1, now + LEASE
    await session.flush()
    return row


async def release(session: AsyncSession) -> None:
    """Nobody is at it: the process that was has ended, and there is no other."""
    row = await session.scalar(select(Backup).where(Backup.open))
    if row is not None:
        row.lease_until = None


async def settle(session: AsyncSession, number: int, outcome: Made | Fault, now: datetime) -> None:
    """Note what became of it, and tell those who are to hear of it."""
    row = await session.get(Backup, number, with_for_update=True)
    if row is not None and row.open:
        await _end(session, row, outcome, now)


async def _end(session: AsyncSession, row: Backup, outcome: Made | Fault, now: datetime) -> None:
    before = await last_ended(session)
    row.open, row.ended_at, row.lease_until = False, now, None
    if isinstance(outcome, Made):
        row.name, row.kilobytes, row.kept, row.left_out = (
            outcome.name,
            outcome.kilobytes,
            outcome.kept,
            list(outcome.left_out),
        )
    else:
        row.fault = outcome
    await session.flush()
    # The first failure of a row of them is told to all; that it goes on failing stands under „/buero".
    everyone = bool(row.fault) and (before is None or before.good)
    readers = {row.asked_by} if row.asked_by is not None else set()
    for telegram_id in sorted(readers | set(await staff_accounts(session) if everyone else ())):
        asked = telegram_id == row.asked_by
        goes_at = now if asked else (await office_calendar(session)).next_allowed(now)
        letter = NewLetter(f"{LETTER}:{row.id}:{telegram_id}", LETTER, telegram_id, {"backup": row.id}, goes_at)
        await post(session, letter, now)


# --- looking


async def open_one(session: AsyncSession) -> Backup | None:
    """The one that is ordered or in hand."""
    return await session.scalar(select(Backup).where(Backup.open))


async def last_ended(session: AsyncSession) -> Backup | None:
    """The last one, good or failed."""
    return await session.scalar(select(Backup).where(~Backup.open).order_by(Backup.id.desc()).limit(1))


async def last_good(session: AsyncSession) -> Backup | None:
    """The last one that was made."""
    return await session.scalar(
        select(Backup).where(~Backup.open, Backup.fault == "").order_by(Backup.id.desc()).limit(1)
    )


async def forget_old(session: AsyncSession, before: datetime) -> int:
    """Drop what ended before; the last good one stays."""
    last = select(func.max(Backup.id)).where(Backup.fault == "", ~Backup.open).scalar_subquery()
    gone = delete(Backup).where(Backup.ended_at < before, or_(last.is_(None), Backup.id < last))
    counted: int = (await session.execute(gone)).rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
    return counted
