"""The votes: what each was about, its decision record, its attachments. Of one that runs nothing is told of ballots."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from bot.exporting.desk import Desk
from bot.exporting.folder import numbered
from handlers.papers import decision_csv, decision_json, decision_pdf
from handlers.selection.workbook import workbook
from handlers.votes.decision import decision_of, extensions_of
from handlers.votes.naming import KINDS, PLACES
from models.ballot.entering import files_of
from models.ballot.looking import electorate
from models.ballot.paper import item_of, options_of
from models.ballot.rows import Objection, Vote
from models.ballot.rules import Held, Kind
from models.office import Body, Mandate
from models.selection.reading import call_of

FOLDER = "abstimmungen"
HEADINGS = ["Nr.", "Gremium", "Art", "Verfahren", "Geheim", "Titel", "Eröffnet", "Beendet", "Ergebnis", "Ordner"]


async def export_votes(desk: Desk) -> None:
    """A folder for each vote, and all of them as a table."""
    rows = []
    for vote in await desk.session.scalars(select(Vote).order_by(Vote.number)):
        body = await desk.session.get_one(Body, vote.body_id)
        folder = f"{FOLDER}/{numbered(vote.number)}"
        outcome = await _export(desk, folder, vote, body)
        opened, ended = vote.opened_at, vote.closed_at or vote.cancelled_at
        rows.append(
            [
                str(vote.number),
                body.short,
                desk.voice.plain(KINDS[Kind(vote.kind)]),
                desk.voice.plain(PLACES[Held(vote.held)]),
                "ja" if vote.secret else "nein",
                vote.title,
                *(desk.voice.stamp(at) if at else "" for at in (opened, ended)),
                outcome,
                folder,
            ]
        )
    desk.table(FOLDER, "abstimmungen", HEADINGS, rows)


async def _export(desk: Desk, folder: str, vote: Vote, body: Body) -> str:
    """One vote; its outcome in words."""
    attached = await desk.attach(f"{folder}/anlagen", await files_of(desk.session, vote.number))
    desk.akte.put_json(folder, "abstimmung.json", await _facts(desk, vote, body, attached))
    if vote.closed_at is None:
        return "abgebrochen" if vote.cancelled_at else "läuft" if vote.opened_at else "noch nicht eröffnet"
    voice, name = desk.voice, f"entscheidungsprotokoll-{vote.number}"
    decision = await decision_of(desk.session, voice, vote, names=True)
    desk.akte.put(folder, f"{name}.pdf", lambda: decision_pdf(decision, voice))
    desk.akte.put(folder, f"{name}.csv", decision_csv(decision, voice))
    desk.akte.put(folder, f"{name}.json", decision_json(decision, voice.zone))
    if vote.kind == Kind.SELECTION:
        desk.akte.put(folder, f"punkte-{vote.number}.xlsx", await workbook(desk.session, voice, vote))
    return decision.outcome


async def _facts(desk: Desk, vote: Vote, body: Body, attached: list[dict[str, str]]) -> dict[str, Any]:
    """What was asked of whom, when, and what the office did with it."""
    objection = await desk.session.get(Objection, vote.number)
    electors = [one for one, _ in await electorate(desk.session, vote.number)]
    call = await call_of(desk.session, vote.number) if vote.kind == Kind.SELECTION else None
    return {
        "number": vote.number,
        "body": body.short,
        "kind": vote.kind,
        "held": vote.held,
        "secret": vote.secret,
        "title": vote.title,
        "text": vote.text,
        "opens_at": desk.instant(vote.opens_at),
        "closes_at": desk.instant(vote.closes_at),
        "opened_at": desk.instant(vote.opened_at),
        "closed_at": desk.instant(vote.closed_at),
        "cancelled_at": desk.instant(vote.cancelled_at),
        "reason": vote.reason,
        "charter": vote.charter,
        "follows": vote.follows,
        "item": await item_of(desk.session, vote.item_id),
        "options": [
            {"place": one.place, "label": one.label, "starts_at": desk.instant(one.starts_at)}
            for one in await options_of(desk.session, vote)
        ],
        "call": asdict(call) if call else None,
        "mandates": [one.name for one in electors],
        "excluded": [{"mandate": one.name, "why": one.excluded_why} for one in electors if one.excluded_at],
        "extensions": [
            {
                "made_at": desk.instant(one.made_at),
                "from": desk.instant(one.old_closing),
                "to": desk.instant(one.new_closing),
                "reason": one.reason,
            }
            for one in await extensions_of(desk.session, vote.number)
        ],
        "objection": objection
        and {
            "mandate": (await desk.session.get_one(Mandate, objection.mandate_id)).name,
            "made_at": desk.instant(objection.made_at),
        },
        "attachments": attached,
    }
