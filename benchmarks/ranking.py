"""Ranking: top-1/top-3/MRR@10 in percent, by words alone and with vectors, beside ../shared's figures."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.collections import Collection, meaning, models
from benchmarks.noise import NOISES
from models.search import Library
from models.search.meaning import Meaning
from models.search.postings import Postings, Scores, Triples

_DEPTH, _TOP = 10, 3
_IDEAL = 1.5  # what a passage scores that holds every gram and every stem best
# retrieval.md: its lexical row, its hybrid, and the figures to beat (one figure: top-1 only).
THEIRS = {
    "xquad_de clean": ("93.3/97.6/95.5", "95.5/98.6/97.1", "96.0/98.8/97.4"),
    "xquad_de typo15": ("92.8/97.6/95.2", "94.6/98.4/96.6", "94.9/98.6/96.8"),
    "xquad_de typo30+lower+ae": ("92.7/97.3/95.1", "94.2/98.2/96.3", "95.0/98.6/96.8"),
    "covid_q2qa_m clean": ("29.7/47.0/39.6", "34.9/59.9/48.1", "39.2/63.4/53.3"),
    "foerder_kurz2pass clean": ("76.7", "73.0", "79.2/87.4/84.0"),
    "xquad_en2de clean": ("54.8", "88.7", "88.7"),
}
Order = Callable[[str], Sequence[int]]


def main(*, everything: bool = False) -> None:
    """One block a set and noise."""
    print("\nRanking: top-1/top-3/MRR@10")
    for name in ("xquad_de", "covid_q2qa_m", "foerder_kurz2pass", "xquad_en2de"):
        found = Collection.read(name)
        for noise, change in NOISES.items():
            if noise == "clean" or name == "xquad_de":
                label = f"{name} {noise}"
                lexical, hybrid, best = THEIRS[label]
                print(f"  {label}: retrieval.md has {lexical} by words, {hybrid} with vectors, {best} to beat")
                for system, order in _systems(found, vectors=everything or name != "foerder_kurz2pass"):
                    print(
                        f"    {system:42} {figures(found, [order(change(one)) for one, _ in found.queries])}",
                        flush=True,
                    )


def _systems(found: Collection, *, vectors: bool) -> Iterator[tuple[str, Order]]:
    library = found.library()
    white = _white_space(found.texts)
    yield "BM25 on white space", lambda question: _best(white(question))
    yield "index: 4-grams, stems, parts, repair", lambda question: _best(library.index.scores(question))
    yield "the assistant's order, by words", lambda question: _hits(library, question)
    for used in [models()[:count] for count in range(1, len(models()) + 1)] if vectors else []:
        library.meaning = meaning(found.name, found.texts, library, used)
        names = " + ".join(model.name.split("-")[0] for model in used)
        yield f"index with {names}", _hybrid(library, library.meaning)
        yield f"the assistant's order with {names}", lambda question: _hits(library, question)


def _hits(library: Library, question: str) -> list[int]:
    return [hit.place for hit in library.hits(library.question(question))[:_DEPTH]]


def _hybrid(library: Library, likeness: Meaning) -> Order:
    def order(question: str) -> Sequence[int]:
        foreign = library.question(question).english
        words = np.float32(0.5 if foreign else 1.0) * library.index.scores(question) / np.float32(_IDEAL)
        return _best(words + likeness.likeness(question, foreign=foreign))

    return order


def _white_space(texts: Sequence[str]) -> Callable[[str], Scores]:
    numbers: dict[str, int] = {}
    parts = (np.array([numbers.setdefault(word, len(numbers)) for word in text.split()], np.int32) for text in texts)
    postings = Postings(Triples.together([Triples.of(place, part) for place, part in enumerate(parts)]), len(texts))
    return lambda question: postings.scores((numbers.get(word, -1), 1.0) for word in question.split())


def _best(scores: Scores) -> Sequence[int]:
    return [int(place) for place in np.argsort(-scores, kind="stable")[:_DEPTH]]


def figures(found: Collection, orders: Sequence[Sequence[int]]) -> str:
    """Top-1, top-3 and MRR@10 in percent."""
    places = []
    for (_, right), order in zip(found.queries, orders, strict=True):
        places.append(next((at for at, place in enumerate(order) if found.keys[place] in right), _DEPTH))
    count = len(places) / 100
    first, third = sum(at < 1 for at in places) / count, sum(at < _TOP for at in places) / count
    reciprocal = sum(1 / (at + 1) for at in places if at < _DEPTH) / count
    return f"{first:.1f}/{third:.1f}/{reciprocal:.1f}"
