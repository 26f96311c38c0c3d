"""„Rundruf" that has gone out: corrections and withdrawals."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models.broadcast.correcting import keep_up
from models.broadcast.rows import Broadcast
from models.member import Account
from tests.auxil.party import COLLEAGUE, DORA, JENS, KARL, STAFF, VERA, Party
from tests.auxil.rundruf import (
    ALL,
    TEXT,
    begin,
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
from tests.auxil.telegram_json import bad_request

OTHERS = tuple(one for one in ALL if one != STAFF)
NEW = "Guten Tag, am Mittwoch"
NOTE = "Korrektur: Die Nachricht oben wurde berichtigt. Bitte lesen Sie sie noch einmal."


async def correct(party: Party, *taps: str, text: str = NEW, who: int = STAFF) -> None:
    await party.write(who, "/buero")
    await party.fill(who, "[Alle Rundrufe]", f"[1 · {TEXT}]", "[Korrigieren]", text, *taps, "[Jetzt korrigieren]")


async def test_every_copy_is_edited_read_starts_anew_and_a_short_notice_follows(party: Party) -> None:
    await send(party, "[Um „Gelesen“ bitten]")
    await party.tap(VERA, "Gelesen")
    await correct(party)
    await settle(party)
    for who in OTHERS:
        assert [one for one in texts(party, who) if one in {TEXT, NEW, NOTE}] == [NEW, NOTE]
    note = party.telegram.sent("sendMessage", VERA)[-1].params
    edited = having(party, VERA, NEW)[-1]
    assert note["reply_parameters"]["message_id"] == edited["message_id"]
    assert list(party.telegram.buttons(edited)) == ["Gelesen"]
    report = numbers(party.last_text(STAFF))
    assert (report["gelesen"], report["berichtigt"], report["nicht berichtigt"]) == (0, 8, 0)
    await party.tap(VERA, "Gelesen")
    assert (await copies(party))[VERA].read_revision == 1
    await promises_hold(party)


async def test_without_a_notice_or_with_words_of_its_own(party: Party) -> None:
    await send(party)
    await correct(party, "[Ohne Mitteilung]")
    assert texts(party, VERA)[-1] == NEW
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Alle Rundrufe]", f"[1 · {NEW}]", "[Korrigieren]", "Am Freitag")
    await party.fill(STAFF, "[Mitteilung schreiben …]", "Es ist <Freitag>.", "[Jetzt korrigieren]")
    assert texts(party, VERA)[-2:] == ["Am Freitag", "Korrektur: Es ist <Freitag>."]
    await promises_hold(party)


async def test_a_text_that_stands_under_pictures_stays_as_short_as_they_ask(party: Party) -> None:
    await begin(party)
    await party.hear(party.telegram.photo(STAFF), party.telegram.photo(STAFF))
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Senden]")
    await settle(party)
    await party.fill(STAFF, "[Korrigieren]", "x" * 1025)
    assert party.last_text(STAFF).startswith("Unter Bildern und Dateien darf ein Text 1.024 Zeichen haben.")
    await party.fill(STAFF, "x" * 1024, "[Jetzt korrigieren]")
    assert having(party, VERA, "x" * 1024)


async def test_the_caption_of_an_album_changes_under_its_last_picture(party: Party) -> None:
    await begin(party)
    await party.hear(party.telegram.photo(STAFF), party.telegram.photo(STAFF))
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Um „Gelesen“ bitten]", "[Senden]")
    await settle(party)
    await party.tap(VERA, "Gelesen")
    await correct(party)
    await settle(party)
    assert [one.get("caption") for one in party.telegram.chats[VERA].values() if "photo" in one] == [None, NEW]
    button = having(party, VERA, "Bitte tippen Sie auf „Gelesen“")[-1]
    assert list(party.telegram.buttons(button)) == ["Gelesen"]  # anew
    assert numbers(party.last_text(STAFF))["berichtigt"] == 8
    await promises_hold(party)


async def test_what_has_not_left_yet_leaves_in_the_new_text_alone(party: Party) -> None:
    await preview(party)
    await tap_only(party, STAFF, "Senden")
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:correct:0", party.telegram.last(STAFF)))
    await hear_only(party, party.telegram.write(STAFF, NEW))
    await tap_only(party, STAFF, "Jetzt korrigieren")
    await settle(party)
    for who in OTHERS:
        assert [one for one in texts(party, who) if one in {TEXT, NEW, NOTE}] == [NEW]
    assert await states(party, "broadcast_update") == {}
    await promises_hold(party)


async def test_what_was_in_hand_meanwhile_is_corrected_when_it_has_arrived(party: Party) -> None:
    await preview(party)
    await tap_only(party, STAFF, "Senden")
    courier = party.assistant.courier
    claimed = [*(await courier._claim(8) or ()), *(await courier._claim(8) or ())]
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:correct:0", party.telegram.last(STAFF)))
    await hear_only(party, party.telegram.write(STAFF, NEW))
    await tap_only(party, STAFF, "Jetzt korrigieren")
    for one in claimed:
        await courier._deliver(one)
    assert texts(party, VERA) == [TEXT]
    await settle(party)
    assert texts(party, VERA) == [NEW, NOTE]
    await promises_hold(party)


async def test_of_two_corrections_written_at_once_the_second_is_kept_from_overwriting_the_first(party: Party) -> None:
    await send(party)
    await party.write(COLLEAGUE, "/buero")
    await party.fill(COLLEAGUE, "[Alle Rundrufe]", f"[1 · {TEXT}]", "[Korrigieren]", "Von der Kollegin")
    await correct(party)
    await party.tap(COLLEAGUE, "Jetzt korrigieren")
    told = having(party, COLLEAGUE, "Der Text wurde inzwischen geändert.")[-1]["text"]
    assert told.endswith("Von der Kollegin")  # not lost
    await settle(party)
    assert NEW in texts(party, VERA)
    assert len((await the_broadcast(party)).revisions) == 2


async def test_corrected_twice_in_a_row_the_last_text_stands(party: Party) -> None:
    await send(party)
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:correct:0", party.telegram.last(STAFF)))
    await hear_only(party, party.telegram.write(STAFF, NEW))
    await tap_only(party, STAFF, "Jetzt korrigieren")
    held = await party.assistant.courier._claim(1)  # one edit is on its way
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:correct:1", party.telegram.last(STAFF)))
    await hear_only(party, party.telegram.write(STAFF, "Am Freitag"))
    await tap_only(party, STAFF, "Jetzt korrigieren")
    await party.deliver()
    for one in held or ():
        await party.assistant.courier._deliver(one)
    await settle(party)
    assert {having(party, one, "Am Freitag") != [] for one in ALL} == {True}
    assert not any(TEXT in texts(party, one) for one in OTHERS)
    assert not any(NEW in texts(party, one) for one in OTHERS)
    await promises_hold(party)


UNEDITABLE = ("message can't be edited", "message to edit not found")


@pytest.mark.parametrize("why", UNEDITABLE)
async def test_whose_copy_telegram_does_not_edit_gets_the_new_text_as_a_message(party: Party, why: str) -> None:
    await send(party, "[Um „Gelesen“ bitten]")
    party.telegram.fail("editMessageText", bad_request(why), chat_id=VERA)
    await correct(party)
    await settle(party)
    await settle(party)
    assert texts(party, VERA) == [TEXT, NEW, NOTE]
    assert list(party.telegram.buttons(having(party, VERA, NEW)[-1])) == ["Gelesen"]
    assert texts(party, JENS) == [NEW, NOTE]
    found = numbers(party.last_text(STAFF))
    assert (found["zugestellt"], found["berichtigt"]) == (8, 7)
    assert (found["neu gesendet"], found["nicht berichtigt"]) == (1, 0)
    await party.tap(VERA, "Gelesen", message=having(party, VERA, NEW)[-1])
    assert (await copies(party))[VERA].read_revision == 1
    await promises_hold(party)


async def test_what_was_sent_anew_follows_the_next_correction_and_goes_with_a_withdrawal(party: Party) -> None:
    await begin(party)
    await party.hear(party.telegram.photo(STAFF), party.telegram.photo(STAFF))
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Um „Gelesen“ bitten]", "[Senden]")
    await settle(party)
    party.telegram.fail("editMessageCaption", bad_request(UNEDITABLE[0]), chat_id=VERA)
    await correct(party)
    await settle(party)
    await settle(party)
    captions = [one["caption"] for one in party.telegram.chats[VERA].values() if one.get("caption")]
    assert captions == [TEXT, NEW]
    assert texts(party, VERA)[-1] == NOTE
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Alle Rundrufe]", f"[1 · {NEW}]", "[Korrigieren]", "Am Freitag", "[Jetzt korrigieren]")
    await settle(party)
    captions = [one["caption"] for one in party.telegram.chats[VERA].values() if one.get("caption")]
    assert captions == [TEXT, "Am Freitag"]
    assert numbers(party.last_text(STAFF))["berichtigt"] == 8
    await party.fill(STAFF, "[Zurückziehen]", "[Ja, zurückziehen]")
    await settle(party)
    assert party.telegram.chats[VERA] == {}
    await promises_hold(party)


async def test_withdrawn_before_it_was_sent_anew_the_old_message_goes_all_the_same(party: Party) -> None:
    await send(party)
    party.telegram.fail("editMessageText", bad_request(UNEDITABLE[0]), chat_id=VERA)
    await correct(party)
    async with party.database.begin() as session:
        await keep_up(session, party.clock.now)  # the letter is posted, and nothing has left yet
    assert (await states(party, "broadcast"))["waiting"] == 1
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:withdraw_yes:1", party.telegram.last(STAFF)))
    await settle(party)
    assert texts(party, VERA) == []
    await promises_hold(party)


async def test_a_language_without_a_new_text_is_warned_of(party: Party) -> None:
    async with party.database.begin() as session:
        await session.execute(update(Account).where(Account.telegram_id == VERA).values(language="en"))
    await send(party, "[Text auf Englisch …]", "Good morning")
    await party.fill(STAFF, "[Korrigieren]", NEW)
    assert "In einer anderen Sprache gibt es keinen neuen Text" in party.last_text(STAFF)
    await party.fill(STAFF, "[Text auf Englisch …]", "Good evening", "[Jetzt korrigieren]")
    assert texts(party, VERA)[0] == "Good evening"
    assert texts(party, VERA)[1].startswith("Korrektur: ")
    assert NEW in texts(party, JENS)


# --- withdrawn


async def withdraw(party: Party, who: int = STAFF) -> None:
    await party.write(who, "/buero")
    await party.fill(who, "[Alle Rundrufe]", f"[1 · {TEXT}]", "[Zurückziehen]", "[Ja, zurückziehen]")


async def test_withdrawn_every_copy_is_deleted_and_the_number_is_told(party: Party) -> None:
    await begin(party)
    await party.hear(party.telegram.photo(STAFF), party.telegram.photo(STAFF))
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Um „Gelesen“ bitten]", "[Senden]")
    await settle(party)
    assert len(party.telegram.chats[VERA]) == 3
    await withdraw(party)
    assert party.toast() == "Zurückgezogen. 8 Nachrichten werden gelöscht."
    await settle(party)
    assert party.telegram.chats[VERA] == {}
    assert numbers(party.last_text(STAFF))["gelöscht"] == 8
    await promises_hold(party)


async def test_the_notices_of_corrections_go_with_it(party: Party) -> None:
    await send(party)
    await correct(party)
    await settle(party)
    assert texts(party, VERA) == [NEW, NOTE]
    await party.fill(STAFF, "[Zurückziehen]", "[Ja, zurückziehen]")
    await settle(party)
    assert texts(party, VERA) == []
    await promises_hold(party)


async def test_what_is_older_than_48_hours_stays_and_is_counted(party: Party) -> None:
    party.telegram.fail("sendMessage", bad_request("x"), chat_id=KARL)
    await send(party)
    party.clock.advance(timedelta(hours=47))
    await party.tap(STAFF, "Nur an die Ausstehenden erneut")
    await settle(party)
    party.clock.advance(timedelta(hours=1))
    await party.tap(STAFF, "Zurückziehen")
    assert "1 Nachricht wird im Chat gelöscht." in party.last_text(STAFF)
    assert "7 Nachrichten sind älter als 48 Stunden" in party.last_text(STAFF)
    await party.tap(STAFF, "Ja, zurückziehen")
    await settle(party)
    found = numbers(party.last_text(STAFF))
    assert (found["gelöscht"], found["nicht mehr zu löschen"]) == (1, 7)
    assert TEXT not in texts(party, KARL)
    assert TEXT in texts(party, VERA)
    await promises_hold(party)


async def test_withdrawn_in_the_middle_nothing_more_leaves(party: Party) -> None:
    await preview(party)
    await tap_only(party, STAFF, "Senden")
    courier = party.assistant.courier
    first = await courier._claim(4) or []
    for one in first[1:]:
        await courier._deliver(one)
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:withdraw_yes:0", party.telegram.last(STAFF)))
    await courier._deliver(first[0])
    await settle(party)
    assert [one for one in OTHERS if TEXT in texts(party, one)] == []
    found = numbers(party.last_text(STAFF))
    assert found["gelöscht"] + found["nicht gesendet"] == 8
    assert (await states(party, "broadcast"))["waiting"] == 0
    await promises_hold(party)


@pytest.mark.parametrize("gone", ["message to delete not found", "message can't be deleted for everyone"])
async def test_what_its_reader_has_deleted_is_gone_and_what_telegram_keeps_is_counted(party: Party, gone: str) -> None:
    await send(party)
    party.telegram.fail("deleteMessage", bad_request(gone), chat_id=VERA)
    await withdraw(party)
    await settle(party)
    assert numbers(party.last_text(STAFF))["gelöscht"] == (8 if "not found" in gone else 7)


async def test_withdrawn_before_its_time_it_never_leaves_and_two_taps_are_one(party: Party) -> None:
    await preview(party, "[Zu einer Zeit …]", "01.12.2026 18:00", "[Senden]", "[Rundruf ansehen]", "[Zurückziehen]")
    sure = dict(party.telegram.last(STAFF))
    await party.tap(STAFF, "Ja, zurückziehen")
    await party.hear(party.telegram.tap(COLLEAGUE, "Ja, zurückziehen", chat_id=STAFF, message=sure))
    assert "abgesagt" in party.toast()
    party.clock.advance(timedelta(days=8))
    await settle(party)
    assert TEXT not in texts(party, VERA)
    assert (await party.rows(Broadcast))[0].started_at is None
    await promises_hold(party)


async def test_what_is_withdrawn_can_be_neither_read_nor_corrected(party: Party) -> None:
    await send(party, "[Um „Gelesen“ bitten]")
    under = dict(party.telegram.last(DORA))
    await withdraw(party)
    await party.hear(party.telegram.tap(DORA, "Gelesen", message=under))
    assert "abgesagt" in party.toast()
    await party.hear(party.telegram.tap_data(STAFF, "u:1:correct:0", party.telegram.last(STAFF)))
    assert "abgesagt" in party.toast()
