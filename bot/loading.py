"""``load``: the office folder into the store, in one transaction."""

import sys
from pathlib import Path

from bot.application import utc_now
from bot.folder_words import say_fault
from bot.next_step import hint
from bot.office_folder import load, read_folder
from bot.settings import Settings
from bot.upgrading import upgrade
from models.base import open_database
from models.question import tell_of_changes
from models.roll import FolderFaults, announce_applied


async def load_folder(settings: Settings, path: Path, *, announce_changes: bool) -> int:
    """Load the folder and print what changed; every fault, a line each, and exit code 1 where there is one."""
    database = open_database(settings.database_url)
    now = utc_now()
    try:
        await upgrade(database, settings.backup_folder, now)
        folder = read_folder(path)
        async with database.begin() as session:
            loaded = await load(session, folder, now, told=announce_changes)
            if announce_changes:
                await announce_applied(session, loaded.applied, now)
                await tell_of_changes(session, loaded.intakes, now)
        comes_next = await hint(database, now)
    except FolderFaults as found:
        print("\n".join(say_fault(fault) for fault in found.faults), file=sys.stderr)  # noqa: T201 - the answer
        return 1
    finally:
        await database.close()
    print("\n".join([*loaded.lines, *comes_next]))  # noqa: T201 - the answer
    return 0
