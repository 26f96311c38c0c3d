"""Project selection at the boundary: updates in, texts and rows out."""

import io
import json
from datetime import UTC, datetime

from openpyxl import load_workbook
from telegram.error import TimedOut

from models.ballot.rows import Ballot, Vote
from models.ballot.rules import Held
from models.record.rows import RecordLine
from models.selection.rows import ScoreRow
from models.selection.rules import Call, Criterion, Project
from tests.auxil.party import DORA, JENS, KARL, STAFF, VERA, Party
from tests.auxil.selecting import CALL, mandates, open_selection, points, tap_data, tap_points
from tests.auxil.voting import CLAUSE, CLOSES, close, end_role, pass_to, promises_hold, set_rules

JOB, IHK, LAND = "Jobcenter Stendal", "IHK Magdeburg", "Landkreis Stendal"
FULL = {1: (4, 4), 2: (5, 2), 3: (1, 0)}


def code_of(toast: str) -> str:
    """The receipt code in a toast."""
    return toast.split("Beleg ")[1][:4]


async def test_a_selection_from_the_form_to_the_ranking(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Projektauswahl]", "Aufruf STABIL", "Wer wird gefördert?")
    await party.fill(STAFF, "75.000", "Bedarf; 5; 2\nWirkung; 5; 1", "1,5")
    await party.fill(STAFF, "Lernwerkstatt; Lernwerk; 40.000\nJob-Brücke; Bildungshaus; 30000,00\nMut; IHK; 50.000")
    assert party.last_text(STAFF).startswith("3 Projekte, zusammen 120.000\u00a0€")
    await party.hear(party.telegram.upload(STAFF, "2 Finanzplan.pdf", b"%PDF-1"))
    assert "2 Finanzplan.pdf, zu Projekt 2" in party.last_text(STAFF)
    await party.fill(STAFF, "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]")
    preview = party.last_text(STAFF)
    for line in ("Budget: 75.000\u00a0€", "• Bedarf: 0 bis 5 Punkte, Gewicht 2", "nötig sind mindestens 1,5",
                 "2. Job-Brücke (Bildungshaus, 30.000\u00a0€)"):  # fmt: skip
        assert line in preview
    await party.tap(STAFF, "Eröffnen")
    assert party.last_text(VERA).startswith(f"Neue Abstimmung · RAK Stendal\nfür {JOB}\n")
    assert "3 Projekte · 0 von 3 zählen schon" in party.last_text(VERA)
    for who, name in ((VERA, JOB), (JENS, IHK), (KARL, LAND)):
        await tap_points(party, who, name, FULL)
    await close(party)
    said = party.last_text(VERA)
    assert "1. Lernwerkstatt: 4,00 Punkte aus 3 Bewertungen (4,00 bis 4,00), 40.000\u00a0€ – ausgewählt" in said
    assert "1. Job-Brücke: 4,00 Punkte" in said  # (2x5 + 2) / 3 is 4 as well: they share the rank
    assert "3. Mut: 0,67 Punkte" in said
    assert "unter Mindestpunktzahl" in said
    assert "Vergeben: 70.000\u00a0€, übrig: 5.000\u00a0€" in said
    assert "2 von 3 Projekten ausgewählt – nach der Geschäftsordnung" in said
    assert await promises_hold(party)


async def test_a_card_asks_one_thing_at_a_time_and_says_what_is_missing(party: Party) -> None:
    await open_selection(party)
    await party.tap(VERA, "Projekt 1 bewerten")
    assert "Wie viele Punkte für Bedarf? (0 bis 5)" in party.last_text(VERA)
    assert party.labels(VERA)[:6] == ["0", "1", "2", "3", "4", "5"]
    await party.tap(VERA, "4")
    assert party.toast().startswith("Ihre Punkte: Bedarf 4 von 5 · Beleg ")
    assert party.toast().endswith(" · änderbar bis 01.12.2026, 12:00 Uhr")
    shown = party.last_text(VERA)
    assert "Bedarf: 4 von 5" in shown
    assert "Es fehlt: Wirkung" in shown
    assert "Wie viele Punkte für Wirkung? (0 bis 5)" in shown
    assert "0 von 3 zählen schon" in shown
    await party.tap(VERA, "2")
    assert "Projekt 1 zählt" in party.toast()
    shown = party.last_text(VERA)
    assert "1 von 3 zählt schon" in shown
    assert "Vollständig – das zählt. Gewichtet: 3,33 von 5" in shown
    assert party.labels(VERA)[0] == "Projekt 2 bewerten"
    await party.tap(VERA, "Weiter")
    assert "Projekt 2 von 3\nJob-Brücke\nTräger: Bildungshaus Börde e. V.\nBeantragt: 30.000\u00a0€" in party.last_text(
        VERA
    )
    await party.tap(VERA, "Übersicht")
    assert "1. Lernwerkstatt (Lernwerk Altmark gGmbH, 40.000\u00a0€) – zählt" in party.last_text(VERA)
    assert "1 · Lernwerkstatt: fertig" in party.labels(VERA)


async def test_the_same_tap_again_is_the_same_and_another_replaces_it(party: Party) -> None:
    await open_selection(party)
    await party.tap(VERA, "Projekt 1 bewerten")
    card = party.telegram.last(VERA)
    five = party.telegram.buttons(card)["5"]
    first = await tap_data(party, VERA, five)
    await party.tap(VERA, "3")  # of the next criterion
    again = await tap_data(party, VERA, five)
    assert code_of(again) == code_of(first)
    await party.tap(VERA, "Bedarf: 5 ändern")
    await party.tap(VERA, "2")
    assert code_of(party.toast()) != code_of(first)
    assert [one.points for one in await party.rows(ScoreRow)] == [2, 3]
    assert len(await party.rows(Ballot)) == 1


async def test_points_count_once_the_card_is_complete_and_the_record_tells_who_confirmed(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, FULL)
    await party.tap(VERA, "Bestätigen")
    assert "3 von 3 zählen schon, bestätigt" in party.toast()
    assert "Bestätigt." in party.last_text(VERA)
    await tap_points(party, JENS, IHK, {1: (3, 3), 2: (1, 1), 3: (2,)})
    refused = await tap_data(party, JENS, f"vc:1:{(await mandates(party))[IHK]}:0:confirm")
    assert refused.startswith("Es fehlt noch etwas.")
    await close(party)
    said = party.last_text(STAFF)
    assert "Lernwerkstatt: 3,50 Punkte aus 2 Bewertungen" in said
    assert "– Werkstatt & <Mut>: 1 Bewertung, nötig 2" in said
    await party.tap(STAFF, "Entscheidungsprotokoll (PDF, CSV, JSON)")
    files = {call.files["document"][0].rsplit(".", 1)[1]: call.files["document"][1]
             for call in party.telegram.sent("sendDocument", STAFF)}  # fmt: skip
    table = files["csv"].decode("utf-8-sig")
    assert "IHK Magdeburg: nicht bestätigt; gezählte Projekte: 2 von 3." in table
    assert "Jobcenter Stendal: nicht bestätigt" not in table
    told = json.loads(files["json"])
    assert [(one["rank"], one["number"], one["mean"]) for one in told["ranking"]] == [
        (1, 1, "7/2"),
        (2, 2, "5/2"),
        (None, 3, "2/3"),
    ]
    assert files["pdf"].startswith(b"%PDF-")
    book = load_workbook(io.BytesIO(files["xlsx"]))
    assert book.sheetnames == ["Rangfolge", "Punkte", "Kriterien"]
    rows = [[cell.value for cell in row] for row in book["Rangfolge"].iter_rows()]
    assert rows[1][:5] == [1, "1 · Lernwerkstatt", "Lernwerk Altmark gGmbH", 3.5, 2]
    assert await promises_hold(party)


async def test_a_change_after_confirming_is_a_change_that_is_not_confirmed(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, FULL)
    await party.tap(VERA, "Bestätigen")
    await tap_points(party, VERA, JOB, {1: (0,)})
    [ballot] = await party.rows(Ballot)
    assert ballot.choice == "full"
    assert "Bestätigen" in party.labels(VERA)


async def test_where_nothing_may_be_changed_points_are_fixed_once_they_count(party: Party) -> None:
    await set_rules(party.database, changeable=False)
    await open_selection(party)
    await tap_points(party, VERA, JOB, {1: (4,)})
    assert "änderbar" not in party.toast()
    await tap_points(party, VERA, JOB, {1: (3, 2)})  # Bedarf is changed while the card is not complete
    assert "Projekt 1 zählt" in party.toast()
    mandate = (await mandates(party))[JOB]
    refused = await tap_data(party, VERA, f"vs:1:{mandate}:1:1:5")
    assert refused == "Nach der Geschäftsordnung lassen sich Punkte, die schon zählen, nicht mehr ändern."
    assert (await points(party))[mandate, 1, 1] == 3
    assert not [label for label in party.labels(VERA) if "ändern" in label]


async def test_befangen_in_the_whole_call_is_one_tap_and_can_be_taken_back(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, FULL)
    await party.tap(VERA, "Übersicht")
    await party.tap(VERA, "Befangen")
    assert party.toast().startswith("Ihre Stimme: Befangen · Beleg ")
    assert party.labels(VERA) == ["Befangenheit zurücknehmen"]
    mandate = (await mandates(party))[JOB]
    assert (await tap_data(party, VERA, f"vs:1:{mandate}:1:1:5")).startswith("Sie nehmen daran nicht teil.")
    await tap_points(party, JENS, IHK, FULL)
    await tap_points(party, KARL, LAND, {**FULL, 1: (0, 0)})
    await pass_to(party, CLOSES)
    result = (await party.rows(Vote))[0].result
    assert result["turnout"]["excluded"] == 1
    by_number = {one["project"]["number"]: one for one in result["standings"]}
    assert (by_number[1]["mean"], by_number[1]["scores"]) == ("2", 2)
    assert await promises_hold(party)


async def test_befangenheit_taken_back_brings_the_points_back(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, FULL)
    mandate = (await mandates(party))[JOB]
    await tap_data(party, VERA, f"vc:1:{mandate}:0:aside")
    toast = await tap_data(party, VERA, f"vc:1:{mandate}:0:back")
    assert toast.startswith("Ihre Punkte: 3 von 3 zählen schon · Beleg ")
    assert [one.choice for one in await party.rows(Ballot)] == ["full"]
    assert await promises_hold(party)


async def test_befangen_in_one_project_where_the_charter_says_so(party: Party) -> None:
    await set_rules(party.database, conflict_scope="project", quorum={"at_least": 2})
    await open_selection(party)
    assert "Befangen" not in party.labels(VERA)
    await party.tap(VERA, "2 · Job-Brücke")
    await party.tap(VERA, "Befangen bei diesem Projekt")
    assert party.toast().startswith("Ihre Punkte: Projekt 2: befangen · Beleg ")
    await tap_points(party, VERA, JOB, {1: (4, 4), 3: (1, 0)})
    assert "2 von 2 zählen schon" in party.last_text(VERA)
    await party.tap(VERA, "Bestätigen")
    for who, name in ((JENS, IHK), (KARL, LAND)):
        await tap_points(party, who, name, FULL)
    mandate = (await mandates(party))[JOB]
    assert (await tap_data(party, VERA, f"vc:1:{mandate}:0:aside")).startswith("Das finde ich nicht mehr.")
    await close(party)
    standings = {one["project"]["number"]: one for one in (await party.rows(Vote))[0].result["standings"]}
    assert [(standings[number]["scores"], standings[number]["excluded"]) for number in (1, 2, 3)] == [
        (3, 0),
        (2, 1),
        (3, 0),
    ]
    assert await promises_hold(party)


async def test_a_mandate_excluded_by_a_decision_has_no_influence(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, {1: (0, 0), 2: (0, 0), 3: (5, 5)})
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, "1 · offen · Aufruf STABIL")
    await party.fill(STAFF, "[Ausschluss eintragen]", f"[{JOB}]", "Beschluss von heute", "[Eintragen]")
    mandate = (await mandates(party))[JOB]
    assert (await tap_data(party, VERA, f"vs:1:{mandate}:1:1:5")).startswith("Das darf nur")
    for who, name in ((JENS, IHK), (KARL, LAND)):
        await tap_points(party, who, name, FULL)
    await close(party)
    said = party.last_text(JENS)
    assert "Ausgeschlossen (§ 33): 1" in said
    assert "3. Werkstatt & <Mut>: 0,67 Punkte aus 2 Bewertungen" in said


async def test_a_tap_after_closing_changes_nothing(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, {1: (4, 4)})
    await close(party)
    mandate = (await mandates(party))[JOB]
    before = await points(party)
    assert (await tap_data(party, VERA, f"vs:1:{mandate}:1:1:5")).startswith("Die Abstimmung ist beendet.")
    assert (await tap_data(party, VERA, f"vc:1:{mandate}:0:aside")).startswith("Die Abstimmung ist beendet.")
    assert await points(party) == before


async def test_only_incomplete_cards_are_reminded_and_told_what_counts(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, {1: (4, 4), 2: (5,)})
    await tap_points(party, JENS, IHK, FULL)
    before = {who: len(party.telegram.texts(who)) for who in (VERA, JENS, KARL)}
    await pass_to(party, datetime(2026, 11, 27, 18, 59, tzinfo=UTC))  # half time lies in the night after
    await party.deliver()
    assert party.last_text(VERA).startswith(f"Abstimmung noch offen · RAK Stendal\nfür {JOB}\n\n1 von 3 zählt schon")
    assert "2. Job-Brücke (Bildungshaus Börde e. V., 30.000\u00a0€) – es fehlt: Wirkung" in party.last_text(VERA)
    assert len(party.telegram.texts(JENS)) == before[JENS]
    assert "0 von 3 zählen schon" in party.last_text(KARL)
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, "1 · offen · Aufruf STABIL")
    assert "• Jobcenter Stendal – Vera Muster – 1 von 3 zählt schon" in party.last_text(STAFF)
    assert "Noch nicht gestimmt: 2" in party.last_text(STAFF)


async def test_a_deputy_scores_and_the_holder_does_not(party: Party) -> None:
    await open_selection(party)
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Nur eine Abstimmung]", "[Übergeben]")
    await tap_points(party, DORA, JOB, {1: (4, 4)})
    assert "Projekt 1 zählt" in party.toast()
    mandate = (await mandates(party))[JOB]
    assert (await tap_data(party, VERA, f"vs:1:{mandate}:1:1:0")).startswith("Das darf nur")
    assert (await tap_data(party, JENS, f"vs:1:{mandate}:1:1:0")).startswith("Das darf nur")
    assert {one.given_by for one in await party.rows(ScoreRow)} == {DORA}
    assert await promises_hold(party)


async def test_a_holder_whose_role_ends_scores_no_more_and_the_points_stay(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, {1: (4, 4)})
    await end_role(party, VERA)
    mandate = (await mandates(party))[JOB]
    assert (await tap_data(party, VERA, f"vs:1:{mandate}:2:1:5")).startswith("Das darf nur")
    assert (await points(party)) == {(mandate, 1, 1): 4, (mandate, 1, 2): 4}


async def test_points_from_paper_are_marked_and_the_members_own_tap_replaces_them(party: Party) -> None:
    await open_selection(party)
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, "1 · offen · Aufruf STABIL")
    await party.fill(STAFF, "[Papier oder Telefon]", f"[{JOB}]", "[Papier]", "1: 4 9\n7: 1 1\n2: 3 3\n2: 1 1")
    refused = party.last_text(STAFF)
    assert "Zeile 1: hier müsste stehen: 0–5 0–5" in refused
    assert "Zeile 2: ein Projekt „7“ gibt es nicht" in refused
    assert "Zeile 4: dasselbe steht schon in Zeile 3" in refused
    await party.fill(STAFF, "1: 4 4\n2: 5 2", "lag im Briefkasten", "[Eintragen]")
    assert "Vom Büro eingetragen, auf Papier: lag im Briefkasten" in party.last_text(VERA)
    assert "2 von 3 zählen schon" in party.last_text(VERA)
    await tap_points(party, VERA, JOB, {1: (1,)})
    mandate = (await mandates(party))[JOB]
    assert await points(party) == {(mandate, 1, 1): 1, (mandate, 1, 2): 4, (mandate, 2, 1): 5, (mandate, 2, 2): 2}
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, "1 · offen · Aufruf STABIL")
    await party.tap(STAFF, "Papier oder Telefon")
    assert JOB not in party.labels(STAFF)  # the member's own is never replaced
    assert await promises_hold(party)


async def test_an_entry_by_the_office_can_be_corrected_by_the_office(party: Party) -> None:
    await open_selection(party)
    for entry in ("1: 4 4\n2: 5 2\n3: 1 1", "1: 0 0"):
        await party.write(STAFF, "/abstimmungen")
        await party.tap(STAFF, "1 · offen · Aufruf STABIL")
        await party.fill(STAFF, "[Papier oder Telefon]", f"[{JOB}]", "[Telefon]", entry, "Anruf", "[Eintragen]")
        assert await promises_hold(party)
    mandate = (await mandates(party))[JOB]
    assert await points(party) == {(mandate, 1, 1): 0, (mandate, 1, 2): 0}
    assert [one.choice for one in await party.rows(Ballot)] == ["part"]


async def test_a_tie_at_the_edge_of_the_budget_is_decided_by_people_with_a_reason(party: Party) -> None:
    await open_selection(party)
    for who, name in ((VERA, JOB), (JENS, IHK)):
        await tap_points(party, who, name, {1: (3, 3), 2: (0, 0), 3: (3, 3)})
    await close(party)
    assert "Gleichstand auf Rang 1, zu entscheiden" in party.last_text(VERA)
    assert "Gleichstand entscheiden" not in party.labels(VERA)
    await party.fill(STAFF, "[Gleichstand entscheiden]", "[3 · Werkstatt & <Mut>]", "Beschluss des RAK")
    assert "1. Werkstatt & <Mut> – ausgewählt" in party.last_text(STAFF)
    await party.tap(STAFF, "Eintragen")
    said = party.last_text(VERA)
    assert "1. Werkstatt & <Mut>: 3,00 Punkte" in said
    assert "Gleichstand auf Rang 1, entschieden: Projekt 3 vor 1. Beschluss des RAK" in said
    assert "Nachrücker: Lernwerkstatt, Job-Brücke" in said
    assert "übrig: 25.000\u00a0€" in said
    assert await promises_hold(party)
    refused = await tap_data(party, STAFF, "va:1:tie")
    assert refused.startswith("Das finde ich nicht mehr.")


async def test_it_closes_once_all_have_confirmed_and_not_before(party: Party) -> None:
    await open_selection(party, when_all=True)
    for who, name in ((VERA, JOB), (JENS, IHK), (KARL, LAND)):
        await tap_points(party, who, name, FULL)
    await party.tick()
    assert (await party.rows(Vote))[0].closed_at is None  # somebody may still look it over
    for who in (VERA, JENS, KARL):
        await party.tap(who, "Bestätigen")
    await party.tick()
    assert (await party.rows(Vote))[0].closed_at is not None
    assert await promises_hold(party)


async def test_a_list_of_projects_names_all_its_faults_at_once(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Projektauswahl]", "Titel", "Text", "100", "K; 5")
    await party.tap(STAFF, "Weiter")
    await party.hear(party.telegram.upload(STAFF, "p.csv", "titel;träger;summe\nA;;100\nB;T;viel\n=1+1;T;5\n".encode()))
    said = party.last_text(STAFF)
    assert "p.csv, Zeile 2, Spalte traeger: hier fehlt eine Angabe" in said
    assert "p.csv, Zeile 3, Spalte summe: „viel“ ist kein Geldbetrag" in said
    assert "p.csv, Zeile 4, Spalte titel: eine Formel" in said
    assert said.endswith("mit den Spalten titel, traeger, summe.")  # the same question again
    await party.write(STAFF, "A; T\nB; T; x")
    assert "Zeile 1: hier gehören 3 Teile hin" in party.last_text(STAFF)
    assert "Zeile 2, summe: „x“ ist kein Geldbetrag" in party.last_text(STAFF)
    await party.hear(party.telegram.upload(STAFF, "p.csv", b"titel;traeger;summe\nA;T;60\nB;T;50\n"))
    assert party.last_text(STAFF).startswith("2 Projekte, zusammen 110\u00a0€")


async def test_a_typed_vote_and_a_forged_tap_do_not_get_past_the_card(party: Party) -> None:
    await open_selection(party)
    await party.write(VERA, "Ja zu 1")
    assert "Projekt 1 bewerten" in party.labels(VERA)
    mandate = (await mandates(party))[JOB]
    for data in (f"v:1:{mandate}:confirmed", f"y:1:{mandate}:full", f"vs:1:{mandate}:9:1:1", f"vs:1:{mandate}:1:1:6",
                 f"vs:1:{mandate}:1:9:1", f"vc:1:{mandate}:1:aside", f"vc:1:{mandate}:0:other", "vf:1:0"):  # fmt: skip
        assert (await tap_data(party, VERA, data)).startswith("Das finde ich nicht mehr."), data
    assert await party.rows(Ballot) == []


async def test_a_toast_that_was_lost_is_spoken_again_with_the_same_receipt(party: Party) -> None:
    await open_selection(party)
    await party.tap(VERA, "Projekt 1 bewerten")
    party.telegram.fail("answerCallbackQuery", TimedOut())
    await party.tap(VERA, "4")
    [row] = await party.rows(ScoreRow)
    assert code_of(party.toast()) == row.receipt
    assert "Bedarf: 4 von 5" in party.last_text(VERA)
    assert await promises_hold(party)


async def test_an_objection_sends_the_selection_to_a_meeting(party: Party) -> None:
    await set_rules(party.database, circular="majority", clause=CLAUSE)
    await open_selection(party, held=Held.CIRCULAR)
    await tap_points(party, JENS, IHK, FULL)
    await party.fill(VERA, "[Widerspruch gegen das Umlaufverfahren]", "[Ja, widersprechen]")
    said = party.last_text(JENS)
    assert "Widerspruch, kommt in die Sitzung" in said
    assert "– Lernwerkstatt: 4,00 Punkte aus 1 Bewertung (4,00 bis 4,00), 40.000\u00a0€ – nicht bewertet" not in said
    assert "ausgewählt" not in said
    assert await promises_hold(party)


async def test_thirty_projects_and_a_long_text_still_fit_a_card_that_is_redrawn(party: Party) -> None:
    projects = tuple(Project(one, f"{one} " + "Ä<&" * 60, "Träger " * 20, 1_000_00) for one in range(1, 31))
    criteria = tuple(Criterion(one, f"K{one} " + "Wort " * 30, 100, 150) for one in range(1, 11))
    await open_selection(party, Call(9_999_99, 250, criteria, projects))
    before = len(party.telegram.texts(VERA))
    await party.tap(VERA, "30")
    assert party.labels(VERA)[:11] == [*map(str, range(0, 100, 10)), "100"]
    await party.tap(VERA, "40")
    mandate = (await mandates(party))[JOB]
    await tap_data(party, VERA, f"vp:1:{mandate}:30:1")
    assert "Gewählt: 40" in party.labels(VERA)
    await party.tap(VERA, "43")
    await party.tap(VERA, "Übersicht")
    assert len(party.telegram.texts(VERA)) == before  # all the time the same message
    assert (await points(party))[mandate, 30, 1] == 43


async def test_nothing_that_was_typed_stands_in_the_record(party: Party) -> None:
    await open_selection(party)
    await tap_points(party, VERA, JOB, FULL)
    record = " ".join(str(one.entry) for one in await party.rows(RecordLine))
    assert '"points":4' in record
    for word in ("Lernwerk", "Bedarf", "STABIL"):
        assert word not in record
    assert CALL.projects[0].title not in record
