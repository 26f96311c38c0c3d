"""The live line: the messages that show how far a Rundruf is are edited, at most every two seconds."""

import logging
from datetime import timedelta
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.house import House
from handlers.pieces import Edited, send_piece
from handlers.rundruf.card import card
from handlers.speaking import voice_for
from handlers.speech import Message
from models.actor import actor
from models.broadcast.acts import find
from models.broadcast.looking import claim_showing, progress_lines, to_be_shown

log = logging.getLogger("handlers.rundruf")

PAUSE = timedelta(seconds=2)
Line = tuple[int, int, Message]  # chat, message, and what it is to show


async def show_progress(bot: ExtBot[Any], house: House) -> None:
    """Bring every line up to date; of several processes one does it."""
    async with house.database.read() as session:
        numbers = await to_be_shown(session)
    for number in numbers:
        for chat_id, message_id, shown in await _due(house, number):
            try:
                await send_piece(bot, chat_id, Edited(shown.text, shown.rows, message_id=message_id))
            except TelegramError as error:
                # The next line says it all the same, and in the end there is the report.
                log.info("The progress of broadcast %d could not be shown: %s", number, type(error).__name__)


async def _due(house: House, number: int) -> list[Line]:
    now = house.clock()
    async with house.database.begin() as session:
        if not await claim_showing(session, number, PAUSE, now):
            return []
        row, lines = await find(session, number), list[Line]()
        for letter in await progress_lines(session, number):
            reader = await actor(session, letter.telegram_id)
            if reader.staff is not None and letter.message_id is not None:
                message = await card(session, await voice_for(session, reader), row, now)
                lines.append((letter.telegram_id, letter.message_id, message))
        return lines
