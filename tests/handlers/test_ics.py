from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from handlers.ics import deadline_ics, meeting_ics
from models.calendar import Calendar
from models.deadline import Deadline
from models.meeting import Meeting

CALENDAR = Calendar()
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def a_meeting(start: str, end: str, **more: object) -> Meeting:
    values = {"place": "Landratsamt, Raum 2", "status": "", "revision": 0}
    times = {"starts_at": berlin(start).astimezone(UTC), "ends_at": berlin(end).astimezone(UTC)}
    return Meeting(number=3, title="Herbstsitzung", uid="abc@reko", **{**values, **times, **more})


def a_deadline(due: str, **more: object) -> Deadline:
    values = {"number": 4, "title": "Aufruf STABIL", "kind": "Aufruf", "place": "", "status": "", "revision": 1}
    times = {"due_at": berlin(due).astimezone(UTC), "entered_at": NOW}
    return Deadline(**{**values, "leads": [7], "shift": False, **times, **more})


def described(deadline: Deadline) -> str:
    return f"{deadline.kind}: Posteingang, zwei Ausfertigungen\nQuelle: Aufruf vom 24.11.2026"


def entries(file: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))


def local(value: datetime) -> str:
    return f"{value.astimezone(BERLIN):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-10 14:00", "2026-12-10 16:00"),
        ("2026-07-10 14:00", "2026-07-10 16:00"),
        ("2026-10-24 22:00", "2026-10-25 04:00"),  # over the night with 25 hours
        ("2027-03-27 22:00", "2027-03-28 04:00"),  # over the night with 23 hours
        ("2026-12-10 22:00", "2026-12-11 00:30"),
    ],
)
def test_a_meeting_stands_at_its_berlin_time(start: str, end: str) -> None:
    file = meeting_ics(a_meeting(start, end), BERLIN, NOW)
    (entry,) = entries(file)
    assert (local(entry.decoded("dtstart")), local(entry.decoded("dtend"))) == (start, end)
    assert entry["dtstart"].params["TZID"] == "Europe/Berlin"
    assert f"DTSTART;TZID=Europe/Berlin:{start.replace('-', '').replace(' ', 'T').replace(':', '')}00" in file.decode()


@pytest.mark.parametrize("day", ["2026-10-24", "2026-10-25", "2026-10-26", "2027-03-27", "2027-03-28", "2027-03-29"])
def test_the_zone_is_written_out_as_it_is(day: str) -> None:
    file = icalendar.Calendar.from_ical(meeting_ics(a_meeting(f"{day} 09:00", f"{day} 10:00"), BERLIN, NOW))
    zone = file.timezones[0].to_tz()
    assert file.timezones[0]["TZID"] == "Europe/Berlin"
    noon = datetime.fromisoformat(f"{day} 12:00")
    assert noon.replace(tzinfo=zone).utcoffset() == noon.replace(tzinfo=BERLIN).utcoffset()


def test_a_meeting_is_published_without_attendees() -> None:
    meeting = a_meeting("2026-12-10 14:00", "2026-12-10 16:00", revision=2)
    file = meeting_ics(meeting, BERLIN, NOW, agenda="1. Begrüßung\n2. STABIL, Auswahl")
    (entry,) = entries(file)
    assert icalendar.Calendar.from_ical(file)["METHOD"] == "PUBLISH"
    assert (entry["UID"], entry["SEQUENCE"], entry["STATUS"]) == ("abc@reko", 2, "CONFIRMED")
    assert (entry["SUMMARY"], entry["LOCATION"]) == ("Herbstsitzung", "Landratsamt, Raum 2")
    assert entry["DESCRIPTION"] == "1. Begrüßung\n2. STABIL, Auswahl"
    assert "ATTENDEE" not in entry
    assert [alarm.decoded("trigger") for alarm in entry.walk("VALARM")] == [-timedelta(hours=1)]
    assert len(file.splitlines()) < 60
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))


def test_a_cancelled_meeting_takes_its_entry_back() -> None:
    meeting = a_meeting("2026-12-10 14:00", "2026-12-10 16:00", status="abgesagt", revision=3)
    (entry,) = entries(meeting_ics(meeting, BERLIN, NOW))
    assert (entry["UID"], entry["SEQUENCE"], entry["STATUS"]) == ("abc@reko", 3, "CANCELLED")
    assert entry.walk("VALARM") == []


@pytest.mark.parametrize("due", ["2026-12-04 12:00", "2026-10-25 00:00", "2026-10-25 23:59", "2027-03-28 12:00"])
def test_a_deadline_is_an_instant_not_a_day(due: str) -> None:
    (entry,) = entries(deadline_ics([a_deadline(due)], CALENDAR, NOW, describe=described))
    assert local(entry.decoded("dtstart")) == due
    assert isinstance(entry.decoded("dtstart"), datetime)
    assert "DTEND" not in entry
    assert entry["SUMMARY"] == "Aufruf STABIL"
    assert "\nQuelle: Aufruf vom 24.11.2026" in entry["DESCRIPTION"]


def test_a_shifted_deadline_stands_on_the_day_it_counts() -> None:
    (entry,) = entries(deadline_ics([a_deadline("2026-12-05 12:00", shift=True)], CALENDAR, NOW, describe=described))
    assert local(entry.decoded("dtstart")) == "2026-12-07 12:00"


def test_a_later_revision_has_the_same_uid_and_a_higher_sequence() -> None:
    first, second = (
        entries(deadline_ics([a_deadline("2026-12-04 12:00", revision=number)], CALENDAR, NOW, describe=described))[0]
        for number in (1, 2)
    )
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]


def test_all_deadlines_go_into_one_file() -> None:
    several = [a_deadline("2026-12-04 12:00"), a_deadline("2028-07-01 12:00", number=5, status="abgesagt")]
    found = entries(deadline_ics(several, CALENDAR, NOW, describe=described))
    assert [entry["STATUS"] for entry in found] == ["CONFIRMED", "CANCELLED"]
    assert len({entry["UID"] for entry in found}) == 2
    assert found[1].decoded("dtstart").date() == date(2028, 7, 1)
    assert deadline_ics([], CALENDAR, NOW, describe=described).startswith(b"BEGIN:VCALENDAR")
