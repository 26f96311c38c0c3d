"""„Ich möchte lieber tippen": from then on every message numbers its buttons. Said and taken back under „/hilfe"."""

from handlers.callbacks import PreferTyping
from handlers.context import Context
from handlers.speech import Message, Row
from locales import Voice
from models.refusals import Unknown

ON, OFF = "on", "off"


def preference_row(voice: Voice, *, types: bool) -> Row:
    """The button under „/hilfe"."""
    if types:
        return [(voice.plain("No numbers any more"), PreferTyping(OFF))]
    return [(voice.plain("I would rather type"), PreferTyping(ON))]


async def prefer(context: Context, tap: PreferTyping) -> None:
    """Number the buttons, or no longer.

    Raises:
        Unknown: neither of the two.
    """
    if tap.answer not in {ON, OFF}:
        raise Unknown
    async with context.begin() as session:
        (await context.account(session)).types = tap.answer == ON
        await session.flush()
        await context.actor(session)
        voice = await context.voice(session)
    await _say(context, voice, types=tap.answer == ON)


async def preferred_again(context: Context, _tap: PreferTyping) -> None:
    """It was stored before, only not spoken."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
    await _say(context, voice, types=who.types)


async def _say(context: Context, voice: Voice, *, types: bool) -> None:
    if types:
        text = voice.say(
            "From now on I number the buttons. Type the number or the words of a button.\n"
            "Where I ask for a text, type “Button 1”."
        )
    else:
        text = voice.say("From now on I no longer number the buttons. The words of a button can still be typed.")
    await context.toast()
    await context.say(Message(text, [preference_row(voice, types=types)]))
