"""``init``: what six answers make, that ``load`` takes it as it is, and that nothing is left behind otherwise."""

import io
import re
import stat
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.founding import command
from bot.founding.answers import (
    QUESTIONS,
    RULES,
    Answers,
    BodyName,
    UnfitAnswer,
    one_line,
    read_body,
    read_contact,
    read_place,
    read_rules,
)
from bot.founding.papers import examples, folder_of
from bot.founding.toml import CHARTER, SETTINGS
from bot.office_folder import Loaded, load, read_folder
from handlers.papers.sheets import csv_file
from models.base import Database
from models.calendar import Calendar
from models.charter import PRESETS
from models.roll import MEMBERS, columns, list_in
from models.roll.lists import read_list
from models.roll.office import DAYS, FLAGS, KEYS, NUMBERS, TEXTS, read_office
from tests.auxil.clock import Clock

NASTY = 'Sabine "S" \\ Sömmer'
SAID = ["Landkreis Stendal", "", "", "03931 555 0142, reko@example.org", "", NASTY]
ANSWERS = Answers("Stendal", "ReKo", BodyName("Arbeitskreis", "RAK"), "a@b.de", RULES[0], "Berta Büro")
COMMENTED = re.compile(r"^#(?=[a-z_]+ = )", re.MULTILINE)


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


async def loaded(database: Database, folder: Path, clock: Clock) -> Loaded:
    async with database.begin() as session:
        return await load(session, read_folder(folder), clock.now)


async def test_load_takes_the_folder_as_it_is_and_a_second_time_finds_nothing_new(
    database: Database,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed(monkeypatch, *SAID)
    monkeypatch.chdir(tmp_path)  # the interpreter lies elsewhere: it is said as "python"
    folder = tmp_path / "mein büro"
    assert command.found_folder(folder) == 0
    assert capsys.readouterr().out.endswith(f"Nächster Schritt: python -m bot load '{folder}'\n")
    lines = (await loaded(database, folder, clock)).lines
    assert "office.toml: neu: RAK Stendal · Regionaler Arbeitskreis Stendal" in lines
    assert not any("\n" in line for line in lines), "the contact has two lines, what is said of it one"
    assert f"members: neu: {NASTY} (buero)" in lines
    assert f"members: neu: {NASTY} (mitglied, Probesitz 1, Probe)" in lines
    assert (await loaded(database, folder, clock)).lines == ("nichts geändert",)


@pytest.mark.parametrize("rules", RULES)
async def test_whatever_is_commented_out_can_be_taken_in_and_says_what_holds_anyway(
    sqlite_database: Database, clock: Clock, tmp_path: Path, rules: str
) -> None:
    files = dict(folder_of(replace(ANSWERS, rules=rules)))
    await loaded(sqlite_database, write(tmp_path, files), clock)
    text = files["office.toml"].decode()
    hidden = COMMENTED.findall(text)
    assert len(hidden) >= 14
    for place in [one.start() for one in COMMENTED.finditer(text)]:  # each alone
        assert read_office("office.toml", (text[:place] + text[place + 1 :]).encode())[2] == []
    files["office.toml"] = COMMENTED.sub("", text).encode()  # all of them
    said = (await loaded(sqlite_database, write(tmp_path / "office", files), clock)).lines
    # The settings of an office are kept as they are said; of what holds, nothing changes.
    assert [line for line in said if "settings" not in line] in ([], ["nichts geändert"])


@pytest.mark.parametrize("rules", RULES)
def test_every_key_there_is_stands_in_it_with_a_word_on_it(rules: str) -> None:
    text = COMMENTED.sub("", folder_of(replace(ANSWERS, rules=rules))["office.toml"].decode())
    said = tomllib.loads(text)
    assert set(said) == set(KEYS)
    assert set(said["settings"]) == {*NUMBERS, *DAYS, *FLAGS, *TEXTS}
    assert set(said["body"][0]["charter"]) == {"preset", *PRESETS[RULES[0]]}
    assert all(CHARTER.values())
    assert all(meaning for _, _, meaning in SETTINGS)
    lines = text.splitlines()
    alone = [
        one for at, one in enumerate(lines) if " = " in one and not one.startswith("#") and lines[at - 1][:1] != "#"
    ]
    assert [one.split(" = ")[0] for one in alone] == ["name", "name", "short"], "of a body what it is stands above it"


async def test_the_lines_to_copy_are_taken_too(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    files = dict(folder_of(ANSWERS))
    rows = [columns(MEMBERS), *examples("RAK")]
    assert all(line.encode() in files["LIESMICH.txt"] for line in csv_file(rows[1:]).decode("utf-8-sig").splitlines())
    shown = csv_file(rows).split(b"\r\n", 1)[1]
    files["members.csv"] += shown
    lines = (await loaded(sqlite_database, write(tmp_path, files), clock)).lines
    assert "members: neu: Vera Muster (mitglied, IHK Magdeburg, RAK)" in lines


WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)


@given(office=WORDS, name=WORDS, short=WORDS, staff=WORDS, rules=st.sampled_from(RULES))
def test_whatever_is_answered_is_what_is_read_again(office: str, name: str, short: str, staff: str, rules: str) -> None:
    try:
        body = read_body(f"{name} ({short})")
        answers = Answers("X", one_line(office), body, "a@b.de", rules, one_line(staff))
    except UnfitAnswer:
        return
    files = folder_of(answers)
    said, bodies, faults = read_office("office.toml", files["office.toml"])
    assert faults == []
    assert said["name"] == answers.office
    assert (bodies[0].key[0], bodies[0].values["name"]) == (body.short, body.name)
    rows, faults = read_list("members.csv", MEMBERS, files["members.csv"], Calendar())
    assert faults == []
    assert {one.key[3] for one in rows} == {answers.staff}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Stendal", "Stendal"),
        ("  Landkreis   Stendal ", "Stendal"),
        ("kreis Plön", "Plön"),
        ("Landkreis", "Landkreis"),
    ],
)
def test_places(text: str, read: str) -> None:
    assert read_place(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Regionaler Arbeitskreis Börde (RAK Börde)", ("Regionaler Arbeitskreis Börde", "RAK Börde")),
        ("Regionaler Arbeitskreis Börde", ("Regionaler Arbeitskreis Börde", "RAK Börde")),
        ("Beirat", ("Beirat", "Beirat")),
        ("Beirat (alt) (B)", ("Beirat (alt)", "B")),
    ],
)
def test_bodies(text: str, read: tuple[str, str]) -> None:
    assert read_body(text) == read


@pytest.mark.parametrize(
    "text", ["", "Beirat (probe)", "Beirat (alle)", "Beirat (traeger:X)", "B" * 41, "Beirat ( - )", "- (B)", "x" * 201]
)
def test_bodies_that_cannot_be(text: str) -> None:
    with pytest.raises(UnfitAnswer):
        read_body(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("03931 5550, reko@example.org", "Telefon 03931 5550\nreko@example.org"),
        ("Tel. 03931/5550; reko@example.org", "Tel. 03931/5550\nreko@example.org"),
        ("reko@example.org", "reko@example.org"),
    ],
)
def test_contacts(text: str, read: str) -> None:
    assert read_contact(text) == read


@pytest.mark.parametrize("text", ["", "im Rathaus", "110", "reko(at)example.org"])
def test_contacts_that_reach_nobody(text: str) -> None:
    with pytest.raises(UnfitAnswer):
        read_contact(text)


def test_rules_by_number_or_name() -> None:
    assert [read_rules(str(number)) for number in range(1, len(RULES) + 1)] == list(RULES)
    assert read_rules("Angelehnt an KVG LSA") == RULES[0]
    for text in ("0", str(len(RULES) + 1), "ja", ""):
        with pytest.raises(UnfitAnswer):
            read_rules(text)


def test_a_bad_answer_gets_one_sentence_and_the_question_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "", "Stendal", "", "", "weiß nicht", "a@b.de", "9", "2", "   ", "Berta Büro")
    assert command.found_folder(tmp_path / "o") == 0
    said = capsys.readouterr().out
    counts = [len(re.findall(rf"^(?:> )?{number}/6 ", said, re.MULTILINE)) for number in range(1, 7)]
    assert counts == [2, 1, 1, 2, 2, 2]
    assert "Bitte eine Zahl von 1 bis 4." in said
    assert 'preset = "angelehnt an ARGE-Beirat Bitterfeld"' in (tmp_path / "o" / "office.toml").read_text("utf-8")


@pytest.mark.parametrize("answered", range(len(QUESTIONS)))
def test_whoever_stops_half_way_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answered: int
) -> None:
    typed(monkeypatch, *SAID[:answered])
    assert command.found_folder(tmp_path / "o") == 1
    assert "Es wurde nichts angelegt." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", stop)
    assert command.found_folder(tmp_path / "o") == command.STOPPED
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, *SAID)
    wrote = Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        if self.name == "meetings.csv":
            raise OSError(28, "No space left on device")
        return wrote(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert command.found_folder(tmp_path / "o") == 1
    assert "No space left" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_anything_is_refused_before_any_question_and_untouched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, *SAID)
    (tmp_path / "office.toml").write_text("meins")
    assert command.found_folder(tmp_path) == 1
    said = capsys.readouterr()
    assert "ist nicht leer" in said.err
    assert "1/6" not in said.out
    assert [one.name for one in tmp_path.iterdir()] == ["office.toml"]
    assert (tmp_path / "office.toml").read_text() == "meins"


def test_only_its_owner_can_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, *SAID)
    assert command.found_folder(tmp_path / "neu" / "o") == 0
    modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "neu" / "o").rglob("*") if one.is_file()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "neu" / "o").stat().st_mode) == 0o700


def test_bytes_that_are_no_text_are_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "\n".join([*SAID[:-1], "Sömmer"]).encode("latin-1") + f"\n{NASTY}\n".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said), encoding="utf-8"))
    assert command.found_folder(tmp_path / "o") == 0
    assert "kein lesbarer Text" in capsys.readouterr().out
    assert "Sömmer" in (tmp_path / "o" / "members.csv").read_text("utf-8-sig")


def test_what_explains_the_folder_is_read_by_nobody() -> None:
    files = folder_of(ANSWERS)
    assert [name for name in files if "LIESMICH" in name] == ["LIESMICH.txt", "sources/LIESMICH.txt"]
    assert list_in("LIESMICH.txt") is None
