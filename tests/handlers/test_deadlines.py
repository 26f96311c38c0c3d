from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from models import deadline as deadlines
from models.deadline import Deadline, Step, Subscription
from models.outbox import Letter
from tests.auxil.party import COLLEAGUE, JENS, SPONSOR, SPONSORED, STAFF, STRANGER, VERA, Party

NOON = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Berlin, in eight days
FAR = datetime(2027, 1, 15, 11, 0, tzinfo=UTC)
FIRST_MORNING = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)  # 30 days before, 9:00 in Berlin


async def enter(party: Party, title: str, due: datetime = FAR, **more: Any) -> None:
    async with party.database.begin() as session:
        entry: Any = {"title": title, "kind": "Aufruf", "due_at": due, **more}
        await deadlines.enter(session, entry, party.clock.now)


async def remind_me(party: Party, who: int, number: int) -> None:
    await party.write(who, "/fristen")
    await party.hear(party.telegram.tap_data(who, f"t:{number}:remind", party.telegram.last(who)))


async def test_the_list_begins_with_the_next_one_in_ten_words(party: Party) -> None:
    await enter(party, "Später", FAR)
    await enter(party, "Aufruf STABIL", NOON, mode="Posteingang")
    await party.write(STRANGER, "/fristen")
    lines = party.last_text(STRANGER).splitlines()
    assert lines[0] == "Mi, 02.12., 12:00 Uhr · noch 8 Tage · Posteingang"
    assert lines[2:4] == ["2 · Aufruf STABIL", lines[0]]
    assert party.labels(STRANGER) == ["2 · Aufruf STABIL", "1 · Später"]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (NOON - timedelta(days=1), "morgen"),
        (NOON - timedelta(hours=3), "heute"),
        (NOON - timedelta(days=2), "noch 2 Tage"),
    ],
)
async def test_the_days_left_are_said_as_people_say_them(party: Party, now: datetime, said: str) -> None:
    await enter(party, "Aufruf", NOON)
    party.clock.jump(now)
    await party.write(STRANGER, "/fristen")
    assert party.last_text(STRANGER).splitlines()[0] == f"Mi, 02.12., 12:00 Uhr · {said}"
    party.clock.jump(NOON)
    await party.write(STRANGER, "/fristen")
    assert party.last_text(STRANGER) == "Zurzeit ist keine Frist eingetragen."


async def test_many_deadlines_are_turned_page_by_page(party: Party) -> None:
    for day in range(10):
        await enter(party, f"Frist {day}", NOON + timedelta(days=day))
    await party.write(STRANGER, "/fristen")
    assert len(party.labels(STRANGER)) == 9
    await party.tap(STRANGER, "Weitere Fristen")
    assert party.labels(STRANGER) == ["9 · Frist 8", "10 · Frist 9", "Zurück"]
    older = party.telegram.last(STRANGER)
    await party.tap(STRANGER, "Zurück")
    assert party.labels(STRANGER)[0] == "1 · Frist 0"
    party.clock.jump(NOON + timedelta(days=5))
    await party.hear(party.telegram.tap_data(STRANGER, "o:deadlines:1", older))
    assert party.labels(STRANGER)[0] == "7 · Frist 6"


async def test_an_entry_shows_everything_and_moves_with_the_law(party: Party) -> None:
    saturday = datetime(2026, 12, 5, 11, 0, tzinfo=UTC)
    more = {"mode": "Posteingang", "place": "Musterstr. 12", "copies": "2", "budget": "480.000 €", "areas": ["C"]}
    await enter(party, "Aufruf STABIL", saturday, shift=True, source="Aufruf vom 01.11.2026", **more)
    await party.write(STRANGER, "/fristen")
    await party.tap(STRANGER, "1 · Aufruf STABIL")
    text = party.last_text(STRANGER)
    assert "Fällig: Mo, 07.12.2026, 12:00 Uhr · noch 13 Tage · Posteingang" in text
    assert "Eingetragen für Sa, 05.12.2026, 12:00 Uhr. Das ist kein Werktag" in text
    assert "Spätestens am Mittwoch, 02.12.2026, zur Post." in text
    for line in ("Förderbereiche: C", "Ort: Musterstr. 12", "Ausfertigungen: 2", "Budget: 480.000 €"):
        assert line in text.splitlines()
    assert text.splitlines()[-1] == "Quelle: Aufruf vom 01.11.2026"
    assert party.labels(STRANGER) == ["Erinnere mich", "Kalender (.ics)"]


async def test_a_sponsors_deadline_is_seen_by_that_sponsor_and_staff_alone(party: Party) -> None:
    await enter(party, "Sachbericht", audience=f"traeger:{SPONSORED}")
    await enter(party, "Rückmeldung", audience="RAK Stendal")
    seen = {SPONSOR: "1 · Sachbericht", STAFF: "1 · Sachbericht", VERA: "2 · Rückmeldung", STRANGER: None}
    for who, label in seen.items():
        await party.write(who, "/fristen")
        assert next(iter(party.labels(who)), None) == label
    for who, number in ((STRANGER, 1), (VERA, 1), (SPONSOR, 2)):
        for act in ("show", "remind", "done", "mute", "ics"):
            await party.hear(party.telegram.tap_data(who, f"t:{number}:{act}", party.telegram.last(who)))
            assert party.toast().startswith("Das finde ich nicht mehr.")
    assert await party.rows(Subscription) == []
    assert "Sachbericht" not in str(party.telegram.texts(STRANGER) + party.telegram.texts(VERA))


async def test_remind_me_brings_the_mornings_letter_at_nine_and_only_once(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    assert party.toast() == "Ich erinnere Sie."
    assert "Sie werden erinnert, Tage vorher: 30, 14, 7, 3, 1" in party.last_text(STRANGER)
    party.clock.jump(FIRST_MORNING - timedelta(seconds=1))
    await party.tick()
    assert await party.rows(Letter) == []
    party.clock.jump(FIRST_MORNING)
    await party.tick()
    await party.tick()
    letters = [one for one in party.telegram.texts(STRANGER) if one.startswith("Erinnerung an 1 Frist")]
    assert len(letters) == 1
    assert "verspätet" not in letters[0]
    assert party.labels(STRANGER) == ["Erledigt", "Nicht mehr erinnern"]


async def test_a_late_subscription_is_told_the_newest_step_as_belated(party: Party) -> None:
    await enter(party, "Aufruf STABIL", NOON)
    await remind_me(party, STRANGER, 1)
    await party.tick()
    assert party.last_text(STRANGER).startswith("Erinnerung an 1 Frist\n\n(verspätet)\n")
    assert [one.lead for one in await party.rows(Step)] == [14]


async def test_one_letter_gathers_the_morning_and_done_asks_which_one(party: Party) -> None:
    await enter(party, "Später", FAR + timedelta(hours=3))
    await enter(party, "Früher", FAR)
    for number in (1, 2):
        await remind_me(party, STRANGER, number)
    party.clock.jump(FIRST_MORNING)
    await party.tick()
    text = party.last_text(STRANGER)
    assert text.startswith("Erinnerung an 2 Fristen")
    assert text.index("Früher") < text.index("Später")
    await party.tap(STRANGER, "Erledigt")
    assert party.last_text(STRANGER) == "Welche?"
    await party.tap(STRANGER, "2 · Früher")
    assert party.toast() == "Erledigt. Daran erinnere ich Sie nicht mehr."
    ended = {one.deadline_number: one.ended_as for one in await party.rows(Subscription)}
    assert ended == {1: None, 2: "done"}


@pytest.mark.parametrize(("label", "ended_as"), [("Erledigt", "done"), ("Nicht mehr erinnern", "muted")])
async def test_a_letter_of_one_ends_it_at_once(party: Party, label: str, ended_as: str) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    party.clock.jump(FIRST_MORNING)
    await party.tick()
    await party.tap(STRANGER, label)
    assert party.last_text(STRANGER).startswith("1 · Aufruf STABIL: ")
    [row] = await party.rows(Subscription)
    assert row.ended_as == ended_as
    party.clock.jump(FAR - timedelta(days=1))
    await party.tick()
    assert len(await party.rows(Letter)) == 1


async def test_another_ones_reminder_and_a_letter_that_is_none_end_nothing(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    await party.open_vote()
    party.clock.jump(FIRST_MORNING)
    await party.tick()
    letters = {one.kind: one.id for one in await party.rows(Letter) if one.telegram_id in {VERA, STRANGER}}
    card = party.telegram.last(VERA)
    await party.hear(party.telegram.tap_data(VERA, f"r:{letters['reminder']}:done", card))
    assert party.toast().startswith("Das darf nur")
    await party.hear(party.telegram.tap_data(VERA, f"r:{letters['vote']}:done", card))
    assert party.toast().startswith("Das finde ich nicht mehr.")
    [row] = await party.rows(Subscription)
    assert row.ended_at is None


async def test_the_calendar_entry_is_the_instant_it_is_due(party: Party) -> None:
    await enter(party, "Aufruf STABIL", NOON)
    await party.write(STRANGER, "/fristen")
    await party.fill(STRANGER, "[1 · Aufruf STABIL]", "[Kalender (.ics)]")
    [call] = party.telegram.sent("sendDocument", STRANGER)
    [(name, content)] = call.files.values()
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert (name, event.decoded("DTSTART")) == ("frist-1.ics", NOON)


async def test_a_changed_deadline_tells_its_subscribers_old_and_new(party: Party) -> None:
    await enter(party, "Aufruf STABIL", mode="elektronisch")
    await remind_me(party, STRANGER, 1)
    async with party.database.begin() as session:
        entry: Any = {"due_at": FAR + timedelta(days=7), "mode": "Posteingang"}
        revision = await deadlines.revise(session, 1, entry, party.clock.now, told=True)
        await deadlines.announce(session, revision, party.clock.now)
    await party.deliver()
    lines = party.last_text(STRANGER).splitlines()
    assert lines[0] == "Eine Frist hat sich geändert"
    assert lines[1] == "Fällig: Fr, 15.01.2027, 12:00 Uhr → Fr, 22.01.2027, 12:00 Uhr"
    assert lines[2] == "Form: elektronisch → Posteingang"
    assert party.telegram.texts(JENS) == []
    party.clock.jump(FIRST_MORNING + timedelta(days=7))
    await party.tick()
    assert party.last_text(STRANGER).startswith("Erinnerung an 1 Frist\n\nNr. 1")


FORM = ("[Neue Frist]", "Aufruf <FAMICO>", "[Aufruf]")


async def test_the_form_enters_a_deadline_that_all_can_see(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *FORM, "b, c", "1.12. 8 Uhr", "15.01.2027 12:00")
    assert party.last_text(STAFF).startswith("Fällig: Fr, 15.01.2027, 12:00 Uhr\n\nWie wird eingereicht?")
    await party.fill(STAFF, "[Posteingang]", "Musterstr. 12", "2", "350.000 €", "Aufruf vom 24.11.2026")
    await party.fill(STAFF, "[Alle]", "7 3 30", "[Nein]")
    preview = party.last_text(STAFF)
    assert preview.startswith("Vorschau – so wird es zu sehen sein:\nFür wen: alle\n\n")
    await party.tap(STAFF, "Eintragen")
    [row] = await party.rows(Deadline)
    assert (row.title, row.areas, row.leads, row.audience) == ("Aufruf <FAMICO>", ["B", "C"], [30, 7, 3], "alle")
    assert (row.due_at, row.opens_at) == (FAR, datetime(2026, 12, 1, 7, 0, tzinfo=UTC))
    await party.write(STRANGER, "/fristen")
    await party.tap(STRANGER, "1 · Aufruf <FAMICO>")
    assert set(preview.splitlines()[4:]) <= set(party.last_text(STRANGER).splitlines())


async def test_what_is_optional_can_be_passed_over(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *FORM, "[Weiter]", "[Weiter]", "15.01.2027 12:00", "[elektronisch]")
    await party.fill(STAFF, *["[Weiter]"] * 4, f"traeger: {SPONSORED}", "[Weiter]", "[Ja]", "[Eintragen]")
    [row] = await party.rows(Deadline)
    assert (row.areas, row.opens_at, row.leads, row.shift) == ([], None, [30, 14, 7, 3, 1], True)
    await party.write(SPONSOR, "/fristen")
    assert party.labels(SPONSOR) == ["1 · Aufruf <FAMICO>"]


@pytest.mark.parametrize(
    ("steps", "entry", "sentence"),
    [
        (0, "N", "Bitte schreiben Sie Buchstaben von A bis M"),
        (0, "Bereich C", "Bitte schreiben Sie Buchstaben von A bis M"),
        (8, "jeder", "Bitte tippen Sie auf einen der Knöpfe."),
        (8, "traeger:", "Bitte tippen Sie auf einen der Knöpfe."),
        (9, "0 500", "Bitte schreiben Sie die Tage vorher"),
    ],
)
async def test_a_wrong_entry_is_said_at_once(party: Party, steps: int, entry: str, sentence: str) -> None:
    right = ("[Weiter]", "[Weiter]", "15.01.2027 12:00", "[E-Mail]", *["[Weiter]"] * 4, "[Alle]")
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *FORM, *right[:steps], entry)
    assert party.last_text(STAFF).startswith(sentence)


async def test_a_deadlines_number_on_a_staff_button_opens_it(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, COLLEAGUE, 1)
    await party.write(COLLEAGUE, "/offen")
    await party.tap(COLLEAGUE, "Frist 1 · Aufruf STABIL")
    assert "Nicht mehr erinnern" in party.labels(COLLEAGUE)
