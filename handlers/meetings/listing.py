"""``/termine`` and one meeting of it: one's own invitations; for staff the office's page."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import Open
from handlers.context import Context
from handlers.meetings.invitation import deputy_message, invitation_message
from handlers.meetings.office import staff_view
from handlers.speech import Message, Row
from locales import N_, Voice
from models.actor import Actor
from models.meeting import acts as meetings
from models.meeting.rows import Meeting
from models.meeting.rules import is_asked
from models.refusals import NotEntitled


async def my_meetings(context: Context) -> None:
    """``/termine``: the meetings ahead; staff sees drafts too."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_member()
        voice = await context.voice(session)
        found = await meetings.meetings_seen_by(session, who, context.now)
    await context.toast()
    await context.say(meeting_list(voice, found))


def meeting_list(voice: Voice, found: Sequence[Meeting]) -> Message:
    """Meetings, a line and a button each."""
    if not found:
        return Message(voice.say("No meeting is entered."))
    lines = [voice.say("Meetings ahead:")]
    rows: list[Row] = []
    for one in found:
        state = voice.plain("draft") if one.invited_at is None else voice.plain("invited")
        if one.status:
            state = voice.plain("cancelled")
        lines.append(
            voice.say(
                "%(number)s · %(moment)s · %(title)s (%(state)s)",
                number=one.number,
                moment=voice.moment(one.starts_at),
                title=one.title,
                state=state,
            )
        )
        rows.append(
            [(voice.plain("%(number)s · %(title)s", number=one.number, title=one.title), Open("meeting", one.number))]
        )
    return Message("\n".join(lines), rows)


async def show_meeting(context: Context, number: int) -> None:
    """A meeting: one's own invitations to answer; for staff who comes, or the draft to send."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting = await meetings.find(session, number)
        messages = await _shown(session, voice, meeting, who)
    await context.toast()
    for message in messages:
        await context.say(message)


async def _shown(session: AsyncSession, voice: Voice, meeting: Meeting, who: Actor) -> list[Message]:
    mine = await meetings.own_invitations(session, meeting.number, who) if meeting.invited_at else []
    heading = N_("Invitation · %(body)s")
    messages = [await invitation_message(session, voice, one, meeting, heading) for one in mine]
    asked = [one for one in await meetings.invitations(session, meeting.number) if is_asked(one, who)]
    messages += [await deputy_message(session, voice, one, meeting) for one in asked]
    if who.staff:
        messages.append(await staff_view(session, voice, meeting))
    if not messages:
        raise NotEntitled("invited")
    return messages
