"""``export FOLDER``: the Akte, and what is said of it. In plain German; reads only, the bot may run meanwhile."""

import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.application import utc_now
from bot.exporting import NoRoom, export
from bot.migrate import HEAD, revision
from bot.settings import Settings
from bot.verifying import missing_file, other_revision
from models.base import Database, open_database


async def export_folder(settings: Settings, path: Path) -> int:
    """Write the Akte, and print what vouches for it; a fault as one sentence, and exit code 1."""
    if missing := missing_file(settings.database_url):
        return _failed(f"Der Speicher {missing} ist nicht da. Prüfen Sie BOT_DATABASE_URL.")
    database = open_database(settings.database_url)
    try:
        return await _written(database, path)
    except NoRoom as fault:
        return _failed(str(fault))
    except (SQLAlchemyError, OSError) as error:
        return _failed(f"Der Speicher lässt sich nicht lesen ({type(error).__name__}). Prüfen Sie BOT_DATABASE_URL.")
    finally:
        await database.close()


async def _written(database: Database, path: Path) -> int:
    found = await revision(database)
    if found != HEAD:
        return _failed("\n".join(other_revision(found)))
    exported = await export(database, path, utc_now())
    print(f"Akte geschrieben in {path}: {exported.files} Dateien.")  # noqa: T201 - the answer
    print(f"Prüfsumme von manifest.json: {exported.sha256}")  # noqa: T201 - the answer
    return 0


def _failed(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - the answer
    return 1
