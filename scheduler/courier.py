"""Letters → Telegram. Claim, commit, send, settle; ``scheduler/verdicts.py`` says what each error comes to.

A few letters are in hand at any time; as some are settled the next are claimed, so that one slow answer holds up
nobody. A long letter goes in parts, and each part that has arrived is noted before the next one leaves: whatever
happens meanwhile, none is repeated but the one in doubt.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.contextvars import bound_contextvars
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from models.base import Database
from models.columns import UtcDateTime
from models.deadline import office_calendar
from models.outbox import Letter, LetterState
from models.statements import table_of
from scheduler.verdicts import FIRST_PAUSE, NeverLeftError, NotTakenError, arrived, doubt, failed

log = logging.getLogger("scheduler.courier")

LEASE = timedelta(minutes=2)
AT_ONCE = 8  # letters in hand: as many are in doubt after a crash, at most
TOGETHER = 2  # at least so many are claimed in one transaction, while others are in hand
REFUSED = 0  # stands for the message id of a file that Telegram did not take
SOON = 0.1  # seconds until another look at a letter that another process has its hand on


class Part(Protocol):
    """One message of a letter: a piece of its text, or a file, which has none."""

    @property
    def text(self) -> str:
        """HTML text."""


class Rendered(Protocol):
    """A worded letter: its text is kept as sent."""

    @property
    def text(self) -> str:
        """HTML text."""

    @property
    def parts(self) -> Sequence[Part]:
        """The messages it goes out as, in order; the last with a text has the buttons."""


Word = Callable[[AsyncSession, Letter, datetime], Awaitable[Rendered | None]]
Arrived = int | list[int]  # the id of a message, or of all messages of an album
Send = Callable[[int, Part, bool], Awaitable[Arrived]]


class LostError(Exception):
    """The lease ran out, and somebody else has taken the letter up."""


@dataclass
class Claimed:
    """A letter in the courier's hands. ``lease_until`` tells this claim from any other."""

    number: int
    telegram_id: int
    silent: bool
    parts: Sequence[Part]
    lease_until: datetime
    arrived: list[Arrived] = field(default_factory=list)  # message ids, as in ``Letter.parts``

    @property
    def message_id(self) -> int:
        """The message with the buttons, once everything has arrived."""
        texts = [numbers for numbers, part in zip(self.arrived, self.parts, strict=True) if part.text]
        return texts[-1] if isinstance(texts[-1], int) else texts[-1][0]


class Courier:
    """Delivers what waits. ``send`` speaks to Telegram and returns the message id; ``halted`` gives seconds to wait.

    ``told`` hears in which state each attempt has left its letter.
    """

    def __init__(
        self,
        database: Database,
        word: Word,
        send: Send,
        clock: Callable[[], datetime],
        halted: Callable[[], float] = lambda: 0.0,
        told: Callable[[str], None] = lambda _state: None,
    ) -> None:
        self._told = told
        self._database, self._word, self._send, self._clock, self._halted = database, word, send, clock, halted
        self._alone = asyncio.Lock()
        self._in_hand: set[int] = set()
        self._reached = True  # Telegram, at the last attempt
        self.stopping = False

    async def deliver(self) -> int:
        """Deliver until nothing is due; returns how many letters went through our hands."""
        async with self._alone:
            self._reached = True
            going: set[asyncio.Task[None]] = set()
            handled = 0
            try:
                while True:
                    if len(going) <= AT_ONCE - TOGETHER:
                        going |= await self._set_out(AT_ONCE - len(going))
                    if not going:
                        return handled
                    done, going = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
                    handled += len(done)
                    for task in done:
                        task.result()
            except asyncio.CancelledError:
                for task in going:  # told to stop at once
                    task.cancel()
                raise
            finally:
                # What is on its way is settled, whatever has ended this round.
                await asyncio.gather(*going, return_exceptions=True)

    async def _set_out(self, most: int) -> set[asyncio.Task[None]]:
        """Send the next letters on their way; none where none is due, or none should leave now."""
        claimed: list[Claimed] | None = []
        while claimed == [] and self._reached and not self.stopping and not self._halted() and await self._is_any_due():
            claimed = await self._claim(most)
        self._in_hand |= {one.number for one in claimed or ()}
        return {asyncio.create_task(self._deliver(one)) for one in claimed or ()}

    async def pause(self) -> float | None:
        """Seconds until it is worth another ``deliver``; None: nothing waits."""
        if halt := self._halted():
            return halt
        if not self._reached:
            return FIRST_PAUSE.total_seconds()
        async with self._database.read() as session:
            next_at = await session.scalar(_NEXT_AT)
        return None if next_at is None else max(SOON, (next_at - self._clock()).total_seconds())

    async def _is_any_due(self) -> bool:
        """Whether claiming is worth a transaction that writes: after most acts nothing is due."""
        async with self._database.read() as session:
            return bool(await session.scalar(_IS_ANY_DUE, {"now": self._clock()}))

    async def _claim(self, most: int = AT_ONCE) -> list[Claimed] | None:
        """Take the next letters; None where none is due. One that no longer holds becomes void here."""
        now = self._clock()
        async with self._database.begin() as session:
            await self._take_up_abandoned(session, now)
            letters = list(await session.scalars(_next(now, most)))
            # Whatever must go out in quiet hours goes without sound.
            quiet = bool(letters) and (await office_calendar(session)).quiet(now)
            claimed = [await self._word_one(session, letter, now, quiet=quiet) for letter in letters]
        if not letters:
            return None
        return [one for one in claimed if one is not None]

    async def _word_one(self, session: AsyncSession, letter: Letter, now: datetime, *, quiet: bool) -> Claimed | None:
        try:
            message = await self._word(session, letter, now)
            parts = message.parts if message else ()
        except DBAPIError:
            raise  # the store's trouble, not this letter's
        except Exception as fault:
            # One that cannot be worded must not hold up all the others, claim after claim.
            named = {"reference": str(letter.id)}
            log.exception("Letter %d (%s) cannot be worded.", letter.id, letter.kind, extra=named)
            letter.state, letter.error = LetterState.FAILED, type(fault).__name__
            return None
        if message is None:
            letter.state = LetterState.VOID
            return None
        letter.state, letter.lease_until, letter.text = LetterState.CLAIMED, now + LEASE, message.text
        silent = letter.silent or quiet
        return Claimed(letter.id, letter.telegram_id, silent, parts, letter.lease_until, list(letter.parts))

    async def _take_up_abandoned(self, session: AsyncSession, now: datetime) -> None:
        """A lease ran out: its process died between request and note. Ours are in hand, however late it is."""
        abandoned = await session.scalars(
            select(Letter)
            .where(Letter.state == LetterState.CLAIMED, Letter.lease_until <= now, Letter.id.not_in(self._in_hand))
            .with_for_update(skip_locked=True)
        )
        for letter in abandoned:
            doubt(letter, "Abandoned")

    async def _deliver(self, claimed: Claimed) -> None:
        """Send and settle one."""
        with bound_contextvars(letter=claimed.number):  # for whatever is logged meanwhile
            await self._deliver_one(claimed)

    async def _deliver_one(self, claimed: Claimed) -> None:
        error: Exception | None = None
        try:
            await self._send_parts(claimed)
        except LostError:
            return
        except (TelegramError, NeverLeftError, NotTakenError) as fault:
            error = fault
        except Exception as fault:
            log.exception("Letter %d could not be sent.", claimed.number, extra={"reference": str(claimed.number)})
            error = fault
        finally:
            self._in_hand.discard(claimed.number)
        if isinstance(error, NeverLeftError | InvalidToken | RetryAfter):
            self._reached = False
        await self._settle(claimed, error)

    async def _send_parts(self, claimed: Claimed) -> None:
        """What has not arrived yet, one after the other; each is noted before the next one leaves."""
        for part in claimed.parts[len(claimed.arrived) :]:
            if self._clock() >= claimed.lease_until:
                raise NeverLeftError  # held up since the claim: whoever takes it up would send it once more
            claimed.arrived.append(await self._send_part(claimed, part))
            if len(claimed.arrived) < len(claimed.parts):
                await self._note(claimed)

    async def _send_part(self, claimed: Claimed, part: Part) -> Arrived:
        try:
            return await self._send(claimed.telegram_id, part, claimed.silent)
        except BadRequest:
            if part.text:
                raise
            log.warning("A file of letter %d was refused; its text has arrived.", claimed.number)
            return REFUSED

    async def _note(self, claimed: Claimed) -> None:
        """One more part has arrived; the lease begins anew."""
        async with self._database.begin() as session:
            letter = await session.get(Letter, claimed.number, with_for_update=True)
            if letter is None or not _is_ours(letter, claimed):  # or its reader has left
                raise LostError
            claimed.lease_until = self._clock() + LEASE
            letter.parts, letter.lease_until = list(claimed.arrived), claimed.lease_until

    async def _settle(self, claimed: Claimed, error: Exception | None) -> None:
        async with self._database.begin() as session:
            letter = await session.get(Letter, claimed.number, with_for_update=True)
            # Its reader has left meanwhile; the number may be another's letter by now.
            if letter is None or letter.telegram_id != claimed.telegram_id:
                return
            # Whose lease ran out meanwhile may still say that it arrived, but no longer that it did not.
            if error is None:
                letter.parts = list(claimed.arrived)
                arrived(letter, claimed.message_id, self._clock())
            elif _is_ours(letter, claimed):
                await failed(session, letter, error, self._clock())
        self._told(letter.state)
        if error is not None:
            log.info("Letter %d (%s): %s", letter.id, letter.kind, type(error).__name__)

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


# Of the table, and made once: these two are asked after every act.
_LETTERS = table_of(Letter).c
_WAITING = (_LETTERS.state == LetterState.WAITING, ~_LETTERS.held)
_NOW = bindparam("now", type_=UtcDateTime)
_IS_ANY_DUE = select(
    exists().where(*_WAITING, _LETTERS.not_before <= _NOW)
    | exists().where(_LETTERS.state == LetterState.CLAIMED, _LETTERS.lease_until <= _NOW)
)
_NEXT_AT = select(func.min(_LETTERS.not_before)).where(*_WAITING)


def _next(now: datetime, most: int) -> Select[Letter]:
    return (
        select(Letter)
        .where(*_WAITING, Letter.not_before <= now)
        .order_by(Letter.not_before, Letter.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def _is_ours(letter: Letter, claimed: Claimed) -> bool:
    return letter.state == LetterState.CLAIMED and letter.lease_until == claimed.lease_until
