"""Date findings: „Passt", „Zur Not", „Passt nicht" per date; the best become a meeting."""

from datetime import UTC, datetime, timedelta

from models.ballot.entering import NewOption
from models.ballot.rows import Ballot
from models.ballot.rules import Held, Kind
from models.meeting.rows import Meeting
from tests.auxil.party import DORA, GUEST, JENS, KARL, STAFF, VERA, Party
from tests.auxil.voting import CLOSES, close, open_vote, pass_to, promises_hold, says, set_rules

FIRST = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
DATES = [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=2)]
LINES = ["Di, 15.12.2026, 10:00 Uhr", "Mi, 16.12.2026, 10:00 Uhr", "Do, 17.12.2026, 10:00 Uhr"]
FITS = ["Passt", "Zur Not", "Passt nicht"]


async def find_a_date(party: Party, dates: list[datetime] = DATES) -> int:
    return await open_vote(
        party, kind=Kind.DATES, held=Held.CIRCULAR, options=[NewOption(starts_at=one) for one in dates]
    )


async def answer(party: Party, who: int, *fits: str) -> None:
    for label in fits:
        await party.tap(who, label)


# --- the form and the card


async def test_from_the_form_to_the_card(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Terminfindung]", "[Umlauf]", "Klausur", "Wann passt es?")
    await party.fill(STAFF, "15.12.2026 10:00")
    assert party.last_text(STAFF).startswith("Bitte schreiben Sie 2 bis 20 Zeilen")
    await party.fill(STAFF, "15.12.2026 10:00\nirgendwann")
    assert party.last_text(STAFF).startswith("Das konnte ich nicht als Datum lesen.")
    await party.fill(STAFF, "15.12.2026 10:00\n01.01.2020 10:00")
    assert party.last_text(STAFF).startswith("Diese Zeit ist schon vorbei.")
    await party.fill(STAFF, "15.12.2026 10:00\n15.12. 10 Uhr")
    assert party.last_text(STAFF).startswith("Zwei Zeilen sind gleich.")
    await party.fill(STAFF, "15.12.2026 10:00\n16.12. 10 Uhr", "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]")
    assert f"1. {LINES[0]}\n2. {LINES[1]}" in party.last_text(STAFF)
    await party.tap(STAFF, "Eröffnen")
    card = party.last_text(VERA)
    assert card.startswith("Neue Abstimmung · RAK Stendal\nfür Jobcenter Stendal\n")
    assert "Bitte antworten Sie zu jedem Termin." in card
    assert f"Passt Ihnen dieser Termin?\n1. {LINES[0]}" in card
    assert party.labels(VERA) == [*FITS, "Termin 2"]


async def test_each_tap_is_stored_with_a_receipt_and_the_card_asks_the_next_date(party: Party) -> None:
    await find_a_date(party)
    await party.tap(VERA, "Passt")
    assert party.toast().startswith("Ihre Stimme: 1 von 3 Terminen · Beleg ")
    assert party.toast().endswith("änderbar bis 01.12.2026, 12:00 Uhr")
    assert party.toast() in party.last_text(VERA)
    assert f"1. {LINES[0]} – Passt\n2. {LINES[1]}\n3. {LINES[2]}" in party.last_text(VERA)
    assert f"Passt Ihnen dieser Termin?\n2. {LINES[1]}" in party.last_text(VERA)
    await answer(party, VERA, "Zur Not", "Passt nicht")
    assert party.toast().startswith("Ihre Stimme: 3 von 3 Terminen · Beleg ")
    assert "Passt Ihnen dieser Termin?" not in party.last_text(VERA)
    assert party.labels(VERA) == ["Termin 1", "Termin 2", "Termin 3"]
    assert await says(party) == {"Jobcenter Stendal": "fpn"}
    await party.tap(VERA, "Termin 1")
    assert f"Passt Ihnen dieser Termin?\n1. {LINES[0]}" in party.last_text(VERA)
    await party.tap(VERA, "Passt nicht")
    assert await says(party) == {"Jobcenter Stendal": "npn"}
    assert await promises_hold(party)


async def test_the_same_mark_again_keeps_its_receipt(party: Party) -> None:
    await find_a_date(party)
    card = party.telegram.last(VERA)
    for _ in range(2):
        await party.hear(party.telegram.tap_data(VERA, "v:1:1:1f", card))
    assert party.telegram.toasts()[-1] == party.telegram.toasts()[-2]
    assert [one.choice for one in await party.rows(Ballot)] == ["f--"]


async def test_a_mark_that_there_is_not_is_not_stored(party: Party) -> None:
    await find_a_date(party)
    for data in ("4f", "0f", "f", "1x", "1", "-1f", "yes", "fff", "1-", "conflict"):
        await party.hear(party.telegram.tap_data(VERA, f"v:1:1:{data}", party.telegram.last(VERA)))
        assert not party.toast().startswith("Ihre Stimme"), data
    assert await party.rows(Ballot) == []


async def test_where_ballots_are_final_a_date_can_be_added_and_none_changed(party: Party) -> None:
    await set_rules(party.database, changeable=False)
    await find_a_date(party)
    await answer(party, VERA, "Passt", "Zur Not")
    await party.hear(party.telegram.tap_data(VERA, "v:1:1:1n", party.telegram.last(VERA)))
    assert "kann eine Stimme nicht geändert werden" in party.toast()
    await party.tap(VERA, "Passt")
    assert await says(party) == {"Jobcenter Stendal": "fpf"}


# --- partial answers


async def test_who_answered_only_in_part_is_nudged_and_counted(party: Party) -> None:
    """https://github.com/decidim/decidim/issues/5713: a fifth of the voters never confirmed."""
    await find_a_date(party)
    await party.tap(VERA, "Passt")
    await answer(party, JENS, "Passt", "Passt", "Passt nicht")
    before = len(party.telegram.texts(JENS))
    await pass_to(party, CLOSES - timedelta(hours=24))
    reminder = party.last_text(VERA)
    assert reminder.startswith("Abstimmung noch offen · RAK Stendal")
    assert "Ihre Stimme: 1 von 3 Terminen" in reminder
    assert f"Passt Ihnen dieser Termin?\n2. {LINES[1]}" in reminder
    assert party.last_text(KARL).startswith("Abstimmung noch offen · RAK Stendal")
    assert len(party.telegram.texts(JENS)) == before
    await party.write(VERA, "/offen")
    assert "Abstimmung 1 für Jobcenter Stendal" in party.last_text(VERA)
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, "1 · offen · Förderung 2027")
    assert "Noch nicht gestimmt: 2\n" in party.last_text(STAFF)
    await close(party)
    text = party.last_text(KARL)
    assert "Geantwortet: 2\n" in text
    assert f"{LINES[0]}: passt 2, zur Not 0, passt nicht 0 – passt am besten" in text
    assert f"{LINES[1]}: passt 1, zur Not 0, passt nicht 0\n" in text
    assert f"{LINES[2]}: passt 0, zur Not 0, passt nicht 1\n" in text
    assert await promises_hold(party)


async def test_it_closes_when_all_have_answered_every_date(party: Party) -> None:
    await open_vote(
        party,
        kind=Kind.DATES,
        held=Held.CIRCULAR,
        options=[NewOption(starts_at=one) for one in DATES[:2]],
        when_all=True,
    )
    for who in (VERA, JENS):
        await answer(party, who, "Passt", "Passt nicht")
    await answer(party, KARL, "Passt")
    party.clock.advance(seconds=1)
    await party.tick()
    assert "Ergebnis" not in party.last_text(STAFF if party.telegram.texts(STAFF) else KARL)
    await answer(party, KARL, "Zur Not")
    party.clock.advance(seconds=1)
    await party.tick()
    assert "Ergebnis · RAK Stendal" in party.last_text(KARL)


# --- the result


async def test_several_best_dates_are_all_named(party: Party) -> None:
    await find_a_date(party)
    await answer(party, VERA, "Passt", "Passt", "Zur Not")
    await answer(party, JENS, "Passt nicht", "Passt nicht", "Passt nicht")
    await close(party)
    text = party.last_text(STAFF)
    assert text.count("passt am besten") == 2
    assert "angenommen" not in text
    assert f"Sitzung daraus machen: {LINES[0]}" in party.labels(STAFF)
    assert f"Sitzung daraus machen: {LINES[1]}" in party.labels(STAFF)
    assert not [label for label in party.labels(VERA) if label.startswith("Sitzung")]


async def test_nobody_answering_makes_no_date_the_best(party: Party) -> None:
    await find_a_date(party)
    await answer(party, VERA, "Passt nicht", "Passt nicht", "Passt nicht")
    await close(party)
    assert "passt am besten" not in party.last_text(STAFF)
    assert not [label for label in party.labels(STAFF) if label.startswith("Sitzung")]


async def test_a_meeting_is_made_of_the_best_date(party: Party) -> None:
    await find_a_date(party)
    await answer(party, VERA, "Passt nicht", "Passt", "Zur Not")
    await answer(party, JENS, "Zur Not", "Passt", "Passt nicht")
    await close(party)
    await party.tap(STAFF, "Sitzung daraus machen")
    assert "Wann endet" in party.last_text(STAFF)
    await party.fill(STAFF, "16.12.2026 12:00", "Kreishaus", "[Weiter]", "[Weiter]")
    assert LINES[1] in party.last_text(STAFF)
    await party.tap(STAFF, "Einladen")
    [meeting] = await party.rows(Meeting)
    assert (meeting.starts_at, meeting.title) == (DATES[1], "Förderung 2027")
    await party.tap(VERA, "Zusage")


async def test_only_staff_makes_a_meeting_of_it(party: Party) -> None:
    await find_a_date(party)
    await answer(party, VERA, "Passt", "Passt", "Passt")
    await close(party)
    for who in (VERA, GUEST, DORA):
        await party.write(who, "/start")
        await party.hear(party.telegram.tap_data(who, "va:1:meeting1", party.telegram.last(who)))
        assert party.toast().startswith("Das darf nur")
    for act in ("meeting9", "meeting", "meetingx", "meeting²"):
        await party.hear(party.telegram.tap_data(STAFF, f"va:1:{act}", party.telegram.last(STAFF)))
        assert party.toast().startswith("Das finde ich nicht mehr.")
