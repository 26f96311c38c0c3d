"""What staff sees of a meeting and does with it."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnMeeting
from handlers.context import Context
from handlers.meetings.words import calendar_file, facts
from handlers.speech import Message
from locales import N_, Markup, Voice
from models.ballot.rules import quorum_of_meeting
from models.charter import read_charter
from models.meeting import acts as meetings
from models.meeting.rows import Meeting
from models.meeting.rules import Attendance
from models.office import Body
from models.refusals import NotEntitled, Unknown


async def staff_view(session: AsyncSession, voice: Voice, meeting: Meeting) -> Message:
    """What staff sees: the draft with „Einladen", or mandate by mandate who comes and whether it is enough."""
    if meeting.invited_at is None:
        lines = [voice.say("<b>Draft</b> – nobody has been invited yet."), *facts(voice, meeting)]
        return Message("\n".join(lines), [[(voice.plain("Send the invitations"), OnMeeting(meeting.number, "invite"))]])
    body = await session.get_one(Body, meeting.body_id)
    seats = await meetings.attendance(session, meeting.number)
    lines = [*facts(voice, meeting), Markup(""), *[_seat_line(voice, one) for one in seats]]
    entitled = [one for one in seats if one.votes]
    coming = sum(one.comes for one in entitled)
    needed = quorum_of_meeting(read_charter(body.charter), len(entitled), coming)
    lines += [
        Markup(""),
        voice.say(
            "%(coming)s of %(all)s accepted, quorum from %(needed)s", coming=coming, all=len(entitled), needed=needed
        ),
    ]
    return Message("\n".join(lines), [[(voice.plain("Calendar (.ics)"), OnMeeting(meeting.number, "ics"))]])


def _seat_line(voice: Voice, seat: Attendance) -> Markup:
    if seat.answer == "deputy":
        state = {None: N_("asked"), "yes": N_("accepted"), "no": N_("refused")}[seat.deputy_answer]
        said = voice.plain("deputy %(name)s (%(state)s)", name=seat.deputy, state=voice.plain(state))
    else:
        said = voice.plain({None: N_("no answer yet"), "yes": N_("accepted"), "no": N_("refused")}[seat.answer])
    return voice.say("• %(name)s: %(said)s", name=seat.name, said=said)


async def on_meeting(context: Context, tap: OnMeeting) -> None:
    """„Einladen" and „Kalender (.ics)"."""
    match tap.act:
        case "invite":
            await _invite(context, tap.number)
        case "ics":
            await _calendar(context, tap.number)
        case _:
            raise Unknown


async def _invite(context: Context, number: int) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting = await meetings.invite(session, number, who, context.now)
        message = await staff_view(session, voice, meeting)
    await context.toast(voice.plain("The invitations are on their way."))
    await context.redraw(message)


async def _calendar(context: Context, number: int) -> None:
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting = await meetings.find(session, number)
        if who.staff is None and not await meetings.own_invitations(session, number, who):
            raise NotEntitled("invited")
        file = calendar_file(meeting, voice)
    await context.toast()
    await context.say(Message(voice.say("For your calendar:"), files=[file]))
