"""Updates fetched: nothing is confirmed to Telegram before it is stored."""

import asyncio
import logging
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram.error import InvalidToken, TelegramError

from bot.intake import Intake
from bot.transport import Transport
from bot.watch import KINDS, Watch
from bot.working import FIRST_PAUSE, LONGEST_PAUSE, Sleep, StoppedError, say_why

log = logging.getLogger("bot.polling")

POLL_SECONDS = 30
BATCH = 100  # the most that getUpdates gives: https://core.telegram.org/bots/api#getupdates


async def poll(
    intake: Intake, transport: Transport, url: str, *, sleep: Sleep = asyncio.sleep, watch: Watch | None = None
) -> None:
    """Ask Telegram for updates until the intake is stopped. Nothing is confirmed before it is stored."""
    offset: int | None = None
    pause = FIRST_PAUSE
    while not intake.stopping:
        try:
            updates = await transport.updates(url, _question(offset), POLL_SECONDS + 10)
        except InvalidToken:
            log.critical("Telegram does not know this BOT_TOKEN. Please check it with @BotFather.")
            return
        except TelegramError as error:
            (watch or Watch()).telegram_error(error)
            say_why(error, pause)
            await sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        try:
            await intake.take(updates)
        except SQLAlchemyError:
            log.exception("Updates could not be stored. Next try in %.0f s.", pause)
            await sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue  # not confirmed, so Telegram gives them again
        except StoppedError:
            return
        pause = FIRST_PAUSE
        if updates:
            offset = max(int(one["update_id"]) for one in updates) + 1


def _question(offset: int | None) -> dict[str, Any]:
    question: dict[str, Any] = {"timeout": POLL_SECONDS, "limit": BATCH, "allowed_updates": list(KINDS)}
    if offset is not None:
        question["offset"] = offset
    return question
