"""A command's word without the slash, which nobody can dictate; and a number alone: what there is with that number."""

from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnDeadline, Open, Tap
from handlers.commands import COMMANDS
from handlers.context import Context, Handler
from handlers.heard import put_form_aside
from handlers.speech import Message, Row
from handlers.typed.words import bare_number
from locales import Voice
from models import deadline as deadlines
from models.actor import Actor
from models.ballot import looking as votes
from models.meeting import looking as meetings
from models.refusals import Refusal

HANDLERS: dict[str, Handler] = {}
# As one writes and says it, not as a command must be spelled.
SPELLED = {"büro": "buero", "löschen": "loeschen", "meine daten": "meinedaten", "my data": "mydata"}
# What a question answers as well, and „Start", which begins anew.
QUESTIONS = {"start", "kontakt"}


@cache
def _commands() -> dict[str, str]:
    """Each name of a command, with the first one, by which it is found."""
    names = {name: one.names[0] for one in COMMANDS if one.names[0] not in QUESTIONS for name in one.names}
    return names | {said: names[name] for said, name in SPELLED.items()}


def register(handlers: dict[str, Handler]) -> None:
    """Make the commands known, by the first of their names."""
    HANDLERS.update(handlers)


def named_command(text: str) -> str | None:
    """The command, by the first of its names, that a text names and nothing else: „Fristen", „Büro"."""
    return _commands().get(" ".join(text.split()).rstrip(".!").casefold())


async def follow(context: Context, command: str) -> None:
    """Do what a command does; a form being filled in is put aside, as by the command itself."""
    await put_form_aside(context)
    await HANDLERS[command](context)


async def offered(context: Context, text: str) -> bool:
    """Offer what there is with the number that somebody wrote; False where it is no number, or there is nothing."""
    number = bare_number(text)
    if number is None:
        return False
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        rows = await _with_number(context, session, voice, who, number)
    if rows:
        await context.say(Message(voice.say("There is this with number %(number)s:", number=number), rows))
    elif who.types:
        await context.say(Message(voice.say("The last message has no button %(number)s.", number=number)))
    return bool(rows) or who.types


async def _with_number(context: Context, session: AsyncSession, voice: Voice, who: Actor, number: int) -> list[Row]:
    """What is open or ahead for this person with a number, a button each."""
    found: list[tuple[str, str, Tap]] = []
    try:
        vote = await votes.find_for(session, number, who, context.now)
        found.append((voice.plain("Vote"), vote.title, Open("vote", number)))
    except Refusal:
        pass
    found += [
        (voice.plain("Meeting"), one.title, Open("meeting", number))
        for one in await meetings.meetings_seen_by(session, who, context.now)
        if one.number == number
    ]
    found += [
        (voice.plain("Deadline"), one.title, OnDeadline(number, "show"))
        for one in await deadlines.open_deadlines(session, context.now, who)
        if one.number == number
    ]
    return [[(f"{kind} {number} · {title}", tap)] for kind, title, tap in found]
