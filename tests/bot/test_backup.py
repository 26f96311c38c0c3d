import json
import stat
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

import bot.backup as module
from bot.backup import BackupFault, Damaged, NotEmpty, WrongRevision, backup, restore
from bot.backup.format import MANIFEST
from bot.backup.reading import opened, verified
from bot.backup.writing import dump
from bot.migrate import migrate
from models.base import Database, open_database
from models.office import Body
from models.tables import METADATA
from tests.auxil.clock import START
from tests.auxil.rows import MOMENT, fill_every_table

INBOX = METADATA.tables["inbox"]
NEVER_IN_IT = {"secret_voters", "secret_ballots"}  # of secret votes that are running


def contents(path: Path) -> dict[str, list[Any]]:
    """Every table's rows, in an order of their own: the two kinds of store sort texts differently."""
    with zipfile.ZipFile(path) as archive:
        tables = [part["name"] for part in json.loads(archive.read(MANIFEST))["tables"]]
        return {name: sorted(archive.read(f"tables/{name}.jsonl").decode().splitlines()) for name in tables}


@contextmanager
def changed(path: Path, name: str, content: bytes) -> Iterator[Path]:
    """A copy of the file in which one member holds something else."""
    other = path.with_name("changed.reko")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    yield other
    other.unlink()


def half_written(folder: Path) -> list[Path]:
    return list(folder.glob("*.part"))


async def rows(session: AsyncSession, statement: Select[Any]) -> list[Any]:
    """The rows as they are, in an order that both kinds of store agree on."""
    found = await session.stream(statement)
    return sorted([row async for row in found], key=repr)


async def counts(database: Database) -> dict[str, int]:
    async with database.read() as session:
        return {
            name: await session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in METADATA.tables.items()
        }


@pytest.fixture
async def filled(database: Database) -> Database:
    """A store with rows in every table."""
    async with database.begin() as session:
        await fill_every_table(session)
    return database


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[Database]:
    """A second store, without a table."""
    database = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    yield database
    await database.close()


async def test_from_sqlite_to_postgresql_and_back_nothing_changes(
    bare_sqlite_url: str, bare_postgres_url: str, tmp_path: Path
) -> None:
    urls = [bare_sqlite_url, bare_postgres_url, f"sqlite:///{tmp_path / 'back.db'}"]
    files = [tmp_path / f"{number}.reko" for number in range(3)]
    for number, url in enumerate(urls):
        database = open_database(url)
        if number:
            await restore(database, files[number - 1])
        else:
            await migrate(database)
            async with database.begin() as session:
                await fill_every_table(session)
        await backup(database, files[number], START)
        await database.close()
    first, second, third = map(contents, files)
    assert first == second == third
    assert {name for name, lines in first.items() if not lines} == NEVER_IN_IT


async def test_values_survive_as_what_they_were(filled: Database, other: Database, tmp_path: Path) -> None:
    await backup(filled, tmp_path / "a.reko", START)
    await restore(other, tmp_path / "a.reko")
    for table in [one for one in METADATA.sorted_tables if one.name not in NEVER_IN_IT]:
        async with filled.read() as before, other.read() as after:
            statement = select(table).order_by(*table.primary_key.columns)
            assert await rows(before, statement) == await rows(after, statement)


async def test_numbering_goes_on_after_a_restore(filled: Database, bare_postgres_url: str, tmp_path: Path) -> None:
    await backup(filled, tmp_path / "a.reko", START)
    on_sqlite = filled.engine.dialect.name == "sqlite"
    database = open_database(bare_postgres_url if on_sqlite else f"sqlite:///{tmp_path / 'third.db'}")
    await restore(database, tmp_path / "a.reko")
    async with database.begin() as session:
        body = Body(name="neu", short="NEU", charter={})
        session.add(body)
        await session.flush()
        assert body.id == 72
    await database.close()


async def test_what_was_empty_is_found_by_asking_for_what_is_empty(
    filled: Database, other: Database, tmp_path: Path
) -> None:
    await backup(filled, tmp_path / "a.reko", START)
    await restore(other, tmp_path / "a.reko")
    async with other.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM votes WHERE result IS NULL")) == 1


async def test_it_is_taken_from_one_moment_while_others_write(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def write_meanwhile(session: Any, table: Any, archive: Any) -> Any:
        if table.name == "mandates":  # bodies were dumped before
            async with filled.begin() as writer:
                await writer.execute(insert(METADATA.tables["bodies"]).values(id=500, name="x", short="x", charter={}))
                await writer.execute(insert(METADATA.tables["mandates"]).values(id=500, body_id=500, name="x"))
        return await dump(session, table, archive)

    monkeypatch.setattr(module, "dump", write_meanwhile)
    manifest = await backup(filled, tmp_path / "a.reko", START)
    assert {part.name: part.rows for part in manifest.tables}["mandates"] == 2
    assert (await counts(filled))["mandates"] == 3


async def test_no_message_of_anybody_is_in_the_file_but_done_ids_are(
    filled: Database, other: Database, tmp_path: Path
) -> None:
    common = {"lane": 7, "received_at": MOMENT, "kind": "message", "tries": 0, "error": None}
    async with filled.begin() as session:
        for update_id, state in ((1, "pending"), (2, "acted")):
            await session.execute(insert(INBOX).values(update_id=update_id, state=state, payload="GEHEIM", **common))
    await backup(filled, tmp_path / "a.reko", START)
    assert "GEHEIM" not in str(contents(tmp_path / "a.reko"))
    await restore(other, tmp_path / "a.reko")
    async with other.read() as session:
        states = await rows(session, select(INBOX.c.update_id, INBOX.c.state, INBOX.c.payload))
    assert (2, "done", None) in states
    assert 1 not in [row[0] for row in states]


async def test_only_the_owner_may_read_it_and_nothing_is_left_beside_it(filled: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.reko"
    path.write_bytes(b"yesterday's")
    path.chmod(0o644)
    await backup(filled, path, START)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert zipfile.is_zipfile(path)
    assert half_written(tmp_path) == []


async def test_a_backup_that_fails_leaves_yesterdays(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.reko"
    path.write_bytes(b"yesterday's")
    monkeypatch.setattr("bot.backup.asdict", lambda _manifest: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await backup(filled, path, START)
    assert path.read_bytes() == b"yesterday's"
    assert half_written(tmp_path) == []


async def test_a_store_that_holds_something_is_refused_and_left_alone(filled: Database, tmp_path: Path) -> None:
    await backup(filled, tmp_path / "a.reko", START)
    before = await counts(filled)
    with pytest.raises(NotEmpty):
        await restore(filled, tmp_path / "a.reko")
    assert await counts(filled) == before


async def test_a_damaged_file_is_refused_and_nothing_is_written(
    filled: Database, other: Database, tmp_path: Path
) -> None:
    path = tmp_path / "a.reko"
    await backup(filled, path, START)
    whole = path.read_bytes()
    await migrate(other)
    for number, damaged in enumerate([whole[:-200], whole[: len(whole) // 2], b"", b"PK\x03\x04" + whole[4:300]]):
        (broken := tmp_path / f"{number}.reko").write_bytes(damaged)
        with pytest.raises(Damaged):
            await restore(other, broken)
    with zipfile.ZipFile(path) as archive:
        rows = archive.read("tables/mandates.jsonl")
    for name, content in [
        ("tables/mandates.jsonl", rows.replace(b"70", b"99", 1)),
        (MANIFEST, b"{}"),
        (MANIFEST, b"x"),
    ]:
        with changed(path, name, content) as tampered, pytest.raises(Damaged):
            await restore(other, tampered)
    assert {name for name, rows in (await counts(other)).items() if rows} == {"asked"}  # when counting began


async def test_a_bit_that_fell_over_is_found_wherever_it_matters(filled: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.reko"
    manifest = await backup(filled, path, START)
    whole = path.read_bytes()
    found = 0
    for position in range(0, len(whole), 101):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :])
        try:
            with opened(path) as archive:
                assert verified(archive, path) == manifest  # a date of the zip's own, say
        except BackupFault:
            found += 1
    assert found > len(whole) / 101 / 2


async def test_another_programs_revision_is_refused(filled: Database, other: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.reko"
    await backup(filled, path, START)
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read(MANIFEST))
    foreign = json.dumps(told | {"revision": "9999"}).encode()
    with changed(path, MANIFEST, foreign) as renamed, pytest.raises(WrongRevision, match="9999"):
        await restore(other, renamed)


async def test_a_store_that_was_not_migrated_is_not_backed_up(bare_database: Database, tmp_path: Path) -> None:
    with pytest.raises(WrongRevision):
        await backup(bare_database, tmp_path / "a.reko", START)
    assert not (tmp_path / "a.reko").exists()


async def test_secret_ballots_need_not_wait_for_a_backup(postgres_url: str, tmp_path: Path) -> None:
    database = open_database(postgres_url)
    held = "SELECT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL"
    async with database.snapshot() as session:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for table in METADATA.sorted_tables:
                await dump(session, table, archive)
        locked = set(await session.scalars(text(held)))
    await database.close()
    assert "votes" in locked
    assert locked.isdisjoint(NEVER_IN_IT)
