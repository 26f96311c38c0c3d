"""What goes round the inbox, and what is never written down of the rest."""

import json
from typing import Any

import pytest

from bot.passing import passes, payload_of
from handlers.callbacks import SecretCast, SecretChoose
from models.base import Database
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import VERA, at_work
from tests.auxil.voting import enter_vote

CHOSEN = "Ihre Wahl: Nein"


@pytest.fixture
async def preview(sqlite_database: Database, telegram: FakeTelegram, clock: Clock) -> dict[str, Any]:
    """The message that shows a choice before it is cast."""
    async with at_work(sqlite_database, telegram, clock) as party:
        await enter_vote(party.database, clock.now, secret=True)
        await party.deliver()
        await party.tap(VERA, "Nein")
        return telegram.last(VERA)


async def test_choosing_and_casting_go_round(preview: dict[str, Any], telegram: FakeTelegram) -> None:
    assert CHOSEN in preview["text"]
    for tap in (SecretChoose(1, 1, "no"), SecretChoose(1, 1, "back"), SecretCast(1, 1, "no")):
        assert passes(telegram.tap_data(VERA, tap.pack(), preview))
    for data in ("v:1:1:conflict", "vw:1:1", "o:open:0", ""):
        assert not passes(telegram.tap_data(VERA, data, preview))
    assert not passes(telegram.write(VERA, "xc:1:1:no"))


async def test_what_is_written_down_never_shows_the_choice(preview: dict[str, Any], telegram: FakeTelegram) -> None:
    updates = (telegram.tap_data(VERA, "o:open:0", preview), telegram.write(VERA, "Und nun?", reply_to=preview))
    for update in updates:
        assert CHOSEN in json.dumps(update, ensure_ascii=False)
        kept = payload_of(update)
        assert CHOSEN not in json.dumps(json.loads(kept), ensure_ascii=False)
        assert SecretCast.prefix + ":" not in kept
        assert str(preview["message_id"]) in kept
    assert "Und nun?" in payload_of(updates[1])


def test_the_keyboard_of_a_tapped_message_is_not_written_down() -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": "v:1:1:yes"}]]}
    shown = {"message_id": 3, "chat": {"id": 7, "type": "private"}, "reply_markup": keyboard}
    query = {"id": "1", "data": "v:1:1:yes", "message": shown}
    written = json.loads(payload_of({"update_id": 5, "callback_query": query}))
    assert written["callback_query"]["message"] == {"message_id": 3, "chat": {"id": 7, "type": "private"}}
    replied = json.loads(payload_of({"update_id": 6, "message": {"message_id": 4, "reply_to_message": shown}}))
    assert replied["message"]["reply_to_message"]["reply_markup"] == keyboard
