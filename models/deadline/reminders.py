"""Deadlines: what planner and courier ask. The rows are the schedule; ``Subscription.next_at`` leads to them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, actor
from models.calendar import Calendar
from models.deadline.rows import Deadline, Step, Subscription
from models.deadline.rules import (
    EVERYONE,
    POSTAL_DAYS,
    effective_due,
    is_past,
    may_see,
    mornings,
    next_step_at,
    schedule_of,
    steps_due,
)
from models.member import Account
from models.office import the_office
from models.planned import PlannedKey, held, key_of
from models.statements import insert_or

REMINDER = "reminder"
# Who cannot be written to is looked at no oftener than this; the step waits meanwhile.
UNREACHABLE_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DueStep:
    """One deadline in a reminder: the lead reached, and whether it comes late."""

    deadline: Deadline
    lead: int
    late: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """All that one account is to be reminded of at this moment, by date."""

    telegram_id: int
    steps: tuple[DueStep, ...]


async def office_calendar(session: AsyncSession) -> Calendar:
    """The calendar by which this office counts."""
    office = await the_office(session)
    return Calendar(office.time_zone, office.holiday_region)


async def postal_days(session: AsyncSession) -> int:
    """How many working days this office gives the post."""
    return int((await the_office(session)).settings.get("postal_days", POSTAL_DAYS))


async def due_reminders(session: AsyncSession, now: datetime) -> list[Reminder]:
    """Who is to be reminded now, and of what; the rows stay locked, so that of two planners one gets each.

    Post a letter for each and call ``record_steps`` in the same transaction.
    """
    waiting = await _waiting(session, now)
    if not waiting:
        return []
    calendar = await office_calendar(session)
    told, holds = await _told(session, now), await held(session, REMINDER)
    viewers: dict[int, Actor] = {}
    found: dict[int, list[DueStep]] = defaultdict(list)
    for subscription, deadline, reachable in waiting:
        if not reachable:
            subscription.next_at = now + UNREACHABLE_FOR
            continue
        schedule = schedule_of(deadline)
        already = told[deadline.number, subscription.telegram_id]
        due = steps_due(schedule, calendar, subscription.since, now, already) if deadline.status == "" else None
        held_back = due is not None and step_key(deadline, due.lead, calendar) in holds
        if due is not None and not held_back and await sees(session, deadline, subscription.telegram_id, viewers):
            found[subscription.telegram_id].append(DueStep(deadline, due.lead, due.late))
            continue
        skipped = already | {due.lead} if due else already
        subscription.next_at = (
            None if deadline.status else next_step_at(schedule, calendar, subscription.since, now, skipped)
        )
    await session.flush()
    return [Reminder(one, _by_date(steps, calendar)) for one, steps in sorted(found.items())]


def step_key(deadline: Deadline, lead: int, calendar: Calendar) -> PlannedKey:
    """The name of a step among what is planned: its deadline and its morning."""
    return key_of(REMINDER, deadline.number, mornings(schedule_of(deadline), calendar)[lead])


async def _waiting(session: AsyncSession, now: datetime) -> list[tuple[Subscription, Deadline, bool]]:
    rows = await session.execute(
        select(Subscription, Deadline, Account.reachable)
        .join(Deadline, Deadline.number == Subscription.deadline_number)
        .join(Account, Account.telegram_id == Subscription.telegram_id)
        .where(Subscription.next_at <= now, Subscription.ended_at.is_(None))
        .with_for_update(of=Subscription, skip_locked=True)
    )
    found = [(subscription, deadline, reachable) for subscription, deadline, reachable in rows]
    # Put in order here: asked to do so, SQLite reads all subscriptions in that order instead of the few by their time.
    return sorted(found, key=lambda one: (one[0].telegram_id, one[0].deadline_number))


async def _told(session: AsyncSession, now: datetime) -> dict[tuple[int, int], set[int]]:
    """The leads already told in the present revision, of the subscriptions that wait now."""
    rows = await session.execute(
        select(Step.deadline_number, Step.telegram_id, Step.lead)
        .join(
            Subscription,
            (Subscription.deadline_number == Step.deadline_number) & (Subscription.telegram_id == Step.telegram_id),
        )
        .join(Deadline, (Deadline.number == Step.deadline_number) & (Deadline.revision == Step.revision))
        .where(Subscription.next_at <= now)
    )
    told: dict[tuple[int, int], set[int]] = defaultdict(set)
    for number, telegram_id, lead in rows:
        told[number, telegram_id].add(lead)
    return told


async def sees(session: AsyncSession, deadline: Deadline, telegram_id: int, viewers: dict[int, Actor]) -> bool:
    """Whether an account may see a deadline; ``viewers`` keeps who was looked up."""
    if deadline.audience == EVERYONE:
        return True
    if telegram_id not in viewers:
        viewers[telegram_id] = await actor(session, telegram_id)
    return may_see(deadline.audience, viewers[telegram_id])


def _by_date(steps: Iterable[DueStep], calendar: Calendar) -> tuple[DueStep, ...]:
    return tuple(
        sorted(steps, key=lambda step: (effective_due(schedule_of(step.deadline), calendar), step.deadline.number))
    )


def reminder_key(reminder: Reminder, now: datetime, calendar: Calendar) -> str:
    """The letter's key: one a person and morning. What is late goes at once, so it has a key of its own step."""
    key = f"reminder:{reminder.telegram_id}:{calendar.day(now).isoformat()}"
    if not all(step.late for step in reminder.steps):
        return key
    first = reminder.steps[0]
    return f"{key}:late:{first.deadline.number}.{first.deadline.revision}.{first.lead}"


async def record_steps(session: AsyncSession, reminder: Reminder, letter_id: int, now: datetime) -> None:
    """Note that a letter speaks of these steps, and when each of these deadlines wants to be looked at next."""
    rows = [
        {
            "deadline_number": step.deadline.number,
            "revision": step.deadline.revision,
            "lead": step.lead,
            "late": step.late,
            "telegram_id": reminder.telegram_id,
            "letter_id": letter_id,
        }
        for step in reminder.steps
    ]
    await session.execute(insert_or(session, Step).values(rows).on_conflict_do_nothing())
    calendar = await office_calendar(session)
    for step in reminder.steps:
        subscription = await session.get_one(Subscription, (step.deadline.number, reminder.telegram_id))
        subscription.next_at = next_step_at(schedule_of(step.deadline), calendar, subscription.since, now, {step.lead})
    await session.flush()


async def standing_steps(session: AsyncSession, letter_id: int, now: datetime) -> list[DueStep]:
    """What a reminder's letter may still say: neither done, muted, changed, cancelled, past, nor out of sight since."""
    calendar = await office_calendar(session)
    rows = await session.execute(
        select(Step, Deadline)
        .join(Deadline, (Deadline.number == Step.deadline_number) & (Deadline.revision == Step.revision))
        .join(
            Subscription,
            (Subscription.deadline_number == Step.deadline_number) & (Subscription.telegram_id == Step.telegram_id),
        )
        .where(Step.letter_id == letter_id, Deadline.status == "", Subscription.ended_at.is_(None))
    )
    viewers: dict[int, Actor] = {}
    standing = [
        DueStep(deadline, step.lead, step.late)
        for step, deadline in rows
        if not is_past(schedule_of(deadline), calendar, now)
        and await sees(session, deadline, step.telegram_id, viewers)
    ]
    return list(_by_date(standing, calendar))


async def told_leads(session: AsyncSession, deadline: Deadline) -> dict[int, set[int]]:
    """The leads of the present revision that each account has been told."""
    rows = await session.execute(
        select(Step.telegram_id, Step.lead).where(
            Step.deadline_number == deadline.number, Step.revision == deadline.revision
        )
    )
    told: dict[int, set[int]] = defaultdict(set)
    for telegram_id, lead in rows:
        told[telegram_id].add(lead)
    return told


async def rearm(session: AsyncSession, deadline: Deadline, now: datetime) -> None:
    """Count anew when each running subscription of a deadline wants to be looked at."""
    calendar = await office_calendar(session)
    told = await told_leads(session, deadline)
    running = await session.scalars(
        select(Subscription).where(Subscription.deadline_number == deadline.number, Subscription.ended_at.is_(None))
    )
    for one in running:
        one.next_at = (
            None
            if deadline.status
            else next_step_at(schedule_of(deadline), calendar, one.since, now, told.get(one.telegram_id, set()))
        )
    await session.flush()


async def rearm_all(session: AsyncSession, now: datetime) -> None:
    """Count everything anew, after the office's zone or holidays changed."""
    for row in list(await session.scalars(select(Deadline).where(Deadline.status == ""))):
        await rearm(session, row, now)
