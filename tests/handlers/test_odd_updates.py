import logging
from typing import Any

import pytest

from handlers.callbacks import CastTap, OnQuestion, Open, parse
from handlers.callbacks.tap import LONGEST
from models.base import Database
from models.drafts import Draft
from models.inbox import InboxRow
from models.member import Account
from models.question import OfficeQuestion
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import STAFF, STRANGER, VERA, Party, at_work, found_office, throw
from tests.auxil.telegram_json import BOT, SENT_AT, chat, migrated, user

UNREADABLE = "Ich kann hier nur Text lesen. Bitte schreiben Sie Ihre Frage als Nachricht."
FILE = {"file_id": "f", "file_unique_id": "f", "file_size": 1}
CHANNEL = {"id": -1001, "type": "channel", "title": "Kanal"}
POLL = {
    "id": "1", "question": "?", "options": [{"text": "a", "voter_count": 0, "persistent_id": "1"}],
    "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
    "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
}  # fmt: skip
STICKER = {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}
SENT: dict[str, dict[str, Any]] = {
    "photo": {"photo": [FILE | {"width": 1, "height": 1}]},
    "voice": {"voice": FILE | {"duration": 1}},
    "video": {"video": FILE | {"duration": 1, "width": 1, "height": 1}},
    "document": {"document": FILE | {"file_name": "a.pdf"}, "caption": "Bitte ausfüllen"},
    "sticker": {"sticker": FILE | STICKER},
    "poll": {"poll": POLL},
    "contact": {"contact": {"phone_number": "03931", "first_name": "A"}},
    "location": {"location": {"latitude": 52.6, "longitude": 11.8}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "nothing known": {},
    "empty text": {"text": ""},
}


async def hear(party: Party, update: dict[str, Any]) -> list[str]:
    """Let it in; what is newly said to anyone. Nothing may fail."""
    before = len(party.telegram.sent("sendMessage"))
    await party.hear(update)
    rows = await party.rows(InboxRow)
    assert {(row.state, row.error, row.payload) for row in rows} == {("done", None, None)}
    said = [call.params["text"] for call in party.telegram.sent("sendMessage")[before:]]
    assert all(text.strip() for text in said)
    return said


def without_text(party: Party, who: int = STRANGER) -> dict[str, Any]:
    update = party.telegram.write(who, "x")
    del update["message"]["text"]
    return update


@pytest.mark.parametrize("kind", SENT)
async def test_what_cannot_be_read_is_answered_with_what_can(party: Party, kind: str) -> None:
    update = without_text(party)
    update["message"] |= SENT[kind]
    assert await hear(party, update) == [UNREADABLE]
    assert party.labels(STRANGER) == ["Fristen"]


@pytest.mark.parametrize(
    "more",
    [
        {"new_chat_title": "X"},
        {"pinned_message": {"message_id": 1, "date": SENT_AT, "chat": chat(STRANGER), "text": "x"}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
    ],
)
async def test_what_telegram_itself_notes_in_a_chat_is_met_with_silence(party: Party, more: dict[str, Any]) -> None:
    update = without_text(party)
    update["message"] |= more
    assert await hear(party, update) == []


@pytest.mark.parametrize("text", ["Wer darf abstimmen?", "/start", "/buero"])
async def test_an_edited_message_and_a_channel_post_are_met_with_silence(party: Party, text: str) -> None:
    write = party.telegram.write(STAFF, text)
    edited = {"update_id": 1, "edited_message": write["message"] | {"edit_date": SENT_AT}}
    assert await hear(party, edited) == []
    post = {"message_id": 5, "date": SENT_AT, "chat": CHANNEL, "sender_chat": CHANNEL, "text": text}
    assert await hear(party, {"update_id": 2, "channel_post": post}) == []
    assert await hear(party, {"update_id": 3, "something_new": {"from": user(STAFF, "V", "de")}}) == []


async def test_a_forwarded_message_is_a_question_of_who_forwards_it(party: Party) -> None:
    origin = {"type": "user", "date": SENT_AT, "sender_user": user(VERA, "Vera", "de")}
    assert await hear(party, party.telegram.write(STRANGER, "Wer bekommt Geld vom Mond?", forward_origin=origin))
    [question] = await party.rows(OfficeQuestion)
    assert question.telegram_id == STRANGER


@pytest.mark.parametrize("room", [STRANGER, -5])
@pytest.mark.parametrize("text", ["Hallo", "/hilfe", "/offen", "/nichts"])
async def test_a_message_from_nobody_is_met_with_silence(party: Party, room: int, text: str) -> None:
    update = party.telegram.write(STRANGER, text, chat_id=room)
    del update["message"]["from"]
    assert await hear(party, update) == []


@pytest.mark.parametrize("text", ["/gibtesnicht", "/hilfe@another_bot", "/", "/…", "/hilfe_mir", "/START", "   "])
async def test_an_unknown_command_gets_a_sentence(party: Party, text: str) -> None:
    assert await hear(party, party.telegram.write(STRANGER, text)) != []


@pytest.mark.parametrize(
    "data",
    [
        "", ":", "v", "v:1", "v:1:2:3:4", "v:x:1:yes", "v:1:1:perhaps", "v:-1:1:yes", "v:²:1:yes", "v:99:1:yes", "zz:1",
        "v:1:9999999999:yes", f"t:{2**63}:show", "t:999999999999999999:show", "o:nowhere:0", "o:deadlines:999999999",
        "o:vote:99", "l:xx", "c:maybe:1", "s:99:invite", "s:1:explode", "t:1:explode", "r:99:done", "r:1:explode",
        "q:99:good", "q:1:explode", "n:99", "f:99:0:0", "g:99:0:explode", "b:99:again", "b:1:explode", "e:99:yes",
        "m:99:yes", "m:1:perhaps", "d:99:1", "p:perhaps", "x" * 64, "🗳" * 16, "1:vote:yes",
    ],
)  # fmt: skip
async def test_a_button_we_never_made_gets_a_sentence(party: Party, data: str) -> None:
    await party.write(STAFF, "/buero")
    await hear(party, party.telegram.tap_data(STAFF, data, party.telegram.last(STAFF)))
    answered = party.telegram.sent("answerCallbackQuery")[-1].params
    assert answered.get("show_alert") is True or data.startswith("o:deadlines")
    assert "Exception" not in party.toast()


@pytest.mark.parametrize("number", [2**31, 10**17])
async def test_a_number_beyond_the_stores_is_unknown_on_either_store(
    database: Database, telegram: FakeTelegram, clock: Clock, number: int
) -> None:
    await found_office(database, clock.now)
    party = throw(database, telegram, clock)
    await party.assistant.application.initialize()
    await party.write(STAFF, "/buero")
    for data in (f"t:{number}:show", f"v:{number}:1:yes", f"g:{number}:0:resume"):
        await hear(party, telegram.tap_data(STAFF, data, telegram.last(STAFF)))
        assert party.toast().startswith("Das finde ich nicht mehr.")
    await hear(party, telegram.tap_data(STAFF, f"t:{2**31 - 1}:show", telegram.last(STAFF)))
    await party.assistant.intake.stop()


@pytest.mark.parametrize(("sent", "kept"), [("Wer\0 bekommt\ud800 Geld vom Mond?", "Wer bekommt Geld vom Mond?"),
                                            ("Geld vom \\u0000 Mond? 🗳", "Geld vom \\u0000 Mond? 🗳")])  # fmt: skip
async def test_characters_that_no_store_holds_are_left_out(
    database: Database, telegram: FakeTelegram, clock: Clock, sent: str, kept: str
) -> None:
    async with at_work(database, telegram, clock) as party:
        await hear(party, party.telegram.write(STRANGER, sent))
        assert [one.text for one in await party.rows(OfficeQuestion)] == [kept]


async def test_a_tap_without_a_message_or_on_one_no_longer_at_hand_is_answered_anew(party: Party) -> None:
    await party.open_vote()
    for message in (None, {"message_id": 77, "date": 0, "chat": chat(VERA)}):
        update = party.telegram.tap(VERA, "Ja")
        del update["callback_query"]["message"]
        update["callback_query"] |= {"message": message} if message else {"inline_message_id": "i"}
        [card] = await hear(party, update)
        assert "Ihre Stimme: Ja" in card
        assert party.toast().startswith("Ihre Stimme: Ja")


async def test_a_tap_too_old_for_an_answer_counts_all_the_same(party: Party) -> None:
    await party.open_vote()
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    party.telegram.fail("answerCallbackQuery", (400, {"ok": False, "error_code": 400, "description": old}))
    await hear(party, party.telegram.tap(VERA, "Ja"))
    assert "Ihre Stimme: Ja" in party.last_text(VERA)


async def test_who_blocks_the_bot_is_no_longer_written_to_but_leaving_a_group_changes_nothing(party: Party) -> None:
    def moved(room: dict[str, Any], status: str) -> dict[str, Any]:
        member = {"user": BOT | {"is_bot": True}, "status": status}
        member |= {"until_date": 0} if status == "kicked" else {}
        before = {"user": BOT, "status": "member"}
        about = {"chat": room, "from": user(VERA, "V", "de"), "date": SENT_AT}
        change = about | {"old_chat_member": before, "new_chat_member": member}
        return {"update_id": 5000 + len(party.telegram.calls), "my_chat_member": change}

    async def reachable() -> bool:
        return next(one.reachable for one in await party.rows(Account) if one.telegram_id == VERA)

    await party.write(VERA, "/hilfe")
    assert await hear(party, moved(chat(-5), "left")) == []
    assert await reachable()
    party.telegram.write(STRANGER, "x")
    await hear(party, moved(chat(VERA), "kicked") | {"update_id": 6000})
    assert not await reachable()
    await hear(party, moved(chat(VERA), "member") | {"update_id": 6001})
    assert await reachable()


def test_button_data_is_short_and_says_what_it_was_made_of() -> None:
    longest = CastTap(2**31 - 1, 2**31 - 1, "conflict")
    assert len(longest.pack().encode()) <= LONGEST
    for tap in (longest, OnQuestion(1, "answer"), Open("deadlines", 2)):
        assert parse(tap.pack()) == tap
    with pytest.raises(ValueError, match="over 64 bytes"):
        Open("ü" * 40).pack()


async def test_what_is_foreseen_leaves_no_traceback(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    party.telegram.blocked.add(STRANGER)
    await hear(party, party.telegram.write(STRANGER, "Hallo"))
    assert [one for one in caplog.records if one.exc_info] == []


async def test_who_sent_an_update_that_was_set_aside_is_told(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("handlers.ask.library", fails)
    await party.write(VERA, "Wofür steht Förderbereich C?")
    assert party.last_text(VERA).startswith("Das hat nicht geklappt, und nichts davon ist gespeichert.")
    monkeypatch.undo()
    await party.write(VERA, "/hilfe")
    assert "/fristen" in party.last_text(VERA)


async def test_a_group_that_becomes_a_supergroup_meanwhile_is_answered_by_its_new_id(party: Party) -> None:
    party.telegram.fail("sendMessage", migrated(-1001234567890), chat_id=-4711)
    await party.write(VERA, "/start", chat_id=-4711)
    assert "t.me/reko_test_bot" in party.last_text(-1001234567890)
    assert {row.error for row in await party.rows(InboxRow)} == {None}


async def test_one_person_who_begins_forms_in_several_rooms_at_once(
    database: Database, telegram: FakeTelegram, clock: Clock
) -> None:
    async with at_work(database, telegram, clock) as party:
        await party.write(STAFF, "/buero")
        begin = Open("new_vote").pack()
        taps = [telegram.tap_data(STAFF, begin, telegram.last(STAFF) | {"chat": chat(-room)}) for room in range(5, 15)]
        await party.hear(*taps)
        assert {(row.tries, row.error) for row in await party.rows(InboxRow)} == {(0, None)}
        assert len([one for one in await party.rows(Draft) if not one.parked]) == 1
