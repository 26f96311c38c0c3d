"""The day: who is there, from when until when, by the office or with the word of the day; what it means for votes."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.ballot.rows import Vote
from models.base import Database
from models.charter import DEFAULT_PRESET
from models.invariants import broken_promises
from models.meeting.rows import Meeting, Presence
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.meetings import START, call, open_page
from tests.auxil.party import DORA, GUEST, JENS, KARL, STAFF, VERA, Party, found_office, throw
from tests.auxil.templates import played

HALF_HOUR = timedelta(minutes=30)
SEVERAL = ("[Jobcenter Stendal (Vera Muster)]", "[IHK Magdeburg]", "[Weiter]")


@pytest.fixture
async def called(party: Party) -> Party:
    """A meeting whose doors have just been opened; one has said yes, a deputy comes."""
    return await played(party, call, open_doors)


async def open_doors(party: Party) -> None:
    await party.tap(JENS, "Zusage")
    party.clock.jump(START - HALF_HOUR)


async def word_of(party: Party) -> str:
    [meeting] = await party.rows(Meeting)
    assert meeting.day_code is not None
    return str(meeting.day_code)


async def arrive(party: Party, who: int, word: str | None = None) -> None:
    await open_page(party, who)
    await party.fill(who, "[Anwesend]", word or await word_of(party))


async def spans(party: Party) -> list[tuple[int | None, int, bool, bool]]:
    found = await party.rows(Presence)
    return [(one.mandate_id, one.person_id, one.left_at is None, one.by_self) for one in found]


async def test_a_member_arrives_with_the_word_of_the_day(called: Party) -> None:
    assert f"Tageszahl: {await word_of(called)}" in await open_page(called)
    await arrive(called, JENS)
    assert called.last_text(JENS).splitlines() == [
        "Vorschau – das wird festgehalten:", "Nr. 1", "Auswahl", "für IHK Magdeburg",
        "Anwesend seit Di, 08.12.2026, 09:30 Uhr",
    ]  # fmt: skip
    await called.tap(JENS, "Senden")
    assert called.last_text(JENS).startswith("Sie sind als anwesend eingetragen seit Di, 08.12.2026, 09:30 Uhr.")
    assert await spans(called) == [(2, JENS, True, True)]
    page = await open_page(called)
    assert "• IHK Magdeburg: Jens Beispiel, seit 09:30 Uhr" in page
    assert "1 von 3 anwesend, beschlussfähig ab 2: nicht beschlussfähig" in page
    assert "Als anwesend eingetragen: Jens Beispiel, seit 09:30 Uhr" in await open_page(called, JENS)
    assert "Anwesend" not in called.labels(JENS)
    assert "Zusage" in called.labels(JENS)
    called.clock.jump(START)
    await open_page(called, JENS)
    assert called.labels(JENS) == ["Kalender (.ics)"]


async def test_before_the_doors_open_and_after_the_end_the_tap_says_so(called: Party) -> None:
    await open_page(called, JENS)
    card = called.telegram.last(JENS)
    data = called.telegram.buttons(card)["Anwesend"]
    called.clock.jump(START - HALF_HOUR - timedelta(seconds=1))
    await called.hear(called.telegram.tap_data(JENS, data, card))
    assert called.toast() == "Das geht ab Di, 08.12.2026, 09:30 Uhr."
    called.clock.jump(START + timedelta(hours=2))
    await called.hear(called.telegram.tap_data(JENS, data, card))
    assert called.toast() == "Dafür ist die Zeit vorbei."
    for who in (KARL, DORA, GUEST):
        await called.hear(called.telegram.tap_data(who, data, card))
        assert called.toast() == "Das darf nur, wer eingeladen ist."


async def test_who_is_awaited_finds_it_under_what_waits(called: Party) -> None:
    await called.write(JENS, "/offen")
    assert "Sitzung 1: Bitte melden Sie sich als anwesend" in called.last_text(JENS)
    await called.tap(JENS, "Sitzung 1 · Auswahl")
    await called.fill(JENS, "[Anwesend]", await word_of(called), "[Senden]")
    await called.write(JENS, "/offen")
    assert "Sitzung 1" not in called.last_text(JENS)


async def test_wrong_words_are_counted_and_lead_to_the_office(called: Party) -> None:
    wrong = "0000" if await word_of(called) != "0000" else "0001"
    await arrive(called, JENS, wrong)
    assert called.last_text(JENS).startswith("Das ist nicht die Tageszahl.")
    for _ in range(3):
        await called.write(JENS, wrong)
    await called.write(JENS, wrong)
    assert called.last_text(JENS).startswith("Das war zu oft falsch. Bitte melden Sie sich bei der ReKo")
    await called.write(JENS, await word_of(called))
    assert called.last_text(JENS).startswith("Das war zu oft falsch.")
    assert await spans(called) == []


async def test_the_deputy_who_comes_arrives_for_the_mandate(party: Party) -> None:
    await call(party)
    await party.tap(VERA, "Vertretung")
    await party.tap(VERA, "Dora Vertretung")
    await party.tap(DORA, "Zusage")
    party.clock.jump(START)
    await arrive(party, DORA)
    await party.tap(DORA, "Senden")
    assert await spans(party) == [(1, DORA, True, True)]
    assert "• Jobcenter Stendal: Dora Vertretung, seit 10:00 Uhr" in await open_page(party)
    assert "Als anwesend eingetragen: Dora Vertretung, seit 10:00 Uhr" in await open_page(party, VERA)
    assert party.labels(VERA) == ["Kalender (.ics)"]


async def test_staff_records_who_came_and_who_left(called: Party) -> None:
    called.clock.jump(START + timedelta(minutes=20))
    await open_page(called)
    await called.fill(STAFF, "[Anwesend]", *SEVERAL, "[Von Beginn an (10:00 Uhr)]")
    preview = called.last_text(STAFF).splitlines()
    assert {"Anwesend seit Di, 08.12.2026, 10:00 Uhr:", "• IHK Magdeburg (Jens Beispiel)"} <= set(preview)
    assert preview[-1] == "Damit sind 2 von 3 anwesend, beschlussfähig ab 2."
    await called.tap(STAFF, "Senden")
    await open_page(called)
    await called.fill(STAFF, "[Anwesend]", "[Gero Gast]", "[Landkreis Stendal]", "[Weiter]", "10:15", "[Senden]")
    await open_page(called)
    await called.fill(STAFF, "[Gegangen]", "[IHK Magdeburg]", "[Weiter]", "[Jetzt]")
    assert called.last_text(STAFF).splitlines()[-1] == "Damit sind 2 von 3 anwesend, beschlussfähig ab 2."
    await called.tap(STAFF, "Senden")
    page = await open_page(called)
    assert "• Jobcenter Stendal: Vera Muster, seit 10:00 Uhr" in page
    assert "• IHK Magdeburg: Jens Beispiel, 10:00 Uhr bis 10:20 Uhr" in page
    assert "• Landkreis Stendal: Karl Probe, seit 10:15 Uhr" in page
    assert "• Gero Gast: seit 10:15 Uhr" in page
    assert "2 von 3 anwesend, beschlussfähig ab 2: beschlussfähig" in page
    async with called.database.read() as session:
        assert await broken_promises(session) == []


async def test_a_tick_is_taken_back_and_a_wrong_entry_too(called: Party) -> None:
    called.clock.jump(START)
    await open_page(called)
    await called.fill(STAFF, "[Anwesend]", "[IHK Magdeburg]")
    assert "Gewählt: IHK Magdeburg" in called.labels(STAFF)
    await called.fill(STAFF, "[Gewählt: IHK Magdeburg]")
    assert "Weiter" not in called.labels(STAFF)
    await called.tap(STAFF, "Jobcenter Stendal (Dora Vertretung)")
    assert "Jobcenter Stendal (Vera Muster)" not in called.labels(STAFF)
    await called.tap(STAFF, "Gewählt: Jobcenter Stendal (Dora Vertretung)")
    assert "Jobcenter Stendal (Vera Muster)" in called.labels(STAFF)
    await called.fill(STAFF, "[Landkreis Stendal]", "[Weiter]", "[Jetzt]", "[Senden]")
    await open_page(called)
    await called.fill(STAFF, "[Gegangen]", "[Landkreis Stendal]", "[Weiter]", "[War nicht da: Eintrag zurücknehmen]")
    await called.tap(STAFF, "Senden")
    assert await spans(called) == []


async def test_who_comes_back_has_a_second_span(called: Party) -> None:
    called.clock.jump(START)
    await arrive(called, JENS)
    await called.tap(JENS, "Senden")
    for minutes, button in ((30, "Gegangen"), (45, "Anwesend")):
        called.clock.jump(START + timedelta(minutes=minutes))
        await open_page(called)
        await called.fill(STAFF, f"[{button}]", "[IHK Magdeburg]", "[Weiter]", "[Jetzt]", "[Senden]")
    assert "Jens Beispiel, 10:00 Uhr bis 10:30 Uhr; Jens Beispiel, seit 10:45 Uhr" in await open_page(called)


async def test_times_to_come_and_before_coming_are_refused(called: Party) -> None:
    called.clock.jump(START + timedelta(minutes=20))
    await open_page(called)
    await called.fill(STAFF, "[Anwesend]", "[IHK Magdeburg]", "[Weiter]", "11:00")
    assert called.last_text(STAFF).startswith("Diese Zeit liegt noch in der Zukunft.")
    await called.fill(STAFF, "10:10", "[Senden]")
    await open_page(called)
    await called.fill(STAFF, "[Gegangen]", "[IHK Magdeburg]", "[Weiter]", "10:05", "[Senden]")
    assert called.toast().startswith("Das liegt vor dem Kommen.")
    await called.fill(STAFF, "[Zurück]", "10:15", "[Senden]")
    assert "10:10 Uhr bis 10:15 Uhr" in await open_page(called)


async def test_presence_is_not_recorded_before_the_day(party: Party) -> None:
    await call(party)
    await open_page(party)
    await party.tap(STAFF, "Anwesend")
    assert party.toast() == "Das geht ab Di, 08.12.2026, 00:00 Uhr."


async def test_opening_and_closing_are_recorded_and_can_be_corrected(called: Party) -> None:
    called.clock.jump(START + timedelta(minutes=5))
    await open_page(called)
    await called.tap(STAFF, "Schluss …")
    await called.fill(STAFF, "[Jetzt]", "[Abbrechen]")
    await open_page(called)
    await called.fill(STAFF, "[Eröffnung …]", "[Jetzt]")
    assert "Eröffnet: Di, 08.12.2026, 10:05 Uhr" in called.last_text(STAFF)
    await called.tap(STAFF, "Senden")
    called.clock.jump(START + timedelta(hours=3))
    await open_page(called)
    await called.fill(STAFF, "[Schluss …]", "11:50", "[Senden]")
    page = await open_page(called)
    assert {"Eröffnet: Di, 08.12.2026, 10:05 Uhr", "Geschlossen: Di, 08.12.2026, 11:50 Uhr"} <= set(page.splitlines())
    assert {"Eröffnung berichtigen", "Schluss berichtigen"} <= set(called.labels(STAFF))
    assert "Tageszahl" not in page


# --- votes in it


async def a_vote(party: Party) -> None:
    """A vote on the second item that closes in the middle of the meeting; one says yes."""
    await open_page(party)
    await party.fill(STAFF, "[Tagesordnung]", "[TOP 2 · Förderung der Werkstatt]", "[Abstimmung daraus machen]")
    await party.fill(STAFF, "[Beschluss]", "Der RAK fördert die Werkstatt.", "[Weiter]", "[Sofort]", "08.12.2026 11:00")
    await party.fill(STAFF, "[Nein]", "[Eröffnen]")
    await party.tap(JENS, "Ja")


async def test_a_vote_counts_as_present_who_was_recorded_when_it_closed(called: Party) -> None:
    called.clock.jump(START + timedelta(minutes=10))
    await open_page(called)
    everybody = ("[Jobcenter Stendal (Vera Muster)]", "[IHK Magdeburg]", "[Landkreis Stendal]", "[Weiter]")
    await called.fill(STAFF, "[Anwesend]", *everybody, "[Jetzt]", "[Senden]")
    await a_vote(called)
    await open_page(called)
    await called.fill(STAFF, "[Gegangen]", "[Landkreis Stendal]", "[Weiter]", "[Jetzt]", "[Senden]")
    called.clock.jump(START + timedelta(hours=1))
    await called.tick()
    [result] = [text for text in called.telegram.texts(JENS) if text.startswith("Ergebnis")]
    assert "Sitzung 1, TOP 2" in result
    assert "Anwesend: 2 (laut Anwesenheitsliste)" in result
    assert "angenommen" in result
    # What is recorded later changes nothing that was decided.
    await open_page(called)
    await called.fill(STAFF, "[Gegangen]", "[Jobcenter Stendal]", "[Weiter]", "[War nicht da: Eintrag zurücknehmen]")
    await called.tap(STAFF, "Senden")
    async with called.database.read() as session:
        assert await broken_promises(session) == []


async def test_without_an_attendance_list_those_count_who_voted_and_it_says_so(called: Party) -> None:
    called.clock.jump(START)
    await a_vote(called)
    called.clock.jump(START + timedelta(hours=1))
    await called.tick()
    [result] = [text for text in called.telegram.texts(JENS) if text.startswith("Ergebnis")]
    assert "Anwesend: 1 (so viele haben abgestimmt)" in result
    assert "nicht beschlussfähig" in result


async def test_who_declares_a_conflict_of_interest_is_not_present_for_that_item(called: Party) -> None:
    called.clock.jump(START)
    await open_page(called)
    await called.fill(STAFF, "[Anwesend]", *SEVERAL, "[Jetzt]", "[Senden]")
    await a_vote(called)
    await called.tap(VERA, "Befangen")
    called.clock.jump(START + timedelta(hours=1))
    await called.tick()
    [vote] = await called.rows(Vote)
    assert vote.present == 1


# --- the second meeting


@pytest.fixture
async def strict(sqlite_database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    """An office whose charter waives the quorum when the body is invited again."""
    await found_office(sqlite_database, clock.now, {"preset": DEFAULT_PRESET, "second_meeting": True})
    party = throw(sqlite_database, telegram, clock)
    await party.assistant.application.initialize()
    yield party
    await party.assistant.intake.stop()
    await party.assistant.application.bot.shutdown()


async def test_after_a_missed_quorum_a_second_meeting_decides_with_whoever_is_there(strict: Party) -> None:
    await call(strict)
    strict.clock.jump(START + timedelta(minutes=15))
    await open_page(strict)
    await strict.tap(STAFF, "Zweite Sitzung einladen")
    await strict.fill(STAFF, "15.12.2026 10:00", "15.12.2026 12:00", "[Raum 1]", "[Wie bisher]", "[Weiter]")
    waived = "Zweite Sitzung nach Nr. 1, die nicht beschlussfähig war: Sie entscheidet ohne Rücksicht"
    assert waived in strict.last_text(STAFF)
    await strict.tap(STAFF, "Einladen")
    invitation = [text for text in strict.telegram.texts(JENS) if text][-1]
    assert waived in invitation
    assert "2. Beschluss: Förderung der Werkstatt" in invitation
    await open_page(strict)
    assert "Zweite Sitzung einladen" not in strict.labels(STAFF)
    second = "2 · Auswahl (zweite Sitzung)"
    assert "0 von 3 zugesagt, beschlussfähig ab 1" in await open_page(strict, STAFF, second)
    strict.clock.jump(START + timedelta(days=7))
    await open_page(strict, STAFF, second)
    await strict.fill(STAFF, "[Anwesend]", "[IHK Magdeburg]", "[Weiter]", "[Jetzt]", "[Senden]")
    await open_page(strict, STAFF, second)
    await strict.fill(STAFF, "[Tagesordnung]", "[TOP 2 · Förderung der Werkstatt]", "[Abstimmung daraus machen]")
    await strict.fill(STAFF, "[Beschluss]", "Der RAK fördert.", "[Weiter]", "[Sofort]", "15.12.2026 11:00", "[Nein]")
    await strict.tap(STAFF, "Eröffnen")
    await strict.tap(JENS, "Ja")
    strict.clock.jump(START + timedelta(days=7, hours=1))
    await strict.tick()
    [result] = [text for text in strict.telegram.texts(JENS) if text.startswith("Ergebnis")]
    assert "Zweite Sitzung: erneut eingeladen" in result
    assert "angenommen" in result


async def test_no_second_meeting_where_the_charter_knows_none(called: Party) -> None:
    called.clock.jump(START + timedelta(minutes=15))
    await open_page(called)
    assert "Zweite Sitzung einladen" not in called.labels(STAFF)
