"""A whole meeting, from the invitation to the approved minutes, as its people live it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import docx
from pypdf import PdfReader
from sqlalchemy import select

from models.ballot.rows import Vote
from models.meeting.rows import Meeting
from models.member import Membership, Person, Role
from models.office import Body
from tests.auxil.party import DORA, GUEST, JENS, KARL, STAFF, VERA, Party
from tests.auxil.voting import been_at_work, close, promises_hold
from tests.handlers.papers.samples import squeezed

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Berlin
AGENDA = "Begrüßung, Feststellung der Beschlussfähigkeit\nBeschluss: Aufruf STABIL 2027\nVerschiedenes"
MOTION = "Der RAK empfiehlt, den Aufruf STABIL 2027 zu veröffentlichen."
MINUTES = b"%PDF-1.7 genehmigt"


async def at(party: Party, clock_time: str) -> None:
    """The bot has been at work until this time of the day of the meeting."""
    hour, minute = map(int, clock_time.split(":"))
    party.clock.jump(START.replace(hour=hour - 1, minute=minute))
    await been_at_work(party.database, party.clock.now)
    await party.tick()


async def page(party: Party) -> str:
    """The office opens the meeting's page."""
    await party.write(STAFF, "/termine")
    await party.tap(STAFF, "1 · Herbstsitzung")
    return party.last_text(STAFF)


async def fill(party: Party, *entries: str) -> None:
    """The office fills a form; a button may be named by its first words: „[Landkreis Stendal…]"."""
    for entry in entries:
        if entry.endswith("…]") and entry.strip("[]") not in party.labels(STAFF):
            wanted = entry.strip("[…]")
            entry = f"[{next(label for label in party.labels(STAFF) if label.startswith(wanted))}]"  # noqa: PLW2901
        await party.fill(STAFF, entry)


def files(party: Party, who: int) -> dict[str, bytes]:
    return {name: content for call in party.telegram.sent("sendDocument", who) for name, content in call.files.values()}


async def test_from_the_invitation_to_the_minutes(party: Party) -> None:
    await an_adviser_and_a_member_without_telegram(party)
    await the_invitations(party)
    await the_answers(party)
    await the_item_becomes_a_vote_and_people_come(party)
    await the_vote_and_the_end(party)
    await the_papers(party)
    await the_approved_minutes(party)
    assert await promises_hold(party)


async def an_adviser_and_a_member_without_telegram(party: Party) -> None:
    async with party.database.begin() as session:
        body = await session.scalar(select(Body.id))
        session.add(Person(id=50, name="Bea Rater"))
        await session.flush()
        session.add(Membership(person_id=50, role=Role.ADVISER, body_id=body))
        (await session.get_one(Person, KARL)).telegram_id = None


async def the_invitations(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(
        STAFF, "[Neue Sitzung]", "Herbstsitzung", "08.12.2026 10:00", "08.12.2026 12:00", "Raum 201", AGENDA
    )
    await party.hear(party.telegram.upload(STAFF, "Entwurf.pdf", b"%PDF-1.7 Entwurf"))
    await fill(party, "[Weiter]", "[Einladen]")
    for who in (VERA, JENS, GUEST):
        assert party.telegram.texts(who)[0].startswith("Einladung · RAK Stendal")
        assert "2. Beschluss: Aufruf STABIL 2027" in party.telegram.texts(who)[0]
        assert "sitzung-1.ics" in files(party, who)
    await party.tap(STAFF, "Einladung als Brief")
    letters = [
        squeezed(one.extract_text()) for one in PdfReader(BytesIO(files(party, STAFF)["einladungen-1.pdf"])).pages
    ]
    assert len(letters) == 2  # the member without Telegram, and the adviser
    assert squeezed("Guten Tag Karl Probe,") in letters[0]
    assert squeezed("Anlagen Entwurf.pdf") in letters[0]


async def the_answers(party: Party) -> None:
    await party.tap(VERA, "Vertretung")
    await party.tap(VERA, "Dora Vertretung")
    await party.tap(DORA, "Zusage")
    await party.tap(JENS, "Zusage")
    await page(party)
    await fill(party, "[Antwort eintragen]", "[Landkreis Stendal…]", "[Zusage]", "[Senden]")
    assert "3 von 3 zugesagt, beschlussfähig ab 2" in await page(party)


async def the_item_becomes_a_vote_and_people_come(party: Party) -> None:
    await at(party, "9:45")
    [meeting] = await party.rows(Meeting)
    await party.write(DORA, "/termine")
    await party.tap(DORA, "1 · Herbstsitzung")
    await party.fill(DORA, "[Anwesend]", meeting.day_code, "[Senden]")
    await at(party, "10:02")
    assert "1 von 3 anwesend" in await page(party)
    await fill(party, "[Anwesend]", "[Landkreis Stendal]", "[Bea Rater]", "[Weiter]", "[Von Beginn an (10:00 Uhr)]")
    await party.tap(STAFF, "Senden")
    await page(party)
    await fill(party, "[Eröffnung …]", "[Jetzt]")
    assert "2 von 3 anwesend, beschlussfähig ab 2" in party.last_text(STAFF)
    await party.tap(STAFF, "Senden")
    await at(party, "10:20")
    await page(party)
    await fill(party, "[Anwesend]", "[IHK Magdeburg]", "[Weiter]", "[Jetzt]", "[Senden]")
    await page(party)
    await party.fill(
        STAFF, "[Tagesordnung]", "[TOP 2 · Aufruf STABIL 2027]", "[Abstimmung daraus machen]", "[Beschluss]"
    )
    await fill(party, MOTION, "[Weiter]", "[Sofort]", "08.12.2026 10:40", "[Nein]", "[Eröffnen]")


async def the_vote_and_the_end(party: Party) -> None:
    [vote] = await party.rows(Vote)
    assert vote.title == "Aufruf STABIL 2027"
    assert "Sitzung 1, TOP 2" in " ".join(party.telegram.texts(JENS))
    await party.tap(JENS, "Ja")
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, next(label for label in party.labels(STAFF) if "Aufruf STABIL" in label))
    await party.fill(
        STAFF, "[Papier oder Telefon]", "[Landkreis Stendal]", "[Papier]", "[Ja]", "Handzeichen", "[Eintragen]"
    )
    await close(party, START + timedelta(minutes=40))
    assert "Anwesend: 3 (" in next(one for one in reversed(party.telegram.texts(JENS)) if "Ergebnis" in one)
    await at(party, "11:30")
    await page(party)
    await fill(party, "[Gegangen]", "[IHK Magdeburg]", "[Weiter]", "[Jetzt]", "[Senden]")
    await at(party, "11:50")
    await page(party)
    await fill(party, "[Schluss …]", "[Jetzt]", "[Senden]")


async def the_papers(party: Party) -> None:
    await page(party)
    await fill(party, "[Unterlagen]", "[Anwesenheitsliste (PDF, CSV)]", "[Entwurf der Niederschrift (DOCX, PDF)]")
    found = files(party, STAFF)
    said = ["Zu Beginn waren 2 von 3 Mandaten anwesend. Damit ist das Gremium beschlussfähig", "Beginn 10:02 Uhr"]
    said += ["Ende 11:50 Uhr", "Anwesend mit Stimme: 3 von 3", "Dora Vertretung (in Vertretung für Vera Muster)"]
    said += ["Jens Beispiel 10:20 Uhr bis 11:30 Uhr", "beratend Bea Rater durchgehend", "Gast Gero Gast nein"]
    attendance = read(found["anwesenheit-1.pdf"])
    assert [one for one in said if squeezed(one) not in attendance] == []
    said += ["IHK Magdeburg (Jens Beispiel) kommt. Anwesende Mandate: 3.", "TOP 2: Aufruf STABIL 2027", MOTION]
    said += ["Beschluss Nr. 1: Aufruf STABIL 2027", "Ergebnis: angenommen", "3 2 0 0 0".replace(" ", "")]
    draft = read(found["niederschrift-1-entwurf.pdf"])
    assert [one for one in said if squeezed(one) not in draft] == []
    word = docx.Document(BytesIO(found["niederschrift-1-entwurf.docx"]))
    [block] = [one for one in word.tables if len(one.columns) == 6]
    assert [cell.text for cell in block.rows[1].cells] == ["3", "3", "2", "0", "0", "0"]
    assert MOTION in [one.text for one in word.paragraphs]


def read(made: bytes) -> str:
    return squeezed("".join(one.extract_text() for one in PdfReader(BytesIO(made)).pages))


async def the_approved_minutes(party: Party) -> None:
    party.clock.advance(timedelta(days=7))
    await party.hear(party.telegram.upload(STAFF, "Niederschrift.pdf", MINUTES, caption="Niederschrift 1"))
    assert "Ohne Telegram, bitte per Post senden: Bea Rater, Karl Probe" in party.last_text(STAFF)
    await party.tap(STAFF, "Senden")
    received: dict[int, Any] = {who: files(party, who).get("Niederschrift.pdf") for who in (VERA, JENS, DORA, GUEST)}
    assert received == {VERA: MINUTES, JENS: MINUTES, DORA: MINUTES, GUEST: None}  # the guest was not there
