"""Speed and memory at 10,000 and 100,000 passages: the whole way from a question to its answer, in processor time.

The passages are those of German funding directives, spliced where there are too few. ``python -m benchmarks.scale N``
measures one size in a process of its own, so that its memory is its own.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles

import numpy as np
import psutil

from benchmarks.asked import NOW, QUESTIONS
from benchmarks.collections import Collection, models
from models.knowledge import Document, Quote, Rank
from models.search import Library, answer
from models.search.meaning import Meaning, Space, unit

SIZES = (10_000, 100_000)
_IN_A_DOCUMENT = 400
_LONGEST = 600  # characters, as our own passages are cut
_WARM = 20


def main() -> None:
    """Each size in a process of its own."""
    print(
        "\nSpeed: index built, memory added, a question by words and with vectors (median, 95 of 100; processor time)"
    )
    for size in SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.scale", str(size)], check=True)  # noqa: S603 - our own module


def measure(size: int) -> None:
    """One line."""
    quotes = _passages(size)
    before = _memory()
    began = time.process_time()
    library = Library(quotes)
    built = time.process_time() - began
    grown = _memory() - before
    questions = [line.split("\t")[0] for line in (QUESTIONS / "sponsors.tsv").read_text(encoding="utf-8").splitlines()]
    asked = [question for question in questions if not question.startswith("#")]
    words = _times(lambda question: answer(question, library, NOW), asked)
    parts = [f"{size:>8,} passages: {built:.1f} s, {grown:.0f} MB ({library.index.bytes / 1e6:.0f} MB lists) · {words}"]
    if models():
        _with_vectors(library)
        parts.append(f"with vectors {_times(lambda question: answer(question, library, NOW), asked)}")
    print("  " + " · ".join(parts), flush=True)


def _times(act: Callable[[str], object], questions: Sequence[str]) -> str:
    for question in questions[:_WARM]:
        act(question)
    spent = []
    for question in questions:
        began = time.process_time()
        act(question)
        spent.append((time.process_time() - began) * 1000)
    return f"{median(spent):.1f} ms, {quantiles(spent, n=20)[-1]:.1f} ms"


def _with_vectors(library: Library) -> None:
    """Vectors of the right size and any content: what they say changes no time."""
    dice = np.random.default_rng(7)
    wanted = library.wanted()
    keys = list(wanted.texts)
    spaces = []
    for model in models():
        wide = model.questions(["x"]).shape[1]
        rows = unit(dice.standard_normal((len(keys), wide), np.float32))
        spaces.append(Space(model, wanted, dict(zip(keys, rows, strict=True)), len(library.quotes)))
    texts = [quote.text for quote in library.quotes]
    library.meaning = Meaning(spaces, texts, library.index.vocabulary.repair)


def _passages(size: int) -> list[Quote]:
    dice = random.Random(7)  # noqa: S311 - repeatable, nothing to be guarded
    texts = [text[:_LONGEST] for text in Collection.read("foerder_passages").texts]
    while len(texts) < size:
        left, right = dice.choice(texts).split(), dice.choice(texts).split()
        texts.append(" ".join(left[: len(left) // 2] + right[len(right) // 2 :]))
    made = {}
    for number in range(size // _IN_A_DOCUMENT + 1):
        made[number] = Document(
            number, f"d{number}", f"Richtlinie {number}", "Land", None, None, None, "", Rank.OFFICE, (), False
        )
    pairs = enumerate(texts[:size])
    return [Quote(at, made[at // _IN_A_DOCUMENT], at % _IN_A_DOCUMENT, at, "", None, "", text) for at, text in pairs]


def _memory() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / 1e6


if __name__ == "__main__":
    measure(int(sys.argv[1]))
