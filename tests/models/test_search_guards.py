from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.search import Confidential, PersonalData, personal_data
from models.search.discretion import confidential

SETS = Path(__file__).parent / "questions"
SHARED = Path(__file__).parents[3] / "shared"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("meine IBAN ist DE89 3704 0044 0532 0130 00, bitte dorthin", "iban"),
        ("de89370400440532013000", "iban"),
        ("AT61 1904 3002 3457 3201", "iban"),
        ("SV-Nummer 15 070649 C 103", "insurance"),
        ("65170839J003", "insurance"),
        ("Herr Max Muster, geb. 12.03.1998, braucht einen Platz", "birth"),
        ("max muster geboren am 3.4.99 darf der mitmachen", "birth"),
        ("Erika Muster, 12.03.1998", "birth"),
        ("Teilnehmerliste: Anna Müller, Ben Schulze", "list"),
        ("Anna Müller\nBen Schulze\nCarla Meier", "list"),
        ("1. Müller, Anna\n2. Schulze, Ben\n3. Meier, Carla", "list"),
    ],
)
def test_personal_data_is_seen(text: str, kind: str) -> None:
    assert personal_data(text) == PersonalData(kind)


@pytest.mark.parametrize(
    "text",
    [
        "DE89370400440532013001",
        "15070649C104",
        "Wer ist Kathrin Fischer?",
        "Agentur für Arbeit\nJobcenter Börde\nLandkreis Börde",
        "Gilt die Richtlinie seit dem 21.06.2022?",
        "Was ist mit MBl. LSA 2025 S. 746?",
        "Telefon 03931 607880",
    ],
)
def test_what_is_none_is_let_through(text: str) -> None:
    assert personal_data(text) is None


@given(st.integers(10**17, 10**18 - 1))
def test_an_account_number_is_known_by_its_check_digits(number: int) -> None:
    check = 98 - int(f"{number}131400") % 97
    assert personal_data(f"DE{check:02d}{number}") == PersonalData("iban")
    wrong = check % 97 + 1
    assert (wrong == check) or personal_data(f"DE{wrong:02d}{number}") is None


@pytest.mark.parametrize(
    "question",
    [
        "wie hat das jobcenter gestimmt?",
        "Wer hat gegen unser Projekt gestimmt?",
        "How did the Jobcenter vote?",
        "wie haben die anderen abgestimmt",
        "hat der landrat mit ja gestimmt",
        "Was steht im Antrag von der Caritas?",
        "hat der internationale bund auch einen antrag gestellt",
        "wer hat sich sonst noch beworben",
    ],
)
def test_confidential_matters_are_refused(question: str) -> None:
    assert confidential(question) == Confidential()


@pytest.mark.parametrize(
    "question",
    [
        "Wer ist im RAK Stendal stimmberechtigt?",
        "wie kann ich abstimmen",
        "wo stelle ich meinen antrag",
        "antrag bei der ib?",
        "wer hat die kooperationsvereinbarung unterschrieben",
        "bis wann muss der antrag von uns da sein",
    ],
)
def test_ordinary_questions_are_not(question: str) -> None:
    assert confidential(question) is None


def questions() -> Iterator[tuple[str, str]]:
    """Every question of the sets, and those at hand outside the project; without those that do hold personal data."""
    files = [one for one in SETS.rglob("*.tsv") if one.name != "personal-data.tsv"]
    files += [SHARED / "retrieval" / "questions-dev.tsv"] if (SHARED / "retrieval").exists() else []
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            cells = line.split("\t")
            asked = cells[:2] if file.name == "follow-ups.tsv" else cells[:1]
            yield from ((file.name, text.replace("⏎", "\n")) for text in asked if not line.startswith("#"))


def test_no_question_of_the_sets_is_taken_for_personal_data() -> None:
    asked = list(questions())
    assert len(asked) > 1000
    assert [(name, text) for name, text in asked if personal_data(text) and "personal" not in name] == []


@given(
    st.lists(st.sampled_from(["Anna Müller", "Ben Groß-Schulze", "Carla Meier", "Dana Kühn"]), min_size=3, max_size=8),
    st.sampled_from(["{}, 12.03.1998", "{} (3.4.99)", "{} 1998-03-12", "- {}", "{};"]),
)
def test_a_list_of_names_is_seen_however_it_is_written(names: list[str], line: str) -> None:
    found = personal_data("\n".join(line.format(name) for name in names))
    assert found is not None
    assert found.kind in {"list", "birth"}


@given(st.integers(0, 99), st.dates(date(1930, 1, 1), date(2012, 12, 31)), st.sampled_from("ABMSZ"), st.integers(0, 99))
def test_an_insurance_number_is_known_by_its_check_digit(area: int, born: date, initial: str, serial: int) -> None:
    start = f"{area:02d}{born:%d%m%y}"
    digits = f"{start}{ord(initial) - 64:02d}{serial:02d}"
    check = sum(
        sum(divmod(int(one) * by, 10)) for one, by in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True)
    )
    number = f"{start}{initial}{serial:02d}{check % 10}"
    assert personal_data(f"Die Nummer ist {number}.") == PersonalData("insurance")
    assert personal_data(f"Die Nummer ist {number[:-1]}{(check + 1) % 10}.") is None
