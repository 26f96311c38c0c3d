"""„Unterlagen" of a meeting over the boundary: letters, lists, tables, the draft, and the approved minutes sent out."""

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import delete, select

from handlers.office.send_minutes import named_meeting
from models.actor import actor
from models.ballot import office
from models.ballot.rows import Vote
from models.files import StoredFile, keep
from models.meeting.rows import Invitation, Meeting, Presence
from models.member import Membership, Person, Role
from models.office import Mandate
from models.outbox import Letter
from tests.auxil.party import DORA, GUEST, JENS, KARL, SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.templates import played
from tests.auxil.voting import close, enter_vote, promises_hold, set_rules
from tests.handlers.papers.samples import squeezed

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Berlin
END = START + timedelta(hours=2)
AGENDA = "1. Begrüßung\n2. Beschluss: Aufruf STABIL\n3. Verschiedenes"
FORM = ("[Neue Sitzung]", "Auswahl <STABIL>", "08.12.2026 10:00", "08.12.2026 12:00", "Landratsamt, Raum 201")
PDF = b"%PDF-1.7 Niederschrift"


@pytest.fixture
async def invited(party: Party) -> Party:
    """A meeting to which everyone has been invited; Karl's person has no account, as a member without Telegram."""
    return await played(party, invite)


async def invite(party: Party) -> None:
    async with party.database.begin() as session:
        (await session.get_one(Person, KARL)).telegram_id = None
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *FORM, AGENDA)
    await party.fill(STAFF, *(["[Weiter]"] if "Weiter" in party.labels(STAFF) else []), "[Einladen]")


@pytest.fixture
async def held(invited: Party) -> Party:
    """The meeting was held: Vera sent Dora, Jens came late and left early, Karl had refused, the guest listened."""
    late, early = START + timedelta(minutes=25), END - timedelta(minutes=30)
    async with invited.database.begin() as session:
        meeting = await session.get_one(Meeting, 1)
        meeting.began_at, meeting.ended_at = START, END
        mandates = {one.name: one for one in await session.scalars(select(Mandate))}
        for invitation in await session.scalars(select(Invitation)):
            if invitation.mandate_id == mandates["Landkreis Stendal"].id:
                invitation.answer, invitation.answered_at = "no", invited.clock.now
            if invitation.mandate_id == mandates["Jobcenter Stendal"].id:
                invitation.answer, invitation.deputy_id, invitation.deputy_answer = "deputy", DORA, "yes"
                invitation.answered_at = invited.clock.now
        stays: list[tuple[int | None, int, datetime, datetime | None]] = [
            (mandates["Jobcenter Stendal"].id, DORA, START, None),
            (mandates["IHK Magdeburg"].id, JENS, late, early),
            (None, GUEST, START, None),
        ]
        for mandate, person, came, left in stays:
            session.add(
                Presence(
                    meeting_number=1, mandate_id=mandate, person_id=person, came_at=came, left_at=left, entered_by=STAFF
                )
            )
    invited.clock.jump(END + timedelta(minutes=5))
    return invited


async def open_papers(party: Party) -> None:
    await party.write(STAFF, "/termine")
    await party.tap(STAFF, "1 · Auswahl <STABIL>")
    await party.tap(STAFF, "Unterlagen")


def files(party: Party, who: int = STAFF) -> dict[str, bytes]:
    """All documents sent to somebody, by name."""
    return {name: content for call in party.telegram.sent("sendDocument", who) for name, content in call.files.values()}


def pages(made: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(made)).pages]


def table(made: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(made.decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_before_the_meeting_there_are_letters_the_list_to_sign_and_who_comes(invited: Party) -> None:
    await open_papers(invited)
    assert invited.labels(STAFF) == [
        "Wer kommt (CSV, XLSX)",
        "Einladung als Brief: ohne Telegram",
        "Einladung als Brief: alle",
        "Liste zum Unterschreiben (PDF)",
        "Sitzung ansehen",
        "Büro",
    ]
    await invited.tap(STAFF, "Einladung als Brief: ohne Telegram")
    [page] = pages(files(invited)["einladungen-1.pdf"])
    for said in ("Landkreis Stendal", "Guten Tag Karl Probe,", "Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr", "Raum 201"):
        assert squeezed(said) in page
    for said in (
        "Beschluss: Aufruf STABIL",
        "Ich komme für: Landkreis Stendal",
        "Es kann niemand kommen.",
        "03931 000000",
    ):
        assert squeezed(said) in page
    await invited.tap(STAFF, "Einladung als Brief: alle", message=_menu(invited))
    everyone = pages(files(invited)["einladungen-1.pdf"])
    assert len(everyone) == 4  # three mandates and the guest
    assert squeezed("eine Stellvertretung kommen: Dora Vertretung.") in everyone[0]
    assert squeezed("Ich kann nicht kommen.") in everyone[-1]


def _menu(party: Party) -> Any:
    return next(
        one
        for one in reversed(list(party.telegram.chats[STAFF].values()))
        if "Sitzung ansehen" in party.telegram.buttons(one)
    )


async def test_where_all_use_the_bot_no_letter_is_made_but_said_so(invited: Party) -> None:
    async with invited.database.begin() as session:
        (await session.get_one(Person, KARL)).telegram_id = KARL
    await open_papers(invited)
    await invited.tap(STAFF, "Einladung als Brief: ohne Telegram")
    assert invited.toast().startswith("Alle Eingeladenen nutzen den Bot.")
    assert "einladungen-1.pdf" not in files(invited)


async def test_a_letter_speaks_its_readers_language(invited: Party) -> None:
    async with invited.database.begin() as session:
        (await session.get_one(Person, KARL)).language = "en"
    await open_papers(invited)
    await invited.tap(STAFF, "Einladung als Brief: ohne Telegram")
    [page] = pages(files(invited)["einladungen-1.pdf"])
    assert squeezed("Good day Karl Probe,") in page


async def test_who_comes_as_a_table(invited: Party) -> None:
    await invited.tap(VERA, "Zusage")
    await invited.tap(JENS, "Absage")
    await open_papers(invited)
    await invited.tap(STAFF, "Wer kommt (CSV, XLSX)")
    rows = table(files(invited)["wer-kommt-1.csv"])
    told = {row[0] or row[1]: (row[3], row[5]) for row in rows[1:]}
    assert told == {
        "Jobcenter Stendal": ("Zusage", "ja"),
        "IHK Magdeburg": ("Absage", "nein"),
        "Landkreis Stendal": ("noch keine Antwort", "offen"),
        "Gero Gast": ("noch keine Antwort", "offen"),
    }
    sheet: Any = load_workbook(BytesIO(files(invited)["wer-kommt-1.xlsx"])).active
    assert [[cell.value or "" for cell in row] for row in sheet.rows] == rows


async def test_a_name_that_looks_like_a_formula_is_a_text(invited: Party) -> None:
    async with invited.database.begin() as session:
        (await session.get_one(Person, KARL)).name = "=HYPERLINK(A1)"
    await open_papers(invited)
    await invited.tap(STAFF, "Wer kommt (CSV, XLSX)")
    assert "'=HYPERLINK(A1)" in [row[1] for row in table(files(invited)["wer-kommt-1.csv"])]
    sheet: Any = load_workbook(BytesIO(files(invited)["wer-kommt-1.xlsx"])).active
    assert [cell.value for row in sheet.rows for cell in row if cell.data_type == "f"] == []


async def test_the_list_to_sign_has_the_deputy_who_will_come(invited: Party) -> None:
    async with invited.database.begin() as session:
        first = await session.get_one(Invitation, 1)
        first.answer, first.deputy_id, first.deputy_answer = "deputy", DORA, "yes"
    await open_papers(invited)
    await invited.tap(STAFF, "Liste zum Unterschreiben (PDF)")
    [page] = pages(files(invited)["unterschriften-1.pdf"])
    for said in ("Dora Vertretung (Stellvertretung)", "Jens Beispiel", "Gero Gast", "Unterschrift"):
        assert squeezed(said) in page
    assert squeezed("Vera Muster") not in page


async def test_nothing_recorded_is_said_instead_of_an_empty_list(invited: Party) -> None:
    invited.clock.jump(END)
    await open_papers(invited)
    await invited.tap(STAFF, "Anwesenheitsliste (PDF, CSV)")
    assert invited.toast().startswith("Es ist noch niemand als anwesend eingetragen.")


async def test_the_recorded_list_and_the_draft_say_who_was_there_and_when(held: Party) -> None:
    await open_papers(held)
    await held.tap(STAFF, "Anwesenheitsliste (PDF, CSV)")
    page = "".join(pages(files(held)["anwesenheit-1.pdf"]))
    said = ["Anwesend mit Stimme: 2 von 3", "Dora Vertretung (in Vertretung für Vera Muster) durchgehend"]
    said += [
        "Jens Beispiel 10:25 Uhr bis 11:30 Uhr",
        "Gast Gero Gast durchgehend",
        "Landkreis Stendal Karl Probe ja",
        "Beschlussfähigkeit",
    ]
    said += [
        "Zu Beginn waren 1 von 3 Mandaten anwesend.",
        "nicht beschlussfähig: Nötig sind 2 (mehr als 1/2 aller Mandate).",
    ]
    assert [one for one in said if squeezed(one) not in page] == []
    rows = table(files(held)["anwesenheit-1.csv"])
    assert ["Jobcenter Stendal", "Dora Vertretung", "Vertretung", "ja", "08.12.2026, 10:00 Uhr", "", ""] in rows
    await held.tap(STAFF, "Entwurf der Niederschrift (DOCX, PDF)", message=_menu(held))
    draft = "".join(pages(files(held)["niederschrift-1-entwurf.pdf"]))
    said += ["TOP 2: Aufruf STABIL", "IHK Magdeburg (Jens Beispiel) kommt. Anwesende Mandate: 2.", "Beginn 10:00 Uhr"]
    said += ["IHK Magdeburg (Jens Beispiel) geht. Anwesende Mandate: 1."]
    assert [one for one in said if squeezed(one) not in draft] == []
    word = docx.Document(BytesIO(files(held)["niederschrift-1-entwurf.docx"]))
    assert "TOP 2: Aufruf STABIL" in [one.text for one in word.paragraphs]


async def test_the_draft_tells_of_exclusions_of_what_is_open_and_of_what_was_broken_off(held: Party) -> None:
    at_once, later = held.clock.now, held.clock.now + timedelta(hours=1)
    numbers = [
        await enter_vote(held.database, at_once, closes=one) for one in (later, later, later + timedelta(days=1))
    ]
    async with held.database.begin() as session:
        staff = await actor(session, STAFF)
        item = next(one for one in (await session.get_one(Meeting, 1)).items if one.decision)
        for number in numbers:
            (await session.get_one(Vote, number)).item_id = item.id
        karl = await session.scalar(select(Mandate.id).where(Mandate.name == "Landkreis Stendal"))
        await office.exclude(session, numbers[0], karl, "Träger eines Projektes", staff, at_once)
        await office.break_off(session, numbers[1], "Zurückgezogen.", staff, at_once)
    await close(held, later)
    await open_papers(held)
    await held.tap(STAFF, "Entwurf der Niederschrift (DOCX, PDF)")
    draft = "".join(pages(files(held)["niederschrift-1-entwurf.pdf"]))
    said = ["Beschluss Nr. 1: Förderung 2027", "Ergebnis: nicht beschlussfähig"]
    said += ["Landkreis Stendal: ausgeschlossen (Träger eines Projektes)."]
    said += [
        "Beschluss Nr. 2: Förderung 2027 – abgebrochen (Zurückgezogen).",
        "Nr. 3: Förderung 2027 – noch nicht geschlossen.",
    ]
    assert [one for one in said if squeezed(one) not in draft] == []
    block = "gesetzliche Mitgliederzahl anwesend Ja Nein Enthaltung nach § 33 ausgeschlossen".replace("-", "")
    assert squeezed(block).replace("-", "") in draft.replace("-", "").replace("\u2010", "")


async def test_without_a_recorded_beginning_the_draft_says_as_invited(held: Party) -> None:
    async with held.database.begin() as session:
        meeting = await session.get_one(Meeting, 1)
        meeting.began_at = meeting.ended_at = None
    await open_papers(held)
    await held.tap(STAFF, "Entwurf der Niederschrift (DOCX, PDF)")
    draft = "".join(pages(files(held)["niederschrift-1-entwurf.pdf"]))
    for said in (
        "10:00 Uhr (laut Einladung)",
        "Anwesend waren bis zu 2 von 3 Mandaten. Damit ist das Gremium beschlussfähig:",
    ):
        assert squeezed(said) in draft


async def test_a_second_meeting_has_its_quorum_by_the_rules(held: Party) -> None:
    await set_rules(held.database, second_meeting=True)
    async with held.database.begin() as session:
        meeting = await session.get_one(Meeting, 1)
        first = Meeting(body_id=1, title="Erste", starts_at=START, ends_at=END, uid="first@reko", invited_at=START)
        session.add(first)
        await session.flush()
        meeting.second_of = first.number
    await open_papers(held)
    await held.tap(STAFF, "Anwesenheitsliste (PDF, CSV)")
    page = "".join(pages(files(held)["anwesenheit-1.pdf"]))
    assert squeezed("Zweite Sitzung nach Nr. 2, die nicht beschlussfähig war.") in page
    assert squeezed("Als zweite Sitzung ist sie unabhängig davon beschlussfähig.") in page


# --- the approved minutes


async def test_minutes_go_to_the_members_and_to_who_was_there_and_are_kept_with_their_hash(held: Party) -> None:
    await open_papers(held)
    await held.tap(STAFF, "Niederschrift senden")
    assert held.last_text(STAFF) == "Bitte senden Sie die genehmigte Niederschrift als Datei: PDF oder Word (.docx)."
    assert "Weiter" not in held.labels(STAFF)
    await held.write(STAFF, "kommt gleich")
    assert held.last_text(STAFF).startswith("Bitte senden Sie die Niederschrift als PDF oder Word (.docx).")
    await held.hear(held.telegram.upload(STAFF, "Protokoll final.pdf", PDF))
    await held.tap(STAFF, "Weiter")
    preview = held.last_text(STAFF)
    assert "Sie geht an 4 Personen" in preview
    assert "Ohne Telegram, bitte per Post senden: Karl Probe" in preview
    assert [one for one in await held.rows(Letter) if one.kind == "minutes"] == []
    await held.tap(STAFF, "Senden")
    assert held.last_text(STAFF) == "Die Niederschrift der Sitzung Nr. 1 ist unterwegs."
    for who in (VERA, JENS, DORA, GUEST):
        text = next(one for one in held.telegram.texts(who) if one.startswith("Niederschrift · RAK Stendal"))
        assert text in preview
        assert files(held, who)["Protokoll final.pdf"] == PDF
    for who in (KARL, SPONSOR, STRANGER):
        assert "Protokoll final.pdf" not in files(held, who)
    meeting = await _meeting(held)
    [file] = [one for one in await held.rows(StoredFile) if one.id == meeting.minutes_file_id]
    assert file.sha256[:16] in preview
    assert meeting.minutes_sent_by == STAFF
    assert await promises_hold(held)
    await open_papers(held)
    await held.tap(STAFF, "Gesendete Niederschrift")
    assert files(held)["Protokoll final.pdf"] == PDF


async def _meeting(party: Party) -> Any:
    return next(one for one in await party.rows(Meeting) if one.number == 1)


async def test_a_corrected_edition_takes_the_place_of_the_first(held: Party) -> None:
    for name in ("erste.docx", "zweite.docx"):
        await open_papers(held)
        await held.tap(STAFF, "Niederschrift senden")
        await held.hear(held.telegram.upload(STAFF, "verworfen.docx", b"PK falsch"))
        await held.hear(held.telegram.upload(STAFF, name, b"PK " + name.encode()))
        await held.tap(STAFF, "Weiter")
        assert ("wurde schon eine Niederschrift gesendet" in held.last_text(STAFF)) == (name == "zweite.docx")
        await held.tap(STAFF, "Senden")
    assert [one for one in files(held, VERA) if one.endswith(".docx")] == ["erste.docx", "zweite.docx"]


async def test_minutes_replaced_before_their_turn_are_not_sent(held: Party) -> None:
    await held.hear(held.telegram.upload(STAFF, "erste.pdf", PDF, caption="Niederschrift 1"))
    await held.assistant.intake.take([held.telegram.tap(STAFF, "Senden")])
    await held.assistant.intake.idle()
    async with held.database.begin() as session:
        (await session.get_one(Meeting, 1)).minutes_file_id = (await keep(session, "zweite.pdf", PDF, END)).id
    await held.deliver()
    assert "erste.pdf" not in files(held, VERA)
    assert {one.state for one in await held.rows(Letter) if one.kind == "minutes"} == {"void"}


@pytest.mark.parametrize("caption", ["Niederschrift 1", "niederschrift", "Protokoll Nr. 1, genehmigt"])
async def test_a_file_sent_with_a_word_begins_the_form(held: Party, caption: str) -> None:
    await held.hear(held.telegram.upload(STAFF, "scan.pdf", PDF, caption=caption))
    if caption == "niederschrift":
        assert held.last_text(STAFF) == "Zu welcher Sitzung?"
        await held.tap(STAFF, "1 · Auswahl <STABIL>")
    assert "Vorschau" in held.last_text(STAFF)
    await held.tap(STAFF, "Senden")
    assert files(held, VERA)["scan.pdf"] == PDF


async def test_our_own_draft_come_back_is_taken_for_what_it_is(held: Party) -> None:
    await held.hear(held.telegram.upload(STAFF, "Niederschrift-1-entwurf (2).docx", b"PK"))
    assert "Niederschrift · RAK Stendal" in held.last_text(STAFF)
    assert "Senden" in held.labels(STAFF)


async def test_a_number_of_no_meeting_is_asked_for(held: Party) -> None:
    await held.hear(held.telegram.upload(STAFF, "scan.pdf", PDF, caption="Niederschrift 77"))
    assert held.last_text(STAFF) == "Zu welcher Sitzung?"


async def test_another_kind_of_file_is_refused_with_a_sentence(held: Party) -> None:
    await open_papers(held)
    await held.tap(STAFF, "Niederschrift senden")
    await held.hear(held.telegram.upload(STAFF, "protokoll.txt", b"Text"))
    await held.tap(STAFF, "Weiter")
    assert held.toast() == "Bitte senden Sie die Niederschrift als PDF oder Word (.docx)."


async def test_before_the_meeting_no_minutes_can_be_sent_or_drafted(invited: Party) -> None:
    message = await _page(invited)
    for act in ("send_minutes", "draft"):
        await invited.hear(invited.telegram.tap_data(STAFF, f"s:1:{act}", message))
        assert "08.12.2026" in invited.toast()
    await invited.hear(invited.telegram.upload(STAFF, "scan.pdf", PDF, caption="Niederschrift"))
    assert invited.last_text(STAFF) == "Es gibt noch keine Sitzung, deren Niederschrift zu senden wäre."


async def _page(party: Party) -> Any:
    await open_papers(party)
    return party.telegram.last(STAFF)


@pytest.mark.parametrize("act", ["papers", "answers", "letters", "letters_all", "sign", "attendance", "draft"])
async def test_papers_are_the_offices_alone(held: Party, act: str) -> None:
    before = await held.state()
    message = held.telegram.last(VERA)
    await held.hear(held.telegram.tap_data(VERA, f"s:1:{act}", message))
    assert held.toast().startswith("Das darf nur")
    assert await held.state() == before


async def test_minutes_are_read_by_those_who_got_them_and_by_nobody_else(held: Party) -> None:
    await held.hear(held.telegram.upload(STAFF, "scan.pdf", PDF, caption="Niederschrift 1"))
    await held.tap(STAFF, "Senden")
    async with held.database.begin() as session:
        membership = await session.scalar(
            select(Membership).where(Membership.person_id == VERA, Membership.role == Role.MEMBER)
        )
        membership.ended_at = held.clock.now
    for who, may in ((JENS, True), (DORA, True), (VERA, False), (SPONSOR, False)):
        await held.write(who, "/kontakt")
        before = len(held.telegram.sent("sendDocument", who))
        await held.hear(held.telegram.tap_data(who, "s:1:minutes", held.telegram.last(who)))
        assert (len(held.telegram.sent("sendDocument", who)) > before) == may


async def test_whoever_got_the_minutes_finds_them_under_the_meetings(held: Party) -> None:
    await held.hear(held.telegram.upload(STAFF, "scan.pdf", PDF, caption="Niederschrift 1"))
    await held.tap(STAFF, "Senden")
    for who in (JENS, DORA, GUEST):
        await held.write(who, "/termine")
        assert "Niederschrift 1 · Auswahl <STABIL>" in held.labels(who)
    await held.tap(JENS, "Niederschrift 1 · Auswahl <STABIL>")
    assert [one for one in held.telegram.texts(JENS) if one == "Niederschrift der Sitzung Nr. 1:"] != []
    async with held.database.begin() as session:
        await session.execute(delete(Presence).where(Presence.person_id == GUEST))
    await held.write(GUEST, "/termine")
    assert "Niederschrift 1 · Auswahl <STABIL>" not in held.labels(GUEST)


@pytest.mark.parametrize(
    ("name", "caption", "found"),
    [
        ("scan.pdf", "Niederschrift 12", (True, 12)),
        ("scan.pdf", "", (False, None)),
        ("niederschrift-3-entwurf.docx", "", (True, 3)),
        ("niederschrift-3-entwurf.docx", "neue Quelle", (False, None)),
        ("Niederschriften des Kreistags.pdf", "", (False, None)),
        ("members.csv", "Niederschrift 1", (False, None)),
        ("a.PDF", "protokoll", (True, None)),
        ("a.pdf", "Protokollnotiz", (False, None)),
        ("a.pdf", "Niederschrift " + "9" * 40, (True, 999999999)),
    ],
)
def test_what_is_taken_for_minutes(name: str, caption: str, found: tuple[bool, int | None]) -> None:
    assert named_meeting(name, caption) == found
