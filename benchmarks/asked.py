"""What the office is asked, over the five real texts: answered rightly with the right citation, or refused."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.collections import ROOT, SHARED, meaning, models
from models.knowledge import Document, Quote, read_sources
from models.search import Answer, Library, answer

QUESTIONS = ROOT / "tests" / "models" / "questions"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def main() -> None:
    """A line for each set, by words and with vectors."""
    library = of_folder(SHARED / "sources")
    sets = [SHARED / "retrieval" / "questions-dev.tsv", *sorted(QUESTIONS.glob("*.tsv"))]
    print("\nThe office's questions over the five texts: answered rightly, refused rightly, figures not in a passage")
    for vectors in (False, True) if models() else (False,):
        if vectors:
            texts = list(library.wanted().texts.values())
            library.meaning = meaning("five-texts", texts, library, models())
        print(f"  {'with vectors' if vectors else 'by words'}")
        for path in sets:
            if path.stem not in {"demo", "follow-ups", "premises"}:
                print(f"    {path.stem:18} {_line(path, library)}")


def of_folder(folder: Path) -> Library:
    """The sources of a folder as a library, without a store."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    quotes: list[Quote] = []
    for number, source in enumerate(read_sources(files).sources):
        document = Document(
            number, source.key, source.title, source.publisher, source.dated, source.valid_from, source.valid_until,
            source.url, source.rank, source.contradicts, superseded=False,
        )  # fmt: skip
        for place, cut in enumerate(source.cuts):
            quotes.append(Quote(len(quotes), document, place, cut.block, cut.section, cut.page, cut.lead, cut.text))
    return Library(quotes)


def _line(path: Path, library: Library) -> str:
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in {"#", ""}]
    spent, right, invented = [], [], 0
    stored = {quote.text for quote in library.quotes}
    for line in lines:
        begin = time.process_time()
        finding = answer(line[0], library, NOW)
        spent.append((time.process_time() - begin) * 1000)
        right.append(_right(line, finding))
        invented += isinstance(finding, Answer) and finding.quote.text not in stored
    refused = [ok for line, ok in zip(lines, right, strict=True) if line[1] == "REFUSE"]
    found = [ok for line, ok in zip(lines, right, strict=True) if line[1] != "REFUSE"]
    times = f"{median(spent):.1f} ms a question"
    return f"{sum(found)}/{len(found)} answered, {sum(refused)}/{len(refused)} refused, {invented} invented · {times}"


def _right(line: list[str], finding: object) -> bool:
    _, must, cited, must_not = (*line, "", "")[:4]
    if must == "REFUSE" or not isinstance(finding, Answer):
        return (must == "REFUSE") != isinstance(finding, Answer)
    quote = finding.quote
    shown, source = f"{quote.lead}\n{quote.text}", f"{quote.document.title} {quote.section} {quote.document.publisher}"
    wrong = must_not and re.search(must_not, shown)
    return bool(re.search(must, shown) and re.search(cited, source) and not wrong)
