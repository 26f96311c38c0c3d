"""Every figure of a collection in flat arrays: so who gives another one is found without reading all."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.search.figures import SAME_SENTENCE, Figure, figures
from models.search.index import digest

_Row = tuple[int, float, npt.NDArray[np.int32]]  # unit, value, what its sentence is about


class Ledger:
    """The figures of texts, each at its place. What an earlier ledger read of a text is taken over."""

    def __init__(self, texts: Sequence[str], before: "Ledger | None" = None) -> None:
        self._numbers: dict[str, int] = dict(before._numbers) if before else {}  # noqa: SLF001 - a ledger and its own successor
        self._rows: dict[bytes, tuple[_Row, ...]] = {}
        known = before._rows if before else {}  # noqa: SLF001 - likewise
        places, rows = list[int](), list[_Row]()
        for place, text in enumerate(texts):
            key = digest(text)
            found = known[key] if key in known else tuple(map(self._row, figures(text)))
            if found:
                self._rows[key] = found
                rows += found
                places += [place] * len(found)
        order = sorted(range(len(rows)), key=lambda row: rows[row][0])
        self._places = np.array([places[row] for row in order], np.int64)
        self._units = np.array([rows[row][0] for row in order], np.int64)
        self._values = np.array([rows[row][1] for row in order], np.float64)
        self._lengths = np.array([len(rows[row][2]) for row in order], np.int64)
        self._starts = np.concatenate([[0], np.cumsum(self._lengths)]).astype(np.int64)
        self._about = np.concatenate([np.empty(0, np.int32), *(rows[row][2] for row in order)])

    def disagreeing(self, text: str) -> list[int]:
        """The places that give different figures for something in a text, and none in common for it."""
        other, same = set[int](), set[int]()
        for figure in figures(text):
            rows = self._alike(figure)
            equal = self._values[rows] == figure.value
            same.update(self._places[rows[equal]].tolist())
            other.update(self._places[rows[~equal]].tolist())
        return sorted(other - same)

    def _alike(self, figure: Figure) -> npt.NDArray[np.int64]:
        """The rows about the same thing: the same unit in a sentence of like words."""
        unit = self._numbers.get(figure.unit, -1)
        start, end = (int(np.searchsorted(self._units, unit, side)) for side in ("left", "right"))
        if start == end:
            return np.empty(0, np.int64)
        marked = np.zeros(len(self._numbers) + 1, np.int64)
        marked[[self._numbers.get(word, len(self._numbers)) for word in figure.about]] = 1
        marked[-1] = 0
        counted = np.concatenate([[0], np.cumsum(marked[self._about[self._starts[start] : self._starts[end]]])])
        begins = self._starts[start : end + 1] - self._starts[start]
        common = counted[begins[1:]] - counted[begins[:-1]]
        both = self._lengths[start:end] + len(figure.about) - common
        return start + np.flatnonzero((both > 0) & (common >= SAME_SENTENCE * both))

    def _row(self, figure: Figure) -> _Row:
        about = np.array(sorted(map(self._number, figure.about)), np.int32)
        return self._number(figure.unit), figure.value, about

    def _number(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))
