"""Reading a time as people type it: „1.12. 12 Uhr", „morgen 9:00", „in 2 Wochen", „nächsten Montag 10 Uhr", ISO. Pure.

Words of German and English are both understood, whatever language the bot speaks: an office's staff mixes them.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from models.calendar import Calendar, in_reach
from models.refusals import Unfit

UNREAD, NO_CLOCK, NEVER = "time unread", "time without clock", "time does not exist"
MONTHS = (
    "januar january jan jänner",
    "februar february feb",
    "märz maerz march mär mrz mar",
    "april apr",
    "mai may",
    "juni june jun",
    "juli july jul",
    "august aug",
    "september sep sept",
    "oktober october okt oct",
    "november nov",
    "dezember december dez dec",
)
WEEKDAYS = (
    "montag mo monday mon",
    "dienstag di tuesday tue",
    "mittwoch mi wednesday wed",
    "donnerstag do thursday thu",
    "freitag fr friday fri",
    "samstag sonnabend sa saturday sat",
    "sonntag so sunday sun",
)
AHEAD = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "übermorgen": 2, "uebermorgen": 2}
NUMBERS = {"ein": 1, "eine": 1, "einem": 1, "einer": 1, "one": 1, "a": 1, "zwei": 2, "two": 2, "drei": 3, "three": 3}
MONTH_OF = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
WEEKDAY_OF = {word: number for number, words in enumerate(WEEKDAYS) for word in words.split()}
_ANY_MONTH, _ANY_WEEKDAY = "|".join(MONTH_OF), "|".join(WEEKDAY_OF)

_CLOCK = re.compile(
    r"(?:(?:,|\bum|\bat|(?<=\d)t)\s*|(?<![\d.:])\b)"
    r"(?:(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d)(?::00)?\s*(?P<half>am|pm|uhr|h)?"
    r"|\s*(?P<word>uhr|h|am|pm|o'clock)(?:\s*(?P<after>[0-5]\d))?)|(?P<name>mittags?|noon))$"
)
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_DOTTED = re.compile(r"(\d\d?)\.\s?(\d\d?)(?:\.\s?(\d{4}|\d\d)?)?")
_NAMED = re.compile(rf"(\d\d?)\.?\s*({_ANY_MONTH})\.?,?\s*(\d{{4}})?")
_NAMED_FIRST = re.compile(rf"({_ANY_MONTH})\.?\s+(\d\d?)(?:st|nd|rd|th)?,?\s*(\d{{4}})?")
_IN = re.compile(
    rf"in\s+(\d{{1,3}}|{'|'.join(NUMBERS)})\s+"
    r"(tag(?:en)?|days?|wochen?|weeks?|monat(?:en)?|months?|stunden?|hours?|h|minuten?|minutes?|min)"
)
_WEEKDAY = re.compile(rf"(?:(?:am|on|nächste[nr]?|naechste[nr]?|kommende[nr]?|next)\s+)?({_ANY_WEEKDAY})\.?")
_LEADING_WEEKDAY = re.compile(rf"^({_ANY_WEEKDAY})\b\.?,?\s+(?=\d)")


def read_time(text: str, now: datetime, calendar: Calendar, *, clock: time | None = None) -> datetime:
    """The instant a text means, in UTC, seen from ``now`` in the office's zone; it may be past.

    A date without a year is the next such date; „in 2 Wochen" alone means at this same hour. ``clock`` stands in for a
    clock time that is not said. Of an hour that comes twice on the night of the clock change the earlier is meant.

    Raises:
        Unfit: „time unread" where no date is understood, „time without clock" where only the clock time is missing,
            „time does not exist" for a clock time in the hour that the change to summer time skips.
    """
    words = " ".join(text.casefold().split()).strip(" .!")
    exact = _offset_time(words) or _hours_ahead(words, now)
    if exact is not None:
        return exact
    rest, said = _split_clock(words)
    day = _read_day(rest, calendar.local(now), said)
    at = said if said is not None else clock
    if at is None and _IN.fullmatch(rest):
        at = calendar.local(now).time().replace(second=0, microsecond=0)  # „in 2 Wochen": at this same hour
    if at is None:
        raise Unfit(NO_CLOCK)
    if not in_reach(day):
        raise Unfit(UNREAD)
    if not calendar.exists(day, at):
        raise Unfit(NEVER)
    return calendar.at(day, at)


def _offset_time(words: str) -> datetime | None:
    """An ISO time that carries its own zone."""
    try:
        moment = datetime.fromisoformat(words.upper())
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    if not in_reach(moment.date()):
        raise Unfit(UNREAD)
    return moment.astimezone(UTC)


def _hours_ahead(words: str, now: datetime) -> datetime | None:
    """„in 3 Stunden": counted on the real clock, to the minute, not on the wall."""
    found = _IN.fullmatch(words)
    if found is None or found[2][0] not in "shm" or found[2].startswith("mon"):
        return None
    amount = _amount(found[1])
    ahead = timedelta(minutes=amount) if found[2].startswith("min") else timedelta(hours=amount)
    return (now + ahead).astimezone(UTC).replace(second=0, microsecond=0)


def _split_clock(words: str) -> tuple[str, time | None]:
    """The text without its clock time at the end, and that time."""
    found = _CLOCK.search(words)
    # „1.12" at the end of nothing else is a date, not twelve minutes past one.
    if found is None or (found[0] == words and "." in words and not found["half"]):
        return words, None
    rest = words[: found.start()].strip(" ,")
    if found["name"]:
        return rest, time(12)
    hour, minute = int(found["hour"]), int(found["minute"] or found["after"] or 0)
    half = found["half"] or found["word"]
    if half in {"am", "pm"}:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the English half-day
            raise Unfit(UNREAD)
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24:  # noqa: PLR2004 - „24 Uhr" names the same instant on two days; 23:59 or 0:00 does not
        raise Unfit(UNREAD)
    return rest, time(hour, minute)


def _read_day(words: str, here: datetime, said: time | None) -> date:
    today = here.date()
    words = _LEADING_WEEKDAY.sub("", words)
    if not words:
        # A clock time alone: today, or tomorrow where that time is over.
        if said is None:
            raise Unfit(UNREAD)
        return today + timedelta(days=said <= here.time())
    if words in AHEAD:
        return today + timedelta(days=AHEAD[words])
    for pattern, reader in _READERS:
        found = pattern.fullmatch(words)
        if found:
            return reader(found, today)
    raise Unfit(UNREAD)


def _day(year: int | None, month: int, day: int, today: date) -> date:
    """A date; without a year the next such one, today included (29.02. may lie four years ahead)."""
    years = [year] if year is not None else range(today.year, today.year + 9)
    for one in years:
        try:
            found = date(one, month, day)
        except ValueError:
            continue
        if year is not None or found >= today:
            return found
    raise Unfit(UNREAD)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == len("2026") else 2000 + int(text)


def _amount(text: str) -> int:
    return NUMBERS[text] if text in NUMBERS else int(text)


def _days_ahead(found: re.Match[str], today: date) -> date:
    """„in 3 Tagen", „in 2 Wochen", „in einem Monat" (the same day of the month, or its last)."""
    amount, unit = _amount(found[1]), found[2]
    if unit.startswith(("tag", "day")):
        return today + timedelta(days=amount)
    if unit.startswith(("woche", "week")):
        return today + timedelta(weeks=amount)
    if not unit.startswith("mon"):
        raise Unfit(UNREAD)  # „in 3 Stunden um 9 Uhr" is no time
    months = today.month - 1 + amount
    first = date(today.year + months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(today.day, last.day))


def _next_weekday(found: re.Match[str], today: date) -> date:
    """The next such weekday, never today: who means today says so."""
    return today + timedelta(days=(WEEKDAY_OF[found[1]] - today.weekday() - 1) % 7 + 1)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...] = (
    (_ISO, lambda found, today: _day(int(found[1]), int(found[2]), int(found[3]), today)),
    (_DOTTED, lambda found, today: _day(_year(found[3]), int(found[2]), int(found[1]), today)),
    (_NAMED, lambda found, today: _day(_year(found[3]), MONTH_OF[found[2]], int(found[1]), today)),
    (_NAMED_FIRST, lambda found, today: _day(_year(found[3]), MONTH_OF[found[1]], int(found[2]), today)),
    (_IN, _days_ahead),
    (_WEEKDAY, _next_weekday),
)
