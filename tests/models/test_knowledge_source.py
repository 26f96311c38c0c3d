from datetime import date

import pytest

from models.knowledge import Fault, Rank, read_sources
from models.knowledge.readers import LARGEST_TEXT as LARGEST
from tests.models.shelf import ROOT, SHARED, reading

HEAD = "---\ntitle: T\npublisher: P\nrank: office\n---\n"


def faults(name: str, text: str, **beside: str) -> list[tuple[str, int | None, str | None, str]]:
    files = {name: text.encode(), **{f"{key}.toml": value.encode() for key, value in beside.items()}}
    return [(fault.file, fault.row, fault.column, fault.reason) for fault in read_sources(files).faults]


def test_front_matter_gives_every_detail() -> None:
    head = (
        "---\ntitle: Merkblatt\npublisher: Büro\ndated: 21.06.2022\nvalid_from: 2022-07-01\nvalid_until: 31.12.2027\n"
        "url: https://example.org/a:b\nrank: web page\ncontradicts: other.txt\n---\n"
    )
    read = read_sources({"a.md": (head + "Ein Satz.").encode(), "other.txt": (HEAD + "Noch einer.").encode()})
    source = read.sources[0]
    assert not read.faults
    assert (source.key, source.title, source.publisher, source.rank) == ("a", "Merkblatt", "Büro", Rank.WEB_PAGE)
    assert (source.dated, source.valid_from, source.valid_until) == (
        date(2022, 6, 21),
        date(2022, 7, 1),
        date(2027, 12, 31),
    )
    assert (source.url, source.contradicts) == ("https://example.org/a:b", ("other",))
    assert [cut.text for cut in source.cuts] == ["Ein Satz."]


def test_a_toml_beside_says_the_same() -> None:
    toml = b'title = "T"\npublisher = "P"\nrank = "press"\ndated = 2021-12-01\ncontradicts = ["a"]\n'
    read = read_sources({"a.txt": b"Ein Satz.", "a.toml": toml})
    assert not read.faults
    assert (read.sources[0].dated, read.sources[0].rank) == (date(2021, 12, 1), Rank.PRESS)


def test_every_fault_is_named_at_once_with_its_row_and_field() -> None:
    text = "---\ntitle: T\nrank: best\ndated: 31.02.2026\ncolour: red\nnonsense\ncontradicts: nobody\n---\nText."
    assert faults("a.md", text) == [
        ("a.md", 6, None, "not key: value"),
        ("a.md", 5, "colour", "unknown field"),
        ("a.md", None, "publisher", "missing"),
        ("a.md", 4, "dated", "not a date"),
        ("a.md", 3, "rank", "unknown rank"),
        ("a.md", 7, "contradicts", "unknown source"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "beside", "expected"),
    [
        ("a.md", "---\ntitle: T\n", {}, ("a.md", 1, None, "front matter not closed")),
        ("a.md", HEAD, {}, ("a.md", None, None, "empty")),
        ("a.md", HEAD + "Text \ufffd.", {}, ("a.md", 6, None, "damaged")),
        ("a.doc", "", {}, ("a.doc", None, None, "unknown kind")),
        ("a.pdf", "", {}, ("a.pdf", None, None, "unreadable")),
        ("a.docx", "", {}, ("a.docx", None, None, "unreadable")),
        ("a.txt", "Text\0", {}, ("a.txt", None, None, "unreadable")),
        ("a.md", HEAD + "Text.", {"b": ""}, ("b.toml", None, None, "no text beside it")),
        ("a.md", HEAD + "Text.", {"a": "x ="}, ("a.toml", None, None, "not TOML")),
        ("a.md", HEAD + "Text.", {"a": 'title = "X"'}, ("a.md", 2, "title", "twice")),
        ("a.md", HEAD.replace("rank", "title: U\nrank") + "Text.", {}, ("a.md", 4, "title", "twice")),
        (
            "a.md",
            HEAD.replace("rank", "valid_from: 2026-01-02\nvalid_until: 2026-01-01\nrank") + "Text.",
            {},
            ("a.md", 5, "valid_until", "ends before it begins"),
        ),
    ],
)
def test_one_fault(
    name: str, text: str, beside: dict[str, str], expected: tuple[str, int | None, str | None, str]
) -> None:
    assert expected in faults(name, text, **beside)


def test_sources_among_each_other() -> None:
    body = (HEAD.replace("rank", "contradicts: c\nrank") + "Text.").encode()
    found = read_sources({"a.md": body, "a.txt": (HEAD + "Text.").encode()}).faults
    assert {fault.reason for fault in found} == {"two of one name", "unknown source"}


def test_a_file_too_large_is_refused_unread() -> None:
    assert read_sources({"a.md": b"x" * (LARGEST + 1)}).faults == (
        Fault("a.md", None, None, "too large", str(LARGEST + 1)),
    )


def test_the_demo_office_has_no_faults() -> None:
    read = reading(ROOT / "demo" / "office" / "sources")
    assert not read.faults
    assert len(read.sources) == 10


def test_the_shared_sources_have_no_faults() -> None:
    if not SHARED.exists():
        pytest.skip("the shared sources are not here")
    assert not reading(SHARED / "sources").faults
