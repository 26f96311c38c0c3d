from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.times import read_time
from locales import Voice
from models.calendar import Calendar
from models.refusals import Unfit

CALENDAR = Calendar()


def berlin(text: str) -> datetime:
    local = datetime.fromisoformat(text)
    return CALENDAR.at(local.date(), local.time())


NOW = berlin("2026-11-24 10:00:30")  # a Tuesday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.12. 12 Uhr", "2026-12-01 12:00"),
        ("1.12. 12:30", "2026-12-01 12:30"),
        ("1.12., 12.30 Uhr", "2026-12-01 12:30"),
        ("01.12.2026 12:00", "2026-12-01 12:00"),
        ("01.12.2026, 12:00 Uhr", "2026-12-01 12:00"),
        ("Di, 01.12.2026, 12:00 Uhr", "2026-12-01 12:00"),
        ("1.12.26 9:05", "2026-12-01 09:05"),
        ("1.12 um 9 Uhr 15", "2026-12-01 09:15"),
        ("1. Dezember 14 Uhr", "2026-12-01 14:00"),
        ("1. Dez. 2026 14:00", "2026-12-01 14:00"),
        ("Dec 1, 2026 2 pm", "2026-12-01 14:00"),
        ("1 December at 2:15 pm", "2026-12-01 14:15"),
        ("December 1st 12 am", "2026-12-01 00:00"),
        ("2026-12-01 12:00", "2026-12-01 12:00"),
        ("2026-12-01T12:00", "2026-12-01 12:00"),
        ("2026-12-01T12:00:00", "2026-12-01 12:00"),
        ("2026-12-01T12:00:00+01:00", "2026-12-01 12:00"),
        ("2026-12-01T11:00Z", "2026-12-01 12:00"),
        ("morgen 9:00", "2026-11-25 09:00"),
        ("Morgen um 9 Uhr", "2026-11-25 09:00"),
        ("tomorrow at 9:00", "2026-11-25 09:00"),
        ("übermorgen 18h", "2026-11-26 18:00"),
        ("heute 18:30", "2026-11-24 18:30"),
        ("heute 8:00", "2026-11-24 08:00"),
        ("heute mittag", "2026-11-24 12:00"),
        ("in 3 Tagen 14 Uhr", "2026-11-27 14:00"),
        ("in zwei Wochen 9 Uhr", "2026-12-08 09:00"),
        ("in 2 weeks at 9:00", "2026-12-08 09:00"),
        ("in einem Monat, 9 Uhr", "2026-12-24 09:00"),
        ("in 3 Monaten 9 Uhr", "2027-02-24 09:00"),
        ("in 3 Stunden", "2026-11-24 13:00"),
        ("in 90 Minuten", "2026-11-24 11:30"),
        ("in 2 Wochen", "2026-12-08 10:00"),
        ("in 3 days", "2026-11-27 10:00"),
        ("Mo 9 Uhr", "2026-11-30 09:00"),
        ("nächsten Montag 9:00", "2026-11-30 09:00"),
        ("am Freitag 12 Uhr", "2026-11-27 12:00"),
        ("next Tuesday 9:00", "2026-12-01 09:00"),
        ("Di 9 Uhr", "2026-12-01 09:00"),
        ("18:00", "2026-11-24 18:00"),
        ("9 Uhr", "2026-11-25 09:00"),
        ("24.11. 11:00", "2026-11-24 11:00"),
        ("23.11. 11:00", "2027-11-23 11:00"),
        ("29.2. 9:00", "2028-02-29 09:00"),
        ("24.10.2027 12:00", "2027-10-24 12:00"),
        ("  1.12.   12 Uhr. ", "2026-12-01 12:00"),
    ],
)
def test_what_people_type(text: str, expected: str) -> None:
    assert read_time(text, NOW, CALENDAR) == berlin(expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1.12.", "time without clock"),
        ("1.12", "time without clock"),
        ("nächsten Montag", "time without clock"),
        ("2026-12-01", "time without clock"),
        ("31.02. 9:00", "time unread"),
        ("31.04.2027 9:00", "time unread"),
        ("28.03.2027 2:30", "time does not exist"),
        ("1.12. 24 Uhr", "time unread"),
        ("", "time unread"),
        ("bald", "time unread"),
        ("am Sankt-Nimmerleins-Tag um 9 Uhr", "time unread"),
        ("1.12. 25:00", "time unread"),
        ("1.12. 12:75", "time unread"),
        ("1.12. 13 pm", "time unread"),
        ("in 3 Stunden um 9 Uhr", "time unread"),
        ("1" * 4000, "time unread"),
    ],
)
def test_what_cannot_be_meant(text: str, reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_time(text, NOW, CALENDAR)
    assert refused.value.reason == reason


@pytest.mark.parametrize(("text", "expected"), [("in 2 Wochen", "2026-12-08 09:00"), ("1.12.", "2026-12-01 09:00")])
def test_a_clock_may_be_lent(text: str, expected: str) -> None:
    assert read_time(text, NOW, CALENDAR, clock=time(9)) == berlin(expected)


def test_the_earlier_of_an_hour_that_comes_twice() -> None:
    assert read_time("25.10.2026 2:30", NOW, CALENDAR) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_today_is_the_offices_day() -> None:
    just_after_midnight = berlin("2026-11-25 00:10")
    assert read_time("morgen 9:00", just_after_midnight, CALENDAR) == berlin("2026-11-26 09:00")


@given(st.integers(1, 7_000_000).map(lambda minutes: NOW + timedelta(minutes=minutes)), st.sampled_from(["de", "en"]))
def test_what_the_bot_says_it_understands(moment: datetime, language: str) -> None:
    moment = moment.replace(second=0, microsecond=0)
    voice = Voice(language, CALENDAR.local(moment).tzinfo)  # type: ignore[arg-type]  # a ZoneInfo
    read = read_time(voice.moment(moment), NOW, CALENDAR)
    assert moment - read in {timedelta(0), timedelta(hours=1)}  # an hour that comes twice is said the same


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Unfit):
        assert read_time(text, NOW, CALENDAR).tzinfo is UTC
