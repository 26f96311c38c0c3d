"""The draft of the minutes and the invitation as a letter: what they say, gathered from the store."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.contact import one_line
from handlers.meetings.gathering import attendance_of, changes_of, sitting_of, times_of
from handlers.papers.attendance import facts
from handlers.papers.decision import municipal_block
from handlers.papers.meeting_values import AgendaPoint, Minutes, Resolution, Sitting
from handlers.papers.values import DecisionRecord, Letter
from handlers.votes.decision import decision_of
from handlers.votes.naming import KINDS
from handlers.votes.words import COUNTS
from locales import Voice, choose
from models.ballot.rows import Vote
from models.ballot.rules import Kind
from models.meeting import day, looking
from models.meeting.rows import AgendaItem, Invitation, Meeting
from models.meeting.rules import Attendance as Coming
from models.member import Person
from models.office import Office, the_office
from models.roster import deputies_of


async def minutes_of(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Minutes:
    """The draft of the minutes, as things stand."""
    seats = await day.seats_on_the_day(session, meeting.number)
    votes = await looking.votes_of(session, meeting.number)
    return Minutes(
        await attendance_of(session, voice, meeting, now),
        agenda=[
            await _point(session, voice, item, [vote for of, vote in votes if of.id == item.id])
            for item in meeting.items
        ],
        changes=changes_of(voice, times_of(meeting), [one for one in seats if one.votes]),
    )


def item_text(voice: Voice, item: AgendaItem) -> str:
    """An item as an agenda on paper has it; the numbers are the list's."""
    return voice.plain("Decision: %(text)s", text=item.text) if item.decision else item.text


async def _point(session: AsyncSession, voice: Voice, item: AgendaItem, votes: Sequence[Vote]) -> AgendaPoint:
    closed = [vote for vote in votes if vote.closed_at is not None]
    return AgendaPoint(
        item.text,
        item.decision,
        [_resolution(voice, await decision_of(session, voice, vote, names=False)) for vote in closed],
        [_pending(voice, vote) for vote in votes if vote.closed_at is None],
    )


def _resolution(voice: Voice, record: DecisionRecord) -> Resolution:
    """A vote as the minutes have it: what the municipal block or a table says is not said twice."""
    block = municipal_block(record, voice)
    said = {voice.plain(label) for label in [*COUNTS.values(), "Present"]} if block else set()
    said |= {row[0] for table in record.tables for row in table.rows}
    attached = ", ".join(one.name for one in record.attachments)
    excluded = [
        voice.plain("%(mandate)s: excluded (%(why)s).", mandate=one.mandate, why=one.reason.rstrip("."))
        for one in record.exclusions
    ]
    return Resolution(
        voice.plain("%(kind)s no. %(number)s: %(title)s", kind=record.kind, number=record.number, title=record.title),
        record.text,
        record.outcome,
        [(label, value) for label, value in record.lines if label not in said],
        block,
        [*excluded, *record.notes, *([voice.plain("Attachments: %(names)s", names=attached)] if attached else [])],
        record.tables,
    )


def _pending(voice: Voice, vote: Vote) -> str:
    named = voice.plain(
        "%(kind)s no. %(number)s: %(title)s",
        kind=voice.plain(KINDS[Kind(vote.kind)]),
        number=vote.number,
        title=vote.title,
    )
    if vote.cancelled_at is not None:
        return voice.plain("%(vote)s – broken off (%(why)s).", vote=named, why=vote.reason.rstrip("."))
    return voice.plain("%(vote)s – not closed yet.", vote=named)


# --- the invitation as a letter


async def letters_of(
    session: AsyncSession, official: Voice, meeting: Meeting, now: datetime, *, everyone: bool
) -> list[Letter]:
    """The invitation as a letter, one for each who was invited; unless ``everyone``, for those without Telegram."""
    office = await the_office(session)
    return [
        await _letter(session, official, office, meeting, one, now)
        for one in await looking.attendance(session, meeting.number)
        if everyone or not one.reachable
    ]


async def _letter(
    session: AsyncSession, official: Voice, office: Office, meeting: Meeting, one: Coming, now: datetime
) -> Letter:
    language = await _language(session, one)
    voice = Voice(choose(language or official.language, office.languages), official.zone)
    sitting = await sitting_of(session, voice, meeting, now)
    deputies = await deputies_of(session, one.mandate_id) if one.mandate_id is not None else []
    contact = one_line(office.contact)
    names = ", ".join(file.name for file in await looking.files_of(session, meeting.number))
    enclosed = [(voice.plain("Enclosed"), names)] if names else []
    return Letter(
        office=office.name,
        sender=" · ".join(part for part in (office.name, contact) if part),
        address=[one.name, one.person] if one.votes and one.person else [one.name],
        title=voice.plain("Invitation: %(title)s", title=meeting.title),
        written_on=now,
        text=_greeting(voice, sitting, one),
        facts=[*facts(sitting, voice)[1:], *enclosed],
        points=[item_text(voice, item) for item in meeting.items],
        points_title=voice.plain("Agenda"),
        closing=_closing(voice, contact, [person.name for person in deputies]),
        signed=office.name,
        contact=contact,
        reply=_choices(voice, one),
        reply_title=voice.plain(
            "Answer: meeting no. %(number)s, %(start)s", number=meeting.number, start=voice.moment(meeting.starts_at)
        ),
        language=voice.language,
    )


async def _language(session: AsyncSession, one: Coming) -> str | None:
    invitation = await session.get_one(Invitation, one.invitation_id)
    person: Person | None = await looking.answering_person(session, invitation)
    return person.language if person else None


def _greeting(voice: Voice, sitting: Sitting, one: Coming) -> str:
    hello = voice.plain("Good day %(name)s,", name=one.person) if one.person else voice.plain("Dear Sir or Madam,")
    asked = voice.plain(
        "you are invited to meeting no. %(number)s of this body: %(body)s.", number=sitting.number, body=sitting.body
    )
    return f"{hello}\n{asked}"


def _closing(voice: Voice, contact: str, deputies: Sequence[str]) -> str:
    lines = [
        voice.plain("Please let us know whether you will come: with the slip below, or %(contact)s.", contact=contact)
    ]
    if not contact:
        lines = [voice.plain("Please let us know whether you will come, with the slip below.")]
    if deputies:
        names = ", ".join(deputies)
        lines.append(voice.plain("If you cannot come, a deputy may: %(names)s.", names=names))
    return "\n".join([*lines, voice.plain("Kind regards")])


def _choices(voice: Voice, one: Coming) -> list[str]:
    if not one.votes:
        return [voice.plain("I will come."), voice.plain("I cannot come.")]
    return [
        voice.plain("I will come for %(mandate)s.", mandate=one.name),
        voice.plain("A deputy will come: ______________________________"),
        voice.plain("Nobody can come."),
    ]
