"""The office folder as values: what its lists say, what is wrong with them, and what they would change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.deadline import Change, Deadline, Revision

MEMBERS, DEADLINES, MEETINGS, OFFICE = "members", "deadlines", "meetings", "office"
# Faults after which nothing more can be said about a file.
WHOLE_FILE = {
    "too large",
    "unreadable",
    "protected",
    "other format",
    "empty",
    "column missing",
    "column twice",
    "too many rows",
    "too many columns",
    "toml",
}
LISTS = (MEMBERS, DEADLINES, MEETINGS)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where. ``row`` counts as a spreadsheet does, the heading is 1; ``detail``: what stands there.

    Reasons: of a file ``too large``, ``unreadable``, ``protected`` (or an .xls), ``other format``, ``empty``,
    ``twice as file``, ``unknown column``, ``column missing``, ``column twice``, ``too many cells``, ``too many rows``,
    ``too many columns``, ``toml``; of a cell ``formula``, ``missing``, ``too long``, ``must be empty``,
    ``unknown role``, ``unknown kind``, ``unknown area``, ``unknown status``, ``unknown language``, ``not yes or no``,
    ``not a time``, ``no clock time``, ``no such time``, ``not days``, ``not an audience``, ``ends before it starts``,
    ``opens after it closes``; of a source ``unknown source``, ``unknown rank``, ``not a date``,
    ``ends before it begins``;
    between rows ``duplicate``, ``unknown body``, ``unknown mandate``, ``seat taken``, ``two languages``,
    ``last of staff``; of office.toml
    ``unknown key``, ``missing``, ``not a text``, ``not a table``, ``not days``, ``not a number``,
    ``unknown language``, ``unknown zone``, ``unknown region``, ``charter``, ``body twice``, ``unknown mandate``,
    ``not true or false``.
    """

    file: str
    row: int | None
    column: str | None
    reason: str
    detail: str = ""


class FolderFaults(Exception):
    """Everything that is wrong, all at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: its key, and the fields it speaks of. A column left out of a file says nothing.

    A body of office.toml is a row too: ``line`` is its number among the bodies, ``lines`` where its keys stand.
    """

    file: str
    line: int
    key: tuple[str, ...]
    values: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)
    spelled: str = ""  # a person's name as the file has it, where the office calls them otherwise by now


@dataclass(frozen=True, slots=True)
class Reading:
    """The lists that were given, as rows; a list that was not given is not there."""

    rows: Mapping[str, tuple[Row, ...]]  # by MEMBERS, DEADLINES, MEETINGS
    office: Mapping[str, Any] | None = None
    bodies: tuple[Row, ...] = ()  # key: the short name


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the store holds of the same, in the same shape: by list, by key, the fields."""

    rows: Mapping[str, Mapping[tuple[str, ...], Mapping[str, Any]]]
    office: Mapping[str, Any]
    bodies: Mapping[tuple[str, ...], Mapping[str, Any]]
    mandates: frozenset[tuple[str, str]]  # body, mandate
    invited: frozenset[tuple[str, ...]]  # keys of meetings whose invitations are out
    # What was made in the chat has no key of the office's: it goes by its number, and no file is expected to name it.
    numbers: Mapping[str, Mapping[tuple[str, ...], int]] = field(default_factory=dict)  # by list, by key
    unnamed: frozenset[tuple[str, tuple[str, ...]]] = frozenset()  # list and key of those
    ended_in_chat: frozenset[tuple[str, ...]] = frozenset()  # keys of memberships
    renamed: Mapping[str, str] = field(default_factory=dict)  # what somebody was called before → their name


@dataclass(frozen=True, slots=True)
class Changed:
    """A row and the fields that are not as stored; ``number``: of the stored meeting or deadline."""

    row: Row
    changes: tuple[Change, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """What one list would change.

    ``held``: changes that are not taken: of a meeting, since people were invited by what is stored; of a membership,
    since it was ended in the chat. ``renamed``: names in the file, each with the one it stands for by now.
    """

    file: str
    new: tuple[Row, ...] = ()
    changed: tuple[Changed, ...] = ()
    missing: tuple[tuple[str, ...], ...] = ()  # keys in the store, not in the file
    held: tuple[Changed, ...] = ()
    unchanged: int = 0
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not self.new and not self.changed


@dataclass(frozen=True, slots=True)
class Difference:
    """What a folder would change, list by list; a list that was not given is empty."""

    office: tuple[Change, ...] = ()
    bodies: Section = field(default_factory=lambda: Section("office.toml"))
    lists: Mapping[str, Section] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not self.office and self.bodies.empty and all(section.empty for section in self.lists.values())


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: the deadlines that changed or are new, for who hears of them may have to be told."""

    revisions: tuple[Revision, ...] = ()
    entered: tuple[Deadline, ...] = ()
