"""What can be seen of the bot from outside: health, readiness, figures, and the lines of the log."""

import json
import logging
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram.error import RetryAfter

from bot import journal
from bot.health import health
from bot.metrics import Metrics
from bot.watch import KINDS, Watch
from models.base import Database
from models.heartbeat import EVERY, note
from models.outbox import NewLetter, post
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import JENS, STRANGER, VERA, Party, found_office, throw
from tests.auxil.voting import enter_vote

ALERTS = Path(__file__).parents[2] / "docs" / "alerts.yml"


@pytest.fixture
async def party(sqlite_database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    await found_office(sqlite_database, clock.now)
    made = throw(sqlite_database, telegram, clock, watch=Metrics())
    await made.assistant.application.initialize()
    yield made
    await made.assistant.intake.stop()
    await made.assistant.application.bot.shutdown()


def metrics(party: Party) -> Metrics:
    watch = party.assistant.watch
    assert isinstance(watch, Metrics)
    return watch


async def figures(party: Party) -> dict[str, float]:
    page = (await metrics(party).page(party.database, party.clock)).decode()
    lines = [line.rsplit(" ", 1) for line in page.splitlines() if line.startswith("reko_")]
    return {name: float(value) for name, value in lines}


async def ask(party: Party, path: str, *, works: bool = True) -> httpx.Response:
    app = health(metrics(party), party.database, party.clock, works=lambda: works)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        return await client.get(path)


async def beat(party: Party) -> None:
    async with party.database.begin() as session:
        await note(session, party.clock.now)


async def test_what_happens_is_counted(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    await party.tap(VERA, "Ja")
    await party.write(STRANGER, "/buero")
    party.telegram.fail("sendMessage", RetryAfter(timedelta(seconds=3)))
    await party.write(JENS, "/hilfe")
    found = await figures(party)
    assert found["reko_votes_cast_total"] == 1
    assert found['reko_updates_received_total{kind="callback_query"}'] == 1
    assert found['reko_update_seconds_count{kind="message"}'] == 2
    assert found['reko_refusals_total{type="NotEntitled"}'] == 1
    assert found['reko_letters_total{state="sent"}'] == 3
    assert found['reko_telegram_errors_total{kind="RetryAfter"}'] == 1
    assert found["reko_store_up"] == 1


async def test_queues_are_measured_in_the_store(party: Party) -> None:
    party.assistant.intake.stopping = True
    await party.hear(party.telegram.write(VERA, "/hilfe"))
    party.assistant.courier.stopping = True
    async with party.database.begin() as session:
        await post(session, NewLetter("x", "outage", VERA, {"outage": 1}), party.clock.now)
    party.clock.advance(timedelta(seconds=90))
    found = await figures(party)
    assert (found["reko_inbox_waiting"], found["reko_inbox_oldest_seconds"]) == (1, 90)
    assert (found['reko_outbox_letters{state="waiting"}'], found["reko_outbox_oldest_seconds"]) == (1, 90)


async def test_nothing_is_told_of_a_tap_in_a_secret_vote(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, secret=True)
    await party.deliver()
    before = await figures(party)
    await party.tap(VERA, "Ja")
    await party.tap(VERA, "Verbindlich abgeben")
    await party.tap(JENS, "Nein")
    after = await figures(party)
    # When a figure was first counted says when, too.
    assert {name for name in after if after[name] != before.get(name) and "letters" not in name} == set()


async def test_alive_and_ready(party: Party) -> None:
    assert (await ask(party, "/healthz")).status_code == 200
    early = await ask(party, "/readyz")
    assert (early.status_code, early.json()["heartbeat"]) == (503, False)
    await beat(party)
    ready = await ask(party, "/readyz")
    assert (ready.status_code, set(ready.json().values())) == (200, {True})
    assert (await ask(party, "/readyz", works=False)).status_code == 503
    party.clock.advance(3 * EVERY)
    assert (await ask(party, "/readyz")).json() == {"works": True, "store": True, "migrated": True, "heartbeat": False}


async def test_without_its_store_it_lives_but_is_not_ready(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError

    monkeypatch.setattr(party.database, "read", broken)
    assert (await ask(party, "/healthz")).status_code == 200
    gone = await ask(party, "/readyz")
    assert (gone.status_code, gone.json()["store"]) == (503, False)
    assert (await figures(party))["reko_store_up"] == 0


async def test_every_alert_speaks_of_figures_that_there_are(party: Party) -> None:
    made = metrics(party)
    for kind in KINDS:
        made.answered(kind, 0.1)
        made.set_aside(kind)
    made.called(403)
    made.ticked(0.1)
    made.telegram_error(RetryAfter(timedelta(seconds=1)))
    page = (await ask(party, "/metrics")).text
    there = {re.split(r"[ {]", line)[0] for line in page.splitlines() if not line.startswith("#")}
    named = set(re.findall(r"\breko_\w+", ALERTS.read_text("utf-8")))
    assert named
    assert named - there == set()
    assert "process_resident_memory_bytes" in there


def test_a_kind_that_we_never_asked_for_makes_no_figure_of_its_own() -> None:
    made = Metrics()
    for number in range(100):
        made.received(f"kind{number}")
    families = [one for one in made.registry.collect() if one.name == "reko_updates_received"]
    assert {sample.labels["kind"] for one in families for sample in one.samples} == {"other"}


def test_whoever_does_not_watch_hears_all_the_same() -> None:
    here, there = vars(Watch), vars(Metrics)
    assert {name for name in here if not name.startswith("_")} <= set(there)


# --- the log


def line(form: journal.Form, *, fault: bool = False) -> str:
    error = None
    if fault:
        try:
            1 / 0  # noqa: B018 - a fault to be shown
        except ZeroDivisionError as raised:
            error = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("bot.intake", logging.WARNING, __file__, 1, "Update %d failed.", (17,), error)
    with journal.about(update=17):
        return journal.formatter(form).format(record)


def test_a_plain_line_says_what_it_belongs_to() -> None:
    assert re.fullmatch(r"\d{4}-\S+Z WARNING bot\.intake: Update 17 failed\. \[update=17\]", line("plain"))
    assert "Traceback" in line("plain", fault=True)


def test_a_json_line_is_one_object() -> None:
    told = json.loads(line("json", fault=True))
    assert (told["update"], told["level"], told["logger"]) == (17, "warning", "bot.intake")
    assert told["event"] == "Update 17 failed."
    assert "ZeroDivisionError" in told["exception"]


async def test_whatever_an_update_logs_carries_its_number(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[dict[str, Any]] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(journal.formatter("json").format(record)))

    handler = Keeping()
    logging.getLogger("bot").addHandler(handler)
    update = party.telegram.write(VERA, "geheimer Text")
    monkeypatch.setattr(party.assistant.application, "process_update", _broken)
    try:
        await party.hear(update)
    finally:
        logging.getLogger("bot").removeHandler(handler)
    tried = [one for one in lines if "failed" in one["event"]]
    assert {one["update"] for one in tried} == {update["update_id"]}
    assert all("Traceback" in one["exception"] for one in tried)
    assert "geheimer Text" not in str(lines)


async def _broken(_update: object) -> None:
    raise ZeroDivisionError
