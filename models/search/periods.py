"""Which days a question speaks of: „im Dezember", „nächste Woche", „bis Ende März", „am 15.12.", „2027". Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

A_WEEK, SUNDAY = timedelta(days=7), 6
MONTHS_A_QUARTER = 3
_THIS = r"(?:diese[rnms]?|laufende[rnms]?|this)"
_NEXT = r"(?:naechste[rnms]?|kommende[rnms]?|folgende[rnms]?|next)"
_DAY = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?(?!\.?\d)")
_YEAR = re.compile(r"\b(20\d\d)\b")
_UP_TO = re.compile(r"\b(?:bis|until|by)\b(?! (?:wann|zu welch|when|what))")
_BY = re.compile(r"\b(?:bis(?: (?:ende|anfang|mitte|zum|einschliesslich))*|until|by)$")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last


def period(question: str, month: int | None, today: date) -> Period | None:
    """The days a folded question names; ``month`` is the one it names, as in ``Slots``. None: no days are named.

    A day or month without a year is the next one to come, the present month included.
    """
    return _day(question, today) or _month(question, month, today) or _relative(question, today) or _year(question)


def _day(question: str, today: date) -> Period | None:
    found = _DAY.search(question)
    if found is None:
        return None
    number, month = int(found[1]), int(found[2])
    for year in [int(found[3])] if found[3] else [today.year, today.year + 1]:
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if found[3] or day >= today:
            return Period(today, day) if _BY.search(question[: found.start()].rstrip()) and day >= today else _one(day)
    return None


def _one(day: date) -> Period:
    return Period(day, day)


def _month(question: str, month: int | None, today: date) -> Period | None:
    if month is None:
        return None
    named = _YEAR.search(question)
    year = int(named[1]) if named else today.year + (month < today.month)
    whole = _whole_month(year, month)
    return Period(today, whole.last) if _UP_TO.search(question) and today < whole.first else whole


def _whole_month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _relative(question: str, today: date) -> Period | None:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    quarter = (today.month - 1) // MONTHS_A_QUARTER * MONTHS_A_QUARTER + 1
    for pattern, found in (
        (r"\b(?:heute|today)\b", _one(today)),
        (r"\b(?:uebermorgen|day after tomorrow)\b", _one(today + timedelta(days=2))),
        (r"\b(?:morgen|tomorrow)\b", _one(today + timedelta(days=1))),
        (rf"\b{_NEXT} woche\b|\bnext week\b", Period(monday + A_WEEK, monday + A_WEEK + timedelta(days=SUNDAY))),
        (rf"\b{_THIS} woche\b|\bthis week\b", Period(today, monday + timedelta(days=SUNDAY))),
        (rf"\b{_NEXT} monat\w*\b|\bnext month\b", _whole_month(following.year, following.month)),
        (rf"\b{_THIS} monat\w*\b|\bmonatsende\b|\bthis month\b", _whole_month(today.year, today.month)),
        (
            rf"\b{_THIS} quartal\w*\b|\bquartalsende\b",
            Period(first.replace(month=quarter), _whole_month(today.year, quarter + 2).last),
        ),
        (rf"\b{_NEXT} jahr\w*\b|\bnext year\b", Period(date(today.year + 1, 1, 1), date(today.year + 1, 12, 31))),
        (
            rf"\b{_THIS} jahr\w*\b|\bjahresende\b|\bende des jahres\b|\bthis year\b|\bend of the year\b",
            Period(today, date(today.year, 12, 31)),
        ),
    ):
        if re.search(pattern, question):
            return Period(today, found.last) if _UP_TO.search(question) else found
    return None


def _year(question: str) -> Period | None:
    found = _YEAR.search(question)
    return Period(date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)) if found else None
