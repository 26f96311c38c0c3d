"""``verify``: is the record of votes whole, and do the votes say what it says? In plain German; reads only."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from bot.migrate import HEAD, revision
from models.base import Database, async_url, open_database
from models.record import Fault, Finding, Head, parse_head, verify
from models.record.agreement import Disagreement, Part, disagreements

PATIENCE = 15.0  # seconds for a database server to answer
WHOLE, BROKEN, MISTYPED = 0, 1, 2


class Report(NamedTuple):
    """The exit code, and what is printed."""

    code: int
    lines: list[str]


async def examine(database_url: str, spelled: str | None) -> Report:
    """Look at the record in the store at this URL; the bot may run meanwhile. ``spelled`` is a head from a card."""
    try:
        given = parse_head(spelled) if spelled else None
    except ValueError:
        advice = "Erwartet wird die Zahl der Einträge und die Prüfsumme, wie sie auf der Karte stehen: 42-9F3C-77AB-…"
        return Report(MISTYPED, [f"„{spelled}“ ist kein Stand einer Niederschrift.", f"    {advice}"])
    if missing := missing_file(database_url):
        return Report(BROKEN, [f"Der Speicher {missing} ist nicht da. Prüfen Sie BOT_DATABASE_URL."])
    database = open_database(database_url)
    try:
        return await _look(database, given)
    except (SQLAlchemyError, OSError) as error:
        title = f"Der Speicher lässt sich nicht lesen ({type(error).__name__})."
        return Report(BROKEN, [f"ACHTUNG: {title}", "    Prüfen Sie BOT_DATABASE_URL, und ob die Datei heil ist."])
    finally:
        await database.close()


def missing_file(database_url: str) -> str:
    """The SQLite file, where it is not there: opening would make an empty one."""
    url = async_url(database_url)
    on_disk = url.get_backend_name() != "sqlite" or Path(url.database or "").exists()
    return "" if on_disk else str(url.database)


def other_revision(found: str | None) -> list[str]:
    """What is said of a store that another version of the program has made."""
    title = f"Der Speicher hat den Stand {found or 'leer'}, dieses Programm den Stand {HEAD}."
    return [title, "    Starten Sie den Bot einmal mit dieser Version."]


async def _look(database: Database, given: Head | None) -> Report:
    async with asyncio.timeout(PATIENCE):
        found = await revision(database)
    if found != HEAD:
        return Report(BROKEN, other_revision(found))
    async with database.snapshot() as session:
        finding = await verify(session, str(given) if given else None)
        different = await disagreements(session)
    lines = [*_on_chain(finding), *_on_end(finding), *_on_votes(different, finding)]
    return Report(WHOLE if finding.whole and not different else BROKEN, lines)


def _on_chain(finding: Finding) -> Iterator[str]:
    if finding.whole:
        how_many = "ein Eintrag" if finding.head.length == 1 else f"{finding.head.length} Einträge"
        yield f"gut: Die Niederschrift ist in sich unversehrt: {how_many}, Stand {finding.head.short}."
        return
    yield f"ACHTUNG: {_what(finding)}"
    yield "    Sichern Sie den Speicher, wie er ist, und vergleichen Sie ihn mit älteren Sicherungen."


def _what(finding: Finding) -> str:
    number, missed = finding.number, finding.missed
    match finding.fault:
        case Fault.ALTERED:
            return f"Eintrag {number} der Niederschrift wurde verändert."
        case Fault.REMOVED:
            return f"Eintrag {number} der Niederschrift wurde entfernt."
        case Fault.REORDERED:
            return f"Die Reihenfolge der Niederschrift wurde verändert, zuerst bei Eintrag {number}."
        case Fault.CUT_OFF:
            until = missed.length if missed else ""
            return f"Das Ende der Niederschrift wurde abgeschnitten: es fehlen die Einträge {number} bis {until}."
        case Fault.MISSING:
            return "Der angegebene Stand kommt in der Niederschrift nicht vor: Sie wurde gekürzt oder neu geschrieben."
        case _:
            whose = "angegebenen" if missed == finding.given else "im Speicher vermerkten"
            return (
                f"Die Niederschrift passt nicht zum {whose} Stand: "
                f"Eintrag {number} oder einer davor wurde verändert und alles danach neu geschrieben."
            )


def _on_end(finding: Finding) -> Iterator[str]:
    if finding.given is None:
        yield "Nicht zu erkennen ist ohne Stand, ob am Ende etwas abgeschnitten oder neu geschrieben wurde."
        yield "    Geben Sie den Stand von einer Ergebniskarte oder einem Protokoll an: verify --head 42-9F3C-77AB-…"
    elif finding.whole:
        yield f"gut: Der angegebene Stand ist enthalten; bis Eintrag {finding.given.length} fehlt nichts."


_PARTS = {
    Part.VOTE: "steht nur auf einer Seite",
    Part.BALLOT: "die Stimme",
    Part.EXCLUSION: "der Ausschluss",
    Part.ELECTORATE: "die Stimmberechtigten",
    Part.TITLE: "der Titel",
    Part.TEXT: "der Text",
    Part.CHARTER: "die Geschäftsordnung",
    Part.OPTIONS: "die Auswahl",
    Part.ATTACHMENTS: "die Anlagen",
    Part.CLOSING: "das Ende",
    Part.RESULT: "das Ergebnis",
    Part.CALL: "Budget, Kriterien oder Projekte",
    Part.SCORES: "die Punkte",
    Part.TIE: "die Entscheidung über den Gleichstand",
}


def _on_votes(different: list[Disagreement], finding: Finding) -> Iterator[str]:
    for vote, part, mandate in different:
        whose = f" von {mandate}" if mandate else ""
        yield f"ACHTUNG: Abweichung zwischen Niederschrift und Stimmen: Abstimmung {vote}, {_PARTS[part]}{whose}."
    if finding.whole and not different:
        yield "gut: Die gespeicherten Stimmen stimmen mit der Niederschrift überein."
