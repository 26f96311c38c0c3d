"""Elections: a majority, a run-off between those in front, then most votes, then the lot."""

import pytest

from models.ballot.entering import NewOption
from models.ballot.rows import Ballot, Option, Vote
from models.ballot.rules import Kind
from models.drafts import Draft
from tests.auxil.party import COLLEAGUE, JENS, KARL, STAFF, VERA, Party
from tests.auxil.voting import CLOSES, close, open_vote, promises_hold, seat, set_rules

LATER = "08.12.2026 12:00"
NADINE = 9


async def elect(party: Party, *names: str) -> int:
    return await open_vote(party, kind=Kind.ELECTION, options=[NewOption(name) for name in names])


async def chosen(party: Party, **choices: str) -> None:
    for who, label in zip((VERA, JENS, KARL), choices.values(), strict=True):
        await party.tap(who, label)


# --- the form


async def test_from_the_form_to_who_is_elected(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Wahl]", "[Offen]")
    assert "Eine Wahl ist nur dann offen, wenn niemand widersprochen hat" in party.last_text(STAFF)
    await party.fill(STAFF, "[Niemand hat widersprochen]", "Vorsitz", "Wer führt den RAK?", "Anna")
    assert party.last_text(STAFF).startswith("Bitte schreiben Sie 2 bis 20 Zeilen")
    await party.fill(STAFF, "Anna\nAnna")
    assert party.last_text(STAFF).startswith("Zwei Zeilen sind gleich.")
    await party.fill(STAFF, "\n".join(map(str, range(21))))
    assert party.last_text(STAFF).startswith("Bitte schreiben Sie 2 bis 20 Zeilen")
    await party.fill(STAFF, "Anna & Söhne\n Bernd <b> \n\nCarla", "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]")
    assert "1. Anna & Söhne\n2. Bernd <b>\n3. Carla" in party.last_text(STAFF)
    assert await party.rows(Vote) == []
    await party.tap(STAFF, "Eröffnen")
    assert party.labels(VERA) == ["Anna & Söhne", "Bernd <b>", "Carla", "Enthaltung"]
    await party.tap(VERA, "Bernd <b>")
    assert party.toast().startswith("Ihre Stimme: Bernd <b> · Beleg ")
    assert "Ihre Stimme: Bernd <b> · Beleg " in party.last_text(VERA)
    await party.tap(JENS, "Bernd <b>")
    await party.tap(KARL, "Enthaltung")
    await close(party)
    text = party.last_text(KARL)
    assert "Anna & Söhne: 0\nBernd <b>: 2\nCarla: 0\nEnthaltung: 1\n" in text
    assert "Mehrheit" in text
    assert "gewählt: Bernd <b> – nach der Geschäftsordnung" in text
    assert await promises_hold(party)


async def test_twenty_options_of_full_length_can_be_chosen(party: Party) -> None:
    await elect(party, *(f"{number} {'Ü' * 190}" for number in range(20)))
    assert len(party.labels(VERA)) == 21
    await party.tap(VERA, party.labels(VERA)[19])
    assert party.toast().startswith("Ihre Stimme: 19 ÜÜÜ")
    assert " · änderbar bis 01.12.2026, 12:00 Uhr" in party.toast()
    [ballot] = await party.rows(Ballot)
    assert ballot.choice == "20"


async def test_a_place_that_is_not_there_cannot_be_chosen(party: Party) -> None:
    await elect(party, "Anna", "Bernd")
    for choice in ("0", "3", "yes", "conflict", "01", "-1"):
        await party.hear(party.telegram.tap_data(VERA, f"v:1:1:{choice}", party.telegram.last(VERA)))
        assert not party.toast().startswith("Ihre Stimme"), choice
    assert await party.rows(Ballot) == []


# --- who is elected


async def test_elected_is_who_has_the_majority_of_those_present(party: Party) -> None:
    """The majority is of those present (angelehnt an § 56 KVG LSA), so abstentions count against."""
    await seat(party, NADINE, "Nadine Neu", "Handwerkskammer")
    await elect(party, "Anna", "Bernd")
    await chosen(party, vera="Anna", jens="Anna", karl="Enthaltung")
    await party.tap(NADINE, "Bernd")
    await close(party)
    text = party.last_text(VERA)
    assert "2 von 4 (Anwesende), nötig > 1/2, also 3 – nicht erreicht" in text
    assert "Stichwahl zwischen Anna und Bernd" in text
    assert "gewählt" not in text


async def test_nobody_is_elected_where_all_abstain(party: Party) -> None:
    await elect(party, "Anna", "Bernd")
    await chosen(party, vera="Enthaltung", jens="Enthaltung", karl="Enthaltung")
    await close(party)
    assert "niemand gewählt – nach der Geschäftsordnung" in party.last_text(VERA)
    assert "Stichwahl" not in party.labels(STAFF)


async def test_without_a_quorum_there_is_neither_winner_nor_run_off(party: Party) -> None:
    await elect(party, "Anna", "Bernd")
    await party.tap(VERA, "Anna")
    await close(party)
    assert "nicht beschlussfähig" in party.last_text(VERA)
    assert "Stichwahl" not in party.labels(STAFF)


async def test_names_are_published_only_where_the_charter_says_so(party: Party) -> None:
    await elect(party, "Anna", "Bernd")
    await party.tap(VERA, "Anna")
    await set_rules(party.database, names_published=True)
    await close(party)
    assert "Wer wie gestimmt hat" not in party.last_text(JENS)
    await elect_again_with_names(party)
    assert "Wer wie gestimmt hat:\nIHK Magdeburg: nicht abgestimmt\nJobcenter Stendal: Anna\n" in party.last_text(JENS)


async def elect_again_with_names(party: Party) -> None:
    closes = party.clock.now.replace(month=12, day=8)
    await open_vote(party, kind=Kind.ELECTION, options=[NewOption("Anna"), NewOption("Bernd")], closes=closes)
    await party.tap(VERA, "Anna")
    await close(party, closes)


# --- the run-off, and the lot


async def to_the_run_off(party: Party) -> None:
    """A first ballot of one to one to one, and the office's form for the second."""
    await elect(party, "Anna", "Bernd", "Carla")
    await chosen(party, vera="Anna", jens="Bernd", karl="Enthaltung")
    await close(party)
    assert "Stichwahl zwischen Anna und Bernd" in party.last_text(STAFF)
    await party.tap(STAFF, "Stichwahl")


async def test_the_run_off_is_named_and_its_form_is_filled_in_with_both_names(party: Party) -> None:
    await to_the_run_off(party)
    assert "Wann öffnet sie?" in party.last_text(STAFF)
    [draft] = await party.rows(Draft)
    assert draft.form == "vote"
    await party.fill(STAFF, "[Sofort]", LATER, "[Nein]")
    preview = party.last_text(STAFF)
    assert "Stichwahl: Förderung 2027" in preview
    assert "1. Anna\n2. Bernd" in preview
    assert "Carla" not in preview
    assert "Wahl · Stichwahl" in preview
    await party.tap(STAFF, "Eröffnen")
    assert party.labels(VERA) == ["Anna", "Bernd", "Enthaltung"]
    assert "Mehrheit: die meisten Stimmen" in party.last_text(VERA)
    first, second = await party.rows(Vote)
    assert (second.round, second.follows) == (2, first.number)


async def test_one_election_has_one_run_off(party: Party) -> None:
    await to_the_run_off(party)
    await party.fill(STAFF, "[Sofort]", LATER, "[Nein]")
    await party.tap(COLLEAGUE, "Stichwahl")
    await party.fill(COLLEAGUE, "[Sofort]", LATER, "[Nein]", "[Eröffnen]")
    await party.tap(STAFF, "Eröffnen")
    assert len(await party.rows(Vote)) == 2
    await party.tap(STAFF, "Stichwahl")
    assert "Nr. 2 · Wahl · Stichwahl" in party.last_text(STAFF)
    assert len(await party.rows(Draft)) <= 1


async def run_off(party: Party, *choices: str) -> None:
    await to_the_run_off(party)
    await party.fill(STAFF, "[Sofort]", LATER, "[Nein]", "[Eröffnen]")
    for who, label in zip((VERA, JENS, KARL), choices, strict=True):
        await party.tap(who, label)
    await close(party, CLOSES.replace(day=8))


async def test_in_the_run_off_most_votes_are_enough(party: Party) -> None:
    await run_off(party, "Bernd", "Enthaltung", "Enthaltung")
    text = party.last_text(JENS)
    assert "Anna: 0\nBernd: 1\nEnthaltung: 2\n" in text
    assert "die meisten Stimmen: 1" in text
    assert "gewählt: Bernd – nach der Geschäftsordnung" in text
    assert "Los eintragen" not in party.labels(STAFF)


async def test_a_tie_in_the_run_off_is_decided_by_a_lot_that_staff_enters(party: Party) -> None:
    await run_off(party, "Anna", "Bernd", "Enthaltung")
    assert "Los zwischen Anna und Bernd" in party.last_text(VERA)
    await party.tap(STAFF, "Los eintragen")
    assert party.labels(STAFF)[:2] == ["Anna", "Bernd"]
    await party.tap(STAFF, "Bernd")
    assert "Das Los fiel auf Bernd. Alle bekommen Bescheid." in party.last_text(STAFF)
    await party.tap(STAFF, "Eintragen")
    for who in (VERA, JENS, KARL, COLLEAGUE):
        text = party.last_text(who)
        assert text.startswith("Ergebnis · RAK Stendal\n")
        assert "Los: gezogen: Bernd" in text
        assert "gewählt: Bernd – nach der Geschäftsordnung" in text
    assert "Los eintragen" not in party.labels(COLLEAGUE)
    assert await promises_hold(party)


async def test_a_lot_is_entered_once(party: Party) -> None:
    await run_off(party, "Anna", "Bernd", "Enthaltung")
    await party.fill(STAFF, "[Los eintragen]", "[Bernd]")
    await party.tap(COLLEAGUE, "Los eintragen")
    await party.fill(COLLEAGUE, "[Anna]", "[Eintragen]")
    await party.tap(STAFF, "Eintragen")
    assert party.toast().startswith("Das ist schon geschehen.")
    second = (await party.rows(Vote))[1]
    assert second.lot == 1


@pytest.mark.parametrize("act", ["lot", "run_off"])
async def test_neither_lot_nor_run_off_where_none_is_due(party: Party, act: str) -> None:
    await elect(party, "Anna", "Bernd")
    await chosen(party, vera="Anna", jens="Anna", karl="Anna")
    await close(party)
    await party.hear(party.telegram.tap_data(STAFF, f"va:1:{act}", party.telegram.last(STAFF)))
    assert party.toast().startswith("Das finde ich nicht mehr.")
    assert len(await party.rows(Option)) == 2
