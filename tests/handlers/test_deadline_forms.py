from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from models.deadline import Deadline, Step
from models.outbox import Letter
from tests.auxil.deadlines import FAR, NOON, enter, remind_me, tick_area
from tests.auxil.party import COLLEAGUE, JENS, SPONSOR, SPONSORED, STAFF, STRANGER, VERA, Party

FORM = ("[Neue Frist]", "Aufruf <FAMICO>", "[Aufruf]")


async def new_deadline(party: Party, *entries: str) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *FORM, *entries)


async def the_deadline(party: Party) -> Deadline:
    [row] = await party.rows(Deadline)
    found: Deadline = row
    return found


async def test_the_form_enters_a_deadline_that_all_can_see(party: Party) -> None:
    await new_deadline(party, "b, c", "1.12. 8 Uhr", "15.01.2027 12:00")
    assert party.last_text(STAFF).startswith("Fällig: Fr, 15.01.2027, 12:00 Uhr\n\nWie wird abgegeben?")
    await party.fill(STAFF, "[Posteingang]", "Musterstr. 12", "2", "350.000 €", "Aufruf vom 24.11.2026")
    await party.fill(STAFF, "[Alle]", "7 3 30", "[Nein]")
    preview = party.last_text(STAFF)
    assert preview.startswith("Vorschau – so wird es zu sehen sein:\nFür wen: alle\n\n")
    assert preview.splitlines()[-2:] == [
        "Sofort bekommt niemand Bescheid.",
        "Erinnert wird am: Mi, 16.12. · Fr, 08.01. · Di, 12.01.",
    ]
    await party.tap(STAFF, "Eintragen")
    row = await the_deadline(party)
    assert (row.title, row.areas, row.leads, row.audience) == ("Aufruf <FAMICO>", ["B", "C"], [30, 7, 3], "alle")
    assert (row.due_at, row.opens_at) == (FAR, datetime(2026, 12, 1, 7, 0, tzinfo=UTC))
    await party.write(STRANGER, "/fristen")
    await party.tap(STRANGER, "1 · Aufruf <FAMICO>")
    shown = preview.split("\n\n")[1].splitlines()[1:]
    assert shown == party.last_text(STRANGER).splitlines()[1:]


async def test_what_is_optional_can_be_passed_over(party: Party) -> None:
    await new_deadline(party, "[Weiter]", "[Weiter]", "15.01.2027 12:00", "[elektronisch]")
    await party.fill(STAFF, *["[Weiter]"] * 4, f"traeger: {SPONSORED}", "[Weiter]", "[Ja]", "[Eintragen]")
    row = await the_deadline(party)
    assert (row.areas, row.opens_at, row.leads, row.shift) == ([], None, [30, 14, 7, 3, 1], True)
    assert "1 Person bekommt sofort Bescheid." in party.last_text(STAFF)
    assert party.last_text(SPONSOR).startswith("Neuer Aufruf\n")
    await party.write(SPONSOR, "/fristen")
    assert party.labels(SPONSOR)[0] == "1 · Aufruf <FAMICO>"
    assert "Aufruf" not in str([party.telegram.texts(who) for who in (VERA, JENS, STRANGER)])


@pytest.mark.parametrize(
    ("steps", "entry", "sentence"),
    [
        (0, "N", "Bitte schreiben Sie Buchstaben von A bis M"),
        (0, "Bereich C", "Bitte schreiben Sie Buchstaben von A bis M"),
        (2, "1.11.2026 12:00", "Diese Zeit ist schon vorbei."),
        (8, "jeder", "Bitte tippen Sie auf einen der Knöpfe."),
        (8, "traeger:", "Bitte tippen Sie auf einen der Knöpfe."),
        (9, "0 500", "Bitte schreiben Sie die Tage vorher"),
    ],
)
async def test_a_wrong_entry_is_said_at_once(party: Party, steps: int, entry: str, sentence: str) -> None:
    right = ("[Weiter]", "[Weiter]", "15.01.2027 12:00", "[E-Mail]", *["[Weiter]"] * 4, "[Alle]")
    await new_deadline(party, *right[:steps], entry)
    assert party.last_text(STAFF).startswith(sentence)


async def test_a_call_cannot_close_before_it_opens(party: Party) -> None:
    await new_deadline(party, "[Weiter]", "16.01.2027 8:00", "15.01.2027 12:00")
    assert party.last_text(STAFF).startswith("Sie würde schließen, bevor sie öffnet.")


async def test_one_entered_late_says_which_steps_remain(party: Party) -> None:
    await tick_area(party, STRANGER, "B · FAMICO")
    await new_deadline(party, "b", "[Weiter]", "27.11.2026 12:00", "[elektronisch]")
    await party.fill(STAFF, *["[Weiter]"] * 4, "[Alle]", "[Weiter]", "[Nein]")
    said = ["1 Person bekommt sofort Bescheid.", "Erinnert wird am: Do, 26.11."]
    assert party.last_text(STAFF).splitlines()[-2:] == said
    await party.tap(STAFF, "Eintragen")
    assert party.last_text(STAFF).splitlines()[1:] == said
    news = party.last_text(STRANGER)
    assert news.startswith("Neuer Aufruf\nNr. 1 · Aufruf · geöffnet\nAufruf <FAMICO>\n")
    assert "Ich erinnere Sie um 9 Uhr am: Do, 26.11." in news
    # The steps that were past are told by these news, not once more as late ones.
    await party.tick()
    assert party.last_text(STRANGER) == news
    assert sorted(one.lead for one in await party.rows(Step)) == [3, 7, 14, 30]


# --- „Ändern" and „Absagen"


async def staff_opens(party: Party, label: str) -> None:
    await party.write(STAFF, "/fristen")
    await party.fill(STAFF, f"[{label}]")


async def test_a_moved_deadline_is_previewed_and_told_to_those_who_are_reminded(party: Party) -> None:
    await enter(party, "Aufruf STABIL", mode="elektronisch")
    await remind_me(party, STRANGER, 1)
    await staff_opens(party, "1 · Aufruf STABIL")
    await party.fill(STAFF, "[Ändern]", "[Fällig]", "22.01.2027 12:00")
    assert party.last_text(STAFF).startswith("Fällig: Fr, 22.01.2027, 12:00 Uhr\n\nÄndert sich noch etwas?")
    await party.fill(STAFF, "[Form]")
    assert party.last_text(STAFF).endswith("Bisher: elektronisch")
    await party.fill(STAFF, "[Posteingang]", "[Weiter]")
    heading, preview = party.last_text(STAFF).split("\n\n", 1)
    assert heading == "Vorschau – 1 Person bekommt diese Nachricht:"
    assert party.labels(STAFF) == ["Senden", "Zurück", "Abbrechen"]
    await party.tap(STAFF, "Senden")
    assert party.last_text(STAFF).splitlines() == ["Frist Nr. 1 ist geändert.", "1 Person bekommt Bescheid."]
    [told] = [text for text in party.telegram.texts(STRANGER) if text.startswith("Eine Frist ist verschoben")]
    lines = told.splitlines()
    assert lines[1] == "Fällig: bisher Fr, 15.01.2027, 12:00 Uhr, jetzt Fr, 22.01.2027, 12:00 Uhr"
    assert lines[2] == "Form: bisher elektronisch, jetzt Posteingang"
    assert set(preview.splitlines()) <= set(lines)
    assert "Ich erinnere Sie um 9 Uhr am: Mi, 23.12. · " in told
    assert party.telegram.texts(JENS) == []
    [call] = party.telegram.sent("sendDocument", STRANGER)
    [(_, content)] = call.files.values()
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert (event["SEQUENCE"], event.decoded("DTSTART")) == (2, FAR + timedelta(days=7))
    # The steps are armed anew.
    party.clock.jump(datetime(2026, 12, 23, 8, 0, tzinfo=UTC))
    await party.tick()
    assert party.last_text(STRANGER).startswith("Erinnerung an 1 Frist\n\n1 · Aufruf STABIL")


@pytest.mark.parametrize(
    ("field", "entry", "value"),
    [
        ("Titel", "Aufruf II", {"title": "Aufruf II"}),
        ("Art", "[Antrag]", {"kind": "Antrag"}),
        ("Förderbereiche", "C D", {"areas": ["C", "D"]}),
        ("Förderbereiche", "[Leer lassen]", {"areas": []}),
        ("Öffnet", "1.12. 8 Uhr", {"opens_at": datetime(2026, 12, 1, 7, 0, tzinfo=UTC)}),
        ("Öffnet", "[Leer lassen]", {"opens_at": None}),
        ("Ort", "[Leer lassen]", {"place": ""}),
        ("Für wen", "[RAK Stendal]", {"audience": "RAK Stendal"}),
        ("Erinnerungen", "7 2", {"leads": [7, 2]}),
        ("Verschiebt sich auf den nächsten Werktag", "[Ja]", {"shift": True}),
        ("Quelle", "Schreiben vom 1.11.", {"source": "Schreiben vom 1.11."}),
    ],
)
async def test_every_field_can_be_changed(party: Party, field: str, entry: str, value: dict[str, Any]) -> None:
    await enter(party, "Aufruf", areas=["B"], opens_at=NOON, place="Amt", key="k")
    await staff_opens(party, "1 · Aufruf")
    await party.fill(STAFF, "[Ändern]", f"[{field}]", entry, "[Weiter]", "[Senden]")
    row = await the_deadline(party)
    assert {name: getattr(row, name) for name in value} == value
    assert (row.revision, row.key) == (2, "k")


@pytest.mark.parametrize(
    ("field", "entry", "sentence"),
    [
        ("Fällig", "1.11.2026 12:00", "Diese Zeit ist schon vorbei."),
        ("Förderbereiche", "X", "Bitte schreiben Sie Buchstaben von A bis M"),
        ("Art", "Wettbewerb", "Bitte tippen Sie auf einen der Knöpfe."),
    ],
)
async def test_a_wrong_change_is_said_at_once(party: Party, field: str, entry: str, sentence: str) -> None:
    await enter(party, "Aufruf")
    await staff_opens(party, "1 · Aufruf")
    await party.fill(STAFF, "[Ändern]", f"[{field}]", entry)
    assert party.last_text(STAFF).startswith(sentence)
    assert (await the_deadline(party)).revision == 1


async def test_an_opening_after_the_end_and_no_change_at_all_are_refused_at_the_end(party: Party) -> None:
    await enter(party, "Aufruf", mode="E-Mail")
    await staff_opens(party, "1 · Aufruf")
    await party.fill(STAFF, "[Ändern]", "[Öffnet]", "16.01.2027 8:00", "[Weiter]", "[Senden]")
    assert party.toast().startswith("Sie würde schließen, bevor sie öffnet.")
    await party.fill(STAFF, "[Abbrechen]")
    await staff_opens(party, "1 · Aufruf")
    await party.fill(STAFF, "[Ändern]", "[Form]", "[E-Mail]", "[Weiter]")
    assert party.last_text(STAFF) == "Es würde sich nichts ändern."
    await party.fill(STAFF, "[Senden]")
    assert party.toast() == "Das ist schon geschehen. Nichts hat sich geändert."
    assert (await the_deadline(party)).revision == 1


async def test_a_cancelled_deadline_says_so_and_can_come_back(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    await staff_opens(party, "1 · Aufruf STABIL")
    await party.fill(STAFF, "[Absagen]", "Kein Geld <mehr>")
    assert party.last_text(STAFF).startswith("Vorschau – 1 Person bekommt diese Nachricht:\n\nEine Frist ist abgesagt")
    await party.fill(STAFF, "[Senden]")
    [told] = [text for text in party.telegram.texts(STRANGER) if text.startswith("Eine Frist ist abgesagt")]
    assert "Grund: Kein Geld <mehr>" in told
    assert "Abgesagt. Fällig war: Fr, 15.01.2027, 12:00 Uhr." in told
    assert "Ich erinnere Sie" not in told
    [call] = party.telegram.sent("sendDocument", STRANGER)
    [(_, content)] = call.files.values()
    assert b"STATUS:CANCELLED" in content
    await party.write(STRANGER, "/fristen")
    assert party.last_text(STRANGER) == "Zurzeit ist keine Frist eingetragen."
    party.clock.jump(datetime(2026, 12, 16, 10, 0, tzinfo=UTC))
    await party.tick()
    assert "Erinnerung" not in party.last_text(STRANGER)
    await party.fill(STAFF, "[Frist ansehen]", "[Doch nicht abgesagt]", "[Weiter]", "[Senden]")
    [told] = [text for text in party.telegram.texts(STRANGER) if text.startswith("Eine Frist gilt wieder")]
    assert "Ich erinnere Sie um 9 Uhr am: Do, 31.12. · " in told
    # The step that went by while it was cancelled is told by these news.
    await party.tick()
    assert not any("verspätet" in text for text in party.telegram.texts(STRANGER))


@pytest.mark.parametrize("act", ["change", "cancel", "renew"])
async def test_only_staff_changes_a_deadline(party: Party, act: str) -> None:
    await enter(party, "Aufruf")
    for who in (STRANGER, VERA, SPONSOR):
        await party.write(who, "/fristen")
        await party.fill(who, "[1 · Aufruf]")
        assert not {"Ändern", "Absagen"} & set(party.labels(who))
        await party.hear(party.telegram.tap_data(who, f"t:1:{act}", party.telegram.last(who)))
        assert party.toast() == "Das darf nur die ReKo."
    assert (await the_deadline(party)).revision == 1


async def test_what_the_office_notes_for_itself_is_told_to_nobody(party: Party) -> None:
    await enter(party, "Aufruf")
    await remind_me(party, STRANGER, 1)
    await staff_opens(party, "1 · Aufruf")
    await party.fill(STAFF, "[Ändern]", "[Erinnerungen]", "7", "[Weiter]")
    assert party.last_text(STAFF).startswith("Vorschau – niemand wird benachrichtigt.")
    await party.fill(STAFF, "[Senden]")
    assert await party.rows(Letter) == []


async def test_a_colleague_cannot_finish_anothers_change(party: Party) -> None:
    await enter(party, "Aufruf")
    await staff_opens(party, "1 · Aufruf")
    await party.fill(STAFF, "[Absagen]", "[Weiter]")
    data = party.telegram.buttons(party.telegram.last(STAFF))["Senden"]
    await party.write(COLLEAGUE, "/buero")
    await party.hear(party.telegram.tap_data(COLLEAGUE, data, party.telegram.last(COLLEAGUE)))
    assert party.toast().startswith("Das darf nur")
    assert (await the_deadline(party)).status == ""
