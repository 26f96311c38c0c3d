"""The line of a key in a TOML file, against a second way of finding it: rename the key there and see what is gone."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.roll.places import Path, key_lines

MARKER = "renamed-for-the-test"
SAMPLE = '''
# tie = "in a comment"
name = """
tie = "in a text"
[body.charter]
""" # still
contact = \'\'\'it's
"quoted" \'\'\'
"ti\\u0065 x" = 1
languages = [
  "de", # the first, with ] and "
  "en",
]
[settings]
postal_days = 3
[ body . nothing ] # no list
'''
BODIES = """
[[body]]
name = "Eins # kein Kommentar"
short = 'E"'
[body.charter]
preset = "angelehnt an KVG LSA"
quorum = { at_least = 1, "base" = "all" }

  tie = "rejected"
[[ body ]]
short = "Z"
charter.tie = "Los"
charter . "chair" = "x"
charter.quorum.at_least = 1
[[body]]
charter = { tie = "rejected", quorum = { more_than = "1/2" } }
[[body]]
[body.charter.quorum]
at_least = 7
when = 2026-11-22 10:00:00.5
share = 1.5
"""
INLINE = """
body = [
  { short = "E", charter = { tie = "Los" } },
  # and
  { short = "Z",
    charter = { tie = "Los" } },
]
""".replace('"Z",\n    charter', '"Z", charter')
TEXTS = [
    SAMPLE,
    BODIES,
    INLINE,
    "",
    "a = 1",
    "[a]\n[a.b]\n[[a.c]]\n[[a.c.d]]\n[[a.c.d]]\nx.y = [[1], [{z = 2}]]\n[a.e]",
]


def known_line(text: str, path: Path) -> int | None:
    """The line by renaming; None for a list, which may begin at several places, and a name written with escapes."""
    return None if isinstance(inside(tomllib.loads(text), path), list) else line_by_renaming(text, path)


def keys_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every key in a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        if isinstance(key, str):
            yield (*path, key)
        yield from keys_of(inner, (*path, key))


def inside(value: Any, path: Path) -> Any:
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return {}
    return value


def line_by_renaming(text: str, path: Path) -> int | None:
    """The first place where the key's name can be replaced and turns up under the new one; None: it cannot be told.

    Where a rename breaks the text, that place may well be the key's, as of a table that is opened again below.
    """
    for found in re.finditer(re.escape(str(path[-1])), text):
        renamed = text[: found.start()] + MARKER + text[found.end() :]
        try:
            there = inside(tomllib.loads(renamed), path[:-1])
        except tomllib.TOMLDecodeError:
            return None
        if isinstance(there, dict) and MARKER in there:
            return text.count("\n", 0, found.start()) + 1
    return None


@pytest.mark.parametrize("text", TEXTS)
def test_each_key_is_found_where_renaming_it_takes_it_away(text: str) -> None:
    lines = key_lines(text)
    for path in keys_of(tomllib.loads(text)):
        assert known_line(text, path) in {lines[path], None}, path


KEYS = st.sampled_from(["tie", "chair", "body", '"tie"', "'a b'", '"x.y"', "charter"])
DOTTED = st.lists(KEYS, min_size=1, max_size=3).map(" . ".join)
SCALARS = st.sampled_from(
    [
        '"tie = 1"',
        "'#'",
        "1.5",
        "true",
        '"""a\ntie = 2\n"b\\""""',
        "'''\n[x]'''",
        '"""x"""""',
        "2026-01-01 10:00:00",
        '""',
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[\n" + ", # ]\n".join(items) + "\n]")
        | st.dictionaries(KEYS, inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(map(" = ".join, pairs.items())) + "}"
        )
    ),
    max_leaves=5,
)
PAIRS = st.builds("{} = {}".format, DOTTED, VALUES)
HEADERS = DOTTED.map("[{}]".format) | DOTTED.map("[[ {} ]] # [x]".format)


@given(st.lists(PAIRS | HEADERS | st.sampled_from(["", "# tie = 1"]), max_size=8))
def test_whatever_can_be_read_has_its_lines(statements: list[str]) -> None:
    text = "\n".join(statements)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = key_lines(text)
    paths = set(keys_of(data))
    assert {path for path in lines if isinstance(path[-1], str)} == paths
    for path in paths:
        assert known_line(text, path) in {lines[path], None}
