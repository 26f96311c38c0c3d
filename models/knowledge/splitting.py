"""A text cut into passages: what a person would quote, each a slice of the text, byte for byte."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.knowledge.body import Body, Kind, Paragraph
from models.knowledge.sections import BULLET, CONTACT, SHORT_LINE, Sections, looks_like_heading

LONGEST = 900  # characters; a single sentence may be longer
LONGEST_LIST = 1200  # a list is worth more whole than short
SENTENCES = 6

# A full stop ends a sentence where a capital follows, but not after a number, one letter or a usual abbreviation.
_SENTENCE_END = re.compile(
    r"(?<!\b\d)(?<!\b\d\d)(?<!\b\w)(?<!\bNr)(?<!\bAbs)(?<!\bArt)(?<!\bggf)(?<!\bbzw)(?<!\bca)(?<!\bvgl)(?<!\bTel)(?<!\bStr)(?<!\bresp)"
    r"[.!?][“”\"»)]*\s+(?=[„\"»(]?[A-ZÄÖÜ])"
)
_SHORT_LEAD = 60
_FEWEST_NAMES = 2
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cut:
    """One passage before it is stored: the slice of the text that begins at ``start``."""

    start: int
    block: int
    section: str
    page: int | None
    lead: str
    text: str


def split(body: Body, title: str = "") -> Iterator[Cut]:
    """Cut a document. Headings and numbers become the section; ``title`` is not repeated in it.

    Nothing is cut from paragraphs that hold something unreadable: nobody could vouch for them.
    """
    blocks = _blocks(body, Sections(title))
    for number, (path, lead, pieces) in enumerate(blocks):
        for place, (start, end) in enumerate(pieces):
            yield Cut(start, number, path, body.page(start), lead if place else "", body.text[start:end])


def _blocks(body: Body, sections: Sections) -> Iterator[tuple[str, str, list[_Span]]]:
    """What is told in one place: (section, introduction, spans of the text)."""
    paragraphs = body.paragraphs
    bare: tuple[str, str, list[_Span]] | None = None  # a numbered heading that nothing has followed yet
    number, place = "", 0
    while place < len(paragraphs):
        here = paragraphs[place]
        place += 1
        if not _opens_list(here, paragraphs[place : place + 1]) and sections.heading(here, first=place == 1):
            if bare and not sections.number.startswith(f"{number}."):
                yield bare
            number = sections.number
            bare = (sections.path(""), "", [_span(here)]) if number else None
            names = _names(paragraphs, place) if looks_like_heading(here) else place
            if names > place:
                yield sections.path(""), "", _grouped(list(map(_span, paragraphs[place:names])), names)
                place = names
            continue
        bare = None
        together = [here]
        while place < len(paragraphs) and _belongs(together, paragraphs[place]):
            together.append(paragraphs[place])
            place += 1
        path = sections.path(here.first)
        for damaged, run in groupby(together, key=lambda paragraph: paragraph.damaged):
            if not damaged:
                yield path, *_pieces(body.text, list(run))
    if bare:
        yield bare


def _names(paragraphs: Sequence[Paragraph], start: int) -> int:
    """Where a list of short lines ends that look like headings, „Jobcenter", „Agentur": nobody puts so many in a row.

    The last one before a text is taken for its heading.
    """
    end = start
    while end < len(paragraphs) and looks_like_heading(paragraphs[end]) and not paragraphs[end].damaged:
        end += 1
    if end < len(paragraphs):
        end -= 1
        return end if end - start >= _FEWEST_NAMES else start
    return end


def _items(paragraph: Paragraph) -> bool:
    """Whether every line is an entry of a list or goes on with one."""
    return paragraph.kind == Kind.ITEM or bool(BULLET.match(paragraph.lines[0][1]))


def _listed(paragraph: Paragraph) -> bool:
    """Whether it is a list that brings its own introduction: „Es gibt:" and entries below."""
    return len(paragraph.lines) > 1 and any(BULLET.match(line) for _, line in paragraph.lines[1:])


def _contact(paragraph: Paragraph) -> bool:
    short = all(len(line) < SHORT_LINE for _, line in paragraph.lines)
    return len(paragraph.lines) > 1 and short and any(CONTACT.search(line) for _, line in paragraph.lines)


def _opens_list(paragraph: Paragraph, after: Sequence[Paragraph]) -> bool:
    """„Gefördert werden" above a list is no heading: a heading seldom ends in a small word."""
    words = paragraph.last.split()
    unfinished = len(words) > 1 and words[-1].islower() and words[-1].isalpha()
    return paragraph.kind == Kind.PLAIN and unfinished and any(map(_items, after))


def _introduces(paragraph: Paragraph, after: Paragraph) -> bool:
    """„Es gibt:", or what stands before a list without ending the sentence."""
    if _items(paragraph) or paragraph.kind == Kind.ROW:
        return False
    unfinished = paragraph.last[-1] not in ".!?" and after.kind != Kind.PLAIN
    return paragraph.last.endswith(":") or unfinished or _opens_list(paragraph, [after])


def _belongs(before: list[Paragraph], after: Paragraph) -> bool:
    """A list or table belongs to its introduction and to what is above of it; an address to the one above it."""
    last = before[-1]
    if after.kind == Kind.HEADING:
        return False
    if Kind.ROW in {last.kind, after.kind}:
        return last.kind == after.kind or (len(before) == 1 and after.kind == Kind.ROW and _introduces(last, after))
    if _items(after):
        return last.last.endswith(":") or _introduces(last, after) or _items(last) or _listed(last)
    return _contact(last) and _contact(after) and not after.first.endswith(":")


def _pieces(text: str, paragraphs: list[Paragraph]) -> tuple[str, list[_Span]]:
    """The introduction that later pieces are told, and the pieces."""
    lines = [line for paragraph in paragraphs for line in paragraph.lines]
    start, end = _trim(lines[0]), lines[-1][0] + len(lines[-1][1].rstrip())
    if paragraphs[-1].kind == Kind.ROW:
        return _row_pieces(text, paragraphs)
    if any(_items(paragraph) or _listed(paragraph) for paragraph in paragraphs):
        return ("", [(start, end)]) if end - start <= LONGEST_LIST else _list_pieces(text, paragraphs)
    if _contact(paragraphs[0]) and end - start <= LONGEST:
        return "", [(start, end)]
    return "", _grouped(_sentences(text, start, end), SENTENCES)


def _trim(line: tuple[int, str]) -> int:
    return line[0] + len(line[1]) - len(line[1].lstrip())


def _span(paragraph: Paragraph) -> _Span:
    last = paragraph.lines[-1]
    return _trim(paragraph.lines[0]), last[0] + len(last[1].rstrip())


def _row_pieces(text: str, paragraphs: list[Paragraph]) -> tuple[str, list[_Span]]:
    """Each row by itself, so that it can be quoted; the introduction goes with the first."""
    spans = [_span(paragraph) for paragraph in paragraphs]
    if paragraphs[0].kind == Kind.ROW:
        return "", spans
    return _lead(text, spans[0]), [(spans[0][0], spans[1][1]), *spans[2:]]


def _list_pieces(text: str, paragraphs: list[Paragraph]) -> tuple[str, list[_Span]]:
    """Entries stay whole, together up to the length; the introduction goes with the first and is told to the rest."""
    entries: list[_Span] = []
    for paragraph in paragraphs:
        for place, line in enumerate(paragraph.lines):
            end = line[0] + len(line[1].rstrip())
            begins = BULLET.match(line[1]) or (paragraph.kind == Kind.ITEM and place == 0)
            if entries and not begins:
                entries[-1] = (entries[-1][0], end)
            else:
                entries.append((_trim(line), end))
    lead = "" if _items(paragraphs[0]) else _lead(text, entries[0])
    return lead, _grouped(entries, len(entries))


def _lead(text: str, entry: _Span) -> str:
    """The last sentence before a list; the last two where „Dazu gehören:" alone would say nothing."""
    sentences = _sentences(text, *entry)
    short = sentences[-1][1] - sentences[-1][0] < _SHORT_LEAD
    start = sentences[-2 if short and len(sentences) > 1 else -1][0]
    return text[start : entry[1]]


def _sentences(text: str, start: int, end: int) -> list[_Span]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text, start, end)]
    starts = [start, *ends]
    return [(a, a + len(text[a:b].rstrip())) for a, b in zip(starts, [*ends, end], strict=True)]


def _grouped(parts: list[_Span], most: int) -> list[_Span]:
    """Neighbours joined into as few groups as the length allows, of about the same size."""
    groups: list[_Span] = []
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


def _nearer(aim: float, parts: list[_Span], count: int) -> bool:
    """Whether one part more brings a group nearer to the size aimed at, within the length."""
    size, grown = (parts[last][1] - parts[0][0] for last in (count - 1, count))
    return grown <= LONGEST and abs(grown - aim) < abs(size - aim)
