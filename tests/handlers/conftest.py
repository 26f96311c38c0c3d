import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.base import Database
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import Party, at_work, found_office
from tests.auxil.templates import filled


@pytest.fixture(scope="session")
def office_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the office and its people, to be copied."""
    path = tmp_path_factory.mktemp("office") / "store.db"
    return filled(sqlite_template, path, lambda database: found_office(database, Clock().now))


@pytest.fixture
def with_office(sqlite_url: str, office_template: Path) -> None:
    """The store, before anybody opens it, is one with the office in it."""
    shutil.copyfile(office_template, sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
async def party(
    with_office: None,  # before it is opened
    sqlite_database: Database,
    telegram: FakeTelegram,
    clock: Clock,
) -> AsyncIterator[Party]:
    """An office at work, on SQLite."""
    async with at_work(sqlite_database, telegram, clock, founded=True) as party:
        yield party
