"""The months and quarters that a report can be about. Pure; days are the office's."""

from dataclasses import dataclass
from datetime import date, datetime, time

from models.calendar import Calendar

MONTH, QUARTER = 1, 3  # how many months a period has
YEAR = 12
FIRST_YEAR, LAST_YEAR = 2000, 2999
MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter: its first month, and how many months it has."""

    year: int
    month: int
    months: int = MONTH

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def following(self) -> date:
        """The first day after it."""
        return self.moved(1).first

    @property
    def quarter(self) -> int:
        """Which quarter of the year it lies in, from 1."""
        return (self.month - 1) // QUARTER + 1

    @property
    def before(self) -> "Period":
        """The one before it, of the same kind."""
        return self.moved(-1)

    def moved(self, by: int) -> "Period":
        """So many periods of the same kind later; earlier, where negative."""
        count = self.year * YEAR + self.month - 1 + by * self.months
        return Period(count // YEAR, count % YEAR + 1, self.months)

    def instants(self, calendar: Calendar) -> tuple[datetime, datetime]:
        """From its first midnight (inclusive) to the one after it (exclusive), on the office's clock."""
        return calendar.at(self.first, MIDNIGHT), calendar.at(self.following, MIDNIGHT)

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day < self.following

    @property
    def spelled(self) -> str:
        """As a button carries it: „2026-11", „2026-q4"."""
        return f"{self.year}-q{self.quarter}" if self.months == QUARTER else f"{self.year}-{self.month}"


def month_of(day: date) -> Period:
    """The month of a day."""
    return Period(day.year, day.month)


def quarter_of(day: date) -> Period:
    """The quarter of a day."""
    return Period(day.year, (day.month - 1) // QUARTER * QUARTER + 1, QUARTER)


def month(year: int, number: int) -> Period | None:
    """A month of a year; None where there is none."""
    return Period(year, number) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= YEAR else None


def quarter(year: int, number: int) -> Period | None:
    """A quarter of a year; None where there is none."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= YEAR // QUARTER):
        return None
    return Period(year, (number - 1) * QUARTER + 1, QUARTER)


def read_spelled(text: str) -> Period | None:
    """The period that a button carries; None for what we never made."""
    year, _, rest = text.partition("-")
    number = rest.removeprefix("q")
    if not (year.isascii() and year.isdigit() and number.isascii() and number.isdigit() and len(rest) <= len("12")):
        return None
    found = quarter(int(year), int(number)) if rest.startswith("q") else month(int(year), int(number))
    return found if found and found.spelled == text else None
