"""Messages of more kinds than text: with attachments, edits and deletions of what was sent, replies; and their sending.

Files that people sent are sent on by Telegram's own handle; whoever has 480 readers need not upload 480 times. Where
Telegram does not know the handle any more, ``HandleGoneError`` says so, and the next try uploads what we have stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from telegram import (
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    ReplyParameters,
)
from telegram import Message as Sent
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from handlers.speech import Message, keyboard

Media = InputMediaAudio | InputMediaDocument | InputMediaPhoto | InputMediaVideo
MEDIA: dict[str, type[Media]] = {
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
}
# How Telegram says that a handle is none of ours, or no longer.
UNKNOWN_HANDLE = ("wrong file identifier", "wrong remote file", "file reference", "invalid file id", "wrong file_id")
UNCHANGED = "not modified"
GONE = "message to delete not found"


class HandleGoneError(Exception):
    """Telegram does not know the file by this handle."""


@dataclass(frozen=True)
class Attachment:
    """A stored file to be sent on; ``content`` where it has to be uploaded."""

    file_id: int
    kind: str
    name: str
    handle: str | None
    content: bytes | None = field(default=None, repr=False)

    @property
    def media(self) -> Any:
        """What Telegram is given: the handle, or the file itself."""
        return self.handle or InputFile(BytesIO(self.content or b""), self.name, attach=True)


@dataclass(frozen=True)
class Enclosed(Message):
    """One attachment with the text as its caption, or an album, whose caption stands under its last file."""

    attachments: Sequence[Attachment] = field(default=())


@dataclass(frozen=True)
class Edited(Message):
    """A message that was sent gets this text (``what`` is „text" or „caption") or only these buttons („buttons")."""

    message_id: int = 0
    what: str = "text"


@dataclass(frozen=True)
class Deleted(Message):
    """Messages that are to go."""

    message_ids: Sequence[int] = field(default=())


@dataclass(frozen=True)
class Replying(Message):
    """A text in reply to a message."""

    reply_to: int = 0


@dataclass(frozen=True)
class Bundle(Message):
    """Several messages that are sent as one letter; its own text is that of the one that matters."""

    pieces: Sequence[Message] = field(default=())

    @property
    def parts(self) -> list[Message]:
        """The messages, in order."""
        return list(self.pieces)


async def send_piece(bot: ExtBot[Any], chat_id: int, piece: Message, **extra: Any) -> list[Sent] | int:
    """Send one of the messages above; the messages made of it, or the id of the one that was changed.

    Raises:
        HandleGoneError: a file is not known by its handle.
        TelegramError: whatever else Telegram says.
    """
    match piece:
        case Enclosed():
            return await send_enclosed(bot, chat_id, piece, **extra)
        case Edited():
            return await _edited(bot, chat_id, piece, rate_limit_args=extra.get("rate_limit_args"))
        case Deleted():
            return await _deleted(bot, chat_id, piece, rate_limit_args=extra.get("rate_limit_args"))
        case Replying():
            reply = ReplyParameters(piece.reply_to, allow_sending_without_reply=True)
            return [
                await bot.send_message(
                    chat_id,
                    piece.text,
                    parse_mode=ParseMode.HTML,
                    api_kwargs=keyboard(piece.rows),
                    reply_parameters=reply,
                    **extra,
                )
            ]
    raise TypeError(type(piece))


async def send_enclosed(bot: ExtBot[Any], chat_id: int, piece: Enclosed, **extra: Any) -> list[Sent]:
    """Send attachments; the messages made of them.

    Raises:
        HandleGoneError: a file is not known by its handle.
        TelegramError: whatever else Telegram says.
    """
    try:
        return await _enclosed(bot, chat_id, piece, **extra)
    except BadRequest as error:
        if any(words in error.message.lower() for words in UNKNOWN_HANDLE):
            raise HandleGoneError from error
        raise


async def _enclosed(bot: ExtBot[Any], chat_id: int, piece: Enclosed, **extra: Any) -> list[Sent]:
    *before, last = piece.attachments
    caption = {"caption": piece.text or None, "parse_mode": ParseMode.HTML}
    if before:
        media = [*(MEDIA[one.kind](one.media) for one in before), MEDIA[last.kind](last.media, **caption)]  # type: ignore[arg-type]  # PTB's classes differ in what comes after these
        return list(await bot.send_media_group(chat_id, media, **extra))
    send = {"audio": bot.send_audio, "document": bot.send_document, "photo": bot.send_photo, "video": bot.send_video}
    return [await send[last.kind](chat_id, last.media, api_kwargs=keyboard(piece.rows), **caption, **extra)]  # type: ignore[operator]  # likewise


async def _edited(bot: ExtBot[Any], chat_id: int, piece: Edited, **extra: Any) -> int:
    where: dict[str, Any] = {"chat_id": chat_id, "message_id": piece.message_id, **extra}
    rows = keyboard(piece.rows)
    try:
        match piece.what:
            case "buttons":
                await bot.edit_message_reply_markup(**where, api_kwargs=rows)
            case "caption":
                await bot.edit_message_caption(**where, caption=piece.text, parse_mode=ParseMode.HTML, api_kwargs=rows)
            case _:
                await bot.edit_message_text(piece.text, **where, parse_mode=ParseMode.HTML, api_kwargs=rows)
    except BadRequest as error:
        if UNCHANGED not in error.message.lower():
            raise
    return piece.message_id


async def _deleted(bot: ExtBot[Any], chat_id: int, piece: Deleted, **extra: Any) -> int:
    first, *others = piece.message_ids
    if others:
        await bot.delete_messages(chat_id, list(piece.message_ids), **extra)
        return first
    try:
        await bot.delete_message(chat_id, first, **extra)
    except BadRequest as error:
        if GONE not in error.message.lower():  # its reader was quicker
            raise
    return first
