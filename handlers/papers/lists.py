"""Lists and letters on paper."""

from typing import Any

from handlers.papers.engine import compile_pdf
from handlers.papers.values import Letter, ListPaper
from handlers.papers.wording import page_word, table_data
from locales import Voice


def table_pdf(paper: ListPaper, voice: Voice) -> bytes:
    """Tables with a title, facts above and lines for signatures below, as PDF/A."""
    data: dict[str, Any] = {
        "words": {"page": page_word(voice), "place": voice.plain("Place, date")},
        "language": voice.language,
        "office": paper.office,
        "running": paper.heading,
        "footer": voice.plain("As of: %(moment)s", moment=voice.stamp(paper.as_of)),
        "heading": paper.heading,
        "title": paper.title,
        "facts": list(paper.facts),
        "tables": [table_data(one) for one in paper.tables],
        "signatures": list(paper.signatures),
    }
    return compile_pdf("table.typ", data, paper.as_of)


def letter_pdf(letter: Letter, voice: Voice) -> bytes:
    """A letter after DIN 5008 for a window envelope, as PDF/A."""
    data: dict[str, Any] = {
        "words": {"page": page_word(voice)},
        "language": voice.language,
        "office": letter.office,
        "sender": letter.sender,
        "address": list(letter.address),
        "dated": voice.day(letter.written_on),
        "title": letter.title,
        "text": letter.text,
        "facts": list(letter.facts),
        "closing": letter.closing,
        "footer": letter.contact,
    }
    return compile_pdf("letter.typ", data, letter.written_on)
