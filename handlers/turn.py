"""A letter whose turn has come, as those who word it see it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.speech import Message
from locales import Voice
from models.actor import Actor
from models.outbox import Letter


@dataclass(frozen=True)
class Turn:
    """A letter whose turn has come: to whom it goes, in whose language, and when."""

    session: AsyncSession
    letter: Letter
    voice: Voice
    reader: Actor
    now: datetime


Wording = Callable[[Turn], Awaitable[Message | None]]
