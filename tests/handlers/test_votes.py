from datetime import UTC, datetime

from models.ballot.rows import Ballot, Receipt, Vote
from models.inbox import InboxRow
from tests.auxil.party import JENS, KARL, STAFF, STRANGER, VERA, Party

CLOSES = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)


async def test_a_motion_from_the_form_to_the_verdict(party: Party) -> None:
    await party.open_vote()
    assert party.last_text(VERA).startswith("Neue Abstimmung · RAK Stendal\nfür Jobcenter Stendal")
    assert party.labels(VERA) == ["Ja", "Nein", "Enthaltung", "Befangen"]
    await party.tap(VERA, "Ja")
    toast = party.telegram.toasts()[-1]
    assert toast.startswith("Ihre Stimme: Ja · Beleg ")
    assert toast.endswith(" · änderbar bis 01.12.2026, 12:00 Uhr")
    assert toast in party.last_text(VERA)
    await party.tap(JENS, "Ja")
    await party.tap(KARL, "Nein")
    party.clock.jump(CLOSES)
    await party.tick()
    text = party.last_text(VERA)
    assert "Stimmberechtigt: 3\nAusgeschlossen (§ 33): 0\nAbgestimmt: 3\nJa: 2\nNein: 1\nEnthaltung: 0\n" in text
    assert "angenommen – nach der Geschäftsordnung" in text


async def test_the_same_tap_again_is_the_same_vote_and_another_choice_replaces_it(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    await party.tap(VERA, "Ja")
    first, second = party.telegram.toasts()[-2:]
    assert first == second
    await party.tap(VERA, "Nein")
    [ballot] = await party.rows(Ballot)
    assert ballot.choice == "no"
    assert ballot.receipt not in first
    assert len(await party.rows(Receipt)) == 2


async def test_other_peoples_votes_leave_my_card_alone(party: Party) -> None:
    """https://github.com/OpenSlides/OpenSlides/issues/5754: another's vote reset what one was about to do."""
    await party.open_vote()
    await party.tap(VERA, "Ja")
    before, calls = dict(party.telegram.chats[VERA]), len(party.telegram.calls)
    for label in ("Nein", "Befangen", "Ja"):
        await party.tap(JENS, label)
    assert party.telegram.chats[VERA] == before
    assert {call.params.get("chat_id", JENS) for call in party.telegram.calls[calls:]} == {JENS}
    [ballot] = [one for one in await party.rows(Ballot) if one.cast_by == VERA]
    assert ballot.choice == "yes"


async def test_a_tap_after_closing_is_refused_whatever_the_button_shows(party: Party) -> None:
    await party.open_vote()
    party.clock.jump(CLOSES)
    await party.tap(VERA, "Ja")
    assert party.telegram.toasts()[-1].startswith("Die Abstimmung ist beendet.")
    assert await party.rows(Ballot) == []


async def test_a_forged_button_gives_no_right(party: Party) -> None:
    await party.open_vote()
    [vote] = await party.rows(Vote)
    card = party.telegram.last(VERA)
    data = party.telegram.buttons(card)["Ja"]
    for who in (JENS, STAFF, STRANGER):
        await party.hear(party.telegram.tap_data(who, data, card))
        assert party.telegram.toasts()[-1].startswith("Das darf nur")
    assert vote.number == 1
    assert await party.rows(Ballot) == []


async def test_a_redelivered_tap_has_no_second_effect(party: Party) -> None:
    await party.open_vote()
    yes = party.telegram.tap(VERA, "Ja")
    await party.hear(yes)
    await party.tap(VERA, "Nein")
    await party.hear(yes)
    [ballot] = await party.rows(Ballot)
    assert ballot.choice == "no"


async def test_the_inbox_keeps_no_payload_of_what_was_answered(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    rows = await party.rows(InboxRow)
    assert {row.state for row in rows} == {"done"}
    assert {row.payload for row in rows} == {None}


async def test_it_closes_as_soon_as_all_have_voted(party: Party) -> None:
    await party.open_vote(when_all="[Ja]")
    for who in (VERA, JENS, KARL):
        await party.tap(who, "Enthaltung")
    party.clock.advance(seconds=1)
    await party.tick()
    assert "abgelehnt" in party.last_text(STAFF)


async def test_those_who_have_not_voted_are_reminded_and_only_they(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    before = len(party.telegram.texts(VERA))
    party.clock.jump(datetime(2026, 11, 30, 11, 0, tzinfo=UTC))
    await party.tick()
    assert party.last_text(JENS).startswith("Abstimmung noch offen · RAK Stendal")
    assert len(party.telegram.texts(VERA)) == before


async def test_the_rehearsal_leaves_no_trace_and_comes_once(party: Party) -> None:
    await party.write(VERA, "/offen")
    await party.tap(VERA, "Probeabstimmung")
    await party.tap(VERA, "Ja")
    assert party.telegram.toasts()[-1] == "Ihre Stimme: Ja · Probe"
    assert await party.rows(Ballot) == []
    await party.write(VERA, "/offen")
    assert party.last_text(VERA) == "Nichts wartet auf Sie."


async def test_a_vote_that_opens_later_calls_nobody_before(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]", "Später", "Text", "[Weiter]", "30.11.2026 9:00")
    assert "Öffnet: Mo, 30.11.2026, 09:00 Uhr" in party.last_text(STAFF)
    await party.fill(STAFF, "01.12.2026 12:00", "[Nein]", "[Eröffnen]")
    assert party.telegram.texts(VERA) == []
    party.clock.jump(datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
    await party.tick()
    assert "Später" in party.last_text(VERA)
