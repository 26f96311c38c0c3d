"""Where in a document we are: the headings that are open, and the numbers that paragraphs begin with."""

import re
from dataclasses import dataclass

from models.knowledge.body import Kind, Paragraph

BULLET = re.compile(r"[ \t ]*(?:[•\-*–·▪◦‣]\s+|\(?[a-z\d]{1,2}[).]\s+|[A-Z]\s+(?=[A-ZÄÖÜ]))")
CONTACT = re.compile(r"\b\d{5}\s+[A-ZÄÖÜ]|Tel(?:efon)?\b|Fax\b|E-Mail\b|@|[Ss]tr(?:aße|\.)\s*\d", re.UNICODE)
SHORT_LINE = 90
_LONGEST_HEADING = 200
_PART = re.compile(
    r"(Teil|Kapitel|Abschnitt|Unterabschnitt|§|Artikel|Anlage|Anhang)\s*(?:\d+[a-z]?|[IVX]+|[A-Z])\b|[IVX]{1,5}\.\s"
)
# Two figures a place: „7.10.1", but not „12.500 Euro".
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=\S)")
_LEVELS = {"Teil": 1, "Anlage": 1, "Anhang": 1, "Kapitel": 2, "Abschnitt": 2, "Unterabschnitt": 3, "§": 3, "Artikel": 3}
_ROMAN = 2  # „II. Einzelbestimmungen"
_BY_LOOKS = 5  # a heading that nothing but its looks makes one
_NUMBER_LEVEL = 10  # numbered headings stand below all others


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    name: str
    number: str = ""
    marks: int = 0  # the level that the file gives it, from 1; 0 where only words tell

    @property
    def part(self) -> bool:
        return _PART.match(self.name) is not None

    def stands_above(self, other: "_Heading") -> bool:
        """Whether this heading is still open once the other one begins."""
        if self.number and other.number:
            return other.number.startswith(f"{self.number}.")
        if self.marks and other.marks and not (self.part or other.part):
            return self.marks < other.marks
        return self.level < other.level


class Sections:
    """The headings above the place where one reads."""

    def __init__(self, title: str) -> None:
        self._title = title.casefold()
        self._open: list[_Heading] = []

    def heading(self, paragraph: Paragraph, *, first: bool) -> bool:
        """Take a paragraph as a heading, if it is one."""
        words = " ".join(" ".join(line for _, line in paragraph.lines).split())
        if not self._is_one(paragraph, words, first):
            return False
        found = self._read(words, paragraph.level if paragraph.kind == Kind.HEADING else 0)
        self._close(found)
        if found.name.casefold() not in self._title:
            self._open.append(found)
        return True

    def path(self, line: str) -> str:
        """The open headings; a number the passage begins with, „7.2", is one from here on: „Teil 1 · Nr. 7.2"."""
        number = _NUMBER.match(line)
        if number and "." in number[1]:
            found = _Heading(_number_level(number[1]), f"Nr. {number[1]}", number[1])
            self._close(found)
            self._open.append(found)
        return " · ".join(heading.name for heading in self._open)

    @property
    def number(self) -> str:
        """The number of the innermost open heading; empty where it has none."""
        return self._open[-1].number if self._open else ""

    def _close(self, found: _Heading) -> None:
        """Close what a heading ends: its equals and what stands below them, and numbers it is no part of."""
        self._open = [one for one in self._open if one.stands_above(found)]

    def _is_one(self, paragraph: Paragraph, words: str, first: bool) -> bool:
        if paragraph.kind == Kind.HEADING:
            return bool(words) and len(words) <= _LONGEST_HEADING and not (words[-1] == "." and len(words) > SHORT_LINE)
        return paragraph.kind == Kind.PLAIN and len(paragraph.lines) == 1 and _looks_like_one(words, first)

    def _read(self, words: str, marks: int) -> _Heading:
        part, number = _PART.match(words), _NUMBER.match(words)
        if part:
            return _Heading(_LEVELS.get(part[1], _ROMAN), words, marks=marks)
        if number:
            return _Heading(_number_level(number[1]), f"Nr. {number[1]} {words[number.end() :]}", number[1], marks)
        return _Heading(marks + 2 if marks else _BY_LOOKS, words, marks=marks)


def looks_like_heading(paragraph: Paragraph) -> bool:
    """Whether only its looks make a paragraph a heading: one short line without an end, a number or a mark."""
    line = paragraph.first
    named = _PART.match(line) or _NUMBER.match(line)
    return (
        paragraph.kind == Kind.PLAIN and len(paragraph.lines) == 1 and not named and _looks_like_one(line, first=False)
    )


def _number_level(number: str) -> int:
    return _NUMBER_LEVEL + number.count(".")


def _looks_like_one(line: str, first: bool) -> bool:
    long = len(line) > (2 * SHORT_LINE if first else SHORT_LINE)
    return not (long or line[-1] in '.:;,!?…“"' or BULLET.match(line) or CONTACT.search(line) or line[0].islower())
