"""Messages, edits, keyboards, taps: what a raw client sees, and what people see."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from demo.telegram import Fault, Person, World
from demo.telegram.bots import Bot
from tests.auxil.clock import Clock
from tests.demo.raw_client import Api, Refused, judge_update

YES_NO = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}, {"text": "Nein", "callback_data": "no"}]]}


async def test_get_me_names_the_bot(api: Api) -> None:
    me = await api("getMe")
    assert (me["id"], me["first_name"], me["username"], me["is_bot"]) == (42, "ReKo-Assistent", "reko_bot", True)


async def test_a_text_arrives_with_its_formatting(api: Api, anna: Person) -> None:
    sent = await api("sendMessage", chat_id=1, text=" <b>Grüße</b> &amp; 😀 <i>x</i> ", parse_mode="HTML")
    assert sent["text"] == "Grüße & 😀 x"
    assert sent["entities"] == [
        {"type": "bold", "offset": 0, "length": 5},
        {"type": "italic", "offset": 11, "length": 1},
    ]
    assert anna.last.html == "<b>Grüße</b> &amp; 😀 <i>x</i>"


async def test_optional_fields_are_absent_when_empty(api: Api, anna: Person) -> None:
    sent = await api("sendMessage", chat_id=1, text="Hallo", reply_markup={"inline_keyboard": []})
    assert set(sent) == {"message_id", "from", "chat", "date", "text"}


@pytest.mark.parametrize("way", ["json", "form", "multipart", "query"])
async def test_every_way_to_send_parameters(api: Api, anna: Person, way: str) -> None:
    plain = {
        "chat_id": "1",
        "text": "Grüße",
        "reply_markup": '{"inline_keyboard":[[{"text":"Ja","callback_data":"yes"}]]}',
    }
    url = api.url("sendMessage")
    with_charset = {"Content-Type": "application/json; charset=utf-8"}
    body = '{"chat_id":1,"text":"Grüße","reply_markup":{"inline_keyboard":[[{"text":"Ja","callback_data":"yes"}]]}}'
    match way:
        case "json":
            request = api.session.post(url, data=body.encode(), headers=with_charset)
        case "form":
            request = api.session.post(url, data=plain)
        case "multipart":
            form = aiohttp.FormData(default_to_multipart=True)
            for name, value in plain.items():
                form.add_field(name, value)
            request = api.session.post(url, data=form)
        case _:
            request = api.session.get(url, params=plain)
    async with request as response:
        sent = await api.read("sendMessage", response)
    assert sent["text"] == "Grüße"
    assert anna.last.labels == ["Ja"]


async def test_a_tap_is_answered_by_an_alert_and_an_edit(api: Api, anna: Person, world: World) -> None:
    await api("sendMessage", chat_id=1, text="Stimmen Sie ab", reply_markup=YES_NO)
    card = await anna.receive("Stimmen")
    tap = asyncio.ensure_future(anna.tap(card, "Ja"))
    [update] = await api.updates(timeout=5)
    judge_update(update)
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("yes", 1, "Stimmen Sie ab")
    await api("answerCallbackQuery", callback_query_id=query["id"], text="Ihre Stimme: Ja", show_alert=True)
    assert await tap == ("Ihre Stimme: Ja", True, "")
    edited = await api("editMessageText", chat_id=1, message_id=card.id, text="Danke")
    assert edited["edit_date"] > edited["date"]
    assert (card.text, card.labels, card.edited) == ("Danke", [], True)


async def test_tapping_what_is_not_there_is_an_error_of_the_test(api: Api, anna: Person) -> None:
    await api("sendMessage", chat_id=1, text="Karte", reply_markup=YES_NO)
    with pytest.raises(LookupError, match="Vielleicht"):
        await anna.tap(anna.last, "Vielleicht")


async def test_a_stale_phone_can_still_press(api: Api, anna: Person) -> None:
    await api("sendMessage", chat_id=1, text="Karte", reply_markup=YES_NO)
    await api("editMessageReplyMarkup", chat_id=1, message_id=anna.last.id)
    anna.press(anna.last, "yes")
    [update] = await api.updates()
    assert update["callback_query"]["data"] == "yes"


async def test_a_tap_on_a_deleted_message_names_it_inaccessible(api: Api, anna: Person) -> None:
    await api("sendMessage", chat_id=1, text="Karte", reply_markup=YES_NO)
    card = anna.last
    await api("deleteMessage", chat_id=1, message_id=card.id)
    anna.press(card, "yes")
    [update] = await api.updates()
    judge_update(update)
    assert update["callback_query"]["message"] == {"chat": card.room.chat, "message_id": card.id, "date": 0}
    assert anna.messages == []


async def test_a_tap_gets_too_old(api: Api, anna: Person, clock: Clock) -> None:
    await api("sendMessage", chat_id=1, text="Karte", reply_markup=YES_NO)
    tap = anna.press(anna.last, "yes")
    clock.advance(timedelta(minutes=2))
    complaint = await api.refusal("answerCallbackQuery", callback_query_id=tap.id)
    assert complaint == "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_replies_quote(api: Api, anna: Person) -> None:
    first = anna.send("Eine Frage")
    sent = await api(
        "sendMessage", chat_id=1, text="Antwort", reply_parameters={"message_id": first.id, "quote": "Frage"}
    )
    assert sent["reply_to_message"]["text"] == "Eine Frage"
    assert sent["quote"] == {"text": "Frage", "position": 5, "is_manual": True}
    anna.send("Danke", reply_to=anna.last)
    update = (await api.updates())[-1]
    judge_update(update)
    assert update["message"]["reply_to_message"]["text"] == "Antwort"
    assert "reply_to_message" not in update["message"]["reply_to_message"]
    lenient = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await api("sendMessage", chat_id=1, text="x", reply_parameters=lenient)


async def test_commands_are_found_in_what_people_write(api: Api, anna: Person) -> None:
    anna.start("4F7K-99XM")
    [update] = await api.updates()
    judge_update(update)
    assert update["message"]["text"] == "/start 4F7K-99XM"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_copy_forward_react_pin_and_delete(api: Api, anna: Person) -> None:
    await api("sendMessage", chat_id=1, text="<b>Wichtig</b>", parse_mode="HTML", reply_markup=YES_NO)
    original = anna.last
    copied = await api("copyMessage", chat_id=1, from_chat_id=1, message_id=original.id)
    assert (anna.last.id, anna.last.html, anna.last.labels) == (copied["message_id"], "<b>Wichtig</b>", [])
    forwarded = await api("forwardMessage", chat_id=1, from_chat_id=1, message_id=original.id)
    assert forwarded["forward_origin"]["sender_user"]["id"] == 42
    assert await api("pinChatMessage", chat_id=1, message_id=original.id)
    assert (await api("getChat", chat_id=1))["pinned_message"]["message_id"] == original.id
    assert await api(
        "setMessageReaction", chat_id=1, message_id=original.id, reaction=[{"type": "emoji", "emoji": "👍"}]
    )
    assert await api("deleteMessages", chat_id=1, message_ids=[original.id, copied["message_id"], 999])
    assert [message.id for message in anna.messages] == [forwarded["message_id"]]


async def test_nothing_is_deleted_after_two_days(api: Api, anna: Person, clock: Clock) -> None:
    await api("sendMessage", chat_id=1, text="alt")
    clock.advance(timedelta(hours=49))
    complaint = await api.refusal("deleteMessage", chat_id=1, message_id=anna.last.id)
    assert complaint == "Bad Request: message can't be deleted for everyone"


async def test_reply_keyboards_belong_to_the_chat(api: Api, anna: Person) -> None:
    sent = await api(
        "sendMessage", chat_id=1, text="Wählen", reply_markup={"keyboard": [[{"text": "A"}, {"text": "B"}]]}
    )
    assert "reply_markup" not in sent
    assert anna.room().keyboard == {"keyboard": [[{"text": "A"}, {"text": "B"}]]}
    await api("sendMessage", chat_id=1, text="weg", reply_markup={"remove_keyboard": True})
    assert anna.room().keyboard is None


KEYBOARD_TOO_MANY_BYTES = {
    "text": "x",
    "reply_markup": {"inline_keyboard": [[{"text": "ä", "callback_data": "ä" * 33}]]},
}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
COMPLAINTS = [
    (
        "sendMessage",
        {"text": "x"},
        "chat_id is empty",
    ),
    (
        "sendMessage",
        {"chat_id": 99, "text": "x"},
        "chat not found",
    ),
    (
        "sendMessage",
        {"chat_id": "@nobody", "text": "x"},
        "chat not found",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": " \n "},
        "message text is empty",
    ),
    (
        "sendMessage",
        {"chat_id": 1},
        "message text is empty",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "😀" * 2049},
        "message is too long",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a.b", "parse_mode": "MarkdownV2"},
        r"can't parse entities: Character '.' is reserved and must be escaped with the preceding '\'",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "parse_mode": "Word"},
        "unsupported parse_mode",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 999}},
        "message to be replied not found",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": "{"},
        "can't parse reply keyboard markup JSON object",
    ),
    (
        "sendMessage",
        {"chat_id": 1, **KEYBOARD_TOO_MANY_BYTES},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {
            "chat_id": 1,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "1"}] * 8] * 13},
        },
        "reply markup is too long",
    ),
    (
        "editMessageText",
        {"chat_id": 1, "message_id": 999, "text": "x"},
        "message to edit not found",
    ),
    (
        "editMessageText",
        {"chat_id": 1, "text": "x"},
        "message identifier is not specified",
    ),
    (
        "editMessageCaption",
        {"chat_id": 1, "message_id": 1, "caption": "x"},
        "there is no caption in the message to edit",
    ),
    (
        "editMessageText",
        {"chat_id": 1, "message_id": 2, "text": "x"},
        "message can't be edited",
    ),
    (
        "deleteMessage",
        {"chat_id": 1, "message_id": 999},
        "message to delete not found",
    ),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "x" * 201},
        "MESSAGE_TOO_LONG",
    ),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    (
        "sendChatAction",
        {"chat_id": 1, "action": "sleeping"},
        "wrong parameter action in request",
    ),
    (
        "sendDocument",
        {"chat_id": 1},
        "there is no document in the request",
    ),
    (
        "sendDocument",
        {"chat_id": 1, "document": "x", "caption": "x" * 1025},
        "message caption is too long",
    ),
    (
        "getFile",
        {"file_id": "nothing"},
        "wrong file_id or the file is temporarily unavailable",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "Große", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    (
        "editMessageText",
        {"chat_id": 1, "message_id": 1, "text": "<b>Karte</b>", "parse_mode": "HTML", "reply_markup": YES_NO},
        NOT_MODIFIED,
    ),
]


@pytest.mark.parametrize(
    ("method", "params", "reason"), COMPLAINTS, ids=lambda value: value if isinstance(value, str) else ""
)
async def test_complaints_in_telegrams_own_words(
    api: Api, anna: Person, method: str, params: dict[str, object], reason: str
) -> None:
    await api("sendMessage", chat_id=1, text="<b>Karte</b>", parse_mode="HTML", reply_markup=YES_NO)
    anna.send("Guten Tag")
    assert await api.refusal(method, **params) == f"Bad Request: {reason}"


async def test_the_longest_text_passes(api: Api, anna: Person) -> None:
    await api("sendMessage", chat_id=1, text="<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")
    assert len(anna.last.text) == 2048


async def test_who_never_wrote_or_has_stopped_the_bot(api: Api, anna: Person, world: World) -> None:
    world.user(2, first_name="Bert")
    assert (
        await api.refusal("sendMessage", chat_id=2, text="x")
        == "Forbidden: bot can't initiate conversation with a user"
    )
    anna.block()
    assert await api.refusal("sendMessage", chat_id=1, text="x") == "Forbidden: bot was blocked by the user"
    anna.unblock()
    assert (await api("sendMessage", chat_id=1, text="wieder da"))["text"] == "wieder da"
    changes = await api.updates()
    for update in changes:
        judge_update(update)
    assert [one["my_chat_member"]["new_chat_member"]["status"] for one in changes] == ["kicked", "member"]
    anna.deactivated = True
    assert await api.refusal("sendMessage", chat_id=1, text="x") == "Forbidden: user is deactivated"


async def test_unknown_tokens_and_methods(api: Api, world: World) -> None:
    for token, method, status, text in [
        ("nonsense", "getMe", 401, "Unauthorized"),
        ("42:OTHER", "getMe", 401, "Unauthorized"),
        ("42:TEST", "getYou", 404, "Not Found"),
    ]:
        with pytest.raises(Refused) as caught:
            await Api(api.session, api.address, token).sloppy(method)
        assert caught.value.body == {"ok": False, "error_code": status, "description": text}
    world.tokens = {"42:TEST"}
    with pytest.raises(Refused):
        await Api(api.session, api.address, "43:NEW").sloppy("getMe")


async def test_several_bots_have_their_own_chats(api: Api, anna: Person, world: World) -> None:
    other = Api(api.session, api.address, "77:OTHER")
    assert (await other("getMe"))["id"] == 77
    assert (
        await other.refusal("sendMessage", chat_id=1, text="x")
        == "Forbidden: bot can't initiate conversation with a user"
    )
    anna.send("Nur für den ersten")
    assert await other.updates() == []
    assert len(await api.updates()) == 1


async def test_menus_by_scope_and_language(api: Api, anna: Person, bot: Bot) -> None:
    await api("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    await api("setMyCommands", commands=[{"command": "hilfe", "description": "Hilfe"}], language_code="de")
    assert [one["command"] for one in anna.menu] == ["hilfe"]
    scope = {"type": "chat", "chat_id": 1}
    await api("setMyCommands", commands=[{"command": "offen", "description": "Was wartet"}], scope=scope)
    assert [one["command"] for one in anna.menu] == ["offen"]
    assert await api("getMyCommands", scope=scope) == [{"command": "offen", "description": "Was wartet"}]
    await api("deleteMyCommands", scope=scope)
    anna.language_code = "en"
    assert [one["command"] for one in anna.menu] == ["help"]


async def test_name_and_descriptions_by_language(api: Api) -> None:
    await api("setMyName", name="ReKo")
    await api("setMyDescription", description="Fragen und Fristen", language_code="de")
    await api("setMyShortDescription", short_description="kurz")
    await api("setChatMenuButton", menu_button={"type": "commands"})
    assert await api("getMyName") == {"name": "ReKo"}
    assert await api("getMyDescription", language_code="de") == {"description": "Fragen und Fristen"}
    assert await api("getMyShortDescription", language_code="de") == {"short_description": "kurz"}
    assert await api("getChatMenuButton") == {"type": "commands"}


async def test_faults_as_planned(api: Api, anna: Person, world: World) -> None:
    world.faults.add(Fault("retry_after", method="sendMessage", chat_id=1, seconds=7, skip=1))
    await api("sendMessage", chat_id=1, text="eins")
    with pytest.raises(Refused) as caught:
        await api("sendMessage", chat_id=1, text="zwei")
    assert caught.value.body["parameters"] == {"retry_after": 7}
    assert caught.value.body["description"] == "Too Many Requests: retry after 7"
    world.faults.add(Fault("error", code=502, description="Bad Gateway"))
    with pytest.raises(Refused, match="502"):
        await api("getMe")
    assert [message.text for message in anna.messages] == ["eins"]
    assert [one.status for one in world.journal.requests("sendMessage", chat_id=1)] == [200, 429]


@pytest.mark.parametrize(("action", "arrived"), [("drop_before", 0), ("drop_after", 1), ("half_reply", 1)])
async def test_connections_drop_before_or_after_the_effect(
    api: Api, anna: Person, world: World, action: str, arrived: int
) -> None:
    fault = world.faults.add(Fault.from_json({"action": action, "method": "sendMessage"}))
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=1, text="x")
    assert (len(anna.messages), fault.hits) == (arrived, 1)


async def test_rates_are_kept_when_switched_on(api: Api, anna: Person, world: World, clock: Clock) -> None:
    world.limits.enabled = True
    world.limits.monotonic = clock.monotonic
    for _ in range(5):
        await api("sendMessage", chat_id=1, text="x")
    assert await api.refusal("sendMessage", chat_id=1, text="x") == "Too Many Requests: retry after 1"
    clock.advance(seconds=1)
    await api("sendMessage", chat_id=1, text="x")


async def test_thirty_a_second_overall(api: Api, bot: Bot, world: World, clock: Clock) -> None:
    world.limits.enabled, world.limits.monotonic = True, clock.monotonic
    for number in range(100, 140):
        world.user(number, first_name="U").room().opened = True
    for number in range(100, 130):
        await api("sendMessage", chat_id=number, text="x")
    assert await api.refusal("sendMessage", chat_id=130, text="x") == "Too Many Requests: retry after 1"


async def test_a_group_becomes_a_supergroup(api: Api, anna: Person, bot: Bot, world: World) -> None:
    group = world.group(-5, "RAK", people=[anna], bots=[bot])
    await api("sendMessage", chat_id=-5, text="Hallo")
    world.migrate(group, -1005)
    with pytest.raises(Refused) as caught:
        await api("sendMessage", chat_id=-5, text="Hallo")
    assert caught.value.body["parameters"] == {"migrate_to_chat_id": -1005}
    assert (await api("sendMessage", chat_id=-1005, text="Hallo"))["chat"]["type"] == "supergroup"
    for update in await api.updates():
        judge_update(update)


async def test_in_a_group_the_bot_reads_commands_only(api: Api, anna: Person, bot: Bot, world: World) -> None:
    group = world.group(-5, "RAK", people=[anna], bots=[bot])
    anna.send("unter uns", room=group)
    anna.send("/hilfe", room=group)
    [update] = await api.updates()
    assert update["message"]["text"] == "/hilfe"
    assert await api("getChatMemberCount", chat_id=-5) == 2
    assert (await api("getChatMember", chat_id=-5, user_id=1))["status"] == "member"


@pytest.mark.parametrize("kind", ["sticker", "voice", "contact", "location", "poll", "dice"])
async def test_unexpected_things_are_valid_updates(api: Api, anna: Person, kind: str) -> None:
    anna.send_sample(kind)
    [update] = await api.updates()
    judge_update(update)
    assert kind in update["message"]


async def test_edits_and_forwards_of_people(api: Api, anna: Person) -> None:
    said = anna.send("Tippfehler")
    anna.edit(said, "Kein Fehler")
    anna.forward(said)
    updates = await api.updates()
    for update in updates:
        judge_update(update)
    assert updates[1]["edited_message"]["text"] == "Kein Fehler"
    assert updates[0]["message"]["text"] == "Tippfehler"
    assert updates[2]["message"]["forward_origin"]["type"] == "user"
