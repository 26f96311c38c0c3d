"""Project selection: what a call is, what may be scored, and when a card is complete. All figures are exact."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from models.ballot.rules import Stage
from models.refusals import Unfit, Unknown

MOST_CRITERIA = 10
MOST_PROJECTS = 30
HIGHEST_POINTS = 100
HIGHEST_WEIGHT = 100_00  # hundredths
HIGHEST_AMOUNT = 10_000_000_000_00  # cents
HUNDREDTH = 100
# „2 Finanzplan.pdf", „03_Antrag.pdf": the project's number, then a sign that parts it from the name.
_OF_PROJECT = re.compile(r"0*([1-9][0-9]?)[ _.\-–]")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What points are given for, 0 to ``maximum``; ``weight`` in hundredths."""

    place: int
    name: str
    maximum: int
    weight: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project, who is to carry it, and the sum applied for in euro cents."""

    number: int
    title: str
    sponsor: str
    applied: int


@dataclass(frozen=True, slots=True)
class Call:
    """What a selection is about: ``budget`` in euro cents, ``threshold`` in hundredths of a point (0: none)."""

    budget: int
    threshold: int
    criteria: tuple[Criterion, ...]
    projects: tuple[Project, ...]

    @property
    def scale(self) -> Fraction:
        """The best weighted mean there can be: every criterion's maximum, weighted."""
        return self.weigh({one.place: one.maximum for one in self.criteria})

    def weigh(self, card: Mapping[int, int]) -> Fraction:
        """The weighted mean of a complete card's points, by criterion: Σ weight x points / Σ weight."""
        weights = sum(one.weight for one in self.criteria)
        return Fraction(sum(one.weight * card[one.place] for one in self.criteria), weights)

    def criterion(self, place: int) -> Criterion:
        """The criterion at a place.

        Raises:
            Unknown: there is none.
        """
        if not 1 <= place <= len(self.criteria):
            raise Unknown
        return self.criteria[place - 1]

    def project(self, number: int) -> Project:
        """The project with this number.

        Raises:
            Unknown: there is none.
        """
        if not 1 <= number <= len(self.projects):
            raise Unknown
        return self.projects[number - 1]

    def to_json(self) -> dict[str, Any]:
        """As data, for a form's answers and for the record's digest."""
        return {
            "budget": self.budget,
            "threshold": self.threshold,
            "criteria": [asdict(one) for one in self.criteria],
            "projects": [asdict(one) for one in self.projects],
        }


Points = Mapping[tuple[int, int], int]  # by project and criterion


@dataclass(frozen=True, slots=True)
class Part:
    """What one mandate says in a selection: its points, and the projects in which it takes no part."""

    points: Points = field(default_factory=dict)
    aside: frozenset[int] = frozenset()
    out: bool = False  # of the whole call: excluded by a decision, or „Befangen"

    def card(self, call: Call, number: int) -> dict[int, int]:
        """The points given for a project so far, by criterion."""
        return {
            one.place: self.points[number, one.place] for one in call.criteria if (number, one.place) in self.points
        }

    def missing(self, call: Call, number: int) -> list[Criterion]:
        """The criteria by which a project has no points yet; none of one in which the mandate takes no part."""
        if number in self.aside:
            return []
        return [one for one in call.criteria if (number, one.place) not in self.points]

    def counts(self, call: Call, number: int) -> bool:
        """Whether the points for a project count: its card is complete, confirmed or not."""
        return not self.out and number not in self.aside and not self.missing(call, number)

    def weighed(self, call: Call, number: int) -> Fraction | None:
        """The weighted mean of a project's points; None while they do not count."""
        return call.weigh(self.card(call, number)) if self.counts(call, number) else None

    def to_score(self, call: Call) -> list[Project]:
        """The projects that the mandate is asked to score."""
        return [one for one in call.projects if one.number not in self.aside]

    def counting(self, call: Call) -> list[Project]:
        """The projects for which its points count already."""
        return [one for one in call.projects if self.counts(call, one.number)]

    def stage(self, call: Call) -> Stage:
        """How far it is, unconfirmed."""
        return Stage.PART if any(self.missing(call, one.number) for one in call.projects) else Stage.FULL


def check_points(call: Call, project: int, criterion: int, points: int) -> None:
    """Let pass points that can be given.

    Raises:
        Unknown: no such project or criterion, or the points are beyond its maximum.
    """
    call.project(project)
    if not 0 <= points <= call.criterion(criterion).maximum:
        raise Unknown


def check_call(call: Call) -> None:
    """Let pass a call that can be scored.

    Raises:
        Unfit: no or too many criteria or projects, figures beyond their bounds, a name twice, or a threshold that no
            project can reach.
    """
    if not 1 <= len(call.criteria) <= MOST_CRITERIA or _twice(one.name for one in call.criteria):
        raise Unfit("criteria")
    if not all(1 <= one.maximum <= HIGHEST_POINTS and 1 <= one.weight <= HIGHEST_WEIGHT for one in call.criteria):
        raise Unfit("criteria")
    if not 1 <= len(call.projects) <= MOST_PROJECTS:
        raise Unfit("projects")
    if not all(1 <= amount <= HIGHEST_AMOUNT for amount in (call.budget, *(one.applied for one in call.projects))):
        raise Unfit("amount")
    if not 0 <= call.threshold <= call.scale * HUNDREDTH:
        raise Unfit("threshold")


def _twice(names: Iterable[str]) -> bool:
    folded = [one.casefold() for one in names]
    return len({*folded}) < len(folded)


def project_of_file(name: str, projects: int) -> int | None:
    """The project that a file belongs to: the one whose number its name begins with; None: to the whole call."""
    found = _OF_PROJECT.match(name)
    return int(found[1]) if found and int(found[1]) <= projects else None
