"""Who comes: deputies asked one after the other, what the office enters for others, and what it hears of answers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models.meeting.rows import Invitation
from models.member import Membership, Person
from models.office import Office
from models.outbox import Letter
from tests.auxil.meetings import START, call, open_page, second_deputy
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, STAFF, VERA, Party
from tests.auxil.templates import played


@pytest.fixture
async def called(party: Party) -> Party:
    """A meeting to which all are invited; the first mandate has two deputies."""
    return await played(party, second_deputy, call)


async def leave_the_bot(party: Party, who: int) -> None:
    """Somebody is on the lists and does not use the bot."""
    async with party.database.begin() as session:
        (await session.get_one(Person, who)).telegram_id = None


async def test_where_the_first_deputy_cannot_come_the_next_is_offered_by_name(called: Party) -> None:
    await called.tap(VERA, "Vertretung")
    assert called.labels(VERA) == ["Dora Vertretung", "Emil Ersatz", "Zurück"]
    await called.tap(VERA, "Dora Vertretung")
    await called.tap(DORA, "Absage")
    assert called.last_text(VERA).startswith("Ihre Vertretung hat geantwortet · RAK Stendal")
    assert "Dora Vertretung kann nicht kommen. Bitte wählen Sie neu." in called.last_text(VERA)
    assert called.labels(VERA) == ["Zusage", "Absage", "Emil Ersatz fragen"]
    await called.write(VERA, "/offen")
    assert "Einladung 1 · Auswahl" in called.labels(VERA)
    await called.tap(VERA, "Emil Ersatz fragen")
    assert called.toast().startswith("Notiert. Diese Vertretung nutzt den Bot nicht")
    assert "Emil Ersatz ist angefragt." in called.telegram.texts(VERA)[-2]
    [own] = [one for one in await called.rows(Invitation) if one.answer]
    assert (own.deputy_id, own.deputy_answer, own.declined) == (50, None, [DORA])


async def test_who_chose_a_deputy_that_cannot_come_is_reminded(called: Party) -> None:
    await called.tap(VERA, "Vertretung")
    await called.tap(VERA, "Dora Vertretung")
    await called.tap(DORA, "Absage")
    called.clock.jump(START - timedelta(days=7))
    await called.tick()
    assert called.telegram.texts(VERA)[-1].startswith("Bitte antworten: Einladung")


async def test_on_the_eve_who_comes_gets_time_place_and_agenda_once_more(called: Party) -> None:
    await called.tap(JENS, "Zusage")
    await called.tap(KARL, "Absage")
    await called.tap(GUEST, "Zusage")
    await called.tap(VERA, "Vertretung")
    await called.tap(VERA, "Dora Vertretung")
    await called.tap(DORA, "Zusage")
    called.clock.jump(START - timedelta(days=1))
    await called.tick()
    await called.tick()
    for who in (JENS, GUEST, DORA):
        [told] = [text for text in called.telegram.texts(who) if text.startswith("Erinnerung: Sitzung")]
        assert {"Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr", "Ort: Raum 1", "3. Verschiedenes"} <= set(told.splitlines())
        assert "Anwesend" in called.labels(who)
    for who in (VERA, KARL):
        assert not [text for text in called.telegram.texts(who) if text.startswith("Erinnerung: Sitzung")]
    await called.tap(JENS, "Anwesend")
    assert called.toast() == "Das geht ab Di, 08.12.2026, 09:30 Uhr."


async def test_an_office_has_its_own_days_of_reminding(called: Party) -> None:
    async with called.database.begin() as session:
        (await session.get_one(Office, 1)).settings = {"meeting_reminders": [3]}
    for days, reminded in ((7, 0), (3, 1)):
        called.clock.jump(START - timedelta(days=days))
        await called.tick()
        reminders = [text for text in called.telegram.texts(KARL) if text.startswith("Bitte antworten")]
        assert len(reminders) == reminded


async def test_staff_enters_what_somebody_said_by_telephone(called: Party) -> None:
    await leave_the_bot(called, KARL)
    page = await open_page(called)
    assert "• Landkreis Stendal: noch keine Antwort – Karl Probe nutzt den Bot nicht" in page
    await called.tap(STAFF, "Antwort eintragen")
    assert called.labels(STAFF)[0] == "Landkreis Stendal"
    await called.fill(STAFF, f"[{called.labels(STAFF)[0]}]", "[Zusage]")
    assert "Landkreis Stendal: zugesagt" in called.last_text(STAFF)
    await called.tap(STAFF, "Senden")
    page = await open_page(called)
    assert "• Landkreis Stendal: zugesagt (von der ReKo eingetragen)" in page
    [own] = [one for one in await called.rows(Invitation) if one.answer]
    assert (own.answer, own.answered_by, own.entered_by) == ("yes", KARL, STAFF)


async def test_who_has_the_bot_hears_what_was_entered_and_changes_it(called: Party) -> None:
    await open_page(called)
    await called.fill(STAFF, "[Antwort eintragen]", "[IHK Magdeburg]", "[Absage]", "[Senden]")
    assert called.last_text(JENS).startswith("Die ReKo hat Ihre Antwort eingetragen · RAK Stendal")
    assert "Ihre Antwort: Absage" in called.last_text(JENS)
    await called.tap(JENS, "Zusage")
    page = await open_page(called)
    assert "• IHK Magdeburg: zugesagt" in page.splitlines()


async def test_a_deputy_without_the_bot_is_entered_as_coming(called: Party) -> None:
    await open_page(called)
    await called.fill(STAFF, "[Antwort eintragen]", "[Jobcenter Stendal]", "[Vertretung]")
    await called.fill(STAFF, "[Emil Ersatz]", "[Kommt]")
    assert "Jobcenter Stendal: Vertretung Emil Ersatz (zugesagt)" in called.last_text(STAFF)
    await called.tap(STAFF, "Senden")
    assert "Emil Ersatz kommt." in called.last_text(VERA)
    assert "1 von 3 zugesagt" in await open_page(called)


async def test_staff_hears_of_answers_gathered_and_without_sound(called: Party) -> None:
    await called.tap(JENS, "Zusage")
    await called.tap(KARL, "Absage")
    called.clock.advance(minutes=10)
    await called.tap(JENS, "Absage")
    assert not [text for text in called.telegram.texts(STAFF) if text.startswith("Neue Antworten")]
    called.clock.advance(minutes=20)
    await called.tick()
    for who in (STAFF, COLLEAGUE):
        [told] = [text for text in called.telegram.texts(who) if text.startswith("Neue Antworten")]
        assert told.splitlines()[:2] == ["Neue Antworten · Sitzung Nr. 1", "Auswahl"]
        assert "• IHK Magdeburg: abgesagt, vorher: zugesagt" in told.splitlines()
        assert "• Landkreis Stendal: abgesagt" in told.splitlines()
        assert "0 von 3 zugesagt, beschlussfähig ab 2" in told
        assert called.telegram.sent("sendMessage", who)[-1].params["disable_notification"] is True
    letters = [one for one in await called.rows(Letter) if one.kind == "answers"]
    assert len(letters) == 2


async def test_the_forecast_says_when_the_quorum_is_out_of_reach(called: Party) -> None:
    await called.tap(JENS, "Absage")
    assert "Es fehlen noch 2 Zusagen, 2 noch offen." in await open_page(called)
    await called.tap(KARL, "Absage")
    assert "So nicht beschlussfähig: Es fehlen 2 Zusagen, nur 1 noch offen." in await open_page(called)


async def test_a_vacant_seat_is_said_to_be_vacant(party: Party) -> None:
    async with party.database.begin() as session:
        membership = await session.scalar(select(Membership).where(Membership.person_id == KARL))
        assert membership is not None
        membership.ended_at = datetime(2026, 11, 1, tzinfo=UTC)
    await call(party)
    assert "per Brief oder Telefon einladen" in party.last_text(STAFF)
    assert "• Landkreis Stendal: nicht besetzt" in await open_page(party)


async def test_attachments_are_kept_and_given_to_the_invited_alone(party: Party) -> None:
    times = ("[Neue Sitzung]", "Auswahl", "08.12.2026 10:00", "08.12.2026 12:00", "Raum 1", "[Weiter]")
    await call(party, *times)
    await party.hear(party.telegram.upload(STAFF, "vorlage.pdf", b"%PDF-1.7 Vorlage"))
    assert "vorlage.pdf" in party.last_text(STAFF)
    await party.fill(STAFF, "[Weiter]", "[Einladen]")
    assert "Anlagen: vorlage.pdf" in party.telegram.texts(JENS)[0]
    card = party.telegram.chats[JENS][min(party.telegram.chats[JENS])]
    await party.hear(party.telegram.tap_data(JENS, party.telegram.buttons(card)["Anlagen (1)"], card))
    [(name, content)] = party.telegram.sent("sendDocument", JENS)[-1].files.values()
    assert (name, content) == ("vorlage.pdf", b"%PDF-1.7 Vorlage")
    await party.hear(party.telegram.tap_data(DORA, party.telegram.buttons(card)["Anlagen (1)"], card))
    assert party.toast() == "Das darf nur, wer eingeladen ist."
