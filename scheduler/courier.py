"""Letters → Telegram. Claim, commit, send, settle; each error becomes a verdict.

    sent                       the message id is noted
    RetryAfter                 waits as told, for everyone
    Forbidden                  failed; the account is unreachable
    BadRequest                 failed (a NetworkError by descent, so it is asked first)
    NeverLeft                  waits: no connection came about
    NotTaken (5xx)             waits, three times with growing pauses, then failed
    any other network error    uncertain: it may have arrived
    anything else              failed, with its traceback in the log; so is a letter that cannot be worded

sendMessage has no idempotency key, so a death between request and note cannot be decided by code. A deadline's
reminder of that kind is sent again, once; every other waits for a person.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from models.base import Database
from models.deadline import office_calendar
from models.member import Account
from models.outbox import Letter, LetterState

log = logging.getLogger("scheduler.courier")

LEASE = timedelta(minutes=2)
AT_ONCE = 8
FIRST_PAUSE = timedelta(seconds=5)
MOST_AGAIN = 3  # times a letter is tried again after 5xx answers
SENT_AGAIN = {"reminder"}


class Rendered(Protocol):
    """A worded letter: its text is kept as sent."""

    @property
    def text(self) -> str:
        """HTML text."""


Word = Callable[[AsyncSession, Letter, datetime], Awaitable[Rendered | None]]
Send = Callable[[int, Rendered, bool], Awaitable[int]]


class NeverLeftError(Exception):
    """Raised by ``send``: no connection came about."""


class NotTakenError(Exception):
    """Raised by ``send``: Telegram answered 5xx."""


@dataclass(frozen=True)
class Claimed:
    """A letter in the courier's hands."""

    number: int
    telegram_id: int
    silent: bool
    message: Rendered


class Courier:
    """Delivers what waits. ``send`` speaks to Telegram and returns the message id; ``halted`` gives seconds to wait."""

    def __init__(
        self,
        database: Database,
        word: Word,
        send: Send,
        clock: Callable[[], datetime],
        halted: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._database, self._word, self._send, self._clock, self._halted = database, word, send, clock, halted
        self._alone = asyncio.Lock()
        self.stopping = False

    async def deliver(self) -> int:
        """Deliver until nothing is due; returns how many letters went through our hands."""
        handled = 0
        async with self._alone:
            while not self.stopping and not self._halted():
                claimed = await self._claim()
                if claimed is None:
                    break
                results = await asyncio.gather(*(self._deliver(one) for one in claimed))
                handled += len(results)
                if not all(results):
                    break
        return handled

    async def _claim(self) -> list[Claimed] | None:
        """Take the next letters; None where none is due. One that no longer holds becomes void here."""
        now = self._clock()
        async with self._database.begin() as session:
            await self._take_up_abandoned(session, now)
            letters = list(await session.scalars(_next(now)))
            # Whatever must go out in quiet hours goes without sound.
            quiet = bool(letters) and (await office_calendar(session)).quiet(now)
            claimed = [await self._word_one(session, letter, now, quiet=quiet) for letter in letters]
        if not letters:
            return None
        return [one for one in claimed if one is not None]

    async def _word_one(self, session: AsyncSession, letter: Letter, now: datetime, *, quiet: bool) -> Claimed | None:
        try:
            message = await self._word(session, letter, now)
        except DBAPIError:
            raise  # the store's trouble, not this letter's
        except Exception as fault:
            # One that cannot be worded must not hold up all the others, claim after claim.
            log.exception("Letter %d (%s) cannot be worded.", letter.id, letter.kind)
            letter.state, letter.error = LetterState.FAILED, type(fault).__name__
            return None
        if message is None:
            letter.state = LetterState.VOID
            return None
        letter.state, letter.lease_until, letter.text = LetterState.CLAIMED, now + LEASE, message.text
        letter.attempts += 1
        return Claimed(letter.id, letter.telegram_id, letter.silent or quiet, message)

    @staticmethod
    async def _take_up_abandoned(session: AsyncSession, now: datetime) -> None:
        """A lease ran out: its process died between request and note."""
        abandoned = await session.scalars(
            select(Letter)
            .where(Letter.state == LetterState.CLAIMED, Letter.lease_until <= now)
            .with_for_update(skip_locked=True)
        )
        for letter in abandoned:
            doubt(letter, "Abandoned")

    async def _deliver(self, claimed: Claimed) -> bool:
        """Send and settle one; False where Telegram is out of reach and the others had better wait."""
        error: Exception | None = None
        message_id = 0
        try:
            message_id = await self._send(claimed.telegram_id, claimed.message, claimed.silent)
        except (TelegramError, NeverLeftError, NotTakenError) as fault:
            error = fault
        except Exception as fault:
            log.exception("Letter %d could not be sent.", claimed.number)
            error = fault
        async with self._database.begin() as session:
            letter = await session.get_one(Letter, claimed.number, with_for_update=True)
            # Whose lease ran out meanwhile may still say that it arrived, but no longer that it did not.
            if error is None or letter.state == LetterState.CLAIMED:
                await settle(session, letter, error, message_id, self._clock())
        if error is not None:
            log.info("Letter %d (%s): %s", letter.id, letter.kind, type(error).__name__)
        return not isinstance(error, NeverLeftError | InvalidToken | RetryAfter)

    async def finish(self) -> None:
        """Claim nothing more, and wait until what is on its way has been settled."""
        self.stopping = True
        async with self._alone:
            pass

    async def release(self) -> None:
        """Give back at the start what the last process held when it was killed.

        Only on SQLite, where none runs beside this one. On PostgreSQL another may be sending them: the lease decides.
        """
        if self._database.shared:
            return
        async with self._database.begin() as session:
            held = await session.scalars(select(Letter).where(Letter.state == LetterState.CLAIMED))
            for letter in held:
                doubt(letter, "Abandoned")


def _next(now: datetime) -> Select[Letter]:
    return (
        select(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.not_before <= now)
        .order_by(Letter.not_before, Letter.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )


async def settle(
    session: AsyncSession, letter: Letter, error: Exception | None, message_id: int, now: datetime
) -> None:
    """Turn what happened into the letter's next state."""
    letter.lease_until, letter.error = None, type(error).__name__ if error else None
    match error:
        case None:
            letter.state, letter.sent_at, letter.message_id = LetterState.SENT, now, message_id
        case RetryAfter():
            _wait(letter, now, _seconds(error.retry_after))
        case Forbidden():
            letter.state = LetterState.FAILED
            account = await session.get(Account, letter.telegram_id)
            if account is not None:
                account.reachable = False
        case BadRequest():
            letter.state = LetterState.FAILED
        case NeverLeftError() | InvalidToken():
            _wait(letter, now, FIRST_PAUSE)
        case NotTakenError() if letter.attempts <= MOST_AGAIN:
            _wait(letter, now, FIRST_PAUSE * 3 ** (letter.attempts - 1), counted=True)
        case NotTakenError():
            letter.state = LetterState.FAILED
        case NetworkError():
            doubt(letter, type(error).__name__)
        case _:
            letter.state = LetterState.FAILED


def doubt(letter: Letter, why: str) -> None:
    """It may have arrived. A deadline's reminder goes again, once: a doubled one harms less than a missed deadline."""
    letter.lease_until, letter.error = None, why
    again = letter.kind in SENT_AGAIN and letter.attempts < 2  # noqa: PLR2004 - the first try and one more
    letter.state = LetterState.WAITING if again else LetterState.UNCERTAIN


def _wait(letter: Letter, now: datetime, pause: timedelta, *, counted: bool = False) -> None:
    letter.state, letter.not_before = LetterState.WAITING, now + pause
    if not counted:
        letter.attempts -= 1


def _seconds(value: float | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)
