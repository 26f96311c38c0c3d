"""The decision record as PDF/A: what the office files, and what an auditor reads."""

from collections.abc import Sequence
from typing import Any

from handlers.papers.engine import compile_pdf
from handlers.papers.values import DecisionRecord, Seat, Table, Tone
from handlers.papers.wording import by_rules, page_word, table_data, what
from locales import Voice

NONE = "–"


def decision_pdf(record: DecisionRecord, voice: Voice) -> bytes:
    """The decision record as PDF/A-2a and PDF/UA-1; the same facts give the same bytes."""
    return compile_pdf("decision.typ", decision_data(record, voice), record.as_of)


def decision_data(record: DecisionRecord, voice: Voice) -> dict[str, Any]:
    """What the record says, as its template reads it."""
    return {
        "words": _words(voice),
        "language": voice.script,
        "office": record.office,
        "running": voice.plain("Decision record no. %(number)s", number=record.number),
        "footer": voice.plain("As of: %(moment)s", moment=voice.stamp(record.as_of)),
        "heading": f"{record.body} · {what(record, voice)}",
        "title": record.title,
        "tone": record.tone,
        "outcome": record.outcome,
        "by_rules": by_rules(record, voice),
        "facts": _facts(record, voice),
        "text": record.text or NONE,
        "lines": _lines(record),
        "tables": [table_data(one) for one in [*_options(record, voice), *record.tables]],
        "minutes": municipal_block(record, voice),
        "seats": _seats(record, voice),
        "exclusions": [(one.mandate, one.reason or NONE) for one in record.exclusions],
        "notes": list(record.notes),
        "attachments": [(one.name, one.sha256) for one in record.attachments],
        "record": voice.plain(
            "The record of all acts has %(length)s entries. The hash of the last one, its head, is:",
            length=record.record_length,
        ),
        "head": record.record_head or NONE,
        "signatures": list(record.signatures),
    }


def _lines(record: DecisionRecord) -> list[tuple[str, str]]:
    """The reasons, without what the ranking says right below."""
    told = {one.label for one in record.ranking}
    return [(label, value) for label, value in record.lines if label not in told]


def _words(voice: Voice) -> dict[str, str]:
    return {
        "page": page_word(voice),
        "place": voice.plain("Place, date"),
        "text": voice.plain("Wording"),
        "lines": voice.plain("Verdict, line by line"),
        "minutes": voice.plain("For the minutes"),
        "seats": voice.plain("Mandates"),
        "exclusions": voice.plain("Excluded (§ 33 KVG LSA)"),
        "notes": voice.plain("Remarks"),
        "attachments": voice.plain("Attachments"),
        "record": voice.plain("Record"),
        "check": voice.plain(
            "It can be checked with “python -m bot verify --head HEAD”: whatever was altered, removed, re-ordered or"
            " cut off since is named."
        ),
        "mandate": voice.plain("Mandate"),
        "reason": voice.plain("Reason"),
        "file": voice.plain("File"),
    }


def _facts(record: DecisionRecord, voice: Voice) -> list[tuple[str, str]]:
    held = f"{record.held} ({record.clause})" if record.clause else record.held
    ballot = voice.plain("Secret") if record.secret else voice.plain("Open")
    return [
        (voice.plain("Body"), record.body),
        (voice.plain("Kind"), record.kind),
        (voice.plain("Held"), f"{held} · {ballot}"),
        (voice.plain("Opened"), voice.moment(record.opened_at)),
        (voice.plain("Closed"), voice.moment(record.closed_at)),
        (voice.plain("Rules"), record.rules),
    ]


def _options(record: DecisionRecord, voice: Voice) -> list[Table]:
    if not record.options:
        return []
    marks = {True: voice.plain("yes"), False: ""}
    rows = [(one.label, str(one.count), marks[one.chosen]) for one in record.options]
    headings = (voice.plain("Option"), voice.plain("Votes"), voice.plain("Chosen"))
    return [Table(voice.plain("Options"), headings, rows, numeric=(1,))]


def municipal_block(record: DecisionRecord, voice: Voice) -> list[tuple[str, str]]:
    """The line of a municipal protocol, as minutes under § 58 KVG LSA carry it."""
    if record.options or record.tables or record.tone is Tone.MEETING:
        return []
    figures = record.figures
    named = [
        (voice.plain("statutory members"), figures.mandates),
        (voice.plain("present"), figures.present),
        (voice.plain("Yes"), figures.yes),
        (voice.plain("No"), figures.no),
        (voice.plain("Abstention"), figures.abstained),
        (voice.plain("excluded under § 33"), figures.excluded),
    ]
    return [(label, str(number)) for label, number in named]


def _seats(record: DecisionRecord, voice: Voice) -> dict[str, Any]:
    """Who voted; of an open vote also how, when and with which receipt."""
    headings = [voice.plain("Mandate"), voice.plain("Ballot"), voice.plain("Cast by"), voice.plain("Way")]
    seats: Sequence[Seat] = record.seats if record.names else ()
    if record.secret:
        return {
            "open": False,
            "headings": headings,
            "rows": [_who(one, _took_part(one, voice), voice) for one in seats],
        }
    rows = [
        [
            *_who(one, one.choice or _took_part(one, voice), voice),
            voice.stamp(one.at) if one.at else NONE,
            one.receipt or NONE,
        ]
        for one in seats
    ]
    return {"open": True, "headings": [*headings, voice.plain("Time"), voice.plain("Receipt")], "rows": rows}


def _who(seat: Seat, said: str, voice: Voice) -> list[str]:
    by = voice.plain("%(name)s (deputy)", name=seat.by) if seat.deputy and seat.by else seat.by
    return [seat.mandate, said, by or NONE, seat.way or NONE]


def _took_part(seat: Seat, voice: Voice) -> str:
    return voice.plain("voted") if seat.voted else voice.plain("no vote")
