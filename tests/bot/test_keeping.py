"""Files in a folder: whole, private, of one moment, a number of days kept, and restored while people voted."""

import asyncio
import errno
import stat
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import bot.backup as writing_and_reading
from bot.backup import restore
from bot.backup.format import Damaged
from bot.backup.keeping import Keeper, clear, keep
from bot.verifying import WHOLE, examine
from models import safekeeping
from models.actor import actor
from models.ballot.rows import Ballot
from models.base import Database, open_database
from models.invariants import broken_promises
from models.office import Office
from models.record.agreement import disagreements
from models.safekeeping import Backup, Fault, Made
from tests.auxil.clock import START, Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import JENS, KARL, STAFF, VERA, Party, at_work
from tests.auxil.voting import open_vote

DAY = timedelta(days=1)


@pytest.fixture
async def busy(database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    async with at_work(database, telegram, clock) as party:
        yield party


async def order(database: Database, now: datetime) -> None:
    async with database.begin() as session:
        await safekeeping.order(session, await actor(session, STAFF), now)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


async def ended(database: Database) -> Backup:
    async with database.read() as session:
        row = await safekeeping.last_ended(session)
        assert row is not None
        return row


async def test_it_is_whole_and_its_owners_alone(busy: Party, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "backups"
    await order(busy.database, START)
    await Keeper(busy.database, folder, busy.clock).work()
    row = await ended(busy.database)
    assert names(folder) == [row.name]
    assert row.name == START.strftime("reko-%Y-%m-%d-%H%M%SZ.zip")
    assert row.kilobytes == -(-(folder / row.name).stat().st_size // 1000)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / row.name).stat().st_mode) == 0o600
    await Keeper(busy.database, folder, busy.clock).work()  # nothing is ordered
    assert names(folder) == [row.name]


async def test_votes_cast_meanwhile_are_in_it_whole_or_not_at_all(busy: Party, tmp_path: Path) -> None:
    """The restored store keeps every promise, and its record agrees with its votes."""
    number = await open_vote(busy)
    await order(busy.database, START)

    async def vote() -> None:
        for choice in ("Ja", "Nein", "Enthaltung") * 3:
            for who in (VERA, JENS, KARL):
                await busy.tap(who, choice)

    keeper = Keeper(busy.database, tmp_path / "backups", busy.clock)
    await asyncio.gather(keeper.work(), vote())
    row = await ended(busy.database)
    assert row.good
    url = f"sqlite:///{tmp_path / 'other.db'}"
    other = open_database(url)
    await restore(other, tmp_path / "backups" / row.name)
    async with other.read() as session:
        assert await broken_promises(session) == []
        assert await disagreements(session) == []
    await other.close()
    assert (await examine(url, None)).code == WHOLE
    assert {one.vote_number for one in await busy.rows(Ballot)} == {number}


async def test_of_a_secret_vote_it_says_that_its_ballots_are_left_out(busy: Party, tmp_path: Path) -> None:
    number = await open_vote(busy, secret=True)
    await order(busy.database, START)
    await Keeper(busy.database, tmp_path / "backups", busy.clock).work()
    assert (await ended(busy.database)).left_out == [number]


async def test_two_processes_on_one_server_make_one(
    postgres_url: str, telegram: FakeTelegram, clock: Clock, tmp_path: Path
) -> None:
    first, second = open_database(postgres_url), open_database(postgres_url)
    async with at_work(first, telegram, clock):
        await order(first, START)
        await asyncio.gather(*(Keeper(one, tmp_path / "backups", clock).work() for one in (first, second)))
        assert len(names(tmp_path / "backups")) == 1
        async with first.read() as session:
            assert await session.get(Backup, 2) is None
    await first.close()
    await second.close()


# --- the number kept


async def test_as_many_days_stay_as_the_office_says(busy: Party, tmp_path: Path) -> None:
    async with busy.database.begin() as session:
        (await session.get_one(Office, 1)).settings = {"backups_kept": 2}
    folder = tmp_path / "backups"
    keeper = Keeper(busy.database, folder, busy.clock)
    for day in range(4):
        busy.clock.jump(START + day * DAY)
        await order(busy.database, busy.clock.now)
        await keeper.work()
    assert [name[5:15] for name in names(folder)] == [f"{START + day * DAY:%Y-%m-%d}" for day in (2, 3)]
    assert (await ended(busy.database)).kept == 2


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    ours = [f"reko-2026-11-{day:02}-030000Z.zip" for day in range(1, 5)]
    others = ["reko-2026-11-01.zip", "letter.pdf", "reko-2026-11-01-030000Z.zip.old"]
    for name in (*ours, *others):
        (tmp_path / name).touch()
    assert clear(tmp_path, 1) == 1
    assert names(tmp_path) == sorted([ours[-1], *others])


# --- what can go wrong


async def test_old_ones_stay_until_the_new_one_is_whole(
    sqlite_database: Database, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = "reko-2026-01-01-030000Z.zip"
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / before).touch()

    def broken(*_any: Any) -> None:
        raise Damaged("Beschädigt.")

    monkeypatch.setattr(writing_and_reading, "verified", broken)
    assert await asyncio.to_thread(keep, sqlite_url, tmp_path / "backups", START, 1) is Fault.DAMAGED
    assert names(tmp_path / "backups") == [before]
    monkeypatch.undo()
    made = await asyncio.to_thread(keep, sqlite_url, tmp_path / "backups", START, 1)
    assert isinstance(made, Made)
    assert names(tmp_path / "backups") == [made.name]


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (errno.ENOSPC, Fault.SPACE),
        (errno.EACCES, Fault.PERMISSION),
        (errno.EROFS, Fault.PERMISSION),
        (errno.EIO, Fault.FOLDER),
    ],
)
async def test_a_fault_has_a_name_and_leaves_nothing_half_written(
    sqlite_database: Database,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    fault: Fault,
) -> None:
    def refused(_handle: int) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr("os.fsync", refused)
    assert await asyncio.to_thread(keep, sqlite_url, tmp_path / "backups", START, 1) is fault
    assert names(tmp_path / "backups") == []


async def test_a_store_that_cannot_be_read_and_what_nobody_foresaw(
    bare_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await asyncio.to_thread(keep, bare_sqlite_url, tmp_path / "backups", START, 1) is Fault.STORE
    monkeypatch.setattr("bot.backup.keeping.open_database", lambda _url: 1 / 0)
    assert await asyncio.to_thread(keep, bare_sqlite_url, tmp_path / "backups", START, 1) is Fault.OTHER


async def test_a_killed_process_leaves_an_order_that_the_next_one_makes(
    busy: Party, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await order(busy.database, START)
    async with busy.database.begin() as session:
        assert await safekeeping.claim(session, START)  # and then the power went
    keeper = Keeper(busy.database, tmp_path / "backups", busy.clock)
    await keeper.work()
    assert not (tmp_path / "backups").exists()  # somebody seems to be at it
    async with busy.database.begin() as session:
        await safekeeping.release(session)
    await keeper.work()
    assert len(names(tmp_path / "backups")) == 1
