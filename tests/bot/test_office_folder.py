from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.folder_words import _SOURCES, say_fault
from bot.office_folder import LARGEST, load, read_folder
from handlers.office.list_words import REASONS
from models.base import Database
from models.knowledge import Fault as SourceFault
from models.knowledge import editions_in_force
from models.member import Person
from models.roll import Fault, FolderFaults
from models.selection import lists
from tests.auxil.papers import TOML, pdf, word

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MEMBERS = "body;mandate;role;name;language;status\n;;buero;Anna Adler;de;\n;Lernwerk;traeger;Ben Bach;;\n"
DEADLINES = "key;title;kind;due;leads;shift\nk1;Aufruf STABIL;Aufruf;20.03.2026 12:00;14 7;nein\n"
MEETINGS = "key;body;title;start;end\ns1;RAK;Sitzung;25.03.2026 14:00;16:00\n"
OFFICE = 'name = "ReKo"\n[[body]]\nname = "Arbeitskreis"\nshort = "RAK"\n'
SOURCE = (
    "---\ntitle: Merkblatt\npublisher: Musteramt\ndated: 2026-01-02\nrank: office\n---\n\nDer Antrag geht an das Amt.\n"
)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    (folder / "sources").mkdir(parents=True)
    texts = {"office.toml": OFFICE, "members.csv": MEMBERS, "deadlines.csv": DEADLINES, "meetings.csv": MEETINGS}
    for name, text in (texts | {"sources/merkblatt.md": SOURCE}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


async def loaded(database: Database, folder: Path) -> tuple[str, ...]:
    async with database.begin() as session:
        return (await load(session, read_folder(folder), NOW)).lines


async def refused(database: Database, folder: Path) -> list[str]:
    with pytest.raises(FolderFaults) as found:
        await loaded(database, folder)
    return [say_fault(fault) for fault in found.value.faults]


async def test_a_first_load_names_what_is_new(sqlite_database: Database, office: Path) -> None:
    assert await loaded(sqlite_database, office) == (
        "office.toml: name: bisher (leer), jetzt „ReKo“",
        "office.toml: neu: RAK · Arbeitskreis",
        "members: neu: Anna Adler (buero)",
        "members: neu: Ben Bach (traeger, Lernwerk)",
        "deadlines: neu: k1 · Aufruf STABIL",
        "meetings: neu: s1 · Sitzung",
        "sources: neu: merkblatt",
    )


async def test_a_second_load_says_that_nothing_changed(database: Database, office: Path) -> None:
    await loaded(database, office)
    assert await loaded(database, office) == ("nichts geändert",)


async def test_what_is_not_read_is_named(sqlite_database: Database, office: Path) -> None:
    for folder in ("quellen", "sources/2026", ".git"):
        (office / folder).mkdir()
    for name in ("members.ods", "Thumbs.db", "~$members.xlsx", ".~lock.members.ods#"):
        write(office, name, "x")
    read = "gelesen werden office.toml, members, deadlines und meetings als .csv oder .xlsx, Texte im Ordner sources"
    assert (await loaded(sqlite_database, office))[-4:] == (
        f"Thumbs.db: nicht gelesen; {read}",
        f"members.ods: nicht gelesen; {read}",
        "quellen/: nicht gelesen; gelesen wird der Ordner sources, ohne Ordner darin",
        "sources/2026/: nicht gelesen; gelesen wird der Ordner sources, ohne Ordner darin",
    )


async def test_changes_are_told_old_to_new(sqlite_database: Database, office: Path) -> None:
    await loaded(sqlite_database, office)
    write(office, "deadlines.csv", DEADLINES.replace("20.03.2026 12:00;14 7;nein", "27.03.2026 12:00;14;ja"))
    write(office, "office.toml", OFFICE + "charter = { notice_days = 14 }\n")
    write(office, "members.csv", MEMBERS.replace("Anna Adler;de", "Anna Adler;en"))
    write(office, "sources/merkblatt.md", SOURCE.replace("das Amt", "das Landesverwaltungsamt"))
    assert await loaded(sqlite_database, office) == (
        "office.toml: geändert: RAK · Arbeitskreis: charter.notice_days: bisher „7“, jetzt „14“",
        "members: geändert: Anna Adler (buero): language: bisher „de“, jetzt „en“",
        (
            "deadlines: geändert: k1 · Aufruf STABIL: due: bisher „20.03.2026 12:00“, jetzt „27.03.2026 12:00“; "
            "leads: bisher „14 7“, jetzt „14“; shift: bisher „nein“, jetzt „ja“"
        ),
        "sources: neue Ausgabe: merkblatt",
    )


async def test_what_is_not_in_the_folder_is_named_and_stays(sqlite_database: Database, office: Path) -> None:
    await loaded(sqlite_database, office)
    write(office, "members.csv", MEMBERS.split(";Lernwerk", maxsplit=1)[0])
    (office / "sources/merkblatt.md").rename(office / "sources/neues.md")
    assert await loaded(sqlite_database, office) == (
        "members: nicht in der Datei: Ben Bach (traeger, Lernwerk)",
        "sources: neu: neues",
        "sources: nicht in der Datei: merkblatt",
    )
    async with sqlite_database.read() as session:
        assert len(await editions_in_force(session)) == 2


async def test_every_fault_is_one_line_with_its_place(sqlite_database: Database, office: Path) -> None:
    write(office, "members.csv", MEMBERS + "\n;;chef;Cem Celik;fr;\n")
    write(office, "office.toml", OFFICE.replace('name = "ReKo"', "name = 7"))
    write(office, "sources/merkblatt.md", SOURCE.replace("2026-01-02", "neulich"))
    said = await refused(sqlite_database, office)
    assert said[0] == (
        "members.csv, Zeile 5, Spalte role: „chef“ ist keine Rolle; möglich sind: "
        "mitglied, stellvertretung, beratend, gast, buero, traeger"
    )
    assert (
        said[1]
        == "members.csv, Zeile 5, Spalte language: „fr“ ist keine Sprache des Bots; möglich sind: de, leicht, en"
    )
    assert said[2] == "office.toml, Zeile 1, name: hier steht ein Text in Anführungszeichen"
    assert said[3].startswith("sources/merkblatt.md, Zeile 4, dated: „neulich“ ist kein Datum")
    async with sqlite_database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Person)) == 0


async def test_a_folder_without_an_office_is_refused(sqlite_database: Database, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        said = await refused(sqlite_database, folder)
        assert said == [f"{folder}: hier liegt kein Büro-Ordner: keine der Listen und keine Quelle"]


def test_files_of_others_are_left_alone(office: Path) -> None:
    for name in ("~$members.xlsx", ".~lock.members.csv#", "notizen.txt", "sources/.DS_Store"):
        write(office, name, "nothing of ours")
    folder = read_folder(office)
    assert set(folder.lists) == {"office.toml", "members.csv", "deadlines.csv", "meetings.csv"}
    assert set(folder.sources) == {"merkblatt.md"}


def test_a_huge_file_is_not_read(office: Path) -> None:
    with (office / "members.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(FolderFaults) as found:
        read_folder(office)
    assert [say_fault(fault) for fault in found.value.faults] == ["members.csv: die Datei ist zu groß"]


def reasons(docstring: str | None) -> set[str]:
    assert docstring is not None
    return set(docstring.split("Reasons:")[1].split("``")[1::2]) - {"row"}


def test_every_reason_has_its_sentence() -> None:
    spoken = {*_SOURCES, *REASONS}
    assert reasons(Fault.__doc__) | {"no office"} <= spoken
    assert reasons(SourceFault.__doc__) <= spoken
    known = reasons(Fault.__doc__) | reasons(SourceFault.__doc__) | reasons(lists.__doc__)
    assert spoken <= known | {"no office", "unknown kind of file"}


def test_a_detail_with_braces_is_said_as_it_stands() -> None:
    fault = Fault("members.xlsx", 2, "role", "unknown role", "{0}")
    assert say_fault(fault).startswith("members.xlsx, Zeile 2, Spalte role: „{0}“ ist keine Rolle")


async def test_a_pdf_and_a_word_document_are_sources_with_their_details_beside_them(
    sqlite_database: Database, office: Path
) -> None:
    (office / "sources/richtlinie.pdf").write_bytes(pdf("= 7 Verfahren\n7.2 Es gibt einen Wettbewerb."))
    (office / "sources/hinweis.docx").write_bytes(word(("Normal", "Ein Hinweis.")))
    assert await refused(sqlite_database, office) == [
        f"sources/{name}.toml, {field}: hier fehlt eine Angabe"
        for name in ("hinweis", "richtlinie")
        for field in ("title", "publisher", "rank")
    ]
    for name in ("hinweis", "richtlinie"):
        write(office, f"sources/{name}.toml", TOML)
    said = await loaded(sqlite_database, office)
    assert said[-3:] == ("sources: neu: hinweis", "sources: neu: merkblatt", "sources: neu: richtlinie")
    assert (await loaded(sqlite_database, office))[0] == "nichts geändert"


async def test_faults_of_documents_are_named_each_in_one_line(sqlite_database: Database, office: Path) -> None:
    (office / "sources/scan.pdf").write_bytes(pdf("#rect()", style=""))
    (office / "sources/alt.docx").write_bytes(b"\xd0\xcf\x11\xe0")
    write(office, "sources/kaputt.html", SOURCE + "\n<p>Kaputt \ufffd</p>")
    write(office, "sources/merkblatt.md", SOURCE.replace("rank: office", "rank: office\ncontradicts: nichts"))
    assert await refused(sqlite_database, office) == [
        (
            "sources/alt.docx: die Datei hat ein Kennwort oder ein altes Word-Format; "
            "bitte ohne Kennwort als .pdf oder .docx speichern"
        ),
        "sources/kaputt.html, Zeile 10: der Text ist beschädigt",
        "sources/merkblatt.md, Zeile 6, contradicts: eine Quelle „nichts“ gibt es nicht",
        (
            "sources/scan.pdf: das PDF enthält keinen Text, es ist wohl eingescannt; "
            "bitte mit Texterkennung (OCR) neu speichern"
        ),
    ]


async def test_an_edition_for_later_is_said_with_its_day(sqlite_database: Database, office: Path) -> None:
    await loaded(sqlite_database, office)
    write(office, "sources/merkblatt.md", SOURCE.replace("rank", "valid_from: 01.01.2027\nrank").replace("Amt", "Haus"))
    assert "sources: neue Ausgabe, gilt ab 01.01.2027: merkblatt" in await loaded(sqlite_database, office)
    assert (await loaded(sqlite_database, office))[0] == "nichts geändert"
