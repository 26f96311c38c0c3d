"""Telegram's rates: 30 messages a second overall, one a second in a chat, 20 a minute in a group.

Telegram tolerates bursts: a bucket holds some messages more than its rate and fills at its rate
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Times are monotonic, since a demo
that moves its clock must not be allowed more.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from demo.telegram.refusal import too_many_requests


@dataclass
class _Bucket:
    rate: float
    room: float
    held: float
    at: float

    def missing(self, now: float) -> float:
        """Seconds until one message is allowed; 0 if now."""
        self.held = min(self.room, self.held + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.held >= 1 else (1 - self.held) / self.rate


@dataclass
class RateLimits:
    """The buckets of one world; off unless ``enabled``."""

    enabled: bool = False
    overall: tuple[float, float] = (30.0, 30.0)
    in_a_chat: tuple[float, float] = (1.0, 5.0)
    in_a_group: tuple[float, float] = (20 / 60, 20.0)
    monotonic: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[int, int], _Bucket] = field(default_factory=dict)

    def spend(self, bot_id: int, chat_id: int) -> None:
        """Counts one message.

        Raises:
            ApiError: 429 if it is one too many; then nothing is counted.
        """
        if not self.enabled:
            return
        chat_rate = self.in_a_group if chat_id < 0 else self.in_a_chat
        buckets = [self._bucket((bot_id, 0), self.overall), self._bucket((bot_id, chat_id), chat_rate)]
        now = self.monotonic()
        if wait := max(bucket.missing(now) for bucket in buckets):
            raise too_many_requests(math.ceil(wait))
        for bucket in buckets:
            bucket.held -= 1

    def _bucket(self, key: tuple[int, int], rate: tuple[float, float]) -> _Bucket:
        if key not in self._buckets:
            self._buckets[key] = _Bucket(rate[0], rate[1], rate[1], self.monotonic())
        return self._buckets[key]
