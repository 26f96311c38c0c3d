from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from models.meeting.rows import Invitation, Meeting
from models.outbox import Letter
from tests.auxil.party import DORA, GUEST, JENS, KARL, SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.templates import played

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Berlin, two weeks ahead
FORM = ("[Neue Sitzung]", "Auswahl <STABIL>", "08.12.2026 10:00", "08.12.2026 12:00", "Landratsamt, Raum 201")
LAST = ("[Weiter]", "[Einladen]")


async def fill_in(party: Party, *entries: str) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *entries)


async def draft(party: Party) -> None:
    """A meeting as ``load`` leaves it behind."""
    times = {"starts_at": START, "ends_at": START + timedelta(hours=2)}
    async with party.database.begin() as session:
        session.add(Meeting(key="m1", body_id=1, title="Aus der Liste", place="Saal 2", uid="m1@reko", **times))


@pytest.fixture
async def invited(party: Party) -> Party:
    """A meeting to which everyone has been invited."""
    return await played(party, invite)


async def invite(party: Party) -> None:
    await fill_in(party, *FORM, "1. Begrüßung\n2. Auswahl", *LAST)


async def test_from_the_form_to_the_invitation(party: Party) -> None:
    await fill_in(party, *FORM, "1. Begrüßung\n2. Auswahl", "[Weiter]")
    preview = party.last_text(STAFF).splitlines()
    assert "Achtung" not in party.last_text(STAFF)
    assert party.labels(STAFF) == ["Einladen", "Zurück", "Abbrechen"]
    await party.tap(STAFF, "Einladen")
    for who in (VERA, JENS, KARL):
        text, calendar = party.telegram.texts(who)
        assert text.splitlines()[0] == "Einladung · RAK Stendal"
        assert set(preview[1:]) <= set(text.splitlines())
        assert calendar == ""
        assert "Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr" in text
    assert party.telegram.texts(GUEST)[0].startswith("Einladung · RAK Stendal\nNr. 1")
    for who in (DORA, SPONSOR, STRANGER):
        assert party.telegram.texts(who) == []


async def test_the_invitation_carries_its_calendar_entry(invited: Party) -> None:
    [call] = invited.telegram.sent("sendDocument", VERA)
    [(name, content)] = call.files.values()
    assert name == "sitzung-1.ics"
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    [meeting] = await invited.rows(Meeting)
    assert calendar["METHOD"] == "PUBLISH"
    assert (event["UID"], event["SEQUENCE"], event["SUMMARY"]) == (meeting.uid, 0, "Auswahl <STABIL>")
    assert event.decoded("DTSTART") == START
    assert "ATTENDEE" not in event


async def test_a_notice_too_short_is_warned_of_in_the_preview(party: Party) -> None:
    await fill_in(
        party, "[Neue Sitzung]", "Eilig", "30.11.2026 10:00", "30.11.2026 12:00", "Saal", "[Weiter]", "[Weiter]"
    )
    assert "Achtung: Die Geschäftsordnung verlangt 7 Tage Ladungsfrist." in party.last_text(STAFF)
    await party.tap(STAFF, "Einladen")
    assert "Achtung" not in party.telegram.texts(VERA)[0]


async def test_an_answer_is_stored_said_and_can_change_until_the_start(invited: Party) -> None:
    for label, stored in (("Zusage", "yes"), ("Absage", "no"), ("Absage", "no"), ("Zusage", "yes")):
        await invited.tap(VERA, label)
        assert invited.toast() == f"Ihre Antwort: {label}"
        assert f"Ihre Antwort: {label}" in invited.telegram.texts(VERA)[0]
        [mine] = [one for one in await invited.rows(Invitation) if one.answer]
        assert (mine.answer, mine.answered_by) == (stored, VERA)
    invited.clock.jump(START)
    await invited.tap(VERA, "Absage")
    assert invited.toast() == "Die Sitzung hat begonnen. Bitte sagen Sie der ReKo direkt Bescheid."
    [mine] = [one for one in await invited.rows(Invitation) if one.answer]
    assert mine.answer == "yes"


async def test_a_tap_received_before_the_start_counts_though_it_is_worked_off_later(invited: Party) -> None:
    invited.clock.jump(START - timedelta(seconds=1))
    await invited.assistant.intake.take([invited.telegram.tap(VERA, "Zusage")])
    invited.clock.jump(START + timedelta(minutes=1))
    await invited.assistant.intake.idle()
    assert invited.toast() == "Ihre Antwort: Zusage"


async def test_the_deputy_is_asked_in_turn_and_the_holder_hears_of_it(invited: Party) -> None:
    await invited.tap(VERA, "Vertretung")
    await invited.tap(VERA, "Dora Vertretung")
    assert "Ihre Antwort: Vertretung. Dora Vertretung ist angefragt." in invited.last_text(VERA)
    assert invited.telegram.texts(DORA)[0].startswith(
        "Können Sie die Vertretung übernehmen? · RAK Stendal\nfür Jobcenter Stendal"
    )
    await invited.tap(DORA, "Absage")
    assert invited.toast() == "Ihre Antwort: Absage"
    assert "Dora Vertretung kann nicht kommen, und niemand sonst ist eingetragen." in invited.last_text(VERA)
    invited.clock.advance(seconds=1)
    await invited.tap(DORA, "Zusage")
    assert "Ihre Antwort: Vertretung. Dora Vertretung kommt." in invited.last_text(VERA)
    await invited.tap(VERA, "Zusage")
    assert invited.last_text(DORA).startswith("Ihre Vertretung wird nicht mehr gebraucht:")
    await invited.hear(invited.telegram.tap_data(DORA, "e:1:0:yes", invited.telegram.last(DORA)))
    assert invited.toast() == "Das darf nur die angefragte Vertretung."


async def test_the_asked_deputy_finds_the_request_under_what_waits(invited: Party) -> None:
    await invited.tap(VERA, "Vertretung")
    await invited.tap(VERA, "Dora Vertretung")
    await invited.write(DORA, "/offen")
    await invited.tap(DORA, "Einladung 1 · Auswahl <STABIL>")
    assert invited.last_text(DORA).startswith("Können Sie die Vertretung übernehmen? · RAK Stendal")
    await invited.tap(DORA, "Zusage")
    await invited.write(DORA, "/offen")
    assert invited.last_text(DORA) == "Nichts wartet auf Sie."


async def test_without_a_deputy_on_the_lists_the_tap_says_so(invited: Party) -> None:
    await invited.tap(JENS, "Vertretung")
    assert invited.toast() == "Für dieses Mandat ist keine Vertretung eingetragen. Bitte fragen Sie die ReKo."
    await invited.tap(GUEST, "Zusage")
    assert "Vertretung" not in invited.telegram.buttons(invited.telegram.last(GUEST))


async def test_only_the_silent_are_reminded_and_once(invited: Party) -> None:
    await invited.tap(VERA, "Zusage")
    await invited.tap(JENS, "Absage")
    before = {who: len(invited.telegram.texts(who)) for who in (VERA, JENS)}
    invited.clock.jump(START - timedelta(days=7))
    await invited.tick()
    await invited.tick()
    for who in (KARL, GUEST):
        reminders = [one for one in invited.telegram.texts(who) if one.startswith("Bitte antworten: Einladung")]
        assert len(reminders) == 1
    assert {who: len(invited.telegram.texts(who)) for who in before} == before


async def test_an_answer_on_the_way_stops_the_reminder(invited: Party) -> None:
    invited.clock.jump(START - timedelta(days=7))
    tap = invited.telegram.tap(KARL, "Zusage")
    await invited.assistant.intake.take([tap])
    await invited.assistant.intake.idle()
    await invited.tick()
    assert [one.kind for one in await invited.rows(Letter) if one.telegram_id == KARL] == ["invitation"]


async def test_a_meeting_from_the_list_waits_as_a_draft_until_staff_invites(party: Party) -> None:
    await draft(party)
    await party.write(VERA, "/termine")
    assert party.last_text(VERA) == "Es ist keine Sitzung eingetragen."
    await party.write(STAFF, "/buero")
    assert "ist noch niemand eingeladen" in party.last_text(STAFF)
    await party.tap(STAFF, "Entwurf: Aus der Liste")
    assert party.last_text(STAFF).startswith("Entwurf – noch ist niemand eingeladen.")
    assert party.telegram.texts(KARL) == []
    taps = [party.telegram.tap(STAFF, "Einladen"), party.telegram.tap(STAFF, "Einladen")]
    await party.hear(*taps)
    assert party.toast() == "Das ist schon geschehen. Nichts hat sich geändert."
    assert len(party.telegram.texts(KARL)) == 2
    await party.write(VERA, "/termine")
    assert party.labels(VERA) == ["1 · Aus der Liste"]


async def test_a_draft_whose_day_is_past_invites_nobody(party: Party) -> None:
    await draft(party)
    await party.write(STAFF, "/termine")
    await party.tap(STAFF, "1 · Aus der Liste")
    party.clock.jump(START)
    await party.tap(STAFF, "Einladen")
    assert party.toast().startswith("Die Sitzung hat begonnen.")
    assert await party.rows(Invitation) == []


async def test_staff_sees_mandate_by_mandate_who_comes_and_whether_it_is_enough(invited: Party) -> None:
    await invited.tap(VERA, "Vertretung")
    await invited.tap(VERA, "Dora Vertretung")
    await invited.tap(JENS, "Zusage")
    await invited.tap(KARL, "Absage")
    await invited.tap(STAFF, "Wer kommt")
    lines = invited.last_text(STAFF).splitlines()
    assert lines[-7:-3] == [
        "• Jobcenter Stendal: Vertretung Dora Vertretung (angefragt)",
        "• IHK Magdeburg: zugesagt",
        "• Landkreis Stendal: abgesagt",
        "• Gero Gast: noch keine Antwort",
    ]
    assert lines[-2:] == ["1 von 3 zugesagt, beschlussfähig ab 2", "Es fehlt noch 1 Zusage, 1 noch offen."]
    await invited.tap(DORA, "Zusage")
    await invited.write(STAFF, "/termine")
    await invited.tap(STAFF, "1 · Auswahl <STABIL>")
    enough = ["2 von 3 zugesagt, beschlussfähig ab 2", "Das reicht für die Beschlussfähigkeit."]
    assert invited.last_text(STAFF).splitlines()[-2:] == enough
    await invited.tap(STAFF, "Kalender (.ics)")
    assert invited.telegram.sent("sendDocument", STAFF)


async def test_another_members_invitation_cannot_be_answered(invited: Party) -> None:
    card = invited.telegram.chats[VERA][min(invited.telegram.chats[VERA])]
    yes, deputy = (invited.telegram.buttons(card)[label] for label in ("Zusage", "Vertretung"))
    for who in (JENS, GUEST, DORA, STAFF, STRANGER):
        for data in (yes, deputy, f"d:1:0:{DORA}"):
            await invited.hear(invited.telegram.tap_data(who, data, card))
            assert invited.toast() == "Das darf nur, wer eingeladen ist."
    assert [one.answer for one in await invited.rows(Invitation)] == [None] * 4


async def test_who_changes_their_mind_within_one_batch_of_updates_is_reported_to_the_last(invited: Party) -> None:
    """All updates of a batch have the same instant; here the letters go out between them."""
    await invited.tap(VERA, "Vertretung")
    await invited.tap(VERA, "Dora Vertretung")
    said = []
    for answer in ("Zusage", "Absage", "Zusage"):
        await invited.tap(DORA, answer)
        said.append(invited.last_text(VERA))
    assert ["Dora Vertretung kommt." in text for text in said] == [True, False, True]


async def test_a_deputy_asked_freed_and_asked_again_within_one_batch_hears_of_each(invited: Party) -> None:
    for _ in range(2):
        await invited.tap(VERA, "Vertretung")
        await invited.tap(VERA, "Dora Vertretung")
        assert "Können Sie die Vertretung übernehmen?" in invited.telegram.texts(DORA)[-2]
        await invited.tap(VERA, "Zusage")
        assert invited.last_text(DORA).startswith("Ihre Vertretung wird nicht mehr gebraucht")


async def test_back_and_forth_before_the_letters_go_out_comes_to_one_letter(invited: Party) -> None:
    await invited.tap(VERA, "Vertretung")
    ask = invited.telegram.tap(VERA, "Dora Vertretung")
    card = invited.telegram.last(VERA)
    come = invited.telegram.tap(VERA, "Zusage")
    again = invited.telegram.tap_data(VERA, ask["callback_query"]["data"], card)
    await invited.hear(ask, come, again)
    texts = invited.telegram.texts(DORA)
    assert len([text for text in texts if "Können Sie die Vertretung übernehmen?" in text]) == 1
    assert not [text for text in texts if "nicht mehr" in text]
