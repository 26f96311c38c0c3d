"""Sources for tests: read from files or from a text, without a store."""

from datetime import UTC, date, datetime
from pathlib import Path

from models.knowledge import Document, Quote, Rank, Reading, Source, read_sources
from models.search import Library

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
QUESTIONS = Path(__file__).with_name("questions")


def reading(folder: Path) -> Reading:
    return read_sources({path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()})


def quotes(sources: tuple[Source, ...]) -> list[Quote]:
    found: list[Quote] = []
    for number, source in enumerate(sources, 1):
        document = Document(
            number, source.key, source.title, source.publisher, source.dated, source.valid_from, source.valid_until,
            source.url, source.rank, source.contradicts, False,
        )  # fmt: skip
        for ordinal, cut in enumerate(source.cuts):
            place = (cut.block, cut.section, cut.page, cut.lead, cut.text)
            found.append(Quote(len(found) + 1, document, ordinal, *place))
    return found


def library(folder: Path) -> Library:
    return Library(quotes(reading(folder).sources))


def quote(
    text: str,
    *,
    number: int = 1,
    key: str = "",
    rank: Rank = Rank.OFFICE,
    dated: date | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    contradicts: tuple[str, ...] = (),
    superseded: bool = False,
    title: str = "",
) -> Quote:
    key = key or f"source-{number}"
    document = Document(
        number,
        key,
        title or f"Titel {number}",
        "Büro",
        dated,
        valid_from,
        valid_until,
        "",
        rank,
        contradicts,
        superseded,
    )
    return Quote(number, document, 0, 0, "", None, "", text)
