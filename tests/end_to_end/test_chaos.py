"""The real program in trouble of every kind while people vote and ask; afterwards nothing is lost, nothing twice.

These take minutes of real time and stay out of the ordinary run: ``make chaos``.
"""

import asyncio
import resource
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from demo.telegram import Fault
from models.inbox import InboxRow, InboxState
from models.outbox import Letter, LetterState
from models.question import OfficeQuestion
from tests.auxil.party import SPONSOR
from tests.end_to_end.stage import Stage
from tests.end_to_end.test_crashes import (
    MEMBERS,
    _post_reminder,
    _reminders,
    everybody_taps,
    everything_counted,
    redeliver,
    vote,
)

pytestmark = pytest.mark.chaos

MINUTE = 60.0
SETTLED = 90.0  # seconds in which everything must be well again: pauses between attempts grow up to a minute
QUESTION = "Wer bekommt Geld vom Mond?"

# What the Bot API answers to what we ask of it, in its own words.
ERRORS = (
    ("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
    ("editMessageText", 400, "Bad Request: message to edit not found"),
    ("editMessageText", 400, "Bad Request: message can't be edited"),
    ("editMessageText", 400, "Bad Request: message is not modified"),
    ("editMessageText", 400, "Bad Request: MESSAGE_ID_INVALID"),
    ("sendMessage", 400, "Bad Request: message to be replied not found"),
    ("sendMessage", 400, "Bad Request: have no rights to send a message"),
    ("sendMessage", 400, "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    ("sendMessage", 400, "Bad Request: message is too long"),
    ("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID"),
    ("sendMessage", 403, "Forbidden: bot was blocked by the user"),
    ("sendMessage", 403, "Forbidden: user is deactivated"),
    ("sendMessage", 403, "Forbidden: bot can't initiate conversation with a user"),
    ("sendMessage", 400, "Bad Request: chat not found"),
    ("", 409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"),
    ("", 500, "Internal Server Error"),
    ("", 502, "Bad Gateway"),
    ("", 504, "Gateway Timeout"),
)  # fmt: skip

Trouble = Callable[[Stage], AbstractAsyncContextManager[None]]


# --- the troubles


@asynccontextmanager
async def telegram_says_no(stage: Stage) -> AsyncIterator[None]:
    """Each error of Telegram strikes, one after the other, again and again."""
    yield
    for number, (method, code, description) in enumerate(ERRORS):
        often = 1 if method == "sendMessage" else 3
        fault = stage.world.faults.add(Fault("error", method, count=often, code=code, description=description))
        everybody_taps(stage, ("yes", "no", "abstain")[number % 3])
        stage.people[SPONSOR].send("/hilfe")
        await stage.until(lambda fault=fault, often=often: fault.hits == often)
        stage.world.faults.clear()
    stage.world.faults.add(Fault("retry_after", count=5, seconds=2))
    everybody_taps(stage, "yes")
    await stage.until(lambda: not stage.world.faults.faults[0].count)
    stage.world.faults.clear()


@asynccontextmanager
async def the_line_is_bad(stage: Stage) -> AsyncIterator[None]:
    """Answers come late, in halves, or not at all, before and after the effect."""
    for action in ("drop_before", "drop_after", "half_reply"):
        stage.world.faults.add(Fault(action, count=None, probability=0.1))
    stage.world.faults.add(Fault("delay", count=None, probability=0.3, seconds=2))
    yield
    await asyncio.sleep(10)
    assert all(one.hits for one in stage.world.faults.faults)
    stage.world.faults.clear()


@asynccontextmanager
async def telegram_is_away_for_a_minute(stage: Stage) -> AsyncIterator[None]:
    stage.world.faults.add(Fault("drop_before", count=None))
    yield
    await asyncio.sleep(MINUTE)
    stage.world.faults.clear()


@asynccontextmanager
async def updates_come_twice_and_in_disorder(stage: Stage) -> AsyncIterator[None]:
    yield
    stage.world.first_bot.reorder()
    for _ in range(3):
        await redeliver(stage, len(stage.taps))
        stage.world.first_bot.reorder()
        await asyncio.sleep(1)


@asynccontextmanager
async def the_store_is_locked(stage: Stage) -> AsyncIterator[None]:
    """Somebody else holds it for longer than a statement waits."""
    if stage.database.shared:
        with psycopg.connect(_postgres(stage)) as other:
            other.execute("LOCK TABLE inbox, ballots, letters IN ACCESS EXCLUSIVE MODE")
            yield
            await asyncio.sleep(15)
        return
    with sqlite3.connect(_file(stage), isolation_level=None) as one:
        one.execute("PRAGMA busy_timeout = 10000")
        one.execute("BEGIN IMMEDIATE")
        yield
        await asyncio.sleep(15)
        one.execute("ROLLBACK")
    one.close()


@asynccontextmanager
async def the_disk_is_full(stage: Stage) -> AsyncIterator[None]:
    """No file may grow, neither the store's nor the log's."""
    if stage.database.shared:
        pytest.skip("the server's disk is not this program's")
    process = _process(stage)
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    await asyncio.sleep(10)
    resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@asynccontextmanager
async def the_store_is_gone_for_a_minute(stage: Stage) -> AsyncIterator[None]:
    """Nobody gets in, and who was in is thrown out."""
    if not stage.database.shared:
        pytest.skip("a file on the same machine is there or the machine is not")
    url = stage.database.engine.url
    name = sql.Identifier(url.database or "")
    server = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as other:
        other.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(name))
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.database])
        yield
        await asyncio.sleep(MINUTE)
        other.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(name))


@asynccontextmanager
async def the_process_is_frozen_for_a_minute(stage: Stage) -> AsyncIterator[None]:
    process = stage.program.process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    yield
    await asyncio.sleep(MINUTE)
    process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def the_process_is_killed_again_and_again(stage: Stage) -> AsyncIterator[None]:
    yield
    for pause in (0.05, 0.3, 0.1, 0.7, 0.02):
        await asyncio.sleep(pause)
        stage.program.kill()
        await stage.program.ended()
        await stage.check()
        await started(stage)
    await stage.lease_over()


@asynccontextmanager
async def the_process_is_asked_to_end(stage: Stage) -> AsyncIterator[None]:
    yield
    for _ in range(3):
        assert stage.program.process is not None
        stage.program.process.terminate()
        assert await stage.program.ended() == 0
        await stage.check()
        await started(stage)


async def started(stage: Stage) -> None:
    """Start the program and wait until it listens."""
    asked = len(stage.world.journal.requests("getUpdates"))
    await stage.program.start()
    await stage.until(lambda: len(stage.world.journal.requests("getUpdates")) > asked)


TROUBLES: tuple[Trouble, ...] = (
    telegram_says_no,
    the_line_is_bad,
    telegram_is_away_for_a_minute,
    updates_come_twice_and_in_disorder,
    the_store_is_locked,
    the_disk_is_full,
    the_store_is_gone_for_a_minute,
    the_process_is_frozen_for_a_minute,
    the_process_is_killed_again_and_again,
    the_process_is_asked_to_end,
)


# --- what goes on meanwhile, and what must hold afterwards


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.__name__)
async def test_in_trouble_nothing_is_lost_and_nothing_counted_twice(stage: Stage, trouble: Trouble) -> None:
    await vote(stage)
    await stage.program.start()
    await stage.until(lambda: all(stage.cards(who, 1) for who in MEMBERS))
    everybody_taps(stage, "yes")
    async with trouble(stage):
        everybody_taps(stage, "no", "abstain", "yes", "yes")
        stage.people[SPONSOR].send(QUESTION)
        posted = await a_reminder_is_posted(stage)
    everybody_taps(stage, "no", "yes")
    await well_again(stage)
    await everything_counted(stage)
    if posted:
        await the_reminder_came(stage)
    await the_question_is_answered_once(stage)


async def a_reminder_is_posted(stage: Stage) -> bool:
    """Where the store lets us."""
    try:
        async with asyncio.timeout(3):
            await _post_reminder(stage)
    except (SQLAlchemyError, TimeoutError):
        return False
    return True


async def well_again(stage: Stage) -> None:
    """Wait until every update is worked off and no letter is due."""
    async with asyncio.timeout(SETTLED):
        while await _at_work(stage):  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.5)


async def _at_work(stage: Stage) -> bool:
    if stage.world.first_bot.updates:
        return True
    async with stage.database.read() as session:
        unworked = select(InboxRow.update_id).where(InboxRow.state.in_([InboxState.PENDING, InboxState.ACTED]))
        under_way = [LetterState.WAITING, LetterState.CLAIMED]
        waiting = select(Letter.id).where(Letter.kind == "reminder", Letter.state.in_(under_way))
        return any([await session.scalar(unworked), await session.scalar(waiting)])


async def the_reminder_came(stage: Stage) -> None:
    """Once; twice only where nobody knew; not at all only where Telegram said so, and then the office can see it."""
    async with stage.database.read() as session:
        letter = await session.scalar(select(Letter).where(Letter.kind == "reminder"))
    assert letter is not None
    copies = len(_reminders(stage))
    if letter.state == LetterState.SENT:
        assert 1 <= copies <= 1 + letter.doubts
    else:
        assert letter.state in {LetterState.FAILED, LetterState.UNCERTAIN}
        assert copies <= 1


async def the_question_is_answered_once(stage: Stage) -> None:
    async with stage.database.read() as session:
        asked = Counter(one.telegram_id for one in await session.scalars(select(OfficeQuestion)))
        aside = list(await session.scalars(select(InboxRow).where(InboxRow.state == "set_aside")))
    assert asked[SPONSOR] <= 1
    assert asked[SPONSOR] == 1 or aside  # then the sponsor was told that it has not worked


def _process(stage: Stage) -> int:
    assert stage.program.process is not None
    return stage.program.process.pid


def _file(stage: Stage) -> Path:
    return Path(stage.database.engine.url.database or "")


def _postgres(stage: Stage) -> str:
    return stage.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
