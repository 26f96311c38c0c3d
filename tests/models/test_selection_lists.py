"""What the office types or sends: read, or refused with everything that is wrong."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.selection.figures import euros, mean, places_for
from handlers.selection.page import number_rows
from locales import Voice
from models.ballot.rules import Stage
from models.refusals import Unfit, Unknown
from models.selection.lists import (
    ListFaults,
    criteria_typed,
    projects_listed,
    projects_typed,
    read_amount,
    read_hundredths,
    sheet_typed,
)
from models.selection.rules import (
    HIGHEST_AMOUNT,
    Call,
    Criterion,
    Part,
    Project,
    check_call,
    check_points,
    project_of_file,
)
from tests.auxil.selecting import CALL

GERMAN = Voice("de")


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("500.000", 500_000_00),
        ("500.000,00 €", 500_000_00),
        ("500000", 500_000_00),
        ("500 000 Euro", 500_000_00),
        ("1.234.567,8", 1_234_567_80),
        ("0,01", 1),
        ("120.5", 120_50),  # as a spreadsheet's own number comes
        ("120000.25", 120_000_25),
        ("12.345", 12_345_00),
    ],
)
def test_a_sum_is_read_as_it_is_written(typed: str, cents: int) -> None:
    assert read_amount(typed) == cents


@pytest.mark.parametrize("typed", ["", "viel", "0", "-5", "1,234", "12.34.5", "1e6", "5 Mio", "1.2345", "9" * 20])
def test_what_is_no_sum_is_refused(typed: str) -> None:
    with pytest.raises(Unfit):
        read_amount(typed)


@given(st.integers(1, HIGHEST_AMOUNT))
def test_a_sum_that_is_shown_is_read_again_as_the_same(cents: int) -> None:
    assert read_amount(euros(GERMAN, cents)) == cents


def test_criteria_have_a_weight_of_one_where_none_is_said() -> None:
    assert criteria_typed("Bedarf; 5; 1,5\n\n Wirkung ;10") == (
        Criterion(1, "Bedarf", 5, 150),
        Criterion(2, "Wirkung", 10, 100),
    )


def faults(*, of: str, by: object) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(ListFaults) as refused:
        by(of)  # type: ignore[operator]  # one of the readers
    return [(one.row, one.column, one.reason) for one in refused.value.faults]


def test_all_faults_of_typed_criteria_are_named_at_once() -> None:
    assert faults(of="Bedarf\nA; x; 0\n; 5\nB; 101; 2", by=criteria_typed) == [
        (1, None, "parts"),
        (2, "gewicht", "not a weight"),
        (2, "maximum", "not a maximum"),
        (3, "name", "missing"),
        (4, "maximum", "not a maximum"),
    ]


@pytest.mark.parametrize("typed", ["", "A; 5\na; 5", "\n".join(f"K{one}; 5" for one in range(11))])
def test_none_too_many_or_a_name_twice_is_refused(typed: str) -> None:
    with pytest.raises(Unfit, match="criteria"):
        criteria_typed(typed)


def test_typed_projects_may_have_a_semicolon_in_their_title_and_tabs_of_a_spreadsheet() -> None:
    assert projects_typed("Lernen; Leben; Lernwerk; 40.000\nMut\tIHK\t5000,50") == (
        Project(1, "Lernen; Leben", "Lernwerk", 40_000_00),
        Project(2, "Mut", "IHK", 5_000_50),
    )


def test_all_faults_of_a_list_are_named_with_row_and_column() -> None:
    content = "titel;träger;summe\n=cmd|x;T;5\n;T;x\nA;;7\n".encode("cp1252")
    assert faults(of="p.csv", by=lambda name: projects_listed(name, content)) == [
        (2, "titel", "formula"),
        (3, "summe", "not an amount"),
        (3, "titel", "missing"),
        (4, "traeger", "missing"),
    ]
    assert faults(of="p.csv", by=lambda name: projects_listed(name, b"name;betrag\n")) == [
        (1, "betrag", "unknown column"),
        (1, "name", "unknown column"),
        (1, "summe", "column missing"),
        (1, "titel", "column missing"),
    ]
    with pytest.raises(Unfit, match="no list"):
        projects_listed("p.pdf", b"%PDF")


def test_a_paper_sheet_is_read_line_by_line() -> None:
    found = sheet_typed("1: 4 5\n\n3) 1,2\n2: befangen", CALL, by_project=True)
    assert found == Part({(1, 1): 4, (1, 2): 5, (3, 1): 1, (3, 2): 2}, frozenset({2}))
    assert found.stage(CALL) is Stage.FULL
    assert found.counting(CALL) == [CALL.projects[0], CALL.projects[2]]
    wrong = faults(of="x\n1: 6 1\n2: befangen", by=lambda text: sheet_typed(text, CALL, by_project=False))
    assert wrong == [(1, None, "unknown project"), (2, None, "points"), (3, None, "points")]
    with pytest.raises(Unfit, match="empty"):
        sheet_typed(" \n", CALL, by_project=False)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for read in (read_amount, read_hundredths, criteria_typed, projects_typed):
        try:
            read(text)
        except Unfit:
            continue


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"budget": 0}, "amount"),
        ({"threshold": 501}, "threshold"),
        ({"criteria": ()}, "criteria"),
        ({"criteria": (Criterion(1, "A", 0, 1),)}, "criteria"),
        ({"projects": ()}, "projects"),
        ({"projects": (Project(1, "A", "T", 0),)}, "amount"),
    ],
)
def test_a_call_that_cannot_be_scored_is_refused(change: dict[str, object], reason: str) -> None:
    check_call(CALL)
    keys = {"budget": 1, "threshold": 0, "criteria": CALL.criteria, "projects": CALL.projects, **change}
    with pytest.raises(Unfit, match=reason):
        check_call(Call(**keys))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("place", [(0, 1, 1), (4, 1, 1), (1, 0, 1), (1, 3, 1), (1, 1, -1), (1, 1, 6)])
def test_points_beyond_the_call_are_unknown(place: tuple[int, int, int]) -> None:
    check_points(CALL, 1, 1, 5)
    with pytest.raises(Unknown):
        check_points(CALL, *place)


@pytest.mark.parametrize(
    ("name", "project"),
    [("2 Finanzplan.pdf", 2), ("03_Antrag.pdf", 3), ("1.pdf", 1), ("9 Plan.pdf", None), ("2027 Haushalt.pdf", None),
     ("Antrag 2.pdf", None), ("2a.pdf", None), ("0 x.pdf", None)],
)  # fmt: skip
def test_a_file_says_by_its_name_to_which_project_it_belongs(name: str, project: int | None) -> None:
    assert project_of_file(name, 3) == project


@given(st.integers(1, 100), st.data())
def test_every_number_of_points_can_be_reached_by_buttons(maximum: int, data: st.DataObject) -> None:
    wanted = data.draw(st.integers(0, maximum))
    now: int | None = None
    for _ in range(3):
        rows = number_rows(maximum, now)
        assert max(map(len, rows)) <= 6
        shown = [one for row in rows for one in row]
        assert all(0 <= one <= maximum for one in shown)
        if wanted in shown:
            return
        now = min(shown, key=lambda one: abs(one - wanted))
    pytest.fail(f"{wanted} of {maximum} has no button")


def test_different_means_never_look_alike_as_long_as_six_decimals_tell_them_apart() -> None:
    assert places_for([Fraction(5), Fraction(4996, 1000)]) == 3
    assert mean(GERMAN, Fraction(4996, 1000), 3) == "4,996"
    assert places_for([Fraction(1, 3), Fraction(2, 3)]) == 2
    assert mean(GERMAN, Fraction(1, 3)) == "0,33"
    assert mean(GERMAN, Fraction(5, 1000) + 1) == "1,01"  # half goes up
