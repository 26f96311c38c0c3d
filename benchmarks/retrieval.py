"""Finding: the lexical index on public question sets, and the answers on sponsors' questions, if ../shared is there.

Run with ``python -m benchmarks.retrieval``.
"""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from models.knowledge import Document, Quote, read_sources
from models.search import Answer, Library, answer
from models.search.index import Index

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SETS = ("xquad_de", "covid_q2qa_m")
_DEPTH = 10


def main() -> None:
    """Print a line for each set."""
    if not SHARED.exists():
        print("no ../shared: nothing to measure")
        return
    for name in SETS:
        print(f"{name:16} {rank(name)}")
    lib = _timed("library of the five texts", lambda: _library(SHARED / "sources"))
    for path in (
        SHARED / "retrieval" / "questions-dev.tsv",
        *sorted((ROOT / "tests/models/questions").glob("sp*.tsv")),
    ):
        print(f"{path.stem:16} {answered(path, lib)}")


def rank(name: str) -> str:
    """Top-1, top-3 and MRR@10 of the index alone, in percent, with the times."""
    data = json.loads((SHARED / "retrieval" / f"{name}.json").read_text(encoding="utf-8"))
    start = time.perf_counter()
    index = Index([text for _, text in data["docs"]])
    built = time.perf_counter() - start
    keys = [key for key, _ in data["docs"]]
    start = time.perf_counter()
    places = [_place(index.scores(question), keys, right) for question, right in data["queries"]]
    spent = (time.perf_counter() - start) / len(places) * 1000
    shares = (_share(places, lambda p: p < 1), _share(places, lambda p: p < 3), _share(places, lambda p: 1 / (p + 1)))  # noqa: PLR2004 - top 3
    return f"{shares[0]:.1f}/{shares[1]:.1f}/{shares[2]:.1f} · {spent:.1f} ms a question, built in {built:.1f} s"


def _place(scores: list[float], keys: list[str], right: list[str]) -> int | None:
    best = sorted(range(len(keys)), key=lambda place: -scores[place])[:_DEPTH]
    return next((position for position, place in enumerate(best) if keys[place] in right), None)


def _share(places: list[int | None], worth: Callable[[int], float]) -> float:
    return 100 * sum(worth(place) for place in places if place is not None) / len(places)


def answered(path: Path, lib: Library) -> str:
    """How many questions are answered rightly, how many refused rightly, and the time for one."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in {"#", ""}]
    start = time.perf_counter()
    right = [_right(line, lib) for line in lines]
    spent = (time.perf_counter() - start) / len(lines) * 1000
    refused = [ok for line, ok in zip(lines, right, strict=True) if line[1] == "REFUSE"]
    found = [ok for line, ok in zip(lines, right, strict=True) if line[1] != "REFUSE"]
    return f"{sum(found)}/{len(found)} answered, {sum(refused)}/{len(refused)} refused · {spent:.1f} ms a question"


def _right(line: list[str], lib: Library) -> bool:
    question, must, cited, must_not = (*line, "", "")[:4]
    finding = answer(question, lib, datetime(2026, 11, 22, tzinfo=UTC))
    if must == "REFUSE" or not isinstance(finding, Answer):
        return (must == "REFUSE") != isinstance(finding, Answer)
    quote = finding.quote
    shown, source = f"{quote.lead}\n{quote.text}", f"{quote.document.title} {quote.section} {quote.document.publisher}"
    wrong = must_not and re.search(must_not, shown)
    return bool(re.search(must, shown) and re.search(cited, source) and not wrong)


def _library(folder: Path) -> Library:
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    quotes: list[Quote] = []
    for number, source in enumerate(read_sources(files).sources):
        document = Document(
            id=number,
            key=source.key,
            title=source.title,
            publisher=source.publisher,
            dated=source.dated,
            valid_from=source.valid_from,
            valid_until=source.valid_until,
            url=source.url,
            rank=source.rank,
            contradicts=source.contradicts,
            superseded=False,
        )
        for place, cut in enumerate(source.cuts):
            quotes.append(Quote(len(quotes), document, place, cut.block, cut.section, cut.page, cut.lead, cut.text))
    return Library(quotes)


def _timed(name: str, make: Callable[[], Library]) -> Library:
    start = time.perf_counter()
    made = make()
    print(f"{name}: {len(made.quotes)} passages in {(time.perf_counter() - start) * 1000:.0f} ms")
    return made


if __name__ == "__main__":
    main()
