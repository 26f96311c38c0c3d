"""Whatever a list, an office.toml or a source holds: it is read, or refused by one of our own reasons, and soon.

What is said here of readers, ``tests/bot/test_folder_fuzz.py`` says of what the store takes.
"""

import resource
from collections.abc import Callable, Iterable

import pytest
from hypothesis import strategies as st

from bot.folder_words import say_fault
from bot.office_folder import _source_fault
from demo.sample import TEMPLATE, dated
from handlers.papers.sheets import csv_file, workbook
from models.calendar import Calendar
from models.knowledge import read_sources
from models.refusals import Unfit
from models.roll.lists import read_list
from models.roll.office import read_office
from models.roll.sources import Known, _read, source_columns
from models.roll.tables import read_table
from models.roll.values import LISTS, Fault
from models.selection.lists import ListFaults, projects_listed
from models.spreadsheet.text import rows_of_text
from tests.auxil.clock import START
from tests.auxil.mutating import CHANGES, Change, for_many, mutated, mutated_within, twice
from tests.auxil.papers import TOML, word

MOST_MEMORY = 400_000  # KiB more than before, whatever is read
OFFICE = (TEMPLATE / "office.toml").read_bytes()
SAMPLES = {name: dated((TEMPLATE / f"{name}.csv").read_text(encoding="utf-8"), START.date()).encode() for name in LISTS}
SAMPLES["sources"] = csv_file(
    [source_columns(), ["a", "Titel", "Amt", "2026-01-02", *[""] * 2, "http://a.de", "office"]]
)
SAMPLES["projekte"] = "titel;traeger;summe\nGarten;Grün e. V.;1.200,50\nNähstube;Verein;900 €\n".encode()


def as_workbook(name: str, sample: bytes) -> bytes:
    heading, *rows = rows_of_text(sample)
    return workbook(name, heading, rows)


WORKBOOKS = {name: as_workbook(name, sample) for name, sample in SAMPLES.items()}


def read(name: str, file: str, content: bytes) -> Iterable[Fault]:
    """What is wrong with a file, as whoever sent it would be told."""
    if name in LISTS:
        return read_list(file, name, content, Calendar())[1]
    if name == "sources":
        lines, faults = read_table(file, content, source_columns(), ("key",))
        return [*faults, *(wrong for line in lines for wrong in _read(file, line, Known({}, {}))[1])]
    try:
        projects_listed(file, content)
    except ListFaults as refused:
        return [one for one in refused.faults if one.reason != "not an amount"]
    except Unfit:
        pass
    return []


def told(faults: Iterable[Fault]) -> None:
    for fault in faults:
        assert say_fault(fault)


@pytest.fixture(autouse=True)
def _within_memory() -> Iterable[None]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


@twice
@pytest.mark.parametrize("name", SAMPLES)
def test_any_csv_is_read_or_refused(name: str, times: int) -> None:
    def held(changes: list[Change]) -> None:
        told(read(name, f"{name}.csv", mutated(SAMPLES[name], changes)))

    for_many(times, held, changes=CHANGES)


@twice
@pytest.mark.parametrize("name", SAMPLES)
def test_any_workbook_is_read_or_refused(name: str, times: int) -> None:
    def held(part: int, changes: list[Change], *, outside: bool) -> None:
        change: Callable[[bytes], bytes] = (
            (lambda data: mutated(data, changes)) if outside else (lambda data: mutated_within(data, part, changes))
        )
        told(read(name, f"{name}.xlsx", change(WORKBOOKS[name])))

    for_many(times, held, part=st.integers(0, 50), changes=CHANGES, outside=st.booleans())


@twice
def test_any_office_toml_is_read_or_refused(times: int) -> None:
    def held(changes: list[Change]) -> None:
        told(read_office("office.toml", mutated(OFFICE, changes))[2])

    for_many(times, held, changes=CHANGES)


@twice
def test_any_word_file_is_read_or_refused(times: int) -> None:
    paper = word(("Heading 1", "Teil 1"), ("Normal", "7.2 Es gilt."), ("List Bullet", "eins"), [["A", "B"], ["1", "2"]])

    def held(part: int, changes: list[Change]) -> None:
        found = read_sources({"a.docx": mutated_within(paper, part, changes), "a.toml": TOML.encode()})
        told(_source_fault(fault) for fault in found.faults)

    for_many(times, held, part=st.integers(0, 50), changes=CHANGES)


@twice
@pytest.mark.parametrize("name", ["rak-stendal.md", "a.toml", "a.html"])
def test_any_source_is_read_or_refused(name: str, times: int) -> None:
    text = (TEMPLATE / "sources" / "rak-stendal.md").read_bytes()
    page = b"<html><body><h1>Teil 1</h1><p>Es gilt: <ul><li>eins</ul><table><tr><th>A<tr><td>1</table></body></html>"
    files = {"a.toml": {"a.md": b"Es gilt.\n", "a.toml": TOML.encode()}, "a.html": {"a.html": page}}.get(
        name, {name: text}
    )

    def held(changes: list[Change]) -> None:
        found = read_sources({**files, name: mutated(files[name], changes)})
        told(_source_fault(fault) for fault in found.faults)

    for_many(times, held, changes=CHANGES)


# --- what was found this way


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = " + "[" * 20_000, "toml"),
        ("name = " + "[" * 60 + "]" * 60, "toml"),
        ("settings." + "a." * 20_000 + "b = 1", "toml"),
        ("[" + '"a" . ' * 10_000 + "b]", "toml"),
        ("a = " + "9" * 5000, "toml"),
        ("[settings]\npostal_days = 0x" + "f" * 5000, "toml"),
        ("[[body]]\n" * 20_000, "too large"),
    ],
)
def test_toml_that_is_built_to_be_slow_is_refused_at_once(text: str, reason: str) -> None:
    assert [fault.reason for fault in read_office("office.toml", text.encode())[2]] == [reason]
    [fault, *_] = read_sources({"a.md": b"Text.\n", "a.toml": text.encode()}).faults
    assert fault.reason == {"toml": "not TOML"}.get(reason, reason)


def test_dots_in_a_text_are_no_nesting() -> None:
    line = f'contact = """\nSeite {"." * 500} 1\n{"z. B. " * 20}"""'
    assert read_office("office.toml", line.encode())[2] == []


@pytest.mark.parametrize("when", ["01.01.0001 00:00", "31.12.9999 23:59", "0001-01-01T00:00+14:00", "01.01.1999 00:00"])
def test_a_day_that_nobody_means_is_no_time(when: str) -> None:
    content = f"key;title;kind;due\nk;T;Antrag;{when}\n".encode()
    assert [one.reason for one in read_list("deadlines.csv", "deadlines", content, Calendar())[1]] == ["not a time"]


def test_a_lead_of_many_figures_is_no_number_of_days() -> None:
    content = f"key;title;kind;due;leads\nk;T;Antrag;15.01.2027 12:00;{'9' * 5000}\n".encode()
    assert [one.reason for one in read_list("deadlines.csv", "deadlines", content, Calendar())[1]] == ["not days"]
