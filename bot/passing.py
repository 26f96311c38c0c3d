"""Updates that go round the inbox: taps that carry a choice in a secret vote. They are never written down.

One that only chooses is worked off in its chat's turn, and lost with the process: it has no effect. One that casts is
confirmed to Telegram once its ballot is in the store, and delivered again otherwise.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.callbacks import SecretCast, SecretChoose
from models.inbox import Arrival

_ROUND = tuple(f"{kind.prefix}:" for kind in (SecretChoose, SecretCast))
_CASTS = f"{SecretCast.prefix}:"
_WORDS = frozenset({"text", "entities", "caption", "caption_entities", "reply_to_message"})
_SUSPECT = ("\\u0000", "\\ud")  # as JSON spells NUL and halves of a character
_COMPACT: dict[str, Any] = {"separators": (",", ":")}


@dataclass(frozen=True, slots=True)
class Passing(Arrival):
    """An update that is worked off without a row. ``done``: its effect is in the store, or there will be none."""

    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, error: BaseException | None = None) -> None:
        """It is done; with an error, the store could not take it, and Telegram is to bring it again."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)

    @property
    def casts(self) -> bool:
        """Whether it casts a ballot, and must not be confirmed before its commit."""
        return _data(json.loads(self.payload)).startswith(_CASTS)


def passes(update: Mapping[str, Any]) -> bool:
    """Whether an update goes round the inbox."""
    return _data(update).startswith(_ROUND)


def _data(update: Mapping[str, Any]) -> str:
    query = update.get("callback_query")
    data = query.get("data") if isinstance(query, Mapping) else None
    return data if isinstance(data, str) else ""


def payload_of(update: Mapping[str, Any]) -> str:
    """An update as JSON, as it may be written down: without the words of the message it hangs on or replies to.

    Those are ours or older, nobody needs them, and a receipt may stand in them; under a preview of a secret ballot
    stands the choice itself.
    """
    bare = {key: _bare(one) if isinstance(one, dict) else one for key, one in update.items()}
    payload = json.dumps(bare, **_COMPACT)
    return json.dumps(_storable(bare), **_COMPACT) if any(one in payload for one in _SUSPECT) else payload


def _storable(value: Any) -> Any:
    """Without what no text in a store may hold: PostgreSQL refuses NUL, and both refuse halves of a character."""
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="ignore").decode()
    if isinstance(value, dict):
        return {key: _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value


def _bare(content: dict[str, Any]) -> dict[str, Any]:
    hangs_on = {
        key: _blank(content[key]) for key in ("message", "reply_to_message") if isinstance(content.get(key), dict)
    }
    if "message" in hangs_on:  # the tap says which button it was
        hangs_on["message"].pop("reply_markup", None)
    return {**{key: value for key, value in content.items() if key != "quote"}, **hangs_on}


def _blank(shown: dict[str, Any]) -> dict[str, Any]:
    bare = {key: value for key, value in shown.items() if key not in _WORDS}
    if _CASTS in json.dumps(shown.get("reply_markup")):
        del bare["reply_markup"]
    return bare
