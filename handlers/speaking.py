"""Into a chat: in whose language, and how a message goes there, part by part."""

from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InputFile, ReplyParameters
from telegram import Message as SentMessage
from telegram.constants import ParseMode
from telegram.error import ChatMigrated, Forbidden
from telegram.ext import ExtBot

from handlers.pieces import Enclosed, HandleGoneError, send_enclosed
from handlers.speech import Message, keyboard
from locales import Voice, choose
from models.actor import Actor
from models.office import the_office


async def voice_for(session: AsyncSession, who: Actor) -> Voice:
    """A voice in somebody's language, if the office offers it, and in the office's time zone."""
    zone, languages = who.zone, who.languages
    if not zone:
        office = await the_office(session)
        zone, languages = office.time_zone, tuple(office.languages)
    return Voice(choose(who.language, languages), ZoneInfo(zone))


async def speak(bot: ExtBot[Any], chat_id: int, message: Message, reply_to: int | None = None) -> SentMessage | None:
    """Answer in a chat, whole; the message with the buttons, or None where the chat is closed to us."""
    said: SentMessage | None = None
    for part in message.parts:
        try:
            sent = await send_part(bot, chat_id, part, reply_to)
        except ChatMigrated as moved:
            # The group has become a supergroup: https://core.telegram.org/bots/api#responseparameters
            chat_id = moved.new_chat_id
            sent = await send_part(bot, chat_id, part)
        except (Forbidden, HandleGoneError):
            return None
        said, reply_to = (sent if part.text else said), None
    return said


async def send_part(
    bot: ExtBot[Any], chat_id: int, part: Message, reply_to: int | None = None, **extra: Any
) -> SentMessage:
    """Send one of a message's parts: a text with its buttons, a picture, or a file.

    Raises:
        TelegramError: whatever Telegram says.
    """
    if isinstance(part, Enclosed):
        return (await send_enclosed(bot, chat_id, part, **extra))[-1]
    if part.picture is not None:
        return await bot.send_photo(
            chat_id,
            InputFile(BytesIO(part.picture.content), part.picture.name),
            part.text or None,
            parse_mode=ParseMode.HTML,
            api_kwargs=keyboard(part.rows),
            **extra,
        )
    if not part.text:
        file = part.files[0]
        return await bot.send_document(chat_id, InputFile(BytesIO(file.content), file.name), **extra)
    return await bot.send_message(
        chat_id,
        part.text,
        parse_mode=ParseMode.HTML,
        api_kwargs=keyboard(part.rows),
        reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
        **extra,
    )
