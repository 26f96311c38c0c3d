from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models import deadline as deadlines
from models.deadline import Follow, Subscription
from models.heartbeat import Heartbeat
from models.member import Account, Membership, Role
from models.outbox import Letter
from models.wish import Wish
from tests.auxil.deadlines import FAR, FIRST_MORNING, NIGHT, NOON, change, enter, remind_me, tick_area
from tests.auxil.party import JENS, KARL, SPONSOR, SPONSORED, STAFF, STRANGER, VERA, Party

NEXT_MORNING = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)  # 8:00 in Berlin


async def news(party: Party, who: int, heading: str) -> list[str]:
    return [text for text in party.telegram.texts(who) if text.startswith(heading)]


# --- following areas and kinds


async def test_who_follows_an_area_hears_of_a_new_call_and_is_reminded(party: Party) -> None:
    await tick_area(party, STRANGER, "C · STABIL", "B · FAMICO", "Gewählt: B · FAMICO")
    assert party.toast() == "Nicht mehr: B · FAMICO"
    assert "Gewählt: C · STABIL" in party.labels(STRANGER)
    await enter(party, "Aufruf FAMICO", areas=["B"], told=True)
    assert party.last_text(STRANGER).startswith("Welche Förderbereiche betreffen Sie?")
    await enter(party, "Aufruf STABIL", areas=["C"], told=True)
    [told] = await news(party, STRANGER, "Neuer Aufruf\nNr. 2 · Aufruf · geöffnet\nAufruf STABIL\n")
    assert told.splitlines()[-1] == "Sie bekommen das, weil Sie gewählt haben: C (STABIL)"
    party.clock.jump(FIRST_MORNING)
    await party.tick()
    assert party.last_text(STRANGER).startswith("Erinnerung an 1 Frist\n\n2 · Aufruf STABIL")


async def test_kinds_are_followed_the_same_way(party: Party) -> None:
    await party.write(STRANGER, "/fristen")
    await party.fill(STRANGER, "[Förderbereiche wählen]", "[Arten wählen]", "[Sachbericht]")
    assert party.toast() == "Gewählt: Sachbericht"
    await enter(party, "Sachbericht 2026", kind="Sachbericht", told=True)
    [told] = await news(party, STRANGER, "Neue Frist\nNr. 1 · Sachbericht\n")
    assert told.endswith("Sie bekommen das, weil Sie gewählt haben: Sachbericht")


async def test_following_later_reminds_of_what_is_ahead_in_one_message(party: Party) -> None:
    await enter(party, "Aufruf FAMICO", NOON, areas=["B"])
    await enter(party, "Aufruf STABIL", NOON, areas=["C"])
    await tick_area(party, STRANGER, "B · FAMICO")
    party.clock.advance(seconds=20)
    await party.tick()
    await party.tap(STRANGER, "C · STABIL")
    party.clock.advance(seconds=60)
    await party.tick()
    [reminder] = await news(party, STRANGER, "Erinnerung")
    assert reminder.startswith("Erinnerung an 2 Fristen\n\n(verspätet)\n1 · Aufruf FAMICO")


async def test_unfollowing_ends_what_following_began_and_nothing_else(party: Party) -> None:
    await enter(party, "Aufruf STABIL", areas=["C"])
    await enter(party, "Antrag STABIL", areas=["C"], kind="Antrag")
    await tick_area(party, STRANGER, "C · STABIL")
    await remind_me(party, STRANGER, 2)
    await tick_area(party, STRANGER, "Gewählt: C · STABIL")
    assert [(one.deadline_number, one.origin) for one in await party.rows(Subscription)] == [(2, "asked")]


async def test_a_muted_deadline_stays_muted_whatever_is_followed(party: Party) -> None:
    await enter(party, "Aufruf STABIL", areas=["C"])
    await tick_area(party, STRANGER, "C · STABIL")
    await party.write(STRANGER, "/fristen")
    await party.fill(STRANGER, "[1 · Aufruf STABIL]", "[Nicht mehr erinnern]")
    await party.write(STRANGER, "/fristen")
    await party.fill(STRANGER, "[Förderbereiche wählen]", "[Arten wählen]", "[Aufruf]")
    party.clock.jump(FIRST_MORNING)
    await party.tick()
    assert await party.rows(Letter) == []


# --- who is addressed


async def test_whom_a_deadline_is_for_hears_of_it_and_is_reminded_unasked(party: Party) -> None:
    await enter(party, "Sachbericht", audience=f"traeger:{SPONSORED}", kind="Sachbericht", told=True)
    await enter(party, "Rückmeldung", audience="RAK Stendal", kind="Sonstiges", told=True)
    [to_sponsor] = await news(party, SPONSOR, "Neue Frist")
    assert to_sponsor.endswith(f"Sie bekommen das, weil die Frist für {SPONSORED} gilt.")
    [to_member] = await news(party, VERA, "Neue Frist")
    assert "Rückmeldung" in to_member
    party.clock.jump(FIRST_MORNING)
    await party.tick()
    assert "Sachbericht" in (await news(party, SPONSOR, "Erinnerung an 1 Frist"))[0]
    assert "Rückmeldung" in (await news(party, VERA, "Erinnerung an 1 Frist"))[0]
    seen_by_others = str([party.telegram.texts(who) for who in (VERA, JENS, STRANGER)])
    assert "Sachbericht" not in seen_by_others
    assert party.telegram.texts(STRANGER) == []


async def test_following_its_area_shows_nobody_a_sponsors_deadline(party: Party) -> None:
    for who in (STRANGER, VERA, SPONSOR, STAFF):
        await tick_area(party, who, "C · STABIL")
    await enter(party, "Sachbericht Lernwerk", areas=["C"], audience=f"traeger:{SPONSORED}", told=True)
    await change(party, 1, due_at=FAR + timedelta(days=7))
    party.clock.jump(FIRST_MORNING + timedelta(days=7))
    await party.tick()
    for who in (STRANGER, VERA):
        assert "Lernwerk" not in str(party.telegram.texts(who))
    # Not even by a letter that is void at its turn, or by a subscription.
    concerned = [*await party.rows(Subscription), *(one for one in await party.rows(Letter) if one.kind != "week")]
    assert {one.telegram_id for one in concerned} == {SPONSOR, STAFF}
    for who in (SPONSOR, STAFF):
        for heading in ("Neuer Aufruf", "Eine Frist ist verschoben", "Erinnerung an 1 Frist"):
            assert len(await news(party, who, heading)) == 1, (who, heading)


async def test_who_is_no_sponsor_any_more_hears_nothing_more(party: Party) -> None:
    await enter(party, "Sachbericht Lernwerk", audience=f"traeger:{SPONSORED}")
    async with party.database.begin() as session:
        [role] = list(await session.scalars(select(Membership).where(Membership.role == Role.SPONSOR)))
        role.ended_at = party.clock.now
    await change(party, 1, due_at=FAR + timedelta(days=7))
    party.clock.jump(FIRST_MORNING + timedelta(days=7))
    await party.tick()
    assert party.telegram.texts(SPONSOR) == []


async def test_another_account_of_the_same_person_is_reminded_as_the_first_was(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await enter(party, "Sachbericht", audience=f"traeger:{SPONSORED}")
    await remind_me(party, SPONSOR, 1)
    await tick_area(party, SPONSOR, "F · ELTERN BO")
    code = await party.issue(SPONSOR)
    await party.write(STRANGER, f"/start {code}")
    await party.tap(STRANGER, "Das bin ich")
    mine = [one for one in await party.rows(Subscription) if one.telegram_id == STRANGER]
    assert {one.deadline_number: one.origin for one in mine} == {1: "asked", 2: "addressed"}
    assert {(one.what, one.value) for one in await party.rows(Follow) if one.telegram_id == STRANGER} == {("area", "F")}
    party.clock.jump(FIRST_MORNING)
    await party.tick()
    assert party.last_text(STRANGER).startswith("Erinnerung an 2 Fristen")


# --- changes and quiet hours


async def test_news_of_the_night_come_in_the_morning(party: Party) -> None:
    await tick_area(party, STRANGER, "C · STABIL")
    await enter(party, "Aufruf STABIL", areas=["C"])
    party.clock.advance(NIGHT)
    await enter(party, "Aufruf STABIL II", areas=["C"], told=True)
    await change(party, 1, place="Amt")
    before = party.last_text(STRANGER)
    party.clock.jump(NEXT_MORNING - timedelta(seconds=1))
    await party.tick()
    assert party.last_text(STRANGER) == before
    party.clock.jump(NEXT_MORNING)
    await party.tick()
    assert len(await news(party, STRANGER, "Neuer Aufruf")) == 1
    assert len(await news(party, STRANGER, "Eine Frist hat sich geändert")) == 1


@pytest.mark.parametrize("old", [True, False])
async def test_what_cannot_wait_for_the_morning_goes_at_once_without_sound(party: Party, *, old: bool) -> None:
    tomorrow = party.clock.now + timedelta(days=1, hours=2)
    await enter(party, "Aufruf STABIL", tomorrow if old else FAR, leads=[1])
    await remind_me(party, STRANGER, 1)
    party.clock.advance(NIGHT)
    await change(party, 1, due_at=FAR if old else tomorrow)
    [told] = [call for call in party.telegram.sent("sendMessage", STRANGER) if "verschoben" in call.params["text"]]
    assert told.params["disable_notification"] is True


async def test_a_deadline_of_the_holidays_is_not_told_after_it(party: Party) -> None:
    """Thursday, 24 December, in the evening: Friday to Sunday are quiet, and Monday at 8:00 is too late."""
    await tick_area(party, STRANGER, "C · STABIL")
    party.clock.jump(datetime(2026, 12, 24, 20, 0, tzinfo=UTC))
    await enter(party, "Aufruf STABIL", datetime(2026, 12, 28, 10, 0, tzinfo=UTC), areas=["C"], told=True)
    assert len(await news(party, STRANGER, "Neuer Aufruf")) == 1


async def test_what_is_over_is_changed_without_a_word(party: Party) -> None:
    await enter(party, "Aufruf STABIL", NOON)
    await remind_me(party, STRANGER, 1)
    party.clock.jump(NOON + timedelta(days=1))
    await change(party, 1, status="beendet")
    await change(party, 1, place="Amt")
    assert await party.rows(Letter) == []


async def test_a_deadline_that_ends_early_says_so(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    await change(party, 1, status="beendet")
    assert len(await news(party, STRANGER, "Eine Frist ist beendet\n")) == 1


async def test_a_change_back_and_forth_is_told_as_it_stands_when_read(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    party.clock.advance(NIGHT)
    await change(party, 1, due_at=FAR + timedelta(days=7))
    await change(party, 1, due_at=FAR)
    party.clock.jump(NEXT_MORNING)
    await party.tick()
    told = await news(party, STRANGER, "Eine Frist ist verschoben")
    assert ["Schließt: Fr, 15.01.2027" in text for text in told] == [True, True]


# --- „Sagen Sie mir Bescheid"

QUESTION = "Bis wann VN für FAMICO?"
PROOF = {"kind": "Verwendungsnachweis", "areas": ["B"]}


async def wish(party: Party, who: int = STRANGER, question: str = QUESTION) -> None:
    await party.write(who, question)
    assert party.labels(who) == ["Sagen Sie mir Bescheid", "An die ReKo", "Fristen"]
    await party.tap(who, "Sagen Sie mir Bescheid")
    assert party.toast() == "Ich sage Ihnen Bescheid."


async def test_who_asked_is_told_when_the_office_enters_what_fits(party: Party) -> None:
    await wish(party)
    await enter(party, "Aufruf FAMICO", areas=["B"])
    await party.tick()
    assert party.last_text(STRANGER).startswith("Vorgemerkt.")
    await enter(party, "Verwendungsnachweis FAMICO", **PROOF)
    await party.tick()
    lines = party.last_text(STRANGER).splitlines()
    assert lines[:5] == [
        "Sie wollten Bescheid haben",
        f"Ihre Frage Nr. 1: „{QUESTION}“",
        "Jetzt ist eingetragen:",
        "",
        "2 · Verwendungsnachweis FAMICO",
    ]
    assert party.labels(STRANGER) == ["Erinnere mich", "2 · Verwendungsnachweis FAMICO"]
    await party.tap(STRANGER, "Erinnere mich")
    await enter(party, "Verwendungsnachweis FAMICO II", **PROOF)
    await party.tick()
    assert len([one for one in await party.rows(Letter) if one.kind == "wish"]) == 1


async def test_staff_sees_before_that_somebody_waits_for_it(party: Party) -> None:
    await wish(party)
    await tick_area(party, VERA, "B · FAMICO")
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Frist]", "VN", "[Verwendungsnachweis]", "B", "[Weiter]", "15.01.2027 12:00")
    await party.fill(STAFF, "[E-Mail]", *["[Weiter]"] * 4, "[Alle]", "[Weiter]", "[Nein]")
    assert "2 Personen bekommen sofort Bescheid." in party.last_text(STAFF)
    await party.tap(STAFF, "Eintragen")
    assert "2 Personen bekommen sofort Bescheid." in party.last_text(STAFF)
    await party.tick()
    assert len(await news(party, VERA, "Neue Frist")) == len(await news(party, STRANGER, "Sie wollten")) == 1


async def test_a_wish_tapped_twice_is_one(party: Party) -> None:
    await wish(party)
    await party.tap(STRANGER, "Sagen Sie mir Bescheid")
    assert len(await party.rows(Wish)) == 1


async def test_a_wish_shows_nobody_what_is_not_for_them(party: Party) -> None:
    await wish(party)
    await wish(party, SPONSOR)
    await enter(party, "Verwendungsnachweis FAMICO", audience=f"traeger:{SPONSORED}", told=True, **PROOF)
    await party.tick()
    assert party.last_text(STRANGER).startswith("Vorgemerkt.")
    # The sponsor was told by the news already.
    assert len(await news(party, SPONSOR, "Neue Frist")) == 1
    assert await news(party, SPONSOR, "Sie wollten Bescheid haben") == []
    assert {one.telegram_id: one.told_at is None for one in await party.rows(Wish)} == {STRANGER: True, SPONSOR: False}


async def test_a_wish_of_the_night_is_met_in_the_morning(party: Party) -> None:
    await wish(party)
    party.clock.advance(NIGHT)
    await enter(party, "Verwendungsnachweis FAMICO", **PROOF)
    await party.tick()
    assert await news(party, STRANGER, "Sie wollten Bescheid haben") == []
    party.clock.jump(NEXT_MORNING)
    await party.tick()
    assert len(await news(party, STRANGER, "Sie wollten Bescheid haben")) == 1


async def test_a_wish_for_a_month_waits_for_that_month(party: Party) -> None:
    await wish(party, question="Welche Fristen gibt es im Februar?")
    await enter(party, "Januar")
    await enter(party, "Februar", FAR + timedelta(days=30))
    await party.tick()
    assert "2 · Februar" in party.last_text(STRANGER)
    assert "Januar" not in party.last_text(STRANGER)


async def test_a_wish_for_a_meeting_is_met_by_its_invitation(party: Party) -> None:
    await wish(party, VERA, "Wann ist die nächste Sitzung?")
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Sitzung]", "Herbsttreffen", "11.12.2026 10:00", "11.12.2026 12:00", "Raum 1")
    await party.fill(STAFF, "[Weiter]", "[Weiter]", "[Einladen]")
    assert party.last_text(VERA) or party.telegram.texts(VERA)[-2].startswith("Einladung")
    [row] = await party.rows(Wish)
    assert row.told_at is not None


async def test_only_who_asked_can_wish_and_only_for_a_date(party: Party) -> None:
    await party.write(STRANGER, QUESTION)
    await party.write(STRANGER, "Wie tief ist der Arendsee?")
    for who, number in ((JENS, 1), (STRANGER, 2)):
        await party.write(who, "/kontakt")
        await party.hear(party.telegram.tap_data(who, f"q:{number}:tell", party.telegram.last(who)))
        assert party.toast().startswith("Das finde ich nicht mehr.")
    assert await party.rows(Wish) == []


# --- failures of others


async def test_a_week_of_ticks_mails_each_step_once_and_after_a_restart_none_again(party: Party) -> None:
    """A mail every five minutes (nextcloud/polls 3590), none at all (3607), repeats after a restart."""
    await enter(party, "Aufruf STABIL", leads=[7, 3, 1])
    await remind_me(party, STRANGER, 1)
    party.clock.jump(FAR - timedelta(days=8))
    while party.clock.now < FAR + timedelta(days=1):
        hour = party.clock.now.hour
        await party.tick()
        if hour == 8:
            await party.restart()
            await party.tick()
        party.clock.advance(minutes=10 if hour == 8 else 30 if hour == 7 else 60)  # 8 o'clock is 9 in Berlin
    assert len(await news(party, STRANGER, "Erinnerung an 1 Frist")) == 3


async def test_a_step_missed_by_an_outage_comes_late_and_only_the_newest(party: Party) -> None:
    """A date job that is 30 s late is dropped (apscheduler 292): here it goes, marked."""
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    await party.tick()
    async with party.database.begin() as session:
        (await session.scalars(select(Heartbeat))).one()
    party.clock.jump(datetime(2027, 1, 9, 12, 0, tzinfo=UTC))
    await party.tick()
    [reminder] = await news(party, STRANGER, "Erinnerung")
    assert reminder.startswith("Erinnerung an 1 Frist\n\n(verspätet)\n1 · Aufruf STABIL\nSchließt: Fr, 15.01.2027")


@pytest.mark.parametrize("days", [1, 2])
async def test_days_are_counted_as_people_count_them(party: Party, days: int) -> None:
    """„In 1 Tagen", „1 Personen"."""
    await enter(party, "Aufruf", leads=[days])
    await remind_me(party, STRANGER, 1)
    party.clock.jump(FAR - timedelta(days=days) - timedelta(hours=3))
    await party.tick()
    said = party.last_text(STRANGER)
    assert {1: "· morgen", 2: "· noch 2 Tage"}[days] in said
    assert "1 Tage" not in said
    assert "1 Fristen" not in said


async def test_who_blocked_the_bot_gets_the_newest_step_when_they_are_back(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await remind_me(party, STRANGER, 1)
    async with party.database.begin() as session:
        (await session.get_one(Account, STRANGER)).reachable = False
    for morning in (FIRST_MORNING, datetime(2026, 12, 31, 8, 0, tzinfo=UTC)):
        party.clock.jump(morning)
        await party.tick()
    assert await news(party, STRANGER, "Erinnerung") == []
    await party.write(STRANGER, "/start")
    party.clock.advance(hours=1)
    await party.tick()
    assert len(await news(party, STRANGER, "Erinnerung an 1 Frist\n\n(verspätet)")) == 1


async def test_of_one_changed_by_two_the_steps_are_counted_once(party: Party) -> None:
    await enter(party, "Aufruf", leads=[14, 7])
    await remind_me(party, KARL, 1)
    party.clock.jump(datetime(2027, 1, 8, 8, 0, tzinfo=UTC))
    await party.tick()
    async with party.database.begin() as session:
        await deadlines.revise(session, 1, {"leads": [14, 7, 3]}, party.clock.now, told=True)
        await deadlines.revise(session, 1, {"source": "Aufruf"}, party.clock.now, told=False)
    party.clock.advance(hours=1)
    await party.tick()
    assert len(await news(party, KARL, "Erinnerung")) == 1
