"""Words and tables that several papers share."""

from typing import Any

from handlers.papers.values import DecisionRecord, Table, Tone
from locales import Voice


def what(record: DecisionRecord, voice: Voice) -> str:
    """„Nr. 17 · Beschluss"."""
    return voice.plain("No. %(number)s · %(kind)s", number=record.number, kind=record.kind)


def by_rules(record: DecisionRecord, voice: Voice) -> str:
    """Which rules gave the verdict; for a vote that decides nothing, that it does not."""
    if record.tone is Tone.COUNTS:
        return voice.plain("Counted only. Nothing is decided.")
    return voice.plain("by the rules of procedure (%(rules)s)", rules=record.rules)


def page_word(voice: Voice) -> str:
    """„Seite {page} von {pages}", for the template to fill in."""
    return voice.plain("Page %(page)s of %(pages)s", page="{page}", pages="{pages}")


def table_data(table: Table) -> dict[str, Any]:
    """A table as the templates read it: every row as wide as the headings; ``wide`` is the column that takes the room.

    A shorter row would leave its place to the cells of the next one.
    """
    width = len(table.headings)
    rows = [[*row, *[""] * width][:width] for row in table.rows]
    longest = [max((len(row[at]) for row in rows), default=0) for at in range(width)]
    return {
        "title": table.title,
        "headings": list(table.headings),
        "rows": rows,
        "numeric": list(table.numeric),
        "wide": longest.index(max(longest)) if longest else 0,
        "note": table.note,
        "to_sign": table.to_sign,
        "shares": list(table.shares),
    }


def shorten(text: str, width: int) -> str:
    """The text in one line, cut with „…" where it is longer than the width in characters, between words if it can."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    at = cut.rfind(" ")
    return cut[: at if at > width // 2 else None].rstrip(" ,;:–-") + "…"
