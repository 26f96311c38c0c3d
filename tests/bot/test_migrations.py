import asyncio
import sys
import time

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import migrate as migrating
from bot.migrate import HEAD, UnknownRevision, configuration, migrate, revision
from models.base import Database, open_database
from models.meeting import Meeting
from models.office import Mandate
from models.tables import METADATA
from tests.auxil.schema import schema


async def test_a_fresh_store_by_migrations_is_the_models_store(bare_database: Database, database: Database) -> None:
    await migrate(bare_database)
    async with bare_database.engine.connect() as made, database.engine.connect() as meant:
        assert await made.run_sync(schema) == await meant.run_sync(schema)


async def test_alembic_finds_nothing_left_to_migrate(bare_database: Database) -> None:
    await migrate(bare_database)
    async with bare_database.engine.connect() as connection:
        await connection.run_sync(lambda plain: command.check(configuration(plain)))
    assert await revision(bare_database) == HEAD


async def test_a_second_time_changes_nothing_and_does_not_wake_alembic(
    bare_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await revision(bare_database) is None
    await migrate(bare_database)
    monkeypatch.setitem(sys.modules, "alembic", None)  # an import of it would fail
    start = time.perf_counter()
    await migrate(bare_database)
    assert time.perf_counter() - start < 0.5


async def test_two_processes_that_start_together_migrate_once(bare_database: Database) -> None:
    url = bare_database.engine.url.render_as_string(hide_password=False)

    async def open_and_migrate() -> None:
        database = open_database(url)
        await migrate(database)
        await database.close()

    # Threads with loops of their own are as apart as processes, and start sooner.
    await asyncio.gather(*(asyncio.to_thread(lambda: asyncio.run(open_and_migrate())) for _ in range(3)))
    assert await revision(bare_database) == HEAD


async def test_a_failing_revision_leaves_the_store_as_it_was(
    bare_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Exception):
        pass

    def upgrade_and_break(config: Config, to: str) -> None:
        upgrade(config, to)
        raise Broken

    upgrade = command.upgrade
    monkeypatch.setattr(command, "upgrade", upgrade_and_break)
    with pytest.raises(Broken):
        await migrate(bare_database)
    assert await revision(bare_database) is None
    async with bare_database.engine.connect() as connection:
        assert await connection.run_sync(schema) == set()


async def test_foreign_keys_hold_again_after_a_migration(bare_database: Database) -> None:
    await migrate(bare_database)
    async with bare_database.begin() as session:
        session.add(Mandate(body_id=404, name="nobody's"))
        with pytest.raises(IntegrityError):
            await session.flush()
        await session.rollback()


async def test_a_store_from_a_newer_program_is_refused(bare_database: Database) -> None:
    await migrate(bare_database)
    async with bare_database.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnknownRevision) as caught:
        await migrate(bare_database)
    assert caught.value.found == "9999"


def test_the_revisions_are_one_chain() -> None:
    assert [f"{number:04d}" for number in range(1, len(migrating.REVISIONS) + 1)] == migrating.REVISIONS
    assert METADATA.tables


async def test_an_agenda_that_was_one_text_becomes_its_items(bare_database: Database) -> None:
    async with bare_database.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(configuration(plain), "0004"))
    agenda = "1. Begrüßung\n\nTOP 2: Beschluss: Förderung\n1. Dezember: Ausblick"
    meeting = """INSERT INTO meetings
        (number, body_id, title, starts_at, ends_at, place, agenda, status, revision, uid)
        VALUES (7, 1, 'Auswahl', '2026-12-08 09:00:00', '2026-12-08 11:00:00', '', :agenda, '', 0, 'u')"""
    async with bare_database.begin() as session:
        await session.execute(text("INSERT INTO bodies (id, name, short, charter) VALUES (1, 'RAK', 'RAK', '{}')"))
        await session.execute(text(meeting), {"agenda": agenda})
    await migrate(bare_database)
    async with bare_database.read() as session:
        items = [(one.text, one.decision) for one in (await session.get_one(Meeting, 7)).items]
    assert items == [("Begrüßung", False), ("Förderung", True), ("1. Dezember: Ausblick", False)]
