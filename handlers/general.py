"""The small commands: help, contact, language; and what arrives that cannot be read."""

from handlers.callbacks import Language, Open
from handlers.commands import COMMANDS
from handlers.context import Context
from handlers.menu import allowed, set_menu
from handlers.speech import Message
from handlers.typed.preference import preference_row
from locales import SHIPPED, Markup, Voice
from models.office import the_office
from models.refusals import Unknown

NAMES = {"de": "Deutsch", "leicht": "Leichte Sprache", "en": "English"}  # each in itself


async def help_me(context: Context) -> None:
    """``/hilfe``: the commands this person may use."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
    index = 0 if voice.german else -1
    lines = [voice.say("Write your question. I answer with the source, or pass it on to the office.")]
    lines += [
        voice.say("/%(name)s – %(label)s", name=one.names[index], label=voice.plain(one.label))
        for one in COMMANDS
        if allowed(one.right, who)
    ]
    lines += [
        voice.say("You can type instead of tapping: “Yes to 17”, “Accept 4”, “Deadline 12”, or the words of a button."),
        voice.say("Whoever would like numbers for all buttons taps or types “I would rather type”."),
    ]
    words = [(voice.plain("Words explained"), Open("words"))]
    await context.say(Message("\n".join(lines), [words, preference_row(voice, types=who.types)]))


async def contact(context: Context) -> None:
    """``/kontakt``: how to reach the office without Telegram."""
    async with context.read() as session:
        voice = await context.voice(session)
        office = await the_office(session)
    await context.say(Message(contact_text(voice, office.name, office.contact)))


def contact_text(voice: Voice, name: str, details: str) -> Markup:
    """The office's name and its telephone and e-mail."""
    if not details:
        return voice.say("The office has not entered its telephone and e-mail yet.")
    return voice.say("<b>%(name)s</b>\n%(details)s", name=name, details=details)


async def language(context: Context) -> None:
    """``/sprache``: which language to speak."""
    async with context.read() as session:
        voice = await context.voice(session)
        offered = (await the_office(session)).languages
    rows = [[(NAMES[code], Language(code))] for code in SHIPPED if code in offered]
    await context.say(Message(voice.say("Which language shall I speak?"), rows))


async def choose_language(context: Context, tap: Language) -> None:
    """A language was tapped: it holds from this message on."""
    async with context.begin() as session:
        if tap.code not in SHIPPED or tap.code not in (await the_office(session)).languages:
            raise Unknown
        (await context.account(session)).language = tap.code
        await session.flush()
        who = await context.actor(session)
        voice = await context.voice(session)
    await context.toast()
    await context.redraw(Message(voice.say("From now on I speak English.")))
    await set_menu(context.bot, who)


async def unreadable(context: Context) -> None:
    """A photo, a voice note, a sticker …: say what can be sent instead."""
    voice = await context.own_voice()
    text = voice.say("I can only read text here. Please write your question as a message.")
    await context.say(Message(text, [[(voice.plain("Deadlines"), Open("deadlines"))]]))


async def unknown_command(context: Context) -> None:
    """A command nobody knows."""
    voice = await context.own_voice()
    await context.say(Message(voice.say("I do not know this command. All commands: /help")))
