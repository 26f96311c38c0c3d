"""The draft of the minutes (Niederschrift): one document, as PDF to read and as Word to go on writing in."""

from collections.abc import Iterator

from handlers.papers.attendance import attendance_tables, facts, heading
from handlers.papers.blocks import (
    Block,
    Counts,
    Document,
    Facts,
    Grid,
    Heading,
    Numbered,
    Prose,
    Remarks,
    Room,
    Wording,
    document_pdf,
)
from handlers.papers.meeting_values import AgendaPoint, Minutes, Resolution
from handlers.papers.values import Table
from handlers.papers.word import document_docx
from locales import Voice


def minutes_pdf(minutes: Minutes, voice: Voice) -> bytes:
    """The draft as PDF/A."""
    return document_pdf(minutes_document(minutes, voice), voice)


def minutes_docx(minutes: Minutes, voice: Voice) -> bytes:
    """The draft as Word."""
    return document_docx(minutes_document(minutes, voice), voice)


def minutes_document(minutes: Minutes, voice: Voice) -> Document:
    """What the draft says, in order."""
    sitting = minutes.attendance.sitting
    running = voice.plain("Minutes of meeting no. %(number)s · draft", number=sitting.number)
    return Document(
        office=sitting.office,
        running=running,
        footer=voice.plain("Draft, as of %(moment)s", moment=voice.stamp(sitting.as_of)),
        above=heading(sitting, voice),
        title=voice.plain("Minutes: %(title)s", title=sitting.title),
        as_of=sitting.as_of,
        blocks=[*_opening(minutes, voice), *_agenda(minutes, voice)],
        signatures=(voice.plain("Chair"), voice.plain("Minutes")),
    )


def _opening(minutes: Minutes, voice: Voice) -> Iterator[Block]:
    attendance = minutes.attendance
    to_fill_in = [(voice.plain("Chair"), ""), (voice.plain("Minutes"), "")]
    named = [(voice.plain("Body"), attendance.sitting.body), *facts(attendance.sitting, voice)]
    yield Facts([*named, *attendance.facts, *to_fill_in])
    yield Heading(voice.plain("Attendance"))
    for table in attendance_tables(attendance, voice):
        yield Grid(table)
    if minutes.changes:
        headings = (voice.plain("Time"), voice.plain("Who comes and goes"))
        rows = [(voice.time(one.at), one.said) for one in minutes.changes]
        yield Grid(Table(voice.plain("During the meeting"), headings, rows))


def _agenda(minutes: Minutes, voice: Voice) -> Iterator[Block]:
    if not minutes.agenda:
        return
    yield Heading(voice.plain("Agenda"))
    yield Numbered([_listed(one, voice) for one in minutes.agenda])
    for place, point in enumerate(minutes.agenda, 1):
        yield Heading(voice.plain("Item %(place)s: %(text)s", place=place, text=point.text))
        yield from _point(point, voice)


def _listed(point: AgendaPoint, voice: Voice) -> str:
    return voice.plain("Decision: %(text)s", text=point.text) if point.decision else point.text


def _point(point: AgendaPoint, voice: Voice) -> Iterator[Block]:
    yield Room()
    for one in point.resolutions:
        yield from _resolution(one, voice)
    if point.pending:
        yield Remarks(point.pending)


def _resolution(one: Resolution, voice: Voice) -> Iterator[Block]:
    yield Heading(one.heading, 3)
    yield Wording(one.text)
    if one.counts:
        yield Counts(one.counts)
    yield Prose(voice.plain("Result: %(outcome)s", outcome=one.outcome), strong=True)
    yield Facts(one.lines)
    for table in one.tables:
        yield Grid(table)
    if one.remarks:
        yield Remarks(one.remarks)
