"""``/termine`` and one meeting of it: one's own invitations; for staff the office's page."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import Answer, AskDeputy, DeputyAnswer, OnMeeting, Open
from handlers.context import Context
from handlers.meetings.invitation import arrival_row, deputy_message, invitation_message
from handlers.meetings.page import staff_view, stays_words
from handlers.speech import Message, Row
from handlers.way_back import to_office
from locales import Markup, Voice
from models.actor import Actor
from models.meeting import day, looking
from models.meeting.day import SeatOnTheDay
from models.meeting.minutes import readable
from models.meeting.rows import Meeting
from models.meeting.rules import ARRIVES_BEFORE, CANCELLED, answers_as, ends
from models.refusals import NotEntitled

ANSWERING = (Answer, AskDeputy, DeputyAnswer)


async def my_meetings(context: Context) -> None:
    """``/termine``: the meetings ahead, and the minutes one got; staff sees drafts too, and what was held lately."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_member()
        voice = await context.voice(session)
        found = await looking.meetings_seen_by(session, who, context.now)
        behind = await looking.meetings_behind(session, context.now) if who.staff else []
        told = await readable(session, who, context.now)
    await context.toast()
    listed = meeting_list(voice, found, behind)
    await context.say(
        Message(listed.text, [*listed.rows, *(_minutes_row(voice, one) for one in told), *to_office(voice, who)])
    )


def _minutes_row(voice: Voice, meeting: Meeting) -> Row:
    label = voice.plain("Minutes %(number)s · %(title)s", number=meeting.number, title=meeting.title)
    return [(label, OnMeeting(meeting.number, "minutes"))]


def meeting_list(voice: Voice, found: Sequence[Meeting], behind: Sequence[Meeting] = ()) -> Message:
    """Meetings, a line and a button each; below them those held lately."""
    lines = [voice.say("Meetings ahead:") if found else voice.say("No meeting is entered.")]
    lines += [_line(voice, one) for one in found]
    if behind:
        lines += [Markup(""), voice.say("Held lately:"), *(_line(voice, one) for one in behind)]
    rows: list[Row] = [
        [(voice.plain("%(number)s · %(title)s", number=one.number, title=one.title), Open("meeting", one.number))]
        for one in [*found, *behind]
    ]
    return Message("\n".join(lines), rows)


def _line(voice: Voice, meeting: Meeting) -> Markup:
    state = voice.plain("draft") if meeting.invited_at is None else voice.plain("invited")
    if meeting.status:
        state = voice.plain("cancelled")
    return voice.say(
        "%(number)s · %(moment)s · %(title)s (%(state)s)",
        number=meeting.number,
        moment=voice.moment(meeting.starts_at),
        title=meeting.title,
        state=state,
    )


async def show_meeting(context: Context, number: int) -> None:
    """A meeting: one's own invitations to answer; for staff who comes, or the draft to send."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting = await looking.find(session, number)
        messages = await _shown(context, session, voice, meeting, who)
    await context.toast()
    for message in messages:
        await context.say(message)


async def _shown(context: Context, session: AsyncSession, voice: Voice, meeting: Meeting, who: Actor) -> list[Message]:
    messages = []
    if meeting.invited_at and (who.staff is None or meeting.status != CANCELLED):
        seats = {one.invitation_id: one for one in await day.seats_on_the_day(session, meeting.number)}
        for one in await looking.concerned(session, meeting.number, who):
            word = deputy_message if answers_as(one, who) is None else invitation_message
            shown = await word(session, voice, one, meeting)
            messages.append(_on_its_day(context.now, voice, meeting, seats[one.id], shown))
    if who.staff:
        messages.append(await staff_view(session, voice, meeting, context.now))
    if not messages:
        raise NotEntitled("invited")
    return messages


def _on_its_day(now: datetime, voice: Voice, meeting: Meeting, seat: SeatOnTheDay, shown: Message) -> Message:
    """One's own invitation with what the day brings: „Anwesend" while the doors are open, later who fills the seat.

    What can no longer be answered has no buttons to answer with.
    """
    if meeting.status == CANCELLED:
        return Message("\n".join([voice.say("<b>Cancelled.</b>"), shown.text]))
    rows = [row for row in shown.rows if meeting.starts_at > now or not isinstance(row[0][1], ANSWERING)]
    if meeting.starts_at - ARRIVES_BEFORE <= now < ends(meeting) and seat.there is None:
        rows.insert(0, arrival_row(voice, seat.invitation_id))
    rows.append([(voice.plain("Calendar (.ics)"), OnMeeting(meeting.number, "ics"))])
    lines = [shown.text]
    if seat.spans:
        said = voice.say("Recorded as present: %(stays)s", stays=stays_words(voice, seat))
        lines += [Markup(""), said]
    return Message("\n".join(lines), rows)
