"""Calendar files (.ics, RFC 5545): published, never a request, without attendees; the same UID for good. Pure."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from models.calendar import Calendar
from models.deadline import Deadline, effective_due, schedule_of
from models.meeting import Meeting
from models.meeting.rules import CANCELLED

if TYPE_CHECKING:  # icalendar takes a third of a second to import and is wanted for the first file only
    import icalendar

PRODUCT = "-//ReKo-Assistent//DE"
MEETING_ALARM = timedelta(hours=1)
DEADLINE_ALARM = timedelta(days=1)


def meeting_ics(meeting: Meeting, zone: ZoneInfo, now: datetime, *, agenda: str = "") -> bytes:
    """The entry of a meeting in the office's zone; sent again after a move or a cancelling, it replaces the first.

    ``agenda``: in the reader's language.
    """
    event = _event(meeting.uid, meeting.revision, meeting.title, now, cancelled=meeting.status == CANCELLED)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    _texts(event, meeting.place, agenda)
    if meeting.status != CANCELLED:
        event.add_component(_alarm(MEETING_ALARM, meeting.title))
    return _file([event])


def deadline_ics(
    deadlines: Iterable[Deadline], calendar: Calendar, now: datetime, *, describe: Callable[[Deadline], str]
) -> bytes:
    """One file with the entries of these deadlines, each at the instant it is due, not over the whole day.

    ``describe`` says below the title what there is to know, in the reader's language.
    """
    events = []
    for deadline in deadlines:
        event = _event(_uid(deadline), deadline.revision, deadline.title, now, cancelled=bool(deadline.status))
        # No end: the entry is the instant itself (RFC 5545, 3.6.1).
        event.add("dtstart", effective_due(schedule_of(deadline), calendar).astimezone(ZoneInfo(calendar.zone)))
        event.add("transp", "TRANSPARENT")
        _texts(event, deadline.place, describe(deadline))
        if not deadline.status:
            event.add_component(_alarm(DEADLINE_ALARM, deadline.title))
        events.append(event)
    return _file(events)


def _uid(deadline: Deadline) -> str:
    # Number and the instant of entry: stable for good, and another store's deadline 4 is another entry.
    return f"deadline-{deadline.number}-{int(deadline.entered_at.timestamp())}@reko"


def _event(uid: str, sequence: int, title: str, now: datetime, *, cancelled: bool) -> "icalendar.Event":
    from icalendar import Event  # noqa: PLC0415 - see above

    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    event.add("summary", title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _texts(event: "icalendar.Event", place: str, description: str) -> None:
    if place:
        event.add("location", place)
    if description:
        event.add("description", description)


def _alarm(before: timedelta, title: str) -> "icalendar.Alarm":
    from icalendar import Alarm  # noqa: PLC0415 - see above

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm


def _file(events: list["icalendar.Event"]) -> bytes:
    from icalendar import Calendar as File  # noqa: PLC0415 - see above

    file = File()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    for event in events:
        file.add_component(event)
    years = [event.decoded("dtstart").year for event in events]
    if years:
        # The rules of the zone for the years spoken of, with one on either side for what is moved.
        file.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    content: bytes = file.to_ical()
    return content
