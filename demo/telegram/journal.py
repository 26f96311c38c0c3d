"""What bots have asked for, and what was brought to them."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from demo.telegram.entities import Json

KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Request:
    """One request: when it came (the world's clock), from which bot, what it held and how it ended.

    ``status`` is the HTTP status; 0 if the connection was dropped. ``uploads`` names the parameters that were files.
    ``result`` is what the bot was told, or would have been.
    """

    at: datetime
    bot_id: int
    method: str
    params: Json
    status: int
    description: str
    uploads: tuple[str, ...] = ()
    result: Any = None

    @property
    def ok(self) -> bool:
        """Whether the bot was told that it worked."""
        return self.status == 200  # noqa: PLR2004 - HTTP's OK


class Journal:
    """The newest requests, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Request] = deque(maxlen=KEPT)
        self.brought: deque[Json] = deque(maxlen=KEPT)
        """The updates webhooks have taken, as often as they took them."""

    def add(self, request: Request) -> None:
        """Writes one down."""
        self._kept.append(request)

    def requests(self, method: str = "", *, chat_id: int | None = None, since: datetime | None = None) -> list[Request]:
        """Those of one method (any, if empty), to one chat, from a time on."""
        return [
            request
            for request in self._kept
            if (not method or request.method == method)
            and (chat_id is None or str(request.params.get("chat_id")) == str(chat_id))
            and (since is None or request.at >= since)
        ]

    def clear(self) -> None:
        """Forgets all."""
        self._kept.clear()
        self.brought.clear()
