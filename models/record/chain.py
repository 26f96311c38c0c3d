"""Is the record whole? The first entry that was altered, removed or put elsewhere, and what was cut off its end."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from models.record.rules import Entry, read_entry

NO_HASH = "0" * 64  # what the first entry follows on
SHORTEST = 16  # hex digits of a hash that name it: as many as a card carries
ANYWHERE = -1  # the length of a head that was given by its hash alone, as the JSON of a decision record has it
# What people read for a digit of paper, as in Crockford's base32.
_MISREAD = str.maketrans("oil", "011")
_HASH = re.compile(rf"[0-9a-f]{{{SHORTEST},64}}")


@dataclass(frozen=True, slots=True)
class Head:
    """How long the record was, and the hash (or its first digits) of the last entry then."""

    length: int = 0
    hash: str = NO_HASH

    def __str__(self) -> str:
        """All of it, as it stands in a decision record: ``42-9f3c77ab…``."""
        return self.hash if self.length == ANYWHERE else f"{self.length}-{self.hash}"

    @property
    def short(self) -> str:
        """As it stands on a card, to be read from paper and typed: ``42-9F3C-77AB-12CD-34EF``."""
        digits = self.hash[:SHORTEST].upper()
        return "-".join([str(self.length), *(digits[at : at + 4] for at in range(0, len(digits), 4))])


def parse_head(spelled: str) -> Head:
    """A head as somebody types it: case, hyphens and blanks within the hash do not matter, 16 digits of it suffice.

    Its length may be left out; then it is ``ANYWHERE``.

    Raises:
        ValueError: it is none.
    """
    length, *groups = re.split(r"[\W_]+", spelled.strip().lower().translate(_MISREAD))
    digits = "".join(groups)
    if re.fullmatch(r"[0-9]{1,9}", length) and _HASH.fullmatch(digits):
        return Head(int(length), digits)
    if _HASH.fullmatch(length + digits):
        return Head(ANYWHERE, length + digits)
    raise ValueError("not a head: LENGTH-HASH or HASH, at least 16 digits of the hash")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it lies in the store, byte for byte."""

    number: int
    vote: int | None
    entry: bytes
    hash: bytes


class Fault(StrEnum):
    """What is wrong with the record."""

    ALTERED = "altered"
    REMOVED = "removed"
    REORDERED = "reordered"
    CUT_OFF = "cut off"
    ANOTHER = "another"  # a chain in itself, but not the one whose head was given
    MISSING = "missing"  # no entry has the hash that was given without its length: cut off, or written anew


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: ``head`` of what lies there; at a fault, ``number`` of the first entry it concerns.

    ``missed`` is the head that is not in it. For ``ANOTHER``, ``number`` is that head's: something was altered there or
    before. Only with ``given`` is it known that nothing was cut off (up to it), or written anew from somewhere on.
    """

    head: Head
    given: Head | None = None
    fault: Fault | None = None
    number: int | None = None
    missed: Head | None = None

    @property
    def whole(self) -> bool:
        """Nothing was found wrong."""
        return self.fault is None


def check_chain(lines: Iterable[Line], given: Head | None = None, noted: Head | None = None) -> Finding:
    """Whether these lines, by number, are one unbroken chain that still holds the ``given`` head.

    ``noted`` is what the store itself keeps as its head. It shows a slip; whoever cuts off on purpose changes it too.
    """
    there = list(lines)
    read = [_read(line) for line in there]
    given = _located(given, read)
    last = Head(there[-1].number, there[-1].hash.decode("ascii", "replace")) if there else Head()
    if wrong := _first_fault(there, read):
        return Finding(last, given, *wrong)
    for one in (given, noted):
        if one and (missing := _against(read, one)):
            return Finding(last, given, *missing, missed=one)
    return Finding(last, given)


def _read(line: Line) -> Entry | None:
    """The entry, where it is one and its hash and its vote's number are its own."""
    try:
        entry = read_entry(line.entry.decode())
    except (ValueError, RecursionError):
        return None
    same = line.hash == entry.hash.encode() and line.vote == entry.vote
    return entry if same else None


def _first_fault(there: list[Line], read: list[Entry | None]) -> tuple[Fault, int] | None:
    known = {entry.number for entry in read if entry}
    previous = NO_HASH
    for at, (line, entry) in enumerate(zip(there, read, strict=True)):
        number = at + 1
        if line.number > number:
            return Fault.REMOVED, number
        if entry is None or line.number < number:
            return Fault.ALTERED, line.number
        if entry.number != number:
            return (Fault.REORDERED if number in known else Fault.REMOVED), number
        if entry.previous != previous:
            return Fault.ALTERED, _culprit(read, at)
        previous = entry.hash
    return None


def _culprit(read: list[Entry | None], at: int) -> int:
    """Of two entries that do not hang together, the one written anew: the later one if its successor misses it too.

    Where there is no telling, the earlier: from it on nothing can be relied on.
    """
    entry, successor = read[at], read[at + 1] if at + 1 < len(read) else None
    lost_twice = entry and successor and successor.previous != entry.hash
    return at + 1 if lost_twice or at == 0 else at


def _located(given: Head | None, read: list[Entry | None]) -> Head | None:
    """A head that was given by its hash alone, with its length where an entry has that hash."""
    if given is None or given.length != ANYWHERE:
        return given
    hashes = [NO_HASH, *(entry.hash if entry else "" for entry in read)]
    return next((replace(given, length=at) for at, one in enumerate(hashes) if one.startswith(given.hash)), given)


def _against(read: list[Entry | None], wanted: Head) -> tuple[Fault, int | None] | None:
    if wanted.length == ANYWHERE:
        return Fault.MISSING, None
    if wanted.length > len(read):
        return Fault.CUT_OFF, len(read) + 1
    entry = read[wanted.length - 1] if wanted.length else None
    found = entry.hash if entry else NO_HASH
    return None if found.startswith(wanted.hash) else (Fault.ANOTHER, wanted.length)
