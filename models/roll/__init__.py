"""The office's lists (office.toml, members, deadlines, meetings): read, compared with the store, taken in."""

from models.roll.acts import announce_applied, apply, list_in, prepare, would_tell
from models.roll.lists import choices, columns, required
from models.roll.snapshot import take_snapshot
from models.roll.sources import SOURCES, is_sources, listed_sources, source_columns
from models.roll.tables import Table, open_table
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
    Snapshot,
)
from models.roll.writing import rows_of, rows_of_sources

__all__ = [
    "DEADLINES",
    "LISTS",
    "MEETINGS",
    "MEMBERS",
    "OFFICE",
    "SOURCES",
    "Applied",
    "Changed",
    "Difference",
    "Fault",
    "FolderFaults",
    "Row",
    "Section",
    "Snapshot",
    "Table",
    "announce_applied",
    "apply",
    "choices",
    "columns",
    "is_sources",
    "list_in",
    "listed_sources",
    "open_table",
    "prepare",
    "required",
    "rows_of",
    "rows_of_sources",
    "source_columns",
    "take_snapshot",
    "would_tell",
]
