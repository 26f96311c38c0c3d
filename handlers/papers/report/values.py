"""What a report says, as plain values between the store and its forms: chat, PDF, workbook and CSV say the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.papers.values import Table
from locales import Voice
from models.report.periods import QUARTER, Period
from models.report.rules import FEWEST, Share


class Few:
    """So few that the figure might tell who it was."""


# A count, so many of so many, how long, too few to say; None: nobody knows.
Value = int | Share | timedelta | Few | None
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the period beside that of the period before; ``main``: it stands in the chat, too."""

    label: str
    now: Value
    before: Value
    main: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Figures about one thing, tables that go into detail, and what has to be known to read them."""

    title: str
    figures: Sequence[Figure]
    tables: Sequence[Table] = field(default=())
    notes: Sequence[str] = field(default=())
    compared: bool = True  # of what holds now nobody keeps how it was before


@dataclass(frozen=True, slots=True)
class Worded:
    """A whole report. ``remarks`` say what holds for all of it."""

    office: str
    title: str
    period: str
    before: str
    as_of: datetime
    name: str  # of its files, without an ending
    sections: Sequence[Section]
    remarks: Sequence[str]
    compared: bool = True  # something is known of the period before


def shown(value: Value, voice: Voice) -> str:
    """A value in words: „12", „6 von 8 (75 %)", „2 Std. 5 Min.", „keine Angaben"."""
    match value:
        case None:
            return voice.plain("not known")
        case Few():
            return voice.plain("fewer than %(number)s", number=FEWEST)
        case Share():
            return _share(value, voice)
        case timedelta():
            return _span(value, voice)
        case _:
            return str(value)


def _share(value: Share, voice: Voice) -> str:
    if value.fraction is None:
        return voice.plain("nothing to count")
    percent = voice.plain("%(number)s%%", number=round(100 * value.fraction))
    return voice.plain("%(part)s of %(whole)s (%(percent)s)", part=value.part, whole=value.whole, percent=percent)


def _span(value: timedelta, voice: Voice) -> str:
    if value < MINUTE:
        return voice.plain("under 1 min")
    if value < HOUR:
        return voice.plain("%(minutes)s min", minutes=value // MINUTE)
    if value < 2 * DAY:
        return voice.plain("%(hours)s h %(minutes)s min", hours=value // HOUR, minutes=value % HOUR // MINUTE)
    return voice.plain("%(days)s days %(hours)s h", days=value // DAY, hours=value % DAY // HOUR)


def period_name(period: Period, voice: Voice) -> str:
    """„November 2026", „4. Quartal 2026"."""
    if period.months == QUARTER:
        return voice.plain("quarter %(number)s of %(year)s", number=period.quarter, year=period.year)
    return voice.month(period.first)
