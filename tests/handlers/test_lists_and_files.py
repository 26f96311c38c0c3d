"""„Listen und Dateien": templates that can be sent back, the lists as they stand, and the list of the sources."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from handlers.office.files.hints import HINTS
from handlers.office.files.tables import PROJECTS, STANDING, TITLES, definition, standing_rows, template
from handlers.papers.sheets import csv_file
from handlers.speech import File
from locales import SHIPPED, Voice
from models import drafts
from models.calendar import Calendar
from models.deadline import Deadline
from models.files import StoredFile
from models.knowledge import Edition, Rank
from models.meeting.rows import Meeting
from models.roll import DEADLINES, MEMBERS, SOURCES, prepare
from models.roll.lists import read_list
from models.roll.tables import read_table
from models.selection.lists import ListFaults, projects_listed
from models.spreadsheet.marks import neutral
from tests.auxil.asking import load, source
from tests.auxil.deadlines import enter
from tests.auxil.party import SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.spreadsheets import Calc, by_openpyxl

NOT_SO = "Das darf nur die ReKo."


async def sent(party: Party, name: str, content: bytes, who: int = STAFF) -> str:
    await party.hear(party.telegram.upload(who, name, content))
    return party.last_text(who)


def received(party: Party, who: int, count: int) -> list[File]:
    """The newest files that somebody was sent."""
    calls = party.telegram.sent("sendDocument", who)
    return [File(*file) for one in calls[-count:] for file in one.files.values()]


# --- templates


@pytest.mark.parametrize("kind", TITLES)
def test_a_template_is_read_by_the_reader_it_is_for_and_holds_nothing(kind: str) -> None:
    for one in template(Voice("de"), kind):
        known = definition(kind)
        lines, faults = read_table(one.name, one.content, known.columns, known.required)
        assert (lines, faults) == ([], [])
        if kind not in {SOURCES, PROJECTS}:
            assert read_list(one.name, kind, one.content, Calendar()) == ([], [])


@pytest.mark.parametrize("kind", TITLES)
def test_every_column_is_explained_and_offers_the_words_that_are_taken(kind: str) -> None:
    known = definition(kind)
    assert tuple(HINTS[kind]) == tuple(known.columns)
    _, packed = template(Voice("de"), kind)
    book = load_workbook(BytesIO(packed.content))
    assert book.sheetnames == [kind, "Hinweise"]
    assert [cell.value for cell in book[kind][1]] == list(known.columns)
    assert [row[0].value for row in book["Hinweise"].iter_rows(min_row=2)] == list(known.columns)
    offered = {str(one.sqref)[0]: one.formula1 for one in book[kind].data_validations.dataValidation}
    letters = "ABCDEFGHIJKLMNOP"
    assert offered == {
        letters[known.columns.index(column)]: f'"{",".join(words)}"' for column, words in known.choices.items()
    }


@pytest.mark.parametrize("kind", [*STANDING, PROJECTS])
def test_the_examples_and_the_words_that_are_offered_can_be_taken(kind: str) -> None:
    known = definition(kind)
    example = {column: HINTS[kind][column].example for column in known.columns}
    rows = [list(example.values())]
    for column, words in known.choices.items():
        rows += [
            list((example | {column: word, "key": f"{column}-{word}"}).values())[: len(known.columns)] for word in words
        ]
    content = csv_file([known.columns, *rows])
    if kind == PROJECTS:
        assert [one.applied for one in projects_listed("p.csv", content)] == [120_000_00]
    elif kind != SOURCES:
        _, faults = read_list(f"{kind}.csv", kind, content, Calendar())
        # Other roles ask for other columns to be filled.
        assert [one for one in faults if one.reason not in {"missing", "must be empty"}] == []


@pytest.mark.parametrize("language", SHIPPED)
def test_templates_speak_the_readers_language(language: str) -> None:
    notes = load_workbook(BytesIO(template(Voice(language), MEMBERS)[1].content)).worksheets[1]
    assert notes["A1"].value == ("Column" if language == "en" else "Spalte")


async def test_a_template_comes_after_three_taps(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Listen und Dateien")
    said = party.last_text(STAFF)
    assert said.startswith("Listen und Dateien\n\nSenden Sie mir members, deadlines, meetings oder sources")
    assert party.labels(STAFF) == ["Vorlagen", "Aktueller Stand", "Büro"]
    await party.tap(STAFF, "Vorlagen")
    assert party.labels(STAFF) == [
        "Mitglieder und Rollen", "Fristen", "Sitzungen", "Quellen", "Projekte einer Auswahl", "Zurück",
    ]  # fmt: skip
    await party.tap(STAFF, "Zurück")
    await party.tap(STAFF, "Vorlagen")
    await party.tap(STAFF, "Fristen")
    assert [one.name for one in received(party, STAFF, 2)] == ["deadlines.csv", "deadlines.xlsx"]


@pytest.mark.parametrize("who", [STRANGER, VERA, SPONSOR])
@pytest.mark.parametrize("data", ["o:lists:0", "li:now:members", "li:template:", "li:now:projects", "li:all:members"])
async def test_nobody_but_staff_gets_a_list(party: Party, who: int, data: str) -> None:
    await party.write(who, "/start")
    await party.hear(party.telegram.tap_data(who, data, party.telegram.last(who)))
    assert party.toast() == NOT_SO
    assert received(party, who, 2) == []


@pytest.mark.parametrize("data", ["li:now:projects", "li:all:members", "li:now:office", "li:template:x"])
async def test_a_list_that_does_not_exist_is_refused(party: Party, data: str) -> None:
    await party.write(STAFF, "/buero")
    await party.hear(party.telegram.tap_data(STAFF, data, party.telegram.last(STAFF)))
    assert received(party, STAFF, 2) == []


# --- as it stands


async def furnish(party: Party) -> None:
    """Rows from lists and from the chat, with everything a cell may hold."""
    await enter(party, "=cmd|'/C calc'!A0", key="formel", areas=["B", "C"], leads=[7], budget="'=1", place="+49 3931")
    await enter(party, "Aus dem Chat", mode="Posteingang", audience="RAK Stendal")
    await enter(party, "Zwei Uhr", datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    await enter(party, "Abgesagt", key="weg", status="abgesagt", opens_at=party.clock.now)
    meeting = {
        "body_id": 1,
        "starts_at": party.clock.now + timedelta(days=9),
        "ends_at": party.clock.now + timedelta(days=10),
    }
    async with party.database.begin() as session:
        session.add(Meeting(title="Mit Kurznamen", key="m", uid="1", agenda="Begrüßung\nBeschluss: =1+1", **meeting))
        session.add(Meeting(title="Ohne", uid="2", invited_at=party.clock.now, **meeting))
    await load(party, alt=source("Es gibt Mondreisen."), neu=source("Es gibt keine Mondreisen."))


@pytest.mark.parametrize("kind", STANDING)
async def test_a_list_sent_back_as_it_came_changes_nothing(party: Party, kind: str) -> None:
    await furnish(party)
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Listen und Dateien")
    await party.tap(STAFF, "Aktueller Stand")
    await party.tap(STAFF, Voice("de").plain(TITLES[kind]))
    for one in received(party, STAFF, 2):
        said = await sent(party, one.name, one.content)
        assert said == "Nichts geändert: Die Liste stimmt mit dem überein, was eingetragen ist."
    assert await party.rows(StoredFile) == []


async def test_a_list_edited_in_another_program_changes_what_was_edited(party: Party) -> None:
    await furnish(party)
    async with party.database.read() as session:
        rows = await standing_rows(session, DEADLINES)
    columns = definition(DEADLINES).columns
    chat = next(row for row in rows if row[0] == "frist-2")
    chat[columns.index("due")] = datetime(2027, 2, 1, 12, 0)  # type: ignore[call-overload]  # noqa: DTZ001 - typed in Calc
    written = [[neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    said = await sent(party, "deadlines.xlsx", Calc([columns, *written]).saved())
    assert [line for line in said.splitlines() if "geändert:" in line] == [
        "deadlines: geändert: frist-2 · Aus dem Chat: due: bisher „15.01.2027 12:00“, jetzt „01.02.2027 12:00“"
    ]
    await party.tap(STAFF, "Übernehmen")
    found = {one.number: one for one in await party.rows(Deadline)}
    assert found[2].due_at == datetime(2027, 2, 1, 11, tzinfo=UTC)
    assert found[2].key is None
    assert len(found) == 4


async def test_a_key_of_the_offices_own_that_looks_like_a_number_is_nobody_elses(party: Party) -> None:
    await enter(party, "Erste", key="frist-2")
    await enter(party, "Zweite")
    async with party.database.read() as session:
        rows = await standing_rows(session, DEADLINES)
        assert [row[0] for row in rows] == ["frist-2", "frist-2-"]
        difference = await prepare(session, {"deadlines.csv": csv_file([definition(DEADLINES).columns, *rows])})
    assert difference.empty


# --- the list of the sources


@pytest.fixture
async def sources(party: Party) -> Party:
    await load(party, alt=source("Es gibt Mondreisen."), neu=source("Es gibt keine Mondreisen."))
    return party


async def test_what_is_said_of_sources_is_changed_for_many_at_once(sources: Party) -> None:
    rows = [
        ["key", "valid_until", "rank", "url", "contradicts"],
        ["alt", date(2026, 12, 31), "press", "https://example.org/a", "neu"],
        ["neu", "", "guidance", "", ""],
    ]
    said = await sent(sources, "sources.xlsx", by_openpyxl(rows))
    assert said.splitlines()[0] == "Das würde sich ändern (sources.xlsx):"
    assert "valid_until: bisher (leer), jetzt „31.12.2026“" in said
    assert "contradicts: bisher (leer), jetzt „neu“" in said
    await sources.tap(STAFF, "Übernehmen")
    found = {one.key: one for one in await sources.rows(Edition)}
    assert found["alt"].valid_until == date(2026, 12, 31)
    assert (found["alt"].rank, found["alt"].contradicts) == ("press", ["neu"])
    assert found["neu"].rank == "guidance"
    assert len(found) == 2
    assert (await sent(sources, "sources (1).xlsx", by_openpyxl(rows))).startswith("Nichts geändert")
    assert await sources.rows(StoredFile) == []


async def test_faults_of_the_list_of_sources_are_named_all_at_once(sources: Party) -> None:
    text = (
        "key;title;publisher;valid_from;valid_until;rank;contradicts\n"
        "fort;Titel;Amt;;;press;\n"
        "alt;;Amt;01.02.2027;01.01.2027;König;nirgends\n"
        "neu;=1+1;Amt;bald;;office;\n"
        "neu;Titel;Amt;;;office;\n"
    )
    assert (await sent(sources, "sources.csv", text.encode())).splitlines() == [
        "Nichts wird übernommen, 8 Angaben stimmen nicht:",
        "sources.csv, Zeile 2, Spalte key: eine Quelle „fort“ gibt es nicht",
        "sources.csv, Zeile 3, Spalte title: hier fehlt eine Angabe",
        "sources.csv, Zeile 3, Spalte valid_until: die Gültigkeit endet vor ihrem Beginn",
        f"sources.csv, Zeile 3, Spalte rank: „König“ ist kein Rang; möglich sind: {', '.join(Rank)}",
        "sources.csv, Zeile 3, Spalte contradicts: eine Quelle „nirgends“ gibt es nicht",
        "sources.csv, Zeile 4, Spalte title: eine Formel; bitte den Wert selbst eintragen",
        "sources.csv, Zeile 4, Spalte valid_from: „bald“ ist kein Datum; so geht es: 21.06.2022",
        "sources.csv, Zeile 5, Spalte key: dasselbe steht schon in Zeile 4",
    ]
    assert {one.rank for one in await sources.rows(Edition)} == {"directive"}


async def test_a_source_may_be_named_by_its_title(sources: Party) -> None:
    async with sources.database.begin() as session:
        [_, new] = [await session.get_one(Edition, one.id) for one in await sources.rows(Edition)]
        new.title = "Richtlinie über Mondreisen"
    said = await sent(sources, "sources.csv", "key;contradicts\nalt;richtlinie über mondreisen\n".encode())
    assert "contradicts: bisher (leer), jetzt „neu“" in said
    twice = await sent(sources, "sources.csv", b"key;contradicts\nalt;Mond reisen\n")
    assert "eine Quelle „Mond“ gibt es nicht" in twice


# --- what else is sent


async def test_a_table_of_another_name_or_format_gets_a_sentence(party: Party) -> None:
    said = await sent(party, "Mitgliederliste.xlsx", by_openpyxl([["a"]]))
    assert said.startswith("Eine Liste erkenne ich an ihrem Namen: members, deadlines")
    assert party.labels(STAFF) == ["Listen und Dateien"]
    said = await sent(party, "members.ods", b"PK")
    assert said == "„members.ods“: Dieses Format lese ich nicht. Bitte speichern Sie die Liste als .xlsx oder .csv."
    said = await sent(party, "members.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert said.endswith(
        "die Datei hat ein Kennwort oder ist eine alte Excel-Datei; bitte ohne Kennwort als .xlsx oder .csv speichern"
    )
    assert (await sent(party, "Liste.csv", b"a;b", VERA)).startswith("Ich kann hier nur Text lesen.")


async def test_a_cell_of_thousands_of_letters_is_not_told_whole(party: Party) -> None:
    said = await sent(party, "deadlines.csv", f"key;title;kind;due\nk;T;Antrag;{'x' * 30_000}\n".encode())
    assert len(said) < 500
    assert "…" in said


# --- projects


@pytest.mark.parametrize("write", [by_openpyxl, lambda rows: Calc(rows).saved(), csv_file])
def test_projects_are_the_same_however_they_are_written(write: object) -> None:
    rows = [["titel", "traeger", "summe"], ["Lernwerkstatt", "Altmark e. V.", "120.000,50"], ["B", "C", "1"]]
    if write is not csv_file:
        rows[1][2] = 120000.5  # type: ignore[call-overload]
    found = projects_listed("p.xlsx" if write is not csv_file else "p.csv", write(rows))  # type: ignore[operator]
    assert [(one.number, one.title, one.sponsor, one.applied) for one in found] == [
        (1, "Lernwerkstatt", "Altmark e. V.", 120_000_50),
        (2, "B", "C", 100),
    ]


def test_faults_of_projects_are_named_by_row_and_column_in_a_workbook_too() -> None:
    rows = [["Titel", "Träger", "Summe"], ["", "A", "viel"], ["=A1", "B", 0], ["C", "", 5]]
    with pytest.raises(ListFaults) as refused:
        projects_listed("projekte.xlsx", Calc(rows).saved())
    assert [(one.row, one.column, one.reason) for one in refused.value.faults] == [
        (2, "summe", "not an amount"),
        (2, "titel", "missing"),
        (3, "summe", "not an amount"),
        (3, "titel", "formula"),
        (4, "traeger", "missing"),
    ]


# --- what may be added to a new source


async def test_a_new_source_can_have_a_last_day_an_address_and_what_it_contradicts(sources: Party) -> None:
    front = "---\ntitle: Hinweis\npublisher: Amt\ndated: 2026-01-02\nvalid_from: 02.01.2026\nrank: press\n---\n"
    await sent(sources, "hinweis.md", (front + "Es gibt Sonnenreisen.").encode())
    await sources.fill(STAFF, "[Nein, es ist neu]")
    assert sources.labels(STAFF)[1:4] == ["Gültig bis …", "Adresse (URL) …", "Widerspricht …"]
    await sources.fill(STAFF, "[Gültig bis …]", "01.01.2026")
    assert "Das liegt vor dem ersten Tag" in sources.last_text(STAFF)
    await sources.fill(STAFF, "31.12.2026", "[Adresse (URL) …]", "javascript:alert(1)")
    assert "Das konnte ich nicht als Adresse lesen" in sources.last_text(STAFF)
    await sources.fill(STAFF, "https://example.org/h", "[Widerspricht …]")
    title = next(label for label in sources.labels(STAFF) if label not in {"Weiter", "Zurück", "Abbrechen"})
    await sources.fill(STAFF, f"[{title}]", "[Weiter]")
    assert "Gültig bis: 31.12.2026\nAdresse: https://example.org/h\nWiderspricht: " in sources.last_text(STAFF)
    await sources.tap(STAFF, "Übernehmen")
    new = next(one for one in await sources.rows(Edition) if one.key == "hinweis")
    assert (new.valid_until, new.url, len(new.contradicts)) == (date(2026, 12, 31), "https://example.org/h", 1)
    assert await sources.rows(drafts.Draft) == []
