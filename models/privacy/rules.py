"""How long what is kept, and what a name becomes when it goes. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from models.calendar import Calendar
from models.question.rules import KEPT_MONTHS, month_before

# Defaults of the office's settings ``retention_years`` and ``text_months``.
RETENTION_YEARS = 10
TEXT_MONTHS = KEPT_MONTHS
# A month after its last day a code, an update that failed, or a number that only tried codes serves nobody.
MONTH = timedelta(days=30)
STRUCK = "…"
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is older than its bound goes."""

    texts: datetime
    names: datetime
    leftovers: datetime


def bounds(now: datetime, calendar: Calendar, settings: Mapping[str, Any]) -> Bounds:
    """The bounds that hold now, by the office's settings; months and years are counted in the office's zone."""
    local = calendar.local(now)

    def ago(months: int) -> datetime:
        return calendar.at(month_before(local.date(), months), local.time())

    years = int(settings.get("retention_years", RETENTION_YEARS))
    return Bounds(ago(int(settings.get("text_months", TEXT_MONTHS))), ago(years * MONTHS_A_YEAR), now - MONTH)


def name_may_go(acts: Iterable[datetime | None], before: datetime) -> bool:
    """Whether a name of somebody who holds no role any more may go: each formal act and role ended before the bound."""
    return all(one is not None and one < before for one in acts)


def no_name(person_id: int) -> str:
    """What stands in the place of a name that went: a number that means nobody."""
    return f"(gelöscht {person_id})"


def spellings(name: str) -> set[str]:
    """A name as it stands in a text, and in HTML."""
    return {name, escape(name), escape(name, quote=False)} if name else set()


def struck(value: Any, names: Iterable[str]) -> Any:
    """A text, or data with texts in it, without these names; a name within a longer word is none."""
    spelled = sorted({one for name in names for one in spellings(name)}, key=len, reverse=True)
    if not spelled:
        return value
    return _struck(value, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spelled))})(?!\w)"))


def _struck(value: Any, names: re.Pattern[str]) -> Any:
    match value:
        case str():
            return names.sub(STRUCK, value)
        case list():
            return [_struck(one, names) for one in value]
        case dict():
            return {key: _struck(one, names) for key, one in value.items()}
        case _:
            return value
