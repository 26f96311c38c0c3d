"""Finding a date: a ballot has a mark for each, and counting says which suits best."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.ballot.rules import NO_MARK, Fit
from models.refusals import Unknown


def with_mark(choice: str | None, mark: str, options: int) -> str:
    """A date finding's ballot with one more mark: („f--", „3n") → „f-n". A mark a date, in their order.

    Raises:
        Unknown: there is no such date or mark.
    """
    place, fit = mark[:-1], mark[-1:]
    if fit not in [*Fit] or place not in {str(one) for one in range(1, options + 1)}:
        raise Unknown
    marks = list(choice or NO_MARK * options)
    marks[int(place) - 1] = fit
    return "".join(marks)


@dataclass(frozen=True, slots=True)
class DateCount:
    """How a date suits: in how many ballots it fits, fits at a pinch, does not."""

    place: int
    fits: int
    at_a_pinch: int
    not_: int


def count_dates(options: int, choices: Iterable[str]) -> list[DateCount]:
    """The dates with their counts, in the order given. A date that a ballot leaves out is not counted there."""
    said = list(choices)
    marks = ["".join(one[place] for one in said) for place in range(options)]
    return [DateCount(place, *(one.count(fit) for fit in Fit)) for place, one in enumerate(marks, 1)]


def best_dates(counted: Sequence[DateCount]) -> list[DateCount]:
    """The dates that suit best; several where they suit alike. None while nobody has answered."""
    answered = [one for one in counted if one.fits or one.at_a_pinch]
    most = max((one.fits + one.at_a_pinch for one in answered), default=0)
    reached = [one for one in answered if one.fits + one.at_a_pinch == most]
    gladly = max((one.fits for one in reached), default=0)
    return [one for one in reached if one.fits == gladly]
