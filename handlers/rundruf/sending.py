"""A part of a letter on its way: files are sent on by Telegram's handle, and where it knows none, from the store."""

from typing import Any

from telegram import Message as Sent
from telegram.ext import ExtBot

from handlers.pieces import Attachment, Enclosed, HandleGoneError, send_piece
from handlers.speaking import send_part
from handlers.speech import Message
from models.base import Database
from models.files import forget_handles, note_handle


async def send_letter_part(
    bot: ExtBot[Any], database: Database, chat_id: int, part: Message, **extra: Any
) -> int | list[int]:
    """Send it; the message's id, of an album all ids.

    Raises:
        HandleGoneError: Telegram knows a file no longer; that is noted, and the next try will upload it.
        TelegramError: whatever else Telegram says.
    """
    if type(part) is Message:
        return (await send_part(bot, chat_id, part, **extra)).message_id
    try:
        sent = await send_piece(bot, chat_id, part, **extra)
    except HandleGoneError:
        async with database.begin() as session:
            await forget_handles(session, [one.file_id for one in _attached(part)])
        raise
    if isinstance(sent, int):
        return sent
    await _note_handles(database, part, sent)
    numbers = [one.message_id for one in sent]
    return numbers if len(numbers) > 1 else numbers[0]


def _attached(part: Message) -> list[Attachment]:
    return list(part.attachments) if isinstance(part, Enclosed) else []


async def _note_handles(database: Database, part: Message, sent: list[Sent]) -> None:
    """What was uploaded once need not be uploaded for the next reader."""
    uploaded = [(one, message) for one, message in zip(_attached(part), sent, strict=False) if one.handle is None]
    if not uploaded:
        return
    async with database.begin() as session:
        for one, message in uploaded:
            await note_handle(session, one.file_id, _handle_of(message))


def _handle_of(message: Sent) -> str:
    media = message.video or message.audio or message.document or message.photo[-1]
    return media.file_id
