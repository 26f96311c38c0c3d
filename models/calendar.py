"""The office's days: its zone, public holidays, working days and quiet hours. Pure; instants come out in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.office import DEFAULT_REGION, DEFAULT_ZONE

DAY_BEGINS = time(8)  # the end of the quiet hours
DAY_ENDS = time(20)  # their beginning
SATURDAY, SUNDAY = 5, 6
FIRST_YEAR, LAST_YEAR = 2000, 2199
ONE_DAY = timedelta(days=1)
# What is moved to before the quiet hours should arrive before them, not on their stroke.
BEFORE_QUIET = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The zone of the office's clock and the region („DE-ST") of its public holidays."""

    zone: str = DEFAULT_ZONE
    region: str = DEFAULT_REGION

    def local(self, moment: datetime) -> datetime:
        """The instant as the office's clock shows it."""
        return moment.astimezone(ZoneInfo(self.zone))

    def day(self, moment: datetime) -> date:
        """The office's calendar day at an instant."""
        return self.local(moment).date()

    def at(self, day: date, clock: time) -> datetime:
        """The instant of a local day and clock time. Of an hour that comes twice the first is meant.

        A time that the change to summer time skips is read on the clock as it went before.
        """
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)

    def exists(self, day: date, clock: time) -> bool:
        """Whether the local clock shows this time on that day: not in the hour skipped in spring."""
        return self.local(self.at(day, clock)).replace(tzinfo=None) == datetime.combine(day, clock)

    def is_holiday(self, day: date) -> bool:
        """A public holiday of the region."""
        return day in _holidays(self.region, day.year)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday and no public holiday."""
        return day.weekday() < SATURDAY and not self.is_holiday(day)

    def working_day_by(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def working_day_from(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def working_days_before(self, day: date, count: int = 1) -> date:
        """The working day that lies this many working days before a day."""
        for _ in range(count):
            day = self.working_day_by(day - ONE_DAY)
        return day

    def working_days_after(self, day: date, count: int = 1) -> date:
        """The working day that lies this many working days after a day."""
        for _ in range(count):
            day = self.working_day_from(day + ONE_DAY)
        return day

    def quiet(self, moment: datetime) -> bool:
        """Quiet hours: from 20 to 8 o'clock, Sundays and public holidays."""
        local = self.local(moment)
        return not DAY_BEGINS <= local.time() < DAY_ENDS or self._quiet_day(local.date())

    def next_allowed(self, moment: datetime) -> datetime:
        """The first instant at or after this one that is not quiet."""
        if not self.quiet(moment):
            return moment
        local = self.local(moment)
        day = local.date() if local.time() < DAY_BEGINS else local.date() + ONE_DAY
        while self._quiet_day(day):
            day += ONE_DAY
        return self.at(day, DAY_BEGINS)

    def last_allowed(self, moment: datetime) -> datetime:
        """This instant, or, where it is quiet, five minutes before those quiet hours began."""
        if not self.quiet(moment):
            return moment
        local = self.local(moment)
        day = local.date() if local.time() >= DAY_ENDS else local.date() - ONE_DAY
        while self._quiet_day(day):
            day -= ONE_DAY
        return self.at(day, DAY_ENDS) - BEFORE_QUIET

    def next_daytime(self, moment: datetime) -> datetime:
        """This instant if the clock is between 8 and 20, else the next 8:00; on any day, Sundays too."""
        local = self.local(moment)
        if DAY_BEGINS <= local.time() < DAY_ENDS:
            return moment
        day = local.date() if local.time() < DAY_BEGINS else local.date() + ONE_DAY
        return self.at(day, DAY_BEGINS)

    def _quiet_day(self, day: date) -> bool:
        return day.weekday() == SUNDAY or self.is_holiday(day)


def in_reach(day: date) -> bool:
    """Whether a meeting or a deadline may be on this day. Farther away nobody means it, and sums of time overflow."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def known_region(region: str) -> bool:
    """Whether the holidays of this region („DE-ST") are known."""
    from holidays import list_supported_countries  # noqa: PLC0415 - slow to import, wanted by `load` only

    country, _, subdivision = region.partition("-")
    return subdivision in list_supported_countries().get(country, ())


@lru_cache(maxsize=64)
def _holidays(region: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - half a second that the start-up need not wait for

    country, _, subdivision = region.partition("-")
    return frozenset(country_holidays(country, subdiv=subdivision or None, years=year))
