"""Columns: where a page has them, and the order in which they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from models.knowledge.readers.page import Line, Page, Run, lines

_NARROW = 0.62  # of the width: a wider run reaches over columns
_FEWEST = 4  # lines in each column
_FILLED = 0.55  # of a column's width that half of its lines fill; the cells of a table fill less
_MARGIN = 20.0  # points that the right margin may be wider than the left one
_WORDY = 15  # letters in half of the lines of a text
_CLOSE = 1.7  # of the size from line to line
_PARTED = 1.3  # of the distance of lines: here a paragraph ends
_LEVEL = 1.5  # points
_ALIKE = 0.7  # of the paragraphs: so many begin side by side in a table
_CROSSING = 0.05  # of the narrow runs that may reach over the gap between columns
_STEPS = 150  # places at which a gap is looked for
_MOST_RUNS = 5000  # a page with more is no text in columns
_DEEPEST = 3  # a page is parted so often: eight columns


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines that are read from top to bottom, and the right edge of their column."""

    lines: list[Line]
    edge: float


def flows(page: Page, runs: Sequence[Run]) -> Iterator[Flow]:
    """The columns of a page in reading order; what reaches over them parts what is above from what is below."""
    if not runs:
        return
    # A page of short lines does not show how far its lines may reach; both margins are usually alike.
    margin = min(run.x for run in runs)
    yield from _parted(page.number, runs, max(_edge(runs), page.width - margin - _MARGIN), 0)


def _edge(runs: Sequence[Run]) -> float:
    return max(run.end for run in runs)


def _parted(page: int, runs: Sequence[Run], edge: float, depth: int) -> Iterator[Flow]:
    if not runs:
        return
    gap = _gap(runs) if depth < _DEEPEST and len(runs) < _MOST_RUNS else None
    if gap is None:
        yield Flow(lines(page, runs), edge)
        return
    left, right = [run for run in runs if run.end <= gap], [run for run in runs if run.x >= gap]
    for reaching, zone in _zones(runs, gap):
        if reaching:
            yield Flow(lines(page, zone), edge)
            continue
        yield from _parted(page, [run for run in zone if run.end <= gap], _edge(left), depth + 1)
        yield from _parted(page, [run for run in zone if run.end > gap], _edge(right), depth + 1)


def _zones(runs: Sequence[Run], gap: float) -> Iterator[tuple[bool, list[Run]]]:
    """Runs from the top down, in groups that reach over the gap or stay on its sides."""
    zone: list[Run] = []
    reaching = False
    for run in sorted(runs, key=lambda run: (-run.y, run.x)):
        reaches = run.x < gap < run.end
        if zone and reaches != reaching:
            yield reaching, zone
            zone = []
        reaching = reaches
        zone.append(run)
    if zone:
        yield reaching, zone


def _gap(runs: Sequence[Run]) -> float | None:
    """Where two columns part, if there are two: nearly nothing reaches over it, and both sides are filled with text."""
    first, last = min(run.x for run in runs), max(run.end for run in runs)
    width = last - first
    narrow = [run for run in runs if run.end - run.x <= _NARROW * width]
    steps = (first + width * (0.15 + 0.7 * step / _STEPS) for step in range(_STEPS + 1))
    found = [(sum(run.x < place < run.end for run in narrow), abs(place - first - width / 2), place) for place in steps]
    crossing, _, gap = min(found)
    if crossing > _CROSSING * len(narrow):
        return None
    left = [run for run in narrow if run.end <= gap]
    right = [run for run in narrow if run.x >= gap]
    return gap if _are_columns(left, right) else None


def _are_columns(left: Sequence[Run], right: Sequence[Run]) -> bool:
    sides = [lines(0, side) for side in (left, right)]
    if min(map(len, sides)) < _FEWEST or not all(map(_filled, sides)):
        return False
    (one_high, one_low), (other_high, other_low) = ((side[0].y, side[-1].y) for side in sides)
    return one_low <= other_high and other_low <= one_high and not _are_rows(*sides)


def _filled(side: Sequence[Line]) -> bool:
    """Whether lines are those of a text: as long as their column is wide, and close to each other, as cells are not."""
    width = max(line.end for line in side) - min(line.x for line in side)
    long = median(line.end - line.x for line in side) >= _FILLED * width
    wordy = median(len(line.text) for line in side) >= _WORDY
    return long and wordy and _distance(side) <= _CLOSE * median(line.size for line in side)


def _distance(side: Sequence[Line]) -> float:
    """From line to line within a paragraph; what parts paragraphs is wider, even if there are many."""
    gaps = sorted(above.y - below.y for above, below in pairwise(side))
    return gaps[len(gaps) // 3]


def _are_rows(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether paragraphs begin side by side, as the cells of a table do."""
    starts = [
        [below.y for above, below in pairwise(side) if above.y - below.y > _PARTED * _distance(side)]
        for side in (left, right)
    ]
    alike = sum(any(abs(one - other) <= _LEVEL for other in starts[1]) for one in starts[0])
    return alike > 1 and alike >= _ALIKE * max(map(len, starts))
