"""Telegram met: who we are there, and which commands its menus offer."""

import logging
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ExtBot

from bot.working import FIRST_PAUSE, LONGEST_PAUSE, Sleep, say_why
from handlers.context import Context
from handlers.menu import introduce
from models.base import Database
from models.office import the_office

log = logging.getLogger("bot")


async def learn_who_we_are(application: Application[Any, Context, Any, Any, Any, Any], sleep: Sleep) -> bool:
    """Ask Telegram until it answers; False where it does not know the token."""
    pause = FIRST_PAUSE
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            log.critical("Telegram does not know this BOT_TOKEN. Please check it with @BotFather.")
            return False
        except TelegramError as error:
            say_why(error, pause)
            await sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            log.info("Here is @%s.", application.bot.username)
            return True


async def set_menus(bot: ExtBot[Any], database: Database) -> None:
    """Set the menus of commands in the office's languages. That this fails is no reason not to work."""
    async with database.read() as session:
        offered = (await the_office(session)).languages
    try:
        await introduce(bot, offered)
    except TelegramError as error:
        log.warning("The command menus could not be set (%s).", type(error).__name__)
