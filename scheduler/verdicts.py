"""What becomes of a letter after an attempt: each error has its verdict.

    sent                       the message ids are noted
    RetryAfter                 waits as told, for everyone
    Forbidden, chat not found  failed; the account is unreachable
    ChatMigrated               waits, for the chat's new id; so does whatever else waits for the old one
    BadRequest                 failed (a NetworkError by descent, so it is asked first)
    NeverLeft                  waits: no connection came about
    NotTaken (5xx)             waits, three times with growing pauses, then failed
    any other network error    uncertain: it may have arrived
    anything else              failed, with its traceback in the log; so is a letter that cannot be worded

sendMessage has no idempotency key, so a death between request and note cannot be decided by code. A deadline's
reminder of that kind is sent again, once, however often Telegram did not take it before; every other waits for a
person. An edit or a deletion does no harm a second time: a letter says in ``about`` how many of its first parts are of
that kind (``harmless``), and is tried again a few times while one of those is in doubt.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from models.actor import ensure_account
from models.member import Account
from models.outbox import Letter, LetterState, redirect

FIRST_PAUSE = timedelta(seconds=5)
MOST_AGAIN = 3  # times a letter is tried again after 5xx answers, or in doubt where that does no harm
SENT_AGAIN = {"reminder"}


class NeverLeftError(Exception):
    """Raised by ``send``: no connection came about."""


class NotTakenError(Exception):
    """Raised by ``send``: Telegram answered 5xx."""


def arrived(letter: Letter, message_id: int, now: datetime) -> None:
    """It is sent; ``message_id`` is that of the part with its buttons."""
    letter.lease_until = letter.error = None
    letter.state, letter.sent_at, letter.message_id = LetterState.SENT, now, message_id


async def failed(session: AsyncSession, letter: Letter, error: Exception, now: datetime) -> None:
    """Turn what went wrong into the letter's next state."""
    letter.lease_until, letter.error = None, type(error).__name__
    match error:
        case RetryAfter():
            _wait(letter, now + _seconds(error.retry_after))
        case ChatMigrated():
            await _move(session, letter, error.new_chat_id, now)
        case Forbidden():
            await _unreachable(session, letter)
        case BadRequest() if "chat not found" in error.message.lower():
            # Nobody by this id has ever opened the chat: no other letter will reach them either.
            await _unreachable(session, letter)
        case BadRequest():
            letter.state = LetterState.FAILED
        case NeverLeftError() | InvalidToken():
            _wait(letter, now + FIRST_PAUSE)
        case NotTakenError():
            _not_taken(letter, now)
        case NetworkError():
            doubt(letter, type(error).__name__)
        case _:
            letter.state = LetterState.FAILED


def doubt(letter: Letter, why: str) -> None:
    """It may have arrived. A deadline's reminder goes again, once: a doubled one harms less than a missed deadline."""
    letter.lease_until, letter.error = None, why
    letter.doubts += 1
    harmless = len(letter.parts) < letter.about.get("harmless", 0) and letter.doubts <= MOST_AGAIN
    again = harmless or (letter.kind in SENT_AGAIN and letter.doubts == 1)
    letter.state = LetterState.WAITING if again else LetterState.UNCERTAIN


async def _unreachable(session: AsyncSession, letter: Letter) -> None:
    letter.state, letter.error = LetterState.FAILED, Forbidden.__name__
    account = await session.get(Account, letter.telegram_id)
    if account is not None:
        account.reachable = False


def _not_taken(letter: Letter, now: datetime) -> None:
    letter.not_taken += 1
    if letter.not_taken > MOST_AGAIN:
        letter.state = LetterState.FAILED
    else:
        _wait(letter, now + FIRST_PAUSE * 3 ** (letter.not_taken - 1))


def _wait(letter: Letter, until: datetime) -> None:
    letter.state, letter.not_before = LetterState.WAITING, until


async def _move(session: AsyncSession, letter: Letter, new: int, now: datetime) -> None:
    """A group has become a supergroup: https://core.telegram.org/bots/api#responseparameters."""
    old = letter.telegram_id
    _wait(letter, now)
    (await ensure_account(session, old, None, now)).reachable = False
    await ensure_account(session, new, None, now)
    letter.telegram_id = new
    await redirect(session, old, new)


def _seconds(value: float | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)
