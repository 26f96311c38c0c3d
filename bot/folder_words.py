"""What the command line says of an office folder, in German: what is wrong with it, and what it changes."""

from collections.abc import Iterable

from handlers.office import list_words
from locales import Voice
from models.calendar import Calendar
from models.knowledge import Intake, Source, Taken
from models.roll import Difference, Fault

VOICE = Voice("de")
_SOURCES = {
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
}
_FILES = "gelesen werden office.toml, members, deadlines und meetings als .csv oder .xlsx, Texte im Ordner sources"
_FOLDERS = "gelesen wird der Ordner sources, ohne Ordner darin"
_LOST = "eine Stelle ist nicht lesbar und bleibt weg"


def say_fault(fault: Fault) -> str:
    """One line: „members.csv, Zeile 5, Spalte role: …"."""
    if fault.reason in _SOURCES:
        said = _SOURCES[fault.reason].replace("{detail}", fault.detail)
        return f"{list_words.place_of(fault, VOICE)}: {said}"
    return list_words.say_fault(fault, VOICE)


def describe(difference: Difference, calendar: Calendar) -> list[str]:
    """What a folder's lists change, line by line."""
    return list_words.describe(difference, calendar, VOICE)


def describe_sources(intakes: Iterable[Intake], stored: Iterable[str], read: Iterable[Source] = ()) -> list[str]:
    """What became of the sources; ``stored`` are the keys of all that are in force now, ``read`` what was loaded."""
    intakes = list(intakes)
    given = {intake.key for intake in intakes}
    lines = [f"sources: {_taken(one)}: {one.key}" for one in intakes if one.taken != Taken.UNCHANGED]
    lines += [f"sources: {source.key}, Seite {page}: {_LOST}" for source in read for page in source.lost]
    return lines + [f"sources: nicht in der Datei: {key}" for key in stored if key not in given]


def describe_unread(names: Iterable[str]) -> list[str]:
    """What else lies in the folder, and what is read."""
    return [f"{name}: nicht gelesen; {_FOLDERS if name.endswith('/') else _FILES}" for name in names]


def _taken(intake: Intake) -> str:
    if intake.begins:
        return f"neue Ausgabe, gilt ab {intake.begins:%d.%m.%Y}"
    return {Taken.NEW: "neu", Taken.NEW_EDITION: "neue Ausgabe"}.get(intake.taken, "Angaben berichtigt")
