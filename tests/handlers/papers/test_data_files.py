"""The record for machines: the agreed keys, the same figures, no formulas, no secrets."""

import csv
import json
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from handlers.papers import decision_csv, decision_json
from models.spreadsheet.marks import FORMULA_STARTS, neutral
from tests.handlers.papers.samples import (
    CLOSED,
    HEAD,
    MANDATES,
    OPENED,
    VOICE,
    ZONE,
    election,
    motion,
    ranking,
    straw_poll,
)

KEYS = [
    *("number", "body", "kind", "title", "text", "opened_at", "closed_at"),
    *("mandates", "excluded", "voted", "yes", "no", "abstained"),
    *("quorum", "majority", "tie", "verdict", "ballots", "attachments", "record"),
]


def test_json_has_exactly_the_keys_agreed() -> None:
    told = json.loads(decision_json(motion(), ZONE))
    assert list(told) == KEYS
    assert told["quorum"] == {"needed": 5, "reached": True, "rule": "mehr als 1/2 von 8"}
    assert told["majority"] == {"rule": "einfache Mehrheit", "reached": True}
    assert told["attachments"][0].keys() == {"name", "sha256"}
    assert told["record"] == {"length": 42, "head": HEAD}
    assert told["verdict"] == "angenommen"
    assert [told[key] for key in ("mandates", "excluded", "voted", "yes", "no", "abstained")] == [8, 1, 6, 4, 1, 1]


def test_json_instants_carry_the_offset() -> None:
    told = json.loads(decision_json(motion(), ZONE))
    assert told["closed_at"] == "2026-12-01T12:00:00+01:00"
    assert datetime.fromisoformat(told["opened_at"]) == OPENED
    assert told["ballots"][4] == {
        "mandate": "IHK Magdeburg",
        "choice": "Ja",
        "cast_by": "Anna Beispiel",
        "deputy": True,
        "way": "Telegram",
        "cast_at": "2026-11-25T05:07:00+01:00",
        "receipt": "7F34",
    }
    assert len(told["ballots"]) == 7  # who has not voted has none


def test_json_of_a_straw_poll_has_no_verdict() -> None:
    told = json.loads(decision_json(straw_poll(), ZONE))
    assert list(told) == KEYS
    assert (told["verdict"], told["quorum"], told["majority"]) == (None, None, None)


def test_json_of_other_kinds_tells_their_options_and_tables() -> None:
    assert json.loads(decision_json(election(), ZONE))["options"][0]["votes"] == 3
    assert json.loads(decision_json(ranking(), ZONE))["tables"][0]["rows"][0][0] == "1"


@pytest.mark.parametrize("change", [{"secret": True}, {"names": False}], ids=["secret", "without names"])
def test_json_keeps_secrets(change: dict[str, bool]) -> None:
    made = decision_json(motion(**change), ZONE).decode()
    assert "ballots" not in json.loads(made)
    assert [one.receipt for one in motion().seats if one.receipt and one.receipt in made] == []
    assert [one for one in MANDATES if one in made] == []


def read(made: bytes) -> list[list[str]]:
    assert made.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(made.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_has_heading_lines_and_one_row_a_mandate() -> None:
    rows = read(decision_csv(motion(), VOICE))
    assert ["Abstimmung Nr.", "17"] in rows
    assert ["Ergebnis", "angenommen"] in rows
    assert ["Quorum", "6 von 8 (alle Mandate), nötig > 1/2, also 5 – erreicht"] in rows
    assert ["Wortlaut", motion().text] in rows
    start = rows.index(["Mandat", "Stimme", "Abgegeben von", "Durch Stellvertretung", "Weg", "Zeit", "Beleg"])
    assert [one[0] for one in rows[start + 1 :]] == list(MANDATES)
    assert rows[start + 5] == [
        "IHK Magdeburg", "Ja", "Anna Beispiel", "ja", "Telegram", "25.11.2026, 05:07 Uhr", "7F34",
    ]  # fmt: skip
    assert rows[-1][1] == "keine Stimme"


def test_csv_keeps_secrets() -> None:
    rows = read(decision_csv(motion(secret=True, exclusions=(), notes=()), VOICE))
    start = rows.index(["Mandat", "Stimme", "Abgegeben von", "Durch Stellvertretung", "Weg"])
    assert {one[1] for one in rows[start + 1 :]} == {"abgestimmt", "keine Stimme"}
    assert [one.receipt for one in motion().seats if one.receipt and one.receipt in str(rows)] == []
    assert VOICE.stamp(motion().seats[0].at or CLOSED) not in str(rows)


def test_csv_tells_a_ranking() -> None:
    rows = read(decision_csv(ranking(6), VOICE))
    assert ["Rang", "Projekt", "Punkte", "Bewertungen", "gefördert"] in rows


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+49 3931", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1", "＝1+1", "\x00=1+1"]
)
def test_a_formula_becomes_a_text(text: str) -> None:
    assert neutral(text).startswith("'")


@settings(deadline=None)
@given(st.text(st.characters(categories=None, codec=None)))
def test_no_cell_is_computed_by_any_spreadsheet(text: str) -> None:
    rows = read(decision_csv(motion(title=text, text=text), VOICE))
    cells = [cell for row in rows for cell in row]
    assert [one for one in cells if one.lstrip().startswith(FORMULA_STARTS)] == []
    assert "\x00" not in "".join(cells)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_what_is_neutral_is_a_text_in_a_workbook_too(text: str) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append([neutral(text)])
    kept = BytesIO()
    book.save(kept)
    read_back: Any = load_workbook(kept).active
    assert read_back["A1"].data_type != "f"


@pytest.mark.parametrize("text", ["IHK Magdeburg", "8", "", "§ 33", "Zeile 1\nZeile 2", "850.000 €"])
def test_a_harmless_text_stays(text: str) -> None:
    assert neutral(text) == text
