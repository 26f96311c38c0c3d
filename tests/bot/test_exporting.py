"""The Akte: all of it or nothing, the same each time, readable without the program, and nobody's secrets in it."""

import asyncio
import csv
import json
import shutil
import stat
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from bot import __main__ as shell
from bot.application import utc_now
from bot.exporting import Exported, NoRoom, export
from bot.exporting.coverage import COVERED, LEFT_OUT
from bot.exporting.folder import MANIFEST, SUMS, new_folder
from bot.exporting.names import LONGEST, safe_name
from bot.exporting.toml import office_toml
from bot.office_folder import load, read_folder
from models.ballot.rows import Ballot
from models.base import Database, open_database
from models.charter import DEFAULT_PRESET
from models.member import Code
from models.office import Body, Office
from models.record import check_chain
from models.record.chain import Line
from models.roll.office import read_office
from models.roll.tables import clean
from models.tables import METADATA
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.filing import BROKEN, OPEN, OPEN_RUNNING, SECRET, SECRET_RUNNING, TELEGRAM, furnish
from tests.auxil.party import VERA, at_work


@dataclass(frozen=True)
class Filed:
    """A store with something of everything, and the Akte of it. Both are made once and only looked at."""

    url: str
    now: datetime
    folder: Path
    code: str
    exported: Exported


pytestmark = pytest.mark.xdist_group("filed")  # one worker makes the Akte


@pytest.fixture(scope="module")
def filed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Filed:
    path = tmp_path_factory.mktemp("filed")
    shutil.copyfile(sqlite_template, path / "store.db")
    return asyncio.run(_filed(f"sqlite:///{path / 'store.db'}", path / "akte"))


async def _filed(url: str, folder: Path) -> Filed:
    database, clock = open_database(url), Clock()
    async with at_work(database, FakeTelegram(), clock) as party:
        await furnish(party)
        code = await party.issue(VERA)
    exported = await export(database, folder, clock.now)
    await database.close()
    return Filed(url, clock.now, folder, code, exported)


@pytest.fixture
async def store(filed: Filed) -> AsyncIterator[Database]:
    database = open_database(filed.url)
    yield database
    await database.close()


@pytest.fixture
def found(filed: Filed) -> dict[str, bytes]:
    return files(filed.folder)


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def folders(path: Path) -> list[str]:
    return sorted(one.name for one in path.iterdir() if one.is_dir())


def checked(folder: Path) -> tuple[int, int]:
    """What ``sha256sum -c`` comes to, and how many files it looked at."""
    command = ["sha256sum", "-c", "--strict", SUMS]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True)  # noqa: S603 - a fixed command
    return done.returncode, len(done.stdout.splitlines())


def texts(found: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """What can be read in the files: CSV cells without their mark, JSON with its signs, what stands in workbooks."""
    for name, content in found.items():
        if name.endswith(".xlsx"):
            book = load_workbook(BytesIO(content))
            cells = (cell for page in book for row in page.iter_rows() for cell in row)
            yield name, "\n".join(str(cell.value) for cell in cells if cell.value is not None)
        elif not name.endswith(".pdf"):
            yield name, content.decode()


# --- what is in it


async def test_the_akte_is_whole_the_same_each_time_and_can_be_checked(
    filed: Filed, store: Database, found: dict[str, bytes], tmp_path: Path
) -> None:
    second = tmp_path / "neu" / "noch einmal"
    second.mkdir(parents=True)  # an empty folder will do
    exported = await export(store, second, filed.now + timedelta(days=3))
    again = files(second)
    assert [name for name in found | again if found.get(name) != again.get(name)] == [MANIFEST]
    told, told_again = json.loads(found[MANIFEST]), json.loads(again[MANIFEST])
    assert {key for key in told if told[key] != told_again[key]} == {"made_at"}
    assert exported.sha256 == sha256(again[MANIFEST]).hexdigest() != filed.exported.sha256
    assert {one["path"]: one["sha256"] for one in told["files"]} == {
        name: sha256(content).hexdigest() for name, content in found.items() if name != MANIFEST
    }
    assert exported.files == len(found) - 2
    assert checked(second) == (0, len(found) - 2)
    (second / "LIESMICH.txt").write_text("anders")
    assert checked(second) == (1, len(found) - 2)
    # Nobody else on this computer can read it, and nothing is left beside it.
    assert {stat.S_IMODE(one.stat().st_mode) for one in [second, *second.rglob("*")] if one.is_dir()} == {0o700}
    assert {stat.S_IMODE(one.stat().st_mode) for one in second.rglob("*") if one.is_file()} == {0o600}
    assert folders(second.parent) == ["noch einmal"]
    # Every computer takes these names.
    assert [name for name in found for part in PurePath(name).parts if safe_name(part) != part] == []
    for name, content in found.items():
        if name.endswith(".pdf") and "anlagen" not in name and "niederschrift/" not in name:
            assert len(PdfReader(BytesIO(content)).pages) >= 1, name


async def test_every_table_is_in_it_or_it_says_why_not(store: Database, found: dict[str, bytes]) -> None:
    assert COVERED.keys() & LEFT_OUT.keys() == set()
    assert METADATA.tables.keys() - COVERED.keys() - LEFT_OUT.keys() == set(), (
        "a new table: list it in bot/exporting/coverage.py, and export it or say why not"
    )
    assert (COVERED.keys() | LEFT_OUT.keys()) - METADATA.tables.keys() == set()
    said = dict(texts(found))
    for name, held in COVERED.items():
        assert any(one.startswith(held.path) for one in found), name
        async with store.read() as session:
            rows = list((await session.execute(select(METADATA.tables[name]))).mappings())
        assert rows, f"the sample has no row in {name}"
        text = "\n".join(value for one, value in said.items() if one.startswith(held.path))
        for row in rows if held.column else ():
            if _belongs(name, row):
                value = str(row[held.column])
                assert value in text.replace('\\"', '"'), f"{name}.{held.column}: {value}"
    assert json.loads(found[MANIFEST])["left_out"] == LEFT_OUT


def _belongs(table: str, row: object) -> bool:
    """Of open votes that run no ballot is told; nothing is said of a question that nobody answered."""
    said = dict(row)  # type: ignore[call-overload]
    if table == "ballots":
        return bool(said["vote_number"] == OPEN)
    return not (table == "questions" and not said["answer"])


def test_votes_meetings_and_all_else_lie_where_one_looks_for_them(found: dict[str, bytes]) -> None:
    for name in (
        "buero/office.toml",
        "abstimmungen/0001/entscheidungsprotokoll-1.pdf",
        "abstimmungen/0001/anlagen/01-CON.pdf",
        "abstimmungen/0001/anlagen/02-..-..-anlage.pdf",
        "abstimmungen/0001/anlagen/03-con.PDF",
        "abstimmungen/0003/punkte-3.xlsx",
        "abstimmungen/0005/abstimmung.json",
        "sitzungen/0001/einladung.txt",
        "sitzungen/0001/anlagen/01-Uebersicht-Haushalt.pdf",
        "sitzungen/0001/anwesenheit-1.pdf",
        "sitzungen/0001/niederschrift/01-Niederschrift-1.pdf",
        "rundrufe/0001/bericht.txt",
        "fragen/fragen.xlsx",
        "quellen/texte/alt-1.txt",
        "aufzeichnung/aufzeichnung.jsonl",
    ):
        assert name in found, name
    assert "entscheidungsprotokoll" not in str([name for name in found if f"{BROKEN:04}/" in name])
    assert found["abstimmungen/0001/anlagen/02-..-..-anlage.pdf"] == b"../../anlage.pdf"
    rows = list(csv.reader(found["abstimmungen/abstimmungen.csv"].decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[8] for row in rows[1:]][3:] == [
        "Widerspruch, kommt in die Sitzung", "abgebrochen", rows[6][8], "läuft", "läuft",
    ]  # fmt: skip
    broken = json.loads(found[f"abstimmungen/{BROKEN:04}/abstimmung.json"])
    assert (broken["reason"], broken["closed_at"]) == ("Antrag zurückgezogen", None)
    invitation = found["sitzungen/0001/einladung.txt"].decode()
    assert "1. Beschluss: Werkstatt" in invitation
    assert "Anlagen: Übersicht: Haushalt?.pdf" in invitation
    assert "Entwurf" in found["sitzungen/0002/einladung.txt"].decode()
    assert "zugestellt: " in found["rundrufe/0001/bericht.txt"].decode()
    assert "Guten Tag <zusammen> & alle" in found["rundrufe/0001/text-de.txt"].decode()


def test_the_record_in_it_can_be_checked_without_the_store(filed: Filed) -> None:
    folder = filed.folder / "aufzeichnung"
    lines = [json.loads(line) for line in (folder / "aufzeichnung.jsonl").read_text("utf-8").splitlines()]
    chain = [Line(one["number"], one["vote"], one["entry"].encode(), one["hash"].encode()) for one in lines]
    finding = check_chain(chain)
    assert finding.whole
    head = json.loads((folder / "stand.json").read_bytes())
    assert (head["length"], head["head"]) == (finding.head.length, finding.head.hash)
    people = (folder / "personen.csv").read_text("utf-8-sig")
    assert f"{VERA};Vera Muster" in people
    assert {str(by) for one in lines if (by := json.loads(one["entry"])["by"])} <= set(
        people.replace("\n", ";").split(";")
    )


async def test_what_must_not_be_in_it_is_not(filed: Filed, store: Database, found: dict[str, bytes]) -> None:
    async with store.read() as session:
        digests = list(await session.scalars(select(Code.digest)))
        running = [one.receipt for one in await session.scalars(select(Ballot)) if one.vote_number == OPEN_RUNNING]
    said = "\n".join(f"{name}\n{text}" for name, text in texts(found) if "aufzeichnung" not in name)
    assert digests
    assert running
    for secret in [filed.code, filed.code.replace("-", ""), *digests, *running]:
        assert secret not in said
    assert "Wer bekommt Geld vom Mond?" in said
    for number in (SECRET, SECRET_RUNNING):
        folder = f"abstimmungen/{number:04}/"
        text = "\n".join(one for name, one in texts(found) if name.startswith(folder))
        assert '"choice": "' not in text
    everything = "\n".join(text for _, text in texts(found))
    assert str(TELEGRAM) not in everything
    entries = [line for line in everything.splitlines() if f'\\"vote\\":{SECRET_RUNNING}' in line]
    assert entries
    assert [line for line in entries if "choice" in line] == []
    assert not any(name.startswith(f"abstimmungen/{SECRET_RUNNING:04}/entscheidung") for name in found)


async def test_the_office_folder_in_it_can_be_loaded_again(
    filed: Filed, store: Database, sqlite_database: Database, tmp_path: Path
) -> None:
    folder = read_folder(filed.folder / "buero")
    async with store.read() as session:
        loaded = await load(session, folder, filed.now)
        assert loaded.lines[0] == "nichts geändert"
    async with sqlite_database.begin() as session:
        await load(session, folder, filed.now)
    await export(sqlite_database, tmp_path / "andere", filed.now)
    for name in ("office.toml", "members.csv", "deadlines.csv", "meetings.csv"):
        assert (tmp_path / "andere" / "buero" / name).read_bytes() == (filed.folder / "buero" / name).read_bytes()


# --- all or nothing


async def test_an_empty_store_makes_an_akte_too(database: Database, tmp_path: Path) -> None:
    exported = await export(database, tmp_path / "akte", utc_now())
    assert exported.files == len(files(tmp_path / "akte")) - 2
    assert "buero/office.toml" in files(tmp_path / "akte")


async def test_a_folder_that_is_not_empty_is_left_as_it_is(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "voll").mkdir()
    (tmp_path / "voll" / "x").write_text("x")
    for path in (tmp_path / "voll", tmp_path / "voll" / "x"):
        with pytest.raises(NoRoom, match="ist nicht leer"):
            await export(sqlite_database, path, utc_now())
    with pytest.raises(NoRoom, match="lässt sich nicht anlegen"):
        await export(sqlite_database, tmp_path / "voll" / "x" / "akte", utc_now())
    assert files(tmp_path / "voll") == {"x": b"x"}


def write_half(path: Path) -> None:
    with new_folder(path) as akte:
        akte.put("", "a.txt", b"a")
        raise KeyError


async def test_what_breaks_half_way_leaves_nothing(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "akte").mkdir()
    with pytest.raises(KeyError):
        write_half(tmp_path / "akte")
    assert files(tmp_path / "akte") == {}
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NoRoom, match="No space left on device"):
        await export(sqlite_database, tmp_path / "neu", utc_now())
    assert folders(tmp_path) == ["akte"]


def test_the_command_says_what_vouches_for_it(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", sqlite_url)
    folder = tmp_path / "akte"
    assert shell.main(["export", str(folder)]) == 0
    said = capsys.readouterr()
    digest = sha256((folder / MANIFEST).read_bytes()).hexdigest()
    assert said.out.splitlines()[1] == f"Prüfsumme von manifest.json: {digest}"
    assert shell.main(["export", str(folder)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"{folder} ist nicht leer. Eine Akte wird nur in einen neuen oder leeren Ordner geschrieben.\n"
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path / 'fehlt.db'}")
    assert shell.main(["export", str(tmp_path / "x")]) == 1
    assert "ist nicht da" in capsys.readouterr().err
    assert not (tmp_path / "fehlt.db").exists()
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), tmp_path / "fehlt.db")
    (tmp_path / "leer.db").touch()
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path / 'leer.db'}")
    assert shell.main(["export", str(tmp_path / "x")]) == 1
    assert "Der Speicher hat den Stand leer" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


# --- names, TOML


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Übersicht: Größe?.pdf", "Uebersicht-Groesse.pdf"),
        ("con.pdf", "_con.pdf"),
        ("NUL", "_NUL"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Temp\\x.docx", "C-Temp-x.docx"),
        ("🗳️", "datei"),
        ("", "datei"),
        (".profile", "profile"),
        ("a. ", "a"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
    ],
)
def test_a_name_that_every_computer_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
def test_whatever_a_file_is_called_its_name_is_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST + 1
    assert safe.isascii()
    assert not set(safe) & set('<>:"/\\|?* ')
    assert safe[-1] not in ". "
    assert safe_name(safe) == safe


def test_two_files_of_one_name_stay_two(tmp_path: Path) -> None:
    with new_folder(tmp_path / "akte") as akte:
        assert [akte.put("a", name, b"") for name in ("x.pdf", "X.PDF", "x.pdf", "y", "Y")] == [
            "a/x.pdf", "a/X-2.PDF", "a/x-3.pdf", "a/y", "a/Y-2",
        ]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])), st.booleans(), st.integers(0, 10))
def test_office_toml_says_what_is_stored(name: str, flag: bool, days: int) -> None:
    plain = clean(name) or "x"
    office = Office(id=1, name=plain, contact="a\nb", time_zone="Europe/Berlin", holiday_region="DE-ST")
    office.languages, office.settings = ["de"], {"postal_days": days, "broadcast_release": flag}
    charter = {"preset": DEFAULT_PRESET, "clause": plain, "second_meeting": flag}
    body = Body(name=plain, short="RAK", charter=charter)
    said, bodies, faults = read_office("office.toml", office_toml(office, [body]))
    assert faults == []
    assert (said["name"], said["contact"]) == (plain, "a\nb")
    assert said["settings"] == office.settings
    assert bodies[0].values["charter"]["second_meeting"] is flag
