"""One walk for every foreign client: what the people do, and what their phones must show."""

from demo.telegram import Fault, Person, World
from tests.auxil.bot_api_spec import check_object, check_request, check_result, require_spec


async def walk(anna: Person, world: World) -> None:
    """Start, tap, edit, a file each way, a 429 on the way, and someone who stops the bot and comes back."""
    bert = world.user(2, first_name="Bert")
    bert.room().opened = True
    anna.start("CODE")
    card = await anna.receive("Hallo")
    assert card.html.startswith("<b>Hallo</b>")
    assert "CODE" in card.text
    assert await anna.tap(card, "Ja") == ("Gezählt", True, "")
    await world.until(lambda: card.edited)
    assert (card.text, card.labels) == ("Danke", [])
    anna.send_document("hin.txt", b"inhalt")
    back = await anna.receive()
    assert back.file
    assert (back.file.name, back.file.content) == ("zurück.txt", b"INHALT")
    await _too_fast(anna, world)
    anna.block()
    assert "403 Forbidden: bot was blocked by the user" in (await bert.receive("403")).text
    anna.start("WIEDER")
    assert "WIEDER" in (await anna.receive("Hallo")).text


async def _too_fast(anna: Person, world: World) -> None:
    fault = world.faults.add(Fault("retry_after", method="sendMessage", seconds=1))
    anna.send("/oft")
    await anna.receive("Nachgeholt")
    assert (fault.hits, [one.status for one in world.journal.requests("sendMessage")][-2:]) == (1, [429, 200])


def judge_all(world: World, way: str) -> None:
    """Every request, reply and update of the walk, by the specification; ``way`` is how updates were asked for."""
    require_spec()
    asked = world.journal.requests()
    names = {one.method for one in asked}
    assert {"getMe", way, "sendMessage", "sendDocument", "answerCallbackQuery", "editMessageText", "getFile"} <= names
    for one in asked:
        check_request(one.method, one.params, one.uploads)
        if one.ok:
            check_result(one.method, one.result)
    for update in world.journal.brought:
        check_object("Update", update)
    kinds = {kind for update in _updates(world) for kind in update} - {"update_id"}
    assert {"message", "callback_query", "my_chat_member"} <= kinds


def _updates(world: World) -> list[dict[str, object]]:
    polled = [update for one in world.journal.requests("getUpdates") if one.ok for update in one.result]
    return [*polled, *world.journal.brought]
