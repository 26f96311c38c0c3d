"""How much one account, or one group, may ask of us in a while. Beyond it: one polite sentence, then silence.

Kept in memory. It protects the computer and the chat, not a right: after a restart everybody begins anew, and several
processes on one PostgreSQL count each for itself. What would ring at the office is counted in the store
(``models/question/acts.py``).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum


@dataclass(frozen=True)
class Allowance:
    """So many of something within so long."""

    what: str
    most: int
    within: timedelta
    told: bool = True  # whether the first one too many gets a sentence


QUESTIONS = Allowance("questions", 30, timedelta(minutes=10))
FILES = Allowance("files", 20, timedelta(minutes=10))
OWN_DATA = Allowance("own data", 3, timedelta(hours=1))
GROUP = Allowance("group", 5, timedelta(minutes=10), told=False)  # others read along there
LONGEST = max(one.within for one in (QUESTIONS, FILES, OWN_DATA, GROUP))
MOST_KNOWN = 10_000  # accounts and groups remembered at once


class Verdict(Enum):
    """Whether it goes on."""

    YES = "yes"
    NO = "no"  # the first one too many: it is told
    SILENCE = "silence"


@dataclass
class Counter:
    """What was asked of us lately, by whom."""

    _times: dict[tuple[str, int], list[datetime]] = field(default_factory=dict)  # the quiet ones first
    _told: dict[tuple[str, int], datetime] = field(default_factory=dict)

    def ask(self, allowance: Allowance, who: int, now: datetime) -> tuple[Verdict, datetime]:
        """Whether one more is allowed, and from when on it is again."""
        key = allowance.what, who
        times = [one for one in self._times.pop(key, ()) if one > now - allowance.within]
        self._times[key] = times
        if len(times) < allowance.most:
            times.append(now)
            self._told.pop(key, None)
            self._forget_the_quiet(now)
            return Verdict.YES, now
        until = times[0] + allowance.within
        if self._told.get(key) == until:
            return Verdict.SILENCE, until
        self._told[key] = until
        return Verdict.NO, until

    def _forget_the_quiet(self, now: datetime) -> None:
        """Who has asked nothing for so long that it counts no more; and in a flood of accounts the quietest of them."""
        while len(self._times) > MOST_KNOWN or self._is_quiet(next(iter(self._times)), now):
            key = next(iter(self._times))
            del self._times[key]
            self._told.pop(key, None)

    def _is_quiet(self, key: tuple[str, int], now: datetime) -> bool:
        return max(self._times[key], default=now) <= now - LONGEST
