"""The decision record for machines: CSV for a spreadsheet, JSON for whoever counts again."""

import csv
import json
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from handlers.papers.values import DecisionRecord, Ranked, Seat, Tone
from locales import Voice

# What makes a spreadsheet take a cell for a formula, in both widths of writing:
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = tuple("=+-@|%＝＋－＠")
# Control signs (a workbook must not hold them), what steers writing, halves of signs, and what is no sign at all.
NEVER_IN_A_CELL = {"Cc", "Cf", "Cs", "Cn"}
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as Windows-1252


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet computes: what looks like a formula begins with an apostrophe."""
    plain = text.replace("\r", " ").replace("\t", " ")
    bare = "".join(one for one in plain if one == "\n" or unicodedata.category(one) not in NEVER_IN_A_CELL)
    return f"'{bare}" if bare.lstrip().startswith(FORMULA_STARTS) else bare


def decision_csv(record: DecisionRecord, voice: Voice) -> bytes:
    """The record as CSV (semicolon, UTF-8 with BOM): heading lines, an empty line, one row a mandate."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    for row in [*_heading(record, voice), [], *_rows(record, voice)]:
        writer.writerow([neutral(cell) for cell in row])
    return (BYTE_ORDER_MARK + written.getvalue()).encode("utf-8", "replace")


def _heading(record: DecisionRecord, voice: Voice) -> Iterator[list[str]]:
    yield [voice.plain("Vote no."), str(record.number)]
    yield [voice.plain("Office"), record.office]
    yield [voice.plain("Body"), record.body]
    yield [voice.plain("Kind"), record.kind]
    yield [voice.plain("Held"), record.held]
    yield [voice.plain("Title"), record.title]
    yield [voice.plain("Wording"), record.text]
    yield [voice.plain("Opened"), voice.stamp(record.opened_at)]
    yield [voice.plain("Closed"), voice.stamp(record.closed_at)]
    yield [voice.plain("Rules"), record.rules]
    yield [voice.plain("Result"), record.outcome]
    yield from ([label, value] for label, value in record.lines)
    yield from ([one.label, str(one.count)] for one in record.options)
    yield from ([voice.plain("Remark"), one] for one in record.notes)
    yield from ([voice.plain("Excluded"), one.mandate, one.reason] for one in record.exclusions)
    yield from ([voice.plain("Attachment"), one.name, one.sha256] for one in record.attachments)
    yield [voice.plain("Record, entries"), str(record.record_length)]
    yield [voice.plain("Record, head"), record.record_head]


def _rows(record: DecisionRecord, voice: Voice) -> Iterator[list[str]]:
    for table in record.tables:
        yield [table.title]
        yield list(table.headings)
        yield from (list(row) for row in table.rows)
        yield []
    seats = record.seats if record.names else ()
    headings = [voice.plain("Mandate"), voice.plain("Ballot"), voice.plain("Cast by"), voice.plain("By deputy")]
    headings += [voice.plain("Way"), voice.plain("Time"), voice.plain("Receipt")]
    yield headings[:5] if record.secret else headings
    yes, no = voice.plain("yes"), voice.plain("no")
    for one in seats:
        took_part = voice.plain("voted") if one.voted else voice.plain("no vote")
        who = [one.by, yes if one.deputy else no, one.way]
        told = [voice.stamp(one.at) if one.at else "", one.receipt]
        yield [one.mandate, took_part, *who] if record.secret else [one.mandate, one.choice or took_part, *who, *told]


def decision_json(record: DecisionRecord, zone: ZoneInfo) -> bytes:
    """The record as JSON; instants in ISO 8601 with the zone's offset, the verdict in words, None where none is given.

    ``ballots`` stands there for an open vote only, ``options`` and ``tables`` where the kind has some.
    """
    told = {key: value for key, value in _told(record, zone).items() if value is not _LEFT_OUT}
    return json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


_LEFT_OUT = object()


def _told(record: DecisionRecord, zone: ZoneInfo) -> dict[str, Any]:
    figures, quorum, majority = record.figures, record.quorum, record.majority
    named = record.names and not record.secret
    return {
        "number": record.number,
        "body": record.body,
        "kind": record.kind,
        "title": record.title,
        "text": record.text,
        "opened_at": _instant(record.opened_at, zone),
        "closed_at": _instant(record.closed_at, zone),
        "mandates": figures.mandates,
        "excluded": figures.excluded,
        "voted": figures.voted,
        "yes": figures.yes,
        "no": figures.no,
        "abstained": figures.abstained,
        "quorum": quorum and {"needed": quorum.needed, "reached": quorum.reached, "rule": quorum.rule},
        "majority": majority and {"rule": majority.rule, "reached": majority.reached},
        "tie": record.tie,
        "verdict": None if record.tone is Tone.COUNTS else record.outcome,
        "ballots": [_ballot(one, zone) for one in record.seats if one.voted] if named else _LEFT_OUT,
        "options": [{"label": one.label, "votes": one.count, "chosen": one.chosen} for one in record.options]
        or _LEFT_OUT,
        "tables": [
            {"title": one.title, "headings": list(one.headings), "rows": [list(row) for row in one.rows]}
            for one in record.tables
        ]
        or _LEFT_OUT,
        "ranking": [_ranked(one) for one in record.ranking] or _LEFT_OUT,
        "attachments": [{"name": one.name, "sha256": one.sha256} for one in record.attachments],
        "record": {"length": record.record_length, "head": record.record_head},
    }


def _ranked(one: Ranked) -> dict[str, Any]:
    return {
        "rank": one.rank,
        "number": one.number,
        "title": one.title,
        "sponsor": one.sponsor,
        "applied_cents": one.cents,
        "mean": one.exact,
        "scores": one.scores,
        "spread": one.spread,
        "result": one.fate,
    }


def _ballot(seat: Seat, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "mandate": seat.mandate,
        "choice": seat.choice,
        "cast_by": seat.by,
        "deputy": seat.deputy,
        "way": seat.way,
        "cast_at": _instant(seat.at, zone) if seat.at else None,
        "receipt": seat.receipt,
    }


def _instant(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()
