"""„Rundruf" on its way: progress, stopping, the report and what it leads to; and two at the desk at once."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from telegram.error import TimedOut

from bot.transport import NotTaken
from models.member import Account, Membership, Person
from models.outbox import Letter
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, SPONSOR, STAFF, VERA, Party
from tests.auxil.rundruf import (
    ALL,
    TEXT,
    ask_for_release,
    copies,
    having,
    hear_only,
    numbers,
    preview,
    promises_hold,
    send,
    settle,
    states,
    tap_only,
    texts,
    the_broadcast,
)
from tests.auxil.telegram_json import BOT, SENT_AT, bad_request, blocked, chat

OTHERS = tuple(one for one in ALL if one != STAFF)
THIRD = 102


async def third_at_the_desk(party: Party) -> None:
    async with party.database.begin() as session:
        session.add(Account(telegram_id=THIRD, first_seen=party.clock.now, language="de"))
        await session.flush()
        session.add(Person(id=THIRD, name="Beate Büro", telegram_id=THIRD))
        await session.flush()
        session.add(Membership(person_id=THIRD, role="buero"))


# --- the live line


async def test_the_line_shows_how_far_it_is_and_is_edited_at_most_every_two_seconds(party: Party) -> None:
    async with party.database.begin() as session:
        await session.execute(update(Account).where(Account.telegram_id == KARL).values(reachable=False))
    await preview(party)
    await tap_only(party, STAFF, "Senden")
    courier, shown = party.assistant.courier, []
    while claimed := await courier._claim(1):
        await courier._deliver(claimed[0])
        party.clock.advance(timedelta(seconds=0.5))
        await party.assistant.show_progress()
        shown.append(having(party, STAFF, " von 8")[-1]["text"].splitlines()[-1])
    assert shown[0] == "1 von 8 · 1 nicht erreichbar · noch 0 s"
    assert list(dict.fromkeys(shown))[1:] == [  # half a second each
        "4 von 8 · 1 nicht erreichbar · noch 2 s",
        "8 von 8 · 1 nicht erreichbar",
    ]
    edits = [call for call in party.telegram.sent("editMessageText", STAFF) if " von 8" in call.params["text"]]
    assert len(edits) == 2  # within four seconds
    party.clock.advance(timedelta(seconds=3))
    await settle(party)
    assert "zugestellt: 7" in having(party, STAFF, "Rundruf Nr. 1")[-2]["text"]
    assert "zugestellt: 7" in having(party, STAFF, "Bericht: Rundruf Nr. 1")[-1]["text"]


async def test_a_line_that_cannot_be_edited_stops_nothing(party: Party) -> None:
    await preview(party)
    await party.tap(STAFF, "Senden")
    party.clock.advance(timedelta(seconds=3))
    party.telegram.fail("editMessageText", bad_request("message to edit not found"), chat_id=STAFF)
    await settle(party)
    assert numbers(party.last_text(STAFF))["zugestellt"] == 8


async def test_stopped_nothing_leaves_and_it_goes_on_where_it_was(party: Party) -> None:
    await preview(party)
    await tap_only(party, STAFF, "Senden")
    await party.assistant.courier._claim(1)  # the line on its way
    await party.assistant.courier.release()
    line = party.telegram.write(COLLEAGUE, "/buero")
    await hear_only(party, line, party.telegram.write(COLLEAGUE, "/buero"))
    await tap_only(party, COLLEAGUE, "Alle Rundrufe")
    await tap_only(party, COLLEAGUE, "1 · Guten Tag zusammen")
    await tap_only(party, COLLEAGUE, "Anhalten")
    assert "angehalten" in party.last_text(COLLEAGUE)
    await settle(party)
    assert [one for one in OTHERS if TEXT in texts(party, one)] == []
    stale = dict(party.telegram.last(COLLEAGUE))
    await party.hear(party.telegram.tap_data(STAFF, "u:1:pause:0", stale))
    assert "schon" in party.toast()
    await promises_hold(party)
    await party.tap(COLLEAGUE, "Weiter senden")
    await settle(party)
    assert [texts(party, one).count(TEXT) for one in OTHERS] == [1] * len(OTHERS)
    await promises_hold(party)


async def test_what_was_in_hand_when_it_was_stopped_and_was_refused_waits_too(party: Party) -> None:
    await preview(party)
    await tap_only(party, STAFF, "Senden")
    await party.assistant.courier._claim(8)
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:pause:0", party.telegram.last(STAFF)))
    async with party.database.begin() as session:
        await session.execute(update(Letter).where(Letter.state == "claimed").values(state="waiting", lease_until=None))
    await settle(party)
    assert [one for one in OTHERS if TEXT in texts(party, one)] == []
    await promises_hold(party)


# --- what becomes of each


async def test_every_fate_is_counted_and_told_with_its_reason(party: Party) -> None:
    party.telegram.fail("sendMessage", blocked(), chat_id=VERA)
    party.telegram.fail("sendMessage", bad_request("something else"), chat_id=JENS)
    party.telegram.fail("sendMessage", bad_request("chat not found"), chat_id=KARL)
    party.telegram.fail("sendMessage", TimedOut(), chat_id=DORA)
    for _ in range(4):
        party.telegram.fail("sendMessage", NotTaken("HTTP 502"), chat_id=GUEST)
    await send(party)
    for _ in range(4):
        party.clock.advance(timedelta(minutes=1))
        await settle(party)
    assert numbers(party.last_text(STAFF)) == {
        "zugestellt": 3, "nicht erreichbar": 2, "fehlgeschlagen": 2, "ungewiss": 1}  # fmt: skip
    await party.tap(STAFF, "Anrufliste")
    file = next(iter(party.telegram.sent("sendDocument", STAFF)[-1].files.values()))[1].decode("utf-8-sig")
    reasons = {line.split(";")[0]: line.split(";")[-1] for line in file.splitlines()[1:]}
    assert reasons == {
        "Vera Muster": "hat den Bot gesperrt oder das Konto gelöscht",
        "Karl Probe": "hat den Bot gesperrt oder das Konto gelöscht",
        "Jens Beispiel": "Telegram hat die Nachricht nicht angenommen",
        "Gero Gast": "Telegram war gestört, auch nach mehreren Versuchen",
    }
    await promises_hold(party)


async def test_only_those_missing_get_it_again_and_two_taps_are_one(party: Party) -> None:
    party.telegram.fail("sendMessage", bad_request("something else"), chat_id=JENS)
    party.telegram.blocked.add(KARL)
    await send(party)
    assert numbers(party.last_text(STAFF))["fehlgeschlagen"] == 1
    first = party.telegram.tap(STAFF, "Nur an die Ausstehenden erneut")
    second = party.telegram.tap_data(COLLEAGUE, "u:1:missing:0", party.telegram.last(STAFF))
    await hear_only(party, first, second)
    toasts = party.telegram.toasts()[-2:]
    assert set(toasts) == {
        "Unterwegs an 1 Person.",
        "Von den Ausstehenden ist jetzt niemand zu erreichen. Bitte rufen Sie an."}  # fmt: skip
    await settle(party)
    assert [texts(party, one).count(TEXT) for one in OTHERS if one != KARL] == [1] * (len(OTHERS) - 1)
    assert numbers(party.last_text(STAFF)) == {
        "zugestellt": 7, "nicht erreichbar": 1, "fehlgeschlagen": 0, "ungewiss": 0}  # fmt: skip
    # Who lets the bot in again later can be reached.
    party.telegram.blocked.clear()
    await party.write(KARL, "/start")
    await party.tap(STAFF, "Nur an die Ausstehenden erneut")
    assert texts(party, KARL).count(TEXT) == 1
    await promises_hold(party)


async def test_who_comes_in_only_afterwards_is_reached_by_another_sending(party: Party) -> None:
    async with party.database.begin() as session:
        await session.execute(update(Person).where(Person.id == JENS).values(telegram_id=None))
    await send(party)
    assert numbers(party.last_text(STAFF))["nicht erreichbar"] == 1
    await party.write(77, f"/start {await party.issue(JENS)}")
    await party.tap(77, "Das bin ich")
    await party.tap(STAFF, "Nur an die Ausstehenden erneut")
    assert texts(party, 77)[-1] == TEXT
    await promises_hold(party)


@pytest.mark.parametrize(("label", "times"), [("Allen erneut senden", 2), ("Alle sind angekommen", 1)])
async def test_the_uncertain_stand_in_one_list_and_are_decided_about_once(party: Party, label: str, times: int) -> None:
    for who in (VERA, JENS):
        party.telegram.fail("sendMessage", TimedOut(), chat_id=who, arrives=True)
    await send(party)
    assert numbers(party.last_text(STAFF))["ungewiss"] == 2
    await party.write(COLLEAGUE, "/buero")
    assert "2 ungewisse Nachrichten" in party.last_text(COLLEAGUE)
    await party.tap(COLLEAGUE, "Ungewisse Nachrichten")
    assert "bei 2 Personen ungewiss" in party.last_text(COLLEAGUE)
    assert "Jens Beispiel" in party.last_text(COLLEAGUE)
    stale = dict(party.telegram.last(COLLEAGUE))
    await party.tap(COLLEAGUE, label)
    await party.hear(party.telegram.tap(STAFF, label, chat_id=COLLEAGUE, message=stale))
    assert "schon" in party.toast()
    await settle(party)
    assert texts(party, VERA).count(TEXT) == times
    await party.tap(STAFF, "Alle Rundrufe")
    await party.tap(STAFF, "1 · Guten Tag zusammen")
    assert numbers(party.last_text(STAFF))["zugestellt"] == 8
    await promises_hold(party)


async def test_whose_membership_has_ended_meanwhile_gets_nothing(party: Party) -> None:
    await preview(party)
    await tap_only(party, STAFF, "Senden")
    async with party.database.begin() as session:
        await session.execute(update(Membership).where(Membership.person_id == GUEST).values(ended_at=party.clock.now))
    await settle(party)
    assert TEXT not in texts(party, GUEST)
    assert numbers(party.last_text(STAFF))["nicht gesendet"] == 1
    await promises_hold(party)


# --- „Gelesen"


async def test_read_is_counted_once_and_only_from_who_got_it(party: Party) -> None:
    await send(party, "[Um „Gelesen“ bitten]")
    under = dict(party.telegram.last(VERA))
    for _ in range(2):
        await party.hear(party.telegram.tap(VERA, "Gelesen", message=under))
        assert party.toast() == "Danke, das ist vermerkt."
    assert list(party.telegram.buttons(party.telegram.last(VERA))) == ["Vermerkt: gelesen"]
    await party.hear(party.telegram.tap(JENS, "Gelesen", message=under))
    assert party.toast() == "Das darf nur, wer die Nachricht bekommen hat."
    for data in (f"ur:{(await copies(party))[KARL].id}:5", "ur:999:0"):
        await party.hear(party.telegram.tap_data(KARL, data, party.telegram.last(KARL)))
        assert party.toast().startswith("Das finde ich nicht")
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Alle Rundrufe]", "[1 · Guten Tag zusammen]")
    assert numbers(party.last_text(STAFF))["gelesen"] == 1


async def test_who_has_read_what_was_uncertain_has_got_it(party: Party) -> None:
    party.telegram.fail("sendMessage", TimedOut(), chat_id=VERA, arrives=True)
    await send(party, "[Um „Gelesen“ bitten]")
    await party.tap(VERA, "Gelesen")
    await party.tap(STAFF, "Alle Rundrufe")
    await party.tap(STAFF, "1 · Guten Tag zusammen")
    found = numbers(party.last_text(STAFF))
    assert (found["zugestellt"], found["ungewiss"]) == (8, 0)


# --- a second person's release


async def test_without_the_second_person_nothing_leaves(party: Party) -> None:
    await ask_for_release(party)
    await preview(party)
    assert "zweite Person" in party.last_text(STAFF)
    await party.tap(STAFF, "Senden")
    await settle(party)
    assert [one for one in ALL if TEXT in texts(party, one)] == [STAFF, COLLEAGUE]  # preview, and what lies before her
    assert "von Berta Büro wartet auf Ihre Freigabe" in party.last_text(COLLEAGUE)
    await party.hear(party.telegram.tap_data(STAFF, "u:1:release:0", party.telegram.last(STAFF)))
    assert party.toast() == "Das darf nur eine zweite Person, nicht wer den Text geschrieben hat."
    await party.write(COLLEAGUE, "/buero")
    assert "Rundruf Nr. 1 wartet auf die Freigabe" in party.last_text(COLLEAGUE)
    await party.fill(COLLEAGUE, "[Freigeben: Rundruf Nr. 1]", "[Freigeben]")
    await settle(party)
    assert texts(party, VERA)[-1] == TEXT
    for one in (STAFF, COLLEAGUE):
        assert having(party, one, "Bericht: Rundruf Nr. 1")
    await promises_hold(party)


async def test_of_two_who_release_at_once_one_wins_and_the_other_hears_it(party: Party) -> None:
    await ask_for_release(party)
    await third_at_the_desk(party)
    await preview(party)
    await party.tap(STAFF, "Senden")
    await hear_only(party, party.telegram.tap(COLLEAGUE, "Freigeben"), party.telegram.tap(THIRD, "Freigeben"))
    lost, won = sorted(party.telegram.toasts()[-2:], key="Freigegeben.".__eq__)
    assert lost.endswith(" war schneller: Das ist schon erledigt.")
    assert won == "Freigegeben."
    await settle(party)
    assert texts(party, VERA).count(TEXT) == 1
    await promises_hold(party)


async def test_one_writes_another_text_while_the_other_releases_the_old_one(party: Party) -> None:
    await ask_for_release(party)
    await third_at_the_desk(party)
    await preview(party)
    await party.tap(STAFF, "Senden")
    old = dict(party.telegram.last(COLLEAGUE))
    await party.fill(STAFF, "[Rundruf ansehen]", "[Korrigieren]", "Besserer Text", "[Jetzt korrigieren]")
    await party.hear(party.telegram.tap(COLLEAGUE, "Freigeben", message=old))
    assert party.toast().startswith("Der Text wurde inzwischen geändert.")
    assert having(party, COLLEAGUE, "Besserer Text")
    assert TEXT not in texts(party, VERA)
    await party.tap(COLLEAGUE, "Freigeben")
    await settle(party)
    assert texts(party, VERA) == ["Besserer Text"]
    await promises_hold(party)


async def test_who_wrote_the_last_text_cannot_release_it(party: Party) -> None:
    await ask_for_release(party)
    await third_at_the_desk(party)
    await preview(party)
    await party.tap(STAFF, "Senden")
    await party.fill(COLLEAGUE, "[Korrigieren]", "Von der Kollegin", "[Jetzt korrigieren]")
    await party.hear(party.telegram.tap_data(COLLEAGUE, "u:1:release:1", party.telegram.last(COLLEAGUE)))
    assert party.toast().startswith("Das darf nur eine zweite Person")
    await party.tap(THIRD, "Freigeben")
    assert texts(party, VERA) == ["Von der Kollegin"]


async def test_one_released_for_a_time_waits_for_it_and_one_not_released_is_not_planned(party: Party) -> None:
    await ask_for_release(party)
    await preview(party, "[Zu einer Zeit …]", "01.12.2026 18:00", "[Senden]")
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Geplante Nachrichten")
    assert "Guten Tag zusammen" not in party.last_text(STAFF)
    await party.tap(COLLEAGUE, "Freigeben")
    assert TEXT not in texts(party, VERA)
    party.clock.advance(timedelta(days=7, hours=8))
    await settle(party)
    assert texts(party, VERA)[-1] == TEXT


async def test_forged_buttons_of_others_do_nothing(party: Party) -> None:
    await send(party)
    shown = {"message_id": 1, "date": SENT_AT, "chat": chat(VERA), "from": BOT, "text": "?"}
    before = await party.state()
    for act in ("pause", "withdraw_yes", "missing", "correct", "calls", "again", "release", "nonsense"):
        await party.hear(party.telegram.tap_data(VERA, f"u:1:{act}:0", shown))
        assert party.toast().startswith("Das darf nur")
    await party.hear(party.telegram.tap_data(STAFF, "u:1:nonsense:0", shown | {"chat": chat(STAFF)}))
    assert await party.state() == before
    assert (await states(party, "broadcast"))["sent"] == 8
    assert (await the_broadcast(party)).ended_at is not None
    assert SPONSOR in await copies(party)
