"""What is worth a line in the log is counted in the store: by kind and place, without a word of it."""

import logging

from sqlalchemy.exc import OperationalError

from bot.troubles import Collector
from models import troubles
from models.base import Database
from models.troubles import MOST, Met, Place, Trouble
from tests.auxil.clock import START, Clock


async def met(database: Database) -> list[Trouble]:
    async with database.read() as session:
        return await troubles.since(session, START)


def fail(log: logging.Logger, error: Exception, **extra: str) -> None:
    try:
        raise error  # noqa: TRY301 - an error has to be raised to have a traceback
    except Exception:
        log.exception("It failed for Vera Muster.", extra=extra)


async def test_errors_are_counted_by_place_and_kind_over_processes(database: Database, clock: Clock) -> None:
    for _process in range(2):
        collector = Collector(clock)
        collector.listen()
        try:
            fail(logging.getLogger("bot.intake"), ValueError("Vera Muster"), reference="17")
            fail(logging.getLogger("scheduler.planner"), KeyError("x"), reference="remind")
            fail(logging.getLogger("scheduler.planner"), OperationalError("select 'Vera'", {}, Exception()))
            fail(logging.getLogger("telegram.ext"), ValueError("not ours"))
            named = {"trouble": "Conflict", "place": Place.TELEGRAM}
            logging.getLogger("bot.intake").warning("Conflict: %s", "Vera", extra=named)
            logging.getLogger("bot.intake").warning("Nothing that anybody need know.")
        finally:
            collector.leave()
        await collector.flush_to(database)
        await collector.flush_to(database)  # nothing new
    rows = {(one.place, one.what): (one.many, one.reference) for one in await met(database)}
    assert rows == {
        (Place.UPDATE, "ValueError"): (2, "17"),
        (Place.PLAN, "KeyError"): (2, "remind"),
        (Place.STORE, "OperationalError"): (2, ""),
        (Place.TELEGRAM, "Conflict"): (2, ""),
    }
    assert "Vera" not in str([vars(one) for one in await met(database)])


async def test_who_has_left_hears_nothing(sqlite_database: Database, clock: Clock) -> None:
    collector = Collector(clock)
    collector.listen()
    collector.leave()
    fail(logging.getLogger("bot"), ValueError("x"))
    await collector.flush_to(sqlite_database)
    assert await met(sqlite_database) == []


async def test_what_cannot_be_noted_now_is_noted_later(bare_database: Database, clock: Clock) -> None:
    collector = Collector(clock)
    collector.emit(logging.makeLogRecord({"name": "bot", "levelno": logging.ERROR, "trouble": "KeyError"}))
    await collector.flush_to(bare_database)  # there is no table
    async with bare_database.engine.begin() as connection:
        await connection.run_sync(Trouble.metadata.create_all)
    await collector.flush_to(bare_database)
    assert [(one.what, one.many) for one in await met(bare_database)] == [("KeyError", 1)]


async def test_old_ones_go_and_there_are_never_more_than_so_many(sqlite_database: Database) -> None:
    kinds = [Met(Place.REST, f"Error{number}", 1, START) for number in range(MOST + 5)]
    async with sqlite_database.begin() as session:
        await troubles.note(session, kinds)
        assert await troubles.forget_old(session, START) == 5
        assert await troubles.forget_old(session, START.replace(year=2027)) == MOST
