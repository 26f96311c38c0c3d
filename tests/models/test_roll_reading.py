import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from models.calendar import Calendar
from models.roll import DEADLINES, MEETINGS, MEMBERS, Fault, list_in
from models.roll.lists import read_list
from models.roll.office import read_office
from models.roll.tables import clean, read_table
from models.roll.values import WHOLE_FILE, Row
from models.spreadsheet.limits import LARGEST

CALENDAR = Calendar()
HEADING = "body;mandate;role;name;language;status"
DEADLINE = "key;title;kind;areas;opens;due;mode;place;copies;budget;audience;leads;shift;source;status"


def members(*lines: str, heading: str = HEADING) -> tuple[list[Row], list[Fault]]:
    return read_list("members.csv", MEMBERS, "\n".join([heading, *lines]).encode(), CALENDAR)


def deadlines(*lines: str, heading: str = DEADLINE) -> tuple[list[Row], list[Fault]]:
    return read_list("deadlines.csv", DEADLINES, "\n".join([heading, *lines]).encode(), CALENDAR)


def meetings(*lines: str) -> tuple[list[Row], list[Fault]]:
    heading = "key;body;title;start;end;place;agenda;status"
    return read_list("meetings.csv", MEETINGS, "\n".join([heading, *lines]).encode(), CALENDAR)


def where(faults: list[Fault]) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.reason) for fault in faults]


def sheet(*rows: list[object]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# --- members


def test_a_member_is_keyed_by_body_mandate_role_and_name() -> None:
    rows, faults = members("RAK SDL;IHK Magdeburg;mitglied;Jörg  Müller;de;")
    assert faults == []
    assert rows[0].key == ("RAK SDL", "IHK Magdeburg", "mitglied", "Jörg Müller")
    assert rows[0].values == {"language": "de", "status": ""}
    assert rows[0].line == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_spreadsheet_program_may_have_written_it(encoding: str, mark: str, end: str) -> None:
    text = end.join([HEADING, 'RAK SDL;"Träger; und, Wirtschaft";mitglied;Jörg Größe;;', ""])
    text = text if mark == ";" else text.replace(";", ",").replace("Träger, und", "Träger; und")
    rows, faults = read_list("members.csv", MEMBERS, text.encode(encoding), CALENDAR)
    assert faults == []
    assert rows[0].key == ("RAK SDL", "Träger; und, Wirtschaft", "mitglied", "Jörg Größe")


def test_umlauts_of_two_halves_and_invisible_marks_make_no_second_person() -> None:
    assert clean("Mu\u0308ller") == "Müller"
    assert clean("\u202eErika\u00a0 Beispiel\u200b ") == "Erika Beispiel"
    assert clean("eins \r\n  zwei") == "eins\nzwei"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("RAK SDL;;mitglied;A;;", (2, "mandate", "missing")),
        (";IHK;stellvertretung;A;;", (2, "body", "missing")),
        ("RAK SDL;IHK;beratend;A;;", (2, "mandate", "must be empty")),
        ("RAK SDL;;buero;A;;", (2, "body", "must be empty")),
        (";;traeger;A;;", (2, "mandate", "missing")),
        ("RAK SDL;IHK;chef;A;;", (2, "role", "unknown role")),
        ("RAK SDL;IHK;;A;;", (2, "role", "missing")),
        ("RAK SDL;IHK;mitglied;;;", (2, "name", "missing")),
        ("RAK SDL;IHK;mitglied;A;fr;", (2, "language", "unknown language")),
        ("RAK SDL;IHK;mitglied;A;;abgesagt", (2, "status", "unknown status")),
        ("RAK SDL;IHK;mitglied;=1+1;;", (2, "name", "formula")),
        (f"RAK SDL;IHK;mitglied;{'A' * 201};;", (2, "name", "too long")),
        ("RAK SDL;IHK;mitglied;A;;;extra", (2, None, "too many cells")),
    ],
)
def test_a_fault_is_named_with_its_place(line: str, expected: tuple[int, str, str]) -> None:
    assert where(members(line)[1]) == [expected]


def test_all_faults_are_named_at_once_and_blank_rows_count() -> None:
    _, faults = members("RAK SDL;IHK;chef;A;fr;", "", ";;buero;;;", "RAK SDL;IHK;mitglied;B;;weg")
    assert where(faults) == [
        (2, "role", "unknown role"),
        (2, "language", "unknown language"),
        (4, "name", "missing"),
        (5, "status", "unknown status"),
    ]


@pytest.mark.parametrize("role", ["Büro", "BUERO", "buero"])
def test_roles_may_be_spelled_as_people_do(role: str) -> None:
    assert members(f";;{role};A;;")[0][0].key == ("", "", "buero", "A")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("body;mandate;role;language;status", (1, "name", "column missing")),
        ("body;mandate;role;name;telefon", (1, "telefon", "unknown column")),
        ("body;mandate;role;name;name", (1, "name", "column twice")),
        ("", (None, None, "empty")),
    ],
)
def test_a_wrong_heading_is_named(heading: str, expected: tuple[int | None, str | None, str]) -> None:
    assert where(members(heading=heading)[1]) == [expected]


def test_a_column_left_out_says_nothing() -> None:
    rows, faults = members("RAK SDL;IHK;mitglied;A", heading="Body; Mandate; Role; Name")
    assert faults == []
    assert rows[0].values == {}


# --- broken files


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("members.csv", b"\xff\xfeb\x00o\x00d\x00y", "unreadable"),
        ("members.csv", b"b\x00o\x00d\x00y\x00", "unreadable"),
        ("members.csv", b"a\x81b", "unreadable"),
        ("members.csv", b"x" * (LARGEST + 1), "too large"),
        ("members.csv", HEADING.encode() + b'\n"RAK', "unreadable"),
        ("members.csv", b"", "empty"),
        ("members.xlsx", b"no zip", "unreadable"),
        ("members.xlsx", b"", "unreadable"),
        ("members.csv", HEADING.encode() + b"\n" + b";;buero;A;;\n" * 20_001, "too many rows"),
    ],
)
def test_a_broken_file_is_one_fault(name: str, content: bytes, reason: str) -> None:
    _, faults = read_table(name, content, ["body"], ["body"])
    assert [fault.reason for fault in faults] == [reason]
    assert reason in WHOLE_FILE


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for name in ("members.csv", "members.xlsx"):
        rows, faults = read_list(name, MEMBERS, content, CALENDAR)
        assert faults
        assert rows == []


# --- .xlsx


def test_a_sheet_reads_as_its_csv() -> None:
    heading = DEADLINE.split(";")
    due = datetime(2026, 3, 20, 12, 0)  # noqa: DTZ001 - a spreadsheet knows no zone
    row: list[object] = ["k1", "Aufruf", "Aufruf", "C", None, due, "", "", 2, 850000.0, "alle", 7, True, "x", ""]
    rows, faults = read_list("deadlines.xlsx", DEADLINES, sheet(list(heading), [], row), CALENDAR)
    assert faults == []
    assert rows[0].line == 3
    assert rows[0].values["due_at"] == datetime(2026, 3, 20, 11, 0, tzinfo=UTC)
    assert rows[0].values["copies"] == "2"
    assert rows[0].values["budget"] == "850000"
    assert rows[0].values["leads"] == [7]
    assert rows[0].values["shift"] is True


def test_a_formula_in_a_sheet_is_refused() -> None:
    content = sheet(list(HEADING.split(";")), ["RAK SDL", "IHK", "mitglied", '=HYPERLINK("x")', "", ""])
    assert where(read_list("members.xlsx", MEMBERS, content, CALENDAR)[1]) == [(2, "name", "formula")]


# --- deadlines and meetings


def test_a_deadline_is_read_whole() -> None:
    rows, faults = deadlines(
        "stabil-26;Aufruf STABIL;aufruf;c a;02.02.2026;20.03.2026 12:00;Posteingang;Postfach;2;850.000 €;"
        "traeger: Lernwerk gGmbH;7 30;ja;Aufruf;"
    )
    assert faults == []
    assert rows[0].key == ("stabil-26",)
    assert rows[0].values == {
        "title": "Aufruf STABIL",
        "kind": "Aufruf",
        "areas": ["A", "C"],
        "opens_at": datetime(2026, 2, 1, 23, 0, tzinfo=UTC),
        "due_at": datetime(2026, 3, 20, 11, 0, tzinfo=UTC),
        "mode": "Posteingang",
        "place": "Postfach",
        "copies": "2",
        "budget": "850.000 €",
        "audience": "traeger:Lernwerk gGmbH",
        "leads": [30, 7],
        "shift": True,
        "source": "Aufruf",
        "status": "",
    }


def test_empty_cells_mean_the_usual() -> None:
    rows, faults = deadlines("k;T;Antrag;;;2026-07-01T12:00;;;;;;;;;")
    assert faults == []
    values = rows[0].values
    assert (values["leads"], values["audience"], values["shift"], values["areas"]) == (
        [30, 14, 7, 3, 1],
        "alle",
        False,
        [],
    )
    assert values["opens_at"] is None
    assert values["due_at"] == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "20.03.2026 12:00",
        "20.3.2026, 12:00 Uhr",
        "Fr, 20.03.2026, 12:00 Uhr",
        "20.03.2026 12.00 Uhr",
        "2026-03-20 12:00",
        "2026-03-20T12:00:00",
        "2026-03-20T12:00+01:00",
        "2026-03-20T11:00Z",
    ],
)
def test_times_of_any_usual_spelling(text: str) -> None:
    rows, faults = deadlines(f"k;T;Antrag;;;{text};;;;;;;;;")
    assert faults == []
    assert rows[0].values["due_at"] == datetime(2026, 3, 20, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("due", "20.03.2026", "no clock time"),
        ("due", "2026-03-20", "no clock time"),
        ("due", "31.02.2026 12:00", "not a time"),
        ("due", "bald", "not a time"),
        ("due", "", "missing"),
        ("due", "28.03.2027 02:30", "no such time"),
        ("opens", "21.03.2026", "opens after it closes"),
        ("kind", "Termin", "unknown kind"),
        ("kind", "", "missing"),
        ("areas", "C N", "unknown area"),
        ("areas", "AC", "unknown area"),
        ("leads", "7 bald", "not days"),
        ("leads", "400", "not days"),
        ("leads", "-1", "not days"),
        ("shift", "vielleicht", "not yes or no"),
        ("audience", "traeger:", "not an audience"),
        ("status", "weg", "unknown status"),
        ("title", "=cmd|' /C calc'!A0", "formula"),
    ],
)
def test_a_deadlines_cell_that_cannot_be_taken(column: str, cell: str, reason: str) -> None:
    cells = dict.fromkeys(DEADLINE.split(";"), "") | {
        "key": "k",
        "title": "T",
        "kind": "Antrag",
        "due": "20.03.2026 12:00",
    }
    _, faults = deadlines(";".join((cells | {column: cell}).values()))
    assert where(faults) == [(2, column, reason)]


def test_a_meeting_may_end_by_the_clock_alone() -> None:
    rows, faults = meetings('s1;RAK SDL;Herbstsitzung;10.12.2026 14:00;16:00;Raum 2;"1. Begrüßung\n2. STABIL";')
    assert faults == []
    assert rows[0].values["ends_at"] == datetime(2026, 12, 10, 15, 0, tzinfo=UTC)
    assert rows[0].values["agenda"] == "1. Begrüßung\n2. STABIL"
    assert rows[0].values["body"] == "RAK SDL"


@pytest.mark.parametrize(
    ("end", "reason"), [("13:00", "ends before it starts"), ("", "missing"), ("irgendwann", "not a time")]
)
def test_a_meeting_ends_after_it_starts(end: str, reason: str) -> None:
    assert where(meetings(f"s1;RAK SDL;T;10.12.2026 14:00;{end};;;")[1]) == [(2, "end", reason)]


# --- office.toml

OFFICE = """
name = "ReKo Altmark"
contact = "Tel. 0123, a@example.org"
time_zone = "Europe/Berlin"
holiday_region = "DE-ST"
languages = ["de", "en"]
[settings]
postal_days = 3
[[body]]
name = "Regionaler Arbeitskreis"
short = "RAK SDL"
[body.charter]
preset = "angelehnt an KVG LSA"
tie = "chair decides"
chair = "Landrat"
[[body]]
name = "Begleitgremium"
short = "BG"
"""


def test_an_office_and_its_bodies() -> None:
    office, bodies, faults = read_office("office.toml", OFFICE.encode())
    assert faults == []
    assert office["settings"] == {"postal_days": 3}
    assert [body.key for body in bodies] == [("RAK SDL",), ("BG",)]
    charter = bodies[0].values["charter"]
    assert (charter["tie"], charter["chair"], charter["abstentions"]) == ("chair decides", "Landrat", "not counted")
    assert bodies[1].values["charter"]["tie"] == "rejected"


@pytest.mark.parametrize(
    ("old", "new", "line", "place", "reason"),
    [
        ('"Europe/Berlin"', '"Europa/Berlin"', 4, "time_zone", "unknown zone"),
        ('"Europe/Berlin"', '"../etc/passwd"', 4, "time_zone", "unknown zone"),
        ('"DE-ST"', '"DE-SA"', 5, "holiday_region", "unknown region"),
        ('["de", "en"]', '["de", "fr"]', 6, "languages", "unknown language"),
        ("postal_days = 3", "postal_days = true", 7, "settings", "not days"),
        ("postal_days = 3", "porto = 3", 7, "settings", "unknown key"),
        ("postal_days = 3", "meeting_reminders = 3", 7, "settings", "not days"),
        ("postal_days = 3", "meeting_reminders = [7, -2]", 7, "settings", "not days"),
        ("postal_days = 3", "retention_years = 0", 7, "settings", "not a number"),
        ("postal_days = 3", "text_months = 37", 7, "settings", "not a number"),
        ("postal_days = 3", "legal_basis = 6", 7, "settings", "not a text"),
        ('contact = "Tel', 'telefon = "Tel', 3, "telefon", "unknown key"),
        ('"ReKo Altmark"', "7", 2, "name", "not a text"),
        ('"ReKo Altmark"', '""', 2, "name", "missing"),
        ('tie = "chair decides"', 'tie = "Los"', 14, "[[body]] 1, charter.tie", "charter"),
        ('short = "BG"', 'short = "RAK SDL"', 18, "[[body]] 2, short", "body twice"),
        ('short = "BG"', 'kurz = "BG"', 18, "[[body]] 2, kurz", "unknown key"),
        ('short = "BG"', 'kurz = "BG"', 16, "[[body]] 2, short", "missing"),
    ],
)
def test_a_fault_in_office_toml(old: str, new: str, line: int, place: str, reason: str) -> None:
    _, _, faults = read_office("office.toml", OFFICE.replace(old, new).encode())
    assert (line, place, reason) in where(faults)


def test_broken_toml_names_its_line() -> None:
    assert where(read_office("office.toml", b'name = "x"\ncontact = \n')[2]) == [(2, None, "toml")]
    assert where(read_office("office.toml", b"\xff")[2]) == [(None, None, "unreadable")]
    assert where(read_office("office.toml", b"body = 7")[2]) == [(1, "[[body]]", "not a table")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("members.csv", "members"),
        ("Members (1).XLSX", "members"),
        ("office.toml", "office"),
        ("meetings.csv.bak", None),
        ("~$members.xlsx", None),
        ("notes.md", None),
    ],
)
def test_files_are_known_by_name(name: str, kind: str | None) -> None:
    assert list_in(name) == kind


def test_what_the_privacy_notice_says_of_the_office() -> None:
    said = 'controller = "Landkreis\\u202e"\nretention_years = 7\ntext_months = 6'
    office, _, faults = read_office("office.toml", OFFICE.replace("postal_days = 3", said).encode())
    assert faults == []
    assert office["settings"] == {"controller": "Landkreis", "retention_years": 7, "text_months": 6}
