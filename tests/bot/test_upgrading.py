"""From every revision there ever was to this program's, with rows in it; and back, the way an operator goes."""

import asyncio
import json
import shutil
import sqlite3
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from bot import backup as restoring
from bot.__main__ import main
from bot.backup import WrongRevision, backup, reading, restore
from bot.backup.format import MANIFEST
from bot.backup.keeping import SAVED_BEFORE, clear
from bot.backup.tables import tables_at
from bot.migrate import HEAD, REVISIONS, VERSION_TABLE, raise_to, rebuilding, revision
from bot.upgrading import upgrade
from models.base import Database, open_database
from tests.auxil.clock import START
from tests.auxil.rows import fill_every_table
from tests.auxil.schema import schema

LAST = REVISIONS[-2]
NEVER_IN_IT = {"secret_voters", "secret_ballots"}
COUNTED = {"mandates": 5, "yes": 3, "no": 1, "abstained": 1, "excluded": 0, "voted": 5}
Counts = dict[str, int]


async def fill(database: Database, at: str) -> Counts:
    """Rows in every table that has none; how many there are then."""
    async with database.begin() as session:
        tables = await (await session.connection()).run_sync(tables_at, at)
        await fill_every_table(session, tables)
        votes = next(table for table in tables if table.name == "votes")
        if at == "0001":  # what was counted then is judged anew by the next, so that must be a count
            counted_then = votes.update().where(votes.c.result.is_not(None))
            await session.execute(counted_then.values(kind="resolution", charter={}, result=COUNTED))
    return await counted(database)


async def raise_(database: Database, to: str) -> None:
    async with rebuilding(database) as connection:
        await connection.run_sync(raise_to, to)


async def made_at(database: Database, target: str) -> Counts:
    """A store of an earlier program, with rows in every table; how many."""
    await raise_(database, target)
    return await fill(database, target)


async def counted(database: Database) -> Counts:
    def count(connection: Connection) -> Counts:
        names = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
        each = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)  # noqa: S608 - ours
        return dict(tuple(row) for row in connection.execute(text(each)))

    async with database.read() as session:
        return await (await session.connection()).run_sync(count)


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


async def test_a_store_that_has_lived_through_every_revision_is_whole(
    bare_database: Database, database: Database, folder: Path
) -> None:
    """One that was there from the first: at each revision rows in every table, then the next."""
    for start, following in pairwise(REVISIONS):
        await raise_(bare_database, start)
        before = await fill(bare_database, start)
        if following == HEAD:
            await upgrade(bare_database, folder, START)
        else:
            await raise_(bare_database, following)
        after = await counted(bare_database)
        assert {name: after.get(name) for name in before} == before, following
    await same_schema(bare_database, database)
    with_rows = [name for name, rows in (await counted(bare_database)).items() if rows]
    assert len(with_rows) > 50


async def same_schema(one: Database, other: Database) -> None:
    async with one.engine.connect() as made, other.engine.connect() as meant:
        assert await made.run_sync(schema) == await meant.run_sync(schema)


def as_program_of(revision_then: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on restoring is done as the program of an earlier revision did it: by the tables of its time."""

    async def nothing_more(*_: object) -> None:
        """Its models were others; a vote that was running in secret has a test of its own."""

    known = [one for one in REVISIONS if one <= revision_then]
    for module in (restoring, reading):
        monkeypatch.setattr(module, "HEAD", revision_then)
        monkeypatch.setattr(module, "REVISIONS", known)
    monkeypatch.setattr(restoring, "break_off_restored", nothing_more)


def contents(path: Path) -> dict[str, list[str]]:
    with zipfile.ZipFile(path) as archive:
        parts = json.loads(archive.read(MANIFEST))["tables"]
        lines = {one["name"]: archive.read(f"tables/{one['name']}.jsonl").decode().splitlines() for one in parts}
        columns = {one["name"]: one["columns"] for one in parts}
    rows = {
        name: [sorted(zip(columns[name], json.loads(line), strict=True)) for line in found]
        for name, found in lines.items()
    }
    return {name: sorted(map(repr, found)) for name, found in rows.items()}


@pytest.mark.parametrize("start", ["0001", LAST])
async def test_the_way_back_is_the_file_that_was_saved_before(
    bare_sqlite_url: str, tmp_path: Path, folder: Path, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, again = open_database(bare_sqlite_url), open_database(f"sqlite:///{tmp_path / 'again.db'}")
    await made_at(database, start)
    await upgrade(database, folder, START)
    as_program_of(start, monkeypatch)
    await restore(again, only(folder))
    assert await revision(again) == start
    await backup(again, tmp_path / "second.zip", START)
    assert contents(only(folder)) == contents(tmp_path / "second.zip")
    await database.close()
    await again.close()


async def test_the_way_back_leads_from_one_kind_of_store_to_the_other(
    bare_sqlite_url: str, bare_postgres_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, other = open_database(bare_postgres_url), open_database(bare_sqlite_url)
    before = await made_at(database, LAST)
    await upgrade(database, folder, START)
    as_program_of(LAST, monkeypatch)
    await restore(other, only(folder))
    after = await counted(other)
    assert after == {name: 0 if name in NEVER_IN_IT else rows for name, rows in before.items()}
    await database.close()
    await other.close()


@pytest.mark.parametrize("start", ["0001", LAST])
async def test_a_backup_of_an_earlier_program_is_restored_and_brought_to_this_one(
    bare_database: Database, database: Database, tmp_path: Path, start: str
) -> None:
    earlier = open_database(f"sqlite:///{tmp_path / 'earlier.db'}")
    before = await made_at(earlier, start)
    await backup(earlier, tmp_path / "a.zip", START)
    await earlier.close()
    await restore(bare_database, tmp_path / "a.zip")
    assert await revision(bare_database) == HEAD
    after = await counted(bare_database)
    expected = {name: 0 if name in NEVER_IN_IT else rows for name, rows in before.items()}
    assert {name: after[name] for name in before} == expected
    await same_schema(bare_database, database)


async def test_a_backup_of_an_earlier_program_needs_a_store_without_tables(
    bare_sqlite_url: str, sqlite_database: Database, tmp_path: Path
) -> None:
    bare = open_database(bare_sqlite_url)
    await made_at(bare, "0001")
    await backup(bare, tmp_path / "a.zip", START)
    await bare.close()
    with pytest.raises(WrongRevision, match="noch gar nichts"):
        await restore(sqlite_database, tmp_path / "a.zip")


async def test_a_new_store_and_one_that_is_up_to_date_are_not_saved(bare_database: Database, folder: Path) -> None:
    await upgrade(bare_database, folder, START)
    await upgrade(bare_database, folder, START)
    assert await revision(bare_database) == HEAD
    assert [one for one in folder.parent.iterdir() if one == folder] == []


async def test_of_processes_that_start_together_one_saves_and_migrates(bare_database: Database, folder: Path) -> None:
    await made_at(bare_database, LAST)
    url = bare_database.engine.url.render_as_string(hide_password=False)

    async def begin() -> None:
        database = open_database(url, running=True)
        await upgrade(database, folder, START)
        await database.close()

    await asyncio.gather(*(asyncio.to_thread(lambda: asyncio.run(begin())) for _ in range(3)))
    assert await revision(bare_database) == HEAD
    saved = only(folder)
    assert [one.stat().st_mode & 0o077 for one in (saved, saved.parent)] == [0, 0]


async def test_ballots_of_a_secret_vote_are_not_in_it_and_the_vote_is_named(
    bare_sqlite_url: str, folder: Path, tmp_path: Path
) -> None:
    bare = open_database(bare_sqlite_url)
    await made_at(bare, LAST)
    async with bare.begin() as session:
        running = "UPDATE votes SET secret = true, opened_at = :at, closed_at = NULL, cancelled_at = NULL"
        await session.execute(text(f"{running} WHERE number = 70"), {"at": START.replace(tzinfo=None)})
        assert await session.scalar(text("SELECT count(*) FROM secret_ballots"))
    await upgrade(bare, folder, START)
    assert {name: contents(only(folder))[name] for name in NEVER_IN_IT} == {"secret_voters": [], "secret_ballots": []}
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    assert (await restore(other, only(folder))).without_ballots == [70]
    async with other.read() as session:
        assert await session.scalar(text("SELECT cancelled_at FROM votes WHERE number = 70"))
    await other.close()
    await bare.close()


def test_what_was_saved_before_an_upgrade_stays_as_long_as_the_nights_of_its_day(tmp_path: Path) -> None:
    nights = [f"reko-2026-11-{day:02}-030000Z.zip" for day in range(1, 6)]
    upgrades = [f"reko-2026-11-{day:02}-100000Z-before-0016.zip" for day in (1, 3, 4)]
    for name in (*nights, *upgrades):
        (tmp_path / name).touch()
    assert clear(tmp_path, 2) == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([*nights[3:], upgrades[2]])
    assert all(SAVED_BEFORE.fullmatch(name) for name in upgrades)


# --- as an operator does it


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the settings of one that runs on SQLite there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", "sqlite:///data/reko.db")
    monkeypatch.setenv("BOT_BACKUP_FOLDER", "data/backups")
    monkeypatch.setenv("BOT_TOKEN", "123456:AbC")
    return tmp_path


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counts]:
    """The SQLite file of the program before this one, with rows in every table; how many."""

    async def make() -> Counts:
        database = open_database(f"sqlite:///{path}")
        try:
            return await made_at(database, LAST)
        finally:
            await database.close()

    path = tmp_path_factory.mktemp("earlier") / "reko.db"
    return path, asyncio.run(make())


@pytest.fixture
def store(office: Path, template: tuple[Path, Counts]) -> Path:
    """That file, in the office's folder."""
    (office / "data").mkdir()
    return Path(shutil.copyfile(template[0], office / "data" / "reko.db"))


def mark(path: Path, found: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [found])
    connection.close()


@pytest.mark.parametrize("words", [["run"], ["load", "nowhere"], ["backup", "a.zip"]])
def test_an_older_program_refuses_a_newer_store_in_a_sentence(
    store: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    mark(store, "9999")
    assert main(words) == 1
    told = capsys.readouterr().err.strip()
    assert "9999" in told
    assert HEAD in told
    assert "\n" not in told


def test_a_store_that_cannot_be_saved_is_left_alone_and_said_to_be(
    store: Path, template: tuple[Path, Counts], capsys: pytest.CaptureFixture[str]
) -> None:
    (store.parent / "backups").touch()
    assert main(["run"]) == 1
    assert capsys.readouterr().err.startswith("Der Speicher bleibt beim Stand " + LAST)
    assert asyncio.run(_counted_in(store)) == template[1]


def test_there_and_back_again(
    office: Path,
    store: Path,
    template: tuple[Path, Counts],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = template[1]
    assert main(["load", "nowhere"]) == 1  # upgrades first, then finds no folder
    saved = only(office / "data" / "backups")
    monkeypatch.delenv("BOT_TOKEN")  # it would be tried
    assert main(["doctor"]) == 1
    assert f"hat den Stand dieses Programms ({HEAD})" in capsys.readouterr().out
    (office / "newer").mkdir()
    for one in store.parent.glob("reko.db*"):
        one.rename(office / "newer" / one.name)
    assert main(["restore", str(saved)]) == 0
    after = asyncio.run(_counted_in(store))
    assert {name: after[name] for name in before} == {
        name: 0 if name in NEVER_IN_IT else rows for name, rows in before.items()
    }


async def _counted_in(path: Path) -> Counts:
    database = open_database(f"sqlite:///{path}")
    try:
        return await counted(database)
    finally:
        await database.close()


def test_a_store_out_of_reach_and_a_folder_that_is_not_there_are_sentences(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", "nowhere.zip"]) == 1
    assert capsys.readouterr().err.startswith("nowhere.zip lässt sich nicht lesen")
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql://reko:geheim@127.0.0.1:1/reko?connect_timeout=2")
    assert main(["run"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Der Speicher lässt sich nicht öffnen")
    assert "geheim" not in told
