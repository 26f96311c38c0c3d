"""Markdown: headings, tables and emphasis are read as a reader sees them, the rest stays as it stands."""

import re
from collections.abc import Iterator

from models.knowledge.body import Block, Body, Kind, lay_out
from models.knowledge.readers.plain import is_debris
from models.knowledge.readers.tables import table_blocks

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(\S.*?)\s*#*\s*")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-{3,})\s*")
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*")
_TABLE_LINE = re.compile(r"\s*\|?(?:\s*:?-{1,}:?\s*\|)+\s*(?::?-+:?\s*)?")
_CELL_END = re.compile(r"(?<!\\)\|")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"(?<!\\)!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)?[^<>\s]+[.@/][^<>\s]+)>")
_STRONG = re.compile(r"(?<![\\*\w])(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?![*\w])")
_EMPHASIS = re.compile(r"(?<![\\*\w])([*_])(?=[^\s*_])([^*_\n]+?)(?<=[^\s*_])\1(?![*\w])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# An abbreviation's meaning, which readers see only when they point at it: https://michelf.ca/projects/php-markdown/extra/
_ABBREVIATION = re.compile(r"^[ \t]*\*\[\s*[^\[\]]{1,60}?\s*\]:[^\n]*\n?", re.MULTILINE)
_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}")


def read_markdown(text: str) -> Body:
    """A Markdown text, as it is read."""
    return lay_out(_blocks(_ABBREVIATION.sub("", _COMMENT.sub("", text)).split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    gathered: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        marked = _HEADING.fullmatch(line)
        below = lines[place + 1] if place + 1 < len(lines) else ""
        table = "|" in line and _TABLE_LINE.fullmatch(below) is not None
        underlined = not gathered and bool(line.strip()) and _UNDERLINE.fullmatch(below) is not None
        if marked or table or underlined or not line.strip() or _RULE.fullmatch(line) or is_debris(line):
            yield from _paragraph(gathered)
            gathered = []
        else:
            gathered.append(line)
        if marked:
            yield Block(_plain(marked[2]), Kind.HEADING, len(marked[1]))
        elif table:
            end = next((n for n in range(place + 2, len(lines)) if "|" not in lines[n]), len(lines))
            yield from _table([line, *lines[place + 2 : end]])
            place = end - 1
        elif underlined:
            yield Block(_plain(line.strip()), Kind.HEADING, 1 if below.strip()[0] == "=" else 2)
            place += 1
        place += 1
    yield from _paragraph(gathered)


def _paragraph(lines: list[str]) -> Iterator[Block]:
    if lines:
        yield Block("\n".join(_plain(line.rstrip()) for line in lines))


def _table(lines: list[str]) -> Iterator[Block]:
    rows = [[_plain(cell) for cell in _cells(line)] for line in lines]
    yield from table_blocks(rows if any(rows[0]) else rows[1:], headed=any(rows[0]))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELL_END.split(line.strip().removeprefix("|").removesuffix("|"))]


def _plain(line: str) -> str:
    """A line as it is read: without the signs of emphasis, links by their words, escaped signs bare."""
    line = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", line))
    line = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", line))
    return _BLANKS.sub(" ", _ESCAPED.sub(r"\1", line))
