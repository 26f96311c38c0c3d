"""The result of a selection computed a second time, in another way: whole numbers only, every order tried.

Nothing here is shared with ``models.selection``: means are compared by cross-multiplication, ranks are counted by
looking at pairs, and whether a tie matters is found by trying every order of the equals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations
from math import ceil


@dataclass(frozen=True)
class Bid:
    """A project: its number and the sum applied for, in cents."""

    number: int
    applied: int


@dataclass(frozen=True)
class Mandate:
    """What one mandate said: points by (project, criterion), and where it takes no part."""

    points: Mapping[tuple[int, int], int]
    out: bool
    aside: frozenset[int]


@dataclass(frozen=True)
class Task:
    """Everything the result depends on. ``weights`` are whole numbers; ``threshold`` is in hundredths of a point."""

    weights: Sequence[int]
    bids: Sequence[Bid]
    mandates: Sequence[Mandate]
    budget: int
    threshold: int
    rule: str
    least: int  # of scores, for a project to be ranked


@dataclass(frozen=True)
class Mean:
    """A mean as total / (weights x scores)."""

    total: int
    parts: int

    def above(self, other: "Mean") -> bool:
        return self.total * other.parts > other.total * self.parts


def mean_of(task: Task, number: int) -> tuple[Mean | None, int]:
    total = scores = 0
    for one in task.mandates:
        given = [one.points.get((number, place)) for place in range(1, len(task.weights) + 1)]
        if one.out or number in one.aside or None in given:
            continue
        scores += 1
        total += sum(weight * (points or 0) for weight, points in zip(task.weights, given, strict=True))
    return (Mean(total, sum(task.weights) * scores) if scores else None), scores


def ranks(task: Task) -> dict[int, int]:
    means = {}
    for bid in task.bids:
        mean, scores = mean_of(task, bid.number)
        if mean is not None and scores >= max(1, task.least):
            means[bid.number] = mean
    return {number: 1 + sum(other.above(mean) for other in means.values()) for number, mean in means.items()}


def spend(task: Task, order: Sequence[Bid], left: int) -> tuple[frozenset[int], int, bool]:
    """Walk an order: who is funded, what is left, and whether the walk came to its end without stopping."""
    funded = set()
    for bid in order:
        if bid.applied <= left:
            funded.add(bid.number)
            left -= bid.applied
        elif task.rule == "stop":
            return frozenset(funded), left, False
    return frozenset(funded), left, True


def funded(task: Task) -> tuple[frozenset[int], int, frozenset[int]]:
    """Who is funded for certain, what is left then, and between whom a decision is needed."""
    rank = ranks(task)
    passed = []
    for bid in task.bids:
        mean, _ = mean_of(task, bid.number)
        if bid.number in rank and mean is not None and mean.total * 100 >= task.threshold * mean.parts:
            passed.append(bid)
    passed.sort(key=lambda bid: rank[bid.number])
    done: frozenset[int] = frozenset()
    left = task.budget
    for _, equals in groupby(passed, key=lambda bid: rank[bid.number]):
        group = list(equals)
        ends = {spend(task, order, left) for order in permutations(group)}
        if len({end[0] for end in ends}) > 1:
            return done, left, frozenset(bid.number for bid in group)
        chosen, left, going_on = next(iter(ends))
        done |= chosen
        if not going_on:
            break
    return done, left, frozenset()


def least_scores(share: tuple[int, int] | int, base: int, *, strict: bool) -> int:
    """The fewest scores a charter asks for: a number, or a share of a base."""
    if isinstance(share, int):
        return max(1, share + strict)
    up, down = share
    exact = up * base / down
    return max(1, int(exact) + 1 if strict else ceil(exact))
