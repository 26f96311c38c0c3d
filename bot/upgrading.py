"""A store of an earlier version is saved before it is brought to this one: the way back is that file (decision 34)."""

import logging
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.backup import BackupFault, backup
from bot.backup.keeping import before_upgrade, make_folder
from bot.migrate import HEAD, StoreFault, migrate
from models.base import Database

log = logging.getLogger("bot")


class NotSaved(StoreFault):
    """The store could not be saved, and was left at its revision."""


async def upgrade(database: Database, folder: Path, now: datetime) -> None:
    """Bring the store to this program's revision; what holds something is first saved into ``folder``.

    Raises:
        UnknownRevision: the store is newer than the program.
        NotSaved: nothing was changed.
    """

    async def save(found: str) -> None:
        path = folder / before_upgrade(now)
        try:
            make_folder(folder)
            await backup(database, path, now)
        except (BackupFault, SQLAlchemyError, OSError) as error:
            raise NotSaved(
                f"Der Speicher bleibt beim Stand {found}: Die Sicherung vor der Umstellung auf {HEAD} ist nicht "
                f"gelungen ({type(error).__name__}). Prüfen Sie, ob in BOT_BACKUP_FOLDER Platz ist und dieser "
                "Benutzer dort schreiben darf."
            ) from error
        log.info("Saved as it was at revision %s: %s", found, path.name)

    await migrate(database, save)
