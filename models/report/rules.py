"""Reports: what figures amount to. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.calendar import Calendar
from models.question.rules import due_by

FEWEST = 3  # what fewer people did is told together with what others did


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def fraction(self) -> float | None:
        """0 to 1; None of nobody."""
        return self.part / self.whole if self.whole else None

    def __add__(self, other: "Share") -> "Share":
        """Both together."""
        return Share(self.part + other.part, self.whole + other.whole)


NOBODY = Share(0, 0)


def median(spans: Iterable[timedelta]) -> timedelta | None:
    """The one in the middle, of an even number the mean of the two there; None of none."""
    ordered = sorted(spans)
    if not ordered:
        return None
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return (low + high) / 2


def in_time(handed_at: datetime, answered_at: datetime, calendar: Calendar) -> bool:
    """Whether an answer came within two working days, to the clock time at which the question was handed on."""
    return answered_at <= due_by(handed_at, calendar)


def few(number: int) -> bool:
    """Whether so few have done something that a figure about them might tell who it was."""
    return 0 < number < FEWEST


def told_apart(*counts: Mapping[str, int]) -> list[str]:
    """What is counted often enough in one of these to stand by itself; all else is told together. By name."""
    return sorted({name for counted in counts for name, number in counted.items() if number >= FEWEST})
