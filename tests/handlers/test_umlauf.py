"""Votes by circulation: only what the charter permits, and one objection ends a binding one for all."""

import pytest

from handlers.callbacks import Object
from models.ballot.rows import Ballot, Objection, Vote
from models.ballot.rules import Held, Kind
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, SPONSOR, STAFF, VERA, Party
from tests.auxil.voting import CLAUSE, CLOSES, close, open_circular, open_vote, promises_hold, set_rules

OBJECTION = "Widerspruch gegen das Umlaufverfahren"
MOTION = ["Ja", "Nein", "Enthaltung", "Befangen"]


async def begin(party: Party, kind: str) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", f"[{kind}]")


async def object_to(party: Party, who: int) -> None:
    await party.tap(who, OBJECTION)
    await party.tap(who, "Ja, widersprechen")


# --- what the charter permits


@pytest.mark.parametrize(
    ("mode", "motion", "straw_poll"),
    [
        ("never", [], []),
        ("straw poll only", [], ["Umlauf", "In der Sitzung"]),
        ("no objection", ["In der Sitzung", "Umlauf"], ["Umlauf", "In der Sitzung"]),
        ("majority", ["In der Sitzung", "Umlauf"], ["Umlauf", "In der Sitzung"]),
    ],
)
async def test_the_form_offers_what_the_charter_permits_and_asks_nothing_else(
    party: Party, mode: str, motion: list[str], straw_poll: list[str]
) -> None:
    await set_rules(party.database, circular=mode, clause=CLAUSE)
    for kind, offered in (("Beschluss", motion), ("Meinungsbild", straw_poll)):
        await begin(party, kind)
        shown = [label for label in party.labels(STAFF) if label in {"Umlauf", "In der Sitzung"}]
        assert shown == offered
        assert ("Titel der Abstimmung?" in party.last_text(STAFF)) == (not offered)


async def test_a_binding_one_is_confirmed_as_a_simple_matter_and_quotes_its_clause(party: Party) -> None:
    await set_rules(party.database, circular="majority", clause=CLAUSE)
    await begin(party, "Beschluss")
    await party.tap(STAFF, "Umlauf")
    assert CLAUSE in party.last_text(STAFF)
    assert "Gegenstand einfacher Art" in party.labels(STAFF)
    await party.write(STAFF, "Ausflug")  # not to be passed over by typing
    assert "Bitte tippen Sie auf einen der Knöpfe." in party.last_text(STAFF)
    await party.fill(STAFF, "[Gegenstand einfacher Art]", "Ausflug", "Wohin?", "[Weiter]", "[Sofort]")
    await party.fill(STAFF, "01.12.2026 12:00", "[Nein]")
    assert f"({CLAUSE})" in party.last_text(STAFF)
    await party.tap(STAFF, "Eröffnen")
    assert f"({CLAUSE})" in party.last_text(VERA)
    assert party.labels(VERA) == [*MOTION, OBJECTION]


async def test_a_straw_poll_is_not_binding_and_has_no_objection_button(party: Party) -> None:
    await begin(party, "Meinungsbild")
    await party.fill(STAFF, "[Umlauf]", "Ausflug", "Wohin?", "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]")
    await party.tap(STAFF, "Eröffnen")
    assert "Meinungsbild (nicht bindend)" in party.last_text(VERA)
    assert party.labels(VERA) == MOTION
    await party.hear(party.telegram.tap_data(VERA, Object(1, 1, "yes").pack(), party.telegram.last(VERA)))
    assert party.toast().startswith("Widersprechen kann man nur bei einem bindenden Umlauf.")
    for who in (VERA, JENS, KARL):
        await party.tap(who, "Ja")
    await close(party)
    text = party.last_text(VERA)
    assert "Ja: 3\nNein: 0\nEnthaltung: 0\n" in text
    assert "nicht bindend" in text
    assert not {word for word in ("angenommen", "abgelehnt", "Quorum", "Niederschrift") if word in text}


async def test_a_motion_in_a_meeting_has_no_objection(party: Party) -> None:
    await open_vote(party)
    assert party.labels(VERA) == MOTION
    await party.hear(party.telegram.tap_data(VERA, Object(1, 1, "yes").pack(), party.telegram.last(VERA)))
    assert await party.rows(Objection) == []


# --- majority


async def test_by_majority_those_are_present_who_answered(party: Party) -> None:
    await open_circular(party, quorum={"more_than": "1/2", "base": "all"})
    await party.tap(VERA, "Ja")
    await party.tap(JENS, "Enthaltung")
    await close(party)
    text = party.last_text(VERA)
    assert "Abgestimmt: 2\nJa: 1\nNein: 0\nEnthaltung: 1\n" in text
    assert "Quorum: 2 von 3 (alle Mandate), nötig > 1/2, also 2 – erreicht" in text
    assert "angenommen – nach der Geschäftsordnung" in text
    assert CLAUSE in text
    assert "Keine Antwort: 1" in text


async def test_befangene_are_not_present_in_an_umlauf(party: Party) -> None:
    await open_circular(party, quorum={"more_than": "1/2", "base": "all"})
    await party.tap(VERA, "Ja")
    await party.tap(JENS, "Befangen")
    await close(party)
    text = party.last_text(VERA)
    assert "Ausgeschlossen (§ 33): 1\nAbgestimmt: 1\n" in text
    assert "Quorum: 1 von 3" in text
    assert "nicht beschlussfähig" in text


@pytest.mark.parametrize(("choices", "verdict"), [([], "nicht beschlussfähig"), (["Enthaltung"] * 3, "abgelehnt")])
async def test_nobody_voting_or_only_abstentions_never_passes(party: Party, choices: list[str], verdict: str) -> None:
    """Antragsgrün: two thirds asked as yes >= 2*no passes 0:0."""
    await open_circular(party, majority="two thirds")
    for who, choice in zip((VERA, JENS, KARL), choices, strict=False):
        await party.tap(who, choice)
    await close(party)
    text = party.last_text(VERA)
    assert f"{verdict} – nach der Geschäftsordnung" in text
    assert "angenommen" not in text


# --- no objection (§ 54 KVG LSA)


async def test_silence_consents_and_no_is_explained_as_not_yet_an_objection(party: Party) -> None:
    await open_circular(party, "no objection", silence="consent")
    card = party.last_text(VERA)
    assert "Angenommen, wenn bis dahin niemand widerspricht. Wer schweigt, stimmt zu." in card
    assert "„Nein“ ist noch kein Widerspruch." in card
    await party.tap(VERA, "Nein")
    await close(party)
    text = party.last_text(JENS)
    assert "Nein: 1\n" in text
    assert "Keine Antwort: 2, gelten als Zustimmung" in text
    assert "angenommen – nach der Geschäftsordnung" in text
    assert "nicht verlangt" in text
    assert await promises_hold(party)


async def test_no_from_everyone_is_no_objection_either(party: Party) -> None:
    await open_circular(party, "no objection", silence="consent")
    for who in (VERA, JENS, KARL):
        await party.tap(who, "Nein")
    await close(party)
    assert "Widersprüche gegen den Umlauf: 0" in party.last_text(VERA)
    assert "angenommen" in party.last_text(VERA)


# --- objecting


async def test_it_is_asked_back_once_and_back_leaves_all_as_it_was(party: Party) -> None:
    await open_circular(party)
    await party.tap(VERA, "Ja")
    before = party.last_text(VERA)
    await party.tap(VERA, OBJECTION)
    assert "Ein Widerspruch beendet es für alle" in party.last_text(VERA)
    assert party.labels(VERA) == ["Ja, widersprechen", "Zurück"]
    await party.tap(VERA, "Zurück")
    assert party.last_text(VERA) == before
    assert party.labels(VERA) == [*MOTION, OBJECTION]
    assert await party.rows(Objection) == []


@pytest.mark.parametrize("mode", ["majority", "no objection"])
async def test_one_objection_ends_it_for_all_and_everyone_is_told(party: Party, mode: str) -> None:
    await open_circular(party, mode)
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Bis auf Weiteres]", "[Übergeben]")
    await party.tap(JENS, "Ja")
    await object_to(party, KARL)
    assert party.toast() == "Ihr Widerspruch ist eingetragen."
    for who in (VERA, DORA, JENS, KARL, STAFF, COLLEAGUE):
        text = party.last_text(who)
        assert text.startswith("Ergebnis · RAK Stendal\n")
        assert "Widersprüche gegen den Umlauf: 1" in text
        assert "Widerspruch, kommt in die Sitzung" in text
        assert "angenommen" not in text
    for who in (GUEST, SPONSOR):
        assert party.telegram.texts(who) == []
    [vote] = await party.rows(Vote)
    assert vote.closed_at == party.clock.now
    await party.tap(JENS, "Nein")
    assert party.toast().startswith("Die Abstimmung ist beendet.")
    before = len(party.telegram.texts(JENS))
    await close(party)
    assert len(party.telegram.texts(JENS)) == before
    assert await promises_hold(party)


async def test_a_second_objection_comes_too_late_and_a_redelivered_one_is_one(party: Party) -> None:
    await open_circular(party)
    for who in (VERA, JENS):
        await party.tap(who, OBJECTION)
    objecting = party.telegram.tap(VERA, "Ja, widersprechen")
    await party.hear(objecting)
    await party.hear(objecting)
    await party.tap(JENS, "Ja, widersprechen")
    assert party.toast().startswith("Die Abstimmung ist beendet.")
    [objection] = await party.rows(Objection)
    assert objection.made_by == VERA


async def test_only_who_acts_for_the_mandate_objects(party: Party) -> None:
    await open_circular(party)
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Bis auf Weiteres]", "[Übergeben]")
    forged = Object(1, 1, "yes").pack()
    for who in (VERA, JENS, STAFF, GUEST):
        await party.write(who, "/start")
        await party.hear(party.telegram.tap_data(who, forged, party.telegram.last(who)))
        assert party.toast().startswith("Das darf nur")
    assert await party.rows(Objection) == []
    await object_to(party, DORA)
    [objection] = await party.rows(Objection)
    assert (objection.mandate_id, objection.made_by) == (1, DORA)


async def test_who_is_befangen_takes_no_part_and_so_cannot_stop_it(party: Party) -> None:
    await open_circular(party)
    await party.tap(VERA, "Befangen")
    assert OBJECTION not in party.labels(VERA)
    await party.hear(party.telegram.tap_data(VERA, Object(1, 1, "yes").pack(), party.telegram.last(VERA)))
    assert party.toast().startswith("Das darf nur ein Mandat, das nicht ausgeschlossen ist.")
    assert await party.rows(Objection) == []
    await party.tap(VERA, "Ja")
    assert OBJECTION in party.labels(VERA)


async def test_after_the_closing_nobody_objects(party: Party) -> None:
    await open_circular(party)
    await party.tap(VERA, OBJECTION)
    party.clock.jump(CLOSES)
    await party.tap(VERA, "Ja, widersprechen")
    assert party.toast().startswith("Die Abstimmung ist beendet.")
    await close(party)
    assert await party.rows(Objection) == []
    assert await party.rows(Ballot) == []


async def test_an_election_by_circulation_can_be_objected_to_as_well(party: Party) -> None:
    await set_rules(party.database, circular="majority", clause=CLAUSE)
    await begin(party, "Wahl")
    await party.fill(STAFF, "[Umlauf]", "[Gegenstand einfacher Art]", "[Offen]", "[Niemand hat widersprochen]")
    await party.fill(STAFF, "Vorsitz", "Wer?")
    await party.fill(STAFF, "Anna\nBernd", "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]", "[Eröffnen]")
    assert party.labels(VERA) == ["Anna", "Bernd", "Enthaltung", OBJECTION]
    await object_to(party, VERA)
    assert "Widerspruch, kommt in die Sitzung" in party.last_text(JENS)


async def test_a_date_finding_is_held_by_circulation_without_confirming_anything(party: Party) -> None:
    await set_rules(party.database, circular="straw poll only")
    await begin(party, "Terminfindung")
    await party.tap(STAFF, "Umlauf")
    assert "Titel der Abstimmung?" in party.last_text(STAFF)


async def test_the_rules_that_were_in_force_at_the_opening_hold(party: Party) -> None:
    """https://github.com/OpenSlides/openslides-client/issues/3685: a setting changed in mid-vote."""
    number = await open_circular(party)
    await set_rules(party.database, circular="never", quorum={"at_least": 3, "base": "all"}, majority="absolute")
    await party.tap(VERA, "Ja")
    assert CLAUSE in party.last_text(VERA)
    await party.tap(JENS, "Ja")
    await close(party)
    assert "angenommen – nach der Geschäftsordnung" in party.last_text(VERA)
    async with party.database.read() as session:
        vote = await session.get_one(Vote, number)
    assert (vote.held, vote.kind, vote.charter["circular"]) == (Held.CIRCULAR, Kind.MOTION, "majority")
    assert await promises_hold(party)
