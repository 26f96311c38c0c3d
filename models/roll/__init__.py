"""The office's lists (office.toml, members, deadlines, meetings): read, compared with the store, taken in."""

from models.roll.acts import apply, list_in, prepare, take_snapshot
from models.roll.values import (
    DEADLINES,
    LISTS,
    MEETINGS,
    MEMBERS,
    OFFICE,
    Applied,
    Changed,
    Difference,
    Fault,
    FolderFaults,
    Row,
    Section,
)

__all__ = [
    "DEADLINES",
    "LISTS",
    "MEETINGS",
    "MEMBERS",
    "OFFICE",
    "Applied",
    "Changed",
    "Difference",
    "Fault",
    "FolderFaults",
    "Row",
    "Section",
    "apply",
    "list_in",
    "prepare",
    "take_snapshot",
]
