"""``export``: everything for the file (Akte) as a folder of CSV, XLSX, PDF and JSON with their hashes.

What goes in is what an office files: lists, votes with their decision records, meetings with attendance and minutes,
Rundrufe, answers, sources, the record. No Telegram numbers, no codes, no ballots of secret votes beyond their counts,
no incoming messages; ``coverage`` says it table by table. The store is seen as it is at one moment, and two exports of
the same store are the same byte for byte, but for the manifest's time.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.exporting.broadcasts import export_broadcasts
from bot.exporting.coverage import LEFT_OUT
from bot.exporting.desk import Desk
from bot.exporting.folder import new_folder
from bot.exporting.knowledge import export_questions, export_sources
from bot.exporting.lists import export_lists
from bot.exporting.meetings import export_meetings
from bot.exporting.record import export_record
from bot.exporting.votes import export_votes
from bot.exporting.words import READ_ME
from bot.migrate import HEAD
from bot.whole_folder import NoRoom
from locales import Voice
from models.base import Database
from models.office import the_office

__all__ = ["Exported", "NoRoom", "export"]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many files, and the SHA-256 of the manifest, which vouches for all of them."""

    files: int
    sha256: str


async def export(database: Database, path: Path, now: datetime) -> Exported:
    """Write the Akte to ``path``, a new or an empty folder: all of it, or nothing.

    Raises:
        NoRoom: there is something already, or it cannot be written there.
    """
    with new_folder(path) as akte:
        async with database.snapshot() as session:
            office = await the_office(session)
            zone = ZoneInfo(office.time_zone)
            desk = Desk(session, akte, Voice("de", zone))
            await export_lists(desk)
            await export_votes(desk)
            await export_meetings(desk)
            await export_broadcasts(desk, now)
            await export_questions(desk)
            await export_sources(desk)
            record = await export_record(desk)
        akte.put("", "LIESMICH.txt", READ_ME.encode())
        about = {
            "format": FORMAT,
            "made_at": now.astimezone(zone).isoformat(),
            "office": office.name,
            "revision": HEAD,
            "record": record,
            "left_out": dict(LEFT_OUT),
        }
        digest = akte.finish(about)
        return Exported(len(akte.entries), digest)
