"""The office folder: from the disk into the store, all or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bot.folder_words import describe, describe_sources, describe_unread
from models.deadline import office_calendar
from models.knowledge import Fault as SourceFault
from models.knowledge import Intake, Taken, editions_in_force, read_sources, take_in
from models.question import PREFIX
from models.roll import Applied, Fault, FolderFaults, apply, list_in, prepare

SOURCES = "sources"
READ_ME = "liesmich"  # what `init` puts beside them for people
LARGEST = 20_000_000  # bytes; the readers have closer limits of their own, this one keeps a 2 GB file out of memory


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of an office folder: the lists, what lies in ``sources/``, and the names of what else lies there."""

    lists: dict[str, bytes]
    sources: dict[str, bytes]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What ``load`` did: lines to print, and what ``--announce`` is to tell of."""

    lines: tuple[str, ...]
    applied: Applied
    intakes: tuple[Intake, ...]


def read_folder(path: Path) -> Folder:
    """Read the files of a folder that the office knows; others are named only.

    Raises:
        FolderFaults: it is no folder, holds nothing of an office, or a file is far too large.
    """
    lists = {file.name: file for file in _files(path) if list_in(file.name)}
    sources = {file.name: file for file in _files(path / SOURCES)}
    if not lists and not sources:
        raise FolderFaults((Fault(str(path), None, None, "no office"),))
    large = [file for file in [*lists.values(), *sources.values()] if file.stat().st_size > LARGEST]
    if large:
        raise FolderFaults(tuple(Fault(file.name, None, None, "too large") for file in large))
    return Folder(
        {name: file.read_bytes() for name, file in lists.items()},
        {name: file.read_bytes() for name, file in sources.items()},
        tuple(_unread(path)),
    )


def _files(path: Path) -> Iterator[Path]:
    return (file for file in _entries(path) if file.is_file())


def _entries(path: Path) -> Iterator[Path]:
    if path.is_dir():
        # „~$members.xlsx" and „.~lock…" are what office programs leave while a file is open; LIESMICH is for people.
        yield from sorted(one for one in path.iterdir() if one.name[0] not in "~." and one.stem.casefold() != READ_ME)


def _unread(path: Path) -> Iterator[str]:
    """What somebody may believe to be read: other files (a members.ods), and folders, in ``sources/`` too."""
    for entry in _entries(path):
        if entry.is_dir() and entry.name != SOURCES:
            yield f"{entry.name}/"
        elif entry.is_file() and not list_in(entry.name):
            yield entry.name
    yield from (f"{SOURCES}/{entry.name}/" for entry in _entries(path / SOURCES) if entry.is_dir())


async def load(session: AsyncSession, folder: Folder, now: datetime, *, told: bool = False) -> Loaded:
    """Take a folder in, in the caller's transaction. Nobody is sent a message.

    ``told``: the caller announces what was ``applied``, in the same transaction.

    Raises:
        FolderFaults: with everything that is wrong in it; the caller's transaction must not commit.
    """
    reading = read_sources(folder.sources)
    faults = [_source_fault(fault) for fault in reading.faults]
    try:
        difference = await prepare(session, folder.lists)
    except FolderFaults as found:
        raise FolderFaults((*found.faults, *faults)) from None
    if faults:
        raise FolderFaults(tuple(faults))
    applied = await apply(session, difference, now, told=told)
    lines = describe(difference, await office_calendar(session))
    intakes = await take_in(session, reading.sources, now)
    # What the office keeps in the chat is in no file, and is not missed there.
    in_force = [edition.key for edition in await editions_in_force(session)] if intakes else []
    stored = [key for key in in_force if not key.startswith(PREFIX)]
    lines += describe_sources(intakes, stored, reading.sources)
    nothing = difference.empty and all(intake.taken == Taken.UNCHANGED for intake in intakes)
    lines = [*(["nichts geändert"] if nothing else []), *lines, *describe_unread(folder.unread)]
    return Loaded(tuple(lines), applied, tuple(intakes))


def _source_fault(fault: SourceFault) -> Fault:
    reason = "unknown kind of file" if fault.reason == "unknown kind" else fault.reason
    return Fault(f"{SOURCES}/{fault.file}", fault.row, fault.column, reason, fault.detail)
