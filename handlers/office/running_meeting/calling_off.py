"""„Absagen"."""

from handlers.forms.parts import preview
from handlers.forms.shape import Ask, Desk, Form, Question, a_line
from handlers.meetings.words import headline, span
from handlers.office.running_meeting.parts import changeable, done
from handlers.speech import Message
from locales import N_, Markup
from models.meeting import changing, looking


async def _why_off(desk: Desk) -> Ask:
    await changeable(desk)
    return Ask(desk.voice.say("For what reason? One line, people will read it."), optional=True)


async def _preview_off(desk: Desk) -> Message:
    meeting, voice = await changeable(desk), desk.voice
    lines = [
        preview(voice),
        *headline(voice, meeting),
        voice.say("It does not take place: %(when)s", when=span(voice, meeting.starts_at, meeting.ends_at)),
    ]
    if reason := desk.answers.get("reason"):
        lines.append(voice.say("Reason: %(reason)s", reason=reason))
    for _, vote in await looking.votes_of(desk.session, meeting.number):
        if vote.closed_at is None and vote.cancelled_at is None:
            lines += [
                Markup(""),
                voice.say(
                    "Vote no. %(number)s belongs to this meeting and goes on. Break it off yourself.",
                    number=vote.number,
                ),
            ]
    return Message("\n".join(lines))


async def _call_off(desk: Desk) -> Message:
    number = desk.answers["meeting"]
    meeting = await changing.call_off(desk.session, number, desk.answers.get("reason", ""), desk.actor, desk.now)
    said = desk.voice.say("Meeting no. %(number)s is cancelled. Everyone is being told.", number=number)
    if meeting.invited_at is None:
        said = desk.voice.say("Meeting no. %(number)s is cancelled. Nobody had been invited.", number=number)
    return done(desk.voice, number, said)


CALL_OFF = Form(
    "meeting_off", N_("Cancel a meeting"), N_("Send"), (Question("reason", _why_off, a_line),), _preview_off, _call_off
)
