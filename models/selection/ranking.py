"""Project selection: the result. Every figure is exact; a tie that would decide on money is left to people.

The rules, as an outsider would have to apply them again:
1. A project's mean is the plain mean of the weighted points of all mandates whose card for it is complete, and who take
   part. One with fewer scores than the charter's quorum asks is named, and has no rank.
2. Rank is 1 plus the number of projects with a higher mean, so that equals share a rank and the next one is left out.
3. A project whose mean reaches the threshold is funded in the order of ranks while the budget lasts. At the first that
   does not fit it stops, or that one is skipped, as the charter has it (``first_that_does_not_fit``).
4. Where it depends on the order among equals who is funded, nothing more is funded until that order is decided.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from models.charter import Charter
from models.charter.counting import smallest
from models.selection.rules import HUNDREDTH, Call, Part, Project

Orders = Mapping[int, Sequence[int]]  # by rank: the numbers of its projects in the order that was decided


class Fate(StrEnum):
    """What becomes of a project."""

    FUNDED = "funded"
    IN_LINE = "in line"  # reaches the threshold; funded if another one is not
    TIED = "tied"  # equals at the edge of the budget: their order has to be decided
    OPEN = "open"  # behind such a tie
    BELOW = "below threshold"
    TOO_FEW = "too few scores"
    NOT_JUDGED = "not judged"  # by circulation, and somebody objected to that


class Ending(StrEnum):
    """What came of a selection."""

    SELECTED = "selected"
    NOTHING = "nothing selected"
    TIE = "tie"
    NO_QUORUM = "no quorum"  # no project has enough scores
    TO_MEETING = "to a meeting"


@dataclass(frozen=True, slots=True)
class Needed:
    """How many scores a project needs by the charter: ``words`` of ``base`` (named by ``of``), > or ≥."""

    needed: int
    base: int
    of: str
    words: str
    share: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A project in the result. ``mean``, ``low``, ``high``: of the weighted points; None where nobody scored it."""

    project: Project
    scores: int
    excluded: int  # mandates that take no part in it, those out of the whole call among them
    quorum: Needed
    enough: bool
    mean: Fraction | None
    low: Fraction | None
    high: Fraction | None
    rank: int | None = None
    fate: Fate = Fate.TOO_FEW

    def to_json(self) -> dict[str, Any]:
        """For the store; fractions as „25/6"."""
        means = {key: _written(getattr(self, key)) for key in ("mean", "low", "high")}
        return {**asdict(self), **means}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Standing":
        """As it was frozen."""
        means = {key: _read(data[key]) for key in ("mean", "low", "high")}
        rich = {"project": Project(**data["project"]), "quorum": Needed(**data["quorum"]), "fate": Fate(data["fate"])}
        return cls(**{**data, **means, **rich})


def _written(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _read(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


@dataclass(frozen=True, slots=True)
class Turnout:
    """Of how many mandates how many are out of the whole call, and how many have a complete card."""

    entitled: int
    excluded: int
    answered: int
    circular: bool = False
    waived: bool = False  # invited again: the quorum is waived
    objections: int = 0  # to the circular


@dataclass(frozen=True, slots=True)
class Selection:
    """The result: standings by rank, then those without one. Amounts in euro cents."""

    outcome: Ending
    turnout: Turnout
    budget: int
    left: int
    threshold: Fraction
    scale: Fraction
    rule: str  # „stop" or „skip"
    preset: str
    own: tuple[str, ...]  # the charter's keys that are not as in the preset and bore on it
    clause: str
    standings: tuple[Standing, ...]

    def with_fate(self, *fates: Fate) -> list[Standing]:
        """The standings with one of these fates, in order."""
        return [one for one in self.standings if one.fate in fates]

    @property
    def tied(self) -> tuple[int, ...]:
        """The numbers of the projects whose order has to be decided now; empty where nothing depends on it."""
        return tuple(one.project.number for one in self.with_fate(Fate.TIED))

    @property
    def tied_rank(self) -> int | None:
        """Their rank."""
        return next((one.rank for one in self.with_fate(Fate.TIED)), None)

    def to_json(self) -> dict[str, Any]:
        """For the store, where it is frozen at closing."""
        return {
            **asdict(self),
            "threshold": str(self.threshold),
            "scale": str(self.scale),
            "own": list(self.own),
            "standings": [one.to_json() for one in self.standings],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Selection":
        """As it was frozen."""
        rich = {
            "outcome": Ending(data["outcome"]),
            "turnout": Turnout(**data["turnout"]),
            "threshold": Fraction(data["threshold"]),
            "scale": Fraction(data["scale"]),
            "own": tuple(data["own"]),
            "standings": tuple(Standing.from_json(one) for one in data["standings"]),
        }
        return cls(**{**data, **rich})


BEARING = {"quorum", "second_meeting", "conflict_scope", "first_that_does_not_fit"}


def select(
    call: Call,
    charter: Charter,
    parts: Sequence[Part],
    *,
    circular: bool,
    again: bool = False,
    objections: int = 0,
    present: int | None = None,
) -> Selection:
    """The result of what the mandates said (a part each), by the charter.

    ``again``: invited a second time. ``present``: as recorded in the meeting, without those out of the whole call;
    None: nobody was recorded, so that those count who gave points.
    """
    turnout = Turnout(
        entitled=len(parts),
        excluded=sum(one.out for one in parts),
        answered=sum(bool(one.counting(call)) for one in parts),
        circular=circular,
        waived=again and charter.second_meeting and not circular,
        objections=objections if circular else 0,
    )
    standings = [_standing(call, charter, parts, one, waived=turnout.waived, recorded=present) for one in call.projects]
    keys = BEARING | ({"circular"} if circular else set())
    judged = Selection(
        outcome=Ending.NOTHING,
        turnout=turnout,
        budget=call.budget,
        left=call.budget,
        threshold=Fraction(call.threshold, HUNDREDTH),
        scale=call.scale,
        rule=charter.first_that_does_not_fit,
        preset=charter.preset,
        own=tuple(key for key in charter.own if key in keys),
        clause=charter.clause if circular else "",
        standings=tuple(_ranked(standings)),
    )
    return with_orders(judged, {})


def _standing(
    call: Call, charter: Charter, parts: Sequence[Part], project: Project, *, waived: bool, recorded: int | None
) -> Standing:
    found = [one.weighed(call, project.number) for one in parts]
    scores = [one for one in found if one is not None]
    free = [one for one in parts if not one.out and project.number not in one.aside]
    present = sum(bool(one.counting(call)) for one in free)
    if recorded is not None:
        aside = sum(not one.out and project.number in one.aside for one in parts)
        present = max(recorded - aside, len(scores))
    bases = {"all": len(parts), "not excluded": len(free), "present": present}
    rule = charter.quorum
    base = bases[rule.base]
    needed = smallest(rule.amount * base if rule.share else rule.amount, strict=rule.strict)
    return Standing(
        project=project,
        scores=len(scores),
        excluded=len(parts) - len(free),
        quorum=Needed(needed, base, rule.base, rule.words, rule.share, rule.strict),
        enough=len(scores) >= (1 if waived else needed),
        mean=sum(scores, Fraction()) / len(scores) if scores else None,
        low=min(scores, default=None),
        high=max(scores, default=None),
    )


def _ranked(standings: Sequence[Standing]) -> Iterator[Standing]:
    """By rank, equals by their number; then those without a rank."""
    means = [one.mean for one in standings if one.enough and one.mean is not None]
    ranked = [
        replace(one, rank=1 + sum(other > one.mean for other in means))
        for one in standings
        if one.enough and one.mean is not None
    ]
    yield from sorted(ranked, key=lambda one: (one.rank or 0, one.project.number))
    yield from (one for one in standings if not one.enough)


def with_orders(judged: Selection, orders: Orders) -> Selection:
    """The same result once ties at the edge of the budget are decided so."""
    if judged.turnout.objections:
        unjudged = tuple(replace(one, rank=None, fate=Fate.NOT_JUDGED) for one in judged.standings)
        return replace(judged, outcome=Ending.TO_MEETING, standings=unjudged)
    ranked = [one for one in judged.standings if one.rank is not None]
    passed = [one for one in ranked if one.mean is not None and one.mean >= judged.threshold]
    funded, left = _fund(passed, judged, orders)
    below = [replace(one, fate=Fate.BELOW) for one in ranked if one not in passed]
    rest = [replace(one, fate=Fate.TOO_FEW) for one in judged.standings if one.rank is None]
    return replace(judged, outcome=_ending(funded, ranked), left=left, standings=(*funded, *below, *rest))


def _ending(funded: Sequence[Standing], ranked: Sequence[Standing]) -> Ending:
    fates = {one.fate for one in funded}
    if Fate.TIED in fates:
        return Ending.TIE
    if Fate.FUNDED in fates:
        return Ending.SELECTED
    return Ending.NOTHING if ranked else Ending.NO_QUORUM


def _fund(passed: Sequence[Standing], judged: Selection, orders: Orders) -> tuple[list[Standing], int]:
    """What becomes of those that reach the threshold, in order, and what is left of the budget."""
    done: list[Standing] = []
    left, going_on = judged.budget, True
    for group in _groups(passed):
        order = orders.get(group[0].rank or 0)
        if going_on and order is None and _depends(group, left, judged.rule):
            rest = passed[len(done) + len(group) :]
            tied = [replace(one, fate=Fate.TIED) for one in group]
            return [*done, *tied, *(replace(one, fate=Fate.OPEN) for one in rest)], left
        for one in _in_order(group, order):
            fits = going_on and one.project.applied <= left
            left -= one.project.applied if fits else 0
            going_on = going_on and (fits or judged.rule == "skip")
            done.append(replace(one, fate=Fate.FUNDED if fits else Fate.IN_LINE))
    return done, left


def _groups(passed: Sequence[Standing]) -> Iterator[list[Standing]]:
    for rank in sorted({one.rank or 0 for one in passed}):
        yield [one for one in passed if one.rank == rank]


def _in_order(group: Sequence[Standing], order: Sequence[int] | None) -> list[Standing]:
    if order is None:
        return list(group)
    return sorted(group, key=lambda one: list(order).index(one.project.number))


def _depends(group: Sequence[Standing], left: int, rule: str) -> bool:
    """Whether it depends on the order among equals who of them is funded.

    It does not where all fit together or none fits at all. Where what does not fit is skipped, it does not either as
    long as all those that fit alone fit together.
    """
    asked = [one.project.applied for one in group]
    fitting = [amount for amount in asked if amount <= left]
    if not fitting or sum(asked) <= left:
        return False
    return rule == "stop" or sum(fitting) > left


def check_order(judged: Selection, order: Sequence[int]) -> bool:
    """Whether this is an order of the projects that are tied."""
    return bool(judged.tied) and sorted(order) == sorted(judged.tied)
