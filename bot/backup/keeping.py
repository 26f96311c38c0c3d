"""Making the backups that were ordered: into one folder, a number of days kept, beside the bot's own work.

A thread of its own with a loop and a connection of its own writes and reads back: the bot goes on answering meanwhile.
Old files are deleted only once the new one is whole and on the disk. Whatever goes wrong becomes a fault with a name.
"""

import asyncio
import errno
import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.backup import backup
from bot.backup.format import BackupFault, Damaged, Manifest
from bot.migrate import HEAD
from models import safekeeping
from models.base import Database, open_database
from models.office import the_office
from models.safekeeping import Fault, Made

log = logging.getLogger("bot.backup")

NAME = "reko-%Y-%m-%d-%H%M%SZ.zip"  # in UTC: it sorts by time, also in the night the clocks change
OURS = re.compile(r"reko-(\d{4}-\d{2}-\d{2})-\d{6}Z\.zip")
BEFORE = f"before-{HEAD}"  # the mark of what was saved before a store was brought to a revision
SAVED_BEFORE = re.compile(r"reko-(\d{4}-\d{2}-\d{2})-\d{6}Z-before-\d+\.zip")
PRIVATE = 0o700
KILOBYTE = 1000
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


class Keeper:
    """Makes what was ordered, one at a time."""

    def __init__(self, database: Database, folder: Path, clock: Callable[[], datetime]) -> None:
        self._database, self.folder, self._clock = database, folder, clock
        self._working = asyncio.Lock()

    @property
    def at_work(self) -> bool:
        """Whether one is being made here."""
        return self._working.locked()

    async def work(self) -> None:
        """Make the backup that is ordered, if one is and nobody else makes it."""
        async with self._working:
            await self._work()

    async def _work(self) -> None:
        async with self._database.read() as session:
            if await safekeeping.open_one(session) is None:
                return
        async with self._database.begin() as session:
            claimed = await safekeeping.claim(session, self._clock())
            settings = (await the_office(session)).settings
        if claimed is None:
            return
        kept = int(settings.get("backups_kept", safekeeping.KEPT))
        # The password of a database server belongs to its address.
        url = self._database.engine.url.render_as_string(hide_password=False)
        outcome = await asyncio.to_thread(keep, url, self.folder, self._clock(), kept)
        async with self._database.begin() as session:
            await safekeeping.settle(session, claimed.id, outcome, self._clock())


def keep(database_url: str, folder: Path, now: datetime, kept: int) -> Made | Fault:
    """Make one and delete what is too many by it; what went wrong, by its name."""
    try:
        make_folder(folder)
        path = folder / now.astimezone(UTC).strftime(NAME)
        manifest = asyncio.run(_write(database_url, path, now))
        kilobytes = -(-path.stat().st_size // KILOBYTE)
        return Made(path.name, kilobytes, clear(folder, kept), manifest.without_ballots)
    except (BackupFault, SQLAlchemyError, OSError) as error:
        fault = _fault(error)
        log.warning("The backup failed: %s (%s).", fault, type(error).__name__)
        return fault
    except Exception:
        log.exception("The backup failed.")
        return Fault.OTHER


async def _write(database_url: str, path: Path, now: datetime) -> Manifest:
    database = open_database(database_url)
    try:
        return await backup(database, path, now)
    finally:
        await database.close()


def before_upgrade(now: datetime) -> str:
    """The name of what is saved before an upgrade."""
    name = Path(now.astimezone(UTC).strftime(NAME))
    return f"{name.stem}-{BEFORE}{name.suffix}"


def make_folder(folder: Path) -> None:
    """Make the folder for backups where it is missing, for its owner only."""
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)


def clear(folder: Path, kept: int) -> int:
    """Delete our own files that are too many; how many are left.

    What was saved before an upgrade goes with the nights of its day, not before: it is the way back.
    """
    found = _dated(folder, OURS)
    gone = safekeeping.surplus(found, kept)
    first = min((day for day, name in found if name not in gone), default=date.min)
    for name in [*gone, *(name for day, name in _dated(folder, SAVED_BEFORE) if day < first)]:
        (folder / name).unlink(missing_ok=True)
    return len(found) - len(gone)


def _dated(folder: Path, names: re.Pattern[str]) -> list[tuple[date, str]]:
    found = [names.fullmatch(one.name) for one in folder.iterdir() if one.is_file()]
    return [(date.fromisoformat(match[1]), match[0]) for match in found if match]


def _fault(error: Exception) -> Fault:
    match error:
        case Damaged():
            return Fault.DAMAGED
        case OSError(errno=number) if number in NO_SPACE:
            return Fault.SPACE
        case OSError(errno=number) if number in NOT_ALLOWED:
            return Fault.PERMISSION
        case OSError():
            return Fault.FOLDER
        case SQLAlchemyError() | BackupFault():
            return Fault.STORE
    return Fault.OTHER
