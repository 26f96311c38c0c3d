"""Deadlines: the rule of steps, the shift of § 31 Abs. 3 VwVfG, and who may see what. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict

from models.actor import Actor
from models.calendar import Calendar
from models.deadline.rows import DEFAULT_LEADS, Deadline

REMINDED_AT = time(9)
POSTAL_DAYS = 2  # working days a letter is given, unless the office sets another number
# A tick comes every few seconds; a step found later than this was held up by an outage.
ON_TIME = timedelta(minutes=10)
A_DAY = timedelta(days=1)
EVERYONE = "alle"
SPONSOR_PREFIX = "traeger:"


class Entry(TypedDict, total=False):
    """What the office says of a deadline; a key that is missing leaves what is stored, or the default."""

    key: str
    title: str
    kind: str
    areas: list[str]
    opens_at: datetime | None
    due_at: datetime
    mode: str
    place: str
    copies: str
    budget: str
    audience: str
    leads: list[int]
    shift: bool
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the steps of a deadline are counted from: due as entered, days before, and whether § 31 moves it."""

    due_at: datetime
    leads: tuple[int, ...]
    shift: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not as it was."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Revision:
    """A deadline after a change, and what changed; nothing changed: empty, and the revision is the old one."""

    deadline: Deadline
    changes: tuple[Change, ...]
    before: Schedule


@dataclass(frozen=True, slots=True)
class Due:
    """A step to be reminded of now; ``late``: it was past when it became possible."""

    lead: int
    late: bool


def schedule_of(deadline: Deadline) -> Schedule:
    """The schedule of a stored deadline."""
    return Schedule(deadline.due_at, tuple(deadline.leads), deadline.shift)


def effective_due(schedule: Schedule, calendar: Calendar) -> datetime:
    """The instant by which it must be done.

    With ``shift``, an end on a Saturday, Sunday or public holiday moves to the next working day (§ 31 Abs. 3 VwVfG),
    at the same clock time.
    """
    if not schedule.shift:
        return schedule.due_at
    local = calendar.local(schedule.due_at)
    day = calendar.working_day_from(local.date())
    return schedule.due_at if day == local.date() else calendar.at(day, local.time())


def is_past(schedule: Schedule, calendar: Calendar, now: datetime) -> bool:
    """Whether the time to do it is over."""
    return effective_due(schedule, calendar) <= now


def mornings(schedule: Schedule, calendar: Calendar) -> dict[int, datetime]:
    """The instant of each step, by its lead: 9:00 on the due day less the lead, or on the working day before.

    Counted from the day as entered, the earlier one. The last step goes at the latest on the working day before it.
    """
    due_day = calendar.day(schedule.due_at)
    days = {lead: calendar.working_day_by(due_day - timedelta(days=lead)) for lead in schedule.leads}
    if days:
        last = min(days)
        days[last] = min(days[last], calendar.working_days_before(due_day))
    return {lead: calendar.at(day, REMINDED_AT) for lead, day in days.items()}


def steps_due(
    schedule: Schedule, calendar: Calendar, since: datetime, now: datetime, already: Collection[int]
) -> Due | None:
    """The step to remind of at this moment, if there is one.

    Only the newest step that has come counts, and only if it is not among the leads ``already`` reminded of. One that
    was past when it became possible (at ``since``, or after an outage) is late and goes between 8 and 20 o'clock only.
    """
    step = _newest(schedule, calendar, now)
    if step is None or step[0] in already or is_past(schedule, calendar, now):
        return None
    lead, moment = step
    late = moment < since or now - moment > ON_TIME
    return None if late and calendar.next_daytime(now) != now else Due(lead, late)


def next_step_at(
    schedule: Schedule, calendar: Calendar, since: datetime, now: datetime, already: Collection[int]
) -> datetime | None:
    """The first instant from ``now`` on at which a step is due if nothing changes; None: none is left."""
    if steps_due(schedule, calendar, since, now, already) is not None:
        return now
    nearest = _nearest(schedule, calendar)
    candidates = [moment for moment, lead in nearest.items() if moment > now and lead not in already]
    newest = _newest(schedule, calendar, now)
    if newest is not None and newest[0] not in already:
        candidates.append(calendar.next_daytime(now))
    due = effective_due(schedule, calendar)
    return min((moment for moment in candidates if moment < due), default=None)


def _newest(schedule: Schedule, calendar: Calendar, now: datetime) -> tuple[int, datetime] | None:
    """The latest step whose morning has come."""
    nearest = _nearest(schedule, calendar)
    moment = max((one for one in nearest if one <= now), default=None)
    return None if moment is None else (nearest[moment], moment)


def _nearest(schedule: Schedule, calendar: Calendar) -> dict[datetime, int]:
    """The steps by their mornings; of two on one morning the one nearer to the day."""
    found: dict[datetime, int] = {}
    for lead, moment in mornings(schedule, calendar).items():
        found[moment] = min(lead, found.get(moment, lead))
    return found


def mornings_left(schedule: Schedule, calendar: Calendar, since: datetime, now: datetime) -> list[datetime]:
    """The mornings on which somebody who is reminded since then will still hear of it, in order."""
    due = effective_due(schedule, calendar)
    return sorted({one for one in mornings(schedule, calendar).values() if max(since, now) <= one < due})


def news_at(calendar: Calendar, now: datetime, dues: Iterable[datetime]) -> datetime:
    """When news of a deadline may go out: at once, or after the quiet hours.

    What cannot wait goes at once: a date that would be less than a day away, or past, when the quiet hours end.
    """
    allowed = calendar.next_allowed(now)
    return now if any(now < due <= allowed + A_DAY for due in dues) else allowed


def days_left(schedule: Schedule, calendar: Calendar, now: datetime) -> int:
    """Calendar days of the office from now to the day it is due; 0 is today."""
    return (calendar.day(effective_due(schedule, calendar)) - calendar.day(now)).days


def by_post(mode: str) -> bool:
    """Whether it must have arrived by the due time („Posteingang", not „Poststempel")."""
    return mode.strip().casefold().startswith("posteingang")


def posting_day(schedule: Schedule, calendar: Calendar, postal_days: int = POSTAL_DAYS) -> date:
    """The last day to hand a letter to the post: so many working days before it must be there.

    Counted from the day as entered, or the working day before it, since nobody empties the box on a Sunday.
    """
    arrival = calendar.working_day_by(calendar.day(schedule.due_at))
    return calendar.working_days_before(arrival, postal_days)


def may_see(audience: str, actor: Actor) -> bool:
    """Whether this actor may see a deadline for this audience: all, their body, their sponsor; staff sees every one."""
    return audience == EVERYONE or actor.staff is not None or speaks_to(audience, actor)


def speaks_to(audience: str, actor: Actor) -> bool:
    """Whether a deadline is addressed to this actor by name: to their body, or to their sponsor."""
    if audience.startswith(SPONSOR_PREFIX):
        return audience.removeprefix(SPONSOR_PREFIX).strip() in actor.sponsors
    return any(one.body_short == audience for one in actor.standings)


def changes(deadline: Deadline, entry: Entry) -> tuple[Change, ...]:
    """What an entry would change in a stored deadline, field by field."""
    return tuple(
        Change(name, getattr(deadline, name), value)
        for name, value in entry.items()
        if getattr(deadline, name) != value
    )


def draft(entry: Entry, before: Deadline | None = None) -> Deadline:
    """The deadline that an entry would make, or make of a stored one; it is no row of the store."""
    unsaid: dict[str, Any] = {
        "number": 0, "key": None, "areas": [], "opens_at": None, "mode": "", "place": "", "copies": "", "budget": "",
        "audience": EVERYONE, "leads": list(DEFAULT_LEADS), "shift": False, "source": "", "status": "", "revision": 0,
    }  # fmt: skip
    stored = {column.key: getattr(before, column.key) for column in Deadline.__table__.columns} if before else unsaid
    return Deadline(**stored | dict(entry) | {"revision": stored["revision"] + 1})
