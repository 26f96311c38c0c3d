"""Write the next revision: what the models have and the revisions do not yet make.

    .venv/bin/python -m migrations "what changed"

It works on an empty SQLite store of its own; read what it wrote before you keep it.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from bot.migrate import HEAD, configuration, migrate
from models.base import open_database


def write(connection: Connection, message: str) -> None:
    """Compare the store on ``connection`` with the models, and write the difference as a revision."""
    config = configuration(connection)
    following = f"{int(HEAD) + 1 if HEAD else 1:04d}"
    command.revision(config, message=message, autogenerate=True, rev_id=following)


async def main(message: str) -> None:
    """Migrate an empty store to the last revision, then write the next."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'empty.db'}")
        await migrate(database)
        async with database.engine.connect() as connection:
            await connection.run_sync(write, message)
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(" ".join(sys.argv[1:]) or "change"))
