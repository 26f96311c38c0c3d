"""What every test may ask for: a store of its own on SQLite or PostgreSQL, Telegram, a clock, and no network."""

import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, create_engine, make_url, text

from bot.migrate import HEAD
from models.base import Database, open_database
from models.tables import METADATA
from tests.auxil import compiled, postgres
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram


def pytest_configure() -> None:
    """Stores lie in memory where there is a place for it: a test does not prove what a disk holds after a power cut."""
    memory = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of our own there
    if os.access(memory, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
    compiled.share()
    # How long an example takes says how busy the computer is. In CI each run takes the same examples.
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ)
    settings.register_profile("patient", patient)
    settings.load_profile("patient")


# --- the store


def _make_tables(url: URL) -> None:
    """Every table, and the mark that no migration is missing: quicker than migrating."""
    engine = create_engine(url)
    with engine.begin() as connection:
        METADATA.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and no row, to be copied."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    _make_tables(make_url(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite store with every table."""
    path = tmp_path / "store.db"
    shutil.copyfile(sqlite_template, path)
    path.chmod(0o600)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A running PostgreSQL."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: URL, worker_id: str) -> URL:
    """This worker's database on it, with every table."""
    url = postgres.create_database(postgres_server, f"tests_{worker_id}")
    _make_tables(url)
    return url


@pytest.fixture
def postgres_url(postgres_tables: URL) -> str:
    """The URL of a PostgreSQL store with every table, empty."""
    postgres.empty_tables(postgres_tables)
    return postgres_tables.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of store: the test runs once on each."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of an empty store with every table: the test runs once on SQLite, once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{kind}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, empty store with every table: the test runs once on SQLite, once on PostgreSQL."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """An open, empty SQLite store with every table, for tests that need only one kind."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'bare.db'}"


@pytest.fixture
def bare_postgres_url(postgres_server: URL) -> str:
    """The URL of a PostgreSQL database without a table."""
    url = postgres.create_database(postgres_server, f"bare_{uuid4().hex[:12]}")
    return url.render_as_string(hide_password=False)


@pytest.fixture
async def bare_database(kind: str, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """An open store without a table: the test runs once on SQLite, once on PostgreSQL."""
    opened = open_database(request.getfixturevalue(f"bare_{kind}_url"))
    yield opened
    await opened.close()


# --- time and Telegram


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until the test moves it."""
    return Clock()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """Telegram at the transport; a call nobody scripted fails the test."""
    fake = FakeTelegram()
    yield fake
    assert not fake.unscripted, f"unscripted calls: {fake.unscripted}"


# --- no network


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to anywhere but this computer fails at once, and fails the test even where it was caught."""
    attempts: list[str] = []
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guard(host: Any) -> None:
        if not _on_this_computer(host):
            attempts.append(str(host))
            raise OSError(f"a test may not speak to {host}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        guard(address[0] if isinstance(address, tuple) else "localhost")
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        guard(address[0] if isinstance(address, tuple) else "localhost")
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        guard(host)
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    assert not attempts, f"network calls nobody scripted: {attempts}"


def _on_this_computer(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback or name == "0.0.0.0"  # noqa: S104 - compared, not bound
    except ValueError:
        return False


@pytest.fixture(scope="module")
def no_collecting() -> Iterator[None]:
    """Nothing is collected while a source is parsed: a finalizer of other tests' leavings makes ``ast`` of Python 3.11
    raise SystemError (github.com/python/cpython/issues/106905)."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
