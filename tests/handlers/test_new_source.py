"""A document that staff sends becomes a source."""

from datetime import date, timedelta

import pytest

from models.drafts import Draft
from models.files import StoredFile
from models.knowledge import Edition, Passage
from tests.auxil.asking import load, passages, source
from tests.auxil.papers import pdf, word
from tests.auxil.party import STAFF, VERA, Party

PAPER = word(
    ("Title", "Merkblatt zum Nachweis"),
    ("Heading 1", "7.2 Belege"),
    ("Normal", "Belege über Mondreisen sind zwölf Jahre lang aufzubewahren."),
    ("Heading 1", "7.3 Frist"),
    ("Normal", "Der Nachweis wird nach dem Ende der Reise vorgelegt."),
)


async def send(party: Party, name: str, content: bytes, who: int = STAFF) -> None:
    await party.hear(party.telegram.upload(who, name, content))


async def test_a_document_is_asked_about_previewed_and_quoted(party: Party) -> None:
    await send(party, "merkblatt.docx", PAPER)
    assert party.last_text(STAFF).startswith("Wie heißt das Dokument?")
    assert party.labels(STAFF) == ["Merkblatt zum Nachweis", "Abbrechen"]
    await party.tap(STAFF, "Merkblatt zum Nachweis")
    assert party.last_text(STAFF).startswith("Wer gibt es heraus?")
    await party.write(STAFF, "Landesamt")
    assert party.last_text(STAFF).startswith("Welches Datum")
    await party.write(STAFF, "31.02.2026")
    assert "Das konnte ich nicht als Datum lesen" in party.last_text(STAFF)
    await party.fill(STAFF, "21.06.2026", "[Weiter]")
    assert party.labels(STAFF)[:2] == ["Richtlinie oder Gesetz", "Merkblatt oder Hinweis einer Behörde"]
    await party.tap(STAFF, "Merkblatt oder Hinweis einer Behörde")
    assert party.last_text(STAFF).split("\n") == [
        "Vorschau – 2 Stellen können zitiert werden, die erste so:",
        "",
        "Belege über Mondreisen sind zwölf Jahre lang aufzubewahren.",
        "",
        "Fundstelle: Merkblatt zum Nachweis, Landesamt, Nr. 7.2 Belege",
        "Stand: 21.06.2026",
        "",
        "Abschnitte:",
        "Nr. 7.2 Belege",
        "Nr. 7.3 Frist",
    ]
    assert await party.rows(Edition) == []
    await party.tap(STAFF, "Übernehmen")
    assert party.last_text(STAFF) == "„Merkblatt zum Nachweis“ steht in der Wissensbasis."
    [edition] = await party.rows(Edition)
    assert (edition.key, edition.rank, edition.dated, edition.valid_from) == (
        "merkblatt", "guidance", date(2026, 6, 21), None,
    )  # fmt: skip
    assert await party.rows(StoredFile) == []
    assert await party.rows(Draft) == []
    assert [quote.text for quote in await passages(party)] == [
        "Belege über Mondreisen sind zwölf Jahre lang aufzubewahren.",
        "Der Nachweis wird nach dem Ende der Reise vorgelegt.",
    ]


async def test_what_the_document_says_itself_is_not_asked(party: Party) -> None:
    front = "---\ntitle: Hinweis\npublisher: Amt\ndated: 2026-01-02\nvalid_from: 02.01.2026\nrank: press\n---\n"
    await send(party, "hinweis.md", (front + "Es gibt keine Mondreisen.").encode())
    assert party.last_text(STAFF).startswith("Vorschau – 1 Stelle kann zitiert werden, so:")
    await party.tap(STAFF, "Übernehmen")
    [edition] = await party.rows(Edition)
    assert (edition.title, edition.rank, edition.valid_from) == ("Hinweis", "press", date(2026, 1, 2))
    await send(party, "hinweis.md", (front + "Es gibt keine Mondreisen.").encode())
    await party.tap(STAFF, "Übernehmen")
    assert party.last_text(STAFF) == "„Hinweis“ stand schon in der Wissensbasis. Nichts hat sich geändert."


async def test_a_new_edition_names_what_it_replaces_and_waits_for_its_day(party: Party) -> None:
    await load(party, alt=source("Belege sind zwölf Jahre lang aufzubewahren."))
    [old] = await party.rows(Edition)
    await send(party, "neu.docx", PAPER)
    assert party.labels(STAFF) == ["Nein, es ist neu", old.title, "Abbrechen"]
    await party.fill(STAFF, f"[{old.title}]", "[Merkblatt zum Nachweis]", "Landesamt", "[Weiter]", "01.01.2027")
    await party.tap(STAFF, "Webseite")
    assert party.last_text(STAFF).endswith(f"Ab 01.01.2027 antwortet es anstelle von „{old.title}“.")
    await party.tap(STAFF, "Übernehmen")
    editions = await party.rows(Edition)
    assert [(one.key, one.waiting) for one in editions] == [(old.key, False), (old.key, True)]


async def test_a_pdf_is_quoted_with_its_page(party: Party) -> None:
    await send(party, "a.pdf", pdf("= Belege\nBelege sind aufzubewahren, auch die kleinen."))
    await party.fill(STAFF, "[Belege]", "Amt", "[Weiter]", "[Weiter]", "[Presse]")
    assert "Fundstelle: Belege, Amt, Seite 1" in party.last_text(STAFF)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", pdf("#rect()", style=""), "Das PDF enthält keinen Text"),
        ("a.pdf", b"%PDF", "Die Datei ist beschädigt"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "Die Datei hat ein Kennwort"),
        ("a.txt", "Ein Satz.\nKaputt \ufffd.".encode(), "Der Text der Datei ist in Zeile 2 beschädigt."),
        ("a.txt", b"", "Die Datei enthält keinen Text."),
        ("a.md", b"---\ntitle: T\n", "Die Angaben am Anfang der Datei lassen sich nicht lesen, siehe Zeile 1."),
    ],
)
async def test_what_cannot_be_taken_is_said(party: Party, name: str, content: bytes, said: str) -> None:
    await send(party, name, content)
    assert party.last_text(STAFF).startswith(said)
    assert await party.rows(Draft) == []


async def test_others_cannot_send_sources(party: Party) -> None:
    await send(party, "a.docx", PAPER, VERA)
    assert party.last_text(VERA).startswith("Ich kann hier nur Text lesen.")
    assert await party.rows(StoredFile) == []


async def test_what_was_never_taken_is_forgotten(party: Party) -> None:
    await send(party, "a.docx", PAPER)
    await party.tap(STAFF, "Abbrechen")
    assert len(await party.rows(StoredFile)) == 1
    party.clock.advance(timedelta(days=31))
    await send(party, "a.docx", PAPER)
    [kept] = await party.rows(StoredFile)
    assert party.clock.now - kept.received_at < timedelta(days=1)


async def test_a_name_is_no_path(party: Party) -> None:
    await send(party, "../../etc/<b>x</b>.txt", b"Ein Satz, der etwas sagt.")
    await party.fill(STAFF, "<i>Titel</i>", "Amt", "[Weiter]", "[Weiter]", "[Presse]", "[Übernehmen]")
    assert party.last_text(STAFF) == "„<i>Titel</i>“ steht in der Wissensbasis."
    [edition] = await party.rows(Edition)
    assert "/" not in edition.key
    assert len(await party.rows(Passage)) == 1


async def test_another_form_is_put_aside_for_it(party: Party) -> None:
    await party.fill(STAFF, "/buero", "[Neue Frist]")
    await send(party, "a.docx", PAPER)
    assert party.last_text(STAFF).startswith("Wie heißt das Dokument?")
    assert {(one.form, one.parked) for one in await party.rows(Draft)} == {("deadline", True), ("source", False)}
