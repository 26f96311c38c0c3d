"""The demo as a newcomer meets it: the real bot on the stand-in, the page, the clock."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from demo.__main__ import free_port
from demo.cast import NobodyToPlayError
from demo.clock import DemoClock
from demo.page import attach
from demo.sample import write_sample
from demo.stage import Stage, hints, office_hours
from demo.telegram import Message, Person, World
from demo.telegram.server import build_app, running
from models.calendar import Calendar

ROOT = Path(__file__).parents[2]
TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@asynccontextmanager
async def demo(folder: Path, empty_store: Path) -> AsyncIterator[tuple[Stage, str]]:
    """The demo in a folder; ``empty_store`` has every table, so that they need not be made once more."""
    clock = DemoClock()
    shutil.copyfile(empty_store, folder / "demo.db")
    clock.begin_at(office_hours(clock(), Calendar()))
    office = write_sample(folder / "office", Calendar().day(clock()))
    stage = await Stage.open(World(clock=clock), clock, office, folder / "demo.db")
    app = build_app(stage.world)
    attach(app, stage.world, stage.cast.phones, clock, hints=hints(stage.cast), zone=stage.zone)
    async with running(app, "127.0.0.1", 0) as address, stage.played(address):
        yield stage, address


def people(stage: Stage) -> list[Person]:
    return [stage.world.people[part.user_id] for part in stage.cast.on_page]


def showing(person: Person, label: str) -> Message:
    return next(message for message in reversed(person.messages) if label in message.labels)


@pytest.fixture
def _in_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock takes its longest steps, whatever a tick costs here."""
    monkeypatch.setattr("demo.clock.BUDGET", 0.0)


@pytest.mark.usefixtures("_in_hours")
async def test_a_newcomer_votes_asks_and_is_reminded(tmp_path: Path, sqlite_template: Path) -> None:
    async with demo(tmp_path, sqlite_template) as (stage, _):
        office, member, other, sponsor = people(stage)
        assert "buero" in {command["command"] for command in office.menu}
        assert showing(member, "Zusage").text.startswith("Einladung")
        assert any(message.file and message.file.mime_type == "text/calendar" for message in member.messages)

        answer = await member.tap(showing(member, "Ja"), "Ja")
        assert answer.text.startswith("Ihre Stimme: Ja · Beleg ")
        await other.tap(showing(other, "Nein"), "Nein")

        sponsor.send("Wofür steht Förderbereich C?")
        assert "Fundstelle:" in (await sponsor.receive("Fundstelle")).text

        sponsor.send("/fristen")
        listing = await sponsor.receive("noch")
        await sponsor.tap(listing, next(label for label in listing.labels if "STABIL" in label))
        await stage.world.until(lambda: "Erinnere mich" in str([one.labels for one in sponsor.messages]))
        await sponsor.tap(showing(sponsor, "Erinnere mich"), "Erinnere mich")
        seen = len(sponsor.messages)

        await stage.clock.advance(timedelta(weeks=1))
        assert any("Aufruf STABIL" in message.text for message in sponsor.messages[seen:])
        result = next(message for message in member.messages if message.text.startswith("Ergebnis"))
        assert "Abgestimmt: 6" in result.text
        assert "angenommen" in result.text


async def test_an_office_without_people_is_refused(tmp_path: Path) -> None:
    clock = DemoClock()
    office = write_sample(tmp_path / "office", Calendar().day(clock()))
    office.joinpath("members.csv").write_text("body;mandate;role;name;language;status\n", encoding="utf-8")
    with pytest.raises(NobodyToPlayError):
        await Stage.open(World(clock=clock), clock, office, tmp_path / "demo.db")


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (TUESDAY, TUESDAY),
        (TUESDAY.replace(hour=4), datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        (TUESDAY.replace(hour=18), datetime(2026, 11, 25, 8, 30, tzinfo=UTC)),
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 30, tzinfo=UTC)),
        (datetime(2026, 12, 25, 12, 0, tzinfo=UTC), datetime(2026, 12, 28, 8, 30, tzinfo=UTC)),
    ],
)
def test_the_demo_begins_in_office_hours(now: datetime, begins: datetime) -> None:
    assert office_hours(now, Calendar()) == begins


async def test_the_command_says_where_and_ends_cleanly() -> None:
    port = free_port(18000)
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    pipe = asyncio.subprocess.PIPE
    running_demo = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe)
    assert running_demo.stdout
    async with asyncio.timeout(60):
        address = (await running_demo.stdout.readline()).decode().strip()
        assert address == f"http://127.0.0.1:{port}"
        assert free_port(port) == port + 1
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            assert "Der ReKo-Assistent" in await response.text()
        running_demo.send_signal(signal.SIGTERM)
        _, complaints = await running_demo.communicate()
    assert (running_demo.returncode, complaints.decode()) == (0, "")
