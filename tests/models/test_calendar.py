from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import Calendar, known_region

CALENDAR = Calendar()
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
SPRING = date(2027, 3, 28)
AUTUMN = date(2026, 10, 25)


def berlin(text: str) -> datetime:
    return CALENDAR.at(date.fromisoformat(text[:10]), time.fromisoformat(text[11:]))


def easter(year: int) -> date:
    """Gauss's rule, for a second opinion on the movable feasts."""
    a, b, c = year % 19, year % 4, year % 7
    d = (19 * a + 24) % 30
    e = (2 * b + 4 * c + 6 * d + 5) % 7
    return date(year, 3, 22) + timedelta(days=d + e)


def feasts(year: int) -> set[date]:
    movable = {easter(year) + timedelta(days=days) for days in (-2, 1, 39, 50)}
    fixed = {(1, 1), (1, 6), (5, 1), (10, 3), (10, 31), (12, 25), (12, 26)}
    return movable | {date(year, month, day) for month, day in fixed}


@pytest.mark.parametrize("year", range(2024, 2036))
def test_the_holidays_are_those_of_sachsen_anhalt(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=count) for count in range(365)]
    assert {day for day in days if CALENDAR.is_holiday(day)} == feasts(year) & set(days)


def test_another_region_has_other_holidays() -> None:
    assert not Calendar(region="DE-NI").is_holiday(date(2027, 1, 6))
    assert CALENDAR.is_holiday(date(2027, 1, 6))


def test_regions_are_known_by_name() -> None:
    assert known_region("DE-ST")
    assert not known_region("DE-XX")
    assert not known_region("Sachsen-Anhalt")


def test_working_days_step_over_easter() -> None:
    good_friday = date(2027, 3, 26)
    assert CALENDAR.working_day_by(good_friday) == date(2027, 3, 25)
    assert CALENDAR.working_day_from(good_friday) == date(2027, 3, 30)
    assert CALENDAR.working_days_before(date(2027, 3, 30), 2) == date(2027, 3, 24)
    assert CALENDAR.working_days_after(date(2027, 3, 25)) == date(2027, 3, 30)


@given(MOMENTS)
def test_quiet_hours_are_as_told(moment: datetime) -> None:
    local = CALENDAR.local(moment)
    loud = 8 <= local.hour < 20 and local.weekday() != 6 and local.date() not in feasts(local.year)
    assert CALENDAR.quiet(moment) is not loud


@given(MOMENTS)
def test_the_next_allowed_time_is_the_first_one(moment: datetime) -> None:
    allowed = CALENDAR.next_allowed(moment)
    assert allowed >= moment
    assert not CALENDAR.quiet(allowed)
    if allowed != moment:
        assert CALENDAR.quiet(moment)
        assert CALENDAR.quiet(allowed - timedelta(seconds=1))
        assert CALENDAR.local(allowed).time() == time(8)


@given(MOMENTS)
def test_the_last_allowed_time_lies_right_before_the_quiet(moment: datetime) -> None:
    allowed = CALENDAR.last_allowed(moment)
    assert allowed <= moment
    assert not CALENDAR.quiet(allowed)
    assert CALENDAR.next_allowed(allowed + timedelta(minutes=5)) > moment or allowed == moment


@pytest.mark.parametrize(
    ("moment", "following", "before"),
    [
        ("2026-11-27 20:00", "2026-11-28 08:00", "2026-11-27 19:55"),
        ("2026-11-28 21:00", "2026-11-30 08:00", "2026-11-28 19:55"),
        ("2026-11-29 12:00", "2026-11-30 08:00", "2026-11-28 19:55"),
        ("2026-12-25 12:00", "2026-12-28 08:00", "2026-12-24 19:55"),
        ("2026-11-27 07:59", "2026-11-27 08:00", "2026-11-26 19:55"),
    ],
)
def test_quiet_hours_end_and_begin_on_the_clock(moment: str, following: str, before: str) -> None:
    assert CALENDAR.next_allowed(berlin(moment)) == berlin(following)
    assert CALENDAR.last_allowed(berlin(moment)) == berlin(before)


def test_nights_of_the_clock_change() -> None:
    assert not CALENDAR.exists(SPRING, time(2, 30))
    assert CALENDAR.exists(SPRING, time(3))
    assert CALENDAR.exists(AUTUMN, time(2, 30))
    assert CALENDAR.at(AUTUMN, time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert CALENDAR.at(SPRING, time(9)) == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert CALENDAR.at(AUTUMN, time(9)) == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_daytime_is_between_8_and_20_on_any_day() -> None:
    sunday = berlin("2026-11-29 12:00")
    assert CALENDAR.next_daytime(sunday) == sunday
    assert CALENDAR.next_daytime(berlin("2026-11-29 20:00")) == berlin("2026-11-30 08:00")
    assert CALENDAR.next_daytime(berlin("2026-11-29 03:00")) == berlin("2026-11-29 08:00")
