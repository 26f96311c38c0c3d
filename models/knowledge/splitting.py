"""A text cut into passages: what a person would quote, each a slice of the text, byte for byte."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST = 900  # characters; a single sentence may be longer
LONGEST_LIST = 1200  # a list is worth more whole than short
SENTENCES = 6

_DEBRIS = re.compile(
    r"menu|(?:veröffentlicht in:.*)?\|\s*\d+|foto\s*(?:\(c\)|©|:).*|weitere informationen finden sie hier\W*"
    r"|nach oben|drucken",
    re.IGNORECASE,
)
_HEADING_MARK = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*")
_PART = re.compile(r"(Teil|Kapitel|Abschnitt|§)\s*\d+[a-z]?\b")
_NUMBER = re.compile(r"(\d+(?:\.\d+)*)\.?\s+(?=\S)")
_BULLET = re.compile(r"[ \t ]*(?:[•\-*–·▪]\s+|\(?[a-z\d]{1,2}[).]\s+|[A-Z]\s+(?=[A-ZÄÖÜ]))")
_CONTACT = re.compile(r"\b\d{5}\s+[A-ZÄÖÜ]|Tel(?:efon)?\b|Fax\b|E-Mail\b|@|[Ss]tr(?:aße|\.)\s*\d", re.UNICODE)
# A full stop ends a sentence where a capital follows, but not after a number, one letter or a usual abbreviation.
_SENTENCE_END = re.compile(
    r"(?<!\b\d)(?<!\b\d\d)(?<!\b\w)(?<!\bNr)(?<!\bAbs)(?<!\bArt)(?<!\bggf)(?<!\bbzw)(?<!\bca)(?<!\bvgl)(?<!\bTel)(?<!\bStr)(?<!\bresp)"
    r"[.!?][“”\"»)]*\s+(?=[„\"»(]?[A-ZÄÖÜ])"
)
_LEVELS = {"Teil": 1, "Kapitel": 2, "Abschnitt": 2, "§": 3}
_SHORT_LINE = 90
_SHORT_LEAD = 60
_NUMBER_LEVEL = 10  # numbered headings stand below all others


@dataclass(frozen=True, slots=True)
class Cut:
    """One passage before it is stored: the slice of the text that begins at ``start``."""

    start: int
    block: int
    section: str
    page: int | None
    lead: str
    text: str


@dataclass(slots=True)
class _Paragraph:
    """Lines between blank lines, as (start, line)."""

    lines: list[tuple[int, str]] = field(default_factory=list)

    @property
    def first(self) -> str:
        return self.lines[0][1].strip()

    @property
    def last(self) -> str:
        return self.lines[-1][1].strip()

    @property
    def items(self) -> bool:
        """Whether every line is an entry of a list or goes on with one."""
        return bool(_BULLET.match(self.lines[0][1]))

    @property
    def listed(self) -> bool:
        """Whether it is a list that brings its own introduction: „Es gibt:" and entries below."""
        return len(self.lines) > 1 and any(_BULLET.match(line) for _, line in self.lines[1:])

    @property
    def contact(self) -> bool:
        short = all(len(line) < _SHORT_LINE for _, line in self.lines)
        return len(self.lines) > 1 and short and any(_CONTACT.search(line) for _, line in self.lines)


def split(text: str, title: str = "") -> Iterator[Cut]:
    """Cut a text. Headings and numbers become the section; page debris is left out; ``title`` is not repeated."""
    section = _Sections(title)
    blocks = _blocks(text, section)
    for number, (path, lead, pieces) in enumerate(blocks):
        for place, (start, end) in enumerate(pieces):
            yield Cut(start, number, path, None, lead if place else "", text[start:end])


def _blocks(text: str, sections: "_Sections") -> Iterator[tuple[str, str, list[tuple[int, int]]]]:
    paragraphs = list(_paragraphs(text))
    place = 0
    while place < len(paragraphs):
        here = paragraphs[place]
        place += 1
        if sections.heading(here, first=place == 1):
            continue
        together = [here]
        while place < len(paragraphs) and _belongs(together, paragraphs[place]):
            together.append(paragraphs[place])
            place += 1
        lines = [line for paragraph in together for line in paragraph.lines]
        lead, pieces = _pieces(text, lines, together)
        yield sections.path(here.first), lead, pieces


def _belongs(before: list[_Paragraph], after: _Paragraph) -> bool:
    """A list belongs to its introduction and to the entries above; an address to the one above it."""
    if after.items:
        return before[-1].last.endswith(":") or before[-1].items or before[-1].listed
    if before[-1].contact and after.contact:
        return not after.first.endswith(":")
    return False


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    paragraph, start = _Paragraph(), 0
    for line in text.split("\n"):
        stripped = line.strip()
        alone = _HEADING_MARK.fullmatch(stripped)
        if (not stripped or alone or _DEBRIS.fullmatch(stripped)) and paragraph.lines:
            yield paragraph
            paragraph = _Paragraph()
        if alone:
            yield _Paragraph([(start, line)])
        elif stripped and not _DEBRIS.fullmatch(stripped):
            paragraph.lines.append((start, line))
        start += len(line) + 1
    if paragraph.lines:
        yield paragraph


def _pieces(text: str, lines: list[tuple[int, str]], paragraphs: list[_Paragraph]) -> tuple[str, list[tuple[int, int]]]:
    start, end = _trim(lines[0]), lines[-1][0] + len(lines[-1][1].rstrip())
    if any(paragraph.items or paragraph.listed for paragraph in paragraphs):
        return ("", [(start, end)]) if end - start <= LONGEST_LIST else _list_pieces(text, lines)
    if paragraphs[0].contact and end - start <= LONGEST:
        return "", [(start, end)]
    return "", _grouped(_sentences(text, start, end), SENTENCES)


def _trim(line: tuple[int, str]) -> int:
    return line[0] + len(line[1]) - len(line[1].lstrip())


def _list_pieces(text: str, lines: list[tuple[int, str]]) -> tuple[str, list[tuple[int, int]]]:
    """Entries stay whole, together up to the length; the introduction goes with the first and is told to the rest."""
    entries: list[tuple[int, int]] = []
    for line in lines:
        end = line[0] + len(line[1].rstrip())
        if entries and not _BULLET.match(line[1]):
            entries[-1] = (entries[-1][0], end)
        else:
            entries.append((_trim(line), end))
    introduced = not _BULLET.match(lines[0][1])
    lead = _lead(text, entries[0]) if introduced else ""
    return lead, _grouped(entries, len(entries))


def _lead(text: str, entry: tuple[int, int]) -> str:
    """The last sentence before a list; the last two where „Dazu gehören:" alone would say nothing."""
    sentences = _sentences(text, *entry)
    short = sentences[-1][1] - sentences[-1][0] < _SHORT_LEAD
    start = sentences[-2 if short and len(sentences) > 1 else -1][0]
    return text[start : entry[1]]


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text, start, end)]
    starts = [start, *ends]
    return [(a, a + len(text[a:b].rstrip())) for a, b in zip(starts, [*ends, end], strict=True)]


def _grouped(parts: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Neighbours joined into as few groups as the length allows, of about the same size."""
    groups: list[tuple[int, int]] = []
    rest = list(parts)
    while rest:
        whole = rest[-1][1] - rest[0][0]
        aim = whole / max(-(-whole // LONGEST), -(-len(rest) // most))
        count = 1
        while count < min(len(rest), most) and _nearer(aim, rest, count):
            count += 1
        groups.append((rest[0][0], rest[count - 1][1]))
        rest = rest[count:]
    return groups


def _nearer(aim: float, parts: list[tuple[int, int]], count: int) -> bool:
    """Whether one part more brings a group nearer to the size aimed at, within the length."""
    size, grown = (parts[last][1] - parts[0][0] for last in (count - 1, count))
    return grown <= LONGEST and abs(grown - aim) < abs(size - aim)


class _Sections:
    """Where in the document we are: the headings that are open."""

    def __init__(self, title: str) -> None:
        self._title = title.casefold()
        self._open: list[tuple[int, str]] = []

    def heading(self, paragraph: _Paragraph, *, first: bool) -> bool:
        """Take a paragraph as a heading, if it is one."""
        if len(paragraph.lines) > 1:
            return False
        line = paragraph.first
        marked = _HEADING_MARK.fullmatch(line)
        words = marked[2] if marked else line
        if not marked and not self._looks_like_one(line, first):
            return False
        level, name = self._level(words, len(marked[1]) if marked else 0)
        self._open = [entry for entry in self._open if entry[0] < level]
        if name.casefold() not in self._title:
            self._open.append((level, name))
        return True

    def path(self, line: str) -> str:
        """The open headings, then the number the passage itself begins with: „Teil 1 · Nr. 7.2"."""
        number = _NUMBER.match(line)
        names = [name for _, name in self._open]
        if number and "." in number[1]:
            names = [name for level, name in self._open if level <= _NUMBER_LEVEL] + [f"Nr. {number[1]}"]
        return " · ".join(names)

    def _looks_like_one(self, line: str, first: bool) -> bool:
        long = len(line) > (2 * _SHORT_LINE if first else _SHORT_LINE)
        return not (
            long or line[-1] in '.:;,!?…“"' or _BULLET.match(line) or _CONTACT.search(line) or line[0].islower()
        )

    def _level(self, words: str, marks: int) -> tuple[int, str]:
        part, number = _PART.match(words), _NUMBER.match(words)
        if part:
            return _LEVELS[part[1]], words
        if number:
            return _NUMBER_LEVEL + number[1].count("."), f"Nr. {number[1]} {words[number.end() :]}"
        return (marks + 2 if marks else 5), words
