"""Refusing: 30 % of the right passages are taken away; who answers all the same is wrong.

AUROC: answerable against unanswerable. Precision and refusals at the threshold from which 90 % of the answerable are
answered; precision is the share of answers whose passage is the right one. The regressions are fitted on one half of
the questions and measured on the other, in both directions.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from benchmarks.collections import Collection, meaning, models
from models.search import Library

TAKEN_AWAY, ANSWERED = 0.30, 0.90
_ROUNDS, _RIDGE = 30, 1e-2
Rows = npt.NDArray[np.float64]


def main() -> None:
    """Lines for XQuAD, as in retrieval.md."""
    whole = Collection.read("xquad_de")
    kept = [place for place, key in enumerate(whole.keys) if _fate(key) >= TAKEN_AWAY]
    found = Collection(
        "xquad_de", tuple(whole.keys[p] for p in kept), tuple(whole.texts[p] for p in kept), whole.queries
    )
    print("\nRefusing on xquad_de: AUROC, precision and unanswerable refused with 90 % of the answerable answered")
    print("  retrieval.md: coverage .915 87.8 76.7 · regression by words .936 90.4 81.6 · with e5 .951 93.1 86.8")
    library = found.library()
    print(f"  share of meaning covered (the assistant's floor)  {_measured(found, library, [0])}")
    print(f"  regression by words                               {_measured(found, library, list(range(_LEXICAL)))}")
    if models():
        library.meaning = meaning(found.name, found.texts, library, models()[:1])
        print(f"  regression with vectors                           {_measured(found, library, None)}")


def _fate(key: str) -> float:
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big") / 2**32


_LEXICAL = 5


def _features(library: Library, asked: str) -> tuple[int, list[float]]:
    """The passage that would answer, and what speaks for it."""
    question = library.question(asked)
    hits = library.hits(question)
    if not hits:
        return -1, [0.0] * 8
    scores = library.index.scores(asked)
    order = np.argsort(-scores, kind="stable")
    best, second = hits[0], hits[1] if len(hits) > 1 else hits[0]
    row = [
        best.covered,
        best.score,
        best.score - second.score,
        float(scores[best.place]),
        float(scores[best.place] - max(scores[place] for place in order[:2] if place != best.place)),
    ]
    if library.meaning:
        likeness = library.meaning.likeness(asked)
        rest = np.delete(likeness, best.place)
        cosine = library.meaning.nearest(asked)
        row += [float(likeness[best.place]), float(likeness[best.place] - rest.max()), cosine]
    else:
        row += [0.0, 0.0, 0.0]
    return best.place, row


def _measured(found: Collection, library: Library, columns: Sequence[int] | None) -> str:
    places, rows = zip(*(_features(library, asked) for asked, _ in found.queries), strict=True)
    there = np.array([any(key in found.keys for key in right) for _, right in found.queries])
    ok = np.array(
        [place >= 0 and found.keys[place] in right for place, (_, right) in zip(places, found.queries, strict=True)]
    )
    table = np.array(rows)[:, columns] if columns is not None else np.array(rows)
    return figures(table[:, 0] if columns == [0] else crossed(table, there), there, ok)


def crossed(table: Rows, answerable: npt.NDArray[np.bool_]) -> Rows:
    """For each row the confidence of a logistic regression that has not seen its half."""
    table = np.hstack([(table - table.mean(0)) / (table.std(0) + 1e-9), np.ones((len(table), 1))])
    half = np.arange(len(table)) % 2 == 0
    confidence = np.zeros(len(table))
    for part in (half, ~half):
        confidence[part] = table[part] @ _fitted(table[~part], answerable[~part])
    return confidence


def _fitted(table: Rows, answerable: npt.NDArray[np.bool_]) -> Rows:
    """Weights by Newton's method."""
    weights = np.zeros(table.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (chance - answerable) + _RIDGE * weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + _RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def figures(confidence: Rows, answerable: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_]) -> str:
    """AUROC, precision in percent, unanswerable refused in percent."""
    ranks = np.empty(len(confidence))
    ranks[np.argsort(confidence, kind="stable")] = np.arange(1, len(confidence) + 1)
    for value in np.unique(confidence):
        ranks[confidence == value] = ranks[confidence == value].mean()
    many, few = answerable.sum(), (~answerable).sum()
    area = (ranks[answerable].sum() - many * (many + 1) / 2) / (many * few)
    answered = confidence >= np.quantile(confidence[answerable], 1 - ANSWERED)
    return f"{area:.3f}   {100 * right[answered].mean():.1f}   {100 * (~answered[~answerable]).mean():.1f}"
