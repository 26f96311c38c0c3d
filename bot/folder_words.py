"""What the command line says of an office folder, in German: what is wrong with it, and what it changes."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from models.calendar import Calendar
from models.deadline import KINDS, Change
from models.knowledge import Intake, Source, Taken
from models.roll import MEMBERS, Difference, Fault, Row, Section

_ROLES = "mitglied, stellvertretung, beratend, gast, buero, traeger"
_REASONS = {
    "no office": "hier liegt kein Büro-Ordner: keine der Listen und keine Quelle",
    # files
    "too large": "die Datei ist zu groß",
    "unreadable": "die Datei ist beschädigt oder kein lesbarer Text",
    "empty": "die Datei ist leer",
    "twice as file": "diese Liste liegt doppelt im Ordner, auch als {detail}",
    "unknown column": "diese Spalte ist unbekannt; bekannt sind: {detail}",
    "column missing": "diese Spalte fehlt",
    "column twice": "diese Spalte steht doppelt da",
    "too many cells": "rechts der letzten Spalte steht noch „{detail}“",
    "too many rows": "die Liste hat zu viele Zeilen",
    "toml": "der Text ist kein gültiges TOML ({detail})",
    # cells
    "formula": "eine Formel; bitte den Wert selbst eintragen",
    "missing": "hier fehlt eine Angabe",
    "too long": "der Text ist länger als {detail} Zeichen",
    "must be empty": "bei der Rolle {detail} muss diese Spalte leer sein",
    "unknown role": f"„{{detail}}“ ist keine Rolle; möglich sind: {_ROLES}",
    "unknown kind": f"„{{detail}}“ ist keine Art von Frist; möglich sind: {', '.join(KINDS)}",
    "unknown area": "„{detail}“ ist kein Förderbereich; möglich sind A bis M, durch Leerzeichen getrennt",
    "unknown status": "„{detail}“ ist hier nicht möglich; leer lassen oder „beendet“, bei Fristen und Sitzungen auch "
    "„abgesagt“",
    "unknown language": "„{detail}“ ist keine Sprache des Bots; möglich sind: de, en",
    "not yes or no": "hier steht ja oder nein, nicht „{detail}“",
    "not a time": "„{detail}“ ist kein Zeitpunkt; so geht es: 20.03.2026 12:00",
    "no clock time": "bei „{detail}“ fehlt die Uhrzeit; so geht es: 20.03.2026 12:00",
    "no such time": "„{detail}“ gibt es nicht, in dieser Nacht wird die Uhr vorgestellt",
    "not days": "„{detail}“ sind keine Tage; so geht es: 30 14 7 3 1",
    "not an audience": "„{detail}“ ist weder „alle“ noch ein Gremium noch „traeger:NAME“",
    "ends before it starts": "das Ende liegt nicht nach dem Beginn",
    "opens after it closes": "die Öffnung liegt nicht vor dem Fristende",
    # between rows
    "duplicate": "dasselbe steht schon in Zeile {detail}",
    "unknown body": "das Gremium „{detail}“ ist nicht bekannt; hier steht sein Kurzname aus office.toml",
    "unknown mandate": "das Mandat „{detail}“ ist nicht bekannt; es braucht eine Zeile mit der Rolle mitglied",
    "seat taken": "dieses Mandat hat schon {detail}; zum Wechsel auch deren Zeile aufnehmen, mit „beendet“",
    "two languages": "für {detail} stehen zwei Sprachen da",
    # office.toml
    "unknown key": "dieser Schlüssel ist unbekannt; bekannt sind: {detail}",
    "not a text": "hier steht ein Text in Anführungszeichen",
    "not a table": "hier stehen Schlüssel mit Werten",
    "unknown zone": "die Zeitzone „{detail}“ gibt es nicht; so geht es: Europe/Berlin",
    "unknown region": "die Feiertage von „{detail}“ sind nicht bekannt; so geht es: DE-ST",
    "charter": "{detail}",
    "body twice": "den Kurznamen „{detail}“ gibt es schon",
    # sources
    "unknown kind of file": "diese Art von Datei wird nicht gelesen",
    "damaged": "der Text ist beschädigt",
    "protected": "die Datei hat ein Kennwort oder ein altes Word-Format; bitte ohne Kennwort als .pdf oder .docx "
    "speichern",
    "no text": "das PDF enthält keinen Text, es ist wohl eingescannt; bitte mit Texterkennung (OCR) neu speichern",
    "too many pages": "das Dokument hat {detail} Seiten, das sind zu viele; bitte in Teilen ablegen",
    "no text beside it": "es fehlt der Text, zu dem diese Angaben gehören",
    "two of one name": "zwei Texte tragen denselben Namen ({detail})",
    "front matter not closed": "die Angaben am Anfang enden nicht mit einer Zeile ---",
    "not key: value": "hier steht „Schlüssel: Wert“, nicht „{detail}“",
    "not TOML": "der Text ist kein gültiges TOML ({detail})",
    "unknown field": "diese Angabe ist unbekannt",
    "twice": "diese Angabe steht doppelt da",
    "not a date": "„{detail}“ ist kein Datum; so geht es: 21.06.2022",
    "unknown rank": "„{detail}“ ist kein Rang",
    "unknown source": "eine Quelle „{detail}“ gibt es nicht",
    "ends before it begins": "die Gültigkeit endet vor ihrem Beginn",
}
_LOST = "eine Stelle ist nicht lesbar und bleibt weg"
_COLUMNS = {"opens_at": "opens", "due_at": "due", "starts_at": "start", "ends_at": "end"}  # as the lists call them


def say_fault(fault: Fault) -> str:
    """One line: „members.csv, Zeile 5, Spalte role: …"."""
    place = [fault.file]
    if fault.row is not None:
        place.append(f"Zeile {fault.row}")
    if fault.column:
        place.append(f"Spalte {fault.column}" if fault.file.lower().endswith((".csv", ".xlsx")) else fault.column)
    return f"{', '.join(place)}: {_REASONS[fault.reason].replace('{detail}', fault.detail)}"


def describe(difference: Difference, calendar: Calendar) -> list[str]:
    """What a folder changes, line by line: new, old → new, not taken, not in the file."""
    lines = [f"office.toml: {_change(change, calendar)}" for change in difference.office]
    for section in [difference.bodies, *difference.lists.values()]:
        lines += _describe_section(section, calendar)
    return lines


def _describe_section(section: Section, calendar: Calendar) -> Iterator[str]:
    for row in section.new:
        yield f"{section.file}: neu: {_label(section, row.key, row)}"
    for changed in section.changed:
        said = "; ".join(_change(change, calendar) for change in changed.changes)
        yield f"{section.file}: geändert: {_label(section, changed.row.key, changed.row)}: {said}"
    for held in section.held:
        label = _label(section, held.row.key, held.row)
        yield f"{section.file}: nicht übernommen, schon eingeladen (bitte im Chat verlegen oder absagen): {label}"
    for key in section.missing:
        yield f"{section.file}: nicht in der Datei: {_label(section, key)}"


def describe_sources(intakes: Iterable[Intake], stored: Iterable[str], read: Iterable[Source] = ()) -> list[str]:
    """What became of the sources; ``stored`` are the keys of all that are in force now, ``read`` what was loaded."""
    intakes = list(intakes)
    given = {intake.key for intake in intakes}
    lines = [f"sources: {_taken(one)}: {one.key}" for one in intakes if one.taken != Taken.UNCHANGED]
    lines += [f"sources: {source.key}, Seite {page}: {_LOST}" for source in read for page in source.lost]
    return lines + [f"sources: nicht in der Datei: {key}" for key in stored if key not in given]


def _taken(intake: Intake) -> str:
    if intake.begins:
        return f"neue Ausgabe, gilt ab {intake.begins:%d.%m.%Y}"
    return {Taken.NEW: "neu", Taken.NEW_EDITION: "neue Ausgabe"}.get(intake.taken, "Angaben berichtigt")


def _label(section: Section, key: tuple[str, ...], row: Row | None = None) -> str:
    if section.file == MEMBERS:
        body, mandate, role, name = key
        return f"{name} ({', '.join(part for part in (role, mandate, body) if part)})"
    title = row.values.get("title") or row.values.get("name") if row else None
    return f"{key[0]} · {title}" if title else key[0]


def _change(change: Change, calendar: Calendar) -> str:
    if isinstance(change.old, dict) and isinstance(change.new, dict):
        keys = [key for key in change.new | change.old if change.old.get(key) != change.new.get(key)]
        return "; ".join(
            f"{change.field}.{key} {_value(change.old.get(key), calendar)} → {_value(change.new.get(key), calendar)}"
            for key in keys
        )
    column = _COLUMNS.get(change.field, change.field)
    return f"{column} {_value(change.old, calendar)} → {_value(change.new, calendar)}"


def _value(value: Any, calendar: Calendar) -> str:
    match value:
        case bool():
            found = "ja" if value else "nein"
        case datetime():
            found = f"{calendar.local(value):%d.%m.%Y %H:%M}"
        case list():
            found = " ".join(str(one) for one in value)
        case None:
            found = ""
        case _:
            found = str(value)
    return f"„{found}“" if found else "(leer)"
