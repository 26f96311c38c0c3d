"""Whatever one chooses in a secret vote, all that is stored, said, logged and saved is the same, but the ballot."""

import logging
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.backup import backup
from models.ballot.secret import box
from models.base import open_database
from models.inbox import InboxRow
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import JENS, KARL, STAFF, VERA, Party, at_work
from tests.auxil.voting import close, open_vote

ALL = (VERA, JENS, KARL)


@pytest.fixture
async def two_worlds(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Sequence[dict[str, Any]]:
    """The same afternoon twice; only what Vera and Jens choose is exchanged."""
    for name in ("bot", "handlers", "models", "scheduler", "locales"):
        caplog.set_level(logging.DEBUG, name)
    worlds = []
    for name, choices in (("a", ("Ja", "Nein")), ("b", ("Nein", "Ja"))):
        path = tmp_path / f"{name}.db"
        shutil.copyfile(sqlite_template, path)
        database = open_database(f"sqlite:///{path}")
        monkeypatch.setattr(box, "random", Random(7))  # noqa: S311 - the same twice
        caplog.clear()
        async with at_work(database, FakeTelegram(), Clock()) as party:
            found = await _afternoon(party, choices, tmp_path / f"{name}.reko")
        worlds.append({**found, "log": [(one.name, one.getMessage()) for one in caplog.records]})
        await database.close()
    return worlds


async def _afternoon(party: Party, choices: Sequence[str], saved: Path) -> dict[str, Any]:
    await open_vote(party, secret=True)
    await party.write(VERA, "/offen")
    spoken = []
    for who, label in zip((VERA, JENS), choices, strict=True):
        await party.tap(who, label)
        begun = len(party.telegram.calls)
        await party.tap(who, "Verbindlich abgeben")
        await party.write(who, "/abstimmungen")
        spoken += [(one.method, one.params) for one in party.telegram.calls[begun:]]
    shown = {who: party.telegram.texts(who) for who in (*ALL, STAFF)}
    rows = await party.everything()
    ballots = rows.pop("secret_ballots")
    inbox = [
        (one.update_id, one.lane, one.payload, one.state, one.kind, one.error) for one in await party.rows(InboxRow)
    ]
    await backup(party.database, saved, party.clock.now)
    with zipfile.ZipFile(saved) as archive:
        copied = {name: archive.read(name) for name in archive.namelist()}
    await close(party)
    await party.deliver()
    begun = len(party.telegram.calls)
    await party.tap(STAFF, "Entscheidungsprotokoll (PDF, CSV, JSON)")
    told = {who: party.telegram.texts(who) for who in (*ALL, STAFF)}
    files = [files for call in party.telegram.calls[begun:] for files in call.files.values()]
    after = {"rows_after": await party.everything(), "told": told, "files": files}
    found = {"rows": rows, "inbox": inbox, "shown": shown, "spoken": spoken, "backup": copied, **after}
    return {**found, "ballots": sorted(one[2] for one in ballots)}


async def test_whoever_chose_what_all_else_is_the_same(two_worlds: Sequence[dict[str, Any]]) -> None:
    one, other = two_worlds
    assert one["ballots"] == other["ballots"] == ["no", "yes"]
    assert len(one["files"]) == 3
    assert {name for name in one if one[name] != other[name]} == set()
