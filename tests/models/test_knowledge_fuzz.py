import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.knowledge import Fault, read_sources
from models.knowledge.readers import KINDS
from tests.auxil.papers import TOML, pdf, word

FRONT = b"---\ntitle: T\npublisher: P\nrank: office\n---\n"
REASONS = set(re.findall(r"``([\w :-]+)``", Fault.__doc__ or "")) - {"row", "reason", "detail"}
HTML = (
    "<html><body><main><h1>Teil 1</h1><p>Es gilt: <ul><li>eins<ol><li>zwei</ol></ul>"
    "<table><tr><th>A<th>B<tr><td>1<td rowspan=2>2</table><dl><dt>x<dd>y</dl></main>"
)
MARKDOWN = (
    "# Teil 1\n\n| A | B |\n| - | - |\n| 1 | 2 |\n\n7.2 Es **gilt** [das](http://a):\n\n* eins\n  * zwei\n\nEnde\n===\n"
)
TYPST = (
    "= Teil 1\n\n7.10.1 Es gilt der Satz. Dazu gehören:\n- eins\n- zwei\n\n"
    "#table(columns: 2, [Bereich], [Betrag], [A], [1 €], [B], [2 €])\n#pagebreak()\n#columns(2)[#lorem(150)]"
)


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    paper = word(("Heading 1", "Teil 1"), ("Normal", "7.2 Es gilt."), ("List Bullet", "eins"), [["A", "B"], ["1", "2"]])
    return {
        ".pdf": pdf(TYPST),
        ".docx": paper,
        ".html": FRONT + HTML.encode(),
        ".md": FRONT + MARKDOWN.encode(),
        ".txt": FRONT + MARKDOWN.encode(),
    }


def held(kind: str, data: bytes) -> None:
    """Whatever a file holds: a source whose passages are pieces of its text, or faults of the closed list."""
    files = {f"a{kind}": data} | ({"a.toml": TOML.encode()} if kind in {".pdf", ".docx"} else {})
    read = read_sources(files)
    assert bool(read.faults) != bool(read.sources)
    assert {fault.reason for fault in read.faults} <= REASONS
    for source in read.sources:
        for cut in source.cuts:
            assert source.text[cut.start : cut.start + len(cut.text)] == cut.text
            assert cut.text.strip() == cut.text != ""
            assert "\0" not in cut.text
            cut.text.encode()


def test_the_papers_themselves_are_taken_in(whole: dict[str, bytes]) -> None:
    for kind, data in whole.items():
        toml = {"a.toml": TOML.encode()} if kind in {".pdf", ".docx"} else {}
        read = read_sources({f"a{kind}": data, **toml})
        assert read.faults == ()
        assert any("eins" in cut.text and "Teil 1" in cut.section for cut in read.sources[0].cuts)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(deadline=None)  # the first call loads the libraries
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_named(kind: str, data: bytes) -> None:
    held(kind, data)
    held(kind, FRONT + data)


def damage(data: bytes, places: list[tuple[int, int]], end: int | None) -> bytes:
    broken = bytearray(data)
    for place, value in places:
        broken[place % len(broken)] ^= value
    return bytes(broken[:end])


PLACES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), max_size=12)


@pytest.mark.parametrize("kind", [".docx", ".html", ".md", ".pdf", ".txt"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=PLACES, end=st.none() | st.integers(0, 20_000))
def test_a_damaged_file_is_read_or_named(
    whole: dict[str, bytes], kind: str, places: list[tuple[int, int]], end: int | None
) -> None:
    held(kind, damage(whole[kind], places, end))


TAGS = st.sampled_from(
    ["<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<ol start=9>", "<table>", "<tr>",
     "<td colspan=99999>", "<th>",
     "</table>", "<h2>", "</h2>", "<br>", "<dl>", "<dt>", "<dd>", "<sup>2</sup>",
     "<script>x</script>", "<main>", "<article>", "<nav>",
     "7.2 ", "Wort ", "Es gilt:",
     "<!-- ", "-->", "&#0;", "&#xD800;", "&nbsp;", "<![CDATA[", "<?xml ?>", "<svg>", "</svg>",
     "<li value=x>"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(TAGS, max_size=40))
def test_any_tags_are_read(tags: list[str]) -> None:
    held(".html", FRONT + "".join(tags).encode())


LINES = st.sampled_from(
    ["| a | b |", "|---|---|", "| 1 |", "# Kopf", "7.2 Text.", "* eins", "  * zwei", "===", "---", "", "**fett** _x_",
     "[a](b", "\\", "\\|", "> Zitat", "<!--", "-->", "12.500 Euro", "1. eins", "```"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(LINES, max_size=25))
def test_any_markdown_is_read(lines: list[str]) -> None:
    held(".md", FRONT + "\n".join(lines).encode())


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<div>", "</div>"), ("<ul><li>", "</li></ul>"), ("<b>", "</b>"), ("<table><tr><td>", "</td></tr></table>")],
)
def test_deep_nesting_breaks_nothing(opening: str, closing: str) -> None:
    held(".html", FRONT + (opening * 20_000 + "Text" + closing * 20_000).encode())
