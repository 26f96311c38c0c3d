"""Deadlines: entering, changing and cancelling, and who is told. Who enters is asked where the request comes in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.deadline.acts import subscribers
from models.deadline.following import CHUNK, hearers, join
from models.deadline.reminders import office_calendar, rearm
from models.deadline.rows import CANCELLED, Deadline, Step
from models.deadline.rules import (
    Change,
    Entry,
    Revision,
    Schedule,
    changes,
    effective_due,
    is_past,
    mornings,
    news_at,
    schedule_of,
)
from models.outbox import NewLetter, post
from models.refusals import Unknown
from models.statements import insert_or

# What the office notes for itself; nobody is written to for its sake.
SILENT_FIELDS = frozenset({"key", "audience", "leads"})


async def enter(session: AsyncSession, entry: Entry, now: datetime, *, told: bool = False) -> Deadline:
    """Enter a deadline; it needs at least a title, a kind and a due time. Who hears of it is reminded from now on.

    ``told``: the caller tells them of it in the same transaction (``announce_new``), so a step that is past already is
    not sent after it, as late.
    """
    row = Deadline(**entry, entered_at=now)
    session.add(row)
    await session.flush()
    await join(session, row, now)
    if told:
        await _count_as_told(session, row, now)
        await rearm(session, row, now)
    return row


async def revise(session: AsyncSession, number: int, entry: Entry, now: datetime, *, told: bool) -> Revision:
    """Change a deadline: a new revision, its steps armed anew.

    Steps whose mornings the change does not touch stay told. ``told``: the caller announces old → new to the
    subscribers in the same transaction, so a step that is past already is not sent after it once more, as late.

    Raises:
        Unknown: there is no such deadline.
    """
    row = await session.get(Deadline, number, with_for_update=True)
    if row is None:
        raise Unknown
    found = changes(row, entry)
    before, revision = schedule_of(row), row.revision
    if not found:
        return Revision(row, (), before)
    for change in found:
        setattr(row, change.field, change.new)
    row.revision += 1
    await session.flush()
    await _carry_steps(session, row, before, revision)
    if told and told_changes(found):
        await _count_as_told(session, row, now)
    await join(session, row, now)
    await rearm(session, row, now)
    return Revision(row, found, before)


async def cancel(session: AsyncSession, number: int, now: datetime) -> Revision:
    """Cancel a deadline; who subscribed is told by the caller.

    Raises:
        Unknown: there is no such deadline.
    """
    return await revise(session, number, {"status": CANCELLED}, now, told=True)


async def confirm(session: AsyncSession, number: int, by: Actor) -> Deadline:
    """Somebody of the office has found a deadline right as it stands; a change asks anew.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: there is no such deadline.
    """
    by.need_staff()
    row = await session.get(Deadline, number, with_for_update=True)
    if row is None:
        raise Unknown
    row.confirmed = row.revision
    await session.flush()
    return row


async def _carry_steps(session: AsyncSession, row: Deadline, before: Schedule, revision: int) -> None:
    """What was told of a morning that stays is told of the new revision, too."""
    calendar = await office_calendar(session)
    was, is_now = mornings(before, calendar), mornings(schedule_of(row), calendar)
    staying = [lead for lead, morning in was.items() if is_now.get(lead) == morning]
    await session.execute(
        update(Step)
        .where(Step.deadline_number == row.number, Step.revision == revision, Step.lead.in_(staying))
        .values(revision=row.revision)
    )


async def _count_as_told(session: AsyncSession, row: Deadline, now: datetime) -> None:
    steps = mornings(schedule_of(row), await office_calendar(session))
    come = [lead for lead, moment in steps.items() if moment <= now]
    readers = await subscribers(session, row) if come else []
    told = {"deadline_number": row.number, "revision": row.revision, "late": False}
    for start in range(0, len(readers), CHUNK):
        values = [
            {**told, "telegram_id": telegram_id, "lead": lead}
            for telegram_id in readers[start : start + CHUNK]
            for lead in come
        ]
        await session.execute(insert_or(session, Step).values(values).on_conflict_do_nothing())


def told_changes(found: Sequence[Change]) -> tuple[Change, ...]:
    """The changes that people are told of."""
    return tuple(change for change in found if change.field not in SILENT_FIELDS)


async def told_by(session: AsyncSession, revision: Revision, now: datetime) -> list[int]:
    """Who is told of a change: the subscribers that may see it, where it matters to anybody still."""
    calendar = await office_calendar(session)
    over = all(is_past(one, calendar, now) for one in (revision.before, schedule_of(revision.deadline)))
    if over or not told_changes(revision.changes):
        return []
    return await subscribers(session, revision.deadline)


async def announce(session: AsyncSession, revision: Revision, now: datetime, *, reason: str = "") -> int:
    """Tell the subscribers of a changed or cancelled deadline what it was and what it is; returns how many.

    In quiet hours it waits for their end, unless the date it had or has is too near for that.
    """
    row, calendar = revision.deadline, await office_calendar(session)
    readers = await told_by(session, revision, now)
    changed = [
        {"field": one.field, "old": plain(one.old), "new": plain(one.new)} for one in told_changes(revision.changes)
    ]
    about = {"deadline": row.number, "changes": changed, "reason": reason}
    schedules = (revision.before, schedule_of(row))
    goes_at = news_at(calendar, now, [effective_due(one, calendar) for one in schedules])
    for telegram_id in readers:
        key = f"deadline_changed:{row.number}:{row.revision}:{telegram_id}"
        await post(session, NewLetter(key, "deadline_changed", telegram_id, about, not_before=goes_at), now)
    return len(readers)


async def announce_new(session: AsyncSession, row: Deadline, now: datetime) -> None:
    """Tell those who hear of a new deadline without asking that it is there, as long as it is ahead."""
    calendar = await office_calendar(session)
    if row.status or is_past(schedule_of(row), calendar, now):
        return
    goes_at = news_at(calendar, now, [effective_due(schedule_of(row), calendar)])
    for telegram_id in await hearers(session, row):
        letter = NewLetter(new_key(row, telegram_id), "deadline_new", telegram_id, {"deadline": row.number}, goes_at)
        await post(session, letter, now)


def new_key(row: Deadline, telegram_id: int) -> str:
    """The key of the letter that tells somebody of a new deadline."""
    return f"deadline_new:{row.number}:{telegram_id}"


def plain(value: Any) -> Any:
    """A field's value as JSON."""
    return value.isoformat() if isinstance(value, datetime) else value
