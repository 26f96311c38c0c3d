from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from models.deadline import Step, Subscription
from models.outbox import Letter
from tests.auxil.deadlines import FAR, FIRST_MORNING, NOON, enter, remind_me
from tests.auxil.party import (
    COLLEAGUE,
    DORA,
    GUEST,
    JENS,
    KARL,
    SPONSOR,
    SPONSORED,
    STAFF,
    STRANGER,
    VERA,
    Party,
)

BELOW = ["Alle in den Kalender (.ics)", "Förderbereiche wählen"]


async def test_the_list_begins_with_the_next_one_in_ten_words(party: Party) -> None:
    await enter(party, "Später", FAR)
    await enter(party, "Aufruf STABIL", NOON, mode="Posteingang")
    await party.write(STRANGER, "/fristen")
    lines = party.last_text(STRANGER).splitlines()
    assert lines[0] == "Mi, 02.12., 12:00 Uhr · noch 8 Tage · Posteingang"
    assert lines[2:4] == ["2 · Aufruf STABIL", lines[0]]
    assert party.labels(STRANGER) == ["2 · Aufruf STABIL", "1 · Später", *BELOW]


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
    assert len(party.labels(STRANGER)) == 9 + len(BELOW)
    await party.tap(STRANGER, "Weitere Fristen")
    assert party.labels(STRANGER) == ["9 · Frist 8", "10 · Frist 9", "Zurück", *BELOW]
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
    assert text.splitlines()[:2] == ["Nr. 1 · Aufruf · geöffnet", "Aufruf STABIL"]
    assert "Schließt: Mo, 07.12.2026, 12:00 Uhr · noch 13 Tage · Posteingang" in text
    assert "Eingetragen für Sa, 05.12.2026, 12:00 Uhr. Das ist kein Werktag" in text
    assert "Spätestens am Mittwoch, 02.12.2026, zur Post." in text
    for line in ("Förderbereiche: C (STABIL)", "Ort: Musterstr. 12", "Ausfertigungen: 2", "Budget: 480.000 €"):
        assert line in text.splitlines()
    assert text.splitlines()[-1] == "Quelle: Aufruf vom 01.11.2026"
    assert party.labels(STRANGER) == ["Erinnere mich", "Kalender (.ics)"]


async def test_a_sponsors_deadline_is_seen_by_that_sponsor_and_staff_alone(party: Party) -> None:
    await enter(party, "Sachbericht", audience=f"traeger:{SPONSORED}")
    await enter(party, "Rückmeldung", audience="RAK Stendal")
    seen = {SPONSOR: "1 · Sachbericht", STAFF: "1 · Sachbericht", VERA: "2 · Rückmeldung", STRANGER: None}
    for who, label in seen.items():
        await party.write(who, "/fristen")
        assert next(iter(party.labels(who)), None) == (label or BELOW[-1])
    for who, number in ((STRANGER, 1), (VERA, 1), (SPONSOR, 2)):
        for act in ("show", "remind", "done", "mute", "ics"):
            await party.hear(party.telegram.tap_data(who, f"t:{number}:{act}", party.telegram.last(who)))
            assert party.toast().startswith("Das finde ich nicht mehr.")
    assert {(one.telegram_id, one.origin) for one in await party.rows(Subscription)} == {
        *((who, "addressed") for who in (VERA, JENS, KARL, DORA, GUEST, SPONSOR))
    }
    assert "Sachbericht" not in str(party.telegram.texts(STRANGER) + party.telegram.texts(VERA))


async def test_remind_me_brings_the_mornings_letter_at_nine_and_only_once(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    assert party.toast() == "Ich erinnere Sie."
    assert (
        "Ich erinnere Sie um 9 Uhr am: Mi, 16.12. · Do, 31.12. · Fr, 08.01. · Di, 12.01. · Do, 14.01."
        in party.last_text(STRANGER)
    )
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
    assert party.last_text(STRANGER) == "Welche ist erledigt?"
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


async def test_a_deadline_of_today_is_over_when_its_hour_has_come(party: Party) -> None:
    await enter(party, "Aufruf STABIL", NOON, mode="Posteingang", opens_at=NOON - timedelta(days=9))
    for hours, said in ((-1, "Schließt: Mi, 02.12.2026, 12:00 Uhr · heute · Posteingang"), (2, "Vorbei. ")):
        party.clock.jump(NOON + timedelta(hours=hours))
        await party.hear(party.telegram.tap_data(STRANGER, "t:1:show", await anything(party)))
        assert said in party.last_text(STRANGER)
        assert ("heute" in party.last_text(STRANGER)) is (hours < 0)
    assert "zur Post" not in party.last_text(STRANGER)


async def anything(party: Party) -> Any:
    """Some message of ours to tap on."""
    await party.write(STRANGER, "/kontakt")
    return party.telegram.last(STRANGER)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (-3, "Spätestens am Montag, 30.11.2026, zur Post."),
        (-2, "Spätestens heute zur Post."),
        (-1, "Für die Post ist es zu spät"),
    ],
)
async def test_the_post_is_named_as_long_as_it_can_be_caught(party: Party, day: int, said: str) -> None:
    await enter(party, "Antrag", NOON, mode="Posteingang")
    party.clock.jump(NOON + timedelta(days=day))
    await party.write(STRANGER, "/fristen")
    await party.tap(STRANGER, "1 · Antrag")
    assert said in party.last_text(STRANGER)


async def test_a_call_says_when_it_opens_and_that_it_is_open(party: Party) -> None:
    await enter(party, "Aufruf FAMICO", opens_at=NOON, areas=["B"])
    await party.write(STRANGER, "/fristen")
    assert "1 · Aufruf FAMICO\nFr, 15.01., 12:00 Uhr · noch 52 Tage · öffnet Mi, 02.12., 12:00 Uhr" in party.last_text(
        STRANGER
    )
    await party.tap(STRANGER, "1 · Aufruf FAMICO")
    assert party.last_text(STRANGER).startswith("Nr. 1 · Aufruf · noch nicht geöffnet\n")
    assert "Öffnet: Mi, 02.12.2026, 12:00 Uhr" in party.last_text(STRANGER)
    party.clock.jump(NOON)
    await party.hear(party.telegram.tap_data(STRANGER, "t:1:show", party.telegram.last(STRANGER)))
    assert party.last_text(STRANGER).startswith("Nr. 1 · Aufruf · geöffnet\n")
    assert "Geöffnet seit Mi, 02.12.2026, 12:00 Uhr" in party.last_text(STRANGER)


async def test_the_list_can_be_kept_to_one_area_and_taken_to_the_calendar(party: Party) -> None:
    await enter(party, "Aufruf FAMICO", NOON, areas=["B"])
    await enter(party, "Aufruf STABIL", FAR, areas=["C"])
    await enter(party, "Sachbericht", FAR, areas=["C"], audience=f"traeger:{SPONSORED}")
    await party.write(STRANGER, "/fristen")
    assert party.labels(STRANGER)[2:4] == ["B · FAMICO", "C · STABIL"]
    await party.tap(STRANGER, "C · STABIL")
    assert "Förderbereich C · STABIL" in party.last_text(STRANGER)
    assert party.labels(STRANGER) == ["2 · Aufruf STABIL", "Alle Förderbereiche", "B · FAMICO", *BELOW]
    await party.tap(STRANGER, BELOW[0])
    await party.tap(STRANGER, "Alle Förderbereiche")
    await party.tap(STRANGER, BELOW[0])
    files = [next(iter(call.files.values())) for call in party.telegram.sent("sendDocument", STRANGER)]
    titles = [[str(one["SUMMARY"]) for one in Calendar.from_ical(content).walk("VEVENT")] for _, content in files]
    assert titles == [["Aufruf STABIL"], ["Aufruf FAMICO", "Aufruf STABIL"]]
    assert files[0][0] == "fristen.ics"


async def test_an_area_whose_last_deadline_went_by_says_so(party: Party) -> None:
    await enter(party, "Aufruf FAMICO", NOON, areas=["B"])
    await party.write(STRANGER, "/fristen")
    party.clock.jump(NOON)
    await party.tap(STRANGER, "B · FAMICO")
    assert party.last_text(STRANGER) == "Für den Förderbereich B · FAMICO ist zurzeit keine Frist eingetragen."


async def test_a_deadlines_number_on_a_staff_button_opens_it(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, COLLEAGUE, 1)
    await party.write(COLLEAGUE, "/offen")
    await party.tap(COLLEAGUE, "Frist 1 · Aufruf STABIL")
    assert "Nicht mehr erinnern" in party.labels(COLLEAGUE)
