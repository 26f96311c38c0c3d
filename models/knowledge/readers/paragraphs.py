"""Lines of a document joined to headings, paragraphs and entries of lists, over the ends of columns and pages."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from models.knowledge.body import Block, Kind
from models.knowledge.mending import mend_text
from models.knowledge.readers.joining import joined
from models.knowledge.readers.page import Line
from models.knowledge.sections import BULLET

_LARGER = 1.14  # of the usual size: a heading
_BOLDER = 150  # more than the usual weight: a heading
_SAME_SIZE = 0.06
_LEADING = 1.2  # of the size, where a document does not show its own
_PARTED = 1.35  # of the usual distance: lines farther from each other are not one paragraph
_SLACK = 0.8  # of the size that a line may stay short of the edge without ending there
_INDENT = 0.8  # of the size
_LONGEST_HEADING = 200
_NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})+\.?|§+\s*\d+\w?|(?:Teil|Abschnitt|Kapitel|Artikel|Anlage)\s+\w+)(?:\s|$)"
)
_CALLS_A_NUMBER = re.compile(
    r"(?:Nr|Nrn|Nummer|Nummern|Ziffer|Ziffern|Abs|Absatz|Satz|Art|Artikel|Teil|S|und|oder|bis)\.?$"
)
_LIST_OF_CONTENTS = re.compile(r"(?:\s?[.…·_]){5,}\s*[\divxlc]+$", re.IGNORECASE)
_DOTS = ("...", ". . .", "……", "···", "___")
_SENTENCE_ENDS = (".", "!", "?", ":", ";", ".“", ".”", '."', ".)")
_MARKS = {"\ufffd", "o", "·", "▪", "■", "●", "○", "◦", "‣", "➢", "❖", "✓", "–", "-", "−"}
_LIGATURES = dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))


@dataclass(frozen=True, slots=True)
class Manner:
    """How a document is set: the size and weight of its text, and the usual distance of lines for each size."""

    size: float
    weight: int
    leading: dict[float, float]
    headings: tuple[tuple[float, bool], ...]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Manner":
        """The manner of all lines of a document, in their order."""
        letters: Counter[tuple[float, int]] = Counter()
        gaps: dict[float, list[float]] = defaultdict(list)
        before: Line | None = None
        for line in lines:
            letters[line.size, line.weight] += len(line.text)
            if before and before.page == line.page and before.size == line.size and before.y > line.y:
                gaps[line.size].append(before.y - line.y)
            before = line
        size, weight = max(letters, key=lambda style: (letters[style], style), default=(10.0, 400))
        leading = {one: _lower_median(found) for one, found in gaps.items()}
        plain = cls(size, weight, leading, ())
        styles = {(one, plain.bold(heavy)) for one, heavy in letters if plain.stands_out(one, heavy)}
        return cls(size, weight, leading, tuple(sorted(styles, reverse=True)))

    def bold(self, weight: int) -> bool:
        """Whether letters of this weight are bold beside the text."""
        return weight >= self.weight + _BOLDER

    def stands_out(self, size: float, weight: int) -> bool:
        """Whether a line set like this is a heading."""
        return size > _LARGER * self.size or (self.bold(weight) and size >= self.size * (1 - _SAME_SIZE))

    def level(self, line: Line) -> int:
        """The level of a heading that is set like this line, from 1; 0 for text."""
        style = (line.size, self.bold(line.weight))
        return self.headings.index(style) + 1 if style in self.headings else 0

    def distance(self, size: float) -> float:
        """The usual distance from line to line."""
        return min(self.leading.get(size, _LEADING * size), 2 * size)


def _lower_median(found: list[float]) -> float:
    """The usual distance within paragraphs; the upper half of them may part paragraphs."""
    ordered = sorted(found)
    return median(ordered[: len(ordered) // 2 + 1])


@dataclass(slots=True)
class Writer:
    """Takes one line after the other and gives a block whenever one is complete."""

    manner: Manner
    _text: str = ""
    _lines: list[Line] = field(default_factory=list)
    _turns: list[tuple[int, int]] = field(default_factory=list)
    _edge: float = 0.0
    _parted: bool = True

    def part(self) -> None:
        """A column or page ends: the next line stands elsewhere."""
        self._parted = True

    def take(self, line: Line, edge: float) -> Block | None:
        """Take the next line of a column whose right edge is given."""
        text = line_text(line)
        if _dotted(text):
            return None
        done = None
        if not self._lines:
            self._begin(line, text)
        elif (between := self._between(line, text)) is None:
            done = self.finish()
            self._begin(line, text)
        else:
            self._go_on(line, text, between)
        self._edge, self._parted = edge, False
        return done

    def finish(self) -> Block | None:
        """The block at hand, if there is one."""
        if not self._lines:
            return None
        first, text = self._lines[0], self._text
        level = self.manner.level(first)
        heading = level and len(text) <= _LONGEST_HEADING and not text.endswith((".", ",", ":", ";"))
        kind = Kind.HEADING if heading else Kind.ITEM if BULLET.match(text) else Kind.PLAIN
        block = Block(text, kind, level, first.page, tuple(self._turns), "\ufffd" in text)
        self._text, self._lines, self._turns = "", [], []
        return block

    def _begin(self, line: Line, text: str) -> None:
        self._text, self._lines, self._turns = text, [line], []

    def _go_on(self, line: Line, text: str, between: str) -> None:
        whole = self._text + between + text if between == "\n" else joined(self._text, text)
        if line.page != self._lines[-1].page:
            self._turns.append((len(whole) - len(text), line.page))
        self._text = whole
        self._lines.append(line)

    def _between(self, line: Line, text: str) -> str | None:
        """What joins a line to those before: a blank, a new line, or None where it begins something new."""
        before = self._lines[-1]
        same_size = abs(before.size - line.size) <= _SAME_SIZE * before.size
        if before.broken and same_size:
            return " "
        if not same_size or BULLET.match(text) or self.manner.level(before) != self.manner.level(line):
            return None
        if self._parted:
            return self._over_the_end(line, text)
        gap = before.y - line.y
        if not 0 <= gap <= _PARTED * self.manner.distance(line.size):
            return None
        if self.manner.level(line):
            return None if _NUMBERED.match(text) else " "
        return self._after_a_short_line(text) if self._ends_short(line) else self._after_a_full_line(line, text)

    def _ends_short(self, line: Line) -> bool:
        """Whether the first word of this line would have had room in the line before."""
        before, word = self._lines[-1], line.words[0]
        return self._edge - before.end > word.end - word.x + _SLACK * line.size

    def _after_a_short_line(self, text: str) -> str | None:
        if self._text.endswith(_SENTENCE_ENDS) or _NUMBERED.match(text):
            return None
        # „7.2 Wettbewerb", set like the text below it
        titled = len(self._lines) == 1 and _NUMBERED.match(self._text)
        return None if titled else "\n"

    def _after_a_full_line(self, line: Line, text: str) -> str | None:
        first, before = self._lines[0], self._lines[-1]
        ended = self._text.endswith(_SENTENCE_ENDS)
        if _NUMBERED.match(text):
            outdented = line.x < before.x - _INDENT * line.size / 2
            called = _CALLS_A_NUMBER.search(self._text)
            if not called and (outdented or ended):
                return None
        indented = line.x > before.x + _INDENT * line.size
        return None if indented and ended and (len(self._lines) > 1 or first is not before) else " "

    def _over_the_end(self, line: Line, text: str) -> str | None:
        if self.manner.level(line):
            return None
        small = text[:1].islower()
        if self._text.endswith(_SENTENCE_ENDS) or self._ends_short(line):
            return " " if small else None
        return None if _NUMBERED.match(text) and not _CALLS_A_NUMBER.search(self._text) else " "


def _dotted(text: str) -> bool:
    """Whether a line is one of a list of contents, which says again what stands elsewhere."""
    return any(dots in text for dots in _DOTS) and _LIST_OF_CONTENTS.search(text) is not None


def line_text(line: Line) -> str:
    """A line's words: ligatures dissolved, damage mended, a bullet of a font's own as „•"."""
    words = [word.text + ("-" if word.broken else "") for word in line.words]
    if len(words) > 1 and words[0] in _MARKS and (words[0] != "o" or len(line.runs) > 1):
        words[0] = "•" if words[0] not in {"–", "-", "−"} else "–"
    return mend_text(" ".join(words).translate(_LIGATURES)).text
