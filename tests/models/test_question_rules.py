from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import chores
from models.calendar import Calendar
from models.question.rules import chased_at, month_after, month_before, same_question, still_says

BERLIN = Calendar()
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Wie tief ist der Arendsee?", "wie tief ist denn eigentlich der arendsee"),
        ("Wie hoch ist die Förderung?", "Hallo, wie hoch ist bitte die Foerderung"),
        ("Welche Unterlagen brauche ich?", "Brauche ich welche Unterlagen?"),
    ],
)
def test_the_same_but_for_small_talk_spelling_and_order(left: str, right: str) -> None:
    assert same_question(left, right)
    assert same_question(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Wird das gefördert?", "Wird das nicht gefördert?"),
        ("Was ist Förderbereich A?", "Was ist Förderbereich B?"),
        ("Wann war die Sitzung?", "Wann ist die Sitzung?"),
        ("Wann ist die Sitzung?", "Wo ist die Sitzung?"),
        ("Frist 2026", "Frist 2027"),
        ("Darf ich das?", "Dürfen wir das?"),
        ("und", "oder"),
        ("", ""),
        ("?", "!"),
    ],
)
def test_not_the_same(left: str, right: str) -> None:
    assert not same_question(left, right)


@settings(deadline=None)  # the holidays are looked up at first use
@given(MOMENTS)
def test_the_asker_hears_of_it_on_the_second_working_day_or_the_next_allowed_hour(handed_at: datetime) -> None:
    at = chased_at(handed_at, BERLIN)
    day = BERLIN.day(handed_at)
    assert BERLIN.working_days_after(day, 2) <= BERLIN.day(at)
    assert not BERLIN.quiet(at)
    assert at - handed_at < timedelta(days=14)
    assert chased_at(handed_at + timedelta(seconds=1), BERLIN) >= at


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(1, 40))
def test_months_there_and_back(day: date, months: int) -> None:
    assert abs((month_before(month_after(day, months), months) - day).days) <= 3
    assert month_before(day, months) < day < month_after(day, months)


def test_a_year_from_the_leap_day() -> None:
    assert month_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert month_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert month_after(date(2026, 11, 24)) == date(2027, 11, 24)


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=5), st.integers(0, 4))
def test_what_an_edition_holds_it_still_says(texts: list[str], which: int) -> None:
    assert still_says(texts[which % len(texts)], texts)
    assert still_says("\n ".join(texts), texts)


def test_another_figure_is_not_said() -> None:
    assert not still_says("höchstens 90 Prozent", ["höchstens 80 Prozent"])


@settings(deadline=None)  # the holidays are looked up at first use
@given(MOMENTS)
def test_a_chores_hour_is_the_last_one_past(now: datetime) -> None:
    for hour, most in ((chores.daily(now, BERLIN), 1), (chores.weekly(now, BERLIN), 7)):
        assert hour <= now < hour + timedelta(days=most, hours=2)
    assert BERLIN.local(chores.weekly(now, BERLIN)).weekday() == 0
    assert BERLIN.local(chores.weekly(now, BERLIN)).hour == 9
