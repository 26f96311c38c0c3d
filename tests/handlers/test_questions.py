from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers import ask
from models import deadline as deadlines
from models.drafts import Draft
from models.knowledge import passages_in_force, read_sources, take_in
from models.meeting.rows import Meeting
from models.member import Account, Person
from models.question import OfficeQuestion
from models.search import Near
from models.search.values import Heading
from tests.auxil.party import COLLEAGUE, GUEST, SPONSORED, STAFF, STRANGER, VERA, Party

DIRECTIVE = """---
title: Richtlinie REGIO AKTIV
publisher: Ministerium für Arbeit
valid_from: 21.06.2022
rank: directive
---
# 5 Höhe der Zuwendung

Die Zuwendung beträgt höchstens 90 Prozent der zuwendungsfähigen Ausgaben (A & B <zusammen>).
"""
LEAFLET = """---
title: Merkblatt Zweckbindung
publisher: Landesverwaltungsamt
dated: 03.04.2024
valid_until: 31.12.2025
rank: guidance
---
# Zweckbindung der Geräte

Angeschaffte Geräte sind fünf Jahre für den Zweck zu nutzen.
"""
PASSAGE = "Die Zuwendung beträgt höchstens 90 Prozent der zuwendungsfähigen Ausgaben (A & B <zusammen>)."
UNKNOWN = "Wer bekommt Geld vom Mond?"
REFUSED = "Dazu habe ich keine belegte Auskunft."


@pytest.fixture
async def informed(party: Party) -> Party:
    """The office has two sources."""
    reading = read_sources({"richtlinie.md": DIRECTIVE.encode(), "merkblatt.md": LEAFLET.encode()})
    async with party.database.begin() as session:
        await take_in(session, reading.sources, party.clock.now)
    return party


async def hand_on(party: Party, text: str = UNKNOWN) -> None:
    await party.write(STRANGER, text)
    await party.tap(STRANGER, "An die ReKo")


async def test_an_answer_is_the_passage_with_the_place_where_it_stands(informed: Party) -> None:
    await informed.write(STRANGER, "Wie hoch ist die Zuwendung?")
    passage, place = informed.last_text(STRANGER).split("\n\n")
    assert passage == PASSAGE
    assert place.splitlines() == [
        "Fundstelle: Richtlinie REGIO AKTIV, Ministerium für Arbeit, Nr. 5 Höhe der Zuwendung",
        "Stand: ohne Datum (gültig ab 21.06.2022)",
    ]
    assert informed.labels(STRANGER) == ["Hilfreich", "Nicht hilfreich", "An die ReKo"]


async def test_a_source_whose_validity_has_ended_is_quoted_with_a_warning(informed: Party) -> None:
    await informed.write(STRANGER, "Zweckbindung der Geräte")
    lines = informed.last_text(STRANGER).splitlines()
    assert "Stand: 03.04.2024" in lines
    assert lines[-1].startswith("Achtung: gültig nur bis 31.12.2025.")


@pytest.mark.parametrize(("label", "helpful"), [("Hilfreich", True), ("Nicht hilfreich", False)])
async def test_what_people_found_helpful_is_kept(informed: Party, label: str, helpful: bool) -> None:
    await informed.write(STRANGER, "Wie hoch ist die Zuwendung?")
    await informed.tap(STRANGER, label)
    assert informed.toast() == "Danke."
    [question] = await informed.rows(OfficeQuestion)
    assert question.helpful is helpful


async def test_a_refusal_shows_no_source(informed: Party) -> None:
    await informed.write(STRANGER, UNKNOWN)
    assert informed.last_text(STRANGER) == REFUSED
    assert informed.labels(STRANGER) == ["An die ReKo"]


async def test_what_is_near_is_offered_by_its_heading_alone(informed: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    async with informed.database.read() as session:
        [quote] = [one for one in await passages_in_force(session) if one.document.key == "merkblatt"]
    near = Near((Heading(quote.id, "Zweckbindung der Geräte"),))
    monkeypatch.setattr(ask, "answer", lambda *_args, **_more: near)
    await informed.write(STRANGER, "Was ist mit dem Gerät?")
    assert informed.last_text(STRANGER) == f"{REFUSED}\n\nMeinten Sie …"
    assert informed.labels(STRANGER) == ["Zweckbindung der Geräte", "An die ReKo"]
    await informed.tap(STRANGER, "Zweckbindung der Geräte")
    assert informed.last_text(STRANGER).startswith(quote.text)
    assert "Fundstelle: Merkblatt Zweckbindung" in informed.last_text(STRANGER)
    assert "Achtung: gültig nur bis 31.12.2025." in informed.last_text(STRANGER)


async def test_a_date_is_named_from_the_table_only(informed: Party) -> None:
    question = "Bis wann muss der Aufruf STABIL eingereicht werden?"
    await informed.write(STRANGER, question)
    assert informed.last_text(STRANGER).startswith(f"{REFUSED}\n\nEin solcher Termin ist nicht eingetragen.")
    assert informed.labels(STRANGER) == ["Sagen Sie mir Bescheid", "An die ReKo", "Fristen"]
    async with informed.database.begin() as session:
        for audience in ("alle", f"traeger:{SPONSORED}"):
            entry: Any = {"title": "Aufruf STABIL", "kind": "Aufruf", "areas": ["C"], "audience": audience}
            entry |= {"due_at": datetime(2026, 12, 4, 11, 0, tzinfo=UTC), "mode": "Posteingang", "source": "Aufruf"}
            await deadlines.enter(session, entry, informed.clock.now)
    await informed.write(STRANGER, question)
    assert informed.last_text(STRANGER).splitlines() == [
        "1 · Aufruf STABIL",
        "Schließt: Fr, 04.12.2026, 12:00 Uhr · noch 10 Tage · Posteingang",
        "Spätestens am Mittwoch, 02.12.2026, zur Post.",
        "Quelle: Aufruf",
    ]
    await informed.write(STAFF, question)
    assert informed.last_text(STAFF).startswith("Mehrere Fristen passen. Welche meinen Sie?")


async def test_the_next_meeting_is_told_to_whom_it_concerns(informed: Party) -> None:
    start = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
    async with informed.database.begin() as session:
        times = {"starts_at": start, "ends_at": start + timedelta(hours=2), "invited_at": informed.clock.now}
        session.add(Meeting(body_id=1, title="Auswahl", uid="a@reko", **times))
    await informed.write(VERA, "Wann ist die nächste Sitzung?")
    assert "1 · Di, 08.12.2026, 10:00 Uhr · Auswahl (eingeladen)" in informed.last_text(VERA)
    await informed.write(STRANGER, "Wann ist die nächste Sitzung?")
    assert "Auswahl" not in informed.last_text(STRANGER)


async def test_a_question_goes_to_every_staff_member_without_sound_and_is_answered_by_a_reply(party: Party) -> None:
    await hand_on(party, "Wer bekommt <Geld> & vom Mond?")
    assert party.last_text(STRANGER).startswith("Ihre Frage Nr. 1 liegt jetzt bei der ReKo.")
    for staff in (STAFF, COLLEAGUE):
        assert party.last_text(staff).startswith("Frage Nr. 1\n\n„Wer bekommt <Geld> & vom Mond?“")
        assert party.telegram.sent("sendMessage", staff)[-1].params["disable_notification"] is True
    await party.write(STAFF, "Niemand <hier>.", reply_to=party.telegram.last(STAFF))
    assert party.last_text(STRANGER) == (
        "Antwort der ReKo auf Ihre Frage Nr. 1\n\n„Wer bekommt <Geld> & vom Mond?“\n\nNiemand <hier>."
    )
    assert party.last_text(COLLEAGUE) == "Frage Nr. 1: Berta Büro hat geantwortet."


async def test_a_question_is_answered_by_the_form_with_a_preview(party: Party) -> None:
    await hand_on(party)
    await party.fill(STAFF, "[Antworten]", "Niemand.")
    assert party.last_text(STAFF).splitlines()[0] == "Vorschau – so sieht es, wer gefragt hat:"
    preview = party.last_text(STAFF).split("\n\n", 1)[1]
    await party.tap(STAFF, "Senden")
    assert party.last_text(STRANGER) == preview
    assert party.last_text(STAFF).splitlines() == [
        "Die Antwort auf Frage Nr. 1 ist unterwegs.",
        "Zum Berichtigen bearbeiten Sie Ihre Nachricht, bis 10:10 Uhr.",
    ]


async def test_a_second_answer_is_refused(party: Party) -> None:
    await hand_on(party)
    copies = {staff: party.telegram.last(staff) for staff in (STAFF, COLLEAGUE)}
    await party.fill(COLLEAGUE, "[Antworten]", "Zu spät.")
    await party.write(STAFF, "Zuerst.", reply_to=copies[STAFF])
    await party.tap(COLLEAGUE, "Senden")
    quicker = "Berta Büro hat Frage Nr. 1 schon beantwortet. Ihre Antwort ging nicht hinaus."
    shown = party.telegram.sent("editMessageText", COLLEAGUE)[-1].params["text"]
    assert shown == f"{quicker}\n\n„Zu spät.“"
    assert await party.rows(Draft) == []
    await party.write(COLLEAGUE, "Noch einmal.", reply_to=copies[COLLEAGUE])
    assert party.last_text(COLLEAGUE) == quicker
    await party.tap(COLLEAGUE, "Antworten", message=copies[COLLEAGUE])
    assert party.toast() == quicker
    [question] = await party.rows(OfficeQuestion)
    assert question.answer == "Zuerst."


async def test_the_list_of_open_questions_takes_a_reply_too(party: Party) -> None:
    await hand_on(party)
    await party.write(STAFF, "/buero")
    assert "1 offene Frage" in party.last_text(STAFF)
    await party.tap(STAFF, "Offene Fragen")
    await party.write(STAFF, "Niemand.", reply_to=party.telegram.last(STAFF))
    assert party.last_text(STRANGER).endswith("Niemand.")
    await party.tap(STAFF, "Offene Fragen")
    assert party.last_text(STAFF) == "Keine Frage ist offen."


async def test_handing_a_question_on_twice_puts_it_before_the_office_once(party: Party) -> None:
    await party.write(STRANGER, UNKNOWN)
    await party.hear(party.telegram.tap(STRANGER, "An die ReKo"), party.telegram.tap(STRANGER, "An die ReKo"))
    assert party.toast() == "Das ist schon geschehen. Nichts hat sich geändert."
    assert len(party.telegram.texts(STAFF)) == 1


async def test_another_ones_question_cannot_be_handed_on_or_rated(party: Party) -> None:
    await party.write(STRANGER, UNKNOWN)
    for act in ("office", "good", "bad", "more"):
        await party.hear(party.telegram.tap_data(GUEST, f"q:1:{act}", party.telegram.last(STRANGER)))
        assert party.toast().startswith("Das finde ich nicht mehr.")
    [question] = await party.rows(OfficeQuestion)
    assert (question.handed_at, question.helpful) == (None, None)


async def test_a_question_that_does_not_lie_before_the_office_cannot_be_answered(party: Party) -> None:
    await party.write(STRANGER, UNKNOWN)
    await party.write(STAFF, "/buero")
    for number in (1, 99):
        await party.hear(party.telegram.tap_data(STAFF, f"q:{number}:answer", party.telegram.last(STAFF)))
        assert party.toast().startswith("Das finde ich nicht mehr.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Meine IBAN ist DE89 3704 0044 0532 0130 00, wann kommt das Geld?", "eine Kontonummer (IBAN)"),
        ("Darf Max Mustermann, geb. 03.04.2005, teilnehmen?", "ein Geburtsdatum mit Namen"),
        ("Nummer 65 170839 J 003 bitte prüfen", "eine Sozialversicherungsnummer"),
        ("Max Muster\nErika Probe\nAnna Beispiel\nJan Test", "eine Liste von Teilnehmenden"),
    ],
)
async def test_personal_data_is_refused_deleted_and_kept_nowhere(party: Party, text: str, kind: str) -> None:
    await party.write(999, text)
    assert party.last_text(999).startswith(f"Ihre Nachricht enthält {kind}.")
    assert len(party.telegram.sent("deleteMessage", 999)) == 1
    assert not await party.holds(text.split()[2])
    assert await party.rows(OfficeQuestion) == []
    assert all(one.telegram_id != 999 for one in await party.rows(Account))


async def test_the_refusal_stands_though_the_message_cannot_be_deleted(party: Party) -> None:
    write = party.telegram.write(STRANGER, "DE89 3704 0044 0532 0130 00")
    del party.telegram.chats[STRANGER][write["message"]["message_id"]]
    await party.hear(write)
    assert party.last_text(STRANGER).startswith("Ihre Nachricht enthält eine Kontonummer (IBAN).")


@pytest.mark.parametrize("text", ["Wie hat die IHK abgestimmt?", "Was hat der Verein Lernwerk beantragt?"])
async def test_what_is_confidential_is_refused_to_all(party: Party, text: str) -> None:
    for who in (STRANGER, VERA, STAFF):
        await party.write(who, text)
        assert party.last_text(who) == "Darüber gebe ich keine Auskunft."
        assert party.labels(who) == []
    assert await party.rows(OfficeQuestion) == []


async def test_a_question_longer_than_a_page_is_refused_with_a_sentence(party: Party) -> None:
    await party.write(STRANGER, "Warum " * 400)
    assert party.last_text(STRANGER) == "Das ist zu lang. Bitte kürzen Sie es."


async def test_who_wants_to_reach_the_office_gets_telephone_and_e_mail(party: Party) -> None:
    await party.write(STRANGER, "Wie erreiche ich Sie?")
    assert party.last_text(STRANGER) == "ReKo Stendal\n03931 000000"


async def test_with_nobody_of_the_office_in_the_asker_hears_where_to_call(party: Party) -> None:
    async with party.database.begin() as session:
        for one in (STAFF, COLLEAGUE):
            (await session.get_one(Person, one)).telegram_id = None
    await hand_on(party)
    assert party.last_text(STRANGER).endswith("Bitte melden Sie sich direkt: 03931 000000")
