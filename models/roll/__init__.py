"""The office's lists (office.toml, members, deadlines, meetings): read, compared with the store, taken in."""

from models.roll.acts import announce_applied, apply, list_in, prepare, take_snapshot, would_tell
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
    "announce_applied",
    "apply",
    "list_in",
    "prepare",
    "take_snapshot",
    "would_tell",
]
