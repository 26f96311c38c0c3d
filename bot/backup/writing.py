"""Writing the file: beside the old one, in its place once it is whole."""

import hashlib
import os
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Row, Select, Table, case, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.backup.format import TablePart, member, rows_at_once, to_line
from models.ballot.secret.rows import SecretBallot, SecretVoter
from models.inbox import InboxRow, InboxState

# Two copies of these tell ballots apart, and a backup is a copy that is kept.
_NEVER_COPIED = (SecretVoter.__tablename__, SecretBallot.__tablename__)


@contextmanager
def replacing(path: Path, check: Callable[[Path], object]) -> Iterator[IO[bytes]]:
    """A new file that takes the place of ``path`` once it is on the disk, and found whole by ``check``."""
    draft = path.with_name(f"{path.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        check(draft)
        draft.replace(path)
        _keep_name(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """Put the new name on the disk too, not only the file that it is of."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def dump(session: AsyncSession, table: Table, archive: zipfile.ZipFile) -> TablePart:
    """Write a table's file, a few rows at a time."""
    digest, rows = hashlib.sha256(), 0
    with archive.open(member(table.name), "w", force_zip64=True) as file:
        async for row in _rows(session, table):
            line = to_line(table, row)
            digest.update(line)
            file.write(line)
            rows += 1
    return TablePart(table.name, table.columns.keys(), rows, digest.hexdigest())


async def _rows(session: AsyncSession, table: Table) -> AsyncIterator[Row[Any]]:
    if table.name in _NEVER_COPIED:  # not even looked into: on PostgreSQL ballots would wait until the backup is done
        return
    async for row in await session.stream(_contents(table).execution_options(yield_per=rows_at_once(table))):
        yield row


def _contents(table: Table) -> Select[Any]:
    if table.name != InboxRow.__tablename__:
        return select(table).order_by(*table.primary_key.columns)
    # An update whose effect is in the store counts as done, whether or not its answer was spoken yet.
    acted = table.c.state == InboxState.ACTED
    changed = {"state": case((acted, InboxState.DONE.value), else_=table.c.state), "payload": null()}
    columns = [changed.get(column.name, column) for column in table.columns]
    return select(*columns).where(table.c.state != InboxState.PENDING).order_by(table.c.update_id)
