"""What somebody hears whose update was set aside: never silence, and nothing that is not so."""

from contextlib import suppress
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.contact import one_line
from handlers.house import House
from handlers.speaking import speak, voice_for
from handlers.speech import Message
from models.actor import actor
from models.office import the_office


async def apologise(bot: ExtBot[Any], house: House, update: Update, *, acted: bool) -> None:
    """Say that it did not work, or that it is stored and only the answer failed. This too may fail; it is one try."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.type != ChatType.PRIVATE:
        return
    async with house.database.read() as session:
        who = await actor(session, user.id, user.language_code)
        office = await the_office(session)
        voice = await voice_for(session, who)
    if acted:
        text = voice.say("What you sent is stored, but I could not answer. What is open stands under /open.")
    else:
        text = voice.say(
            "That did not work, and nothing of it is stored. Please try again, or ask the office: %(contact)s",
            contact=one_line(office.contact) or "–",
        )
    with suppress(TelegramError):
        if update.callback_query:
            await bot.answer_callback_query(update.callback_query.id)
    with suppress(TelegramError):
        await speak(bot, chat.id, Message(text))
