"""A backup that is not as it was written is refused, and leaves the store empty."""

import asyncio
import hashlib
import io
import json
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import strategies as st

from bot.backup import BackupFault, backup, restore
from bot.backup.format import MANIFEST
from models.base import open_database
from models.office import Office
from tests.auxil.clock import START
from tests.auxil.mutating import CHANGES, Change, for_many, mutated, mutated_within
from tests.auxil.party import found_office


@pytest.fixture(scope="module")
def written(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup of the small office."""
    folder = tmp_path_factory.mktemp("written")
    shutil.copyfile(sqlite_template, folder / "store.db")

    async def write() -> None:
        database = open_database(f"sqlite:///{folder / 'store.db'}")
        await found_office(database, START)
        await backup(database, folder / "backup", START)
        await database.close()

    asyncio.run(write())
    return (folder / "backup").read_bytes()


def believed(data: bytes) -> bytes:
    """The file with a manifest that says of every table what now stands there: somebody meant it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        told = json.loads(before.read(MANIFEST))
        for part in told["tables"]:
            content = before.read(f"tables/{part['name']}.jsonl")
            part["rows"] = len(content.splitlines(keepends=True)) if b"\r" not in content else content.count(b"\n")
            part["sha256"] = hashlib.sha256(content).hexdigest()
            after.writestr(f"tables/{part['name']}.jsonl", content)
        after.writestr(MANIFEST, json.dumps(told))
    return packed.getvalue()


async def restored(store: Path, backup_file: Path) -> None:
    """Taken, or refused and the store empty."""
    database = open_database(f"sqlite:///{store}")
    taken = False
    with suppress(BackupFault):
        await restore(database, backup_file)
        taken = True
    async with database.read() as session:
        empty = await session.get(Office, 1) is None
    await database.close()
    assert taken or empty


@pytest.mark.parametrize("times", [10, pytest.param(300, marks=pytest.mark.chaos)])
def test_any_backup_is_restored_or_refused(sqlite_template: Path, tmp_path: Path, written: bytes, times: int) -> None:
    path, store = tmp_path / "backup", tmp_path / "store.db"
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        full = [number for number, one in enumerate(packed.infolist()) if one.file_size]

    def held(part: int, changes: list[Change], how: str) -> None:
        for stale in tmp_path.glob("store.db*"):
            stale.unlink()
        shutil.copyfile(sqlite_template, store)
        changed = mutated(written, changes) if how == "outside" else mutated_within(written, part, changes)
        try:
            path.write_bytes(believed(changed) if how == "meant" else changed)
        except (ValueError, KeyError, TypeError):  # the manifest itself was changed: nothing to believe
            path.write_bytes(changed)
        runner.run(restored(store, path))

    with asyncio.Runner() as runner:
        for_many(
            times,
            held,
            part=st.sampled_from(full),
            changes=CHANGES,
            how=st.sampled_from(["outside", "within", "meant"]),
        )
