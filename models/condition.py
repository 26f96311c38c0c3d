"""How the assistant itself is: what it has on its hands, what it did last, what went wrong. Figures, never contents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import record, safekeeping, troubles
from models.chores import Chore
from models.forecast import OWN_ENTRY
from models.heartbeat import Outage
from models.inbox import InboxRow, InboxState
from models.knowledge.rows import Edition, Passage, in_force
from models.office import the_office
from models.outbox import Letter, LetterState
from models.record import Head
from models.safekeeping import Backup
from models.search.vectors import PassageVector
from models.troubles import Trouble

LATELY = timedelta(hours=24)
SHOWN = timedelta(days=30)  # outages and errors
SLOW = timedelta(minutes=10)  # what was due before should have been done by now
CLEANED_WITHIN = timedelta(hours=26)


class Wrong(StrEnum):
    """What is not as it should be."""

    UNWORKED = "unworked"  # messages to us
    UNSENT = "unsent"  # letters of ours
    ERRORS = "errors"
    OUTAGE = "outage"
    BACKUP_FAILED = "backup failed"
    NO_BACKUP = "no backup"
    NOT_CLEANED = "not cleaned"


@dataclass(frozen=True, slots=True)
class Condition:
    """All there is to know. ``next_letter``: when the next one may go; None: none waits."""

    shared: bool  # PostgreSQL, for several processes
    unworked: int
    oldest_unworked: datetime | None
    letters: int
    next_letter: datetime | None
    overdue_letters: int
    troubles: Sequence[Trouble]
    outages: Sequence[Outage]
    open_backup: Backup | None
    last_backup: Backup | None
    good_backup: Backup | None
    kept_days: int
    backups_expected: bool  # a night has passed in which one was due
    cleaned_for: datetime | None
    head: Head
    sources: int
    passages: int
    vectors: int


async def look(session: AsyncSession, now: datetime) -> Condition:
    """Look at everything; some twenty short statements."""
    # What came in at this very instant is being worked off, the question for this page among it.
    pending = (InboxRow.state == InboxState.PENDING) & (InboxRow.received_at < now)
    waiting = (Letter.state == LetterState.WAITING, ~Letter.held)
    unworked, oldest = (
        await session.execute(select(func.count(), func.min(InboxRow.received_at)).where(pending))
    ).one()
    letters, next_letter = (
        await session.execute(select(func.count(), func.min(Letter.not_before)).where(*waiting))
    ).one()
    return Condition(
        session.get_bind().dialect.name == "postgresql",
        unworked,
        oldest,
        letters,
        next_letter,
        await _count(
            session,
            select(func.count()).where(*waiting, Letter.not_before <= now - SLOW, Letter.kind.not_in(OWN_ENTRY)),
        ),
        await troubles.since(session, now - SHOWN),
        list(await session.scalars(select(Outage).where(Outage.ended_at > now - SHOWN).order_by(Outage.id.desc()))),
        await safekeeping.open_one(session),
        await safekeeping.last_ended(session),
        await safekeeping.last_good(session),
        int((await the_office(session)).settings.get("backups_kept", safekeeping.KEPT)),
        await _nights_passed(session, now),
        await session.scalar(select(Chore.done_for).where(Chore.name == "clean")),
        await record.head(session),
        await _count(session, select(func.count()).select_from(Edition).where(in_force())),
        await _count(session, select(func.count()).select_from(Passage).join(Edition).where(in_force())),
        await _count(session, select(func.count(PassageVector.hash.distinct()))),
    )


def wrong(condition: Condition, now: datetime) -> list[Wrong]:
    """What is not as it should be, the most urgent first; empty when all is well."""
    last, good = condition.last_backup, condition.good_backup
    failed = last is not None and not last.good
    missing = condition.backups_expected and (good is None or now - _ended(good) > safekeeping.OVERDUE)
    cleaned = condition.cleaned_for
    found = {
        Wrong.UNWORKED: condition.oldest_unworked is not None and now - condition.oldest_unworked > SLOW,
        Wrong.UNSENT: condition.overdue_letters > 0,
        Wrong.ERRORS: any(one.last_at > now - LATELY for one in condition.troubles),
        Wrong.OUTAGE: any(one.ended_at > now - LATELY for one in condition.outages),
        Wrong.BACKUP_FAILED: failed,
        Wrong.NO_BACKUP: missing and not failed,
        Wrong.NOT_CLEANED: cleaned is not None and now - cleaned > CLEANED_WITHIN,
    }
    return [one for one, holds in found.items() if holds]


def _ended(backup: Backup) -> datetime:
    return backup.ended_at or backup.ordered_at


async def _nights_passed(session: AsyncSession, now: datetime) -> bool:
    """Whether the nightly backup has been due for longer than one may be without; its first night is none."""
    first = await session.scalar(select(func.min(Backup.ordered_at)))
    return first is not None and now - first > safekeeping.OVERDUE


async def _count(session: AsyncSession, statement: Any) -> int:
    return await session.scalar(statement) or 0
