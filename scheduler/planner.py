"""What is due → letters in the outbox. A subject that fails keeps no other from it; a tick may come twice."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import deadline, heartbeat, inbox, knowledge, privacy, question, safekeeping, weekly, wish
from models.ballot import closing, entering
from models.ballot import reminding as ballot_reminders
from models.ballot.secret.counting import forget_casts
from models.base import Database
from models.broadcast import correcting as broadcast_changes
from models.broadcast import sending as broadcasts
from models.locks import close_the_gate, held_up, wait_for_turn
from models.meeting import reminding as meeting_reminders
from models.outbox import NewLetter, post

log = logging.getLogger("scheduler.planner")

Act = Callable[[AsyncSession, datetime], Awaitable[object]]


async def plan(database: Database, now: datetime) -> None:
    """Open and close votes, remind, turn sources over to their next edition, forget what is to be forgotten."""
    for acts in _groups(together=not database.shared):
        await _carry_out(database, acts, now)


def _groups(*, together: bool) -> list[tuple[Act, ...]]:
    """The acts, as they share a transaction.

    SQLite has one writer, who holds nobody up by a lock: mostly nothing is due, and a transaction costs more than that.
    What concerns votes, and the night's cleaning, stays alone there too.
    """
    if not together:
        return [(act,) for act in ACTS]
    alone = (note_sign_of_life, open_and_close_votes, clean_up)
    others = tuple(act for act in ACTS if act not in alone)
    return [(note_sign_of_life,), (open_and_close_votes,), others, (clean_up,)]


async def _carry_out(database: Database, acts: tuple[Act, ...], now: datetime) -> None:
    """Acts in one transaction. Where one of them fails, each has another try in a transaction of its own."""
    try:
        async with database.begin() as session:
            # Two processes that planned the same side by side would wait for each other's rows.
            await wait_for_turn(session)
            done = [await act(session, now) for act in acts]
        if clean_up in acts and any(done):
            await database.rewrite_log()
    except Exception as error:
        if held_up(error):
            log.warning("Planning (%s) waits for what somebody else is changing.", acts[0].__name__)
        elif len(acts) == 1:
            # A vote that cannot be closed must not keep a deadline's reminder from going out.
            named = {"reference": acts[0].__name__}
            log.exception("Planning (%s) failed; the next tick tries again.", acts[0].__name__, extra=named)
            return
        for act in acts:
            await _carry_out(database, (act,), now)


async def open_and_close_votes(session: AsyncSession, now: datetime) -> None:
    """Open what was to open; close what has ended, once every update received before it is worked off."""
    await close_the_gate(session)
    await entering.open_due(session, now)
    await closing.close_due(session, now)


async def remind_of_deadlines(session: AsyncSession, now: datetime) -> None:
    """One letter a person and morning, which gathers all steps that are due."""
    calendar = await deadline.office_calendar(session)
    for reminder in await deadline.due_reminders(session, now):
        key = deadline.reminder_key(reminder, now, calendar)
        letter = await post(session, NewLetter(key, "reminder", reminder.telegram_id), now)
        if letter is not None:
            await deadline.record_steps(session, reminder, letter, now)


async def note_sign_of_life(session: AsyncSession, now: datetime) -> None:
    """Note that we are here; an outage that this ends goes on the record of the votes it fell into."""
    outage = await heartbeat.note(session, now)
    if outage is not None:
        await closing.note_outage(session, outage, now)


async def forget_old_updates(session: AsyncSession, now: datetime) -> None:
    """Drop the ids that no redelivery can bring again."""
    await inbox.forget_old(session, now)
    await forget_casts(session, now)


async def turn_sources_over(session: AsyncSession, now: datetime) -> None:
    """Put the editions in force whose first day has come, and tell those who asked what has changed by it."""
    await question.tell_of_changes(session, await knowledge.turn_over(session, now), now)


async def clean_up(session: AsyncSession, now: datetime) -> bool:
    """Once a night: what has been kept long enough goes. The log says how much of what."""
    cleaned = await privacy.clean(session, now)
    if cleaned is not None:
        counts = ", ".join(f"{name} {number}" for name, number in cleaned.items()) or "nothing was due"
        log.info("The night's cleaning: %s.", counts)
    return bool(cleaned)


ACTS: tuple[Act, ...] = (
    # First, since whether a closing fell into an outage is asked next.
    note_sign_of_life,
    open_and_close_votes,
    ballot_reminders.remind,
    meeting_reminders.remind,
    remind_of_deadlines,
    weekly.tell_staff,
    wish.tell_of_deadlines,
    broadcasts.begin_due,
    broadcast_changes.keep_up,
    turn_sources_over,
    question.chase,
    question.list_the_week,
    question.forget_last,
    forget_old_updates,
    clean_up,
    safekeeping.order_nightly,
)
