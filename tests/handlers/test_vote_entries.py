"""Entries from paper and telephone, exclusions, and „Befangen": each with its reason on record, none behind a back."""

from datetime import timedelta

import pytest

from handlers.callbacks import CastTap
from models.ballot.rows import Ballot, Elector
from models.record import Act, Entry, digest, entries_of
from tests.auxil.party import COLLEAGUE, DORA, JENS, KARL, STAFF, VERA, Party
from tests.auxil.voting import close, enter_vote, open_vote, pass_to, promises_hold, says, set_rules

CALLED = "hat um 9 Uhr angerufen"
DECIDED = "Beschluss des RAK vom 24.11."


async def at_the_vote(party: Party, who: int = STAFF) -> None:
    await party.write(who, "/abstimmungen")
    await party.tap(who, next(label for label in party.labels(who) if label.startswith("1 · ")))


async def enter(party: Party, mandate: str, way: str = "Telefon", choice: str = "Ja", why: str = CALLED) -> None:
    await at_the_vote(party)
    await party.fill(STAFF, "[Papier oder Telefon]", f"[{mandate}]", f"[{way}]", f"[{choice}]", why, "[Eintragen]")


async def exclude(party: Party, mandate: str, why: str = DECIDED) -> None:
    await at_the_vote(party)
    await party.fill(STAFF, "[Ausschluss eintragen]", f"[{mandate}]", why, "[Eintragen]")


async def lift(party: Party) -> None:
    await at_the_vote(party)
    await party.fill(STAFF, "[Ausschluss aufheben]", "[Eintragen]")


async def tap(party: Party, who: int, choice: str) -> str:
    mandate = {VERA: 1, DORA: 1, JENS: 2, KARL: 3}[who]
    data = CastTap(1, mandate, choice).pack()
    await party.hear(party.telegram.tap_data(who, data, party.telegram.last(who)))
    return party.toast()


async def record_of(party: Party) -> list[Entry]:
    async with party.database.read() as session:
        return list(await entries_of(session, 1))


# --- paper and telephone


async def test_an_entry_is_marked_with_its_reason_and_the_member_is_told_at_once(party: Party) -> None:
    await open_vote(party)
    await at_the_vote(party)
    await party.tap(STAFF, "Papier oder Telefon")
    assert party.labels(STAFF)[:3] == ["IHK Magdeburg", "Jobcenter Stendal", "Landkreis Stendal"]
    await party.tap(STAFF, "IHK Magdeburg")
    assert party.labels(STAFF)[:2] == ["Papier", "Telefon"]
    await party.tap(STAFF, "Telefon")
    assert party.labels(STAFF)[:4] == ["Ja", "Nein", "Enthaltung", "Befangen"]
    await party.fill(STAFF, "[Ja]", CALLED)
    preview = party.last_text(STAFF)
    assert f"für IHK Magdeburg, telefonisch: Ja\nGrund: {CALLED}" in preview
    assert await party.rows(Ballot) == []
    await party.tap(STAFF, "Eintragen")
    text = party.last_text(JENS)
    assert text.startswith("Abstimmung · RAK Stendal\nfür IHK Magdeburg\n")
    assert "Ihre Stimme: Ja · Beleg " in text
    assert f"Vom Büro eingetragen, telefonisch: {CALLED}" in text
    assert party.labels(JENS) == ["Ja", "Nein", "Enthaltung", "Befangen"]
    [ballot] = await party.rows(Ballot)
    assert (ballot.way, ballot.why, ballot.cast_by) == ("telephone", CALLED, STAFF)
    entry = (await record_of(party))[-1]
    assert (entry.act, entry.by, entry.details["why"]) == (Act.TELEPHONE_ENTERED, STAFF, digest(CALLED))
    assert await promises_hold(party)


async def test_the_members_own_tap_replaces_it_even_where_ballots_are_final(party: Party) -> None:
    await set_rules(party.database, changeable=False)
    await open_vote(party)
    await enter(party, "IHK Magdeburg", choice="Ja")
    assert "Ihre Stimme: Nein" in await tap(party, JENS, "no")
    assert "Vom Büro eingetragen" not in party.last_text(JENS)
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.way, ballot.why, ballot.cast_by) == ("no", "tap", "", JENS)
    assert "kann eine Stimme nicht geändert werden" in await tap(party, JENS, "yes")
    assert await promises_hold(party)


async def test_befangen_in_place_of_an_entry_does_not_make_the_entry_the_members_mind(party: Party) -> None:
    await set_rules(party.database, changeable=False)
    await open_vote(party)
    await enter(party, "IHK Magdeburg", choice="Ja")
    await tap(party, JENS, "conflict")
    assert "Ihre Stimme: Nein" in await tap(party, JENS, "no")


async def test_an_entry_never_replaces_a_tap(party: Party) -> None:
    await open_vote(party)
    await at_the_vote(party)
    await party.fill(STAFF, "[Papier oder Telefon]", "[IHK Magdeburg]", "[Papier]", "[Ja]", "Stimmzettel")
    await party.tap(JENS, "Nein")
    await party.tap(STAFF, "Eintragen")
    assert party.toast().startswith("Das Mitglied hat selbst abgestimmt.")
    await at_the_vote(party)
    await party.tap(STAFF, "Papier oder Telefon")
    assert "IHK Magdeburg" not in party.labels(STAFF)
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.way) == ("no", "tap")


async def test_a_tap_from_before_the_entry_that_is_worked_off_later_stands(party: Party) -> None:
    await open_vote(party)
    await at_the_vote(party)
    await party.fill(STAFF, "[Papier oder Telefon]", "[IHK Magdeburg]", "[Papier]", "[Ja]", "Stimmzettel")
    party.assistant.intake.stopping = True  # stored, and not worked off
    await party.assistant.intake.take([party.telegram.tap(JENS, "Nein")])
    await party.restart()
    party.clock.advance(minutes=1)
    await party.tap(STAFF, "Eintragen")
    assert await says(party) == {"IHK Magdeburg": "yes"}
    await party.assistant.intake.replay()
    await party.assistant.intake.idle()
    await party.assistant.intake.settle()
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.way) == ("no", "tap")
    assert await promises_hold(party)


async def test_the_office_corrects_its_own_entry(party: Party) -> None:
    await open_vote(party)
    await enter(party, "IHK Magdeburg", choice="Ja")
    await enter(party, "IHK Magdeburg", "Papier", "Nein", "Der Stimmzettel sagt anderes")
    assert await says(party) == {"IHK Magdeburg": "no"}
    assert "Vom Büro eingetragen, auf Papier: Der Stimmzettel sagt anderes" in party.last_text(JENS)
    assert await promises_hold(party)


async def test_the_deputy_in_charge_is_told_of_the_entry(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Bis auf Weiteres]", "[Übergeben]")
    await enter(party, "Jobcenter Stendal")
    assert f"Vom Büro eingetragen, telefonisch: {CALLED}" in party.last_text(DORA)
    assert "Ihre Stimme: Nein" in await tap(party, DORA, "no")


async def test_where_all_have_voted_there_is_nothing_to_enter(party: Party) -> None:
    await open_vote(party)
    for who in (VERA, JENS, KARL):
        await party.tap(who, "Ja")
    await at_the_vote(party)
    await party.tap(STAFF, "Papier oder Telefon")
    assert "Alle Mandate haben schon selbst abgestimmt." in " ".join([party.toast(), party.last_text(STAFF)])


async def test_the_last_missing_ballot_may_be_an_entry(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, when_all=True)
    await party.deliver()
    await party.tap(VERA, "Ja")
    await party.tap(JENS, "Ja")
    await at_the_vote(party)
    # A choice of one is not asked: only one mandate is left.
    await party.tap(STAFF, "Papier oder Telefon")
    assert party.last_text(STAFF).startswith("Wie kam die Stimme für Landkreis Stendal?")
    await party.fill(STAFF, "[Papier]", "[Ja]", "Stimmzettel", "[Eintragen]")
    party.clock.advance(seconds=1)
    await party.tick()
    assert "Ja: 3\n" in party.last_text(KARL)
    assert await promises_hold(party)


async def test_an_election_is_entered_by_name(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Wahl]", "[Offen]", "[Niemand hat widersprochen]", "Vorsitz", "Wer?")
    await party.fill(STAFF, "Anna\nBernd", "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]", "[Eröffnen]")
    await enter(party, "IHK Magdeburg", "Papier", "Bernd", "Stimmzettel")
    assert await says(party) == {"IHK Magdeburg": "2"}
    assert "Ihre Stimme: Bernd · Beleg " in party.last_text(JENS)


async def test_after_the_closing_nothing_is_entered(party: Party) -> None:
    await open_vote(party)
    await at_the_vote(party)
    await party.fill(STAFF, "[Papier oder Telefon]", "[IHK Magdeburg]", "[Papier]", "[Ja]", "Stimmzettel")
    await close(party)
    await party.tap(STAFF, "Eintragen")
    assert party.toast().startswith("Die Abstimmung ist beendet.")
    assert await party.rows(Ballot) == []


@pytest.mark.parametrize("act", ["enter", "exclude", "admit", "extend", "break_off"])
async def test_members_do_none_of_this(party: Party, act: str) -> None:
    await open_vote(party)
    await party.hear(party.telegram.tap_data(VERA, f"va:1:{act}", party.telegram.last(VERA)))
    assert party.toast().startswith("Das darf nur die ReKo.")


async def test_a_date_finding_offers_no_entry(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Terminfindung]", "[Umlauf]", "Klausur", "Wann?")
    await party.fill(STAFF, "15.12.2026 10:00\n16.12.2026 10:00", "[Weiter]", "[Sofort]", "01.12.2026 12:00")
    await party.fill(STAFF, "[Nein]", "[Eröffnen]")
    await at_the_vote(party)
    assert set(party.labels(STAFF)) == {"Verlängern", "Abbrechen", "Büro"}


# --- an exclusion that was decided


async def test_an_exclusion_takes_the_mandate_out_and_it_is_told(party: Party) -> None:
    await open_vote(party)
    await party.tap(JENS, "Ja")
    await exclude(party, "IHK Magdeburg")
    text = party.last_text(JENS)
    assert text.startswith("Abstimmung · RAK Stendal\nNr. 1 · Beschluss\nFörderung 2027\n")
    assert f"IHK Magdeburg ist bei diesem Punkt ausgeschlossen (§ 33): {DECIDED}" in text
    assert "Wenn Sie das anders sehen, sagen Sie es dem Büro." in text
    assert "entscheidet im Zweifel" in text  # who decides, by the charter
    for who in (VERA, KARL):
        assert DECIDED not in " ".join(party.telegram.texts(who))
    assert "Dieses ist bei diesem Punkt ausgeschlossen (§ 33)." in await tap(party, JENS, "no")
    await party.tap(VERA, "Ja")
    await party.tap(KARL, "Nein")
    await at_the_vote(party)
    assert f"Ausgeschlossen (§ 33): IHK Magdeburg – {DECIDED}" in party.last_text(STAFF)
    entry = next(one for one in await record_of(party) if one.act == Act.EXCLUSION_RECORDED)
    assert (entry.by, entry.mandate, entry.details["why"]) == (STAFF, 2, digest(DECIDED))
    await close(party)
    result = party.last_text(VERA)
    assert "Stimmberechtigt: 3\nAusgeschlossen (§ 33): 1\nAbgestimmt: 2\nJa: 1\nNein: 1\n" in result
    assert "nach § 33 ausgeschlossen: 1" in result
    assert await promises_hold(party)


async def test_lifted_the_ballot_from_before_counts_again(party: Party) -> None:
    await open_vote(party)
    await party.tap(JENS, "Ja")
    await exclude(party, "IHK Magdeburg")
    await lift(party)
    assert "IHK Magdeburg nimmt wieder teil." in party.last_text(STAFF)
    assert "Ihre Stimme: Nein" in await tap(party, JENS, "no")
    await party.tap(VERA, "Nein")
    await close(party)
    assert "Ausgeschlossen (§ 33): 0\nAbgestimmt: 2\nJa: 0\nNein: 2\n" in party.last_text(VERA)
    assert await promises_hold(party)


async def test_who_is_excluded_is_neither_reminded_nor_waited_for(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, when_all=True)
    await party.deliver()
    await exclude(party, "IHK Magdeburg")
    before = len(party.telegram.texts(JENS))
    await pass_to(party, party.clock.now + timedelta(days=6, hours=1))
    assert len(party.telegram.texts(JENS)) == before
    await party.write(JENS, "/offen")
    assert "Förderung 2027" not in " ".join(party.labels(JENS))
    await party.tap(VERA, "Ja")
    await party.tap(KARL, "Ja")
    party.clock.advance(seconds=1)
    await party.tick()
    assert "angenommen" in party.last_text(VERA)


async def test_an_exclusion_of_the_last_silent_mandate_ends_what_waits_for_all(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, when_all=True)
    await party.deliver()
    await party.tap(VERA, "Ja")
    await party.tap(KARL, "Ja")
    await exclude(party, "IHK Magdeburg")
    party.clock.advance(seconds=1)
    await party.tick()
    assert "Ausgeschlossen (§ 33): 1\n" in party.last_text(VERA)
    assert await promises_hold(party)


async def test_lifted_in_the_same_instant_it_is_waited_for_again(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, when_all=True)
    await party.deliver()
    await party.tap(VERA, "Ja")
    await party.tap(KARL, "Ja")
    await exclude(party, "IHK Magdeburg")
    await lift(party)
    party.clock.advance(seconds=1)
    await party.tick()
    assert "Ergebnis · " not in " ".join(party.telegram.texts(VERA))
    assert "Ihre Stimme: Nein" in await tap(party, JENS, "no")


async def test_excluded_twice_and_lifted_twice_is_once(party: Party) -> None:
    await open_vote(party)
    for who in (STAFF, COLLEAGUE):
        await at_the_vote(party, who)
        await party.fill(who, "[Ausschluss eintragen]", "[IHK Magdeburg]", DECIDED)
    await party.tap(STAFF, "Eintragen")
    await party.tap(COLLEAGUE, "Eintragen")
    assert party.toast().startswith("Das ist schon geschehen.")
    [elector] = [one for one in await party.rows(Elector) if one.excluded_at]
    assert elector.excluded_by == STAFF


# --- „Befangen"


async def test_befangen_is_explained_and_taken_back_by_another_answer(party: Party) -> None:
    await open_vote(party)
    await party.tap(VERA, "Befangen")
    text = party.last_text(VERA)
    assert "Ihre Stimme: Befangen · Beleg " in text
    assert "(§ 33 KVG LSA)" in text
    assert "Fragen Sie das Büro. Es legt die Frage denen vor, die darüber entscheiden." in text
    assert "Bis zum Schluss können Sie das zurücknehmen" in text
    await party.tap(VERA, "Ja")
    assert "Ihre Stimme: Ja" in party.toast()
    assert "§ 33" not in party.last_text(VERA)


async def test_befangen_is_reversible_where_ballots_are_final_and_no_way_to_change_ones_mind(party: Party) -> None:
    await set_rules(party.database, changeable=False)
    await open_vote(party)
    assert "änderbar" not in await tap(party, VERA, "yes")
    assert "kann eine Stimme nicht geändert werden" in await tap(party, VERA, "no")
    assert "Ihre Stimme: Befangen" in await tap(party, VERA, "conflict")
    assert "kann eine Stimme nicht geändert werden" in await tap(party, VERA, "no")
    assert "kann eine Stimme nicht geändert werden" in await tap(party, VERA, "abstain")
    assert "Ihre Stimme: Ja" in await tap(party, VERA, "yes")
    for choice in ("conflict", "conflict", "no", "yes", "conflict", "no"):
        await tap(party, VERA, choice)
    assert await says(party) == {"Jobcenter Stendal": "conflict"}
    assert await promises_hold(party)


async def test_who_began_with_befangen_says_one_thing_afterwards(party: Party) -> None:
    await set_rules(party.database, changeable=False)
    await open_vote(party)
    await tap(party, VERA, "conflict")
    assert "Ihre Stimme: Nein" in await tap(party, VERA, "no")
    assert "kann eine Stimme nicht geändert werden" in await tap(party, VERA, "yes")
    await tap(party, VERA, "conflict")
    assert "kann eine Stimme nicht geändert werden" in await tap(party, VERA, "yes")
    assert "Ihre Stimme: Nein" in await tap(party, VERA, "no")


@pytest.mark.parametrize(
    ("base", "quorum"),
    [
        ("all", "Quorum: 2 von 3 (alle Mandate), nötig > 1/2, also 2 – erreicht"),
        ("not excluded", "Quorum: 2 von 2 (nicht ausgeschlossene Mandate), nötig > 1/2, also 2 – erreicht"),
    ],
)
async def test_befangen_counts_in_no_majority_and_in_the_quorum_as_its_base_says(
    party: Party, base: str, quorum: str
) -> None:
    await set_rules(party.database, quorum={"more_than": "1/2", "base": base})
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await party.tap(JENS, "Enthaltung")
    await party.tap(KARL, "Befangen")
    await close(party)
    text = party.last_text(VERA)
    assert "Ausgeschlossen (§ 33): 1\nAbgestimmt: 2\nJa: 1\nNein: 0\nEnthaltung: 1\n" in text
    assert quorum in text
    assert "angenommen" in text


async def test_after_the_closing_befangen_stands(party: Party) -> None:
    await open_vote(party)
    await party.tap(VERA, "Befangen")
    await close(party)
    assert (await tap(party, VERA, "yes")).startswith("Die Abstimmung ist beendet.")
    assert await says(party) == {"Jobcenter Stendal": "conflict"}
