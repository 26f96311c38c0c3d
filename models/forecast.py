"""What will be sent in the next weeks, and what staff may do about it.

What waits in the outbox stands there as it is. What is no letter yet is worked out by the planner's own rules, so that
the forecast and the sending cannot differ: each subject answers for itself (``ahead``).
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import weekly
from models.actor import Actor
from models.ballot import reminding as ballots
from models.broadcast import acts as broadcasting
from models.broadcast import forecast as broadcasts
from models.broadcast import sending
from models.deadline import forecast as deadlines
from models.deadline.reminders import REMINDER
from models.meeting import reminding as meetings
from models.outbox import Letter, LetterState
from models.planned import Planned, PlannedKey, Reader, hold, key_of, release
from models.refusals import AlreadyDone, Unknown

HORIZON = timedelta(days=30)
# Letters that stand there together, as one entry of their subject's own.
OWN_ENTRY = (sending.COPY, sending.UPDATE)
# Of what a letter speaks, the first of these that it names.
SUBJECTS = ("deadline", "vote", "meeting", "question", "person", "outage", "broadcast")
SEND_NOW: Mapping[str, Callable[[AsyncSession, Planned, datetime], Awaitable[None]]] = {
    REMINDER: deadlines.send_now,
    ballots.KIND: ballots.send_now,
    meetings.KIND: meetings.send_now,
    meetings.EVE_KIND: meetings.send_now,
    weekly.KIND: weekly.send_now,
}


async def forecast(session: AsyncSession, now: datetime) -> list[Planned]:
    """Everything that will be sent from now on for thirty days if nobody does anything meanwhile, the next first."""
    until = now + HORIZON
    found = await _letters(session, until)
    for subject in (deadlines, ballots, meetings, weekly, broadcasts):
        found += await subject.ahead(session, now, until)
    return sorted(found, key=lambda one: (one.at, one.key))


async def find(session: AsyncSession, key: PlannedKey, now: datetime) -> Planned:
    """One planned message.

    Raises:
        AlreadyDone: it is not, or no longer, ahead.
    """
    for one in await forecast(session, now):
        if one.key == key:
            return one
    raise AlreadyDone


async def stop(session: AsyncSession, key: PlannedKey, by: Actor, now: datetime) -> Planned:
    """Hold a planned message until it is released.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: it has gone, or is held.
        Unknown: it cannot be held.
    """
    staff, found = by.need_staff(), await _changeable(session, key, now)
    if found.held:
        raise AlreadyDone
    if key.kind == sending.COPY:
        await broadcasting.pause(session, key.number, by, now)
    elif found.letters:
        await _change(session, found, held=True)
    else:
        await hold(session, key, staff.person_id, now)
    return await find(session, key, now)


async def let_go(session: AsyncSession, key: PlannedKey, by: Actor, now: datetime) -> Planned:
    """Release a held message. One whose time has passed meanwhile goes with the next tick, as the rules have it.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: it has gone, or is not held.
    """
    by.need_staff()
    found = await _changeable(session, key, now)
    if not found.held:
        raise AlreadyDone
    if key.kind == sending.COPY:
        await broadcasting.resume(session, key.number, by, now)
    else:
        await _release(session, found, now)
    return found


async def send_now(session: AsyncSession, key: PlannedKey, by: Actor, now: datetime) -> Planned:
    """Send a planned message now instead of at its time.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: it has gone.
        Unknown: it hangs on something that has not happened yet.
    """
    by.need_staff()
    found = await _changeable(session, key, now)
    if key.kind == sending.COPY:
        await broadcasting.send_now(session, key.number, by, now)
    elif found.letters:
        await _change(session, found, held=False, not_before=now)
    else:
        await SEND_NOW[key.kind](session, found, now)
        await release(session, key)
    return found


async def _changeable(session: AsyncSession, key: PlannedKey, now: datetime) -> Planned:
    found = await find(session, key, now)
    if found.fixed:
        raise Unknown
    return found


async def _release(session: AsyncSession, found: Planned, now: datetime) -> None:
    if found.letters:
        await _change(session, found, held=False)
        return
    await release(session, found.key)
    if found.key.kind == REMINDER:
        await deadlines.released(session, found.key.number, now)


async def _change(session: AsyncSession, found: Planned, **values: Any) -> None:
    await session.execute(
        update(Letter).where(Letter.id.in_(found.letters), Letter.state == LetterState.WAITING).values(**values)
    )


async def _letters(session: AsyncSession, until: datetime) -> list[Planned]:
    """What waits in the outbox, together what is about the same and goes at the same time."""
    waiting = await session.scalars(
        select(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.not_before <= until, Letter.kind.not_in(OWN_ENTRY))
        .order_by(Letter.not_before, Letter.id)
    )
    groups: dict[tuple[PlannedKey, bool], list[Letter]] = defaultdict(list)
    for letter in waiting:
        groups[key_of(letter.kind, _subject(letter), letter.not_before), letter.held].append(letter)
    return [_together(key, letters) for (key, _), letters in groups.items()]


def _together(key: PlannedKey, letters: list[Letter]) -> Planned:
    readers = tuple(Reader(one.telegram_id, one.about) for one in letters)
    first, numbers = letters[0], tuple(one.id for one in letters)
    return Planned(key, first.not_before, readers, held=first.held, letters=numbers)


def _subject(letter: Letter) -> int:
    return next((int(letter.about[name]) for name in SUBJECTS if name in letter.about), 0)
