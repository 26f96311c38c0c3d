"""What the chat changes and what a list says agree: an old file doubles nobody and brings nobody back."""

import pytest

from models.member import Membership, Person
from models.record.rows import RecordLine
from tests.auxil.party import STAFF, Party
from tests.auxil.templates import played
from tests.auxil.voting import promises_hold

OLD = """body;mandate;role;name;language;status
;;buero;Berta Büro;de;
;;buero;Bernd Büro;de;
RAK Stendal;Jobcenter Stendal;mitglied;Vera Muster;de;
RAK Stendal;Jobcenter Stendal;stellvertretung;Dora Vertretung;de;
RAK Stendal;IHK Magdeburg;mitglied;Jens Beispiel;de;
RAK Stendal;Landkreis Stendal;mitglied;Karl Probe;de;
RAK Stendal;;gast;Gero Gast;de;
;Bildungswerk Altmark;traeger;Sven Träger;de;
"""


async def act_on(party: Party, name: str, *entries: str) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Personen]", "[Suchen]", name, *entries)


async def send(party: Party, text: str) -> str:
    await party.hear(party.telegram.upload(STAFF, "members.csv", text.encode()))
    return party.last_text(STAFF)


@pytest.fixture
async def changed_party(party: Party) -> Party:
    """The list was taken in; then a mandate moved, a guest left, two people got another name, somebody came."""
    return await played(party, change)


async def change(party: Party) -> None:
    await send(party, OLD)
    await party.tap(STAFF, "Übernehmen")
    await act_on(party, "Jens", "[Mandat übergeben]", "Nadine Neu", "[Übergeben]")
    await act_on(party, "Gero", "[Mitgliedschaft beenden]", "[Beenden]")
    await act_on(party, "Dora", "[Name ändern]", "Dora Neumann", "[Eintragen]")
    await act_on(party, "Vera", "[Name ändern]", "Vera Neumann", "[Eintragen]")


async def test_an_old_file_changes_nothing_and_says_why(changed_party: Party) -> None:
    before = await changed_party.state()
    text = await send(changed_party, OLD)
    assert text.startswith("Es ändert sich nichts.") or "ändert" in text.splitlines()[0], text
    assert "nicht übernommen, da im Chat beendet" in text
    assert "Jens Beispiel (mitglied, IHK Magdeburg, RAK Stendal)" in text
    assert "Gero Gast (gast, RAK Stendal)" in text
    assert "„Vera Muster“ heißt jetzt Vera Neumann" in text
    assert "„Dora Vertretung“ heißt jetzt Dora Neumann" in text
    assert "nicht in der Datei: Nadine Neu (mitglied, IHK Magdeburg, RAK Stendal)" in text
    assert await changed_party.state() == before
    assert await promises_hold(changed_party)


async def test_a_file_that_knows_of_it_changes_nothing_either(changed_party: Party) -> None:
    new = (
        OLD.replace("Vera Muster", "Vera Neumann")
        .replace("Dora Vertretung", "Dora Neumann")
        .replace("Gero Gast;de;", "Gero Gast;de;beendet")
        .replace("Jens Beispiel;de;", "Jens Beispiel;de;beendet")
        + "RAK Stendal;IHK Magdeburg;mitglied;Nadine Neu;;\n"
    )
    before = await changed_party.state()
    text = await send(changed_party, new)
    assert "nicht" not in text.replace("nichts", "")
    assert await changed_party.state() == before


async def test_a_new_row_in_an_old_file_is_taken_beside_what_is_held(changed_party: Party) -> None:
    await send(changed_party, OLD + "RAK Stendal;;gast;Ina Gast;de;\n")
    await changed_party.tap(STAFF, "Übernehmen")
    names = [one.name for one in await changed_party.rows(Person)]
    assert sorted(name for name in names if "Vera" in name or "Ina" in name) == ["Ina Gast", "Vera Neumann"]
    ended = [one for one in await changed_party.rows(Membership) if one.ended_at]
    assert len(ended) == 2


async def test_somebody_new_with_a_former_name_is_somebody_else(changed_party: Party) -> None:
    await changed_party.write(STAFF, "/buero")
    await changed_party.fill(STAFF, "[Personen]", "[Person hinzufügen]", "[Gast]", "Vera Muster", "[Eintragen]")
    text = await send(changed_party, "body;mandate;role;name\nRAK Stendal;;gast;Vera Muster\n")
    assert "heißt jetzt" not in text
    assert "Vera Neumann" in text  # as one who is not in this file


async def test_a_list_cannot_lock_the_office_out(party: Party) -> None:
    text = await send(party, "body;mandate;role;name;status\n;;buero;Berta Büro;beendet\n;;buero;Bernd Büro;beendet\n")
    assert "members.csv, Zeile 3, Spalte status: im Büro bliebe niemand" in text


async def test_mandates_that_a_list_gives_and_takes_are_on_record(party: Party) -> None:
    await send(party, OLD.replace("Jens Beispiel;de;", "Jens Beispiel;de;beendet").replace("buero", "buero")
               + "RAK Stendal;IHK Magdeburg;mitglied;Nadine Neu;;\n")  # fmt: skip
    await party.tap(STAFF, "Übernehmen")
    kinds = [one.entry.split('"kind":"')[1].split('"')[0] for one in await party.rows(RecordLine)]
    assert kinds == ["seat_left", "seat_taken"]
    assert await promises_hold(party)
