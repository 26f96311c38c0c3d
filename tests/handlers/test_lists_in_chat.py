import io
from datetime import datetime, timedelta

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from models.deadline import Deadline, Subscription
from models.files import StoredFile
from models.meeting.rows import Meeting
from models.member import Person
from models.outbox import Letter
from tests.auxil.deadlines import FAR, enter, remind_me, tick_area
from tests.auxil.party import COLLEAGUE, SPONSOR, SPONSORED, STAFF, STRANGER, VERA, Party

HEAD = "key;title;kind;areas;due;mode\n"
STABIL = "stabil;Aufruf STABIL;Aufruf;C;15.01.2027 12:00;Posteingang\n"
FAMICO = "famico;Aufruf FAMICO;Aufruf;B;20.01.2027 12:00;elektronisch\n"


async def send(party: Party, who: int, name: str, text: str | bytes) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    await party.hear(party.telegram.upload(who, name, content))
    return party.last_text(who)


def sheet(*rows: tuple[object, ...]) -> bytes:
    book, packed = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(packed)
    return packed.getvalue()


async def test_a_list_is_previewed_and_taken_after_a_tap(party: Party) -> None:
    await enter(party, "Aufruf STABIL", key="stabil", areas=["C"], mode="Posteingang", place="Amt")
    await enter(party, "Alt", key="alt")
    await remind_me(party, STRANGER, 1)
    await tick_area(party, VERA, "B · FAMICO")
    preview = await send(party, STAFF, "deadlines.csv", HEAD + STABIL.replace("15.01", "22.01") + FAMICO)
    assert preview.splitlines() == [
        "Das würde sich ändern (deadlines.csv):",
        "deadlines: neu: famico · Aufruf FAMICO",
        "deadlines: geändert: stabil · Aufruf STABIL: due: bisher „15.01.2027 12:00“, jetzt „22.01.2027 12:00“",
        "deadlines: nicht in der Datei: alt",
        "",
        "Dazu gehen 2 Nachrichten hinaus.",
    ]
    assert party.labels(STAFF) == ["Übernehmen", "Abbrechen"]
    assert [one.revision for one in await party.rows(Deadline)] == [1, 1]
    assert await party.rows(Letter) == []
    await party.tap(STAFF, "Übernehmen")
    assert party.last_text(STAFF).startswith("Übernommen (deadlines.csv):\ndeadlines: neu: famico")
    rows = {row.key: row for row in await party.rows(Deadline)}
    assert rows["stabil"].due_at == FAR + timedelta(days=7)
    assert rows["stabil"].place == "Amt"
    assert any(text.startswith("Eine Frist ist verschoben\n") for text in party.telegram.texts(STRANGER))
    assert party.last_text(VERA).startswith("Neuer Aufruf\n")
    assert await party.rows(StoredFile) == []


async def test_the_same_list_again_says_that_nothing_changed(party: Party) -> None:
    await send(party, STAFF, "deadlines.csv", HEAD + STABIL)
    await party.tap(STAFF, "Übernehmen")
    said = await send(party, STAFF, "deadlines (1).csv", HEAD + STABIL)
    assert said == "Nichts geändert: Die Liste stimmt mit dem überein, was eingetragen ist."
    assert party.labels(STAFF) == []


async def test_a_spreadsheet_is_taken_too(party: Party) -> None:
    row = ("k", "Aufruf", "Aufruf", datetime(2027, 1, 15, 12, 0))  # noqa: DTZ001 - as a spreadsheet has it
    await send(party, STAFF, "deadlines.xlsx", sheet(("key", "title", "kind", "due"), row))
    await party.tap(STAFF, "Übernehmen")
    assert [one.due_at for one in await party.rows(Deadline)] == [FAR]


async def test_every_fault_is_named_and_nothing_taken(party: Party) -> None:
    text = HEAD + STABIL.replace("Aufruf;C", "Wettbewerb;Z") + FAMICO.replace("20.01.2027 12:00", "=heute()")
    assert (await send(party, STAFF, "deadlines.csv", text)).splitlines() == [
        "Nichts wird übernommen, 3 Angaben stimmen nicht:",
        (
            "deadlines.csv, Zeile 2, Spalte kind: „Wettbewerb“ ist keine Art von Frist; möglich sind: "
            "Aufruf, Antrag, Mittelabruf, Verwendungsnachweis, Sachbericht, Sonstiges"
        ),
        (
            "deadlines.csv, Zeile 2, Spalte areas: „Z“ ist kein Förderbereich; möglich sind A bis M, "
            "durch Leerzeichen getrennt"
        ),
        "deadlines.csv, Zeile 3, Spalte due: eine Formel; bitte den Wert selbst eintragen",
    ]
    assert party.labels(STAFF) == []
    assert await party.rows(StoredFile) == []


async def test_a_long_list_is_cut(party: Party) -> None:
    rows = "".join(f"k{number};Frist {number};Antrag;;15.01.2027 12:00;\n" for number in range(100))
    said = await send(party, STAFF, "deadlines.csv", HEAD + rows)
    assert said.splitlines()[-3:] == ["… und 60 weitere Zeilen", "", "Dazu geht keine Nachricht hinaus."]


@pytest.mark.parametrize("who", [STRANGER, VERA, SPONSOR])
async def test_a_list_of_anyone_else_is_a_file_that_cannot_be_read(party: Party, who: int) -> None:
    said = await send(party, who, "deadlines.csv", HEAD + STABIL)
    assert said.startswith("Ich kann hier nur Text lesen.")
    assert await party.rows(Deadline) == []
    await send(party, STAFF, "deadlines.csv", HEAD + STABIL)
    data = party.telegram.buttons(party.telegram.last(STAFF))["Übernehmen"]
    await party.hear(party.telegram.tap_data(who, data, party.telegram.last(who)))
    assert party.toast() == "Das darf nur die ReKo."
    assert await party.rows(Deadline) == []


async def test_a_dropped_list_leaves_nothing_and_a_second_tap_says_so(party: Party) -> None:
    await send(party, STAFF, "deadlines.csv", HEAD + STABIL)
    data = party.telegram.buttons(party.telegram.last(STAFF))["Übernehmen"]
    await party.tap(STAFF, "Abbrechen")
    assert party.last_text(STAFF) == "Abgebrochen. Nichts wurde übernommen."
    await party.hear(party.telegram.tap_data(STAFF, data, party.telegram.last(STAFF)))
    assert party.toast().startswith("Das ist schon geschehen.")
    assert await party.rows(Deadline) == []
    assert await party.rows(StoredFile) == []


async def test_what_a_colleague_did_in_between_is_seen_at_the_tap(party: Party) -> None:
    await send(party, STAFF, "deadlines.csv", HEAD + STABIL)
    await send(party, COLLEAGUE, "deadlines.csv", HEAD + STABIL)
    await party.tap(COLLEAGUE, "Übernehmen")
    await party.tap(STAFF, "Übernehmen")
    assert party.last_text(STAFF).startswith("Nichts geändert")
    assert len(await party.rows(Deadline)) == 1


async def test_a_list_beside_a_form_that_wants_no_file_is_a_list(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Frist]", "Titel")
    await send(party, STAFF, "deadlines.csv", HEAD + STABIL)
    await party.tap(STAFF, "Übernehmen")
    assert len(await party.rows(Deadline)) == 1


async def test_only_the_lists_tap_takes_a_list(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]", "Titel", "Text")
    await send(party, STAFF, "deadlines.csv", HEAD + STABIL)  # an attachment, since the form asks for one
    [file] = await party.rows(StoredFile)
    await party.hear(party.telegram.tap_data(STAFF, f"ta:{file.id + 1}:take", party.telegram.last(STAFF)))
    assert party.toast().startswith("Das ist schon geschehen.")
    await party.fill(STAFF, "[Abbrechen]")
    await send(party, STAFF, "bericht.odt", b"PK")
    assert party.last_text(STAFF).startswith("Ich kann hier nur Text lesen.")


async def test_members_and_meetings_come_in_the_same_way(party: Party) -> None:
    await enter(party, "Sachbericht", audience="traeger:Neu gGmbH")
    members = f"body;mandate;role;name\n;Neu gGmbH;traeger;Sven Träger\n;{SPONSORED};traeger;Nora Neu\n"
    assert "members: neu: Nora Neu (traeger, " in await send(party, STAFF, "members.csv", members)
    await party.tap(STAFF, "Übernehmen")
    async with party.database.read() as session:
        assert await session.scalar(select(Person).where(Person.name == "Nora Neu"))
    # Sven speaks for another sponsor as well now, and is reminded of its deadline.
    assert [one.telegram_id for one in await party.rows(Subscription)] == [SPONSOR]
    meetings = "key;body;title;start;end\ns;RAK Stendal;Sitzung;15.01.2027 10:00;12:00\n"
    said = await send(party, STAFF, "meetings.csv", meetings)
    assert said.endswith("Neue Sitzungen warten unter /buero, bis Sie auf „Einladen“ tippen.")
    await party.tap(STAFF, "Übernehmen")
    assert [one.invited_at for one in await party.rows(Meeting)] == [None]
    assert [one for one in await party.rows(Letter) if one.kind == "invitation"] == []
