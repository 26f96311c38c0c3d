"""Every table, and where an Akte holds it, or why it does not. A test fails until a new table is listed here."""

from collections.abc import Mapping
from typing import NamedTuple


class Held(NamedTuple):
    """In which folder or file a table's rows are, and a column whose values stand there as they are (if any)."""

    path: str
    column: str = ""


COVERED: Mapping[str, Held] = {
    "office": Held("buero/office.toml", "name"),
    "bodies": Held("buero/office.toml", "short"),
    "mandates": Held("aufzeichnung/mandate.csv", "name"),
    "people": Held("buero/members.csv"),  # by their names
    "memberships": Held("buero/members.csv", "role"),
    "deadlines": Held("buero/deadlines.csv", "title"),
    "votes": Held("abstimmungen/", "title"),
    "options": Held("abstimmungen/", "label"),
    "electorate": Held("abstimmungen/", "name"),
    "ballots": Held("abstimmungen/", "receipt"),  # of votes that are closed
    "attachments": Held("abstimmungen/"),
    "extensions": Held("abstimmungen/", "reason"),
    "objections": Held("abstimmungen/"),
    "calls": Held("abstimmungen/", "budget"),
    "criteria": Held("abstimmungen/", "name"),
    "projects": Held("abstimmungen/", "title"),
    "scores": Held("abstimmungen/"),
    "asides": Held("abstimmungen/"),
    "secret_turnout": Held("abstimmungen/"),
    "secret_counts": Held("abstimmungen/"),
    "handovers": Held("aufzeichnung/vertretungen.csv"),
    "record": Held("aufzeichnung/aufzeichnung.jsonl", "hash"),
    "record_head": Held("aufzeichnung/stand.json", "hash"),
    "meetings": Held("sitzungen/", "title"),
    "agenda_items": Held("sitzungen/", "text"),
    "meeting_files": Held("sitzungen/"),
    "invitations": Held("sitzungen/"),
    "presences": Held("sitzungen/"),
    "files": Held("", "sha256"),  # with what they belong to
    "broadcasts": Held("rundrufe/", "number"),
    "broadcast_copies": Held("rundrufe/"),  # in figures
    "questions": Held("fragen/fragen.json", "answer"),  # those that the office answered
    "editions": Held("quellen/quellen.csv", "content_hash"),
    "passages": Held("quellen/texte/", "text"),
}

LEFT_OUT: Mapping[str, str] = {
    "accounts": "Telegram-Nummern und Einstellungen",
    "codes": "Einladungscodes",
    "receipts": "Belege früherer, geänderter Stimmen; der gültige steht bei der Stimme",
    "secret_voters": "laufende geheime Abstimmungen",
    "secret_ballots": "laufende geheime Abstimmungen",
    "secret_casts": "technische Nummern ohne Inhalt",
    "rehearsals": "wer die Probeabstimmung ausprobiert hat",
    "subscriptions": "wer sich an welche Frist erinnern lässt",
    "follows": "wer welchen Förderbereich verfolgt",
    "steps": "versandte Erinnerungen",
    "wishes": "wer nach welchem Termin gefragt hat",
    "last_questions": "letzte Fragen für Rückfragen, zehn Minuten lang",
    "aliases": "andere Fragewörter für die Suche",
    "passage_vectors": "aus den Quellen errechnete Zahlen",
    "letters": "einzelne Nachrichten an Personen",
    "drafts": "halb ausgefüllte Formulare",
    "holds": "angehaltene Nachrichten",
    "inbox": "eingegangene Nachrichten",
    "heartbeat": "wann der Bot zuletzt wach war",
    "outages": "Ausfälle; wo sie eine Abstimmung berührten, steht es im Entscheidungsprotokoll",
    "chores": "wann zuletzt aufgeräumt wurde",
    "asked": "Zählungen der Fragen; sie stehen in den Berichten",
    "backups": "wann gesichert wurde",
    "shown": "welche Knöpfe ein Chat zuletzt zeigte",
    "troubles": "welche technischen Fehler gezählt wurden",
    "pace": "wie schnell Nachrichten hinausgehen",
}
