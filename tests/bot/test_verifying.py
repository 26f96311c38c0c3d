"""``verify`` on real stores: what it says, that it finds what was done to the file, and that others can check alike."""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import __main__ as shell
from bot.backup import backup, restore
from bot.migrate import migrate
from bot.verifying import BROKEN, MISTYPED, WHOLE, examine
from models import record
from models.base import Database, open_database
from models.record import Act, Head, NewEntry
from tests.auxil.clock import START
from tests.auxil.records import by_hand

ADR = Path(__file__).parents[2] / "docs" / "decisions" / "0011-the-record.md"
LENGTH = 6


async def write(database: Database, many: int = LENGTH) -> Head:
    """Append entries that belong to no vote; the head after them."""
    async with database.begin() as session:
        news = [NewEntry(Act.HANDED_OVER, START, 3, None, number, {"to": "31.12.2026"}) for number in range(many)]
        await record.append_all(session, news)
        return await record.head(session)


async def write_at(url: str) -> Head:
    database = open_database(url)
    head = await write(database)
    await database.close()
    return head


# --- what it says


async def test_a_record_as_it_should_be(database: Database, database_url: str) -> None:
    head = await write(database)
    code, lines = await examine(database_url, None)
    assert code == WHOLE
    assert lines[0] == f"gut: Die Niederschrift ist in sich unversehrt: 6 Einträge, Stand {head.short}."
    assert lines[1].startswith("Nicht zu erkennen ist ohne Stand, ob am Ende etwas abgeschnitten")
    assert lines[-1] == "gut: Die gespeicherten Stimmen stimmen mit der Niederschrift überein."
    await write(database)
    for spelled in (str(head), head.short, head.short.lower().replace("-", " ")):
        code, lines = await examine(database_url, spelled)
        assert code == WHOLE
        assert lines[1] == "gut: Der angegebene Stand ist enthalten; bis Eintrag 6 fehlt nichts."


async def test_an_office_without_a_vote(database_url: str) -> None:
    code, lines = await examine(database_url, None)
    assert code == WHOLE
    assert "0 Einträge, Stand 0-0000" in lines[0]


NEW_VOTE = """INSERT INTO votes (number, body_id, kind, held, title, text, opens_at, closes_at, close_when_all, charter,
    created_by, opened_at, reason) VALUES (5, 1, 'motion', 'meeting', 't', 't', '2026-11-25 09:00:00.000000',
    '2026-11-26 09:00:00.000000', 0, '{}', 1, '2026-11-25 09:00:00.000000', '')"""
DONE = {
    """UPDATE record SET entry = replace(entry, '"by":3', '"by":4') WHERE number = 3""": "Eintrag 3 der Niederschrift "
    "wurde verändert.",
    "DELETE FROM record WHERE number = 2": "Eintrag 2 der Niederschrift wurde entfernt.",
    "DELETE FROM record WHERE number > 4": "es fehlen die Einträge 5 bis 6.",
    "UPDATE record_head SET hash = substr(hash, 2)": "passt nicht zum im Speicher vermerkten Stand",
    NEW_VOTE: "Abweichung zwischen Niederschrift und Stimmen: Abstimmung 5, steht nur auf einer Seite.",
}


@pytest.mark.parametrize(("change", "said"), DONE.items())
async def test_what_was_done_is_said(sqlite_url: str, change: str, said: str) -> None:
    await write_at(sqlite_url)
    by_hand(sqlite_url, change)
    code, lines = await examine(sqlite_url, None)
    assert code == BROKEN
    assert said in " ".join(line for line in lines if line.startswith("ACHTUNG"))


async def test_the_order_and_the_end_are_said(sqlite_url: str) -> None:
    head = await write_at(sqlite_url)
    by_hand(sqlite_url, "DELETE FROM record WHERE number > 4", "DELETE FROM record_head")
    assert (await examine(sqlite_url, None)).code == WHOLE
    code, lines = await examine(sqlite_url, head.short)
    assert code == BROKEN
    assert lines[0] == "ACHTUNG: Das Ende der Niederschrift wurde abgeschnitten: es fehlen die Einträge 5 bis 6."
    code, lines = await examine(sqlite_url, f"4-{'0' * 64}")
    assert code == BROKEN
    assert "passt nicht zum angegebenen Stand: Eintrag 4 oder einer davor" in lines[0]
    for old, new in ((1, 9), (2, 1), (9, 2)):
        by_hand(sqlite_url, "UPDATE record SET number = ? WHERE number = ?", values=(new, old))
    code, lines = await examine(sqlite_url, None)
    assert code == BROKEN
    assert lines[0] == "ACHTUNG: Die Reihenfolge der Niederschrift wurde verändert, zuerst bei Eintrag 1."


async def test_the_hash_alone_as_a_decision_record_prints_it(sqlite_url: str) -> None:
    head = await write_at(sqlite_url)
    code, lines = await examine(sqlite_url, head.hash)
    assert code == WHOLE
    assert lines[1] == "gut: Der angegebene Stand ist enthalten; bis Eintrag 6 fehlt nichts."
    by_hand(sqlite_url, "DELETE FROM record WHERE number > 4", "DELETE FROM record_head")
    code, lines = await examine(sqlite_url, head.hash)
    assert code == BROKEN
    assert "kommt in der Niederschrift nicht vor: Sie wurde gekürzt oder neu geschrieben." in lines[0]


async def test_a_head_that_is_none(sqlite_url: str) -> None:
    code, lines = await examine(sqlite_url, "zweiundvierzig")
    assert code == MISTYPED
    assert "kein Stand" in lines[0]


async def test_a_store_that_is_missing_is_said_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "store.db"
    code, lines = await examine(f"sqlite:///{path}", None)
    assert code == BROKEN
    assert lines == [f"Der Speicher {path} ist nicht da. Prüfen Sie BOT_DATABASE_URL."]
    assert not path.parent.exists()


async def test_a_store_without_tables_and_one_that_is_none(bare_database: Database, tmp_path: Path) -> None:
    url = bare_database.engine.url.render_as_string(hide_password=False)
    code, lines = await examine(url, None)
    assert code == BROKEN
    assert "Stand leer" in lines[0]
    (tmp_path / "letter.db").write_text("Sehr geehrte Damen und Herren, " * 200)
    code, lines = await examine(f"sqlite:///{tmp_path / 'letter.db'}", None)
    assert code == BROKEN
    assert "lässt sich nicht lesen" in lines[0]


def test_the_command_line(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    head = asyncio.run(write_at(sqlite_url))
    monkeypatch.setenv("BOT_DATABASE_URL", sqlite_url)
    assert shell.main(["verify", "--head", head.short]) == 0
    assert "unversehrt" in capsys.readouterr().out
    assert shell.main(["verify", "--head", f"7-{head.hash}"]) == 1
    assert "abgeschnitten" in capsys.readouterr().out
    assert shell.main(["verify", "--head", "7"]) == 2
    assert "kein Stand" in capsys.readouterr().err


async def test_it_looks_while_others_write(database: Database, database_url: str) -> None:
    async def work() -> None:
        for _ in range(8):
            await write(database, 2)

    working = asyncio.create_task(work())
    while not working.done():
        assert (await examine(database_url, None)).code == WHOLE
    await working
    assert "16 Einträge" in (await examine(database_url, None)).lines[0]


# --- what was done to the file


@pytest.fixture(scope="module")
def written(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Head]:
    """A store with a record in it, to be copied, and its head."""
    path = tmp_path_factory.mktemp("record") / "store.db"
    shutil.copyfile(sqlite_template, path)
    return path, asyncio.run(write_at(f"sqlite:///{path}"))


def _flip(data: st.DataObject) -> tuple[str, tuple[object, ...], int]:
    number, column = data.draw(st.integers(1, LENGTH)), data.draw(st.sampled_from(["entry", "hash"]))
    place, bit = data.draw(st.integers(1, 64)), data.draw(st.integers(0, 7))
    # ``flip`` is a function that ``by_hand`` lends to SQLite.
    statement = f"UPDATE record SET {column} = CAST(flip(CAST({column} AS BLOB), ?, ?) AS TEXT) WHERE number = ?"  # noqa: S608 - our own columns
    return statement, (place, bit, number), number


def _remove(data: st.DataObject) -> tuple[str, tuple[object, ...], int]:
    number = data.draw(st.integers(1, LENGTH))
    return "DELETE FROM record WHERE number = ?", (number,), number


def _cut(data: st.DataObject) -> tuple[str, tuple[object, ...], int]:
    number = data.draw(st.integers(1, LENGTH))
    return "DELETE FROM record WHERE number >= ?", (number,), number


def _swap(data: st.DataObject) -> tuple[str, tuple[object, ...], int]:
    one, other = data.draw(st.lists(st.integers(1, LENGTH), min_size=2, max_size=2, unique=True))
    statement = """UPDATE record SET (vote_number, entry, hash) = (SELECT vote_number, entry, hash FROM record AS other
        WHERE other.number = ?1 + ?2 - record.number) WHERE number IN (?1, ?2)"""
    return statement, (one, other), min(one, other)


def _renumber(data: st.DataObject) -> tuple[str, tuple[object, ...], int]:
    number, other = data.draw(st.integers(1, LENGTH)), data.draw(st.integers(LENGTH + 1, 2**40))
    return "UPDATE record SET number = ?2 WHERE number = ?1", (number, other), number


def _hang_elsewhere(data: st.DataObject) -> tuple[str, tuple[object, ...], int]:
    number, vote = data.draw(st.integers(1, LENGTH)), data.draw(st.integers(1, 2**31) | st.text("ab", min_size=1))
    return "UPDATE record SET vote_number = ?2 WHERE number = ?1", (number, vote), number


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([_flip, _remove, _cut, _swap, _renumber, _hang_elsewhere]), st.data())
def test_every_change_to_the_file_is_found_and_its_place_named(
    written: tuple[Path, Head],
    tmp_path_factory: pytest.TempPathFactory,
    change: Callable[[st.DataObject], tuple[str, tuple[object, ...], int]],
    data: st.DataObject,
) -> None:
    template, head = written
    path = tmp_path_factory.getbasetemp() / "tampered.db"
    shutil.copyfile(template, path)
    url = f"sqlite:///{path}"
    statement, values, first = change(data)
    by_hand(url, statement, values=values)
    assert first == asyncio.run(_named(url, head))


async def _named(url: str, head: Head) -> int | None:
    database = open_database(url)
    async with database.snapshot() as session:
        finding = await record.verify(session, head.short)
    await database.close()
    return finding.number


# --- others can check it, and it goes where the store goes


def _recipe(path: Path) -> "subprocess.CompletedProcess[str]":
    (code,) = re.findall(r"```python\n(.*?)```", ADR.read_text("utf-8"), re.DOTALL)
    assert len(code.splitlines()) == 10
    return subprocess.run([sys.executable, "-I", "-c", code, str(path)], capture_output=True, text=True, check=False)  # noqa: S603 - our own ten lines


def test_the_ten_lines_of_the_decision_come_to_the_same(written: tuple[Path, Head], tmp_path: Path) -> None:
    template, head = written
    assert _recipe(template).stdout.strip() == str(head)
    for change, said in [
        ("UPDATE record SET entry = entry || ' ' WHERE number = 3", "entry 3: altered"),
        ("DELETE FROM record WHERE number = 2", "entry 2: removed"),
    ]:
        path = tmp_path / "copy.db"
        shutil.copyfile(template, path)
        by_hand(f"sqlite:///{path}", change)
        assert said in _recipe(path).stderr


@pytest.mark.parametrize("way", [("sqlite_url", "postgres_url"), ("postgres_url", "sqlite_url")])
async def test_it_survives_backup_and_restore(
    way: tuple[str, str], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    old, new = (open_database(request.getfixturevalue(name)) for name in way)
    head = await write(old)
    await backup(old, tmp_path / "a.reko", START)
    await restore(new, tmp_path / "a.reko")
    async with new.begin() as session:
        assert await record.head(session) == head
        assert (await record.verify(session, str(head))).whole
        assert (await record.append(session, NewEntry(Act.HANDED_OVER, START, 3))).previous == head.hash
    with pytest.raises(IntegrityError, match="append-only"):
        async with new.begin() as session:
            await session.execute(text("DELETE FROM record"))
    await old.close()
    await new.close()


async def test_a_migrated_store_is_guarded_like_any_other(bare_database: Database) -> None:
    await migrate(bare_database)
    head = await write(bare_database)
    with pytest.raises(IntegrityError, match="append-only"):
        async with bare_database.begin() as session:
            await session.execute(text("UPDATE record SET hash = 'x'"))
    async with bare_database.read() as session:
        assert await record.head(session) == head
