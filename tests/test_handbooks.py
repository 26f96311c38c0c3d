"""The handbooks: every label, command and picture in them is there, and the pictures show what the bot says today."""

import io
import json
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pypdf
import pytest
from babel.messages.pofile import read_po

from demo.stage import MOTION, TITLE
from handlers.commands import COMMANDS
from locales import FOLDER
from tests.pictures import leaflet, scenes

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
HANDBOOKS = [ROOT / "docs" / f"{name}.md" for name in ("buero", "mitglieder", "projekttraeger")]
ILLUSTRATED = [ROOT / "README.md", *HANDBOOKS]
SHOWN: dict[str, list[str]] = json.loads(scenes.SHOWN.read_text("utf-8"))
LARGEST, ALL = 120_000, 2_000_000
"""Bytes of one picture, and of all: people look at them on the road."""
each_handbook = pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.name)


@cache
def spoken() -> tuple[str, ...]:
    """Everything the bot says in German, without its tags."""
    with (FOLDER / "de" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalog = read_po(source)
    texts = [one for message in catalog if message.id for one in _strings(message.string)]
    return tuple(re.sub(r"</?\w+>", "", one).replace("%%", "%") for one in texts)


def _strings(translated: object) -> tuple[str, ...]:
    return tuple(translated) if isinstance(translated, tuple | list) else (str(translated),)


def quoted(text: str) -> Iterator[str]:
    """What stands in „…“, the outermost of them."""
    depth, start = 0, 0
    for place, sign in enumerate(text):
        if sign == "„":
            depth, start = depth + 1, start if depth else place + 1
        elif sign == "“" and depth:
            depth -= 1
            if not depth:
                yield " ".join(text[start:place].split())


def is_spoken(label: str) -> bool:
    """Whether a button or a message begins so, or a message names it: „Zusage 4“."""
    rest = set(string.punctuation + " \n…–·") - {"-"}
    return any(
        one == label or (one.startswith(label) and one[len(label)] in rest) or f"„{label}“" in one for one in spoken()
    )


@each_handbook
def test_every_label_in_a_handbook_is_one_of_the_bot(path: Path) -> None:
    said = list(quoted(path.read_text("utf-8")))
    assert said
    assert [label for label in said if not is_spoken(label)] == []


@pytest.mark.parametrize("label", ["Neue Abstimmungen", "Kaffee kochen", "Eröffne"])
def test_a_label_that_is_not_there_is_noticed(label: str) -> None:
    assert not is_spoken(label)


@each_handbook
def test_every_command_in_a_handbook_is_one_of_the_bot(path: Path) -> None:
    names = {name for one in COMMANDS for name in one.names}
    assert set(re.findall(r"`/(\w+)`", path.read_text("utf-8"))) <= names


@each_handbook
def test_links_inside_a_handbook_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    there = {
        re.sub(r"[^\w\- ]", "", one).strip().lower().replace(" ", "-") for one in re.findall(r"(?m)^#+ (.*)", text)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= there


@pytest.mark.parametrize("path", ILLUSTRATED, ids=lambda path: path.name)
def test_links_to_files_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8").split("## More")[0]
    linked = {one.partition("#")[0] for one in re.findall(r"\]\((?!https?:|#)([^)]+)\)", text)}
    assert {one for one in linked if not (path.parent / one).exists()} == set()


def pictures(path: Path) -> dict[str, str]:
    """The pictures of a document, each with what it says to those who do not see it."""
    text = path.read_text("utf-8")
    tags = [
        (one.group("src"), one.group("alt"))
        for one in re.finditer(r'<img src="(?P<src>[^"]+)"[^>]* alt="(?P<alt>[^"]*)"', text)
    ]
    marks = [(src, alt) for alt, src in re.findall(r"!\[([^]]*)\]\(([^)]+)\)", text)]
    assert len(tags) == text.count("<img")
    return {Path(src).stem: alt for src, alt in (*tags, *marks) if "images/" in src}


def test_every_picture_is_made_by_the_script_and_shown_in_a_document() -> None:
    files = {path.stem for path in IMAGES.glob("*.png")}
    assert files == set(SHOWN)
    assert files == {name for path in ILLUSTRATED for name in pictures(path)}


@pytest.mark.parametrize("path", ILLUSTRATED, ids=lambda path: path.name)
def test_every_picture_says_what_is_on_it(path: Path) -> None:
    assert {name: alt for name, alt in pictures(path).items() if len(alt) < len("Eine Frage")} == {}


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in IMAGES.glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
    assert sum(sizes.values()) < ALL


PLACE = r"%\(\w+\)s"
# Dates and times, codes, files, numbers of things: what differs from office to office.
VALUE = re.compile(
    r"https://\S+|(?:(?:Mo|Di|Mi|Do|Fr|Sa|So), )?\d\d\.\d\d\.(?:\d{4})?(?:,? \d\d:\d\d(?: Uhr)?)?|\d\d:\d\d Uhr"
    r"|\b(?:[0-9A-Z]{4}-)*[0-9A-Z]{4}-[0-9A-Z]{4}\b|\b[a-z]+-[\w-]+\.(?:pdf|csv|json|png|zip)|\b\d+\b"
)
MARKS = re.compile(r" [·–] |: |, ")


@cache
def said_lines() -> tuple[re.Pattern[str], ...]:
    """Every line the bot can say, with anything in the place of its values; not those that are nothing but values."""
    lines = {
        line.strip() for one in spoken() for line in one.split("\n") if re.search(r"[^\W\d]", re.sub(PLACE, "", line))
    }
    return tuple(re.compile(".*".join(re.escape(part) for part in re.split(PLACE, one))) for one in sorted(lines))


def known(line: str, people: str) -> bool:
    """Whether people wrote it or the bot says it, as a whole or part by part."""

    def one(part: str) -> bool:
        bare = VALUE.sub("", part).strip(" •„“,")
        if not re.search(r"\w", bare) or part in people or bare.removesuffix(".") in people:
            return True
        return any(pattern.fullmatch(form) for pattern in said_lines() for form in {part, bare, VALUE.sub("X", part)})

    return one(line) or all(map(one, MARKS.split(line)))


def written() -> str:
    """What people wrote: the scenes, the sample office, names and figures."""
    office = [
        path.read_text("utf-8")
        for path in (ROOT / "demo" / "office").rglob("*")
        if path.suffix in {".csv", ".md", ".toml"}
    ]
    return "\n".join([Path(scenes.__file__).read_text("utf-8"), *office, TITLE, MOTION])


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_a_picture_shows_what_the_bot_says(name: str) -> None:
    """Cheap: the words, not the play. ``python -m tests.pictures --check`` plays every scene."""
    labels = [
        label for line in SHOWN[name] if line.startswith("[") for label in re.findall(r"\[(.*?)\](?= \[|$)", line)
    ]
    lines = [line.removeprefix("• ") for line in SHOWN[name] if re.search(r"\w", line) and not line.startswith("[")]
    people = written()
    assert [one for one in (*labels, *lines) if not known(one, people)] == []


def test_a_picture_with_old_words_is_noticed() -> None:
    assert not known("Noch nicht abgestimmt haben: 7", written())
    assert not known("Alte Kennung", written())


def test_the_members_page_is_printed_as_it_stands_and_on_one_sheet() -> None:
    markdown = leaflet.SOURCE.read_text("utf-8")
    printed = pypdf.PdfReader(io.BytesIO(leaflet.MADE.read_bytes()))
    anew = pypdf.PdfReader(io.BytesIO(leaflet.made(markdown)))
    assert len(printed.pages) == len(anew.pages) == 1
    assert printed.pages[0].extract_text() == anew.pages[0].extract_text()
    assert leaflet.MADE.stat().st_size < 150_000
    assert printed.trailer["/Root"]["/MarkInfo"]["/Marked"]
    flat = re.sub(r"\s", "", printed.pages[0].extract_text())
    for heading in re.findall(r"(?m)^#+ (.*)", markdown):
        assert re.sub(r"\s", "", heading) in flat
