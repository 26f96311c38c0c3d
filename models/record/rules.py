"""The record of votes: what an entry may say, its canonical form, and what entries add up to.

The canonical form is RFC 8785 (JSON Canonicalization Scheme) over what an entry can hold: keys sorted, no blanks, whole
numbers, UTF-8. An entry's hash is the SHA-256 of that very text, which holds the hash of the entry before.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

# A detail is a number, a word of the program, an instant or a digest. What people write (names, titles, reasons) has
# blanks or umlauts sooner or later; it enters as ``digest`` of itself, since an entry can never be taken back.
_TOKEN = re.compile(r"[0-9A-Za-z_.:+/-]{1,64}")
_KEY = re.compile(r"[a-z0-9_]{1,32}")
_LARGEST = 2**53 - 1  # beyond it JSON numbers are read differently by different readers (RFC 8785, 3.2.2.3)
_FIELDS = frozenset({"number", "previous", "vote", "kind", "at", "by", "mandate", "details"})


class Act(StrEnum):
    """What an entry tells."""

    ENTERED = "entered"
    OPENED = "opened"
    HANDED_OVER = "handed_over"
    TAKEN_BACK = "taken_back"
    CAST = "cast"
    CHANGED = "changed"
    CONFLICT = "conflict"
    CONFLICT_WITHDRAWN = "conflict_withdrawn"
    EXCLUSION_RECORDED = "exclusion_recorded"
    EXCLUSION_LIFTED = "exclusion_lifted"
    PAPER_ENTERED = "paper_entered"
    TELEPHONE_ENTERED = "telephone_entered"
    OBJECTION = "objection"
    EXTENDED = "extended"
    CANCELLED = "cancelled"
    OUTAGE = "outage"
    CLOSED = "closed"
    RUN_OFF = "run_off"
    LOT = "lot"
    CONFIRMED = "confirmed"  # the points of a project selection
    TIE_DECIDED = "tie_decided"
    PUBLISHED = "published"
    SEAT_TAKEN = "seat_taken"  # somebody holds a mandate, or is its deputy, from now on; of no vote
    SEAT_LEFT = "seat_left"


# These tell of one mandate's ballot, and that alone must not be known of a secret vote.
_BALLOTS = frozenset({Act.CAST, Act.CHANGED, Act.PAPER_ENTERED, Act.TELEPHONE_ENTERED})


class Unrecordable(ValueError):
    """The entry would say what the record must not hold. A fault of the program, never of a user."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What an act has to say. ``by`` is a person's number, None for the clock; ``vote`` None: beyond any one vote."""

    act: Act
    at: datetime
    by: int | None = None
    vote: int | None = None
    mandate: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands. ``text`` is its canonical form, and ``hash`` that text's SHA-256 in lower-case hex."""

    number: int
    act: str
    at: datetime
    by: int | None
    vote: int | None
    mandate: int | None
    details: Mapping[str, Any]
    previous: str
    text: str
    hash: str


def canonical(value: Any) -> str:
    """The one way to write a value as JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: str | bytes) -> str:
    """How a text or a file enters the record: SHA-256 in hex; a text as UTF-8."""
    return sha256(value.encode() if isinstance(value, str) else value).hexdigest()


def digest_of(value: Any) -> str:
    """How data (a charter) enters the record: the SHA-256 of its canonical form, as the data comes out of the store."""
    return digest(canonical(json.loads(json.dumps(value))))


def instant(moment: datetime) -> str:
    """An instant as it is written in the record: UTC, microseconds, Z."""
    if moment.tzinfo is None:
        raise Unrecordable("a time in the record needs its zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def check_entry(new: NewEntry, *, open_ballots: bool) -> None:
    """Let pass what may be recorded. ``open_ballots``: the vote is an open one, whose choices may be told.

    Raises:
        Unrecordable: it ties a voter to a ballot of a vote that is not open, or holds free text.
    """
    if not open_ballots and _tells_a_choice(new):
        raise Unrecordable("who chose what, or when, is recorded of open votes only")
    _check_detail(dict(new.details))


def _tells_a_choice(new: NewEntry) -> bool:
    # Paper of a secret vote is entered as counts, of no mandate.
    paper_counts = new.act is Act.PAPER_ENTERED and new.mandate is None
    return "choice" in new.details or (new.act in _BALLOTS and not paper_counts)


def _check_detail(value: Any) -> None:
    match value:
        case dict():
            if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in value):
                raise Unrecordable("the name of a detail is a word of the program")
            for inner in value.values():
                _check_detail(inner)
        case list() | tuple():
            for inner in value:
                _check_detail(inner)
        case _:
            _check_plain(value)


def _check_plain(value: Any) -> None:
    match value:
        case str() if not _TOKEN.fullmatch(value):
            raise Unrecordable("free text enters the record as its digest")
        case int() if abs(value) > _LARGEST:
            raise Unrecordable("too large a number")
        case str() | int() | None:
            return
        case _:
            raise Unrecordable(f"no {type(value).__name__} in the record")


def write_entry(new: NewEntry, number: int, previous: str) -> Entry:
    """The entry as it follows on the one with the hash ``previous``."""
    text = canonical(
        {
            "number": number,
            "previous": previous,
            "vote": new.vote,
            "kind": new.act.value,
            "at": instant(new.at),
            "by": new.by,
            "mandate": new.mandate,
            "details": new.details,
        }
    )
    return Entry(number, new.act, new.at, new.by, new.vote, new.mandate, new.details, previous, text, digest(text))


def read_entry(text: str) -> Entry:
    """An entry from its canonical form.

    Raises:
        ValueError: it is none.
    """
    told = json.loads(text)
    if not isinstance(told, dict) or told.keys() != _FIELDS or canonical(told) != text or not _well_typed(told):
        raise ValueError("not the canonical form of an entry")
    return Entry(
        told["number"],
        told["kind"],
        datetime.fromisoformat(told["at"]),
        told["by"],
        told["vote"],
        told["mandate"],
        told["details"],
        told["previous"],
        text,
        digest(text),
    )


def _well_typed(told: Mapping[str, Any]) -> bool:
    numbers = all(told[name] is None or type(told[name]) is int for name in ("vote", "by", "mandate"))
    words = all(isinstance(told[name], str) for name in ("kind", "at", "previous"))
    return numbers and words and type(told["number"]) is int and isinstance(told["details"], dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What a mandate's ballot says by the record, and which person saw to that."""

    choice: Any
    by: int | None


def last_said(entries: Iterable[Entry]) -> dict[int, Said]:
    """By mandate, what the ballots of one vote say after its entries: the last one that tells a choice decides."""
    return {
        entry.mandate: Said(entry.details["choice"], entry.by)
        for entry in entries
        if entry.mandate is not None and "choice" in entry.details
    }


def last_declared(entries: Iterable[Entry]) -> dict[int, Said]:
    """By mandate, the conflicts of interest that stand in one secret vote after its entries."""
    declared: dict[int, Said] = {}
    for entry in entries:
        if entry.mandate is not None and entry.act == Act.CONFLICT:
            declared[entry.mandate] = Said("conflict", entry.by)
        elif entry.mandate is not None and entry.act == Act.CONFLICT_WITHDRAWN:
            declared.pop(entry.mandate, None)
    return declared


@dataclass(slots=True)
class Scored:
    """What a mandate's sheet in a project selection says by the record."""

    points: dict[tuple[int, int], int] = field(default_factory=dict)  # by project and criterion
    aside: set[int] = field(default_factory=set)


def last_scored(entries: Iterable[Entry]) -> dict[int, Scored]:
    """By mandate, the points and the projects it takes no part in, after the entries of one selection.

    An entry by the office tells the whole of it, a tap one thing.
    """
    found: dict[int, Scored] = {}
    for entry in entries:
        told = entry.details
        if entry.mandate is None or not {"scores", "project"} & told.keys():
            continue
        if "scores" in told:
            points = {(project, criterion): given for project, criterion, given in told["scores"]}
            found[entry.mandate] = Scored(points, set(told["aside"]))
            continue
        one = found.setdefault(entry.mandate, Scored())
        if "points" in told:
            one.points[told["project"], told["criterion"]] = told["points"]
        elif entry.act == Act.CONFLICT:
            one.aside.add(told["project"])
        else:
            one.aside.discard(told["project"])
    return found


def still_excluded(entries: Iterable[Entry]) -> set[int]:
    """The mandates that are excluded from one vote after its entries."""
    excluded: set[int] = set()
    for entry in entries:
        if entry.mandate is not None and entry.act == Act.EXCLUSION_RECORDED:
            excluded.add(entry.mandate)
        elif entry.mandate is not None and entry.act == Act.EXCLUSION_LIFTED:
            excluded.discard(entry.mandate)
    return excluded
