"""DOCX: headings, numbers, lists, tables and footnotes. Macros, links and pictures are not looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from models.knowledge.body import Block, Body, Kind, UnreadableError, lay_out
from models.knowledge.mending import mend_text
from models.knowledge.readers.docx_parts import Parts, Style, W, open_parts, value, whole
from models.knowledge.readers.numbering import HIGHEST_LEVEL, Numbering
from models.knowledge.readers.tables import table_blocks
from models.knowledge.sections import SHORT_LINE

MOST_PARAGRAPHS = 100_000
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "AlternateContent", "Choice"}
_SKIPPED = {"del", "moveFrom", "Fallback", "instrText", "delText", "pict", "object", "txbxContent", "pPr", "rPr"}
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DEEPEST = 60  # elements in each other
_WIDEST = 50  # columns that a cell may span


def read_docx(data: bytes) -> Body:
    """A Word document's text.

    Raises:
        UnreadableError: no such document, damaged, or too large once unpacked.
    """
    parts = open_parts(data)
    body = parts.document.find(f"{W}body")
    if body is None:
        raise UnreadableError("unreadable")
    paragraphs = sum(1 for _ in body.iter(f"{W}p"))
    if paragraphs > MOST_PARAGRAPHS:
        raise UnreadableError("too large", str(paragraphs))
    return lay_out(_Reader(parts, parts.numbering).blocks(body, 0))


@dataclass(slots=True)
class _Reader:
    parts: Parts
    numbering: Numbering
    called: list[str] = field(default_factory=list)  # the footnotes so far, in the order in which they are called

    def blocks(self, element: Any, depth: int) -> Iterator[Block]:
        """The paragraphs and tables in an element."""
        for child in element:
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child, depth)
            elif name == "tbl":
                yield from self._table(child, depth)
            elif name in _WRAPPERS and depth < _DEEPEST:
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[Block]:
        notes = len(self.called)
        text, level, item = self._told(paragraph)
        if text:
            kind = Kind.HEADING if level else Kind.ITEM if item else Kind.PLAIN
            yield Block(text, kind, level)
        for place, note in enumerate(self.called[notes:], notes + 1):
            yield Block(f"{str(place).translate(_RAISED)} {self.parts.notes.get(note, '')}", Kind.TEXT)
        for box in paragraph.iter(f"{W}txbxContent"):
            if depth < _DEEPEST and not any(
                _name(above) in {"Fallback", "txbxContent"} for above in box.iterancestors()
            ):
                yield from self.blocks(box, depth + 1)

    def _told(self, paragraph: Any) -> tuple[str, int, bool]:
        """A paragraph's text with its number, its level as a heading, and whether it is an entry of a list."""
        properties = paragraph.find(f"{W}pPr")
        style = self.parts.styles.get(value(properties, "pStyle"), Style())
        text = _tidy("".join(self._words(paragraph, 0)))
        level = _outline(properties) or style.level
        number, depth = self._list_of(properties, style)
        mark = self.numbering.mark(number, depth) if number and text else ""
        legal = bool(mark) and self.numbering.legal(number)
        if legal and not level and len(text) < SHORT_LINE and text[-1] not in ".:;,":
            level = depth + 1
        item = bool(mark) and not level and not legal
        if mark:
            text = f"{'  ' * depth if item else ''}{mark} {text}"
        return text, level if text else 0, item

    def _list_of(self, properties: Any, style: Style) -> tuple[str, int]:
        """The list in which Word counts a paragraph, and how deep in it; an empty name for none."""
        own = properties.find(f"{W}numPr") if properties is not None else None
        number = value(own, "numId") or style.number
        depth = whole(value(own, "ilvl"))
        if depth is None:
            depth = self.parts.levels_of_styles.get((number, style.name), style.depth)
        return "" if number == "0" else number, depth

    def _words(self, element: Any, depth: int) -> Iterator[str]:
        for child in element:
            name = _name(child)
            if name == "t":
                yield child.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "footnoteReference":
                self.called.append(child.get(f"{W}id") or "")
                yield str(len(self.called)).translate(_RAISED)
            elif name not in _SKIPPED and depth < _DEEPEST:
                words = self._words(child, depth + 1)
                yield from (word.translate(_RAISED) for word in words) if _is_raised(child) else words

    def _table(self, table: Any, depth: int) -> Iterator[Block]:
        rows = list(table.iter(f"{W}tr")) if depth < _DEEPEST else []
        rows = [row for row in rows if next(row.iterancestors(f"{W}tbl"), None) is table]
        cells = [
            [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr"), None) is row] for row in rows
        ]
        if max(map(len, cells), default=0) <= 1:
            # A table of one column is a frame around paragraphs.
            for cell in chain.from_iterable(cells):
                yield from self.blocks(cell, depth + 1)
            return
        written: list[list[str]] = []
        for row in cells:
            written.append(self._row(row, written[-1] if written else []))
        headed = any(True for _ in rows[0].iter(f"{W}tblHeader")) or None
        yield from table_blocks(written, headed=headed)

    def _row(self, cells: list[Any], above: list[str]) -> list[str]:
        """The texts of a row, as often as a cell is wide; a cell that goes on from above says what stands there."""
        texts: list[str] = []
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            merged = properties.find(f"{W}vMerge") if properties is not None else None
            if merged is not None and merged.get(f"{W}val") != "restart" and len(texts) < len(above):
                text = above[len(texts)]
            else:
                text = " ".join(filter(None, (self._told(one)[0].strip() for one in cell.iter(f"{W}p"))))
            texts += [text, *[""] * (min(whole(value(properties, "gridSpan")) or 1, _WIDEST) - 1)]
        return texts


def _name(element: Any) -> str:
    """An element's name without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _outline(properties: Any) -> int:
    told = whole(value(properties, "outlineLvl"))
    return told + 1 if told is not None and told <= HIGHEST_LEVEL else 0  # 9 stands for text


def _is_raised(run: Any) -> bool:
    return value(run.find(f"{W}rPr"), "vertAlign") == "superscript"


def _tidy(text: str) -> str:
    lines = mend_text(text).text.split("\n")
    return "\n".join(line for line in (" ".join(line.split(" ")).strip() for line in lines) if line)
