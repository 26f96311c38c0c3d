"""What is said in every language, and whether Telegram and a phone have room for it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.constants import MessageLimit

from handlers.letters import word, worded
from handlers.speech import Message, shown, units
from handlers.turn import Turn
from locales import SHIPPED, Voice
from models.actor import actor
from models.outbox import Letter

BERLIN = ZoneInfo("Europe/Berlin")


class Tongues:
    """Words letters as the bot does, and the first of each kind in every other language as well."""

    def __init__(self) -> None:
        self.met: set[tuple[str, str]] = set()  # kinds of letters, with the language
        self.wrong: list[str] = []

    async def word(self, session: AsyncSession, letter: Letter, now: datetime) -> Message | None:
        """In place of ``handlers.letters.word``."""
        reader = await actor(session, letter.telegram_id)
        for language in SHIPPED:
            if (letter.kind, language) in self.met:
                continue
            message = await worded(Turn(session, letter, Voice(language, BERLIN), reader, now))
            if message is not None:
                self.met.add((letter.kind, language))
                self.wrong += [f"{letter.kind}, {language}: {fault}" for fault in too_much(message)]
        return await word(session, letter, now)


def too_much(message: Message) -> list[str]:
    """What of a message Telegram would not take: https://core.telegram.org/bots/api#sendmessage."""
    found = []
    for part in message.parts:
        limit = MessageLimit.CAPTION_LENGTH if part.picture else MessageLimit.MAX_TEXT_LENGTH
        if units(shown(part.text)) > limit:
            found.append(f"{units(shown(part.text))} of {limit}: {part.text[:80]}")
    found += [f"no label: {message.text[:80]}" for row in message.rows for label, _ in row if not label.strip()]
    if "%(" in message.text:
        found.append(f"a value is missing: {message.text}")
    return found
