"""What the store hands to pure rules: a document and a quotation from it, as values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Rank(StrEnum):
    """Whose word counts more, the highest first; the words of the front matter."""

    DIRECTIVE = "directive"
    GUIDANCE = "guidance"
    OFFICE = "office"
    WEB_PAGE = "web page"
    PRESS = "press"

    @property
    def place(self) -> int:
        """0 for the highest rank."""
        return list(Rank).index(self)


@dataclass(frozen=True, slots=True)
class Document:
    """One edition of a source. ``dated`` is the day on the document, never the day it was loaded."""

    id: int
    key: str
    title: str
    publisher: str
    dated: date | None
    valid_from: date | None
    valid_until: date | None
    url: str
    rank: Rank
    contradicts: tuple[str, ...]
    superseded: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as it is stored. ``text`` is shown byte for byte.

    ``lead`` is the sentence that introduces a list of which ``text`` is a later part (empty otherwise);
    passages of one paragraph or list share ``block``.
    """

    id: int
    document: Document
    ordinal: int
    block: int
    section: str
    page: int | None
    lead: str
    text: str
