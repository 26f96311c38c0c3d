"""Ranking: top-1/top-3/MRR@10 in percent, by words alone and with vectors, beside ../shared's figures."""

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.collections import Collection, meaning, models
from benchmarks.noise import NOISES
from models.search.index import Index
from models.search.meaning import Meaning
from models.search.postings import K1, Postings, Scores, Triples
from models.search.question import Question

_DEPTH, _TOP = 10, 3
_IDEAL = 1.5  # what a passage scores that holds every gram and every stem best
# retrieval.md: lexical with repair, the best row in its table, and the figures to beat.
THEIRS = {
    "xquad_de clean": ("93.3/97.6/95.5", "95.5/98.6/97.1", "96.0/98.8/97.4"),
    "xquad_de typo15": ("92.8/97.6/95.2", "94.6/98.4/96.6", "94.9/98.6/96.8"),
    "xquad_de typo30+lower+ae": ("92.7/97.3/95.1", "94.2/98.2/96.3", "95.0/98.6/96.8"),
    "covid_q2qa_m clean": ("29.7/47.0/39.6", "34.9/59.9/48.1", "39.2/63.4/53.3"),
    "foerder_kurz2pass clean": ("76.7", "73.0", "79.2/87.4/84.0"),
    "xquad_en2de clean": ("54.8", "88.7", "88.7"),
}
Rank = Callable[[str], Scores]


def main(*, everything: bool = False) -> None:
    """One block a set and noise."""
    print("\nRanking: top-1/top-3/MRR@10 (theirs: lexical, hybrid, to beat)")
    for name in ("xquad_de", "covid_q2qa_m", "foerder_kurz2pass", "xquad_en2de"):
        found = Collection.read(name)
        systems = _systems(found, vectors=everything or name != "foerder_kurz2pass")
        for noise, change in NOISES.items():
            if noise == "clean" or name == "xquad_de":
                label = f"{name} {noise}"
                print(f"  {label}   theirs: {'   '.join(THEIRS[label])}")
                for system, rank in systems.items():
                    print(f"    {system:34} {figures(found, [rank(change(question)) for question, _ in found.queries])}")


def _systems(found: Collection, *, vectors: bool) -> dict[str, Rank]:
    library = found.library()
    systems: dict[str, Rank] = {
        "BM25 on white space": _on_white_space(found.texts),
        "4-grams, stems, parts, repair": library.index.scores,
        "the same + best sentence": lambda question: _with_sentences(library.index, sentences, homes, question),
    }
    pieces = [(place, part) for place, text in enumerate(found.texts) for part in _sentences(text)]
    homes = np.array([place for place, _ in pieces])
    sentences = Index([part for _, part in pieces])
    for used in _choices() if vectors else ():
        likeness = meaning(found.name, found.texts, library, used)
        systems[" + ".join(["… with", *(model.name.split("-")[0] for model in used)])] = _hybrid(
            systems["the same + best sentence"], likeness
        )
    return systems


def _choices() -> list[Sequence[object]]:
    return [models()[:count] for count in range(1, len(models()) + 1)]
