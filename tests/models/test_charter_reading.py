"""A charter as office.toml writes it: presets, what overrides them, and every fault with its line."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.charter import DEFAULT_PRESET, PRESETS, Charter, CharterFault, charter_faults, majority_share, read_charter
from models.roll.office import full_charter, read_office

CLAUSE = {"clause": "§ 7 Abs. 2 GO"}
KEYS = set(PRESETS[DEFAULT_PRESET])

FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"preset": "andere"}, "preset"),
    ({"preset": ["angelehnt an KVG LSA"]}, "preset"),
    ({"unbekannt": 1}, "unbekannt"),
    ({"tie": "coin"}, "tie"),
    ({"tie": ["rejected"]}, "tie"),
    ({"tie": "chair decides"}, "chair"),
    ({"tie": "chair decides", "chair": " "}, "chair"),
    ({"chair": 7}, "chair"),
    ({"changeable": "ja"}, "changeable"),
    ({"second_meeting": 1}, "second_meeting"),
    ({"secret_on_request": "on"}, "secret_on_request"),
    ({"names_published": 0}, "names_published"),
    ({"clause": 5}, "clause"),
    ({"doubt": False}, "doubt"),
    ({"notice_days": -1}, "notice_days"),
    ({"notice_days": True}, "notice_days"),
    ({"notice_days": 1.5}, "notice_days"),
    ({"notice_days": 10**12}, "notice_days"),
    ({"silence": "consent"}, "silence"),
    ({"silence": "maybe"}, "silence"),
    ({"circular": "majority"}, "clause"),
    ({"circular": "no objection", "clause": " "}, "clause"),
    ({"circular": ["majority"]}, "circular"),
    ({"abstentions": "no"}, "abstentions"),
    ({"election_base": "all"}, "election_base"),
    ({"conflict_scope": "all"}, "conflict_scope"),
    ({"first_that_does_not_fit": "cut"}, "first_that_does_not_fit"),
    ({"receipt_list": "all"}, "receipt_list"),
    ({"quorum": {"at_least": 1, "more_than": 2}}, "quorum"),
    ({"quorum": {}}, "quorum"),
    ({"quorum": 5}, "quorum"),
    ({"quorum": {"at_least": "x"}}, "quorum.at_least"),
    ({"quorum": {"at_least": "1/0"}}, "quorum.at_least"),
    ({"quorum": {"at_least": "0.5"}}, "quorum.at_least"),
    ({"quorum": {"at_least": 0.5}}, "quorum.at_least"),
    ({"quorum": {"at_least": True}}, "quorum.at_least"),
    ({"quorum": {"at_least": -1}}, "quorum.at_least"),
    ({"quorum": {"at_least": "4/3"}}, "quorum.at_least"),
    ({"quorum": {"more_than": "1/1"}}, "quorum.more_than"),
    ({"quorum": {"at_least": 1, "base": "alle"}}, "quorum.base"),
    ({"quorum": {"at_least": 1, "base": ["all"]}}, "quorum.base"),
    ({"quorum": {"at_least": 1, "of": 3}}, "quorum.of"),
    ({"majority": "1/3"}, "majority"),
    ({"majority": "5/4"}, "majority"),
    ({"majority": "most"}, "majority"),
    ({"majority": 1}, "majority"),
    ({"majority": ["simple"]}, "majority"),
]


@pytest.mark.parametrize(("said", "key"), FAULTS)
def test_what_cannot_be_read_is_named(said: dict[str, Any], key: str) -> None:
    with pytest.raises(CharterFault) as fault:
        read_charter(said)
    assert fault.value.key == key
    assert fault.value.reason
    assert [one.key for one in charter_faults(said)] == [key]


def test_every_key_has_a_fault_that_is_told() -> None:
    assert {key.split(".")[0] for _, key in FAULTS} == {*KEYS, "preset", "unbekannt"}


def test_all_faults_are_told_at_once() -> None:
    said = {"tie": "coin", "majority": "most", "quorum": 5, "circular": "majority"}
    assert {fault.key for fault in charter_faults(said)} == {"tie", "majority", "quorum", "clause"}


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_can_be_read_and_says_that_it_is_only_akin(preset: str) -> None:
    found = read_charter({"preset": preset, **CLAUSE})
    assert preset.startswith("angelehnt an ")
    assert set(PRESETS[preset]) == KEYS == set(Charter.__annotations__) - {"preset", "own"}
    assert "rechtmäßig" not in str(found)


@pytest.mark.parametrize(
    ("preset", "differs"),
    [
        ("angelehnt an KVG LSA", {}),
        ("angelehnt an ARGE-Beirat Bitterfeld", {"notice_days": 14}),
        ("angelehnt an LAG Fichtelgebirge", {"circular": "majority"}),
    ],
)
def test_a_preset_follows_its_source_and_else_the_first(preset: str, differs: dict[str, Any]) -> None:
    first, found = read_charter(CLAUSE), read_charter({"preset": preset, **CLAUSE})
    assert found == replace(first, preset=preset, **differs)


def test_a_preset_that_lets_circulars_bind_asks_for_the_offices_own_clause() -> None:
    (fault,) = charter_faults({"preset": "angelehnt an LAG Fichtelgebirge"})
    assert fault.key == "clause"
    assert "Geschäftsordnung" in fault.reason


def test_a_preset_stands_for_all_keys_and_single_ones_override() -> None:
    plain, own = read_charter({}), read_charter({"preset": DEFAULT_PRESET, "notice_days": 14, "tie": "rejected"})
    assert (plain.notice_days, own.notice_days) == (7, 14)
    assert own.quorum == plain.quorum
    assert (plain.own, own.own) == ((), ("notice_days",))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "preset": st.sampled_from([*PRESETS, "x", 1]),
            "quorum": st.sampled_from([{"at_least": 2}, {"more_than": "1/3", "base": "present"}, {"base": "all"}, []]),
            "majority": st.sampled_from(["simple", "3/4", "1", {}]),
            "tie": st.sampled_from(["rejected", "chair decides", {}]),
            "chair": st.sampled_from(["", "Landrat", 1]),
            "circular": st.sampled_from(["never", "no objection", "majority", []]),
            "clause": st.sampled_from(["", "§ 7 GO", 1]),
            "silence": st.sampled_from(["no vote", "abstention", "consent", {}]),
            "notice_days": st.sampled_from([0, 365, 366, "7"]),
        },
    )
)
def test_whatever_is_written_is_read_whole_or_named(said: dict[str, Any]) -> None:
    """A charter written out for the store reads as the one that was said."""
    if charter_faults(said):
        with pytest.raises(CharterFault):
            read_charter(said)
    else:
        assert read_charter(full_charter(said)) == read_charter(said)


def test_shares_are_exact() -> None:
    assert majority_share("two thirds") * 3 == 2
    assert read_charter({"quorum": {"at_least": "1/3"}}).quorum.amount * 3 == 1
    assert read_charter({"quorum": {"at_least": "2/6"}}).quorum.words == "1/3"


# --- with the line of the file

BODY = '[[body]]\nname = "Arbeitskreis"\nshort = "RAK"\n'


@pytest.mark.parametrize(
    ("charter", "line", "place"),
    [
        ('[body.charter]\nnotice_days = 7\n\ntie = "Los"', 7, "tie"),
        ('[body.charter] # tie = "x"\nclause = """\ntie = "y"\n"""\n"tie" = "Los"', 8, "tie"),
        ('charter = { notice_days = 7, tie = "Los" }', 4, "tie"),
        ('charter.notice_days = 7\ncharter.tie = "Los"', 5, "tie"),
        ('[body.charter]\n[body.charter.quorum]\nat_least = 2\nbase = "alle"', 7, "quorum.base"),
        ('[body.charter]\nquorum.at_least = 2\nquorum.base = "alle"', 6, "quorum.base"),
        ('[body.charter]\nquorum = { at_least = 2,  base = "alle" }', 5, "quorum.base"),
        ("[body.charter]\nnotice_days = 7\nquorum = 3", 6, "quorum"),
        ('[body.charter]\nnotice_days = 7\ntie = "chair decides"', 6, "chair"),  # the key that asks for it
        ('[body.charter]\nchair = ""\ntie = "chair decides"', 5, "chair"),
        ('[body.charter]\nnotice_days = 7\ncircular = "majority"', 6, "clause"),
        ('[body.charter]\nnotice_days = 7\npreset = "angelehnt an LAG Fichtelgebirge"', 6, "clause"),
        ('[body.charter]\nnotice_days = 7\nsilence = "consent"', 6, "silence"),
        ("[body.charter]\nnotice_days = 7\nhalbzeit = 3", 6, "halbzeit"),
    ],
)
def test_a_fault_of_a_charter_stands_with_its_line(charter: str, line: int, place: str) -> None:
    before, after = (
        '[[body]]\nname = "A"\nshort = "A"\n[body.charter]\ntie = "rejected"\n',
        '\n[[body]]\nshort = "Z"\nname = "Z"\n',
    )
    for text, lines, number in ((BODY + charter + after, 0, 1), (before + BODY + charter + after, 5, 2)):
        (fault,) = read_office("office.toml", text.replace("\n", "\r\n").encode("utf-8-sig"))[2]
        assert (fault.row, fault.column, fault.reason) == (
            line + lines,
            f"[[body]] {number}, charter.{place}",
            "charter",
        )


@pytest.mark.parametrize(("said", "key"), FAULTS)
def test_each_fault_has_a_line(said: dict[str, Any], key: str) -> None:
    lines = [f"{name} = {_toml(value)}" for name, value in said.items()]
    (fault,) = read_office("office.toml", "\n".join([BODY + "[body.charter]", *lines]).encode())[2]
    assert fault.row is not None
    assert fault.column == f"[[body]] 1, charter.{key}"
    asking = {"chair": "tie", "clause": "circular"}
    name = key.split(".", maxsplit=1)[0]
    assert lines[fault.row - 5].split(" ", maxsplit=1)[0] == (name if name in said else asking[name])


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def test_a_charter_that_is_no_table_has_its_line() -> None:
    (fault,) = read_office("office.toml", (BODY + "charter = 7").encode())[2]
    assert (fault.row, fault.column, fault.reason) == (4, "[[body]] 1, charter", "not a table")
