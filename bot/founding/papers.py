"""The files of a new office folder beside office.toml: the lists, and what explains them. Pure."""

from collections.abc import Iterator, Mapping

from bot.founding.answers import Answers
from bot.founding.toml import office_toml
from handlers.office.files.tables import TITLES, columns_explained
from handlers.papers.sheets import csv_file
from locales import Voice
from models.member import Role
from models.roll import DEADLINES, MEETINGS, MEMBERS, SOURCES, columns
from models.roster import REHEARSAL

SEAT = "Probesitz 1"
LISTS = (MEMBERS, DEADLINES, MEETINGS)
_HEAD = """\
DER ORDNER IHRES BÜROS

office.toml     Name, Kontakt, Einstellungen und die Geschäftsordnung Ihres Gremiums
members.csv     wer dazugehört
deadlines.csv   Fristen
meetings.csv    Sitzungen
sources/        Texte, aus denen der Bot antwortet (dort liegt noch ein LIESMICH)

Alles lässt sich mit einem Texteditor ändern, die Listen auch mit Excel oder LibreOffice; statt .csv darf es .xlsx sein.
Danach noch einmal load: es sagt, was sich ändert, und nennt jeden Fehler mit Datei, Zeile und Spalte. Eine Zeile, die
fehlt, ändert nichts; was endet, bekommt einen Eintrag in der Spalte status.

Diese Datei liest der Bot nicht.

ÜBEN: Das Gremium „Probe“ ist dafür da. Wer außer Ihnen mitüben soll, bekommt eine Zeile in members.csv wie Ihre, mit
„Probesitz 2“. Zum Schluss tragen Sie dort in der Spalte status „beendet“ ein; dann bietet der Bot für Abstimmungen und
Sitzungen „Probe“ nicht mehr an.

Erste Zeilen zum Abschreiben für members.csv, unter die Überschriften:

"""
_SOURCES = """\
HIERHER KOMMEN DIE TEXTE, AUS DENEN DER BOT ANTWORTET

Richtlinie, Merkblätter, Geschäftsordnung, Ihre Webseite: als .pdf, .docx, .html, .md oder .txt, jede in einer Datei.
Der Bot zitiert wörtlich und nennt die Fundstelle; was hier nicht steht, beantwortet er nicht.

Zu jeder Datei gehört, was sie ist. In einer .md- oder .txt-Datei steht es ganz oben:

---
title: Richtlinie REGIO AKTIV
publisher: Ministerium für Arbeit
dated: 21.06.2022
rank: directive
---

Zu einer .pdf- oder .docx-Datei steht dasselbe in einer Datei daneben: zu richtlinie.pdf in richtlinie.toml, so:

title = "Richtlinie REGIO AKTIV"
publisher = "Ministerium für Arbeit"
dated = "21.06.2022"
rank = "directive"

Möglich sind außerdem:

"""
_NOT_READ = "\nDiese Datei liest der Bot nicht.\n"


def folder_of(answers: Answers) -> Mapping[str, bytes]:
    """Every file of the folder, by its path in it."""
    return {
        "office.toml": office_toml(answers),
        **{f"{name}.csv": csv_file([columns(name), *rows]) for name, rows in _rows(answers).items()},
        "LIESMICH.txt": read_me(answers),
        "sources/LIESMICH.txt": _text(_SOURCES, _about(SOURCES), _NOT_READ),
    }


def _rows(answers: Answers) -> dict[str, list[list[str]]]:
    staff = ["", "", Role.STAFF, answers.staff, "de", ""]
    practising = [REHEARSAL, SEAT, Role.MEMBER, answers.staff, "de", ""]
    return {MEMBERS: [staff, practising], DEADLINES: [], MEETINGS: []}


def examples(short: str) -> list[list[str]]:
    """First lines of members.csv for whoever writes it."""
    return [
        [short, "IHK Magdeburg", Role.MEMBER, "Vera Muster", "de", ""],
        [short, "IHK Magdeburg", Role.DEPUTY, "Jens Beispiel", "de", ""],
        [short, "", Role.ADVISER, "Karla Klug", "de", ""],
        ["", "Bildungswerk Altmark", Role.SPONSOR, "Sven Schmidt", "de", ""],
    ]


def read_me(answers: Answers) -> bytes:
    """What the folder holds, and what each column means."""
    shown = csv_file(examples(answers.body.short)).decode("utf-8-sig").splitlines()
    return _text(_HEAD, (f"    {line}" for line in shown), "\n", *(_list(name) for name in LISTS))


def _list(name: str) -> Iterator[str]:
    yield f"{name}.csv: {Voice('de').plain(TITLES[name])}"
    yield ""
    yield from _about(name)
    yield ""


def _about(name: str) -> Iterator[str]:
    """Each column of a list, what stands in it, and an example. Of a source only what stands in its own file."""
    for column, needed, meaning, example in columns_explained(Voice("de"), name):
        if name != SOURCES or column != "key":
            shown = f" Beispiel: {' / '.join(example.splitlines())}" if example else ""
            yield f"    {column:<12} {'(nötig) ' if needed else ''}{meaning.removesuffix('.')}.{shown}"


def _text(*parts: str | Iterator[str]) -> bytes:
    """Lines that every editor shows, that of Windows among them."""
    whole = "".join(part if isinstance(part, str) else "".join(f"{line}\n" for line in part) for part in parts)
    return whole.replace("\n", "\r\n").encode("utf-8-sig")
