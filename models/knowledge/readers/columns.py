"""Columns: where a page has them, and the order in which they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from models.knowledge.readers.page import Line, Run, lines

_NARROW = 0.62  # of the width: a wider run reaches over columns
_FEWEST = 4  # lines in each column
_FILLED = 0.55  # of a column's width that half of its lines fill; the cells of a table fill less
_CROSSING = 0.05  # of the narrow runs that may reach over the gap between columns
_STEP = 2.0  # points
_DEEPEST = 3  # a page is parted so often: eight columns


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines that are read from top to bottom, and the right edge of their column."""

    lines: list[Line]
    edge: float


def flows(page: int, runs: Sequence[Run], depth: int = 0) -> Iterator[Flow]:
    """The columns of a page in reading order; what reaches over them parts what is above from what is below."""
    if not runs:
        return
    gap = _gap(runs) if depth < _DEEPEST else None
    if gap is None:
        yield Flow(lines(page, runs), max(run.end for run in runs))
        return
    edge = max(run.end for run in runs)
    for reaching, zone in _zones(runs, gap):
        if reaching:
            yield Flow(lines(page, zone), edge)
            continue
        left, right = [run for run in zone if run.end <= gap], [run for run in zone if run.end > gap]
        sides = [[run for run in runs if run.end <= gap], [run for run in runs if run.x >= gap]]
        for side, whole in zip((left, right), sides, strict=True):
            for flow in flows(page, side, depth + 1):
                yield Flow(flow.lines, max(flow.edge, _edge_near(flow, whole)))


def _edge_near(flow: Flow, whole: Sequence[Run]) -> float:
    """A column's right edge by all of its lines on the page, also those below a heading that parts it."""
    first = min(line.x for line in flow.lines)
    return max((run.end for run in whole if run.x < flow.edge and run.end > first), default=flow.edge)


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
    best: tuple[int, float, float] | None = None
    place = first + 0.15 * width
    while place < last - 0.15 * width:
        crossing = sum(run.x < place < run.end for run in narrow)
        if best is None or (crossing, abs(place - first - width / 2)) < best[:2]:
            best = (crossing, abs(place - first - width / 2), place)
        place += _STEP
    if best is None or best[0] > _CROSSING * len(narrow):
        return None
    gap = best[2]
    left = [run for run in narrow if run.end <= gap]
    right = [run for run in narrow if run.x >= gap]
    return gap if _are_columns(left, right) else None


def _are_columns(left: Sequence[Run], right: Sequence[Run]) -> bool:
    if min(len(left), len(right)) < _FEWEST:
        return False
    if min(run.y for run in left) > max(run.y for run in right) or min(run.y for run in right) > max(
        run.y for run in left
    ):
        return False
    return all(_filled(side) for side in (left, right))


def _filled(side: Sequence[Run]) -> bool:
    width = max(run.end for run in side) - min(run.x for run in side)
    return median(line.end - line.x for line in lines(0, side)) >= _FILLED * width
