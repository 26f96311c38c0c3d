"""A page as it is printed: words and where they stand, and the lines they make."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_BASELINE = 0.4  # of the size: words this near in height stand in one line
_GAP = 0.7  # of the size: a wider gap parts columns and cells
_OVERLAP = 0.4  # of the size: so much letters may stand in each other


@dataclass(frozen=True, slots=True)
class Word:
    """A word; ``x``, ``end`` and its baseline ``y`` in points, upwards. ``broken``: hyphenated at the end of a line."""

    x: float
    end: float
    y: float
    size: float
    weight: int
    text: str
    broken: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page's words in the order of drawing. ``picture``: there is a picture and no word, a scan."""

    number: int
    width: float
    words: tuple[Word, ...]
    picture: bool = False


@dataclass(slots=True)
class Run:
    """Words that stand side by side without a wide gap."""

    words: list[Word] = field(default_factory=list)

    @property
    def x(self) -> float:
        """Where it begins."""
        return self.words[0].x

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.words[-1].end

    @property
    def y(self) -> float:
        """Its baseline."""
        return self.words[0].y

    @property
    def size(self) -> float:
        """The size of its first word; a run begins with no footnote's figure."""
        return self.words[0].size

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """Runs on one baseline, from left to right; more than one where wide gaps are between them.

    ``size`` is that of most of its letters, ``weight`` that of its lightest word: only a line that is bold throughout
    may be a heading.
    """

    page: int
    runs: list[Run]
    size: float
    weight: int

    @classmethod
    def of(cls, page: int, found: list[Run]) -> "Line":
        """A line of these runs."""
        ordered = sorted(found, key=lambda run: run.x)
        words = [word for run in ordered for word in run.words]
        sizes = Counter[float]()
        for word in words:
            sizes[word.size] += len(word.text)
        size = max(sizes, key=lambda one: (sizes[one], one))
        return cls(page, ordered, size, min(word.weight for word in words))

    @property
    def words(self) -> list[Word]:
        """All words."""
        return [word for run in self.runs for word in run.words]

    @property
    def x(self) -> float:
        """Where it begins."""
        return self.runs[0].x

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.runs[-1].end

    @property
    def y(self) -> float:
        """Its baseline."""
        return self.runs[0].y

    @property
    def broken(self) -> bool:
        """Whether its last word goes on in the next line."""
        return self.words[-1].broken

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(run.text for run in self.runs)


def runs(words: Iterable[Word]) -> list[Run]:
    """Words as they are drawn, joined where one follows the other."""
    found: list[Run] = []
    for word in words:
        if found and _follows(found[-1].words[-1], word):
            found[-1].words.append(word)
        else:
            found.append(Run([word]))
    return found


def _follows(before: Word, word: Word) -> bool:
    size = max(before.size, word.size)
    level = abs(before.y - word.y) <= _BASELINE * size
    return level and -_OVERLAP * size <= word.x - before.end <= _GAP * size


def lines(page: int, found: Sequence[Run]) -> list[Line]:
    """Runs that stand on one baseline, joined; from the top of the page down."""
    levels: list[list[Run]] = []
    for run in sorted(found, key=lambda run: (-run.y, run.x)):
        if levels and abs(levels[-1][-1].y - run.y) <= _BASELINE * max(levels[-1][-1].size, run.size):
            levels[-1].append(run)
        else:
            levels.append([run])
    return [Line.of(page, level) for level in levels]
