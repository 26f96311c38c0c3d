"""A message that holds personal data: refused, taken out of the chat where Telegram allows, kept nowhere."""

from contextlib import suppress

from telegram.error import BadRequest

from handlers.context import Context
from handlers.speech import Message
from locales import N_
from models.search import personal_data

PERSONAL = {
    "iban": N_("an account number (IBAN)"),
    "insurance": N_("a social insurance number"),
    "birth": N_("a birth date with a name"),
    "list": N_("a list of participants"),
}


async def refuse_personal_data(context: Context, text: str) -> bool:
    """Refuse a message that holds personal data, and take it out of the chat where Telegram allows (48 hours)."""
    found = personal_data(text)
    if found is None:
        return False
    voice = await context.own_voice()
    message = context.incoming.effective_message
    if message is not None:
        # Deleted by its author meanwhile, or older than 48 hours: https://core.telegram.org/bots/api#deletemessage
        with suppress(BadRequest):
            await context.bot.delete_message(message.chat.id, message.message_id)
    said = voice.say(
        "Your message holds %(what)s. Such data has no place here, so I have kept nothing of it and taken it out of "
        "the chat where I could. Please ask without names and numbers.",
        what=voice.plain(PERSONAL[found.kind]),
    )
    await context.say(Message(said))
    return True
