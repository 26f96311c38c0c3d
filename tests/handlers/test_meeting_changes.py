"""A meeting is moved, called off, or gets another agenda: who is told what, and what becomes of the answers."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from models.ballot.rows import Vote
from models.meeting.rows import Invitation, Meeting
from models.outbox import Letter
from tests.auxil.meetings import START, call, open_page
from tests.auxil.party import DORA, GUEST, JENS, KARL, STAFF, VERA, Party
from tests.auxil.templates import played

MOVE = ("[Verlegen]", "10.12.2026 14:00", "10.12.2026 16:00", "[Bleibt: Raum 1]", "Glatteis", "[Senden]")
REPLACE = "Bitte alten Eintrag löschen, falls Ihr Kalender ihn behält."


def entry(party: Party, who: int) -> Event:
    """The newest calendar entry that somebody got."""
    [(_, content)] = party.telegram.sent("sendDocument", who)[-1].files.values()
    return next(iter(Calendar.from_ical(content).walk("VEVENT")))


def news(party: Party, who: int) -> str:
    """The newest message that is no calendar file."""
    return next(text for text in reversed(party.telegram.texts(who)) if text)


@pytest.fixture
async def called(party: Party) -> Party:
    """A meeting with three answers."""
    return await played(party, call, answer)


async def answer(party: Party) -> None:
    await party.tap(JENS, "Zusage")
    await party.tap(VERA, "Vertretung")
    await party.tap(VERA, "Dora Vertretung")
    await party.tap(DORA, "Zusage")


async def test_a_moved_meeting_says_old_and_new_and_asks_again(called: Party) -> None:
    first = entry(called, JENS)
    await open_page(called)
    await called.fill(STAFF, *MOVE[:-1])
    preview = called.last_text(STAFF)
    assert "Alle werden neu gefragt; die bisherigen Antworten gelten nicht mehr." in preview
    await called.tap(STAFF, "Senden")
    for who in (VERA, JENS, KARL, GUEST):
        lines = news(called, who).splitlines()
        assert lines[0] == "Sitzung verlegt · RAK Stendal"
        assert "Bisher: Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr" in lines
        assert "Neu: Do, 10.12.2026, 14:00 Uhr bis 16:00 Uhr" in lines
        assert {"Grund: Glatteis", "Bitte antworten Sie neu."} <= set(lines)
        assert REPLACE in news(called, who)
        assert [line for line in lines if line.startswith(("Bisher", "Neu", "Grund"))] == [
            line for line in preview.splitlines() if line.startswith(("Bisher", "Neu", "Grund"))
        ]
    moved = entry(called, JENS)
    assert (moved["UID"], moved["SEQUENCE"]) == (first["UID"], first["SEQUENCE"] + 1)
    assert moved.decoded("DTSTART") == START + timedelta(days=2, hours=4)
    assert moved.decoded("DTSTAMP") >= first.decoded("DTSTAMP")
    assert [(one.answer, one.deputy_id) for one in await called.rows(Invitation)] == [(None, None)] * 4
    assert "Ihre Vertretung wird vorerst nicht gebraucht." in news(called, DORA)


async def test_a_button_from_before_the_move_is_answered_with_a_clear_sentence(called: Party) -> None:
    card = {who: called.telegram.chats[who][min(called.telegram.chats[who])] for who in (KARL, DORA)}
    old = {who: called.telegram.buttons(message) for who, message in card.items()}
    await open_page(called)
    await called.fill(STAFF, *MOVE)
    for who, label in ((KARL, "Zusage"), (DORA, "Absage")):
        await called.hear(called.telegram.tap_data(who, old[who][label], card[who]))
        assert called.toast() == (
            "Die Sitzung wurde verlegt auf Do, 10.12.2026, 14:00 Uhr. "
            "Bitte antworten Sie auf die neue Einladung, siehe /termine."
        )
    assert {one.answer for one in await called.rows(Invitation)} == {None}
    await called.tap(KARL, "Zusage")
    assert called.toast() == "Ihre Antwort: Zusage"


async def test_another_room_alone_keeps_the_answers(called: Party) -> None:
    await open_page(called)
    await called.tap(STAFF, "Verlegen")
    stays = "Bleibt: Di, 08.12.2026, 10:00 Uhr"
    await called.fill(STAFF, f"[{stays}]", "[Di, 08.12.2026, 12:00 Uhr]", "Saal 3", "[Weiter]")
    assert "Die bisherigen Antworten bleiben." in called.last_text(STAFF)
    await called.tap(STAFF, "Senden")
    assert "Ort bisher: Raum 1\nNeuer Ort: Saal 3" in news(called, JENS)
    assert "Ihre Antwort: Zusage" in news(called, JENS)
    assert "Bitte antworten Sie neu." not in news(called, JENS)
    assert "Neuer Ort: Saal 3" in news(called, DORA)
    assert str(entry(called, DORA)["LOCATION"]) == "Saal 3"
    assert [one.answer for one in await called.rows(Invitation)] == ["deputy", "yes", None, None]


async def test_nothing_new_is_not_sent(called: Party) -> None:
    await open_page(called)
    before = len(await called.rows(Letter))
    await called.fill(STAFF, "[Verlegen]", "[Bleibt: Di, 08.12.2026, 10:00 Uhr]", "[Di, 08.12.2026, 12:00 Uhr]")
    await called.fill(STAFF, "[Bleibt: Raum 1]", "[Weiter]")
    assert called.last_text(STAFF) == "Es würde sich nichts ändern."
    await called.tap(STAFF, "Senden")
    assert called.toast() == "Das ist schon geschehen. Nichts hat sich geändert."
    assert len(await called.rows(Letter)) == before


async def test_moved_twice_by_night_is_told_once_with_what_people_knew(called: Party) -> None:
    called.clock.jump(datetime(2026, 11, 24, 20, 30, tzinfo=UTC))
    for day in ("10", "11"):
        await open_page(called)
        times = (f"{day}.12.2026 14:00", f"{day}.12.2026 16:00")
        await called.fill(STAFF, "[Verlegen]", *times, "[Bleibt: Raum 1]", "[Weiter]", "[Senden]")
    assert "verlegt" not in news(called, KARL)
    called.clock.jump(datetime(2026, 11, 25, 7, 0, tzinfo=UTC))
    await called.tick()
    told = [text for text in called.telegram.texts(KARL) if text.startswith("Sitzung verlegt")]
    assert len(told) == 1
    assert "Bisher: Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr\nNeu: Fr, 11.12.2026, 14:00 Uhr bis 16:00 Uhr" in told[0]
    assert entry(called, KARL)["SEQUENCE"] == 2


async def test_moved_within_a_day_goes_at_night_too_without_sound(called: Party) -> None:
    called.clock.jump(datetime(2026, 12, 7, 20, 0, tzinfo=UTC))
    await open_page(called)
    await called.fill(STAFF, *MOVE)
    assert news(called, KARL).startswith("Sitzung verlegt")
    assert called.telegram.sent("sendMessage", KARL)[-1].params["disable_notification"] is True


async def test_called_off_tells_all_and_takes_the_entry_back(called: Party) -> None:
    await open_page(called)
    await called.fill(STAFF, "[Absagen]", "Zu wenige Anträge")
    assert "Sie findet nicht statt: Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr" in called.last_text(STAFF)
    await called.tap(STAFF, "Senden")
    for who in (VERA, JENS, KARL, GUEST, DORA):
        assert news(called, who).startswith("Sitzung abgesagt · RAK Stendal")
        assert "Grund: Zu wenige Anträge" in news(called, who)
        assert REPLACE in news(called, who)
        assert (entry(called, who)["STATUS"], entry(called, who)["SEQUENCE"]) == ("CANCELLED", 1)
    await called.tap(KARL, "Zusage")
    assert called.toast() == "Die ReKo hat das abgesagt."
    page = await open_page(called)
    assert page.startswith("Abgesagt.")
    assert called.labels(STAFF) == ["Neue Sitzung", "Sitzungen", "Büro"]


async def test_a_called_off_meeting_is_no_longer_reminded_of(called: Party) -> None:
    await open_page(called)
    await called.fill(STAFF, "[Absagen]", "[Weiter]", "[Senden]")
    before = len(await called.rows(Letter))
    for days in (7, 2, 1):
        called.clock.jump(START - timedelta(days=days))
        await called.tick()
    assert {one.kind for one in (await called.rows(Letter))[before:]} <= {"week", "outage"}


async def test_another_agenda_is_told_with_what_has_changed(called: Party) -> None:
    await open_page(called)
    await called.fill(STAFF, "[Tagesordnung]", "[Tagesordnung ändern]")
    assert "1. Begrüßung\n2. Beschluss: Förderung der Werkstatt\n3. Verschiedenes" in called.last_text(STAFF)
    await called.fill(STAFF, "Begrüßung\nBeschluss: Förderung der Werkstatt\nBericht", "[Senden]")
    lines = news(called, JENS).splitlines()
    assert lines[0] == "Tagesordnung geändert · RAK Stendal"
    changed = [line for line in lines if line.startswith(("Neu", "Entfällt"))]
    assert changed == ["Neu: Bericht", "Entfällt: Verschiedenes"]
    assert "3. Bericht" in lines
    assert "Ihre Antwort: Zusage" in lines
    assert str(entry(called, JENS)["DESCRIPTION"]).endswith("3. Bericht")
    assert news(called, DORA).startswith("Tagesordnung geändert")
    [meeting] = await called.rows(Meeting)
    assert (meeting.revision, [one.decision for one in meeting.items]) == (1, [False, True, False])


async def test_a_decision_item_becomes_a_vote_that_both_sides_show(called: Party) -> None:
    await open_page(called)
    await called.fill(STAFF, "[Tagesordnung]", "[TOP 2 · Förderung der Werkstatt]", "[Abstimmung daraus machen]")
    await called.fill(STAFF, "[Beschluss]", "[Wie in der Tagesordnung: Förderung der Werkstatt]", "[Weiter]")
    await called.fill(STAFF, "[Sofort]", "08.12.2026 12:00", "[Nein]")
    assert "Sitzung 1, TOP 2\nFörderung der Werkstatt" in called.last_text(STAFF)
    await called.tap(STAFF, "Eröffnen")
    assert "Sitzung 1, TOP 2" in called.last_text(JENS)
    [vote] = await called.rows(Vote)
    assert (vote.held, vote.title, vote.text) == ("meeting", "Förderung der Werkstatt", "Förderung der Werkstatt")
    await open_page(called)
    await called.fill(STAFF, "[Tagesordnung]")
    assert "Abstimmung Nr. 1" in called.last_text(STAFF)
    await called.tap(STAFF, "TOP 2 · Förderung der Werkstatt")
    assert called.labels(STAFF) == ["Abstimmung 1", "Noch eine Abstimmung dazu", "Tagesordnung", "Büro"]
    await called.tap(STAFF, "Abstimmung 1")
    assert "Sitzung 1, TOP 2" in called.last_text(STAFF)
    await open_page(called)
    await called.fill(STAFF, "[Tagesordnung]", "[Tagesordnung ändern]", "Begrüßung")
    assert called.last_text(STAFF).startswith("Zu einem der weggelassenen Punkte gibt es eine Abstimmung.")
    await called.fill(STAFF, "Beschluss: Förderung der Werkstatt\nBegrüßung", "[Senden]")
    [vote] = await called.rows(Vote)
    [meeting] = await called.rows(Meeting)
    assert meeting.items[0].id == vote.item_id


async def test_an_item_is_marked_as_a_decision_afterwards(called: Party) -> None:
    await open_page(called)
    await called.fill(STAFF, "[Tagesordnung]", "[TOP 3 · Verschiedenes]", "[Als Beschluss kennzeichnen]")
    assert "Dazu soll ein Beschluss gefasst werden." in called.last_text(STAFF)
    assert "Abstimmung daraus machen" in called.labels(STAFF)
    await called.tap(STAFF, "Doch kein Beschluss")
    assert "Ein Beschluss ist nicht vorgesehen." in called.last_text(STAFF)


async def test_what_has_begun_is_neither_moved_nor_called_off(called: Party) -> None:
    await open_page(called)
    page = called.telegram.last(STAFF)
    buttons = called.telegram.buttons(page)
    called.clock.jump(START)
    for label in ("Verlegen", "Absagen", "Antwort eintragen"):
        await called.hear(called.telegram.tap_data(STAFF, buttons[label], page))
        assert called.toast() == "Die Sitzung hat begonnen. Bitte sagen Sie der ReKo direkt Bescheid."
