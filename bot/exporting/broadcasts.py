"""The Rundrufe: every wording, the files, and what came of them in figures. Who got one is nobody's business here."""

from datetime import datetime

from sqlalchemy import select

from bot.exporting.desk import Desk
from bot.exporting.folder import numbered
from handlers.rundruf.card import report_lines
from handlers.speech import shown
from models.broadcast.looking import tally
from models.broadcast.rows import Broadcast
from models.broadcast.rules import Fate
from models.files import StoredFile

FOLDER = "rundrufe"
FATES = (Fate.DELIVERED, Fate.UNREACHABLE, Fate.FAILED, Fate.UNCERTAIN, Fate.DROPPED)


async def export_broadcasts(desk: Desk, now: datetime) -> None:
    """A folder for each Rundruf."""
    for row in await desk.session.scalars(select(Broadcast).order_by(Broadcast.number)):
        await _export(desk, f"{FOLDER}/{numbered(row.number)}", row, now)


async def _export(desk: Desk, folder: str, row: Broadcast, now: datetime) -> None:
    found = await desk.session.scalars(select(StoredFile).where(StoredFile.id.in_(row.file_ids)))
    files = sorted(found, key=lambda one: row.file_ids.index(one.id))
    attached = await desk.attach(f"{folder}/anlagen", files)
    counted = await tally(desk.session, row, now)
    texts = [{code: shown(text) for code, text in one["texts"].items()} for one in row.revisions]
    notes = [shown(one.get("note") or "") for one in row.revisions]
    about = {
        "number": row.number,
        "made_at": desk.instant(row.made_at),
        "released_at": desk.instant(row.released_at),
        "starts_at": desk.instant(row.starts_at),
        "started_at": desk.instant(row.started_at),
        "ended_at": desk.instant(row.ended_at),
        "withdrawn_at": desk.instant(row.withdrawn_at),
        "audience": row.audience,
        "asks_read": row.asks_read,
        "wordings": [{"texts": said, "note": note} for said, note in zip(texts, notes, strict=True)],
        "attachments": attached,
        "recipients": counted.recipients,
        "read": counted.read,
        **{str(fate): counted.fates[fate] for fate in FATES},
    }
    desk.akte.put_json(folder, "rundruf.json", about)
    for code, said in texts[-1].items():
        desk.akte.put(folder, f"text-{code}.txt", f"{said}\n".encode())
    if row.started_at is not None:
        report = [f"Rundruf Nr. {row.number}", *(shown(one) for one in report_lines(desk.voice, row, counted))]
        desk.akte.put(folder, "bericht.txt", ("\n".join(report) + "\n").encode())
