"""A whole office folder, as it never should be: taken in by either kind of store, or refused; nothing in between."""

import asyncio
from datetime import date

import pytest
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.folder_words import say_fault
from bot.office_folder import Folder, load, read_folder
from demo.sample import write_sample
from models.base import Database, open_database
from models.invariants import broken_promises
from models.roll import Fault, FolderFaults
from tests.auxil.clock import START
from tests.auxil.mutating import CHANGES, Change, for_many, mutated, twice


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = read_folder(write_sample(tmp_path_factory.mktemp("office"), date(2026, 11, 24)))
    return Folder(folder.lists, {"rak-stendal.md": folder.sources["rak-stendal.md"]})


async def taken_in(database: Database, folder: Folder) -> None:
    """Taken in as far as it may be, found to be whole, and undone."""
    async with database.engine.connect() as connection:
        async with AsyncSession(bind=connection, expire_on_commit=False) as session:
            refused: tuple[Fault, ...] = ()
            try:
                await load(session, folder, START)
            except FolderFaults as found:
                refused = found.faults
            else:
                assert await broken_promises(session) == []
        await connection.rollback()
    assert all(say_fault(fault) for fault in refused)


@twice
def test_any_folder_is_taken_in_or_refused(database_url: str, office: Folder, times: int) -> None:
    database = open_database(database_url)

    def held(name: str, changes: list[Change]) -> None:
        lists = {file: mutated(data, changes) if file == name else data for file, data in office.lists.items()}
        runner.run(taken_in(database, Folder(lists, office.sources)))

    with asyncio.Runner() as runner:
        for_many(times, held, name=st.sampled_from(sorted(office.lists)), changes=CHANGES)
        runner.run(database.close())
