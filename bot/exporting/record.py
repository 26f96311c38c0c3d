"""The record of votes: every entry as it was hashed, and who and what its numbers mean."""

import json
from typing import Any

from sqlalchemy import select

from bot.exporting.desk import Desk
from models.ballot.rows import Handover
from models.member import Person
from models.office import Body, Mandate
from models.record import head
from models.record.rows import RecordLine
from models.record.rules import read_entry

FOLDER = "aufzeichnung"


async def export_record(desk: Desk) -> dict[str, Any]:
    """The record as JSON lines, its head, the people and mandates that it names by number; and the head once more."""
    rows = list(await desk.session.scalars(select(RecordLine).order_by(RecordLine.number)))
    lines = [
        json.dumps(
            {"number": row.number, "vote": row.vote_number, "hash": row.hash, "entry": row.entry}, ensure_ascii=False
        )
        for row in rows
    ]
    desk.akte.put(FOLDER, "aufzeichnung.jsonl", "".join(f"{line}\n" for line in lines).encode())
    last = await head(desk.session)
    about = {"length": last.length, "head": last.hash, "short": last.short}
    desk.akte.put_json(FOLDER, "stand.json", about)
    acted = {number for row in rows if (number := _by(row.entry)) is not None}
    await _people(desk, acted | await _handovers(desk))
    await _mandates(desk)
    return about


def _by(entry: str) -> int | None:
    """Who acted; nobody, where an entry can no longer be read: ``verify`` names it."""
    try:
        return read_entry(entry).by
    except (ValueError, RecursionError):
        return None


async def _people(desk: Desk, numbers: set[int]) -> None:
    rows = await desk.session.execute(select(Person.id, Person.name).where(Person.id.in_(numbers)).order_by(Person.id))
    desk.table(FOLDER, "personen", ["Nummer", "Name"], [[str(number), name] for number, name in rows])


async def _mandates(desk: Desk) -> None:
    rows = await desk.session.execute(
        select(Mandate.id, Body.short, Mandate.name).join(Body, Body.id == Mandate.body_id).order_by(Mandate.id)
    )
    headings = ["Nummer", "Gremium", "Mandat"]
    desk.table(FOLDER, "mandate", headings, [[str(number), body, name] for number, body, name in rows])


async def _handovers(desk: Desk) -> set[int]:
    """Who handed a mandate over to whom, and when; the numbers of those people."""
    found = list(await desk.session.scalars(select(Handover).order_by(Handover.id)))
    people: set[int] = set()
    rows = []
    for one in found:
        people |= {one.holder_id, one.deputy_id}
        mandate = await desk.session.get_one(Mandate, one.mandate_id)
        holder, deputy = [await desk.session.get_one(Person, number) for number in (one.holder_id, one.deputy_id)]
        stamps = [desk.voice.stamp(at) if at else "" for at in (one.given_at, one.until, one.ended_at)]
        rows.append([mandate.name, holder.name, deputy.name, str(one.vote_number or ""), *stamps])
    headings = ["Mandat", "Mitglied", "Stellvertretung", "Nur Abstimmung Nr.", "Übergeben", "Bis", "Beendet"]
    desk.table(FOLDER, "vertretungen", headings, rows)
    return people
