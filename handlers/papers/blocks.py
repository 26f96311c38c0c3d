"""A document as a row of blocks, set as PDF here and written as Word elsewhere, so that both say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.papers.engine import compile_pdf
from handlers.papers.meeting_values import Pair
from handlers.papers.values import Table
from handlers.papers.wording import page_word, table_data
from locales import Voice


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title: ``level`` 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs, parted by line ends."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values; an empty value is a line to write on."""

    rows: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A numbered list; the numbers count from 1."""

    rows: Sequence[str]


@dataclass(frozen=True, slots=True)
class Remarks:
    """A list of sentences."""

    rows: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; its title is a heading of level 3 where it has one."""

    table: Table


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that was decided on, set apart."""

    text: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The municipal block: figures side by side."""

    rows: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Room:
    """Room to write what was said."""


Block = Heading | Prose | Facts | Numbered | Remarks | Grid | Wording | Counts | Room


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``as_of`` is an instant: when its facts last changed."""

    office: str
    running: str  # above on each page
    footer: str
    above: str  # over the title
    title: str
    as_of: datetime
    blocks: Sequence[Block]
    signatures: Sequence[str] = ()


def document_pdf(document: Document, voice: Voice) -> bytes:
    """The document as PDF/A; the same facts give the same bytes."""
    data: dict[str, Any] = {
        "words": {"page": page_word(voice), "place": voice.plain("Place, date")},
        "language": voice.script,
        "office": document.office,
        "running": document.running,
        "footer": document.footer,
        "heading": document.above,
        "title": document.title,
        "blocks": [_block(one) for one in document.blocks],
        "signatures": list(document.signatures),
    }
    return compile_pdf("document.typ", data, document.as_of)


def _block(block: Block) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": type(block).__name__.lower()}
    match block:
        case Grid():
            return told | {"table": table_data(block.table)}
        case Heading():
            return told | {"text": block.text, "level": block.level}
        case Prose():
            return told | {"text": block.text, "strong": block.strong}
        case Wording():
            return told | {"text": block.text}
        case Room():
            return told
        case _:
            return told | {"rows": [list(one) if isinstance(one, tuple) else one for one in block.rows]}
