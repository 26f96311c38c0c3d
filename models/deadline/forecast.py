"""Deadlines: the reminders of the weeks to come, by the planner's own rules; and one of them sent now."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.calendar import Calendar
from models.deadline.reminders import (
    REMINDER,
    DueStep,
    Reminder,
    office_calendar,
    rearm,
    record_steps,
    sees,
    told_leads,
)
from models.deadline.rows import Deadline, Subscription
from models.deadline.rules import Schedule, mornings, next_step_at, schedule_of, steps_due
from models.member import Account
from models.outbox import NewLetter, post
from models.planned import Planned, PlannedKey, Reader, held, key_of


@dataclass(frozen=True, slots=True)
class StepAhead:
    """A step to come: when it goes, its morning (which names it), its lead, and whether it will be late."""

    at: datetime
    morning: datetime
    lead: int
    late: bool


def steps_ahead(
    schedule: Schedule, calendar: Calendar, since: datetime, now: datetime, already: Collection[int], until: datetime
) -> list[StepAhead]:
    """The steps from ``now`` to ``until`` if nothing changes: what the planner will find, tick by tick."""
    steps, told, found = mornings(schedule, calendar), set(already), []
    at = next_step_at(schedule, calendar, since, now, told)
    while at is not None and at <= until:
        due = steps_due(schedule, calendar, since, at, told)
        if due is not None:
            found.append(StepAhead(at, steps[due.lead], due.lead, due.late))
            told.add(due.lead)
        at = next_step_at(schedule, calendar, since, at, told)
    return found


async def ahead(session: AsyncSession, now: datetime, until: datetime) -> list[Planned]:
    """The reminders by then, one for each step of a deadline; in the morning they are gathered by person."""
    calendar, holds = await office_calendar(session), await held(session, REMINDER)
    found: dict[tuple[PlannedKey, datetime, bool], list[Reader]] = defaultdict(list)
    viewers: dict[int, Actor] = {}
    for deadline, subscriptions in (await _armed(session, until, {key.number for key in holds})).items():
        told, seen = await told_leads(session, deadline), _Seen(schedule_of(deadline), calendar, now, until)
        for one in subscriptions:
            if not await sees(session, deadline, one.telegram_id, viewers):
                continue
            for step in seen.steps(one.since, told.get(one.telegram_id, set())):
                key = key_of(REMINDER, deadline.number, step.morning)
                found[key, step.at, step.late].append(Reader(one.telegram_id, {"deadlines": [deadline.number]}))
    return [
        Planned(key, at, tuple(readers), held=key in holds, late=late) for (key, at, late), readers in found.items()
    ]


class _Seen:
    """The steps of one deadline, worked out once for all whose subscriptions make no difference to them."""

    def __init__(self, schedule: Schedule, calendar: Calendar, now: datetime, until: datetime) -> None:
        self._schedule, self._calendar, self._now, self._until = schedule, calendar, now, until
        self._mornings = sorted(mornings(schedule, calendar).values())
        self._found: dict[tuple[int, frozenset[int]], list[StepAhead]] = {}

    def steps(self, since: datetime, told: Iterable[int]) -> list[StepAhead]:
        """As ``steps_ahead``; of ``since`` only matters which mornings were over by then."""
        key = bisect_left(self._mornings, since), frozenset(told)
        if key not in self._found:
            self._found[key] = steps_ahead(self._schedule, self._calendar, since, self._now, key[1], self._until)
        return self._found[key]


async def _armed(
    session: AsyncSession, until: datetime, numbers: Collection[int]
) -> Mapping[Deadline, list[Subscription]]:
    """The subscriptions that will be looked at by then, and those of these deadlines, where a step may be held."""
    rows = await session.execute(
        select(Deadline, Subscription)
        .join(Subscription, Subscription.deadline_number == Deadline.number)
        .join(Account, Account.telegram_id == Subscription.telegram_id)
        .where(
            or_(Subscription.next_at <= until, Subscription.deadline_number.in_(numbers)),
            Subscription.ended_at.is_(None),
            Deadline.status == "",
            Account.reachable,
        )
        .order_by(Deadline.number, Subscription.telegram_id)
    )
    found: dict[Deadline, list[Subscription]] = defaultdict(list)
    for deadline, subscription in rows:
        found[deadline].append(subscription)
    return found


async def send_now(session: AsyncSession, planned: Planned, now: datetime) -> None:
    """Send one planned step to its readers now instead of on its morning."""
    deadline = await session.get_one(Deadline, planned.key.number, with_for_update=True)
    calendar = await office_calendar(session)
    named = {
        key_of(REMINDER, deadline.number, at): lead for lead, at in mornings(schedule_of(deadline), calendar).items()
    }
    lead = named[planned.key]
    for reader in planned.readers:
        key = f"{REMINDER}:{reader.telegram_id}:now:{deadline.number}.{deadline.revision}.{lead}"
        letter = await post(session, NewLetter(key, REMINDER, reader.telegram_id), now)
        if letter is not None:
            step = DueStep(deadline, lead, late=False)
            await record_steps(session, Reminder(reader.telegram_id, (step,)), letter, now)


async def released(session: AsyncSession, number: int, now: datetime) -> None:
    """A step of this deadline is no longer held: count anew when its subscriptions want to be looked at."""
    await rearm(session, await session.get_one(Deadline, number), now)
