"""What a cell may hold. Each reader turns a cell's text into a value or says why not."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from models.calendar import Calendar, in_reach
from models.deadline import AREAS, DEFAULT_LEADS, KINDS, STATUSES
from models.member import Role
from models.spreadsheet.marks import original

# As the lists spell them, and as the bot calls them.
LANGUAGES = {"de": "de", "en": "en", "leicht": "leicht", "leichte sprache": "leicht"}
LONGEST_LINE = 200
LONGEST_TEXT = 3000
LONGEST_LEAD = 365  # days
_YES, _NO = {"ja", "wahr", "true"}, {"", "nein", "falsch", "false"}
_SPELLED_OUT = str.maketrans({"ü": "ue", "ä": "ae", "ö": "oe"})
_GERMAN_TIME = re.compile(
    r"(?:\w{2,10}\.?,?\s+)?(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2})[:.](\d{2})(?:\s*Uhr)?)?", re.IGNORECASE
)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:\s*Uhr)?", re.IGNORECASE)


class UnfitCellError(Exception):
    """The cell cannot be taken; ``reason`` is one of those in ``Fault``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


Reader = Callable[[str], Any]


def literal(cell: str) -> str:
    """What a cell of a file says: no formula, and without the mark that keeps a text from being taken for one."""
    if cell.startswith("="):
        raise UnfitCellError("formula", cell)
    return original(cell).strip()


def line(cell: str) -> str:
    """One line of text, maybe empty."""
    text = " ".join(cell.split())
    if len(text) > LONGEST_LINE:
        raise UnfitCellError("too long", str(LONGEST_LINE))
    return text


def needed(cell: str) -> str:
    """One line of text that must be there."""
    if not cell:
        raise UnfitCellError("missing")
    return line(cell)


def text(cell: str) -> str:
    """Several lines of text, maybe empty."""
    if len(cell) > LONGEST_TEXT:
        raise UnfitCellError("too long", str(LONGEST_TEXT))
    return cell


def role(cell: str) -> str:
    """A role; „Büro" and „Träger" are taken too."""
    word = needed(cell).casefold().translate(_SPELLED_OUT)
    if word not in set(Role):
        raise UnfitCellError("unknown role", cell)
    return word


def language(cell: str) -> str:
    """A language the bot speaks, or empty; „Leichte Sprache" is taken too."""
    word = " ".join(cell.casefold().split())
    if word and word not in LANGUAGES:
        raise UnfitCellError("unknown language", cell)
    return LANGUAGES.get(word, "")


def status(cell: str) -> str:
    """Empty, „abgesagt" or „beendet"."""
    if cell.casefold() not in STATUSES:
        raise UnfitCellError("unknown status", cell)
    return cell.casefold()


def ended(cell: str) -> str:
    """Empty or „beendet": nobody is called off."""
    if status(cell) == "abgesagt":
        raise UnfitCellError("unknown status", cell)
    return status(cell)


def kind(cell: str) -> str:
    """A kind of deadline, in whatever case."""
    for known in KINDS:
        if needed(cell).casefold() == known.casefold():
            return known
    raise UnfitCellError("unknown kind", cell)


def areas(cell: str) -> list[str]:
    """Funding areas A–M, separated by blanks."""
    found = cell.upper().replace(",", " ").split()
    for area in found:
        if area not in AREAS:
            raise UnfitCellError("unknown area", area)
    return sorted(set(found))


def leads(cell: str) -> list[int]:
    """Days before, separated by blanks; empty: the usual ones."""
    found = cell.replace(",", " ").split()
    for word in found:
        if not word.isdecimal() or len(word) > len(str(LONGEST_LEAD)) or int(word) > LONGEST_LEAD:
            raise UnfitCellError("not days", cell)
    return sorted({int(word) for word in found}, reverse=True) or list(DEFAULT_LEADS)


def yes(cell: str) -> bool:
    """„ja" or „nein", or as a spreadsheet writes what is ticked; empty is no."""
    word = cell.casefold()
    if word not in _YES | _NO:
        raise UnfitCellError("not yes or no", cell)
    return word in _YES


def audience(cell: str) -> str:
    """„alle" (also when empty), a body's short name, or „traeger:NAME"."""
    word = line(cell)
    head, colon, name = word.partition(":")
    if colon and head.casefold().translate(_SPELLED_OUT) == "traeger":
        if not name.strip():
            raise UnfitCellError("not an audience", cell)
        return f"traeger:{name.strip()}"
    return "alle" if word.casefold() in {"", "alle"} else word


def moment(calendar: Calendar, *, lent: time | None = None, optional: bool = False) -> Reader:
    """A reader of „20.03.2026 12:00" or ISO in the office's zone; ``lent`` stands in for a clock time left out."""

    def read(cell: str) -> datetime | None:
        if not cell:
            if optional:
                return None
            raise UnfitCellError("missing")
        found = _instant(cell, calendar, lent)
        if found is None:
            raise UnfitCellError("no clock time", cell)
        return found

    return read


def _instant(cell: str, calendar: Calendar, lent: time | None) -> datetime | None:
    try:
        day, clock, zoned = _day_and_clock(cell)
    except (ValueError, OverflowError):
        raise UnfitCellError("not a time", cell) from None
    if not in_reach(day):
        raise UnfitCellError("not a time", cell)
    if zoned is not None:
        return zoned
    clock = clock if clock is not None else lent
    if clock is None:
        return None
    if not calendar.exists(day, clock):
        raise UnfitCellError("no such time", cell)
    return calendar.at(day, clock)


def _day_and_clock(cell: str) -> tuple[date, time | None, datetime | None]:
    german = _GERMAN_TIME.fullmatch(cell)
    if german:
        day = date(int(german[3]), int(german[2]), int(german[1]))
        return day, time(int(german[4]), int(german[5])) if german[4] else None, None
    if _ISO_DAY.fullmatch(cell):
        return date.fromisoformat(cell), None, None
    found = datetime.fromisoformat(cell)
    return found.date(), found.time(), found.astimezone(UTC) if found.tzinfo else None


def clock_of(cell: str) -> time | None:
    """A clock time alone („16:00"), for an end on the day of the start; None: it is something else."""
    found = _CLOCK.fullmatch(cell)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004 - a clock's hours and minutes
        return None
    return time(int(found[1]), int(found[2]))
