"""The result as a picture for the phone."""

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from handlers.papers.engine import compile_png
from handlers.papers.values import DecisionRecord, Ranked, Table, Tone
from handlers.papers.wording import by_rules, shorten, table_data, what
from locales import Voice

# Three lines of the smallest type; the whole title stands in the words below the picture.
LONGEST_TITLE = 190
LONGEST_NAME = 90
LONGEST_VALUE = 160
SHORT_HEAD = 17  # of the 64 signs that stand in the decision record
# A picture longer than wide by much is scaled down by Telegram until nobody can read it.
MOST_ROWS = 8
MOST_RANKED = 8


def card(record: DecisionRecord, voice: Voice) -> bytes:
    """The result as PNG, 1080 pixels wide: verdict, bars with numbers and words, and the reasons line by line."""
    return _drawn(json.dumps(card_data(record, voice)))


@lru_cache(maxsize=4)  # everybody who was there gets the same picture, one after the other
def _drawn(data: str) -> bytes:
    return compile_png("card.typ", json.loads(data))


def card_data(record: DecisionRecord, voice: Voice) -> dict[str, Any]:
    """What the card says, as its template reads it."""
    return {
        "words": {},
        "language": voice.script,
        "short": shorten(record.short, LONGEST_NAME),
        "heading": what(record, voice),
        "title": shorten(record.title, LONGEST_TITLE),
        "tone": record.tone,
        "outcome": shorten(record.outcome, LONGEST_NAME),
        "by_rules": by_rules(record, voice),
        "bars": _answers(record, voice),
        "options": _options(record),
        "whole": record.figures.mandates,
        "ranking": [_ranked(one) for one in record.ranking[:MOST_RANKED]],
        "more": _more(record, voice),
        "legend": voice.plain("Black stroke: threshold") if any(one.mark for one in record.ranking) else "",
        "tables": [] if record.ranking else [_short_table(one, voice) for one in record.tables[:1]],
        "lines": _lines(record),
        "footer": [
            voice.plain("Closed: %(moment)s", moment=voice.moment(record.closed_at)),
            voice.plain(
                "Record: %(length)s entries, head %(head)s",
                length=record.record_length,
                head=shorten(record.record_head, SHORT_HEAD),
            ),
        ],
    }


def _answers(record: DecisionRecord, voice: Voice) -> list[dict[str, Any]]:
    if record.options or record.tables:  # these tell what was said
        return []
    figures = record.figures
    return [
        {"look": "yes", "label": voice.plain("Yes"), "count": figures.yes},
        {"look": "no", "label": voice.plain("No"), "count": figures.no},
        {"look": "abstained", "label": voice.plain("Abstention"), "count": figures.abstained},
    ]


def _options(record: DecisionRecord) -> list[dict[str, Any]]:
    return [
        {
            "look": "chosen" if one.chosen and record.tone in {Tone.ADOPTED, Tone.MEETING} else "option",
            "label": shorten(one.label, LONGEST_NAME),
            "count": one.count,
        }
        for one in record.options
    ]


def _ranked(one: Ranked) -> dict[str, Any]:
    return {
        "rank": str(one.rank or "–"),
        "title": shorten(one.title, LONGEST_NAME),
        "facts": f"{shorten(one.sponsor, LONGEST_NAME)} · {one.applied}",
        "mean": one.mean if one.rank else "–",
        "share": one.share if one.rank else 0,
        "mark": one.mark,
        "fate": one.fate,
        "look": one.look,
    }


def _more(record: DecisionRecord, voice: Voice) -> str:
    more = len(record.ranking) - MOST_RANKED
    return voice.plain("and %(number)s more", number=more) if more > 0 else ""


def _lines(record: DecisionRecord) -> list[tuple[str, str]]:
    """The reasons, without what a bar or a table above has said already."""
    told = {one.label for one in record.options} | {one.label for one in record.ranking}
    told |= {row[0] for table in record.tables[:1] for row in table.rows if row}
    lines = [(label, value) for label, value in record.lines if label not in told]
    return [(shorten(label, LONGEST_NAME), shorten(value, LONGEST_VALUE)) for label, value in lines]


def _short_table(table: Table, voice: Voice) -> dict[str, Any]:
    more = len(table.rows) - MOST_ROWS
    note = voice.plain("and %(number)s more", number=more) if more > 0 else shorten(table.note, LONGEST_VALUE)
    rows = [[shorten(cell, LONGEST_NAME) for cell in row] for row in table.rows[:MOST_ROWS]]
    return table_data(replace(table, rows=rows, note=note))
