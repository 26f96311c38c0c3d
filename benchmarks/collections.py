"""The public question sets of ../shared, as libraries, and their vectors, computed once and kept beside the code."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bot.embedding import embedders
from models.knowledge import Document, Quote, Rank
from models.search import Library
from models.search.meaning import Embedder, Matrix, Meaning, Space, Wanted

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
KEPT = ROOT / "data" / "vectors"
_BATCH = 16


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages with their keys, and questions with the keys that are right."""

    name: str
    keys: tuple[str, ...]
    texts: tuple[str, ...]
    queries: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def read(cls, name: str) -> "Collection":
        """One of the files in ../shared/retrieval."""
        data = json.loads((SHARED / "retrieval" / f"{name}.json").read_text(encoding="utf-8"))
        data = data if isinstance(data, dict) else {"docs": data, "queries": []}  # passages alone are a plain list
        queries = tuple((question, tuple(right)) for question, right in data["queries"])
        return cls(name, tuple(key for key, _ in data["docs"]), tuple(text for _, text in data["docs"]), queries)

    def library(self) -> Library:
        """Its passages as one document without a title."""
        document = Document(1, self.name, "", "", None, None, None, "", Rank.OFFICE, (), False)
        return Library(
            [Quote(place, document, place, place, "", None, "", text) for place, text in enumerate(self.texts)]
        )


@cache
def models() -> tuple[Embedder, ...]:
    """The embedders of this machine, loaded once."""
    return tuple(embedders())


def meaning(name: str, texts: Sequence[str], library: Library, used: Sequence[Embedder]) -> Meaning:
    """Likeness in meaning for a collection, its vectors taken from the last run where they are there."""
    wanted = Wanted.of(texts)
    spaces = [Space(model, wanted, _vectors(name, model, wanted), len(texts)) for model in used]
    return Meaning(spaces, texts, library.index.vocabulary.repair)


def _vectors(name: str, model: Embedder, wanted: Wanted) -> dict[str, Matrix]:
    path = KEPT / f"{name}.{model.name}.npz"
    known = dict(np.load(path)) if path.exists() else {}
    missing = [key for key in wanted.texts if key not in known]
    for start in range(0, len(missing), _BATCH):
        keys = missing[start : start + _BATCH]
        rows = model.passages([wanted.texts[key] for key in keys])
        known |= {key: row.astype(np.float16) for key, row in zip(keys, rows, strict=True)}
    if missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **known)
    return {key: row.astype(np.float32) for key, row in known.items()}
