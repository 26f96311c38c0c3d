from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.actor import Actor, Standing
from models.calendar import Calendar
from models.deadline import (
    Due,
    Schedule,
    by_post,
    days_left,
    effective_due,
    may_see,
    mornings,
    next_step_at,
    posting_day,
    steps_due,
)
from models.member import Role

CALENDAR = Calendar()
BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# Written out by hand, so that the rule is not checked against itself.
EVERY_YEAR = "01-01 01-06 05-01 10-03 10-31 12-25 12-26"
MOVABLE = {2025: "", 2026: "04-03 04-06 05-14 05-25", 2027: "03-26 03-29 05-06 05-17", 2028: "04-14 04-17 05-25 06-05"}
FEASTS = {
    date.fromisoformat(f"{year}-{day}") for year, days in MOVABLE.items() for day in f"{EVERY_YEAR} {days}".split()
}


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def works(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in FEASTS


def naive_mornings(due_day: date, leads: list[int]) -> dict[int, datetime]:
    """The storyboard read aloud, day by day, from lists of all days."""
    found = {}
    days = [due_day - timedelta(days=back) for back in range(80)]
    for lead in leads:
        candidates = [day for day in days[lead:] if works(day)]
        if lead == min(leads):
            candidates = [day for day in candidates if day in days[1:]]
        found[lead] = datetime(candidates[0].year, candidates[0].month, candidates[0].day, 9, tzinfo=BERLIN)
    return found


def naive_due(schedule: Schedule) -> datetime:
    local = schedule.due_at.astimezone(BERLIN)
    while schedule.shift and not works(local.date()):
        local = datetime.combine(local.date() + timedelta(days=1), local.time(), BERLIN)
    return local


def naive_step(schedule: Schedule, since: datetime, now: datetime, already: set[int]) -> Due | None:
    steps = naive_mornings(schedule.due_at.astimezone(BERLIN).date(), list(schedule.leads))
    if now >= naive_due(schedule):
        return None
    come = sorted((moment, -lead) for lead, moment in steps.items() if moment <= now)
    if not come or -come[-1][1] in already:
        return None
    moment, lead = come[-1][0], -come[-1][1]
    if since <= moment and now <= moment + timedelta(minutes=10):
        return Due(lead, late=False)
    return Due(lead, late=True) if 8 <= now.astimezone(BERLIN).hour < 20 else None


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
CLOCKS = st.sampled_from([time(0), time(8), time(9), time(12), time(23, 59)])
LEADS = st.lists(st.integers(0, 40), min_size=1, max_size=5, unique=True)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    return Schedule(CALENDAR.at(draw(DAYS), draw(CLOCKS)), tuple(draw(LEADS)), draw(st.booleans()))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Schedule, datetime, datetime, set[int]]:
    schedule = draw(schedules())
    hours = st.integers(-60 * 24 * 60, 6 * 24 * 60)
    now = schedule.due_at + timedelta(minutes=draw(hours))
    if draw(st.booleans()):  # right after a morning, where it matters most
        now = draw(st.sampled_from(sorted(mornings(schedule, CALENDAR).values()))) + timedelta(
            seconds=draw(st.integers(0, 900))
        )
    since = now - timedelta(minutes=draw(st.integers(0, 60 * 24 * 60)))
    return schedule, since, now, draw(st.sets(st.sampled_from(schedule.leads)))


def test_every_day_of_three_years_has_its_mornings() -> None:
    day = date(2026, 2, 15)
    while day < date(2029, 1, 1):
        leads = [30, 14, 7, 3, 1]
        schedule = Schedule(CALENDAR.at(day, time(12)), tuple(leads))
        assert mornings(schedule, CALENDAR) == naive_mornings(day, leads), day
        assert all(moment.astimezone(BERLIN).time() == time(9) for moment in mornings(schedule, CALENDAR).values())
        day += timedelta(days=1)


def naive_story(schedule: Schedule, since: datetime) -> list[tuple[datetime, int, bool]]:
    """All that somebody hears who is reminded since then, as the storyboard tells it: when, which lead, late or not."""
    due = naive_due(schedule)
    nearest: dict[datetime, int] = {}  # of two steps on one morning the one nearer to the day
    for lead, morning in naive_mornings(schedule.due_at.astimezone(BERLIN).date(), list(schedule.leads)).items():
        nearest[morning] = min(lead, nearest.get(morning, lead))
    story = []
    past = [morning for morning in nearest if morning < since]
    if past:
        told = since.astimezone(BERLIN)
        while not 8 <= told.hour < 20:
            # The next full hour on the clock, until it is day.
            told = (told.astimezone(UTC) + timedelta(hours=1)).astimezone(BERLIN).replace(minute=0)
        if told not in nearest:  # only the newest
            story.append((told, nearest[max(past)], True))
    story += [(morning, lead, False) for morning, lead in sorted(nearest.items()) if morning >= since]
    return [(at.astimezone(UTC), lead, late) for at, lead, late in story if at < due]


def told_story(schedule: Schedule, since: datetime) -> list[tuple[datetime, int, bool]]:
    """The same from the rule: what a planner finds that looks whenever the rule says there is something to find."""
    story: list[tuple[datetime, int, bool]] = []
    told: set[int] = set()
    now: datetime | None = since
    while (now := next_step_at(schedule, CALENDAR, since, now, told)) is not None:
        due = steps_due(schedule, CALENDAR, since, now, told)
        assert due is not None
        assert due.lead not in told
        story.append((now, due.lead, due.late))
        told.add(due.lead)
    return story


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_every_day_of_three_years_is_told_of_as_the_storyboard_says(year: int) -> None:
    """Every due day, both clock changes and all holidays among them; early, late, at night and on the last morning."""
    day = date(year, 1, 1)
    while day.year == year:
        for shift in {False, not works(day)}:
            schedule = Schedule(CALENDAR.at(day, time(12)), (30, 14, 7, 3, 1), shift)
            for before in (
                timedelta(days=60),
                timedelta(days=5, hours=-9.5),
                timedelta(days=2, hours=4),
                timedelta(hours=2),
            ):
                since = schedule.due_at - before
                assert told_story(schedule, since) == naive_story(schedule, since), (day, shift, before)
        day += timedelta(days=1)


@given(situations())
@settings(max_examples=400)
def test_the_step_due_is_that_of_a_second_reading(situation: tuple[Schedule, datetime, datetime, set[int]]) -> None:
    schedule, since, now, already = situation
    assert steps_due(schedule, CALENDAR, since, now, already) == naive_step(schedule, since, now, already)


@given(situations())
def test_nothing_is_due_before_the_next_step_and_something_at_it(
    situation: tuple[Schedule, datetime, datetime, set[int]],
) -> None:
    schedule, since, now, already = situation
    following = next_step_at(schedule, CALENDAR, since, now, already)
    until = following or naive_due(schedule)
    probe = now
    while probe < until:
        assert steps_due(schedule, CALENDAR, since, probe, already) is None
        probe += timedelta(hours=7)
    if following is not None:
        assert following >= now
        assert steps_due(schedule, CALENDAR, since, following, already) is not None


@given(schedules(), st.integers(0, 60 * 24))
@settings(max_examples=60)
def test_a_run_of_ticks_tells_each_morning_once_and_none_late(schedule: Schedule, early: int) -> None:
    now = since = min(mornings(schedule, CALENDAR).values()) - timedelta(minutes=early + 1)
    told: list[int] = []
    while (following := next_step_at(schedule, CALENDAR, since, now, set(told))) is not None:
        now = following + timedelta(seconds=15)
        due = steps_due(schedule, CALENDAR, since, now, set(told))
        assert due is not None
        assert not due.late
        told.append(due.lead)
    days = set(mornings(schedule, CALENDAR).values())
    assert len(told) == len(days)


@given(schedules())
def test_the_last_step_comes_before_the_due_day(schedule: Schedule) -> None:
    last = max(mornings(schedule, CALENDAR).values())
    assert last.astimezone(BERLIN).date() < schedule.due_at.astimezone(BERLIN).date()
    assert works(last.astimezone(BERLIN).date())


@given(schedules())
def test_the_shift_goes_to_the_next_working_day_at_the_same_clock(schedule: Schedule) -> None:
    assert effective_due(schedule, CALENDAR) == naive_due(schedule)


def test_a_shifted_deadline_is_reminded_of_from_the_earlier_day() -> None:
    saturday = Schedule(berlin("2026-10-31 12:00"), (1,), shift=True)
    assert effective_due(saturday, CALENDAR) == berlin("2026-11-02 12:00")
    assert mornings(saturday, CALENDAR) == {1: berlin("2026-10-30 09:00")}
    sunday = berlin("2026-11-01 10:00")
    assert steps_due(saturday, CALENDAR, sunday, sunday, set()) == Due(1, late=True)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-13 08:59:59", None),
        ("2026-03-13 09:00", Due(7, late=False)),
        ("2026-03-13 09:10", Due(7, late=False)),
        ("2026-03-13 09:11", Due(7, late=True)),
        ("2026-03-13 19:59", Due(7, late=True)),
        ("2026-03-13 20:00", None),
        ("2026-03-15 08:00", Due(7, late=True)),
        ("2026-03-20 11:59", Due(7, late=True)),
        ("2026-03-20 12:00", None),
    ],
)
def test_a_held_up_step_goes_by_day_until_it_is_over(now: str, expected: Due | None) -> None:
    schedule = Schedule(berlin("2026-03-20 12:00"), (7,))
    assert steps_due(schedule, CALENDAR, LONG_AGO, berlin(now), set()) == expected


def test_who_subscribes_late_gets_only_the_newest_step() -> None:
    schedule = Schedule(berlin("2026-03-20 12:00"), (30, 14, 7, 3, 1))
    now = berlin("2026-03-11 15:00")
    assert steps_due(schedule, CALENDAR, now, now, set()) == Due(14, late=True)
    assert steps_due(schedule, CALENDAR, now, now, {14}) is None
    assert next_step_at(schedule, CALENDAR, now, now, {14}) == berlin("2026-03-13 09:00")
    assert next_step_at(schedule, CALENDAR, now, berlin("2026-03-11 21:00"), set()) == berlin("2026-03-12 08:00")


def test_a_subscription_on_the_stroke_of_nine_is_not_late() -> None:
    schedule = Schedule(berlin("2026-03-20 12:00"), (7,))
    nine = berlin("2026-03-13 09:00")
    assert steps_due(schedule, CALENDAR, nine, nine, set()) == Due(7, late=False)


@pytest.mark.parametrize("change", ["2026-10-25", "2027-03-28"])
def test_mornings_stay_at_nine_across_the_clock_change(change: str) -> None:
    day = date.fromisoformat(change) + timedelta(days=9)
    schedule = Schedule(CALENDAR.at(day, time(12)), (21, 14, 1))
    hours = {moment.astimezone(UTC).hour for moment in mornings(schedule, CALENDAR).values()}
    assert hours == {7, 8}


def test_post_has_two_working_days() -> None:
    friday = Schedule(berlin("2026-03-20 12:00"), (7,))
    assert posting_day(friday, CALENDAR) == date(2026, 3, 18)
    assert posting_day(friday, CALENDAR, postal_days=3) == date(2026, 3, 17)
    after_easter = Schedule(berlin("2026-04-07 12:00"), (7,))
    assert posting_day(after_easter, CALENDAR) == date(2026, 4, 1)
    on_sunday = Schedule(berlin("2026-03-22 12:00"), (7,), shift=True)
    assert posting_day(on_sunday, CALENDAR) == date(2026, 3, 18)


def test_only_arrival_asks_for_the_post() -> None:
    assert by_post("Posteingang")
    assert not by_post("elektronisch")
    assert not by_post("Poststempel")


@pytest.mark.parametrize(("now", "left"), [("2026-03-20 00:00", 0), ("2026-03-19 23:59", 1), ("2026-03-08 14:00", 12)])
def test_days_are_those_of_the_calendar(now: str, left: int) -> None:
    assert days_left(Schedule(berlin("2026-03-20 12:00"), ()), CALENDAR, berlin(now)) == left


def person(role: Role, *, body: str = "", sponsor: str = "") -> Actor:
    return Actor(1, standings=(Standing(role, 1, "Erika Beispiel", body_short=body, sponsor=sponsor),))


def test_each_audience_sees_its_own() -> None:
    stranger, staff = Actor(1), person(Role.STAFF)
    sponsor, member = person(Role.SPONSOR, sponsor="Lernwerk gGmbH"), person(Role.MEMBER, body="RAK SDL")
    everyone = [stranger, staff, sponsor, member]
    assert [may_see("alle", one) for one in everyone] == [True, True, True, True]
    assert [may_see("RAK SDL", one) for one in everyone] == [False, True, False, True]
    assert [may_see("traeger:Lernwerk gGmbH", one) for one in everyone] == [False, True, True, False]
    assert not may_see("traeger:Anderes Werk", sponsor)
    assert not may_see("RAK BK", member)
