"""Lists and letters on paper."""

from collections.abc import Sequence
from typing import Any

import segno

from handlers.papers.engine import compile_pdf
from handlers.papers.values import Letter, ListPaper, Pass
from handlers.papers.wording import page_word, table_data
from locales import Voice


def table_pdf(paper: ListPaper, voice: Voice) -> bytes:
    """Tables with a title, facts above and lines for signatures below, as PDF/A."""
    data: dict[str, Any] = {
        "words": {"page": page_word(voice), "place": voice.plain("Place, date")},
        "language": voice.script,
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


def letters_pdf(letters: Sequence[Letter], title: str, voice: Voice) -> bytes:
    """Letters of one office in one PDF/A, to be printed in one go; each begins on a page of its own.

    They are laid out after DIN 5008, for window envelopes.
    """
    first = letters[0]
    data: dict[str, Any] = {
        "words": {"page": page_word(voice)},
        "language": voice.script,
        "office": first.office,
        "title": title,
        "footer": first.contact,
        "letters": [_letter(one, voice) for one in letters],
    }
    return compile_pdf("letter.typ", data, first.written_on)


def _letter(letter: Letter, voice: Voice) -> dict[str, Any]:
    spoken = Voice(letter.language, voice.zone) if letter.language else voice
    slip = {"title": letter.reply_title, "choices": list(letter.reply), "sign": spoken.plain("Date, signature")}
    return {
        "sender": letter.sender,
        "address": list(letter.address),
        "language": spoken.script,
        "dated": spoken.day(letter.written_on),
        "title": letter.title,
        "text": letter.text,
        "facts": list(letter.facts),
        "list": list(letter.points),
        "list-title": letter.points_title,
        "closing": letter.closing,
        "signed": letter.signed,
        "reply": slip if letter.reply else None,
        "pass": _pass(letter.entry) if letter.entry else None,
    }


def _pass(entry: Pass) -> dict[str, Any]:
    # Level M bears a fold or a stain over a seventh of the picture (ISO/IEC 18004); the quiet zone is four modules.
    picture = segno.make_qr(entry.link, error="m").svg_inline(border=4)
    return {
        "picture": picture,
        "alt": entry.alt,
        "title": entry.title,
        "code": entry.code,
        "notes": list(entry.notes),
    }
