"""The agenda in the office's hands: which items are to be decided, and the votes that were made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnItem, OnMeeting, Open
from handlers.meetings.words import headline, written
from handlers.speech import Message, Row, shorten
from handlers.way_back import office_row
from locales import Markup, Voice, bold, html
from models.ballot.rows import Vote
from models.ballot.rules import Held
from models.charter import read_charter
from models.meeting import looking
from models.meeting.agenda import Item
from models.meeting.changing import find_item
from models.meeting.rows import AgendaItem, Meeting
from models.meeting.rules import CANCELLED
from models.office import Body
from models.refusals import Withdrawn

LABEL = 40  # characters of an item on a button


async def agenda_message(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Message:
    """All items, a button each; and „Tagesordnung ändern"."""
    votes = await looking.votes_of(session, meeting.number)
    lines = [voice.say("Agenda of meeting no. %(number)s", number=meeting.number), *headline(voice, meeting)[1:]]
    for one in meeting.items:
        made = ", ".join(str(vote.number) for item, vote in votes if item.id == one.id)
        line = written(voice, [Item(one.text, one.decision)]).removeprefix("1. ")
        lines.append(html(f"{one.position}. {line}"))
        if made:
            lines.append(voice.say("   Vote no. %(numbers)s", numbers=made))
    if not meeting.items:
        lines.append(voice.say("No items are entered."))
    rows: list[Row] = [
        [
            (
                voice.plain("Item %(place)s · %(text)s", place=one.position, text=shorten(one.text, LABEL)),
                OnItem(one.id, "show"),
            )
        ]
        for one in meeting.items
    ]
    if meeting.starts_at > now and meeting.status != CANCELLED:
        rows.append([(voice.plain("Change the agenda"), OnMeeting(meeting.number, "change_agenda"))])
    rows.append([(voice.plain("Show the meeting"), OnMeeting(meeting.number, "show")), *office_row(voice)])
    return Message("\n".join(lines), rows)


async def item_message(session: AsyncSession, voice: Voice, item: AgendaItem, meeting: Meeting) -> Message:
    """One item: whether it is to be decided, and the votes on it."""
    votes = [vote for one, vote in await looking.votes_of(session, meeting.number) if one.id == item.id]
    lines = [
        voice.say("Meeting no. %(number)s, item %(place)s", number=meeting.number, place=item.position),
        bold(item.text),
        voice.say("The body is to decide on it.") if item.decision else voice.say("No decision is planned."),
        *(_vote_line(voice, one) for one in votes),
    ]
    rows: list[Row] = [[(_vote_label(voice, one), Open("result", one.number))] for one in votes]
    if item.decision:
        label = voice.plain("One more vote on it") if votes else voice.plain("Make a vote of it")
        rows.append([(label, OnItem(item.id, "vote"))])
    if not votes:
        rows.append(
            [(voice.plain("No decision after all"), OnItem(item.id, "undecide"))]
            if item.decision
            else [(voice.plain("Mark as a decision"), OnItem(item.id, "decide"))]
        )
    rows.append([(voice.plain("Agenda"), OnMeeting(meeting.number, "agenda")), *office_row(voice)])
    return Message("\n".join(lines), rows)


def _vote_line(voice: Voice, vote: Vote) -> Markup:
    if vote.cancelled_at:
        state = voice.plain("broken off")
    elif vote.closed_at:
        state = voice.plain("closed")
    else:
        state = voice.plain("open") if vote.opened_at else voice.plain("not open yet")
    return voice.say("Vote no. %(number)s: %(title)s (%(state)s)", number=vote.number, title=vote.title, state=state)


def _vote_label(voice: Voice, vote: Vote) -> str:
    return voice.plain("Vote %(number)s", number=vote.number)


async def vote_form(session: AsyncSession, number: int) -> dict[str, Any]:
    """What the form of a vote knows already where it is made of an item.

    Raises:
        Unknown: there is no such item.
        Withdrawn: the meeting is cancelled.
    """
    item, meeting = await find_item(session, number)
    if meeting.status == CANCELLED:
        raise Withdrawn
    charter = read_charter((await session.get_one(Body, meeting.body_id)).charter)
    return {
        "body": meeting.body_id,
        "held": Held.MEETING.value,
        "again": meeting.second_of is not None and charter.second_meeting,
        "title": item.text[:200],
        "item": item.id,
    }
