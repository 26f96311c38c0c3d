"""How a letter goes to Telegram for the courier: quietly if it should, its troubles named as the courier knows them."""

from typing import Any

from telegram.ext import ExtBot

from bot.limiter import LETTER
from bot.transport import NeverLeft, NotTaken
from handlers.house import House
from handlers.numbers import buttons_of
from handlers.pieces import Deleted, Edited, HandleGoneError
from handlers.rundruf.sending import send_letter_part
from handlers.speech import Message
from scheduler.courier import Arrived, Part
from scheduler.verdicts import NeverLeftError, NotTakenError


class Sending:
    """The courier's way to Telegram."""

    def __init__(self, bot: ExtBot[Any], house: House) -> None:
        self._bot, self._house = bot, house

    async def send(self, telegram_id: int, part: Part, silent: bool) -> Arrived:
        """Send one part of a letter.

        Raises:
            TypeError: no part of ours.
            NeverLeftError: it never left this machine.
            NotTakenError: Telegram did not take it.
            TelegramError: whatever else Telegram says.
        """
        if not isinstance(part, Message):
            raise TypeError(type(part))
        extra: dict[str, Any] = {"disable_notification": silent or None, "rate_limit_args": LETTER}
        try:
            arrived = await send_letter_part(self._bot, self._house.database, telegram_id, part, **extra)
        except NeverLeft as error:
            raise NeverLeftError from error
        except (NotTaken, HandleGoneError) as error:
            raise NotTakenError from error
        self._note_shown(telegram_id, part, arrived)
        return arrived

    def _note_shown(self, telegram_id: int, part: Message, arrived: Arrived) -> None:
        """Remember which buttons a letter brought, changed, or took along."""
        now = self._house.clock()
        if isinstance(part, Deleted):
            for gone in part.message_ids:
                self._house.note_shown(telegram_id, buttons_of(gone, part, now))
        elif isinstance(arrived, int) and (part.rows or isinstance(part, Edited)):
            self._house.note_shown(telegram_id, buttons_of(arrived, part, now))
