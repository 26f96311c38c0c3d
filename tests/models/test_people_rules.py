"""People: names are found however they are typed; lists become pages and lose nobody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.people.rules import PAGE, matches, pages, same_name

NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("mueller", "Max Müller"),
        ("muller", "Max Müller"),
        ("MÜLLER max", "Max Müller"),
        ("Müller", "Max Mueller"),
        ("gross", "Anna Groß"),
        ("Groß", "Anna Gross"),
        ("rene", "René Ozer"),
        ("özer", "René Ozer"),
        ("M\u0075\u0308ller", "Max Müller"),  # the umlaut in two signs, as some telephones type it
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, name: str) -> None:
    assert matches(typed, name)


def test_nothing_typed_finds_nobody_and_every_word_counts() -> None:
    assert not matches("  ", "Max Müller")
    assert matches("max ihk", "Max Müller", "IHK Magdeburg")
    assert not matches("max dgb", "Max Müller", "IHK Magdeburg")


@given(NAMES, NAMES)
@settings(max_examples=50)
def test_a_name_is_the_same_in_any_case_and_with_any_blanks(first: str, last: str) -> None:
    name = f"{first} {last}"
    assert same_name(name, f"  {name.upper().lower()}  ") or name.upper().lower().casefold() != name.casefold()
    assert same_name(name, name)
    assert matches(first, name)


@given(st.lists(st.tuples(st.text(max_size=3), st.lists(st.integers(), max_size=20)), max_size=20))
@settings(max_examples=50)
def test_pages_hold_everybody_in_order_and_none_is_too_long(blocks: list[tuple[str, list[int]]]) -> None:
    shown = pages(blocks)
    assert [one for page in shown for _, people in page for one in people] == [
        one for _, people in blocks for one in people
    ]
    assert all(sum(max(len(people), 1) for _, people in page) <= PAGE for page in shown)
    assert len(shown) >= 1
    for title, people in blocks:
        if len(people) <= PAGE:  # a block that fits is not cut
            assert any((title, people) == (name, list(found)) for page in shown for name, found in page)
