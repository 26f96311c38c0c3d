"""A member's „Anwesend": the word of the day that is shown in the room, then a look at what will be recorded."""

from handlers.callbacks import Arrive, Open
from handlers.commands import Right
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.meetings.invitation import seat_line
from handlers.meetings.words import headline
from handlers.speech import Message
from locales import N_
from models.meeting import day
from models.meeting.rules import check_arrival


async def arrive_tapped(context: Context, tap: Arrive) -> None:
    """Begin the form, for who may take that seat now."""
    async with context.read() as session:
        _, meeting, _ = await day.own_seat(session, tap.invitation, await context.actor(session))
        check_arrival(meeting, context.now)
    await begin_form(context, "arrive", {"invitation": tap.invitation})


async def _word(desk: Desk) -> Ask:
    return Ask(desk.voice.say("Which word of the day is shown in the room? Four digits."))


def _read(_desk: Desk, text: str) -> str:
    return "".join(text.split())


async def _check(desk: Desk, word: str) -> None:
    await day.check_word(desk.session, desk.answers["invitation"], word, desk.actor)


async def _preview(desk: Desk) -> Message:
    invitation, meeting, _ = await day.own_seat(desk.session, desk.answers["invitation"], desk.actor)
    lines = [
        desk.voice.say("<b>Preview</b> – this is what is recorded:"),
        *headline(desk.voice, meeting),
        *await seat_line(desk.session, desk.voice, invitation),
        desk.voice.say("Present since %(moment)s", moment=desk.voice.moment(desk.now)),
    ]
    return Message("\n".join(lines))


async def _finish(desk: Desk) -> Message:
    meeting = await day.arrive(desk.session, desk.answers["invitation"], desk.answers["word"], desk.actor, desk.now)
    voice = desk.voice
    text = voice.say("You are recorded as present since %(moment)s. Welcome!", moment=voice.moment(desk.now))
    return Message(text, [[(voice.plain("Show the meeting"), Open("meeting", meeting.number))]])


ARRIVE = Form(
    "arrive",
    N_("Present"),
    N_("Send"),
    (Question("word", _word, _read, check=_check),),
    _preview,
    _finish,
    Right.MEMBER,
)
