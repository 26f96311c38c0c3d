"""SQLite files and parties that have something behind them already, made once by each worker."""

import asyncio
import pickle
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.base import Database, open_database
from tests.auxil.party import Party

_OF_TELEGRAM = ("calls", "chats", "files", "_message_ids", "_update_ids")


def filled(template: Path, path: Path, fill: Callable[[Database], Awaitable[None]]) -> Path:
    """A copy of the template at ``path`` with what ``fill`` puts in."""
    shutil.copyfile(template, path)

    async def work() -> None:
        database = open_database(f"sqlite:///{path}")
        await fill(database)
        await database.close()

    asyncio.run(work())
    return path


@dataclass(frozen=True)
class Moment:
    """What a party has in its store, on its phones and on its clock."""

    store: sqlite3.Connection  # in memory
    telegram: bytes
    now: datetime


_MOMENTS: dict[Any, Moment] = {}


async def played(party: Party, *acts: Callable[[Party], Awaitable[object]]) -> Party:
    """A party, just begun on SQLite, after these acts: played by the first who asks, then taken up where it was.

    As after a restart, the process itself remembers nothing of it; whoever tests what it remembers plays it anew.
    """
    if acts in _MOMENTS:
        _take_up(party, _MOMENTS[acts])
        return party
    for act in acts:
        await act(party)
    await party.assistant.intake.settle()
    _MOMENTS[acts] = _keep(party)
    return party


def _keep(party: Party) -> Moment:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(_open(party)) as store:
        store.backup(kept)
    telegram = pickle.dumps({name: getattr(party.telegram, name) for name in _OF_TELEGRAM})
    return Moment(kept, telegram, party.clock.now)


def _take_up(party: Party, moment: Moment) -> None:
    with closing(_open(party)) as store:
        moment.store.backup(store)
    vars(party.telegram).update(pickle.loads(moment.telegram))  # noqa: S301 - our own, a moment ago
    party.clock.now = moment.now


def _open(party: Party) -> sqlite3.Connection:
    return sqlite3.connect(str(party.database.engine.url.database))
