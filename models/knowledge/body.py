"""What a reader makes of a file: a text, and what its parts are. Passages are slices of that text."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a block is. ``PLAIN``: the file does not say, so the words have to tell a heading from a paragraph."""

    HEADING = "heading"
    TEXT = "text"
    PLAIN = "plain"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an entry of a list or a row of a table, as a reader found it.

    ``level`` of a heading counts from 1. ``page`` is where it begins, and ``turns`` tells where in its text further
    pages begin: (offset, page). ``damaged``: something in it cannot be read, so that nobody may quote it.
    """

    text: str
    kind: Kind = Kind.PLAIN
    level: int = 0
    page: int | None = None
    turns: tuple[tuple[int, int], ...] = ()
    damaged: bool = False


class UnreadableError(Exception):
    """A file that cannot be taken in. ``reason`` is one of those that ``Fault`` lists."""

    def __init__(self, reason: str, detail: str = "", row: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.detail, self.row = reason, detail, row


@dataclass(slots=True)
class Paragraph:
    """Neighbouring lines, as (start, line). A ``level`` is that of a heading that the file marks as one."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    kind: Kind = Kind.PLAIN
    level: int = 0
    damaged: bool = False

    @property
    def first(self) -> str:
        """The first line, bare."""
        return self.lines[0][1].strip()

    @property
    def last(self) -> str:
        """The last line, bare."""
        return self.lines[-1][1].strip()


@dataclass(frozen=True, slots=True)
class Body:
    """A document's text and its paragraphs; ``pages`` tells where pages begin, as (offset, page), in order.

    ``lost`` are the pages with something unreadable, which is left out of the passages.
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    pages: tuple[tuple[int, int], ...] = ()
    lost: tuple[int, ...] = ()

    def page(self, offset: int) -> int | None:
        """The page on which this place of the text stands; None where the document has no pages."""
        place = bisect_right(self.pages, offset, key=lambda turn: turn[0])
        return self.pages[place - 1][1] if place else None


def lay_out(blocks: Iterable[Block]) -> Body:
    """Blocks one below the other: a blank line between them, none between the entries of a list or rows of a table."""
    parts: list[str] = []
    paragraphs: list[Paragraph] = []
    pages: list[tuple[int, int]] = []
    lost: set[int] = set()
    offset, before = 0, Kind.HEADING
    for block in blocks:
        if not block.text.strip():
            continue
        together = block.kind == before and before in {Kind.ITEM, Kind.ROW}
        gap = "" if not parts else "\n" if together else "\n\n"
        offset += len(gap)
        parts += [gap, block.text]
        if block.page is not None:
            pages += [(offset, block.page), *((offset + place, page) for place, page in block.turns)]
            lost |= {block.page} if block.damaged else set()
        paragraphs.append(Paragraph(_lines(block.text, offset), block.kind, block.level, block.damaged))
        offset += len(block.text)
        before = block.kind
    return Body("".join(parts), tuple(paragraphs), tuple(pages), tuple(sorted(lost)))


def _lines(text: str, offset: int) -> list[tuple[int, str]]:
    lines = []
    for line in text.split("\n"):
        lines.append((offset, line))
        offset += len(line) + 1
    return lines
