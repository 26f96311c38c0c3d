"""Four processes of the real program behind one address on one PostgreSQL, restarted in turn and killed."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.lanes import SIDE_BY_SIDE
from demo.telegram.people import Tap
from models.ballot.rows import Ballot, Receipt
from models.inbox import InboxRow
from models.member import Account, Membership, Person, Role
from models.office import Mandate
from models.outbox import Letter
from tests.auxil.party import JENS, KARL, VERA
from tests.auxil.voting import enter_vote
from tests.end_to_end.proxy import Proxy, free_ports, in_front_of
from tests.end_to_end.stage import Program, Stage, set_up, utc_now

pytestmark = pytest.mark.crash

PROCESSES = 4
CROWD = range(1001, 1021)
SECRET = "a-Secret_1"
LONG = 120.0  # seconds: many starts of a program, on a computer that others use too


@pytest.fixture
async def stage(bare_postgres_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with set_up(bare_postgres_url, tmp_path) as made:
        yield made


async def seat(stage: Stage) -> None:
    """Twenty members more."""
    for one in CROWD:
        stage.people[one] = stage.world.user(one, first_name=f"M{one}", language_code="de")
        stage.people[one].room().opened = True
    async with stage.database.begin() as session:
        session.add_all(Account(telegram_id=one, telegram_language="de", first_seen=utc_now()) for one in CROWD)
        session.add_all(Mandate(id=one, body_id=1, name=f"Sitz {one}") for one in CROWD)
        session.add_all(Person(id=one, name=f"Mitglied {one}", telegram_id=one) for one in CROWD)
        await session.flush()
        session.add_all(Membership(person_id=one, role=Role.MEMBER, body_id=1, mandate_id=one) for one in CROWD)


def programs(stage: Stage, url: str, ports: list[int], folder: Path) -> list[Program]:
    made = []
    for number, port in enumerate(ports):
        one = Program("", "", folder / f"log{number}")
        one.environment = {
            **stage.program.environment,
            "BOT_WEBHOOK_URL": url,
            "BOT_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            "BOT_WEBHOOK_SECRET": SECRET,
            "BOT_OUTBOX_RATE": "30",
        }
        made.append(one)
    return made


async def listens(port: int) -> None:
    async with asyncio.timeout(LONG):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


async def restart(program: Program, port: int) -> None:
    assert program.process is not None
    program.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(program.process.wait(), LONG) == 0
    await program.start()
    await listens(port)


def everybody_taps(stage: Stage, chance: random.Random, *choices: str) -> list[Tap]:
    return [
        stage.tap(who, choice, stage.card(who)) for choice in choices for who in chance.sample(list(CROWD), len(CROWD))
    ]


async def all_answered(taps: list[Tap]) -> None:
    await asyncio.gather(*(one.answer(LONG) for one in taps))


def answers(stage: Stage) -> Counter[str]:
    """How often each tap was answered."""
    requests = stage.world.journal.requests("answerCallbackQuery")
    return Counter(str(one.params["callback_query_id"]) for one in requests)


async def worked_off(stage: Stage) -> None:
    async with asyncio.timeout(LONG):
        while True:
            async with stage.database.read() as session:
                states = Counter(await session.scalars(select(InboxRow.state)))
            if set(states) == {"done"} and not stage.world.first_bot.updates:
                return
            await asyncio.sleep(0.05)


async def everything_counted(stage: Stage) -> None:
    """The ballot of each is their last tap, and every receipt that was spoken stands."""
    async with stage.database.read() as session:
        cast = {one.cast_by: one for one in await session.scalars(select(Ballot))}
        given = {one.code: one.mandate_id for one in await session.scalars(select(Receipt))}
    for who in CROWD:
        mine = [one for one in stage.taps if one[1] == who]
        assert (cast[who].update_id, cast[who].choice) == (mine[-1][0], mine[-1][2])
        for *_, tap in mine:
            assert tap.given is not None
            assert given[tap.given.text.split(" · ")[1].removeprefix("Beleg ")] == who
    await stage.check()


async def test_four_processes_restarted_in_turn_and_killed_lose_nothing(stage: Stage, tmp_path: Path) -> None:
    chance, ports = random.Random(11), free_ports(PROCESSES)  # noqa: S311 - the same mischief in every run
    await seat(stage)
    number = await enter_vote(stage.database, utc_now(), closes=utc_now() + timedelta(days=7), when_all=True)
    async with in_front_of(ports, chance) as (proxy, url):
        four = programs(stage, url, ports, tmp_path)
        try:
            for one in four:
                await one.start()
            await asyncio.gather(*map(listens, ports))
            await stage.world.until(lambda: all(len(stage.cards(who, number)) == 1 for who in CROWD), within=LONG)
            await a_rolling_restart_doubles_nothing(stage, four, proxy, chance)
            await one_killed_is_made_up_for(stage, four, proxy, chance)
            await the_last_ballots_close_it(stage)
            assert min(proxy.taken.values()) > 0
            assert proxy.doubled
            assert proxy.overtaken
        finally:
            for one in four:
                one.kill()
                await one.ended()
    for one in four:
        assert "Traceback" not in one.log.read_text()
    assert stage.world.first_bot.webhook.url == url


async def a_rolling_restart_doubles_nothing(
    stage: Stage, four: list[Program], proxy: Proxy, chance: random.Random
) -> None:
    taps = []
    proxy.mischief = 0.15
    for program, port in zip(four[1:3], proxy.ports[1:3], strict=True):
        taps += everybody_taps(stage, chance, "yes", "no")
        await restart(program, port)
    await all_answered(taps)
    await worked_off(stage)
    counted = answers(stage)
    assert all(counted[one.id] == 1 for one in taps)
    await everything_counted(stage)


async def one_killed_is_made_up_for(stage: Stage, four: list[Program], proxy: Proxy, chance: random.Random) -> None:
    killed = stage.when("answer", 5, four[0].kill)
    taps = everybody_taps(stage, chance, "abstain", "yes", "conflict", "no")
    await asyncio.wait_for(killed.wait(), LONG)
    await four[0].ended()
    await all_answered(taps)
    await worked_off(stage)
    counted = answers(stage)
    # Only what the dead one was just saying may be said twice.
    assert sum(counted[one.id] - 1 for one in taps) <= SIDE_BY_SIDE
    assert max(counted.values()) <= 2
    await everything_counted(stage)


async def the_last_ballots_close_it(stage: Stage) -> None:
    """Everybody has the result, once."""
    for who in (VERA, JENS, KARL):
        stage.tap(who, "yes", stage.card(who))
    results = dict.fromkeys(CROWD, 0)

    def arrived() -> bool:
        for who in CROWD:
            results[who] = len(
                [one for one in stage.people[who].messages if one.from_bot and "Stimmberechtigt" in one.text]
            )
        return all(results.values())

    await stage.world.until(arrived, within=LONG)
    async with stage.database.read() as session:
        letters = Counter(await session.scalars(select(Letter.state).where(Letter.kind == "result")))
    assert set(letters) <= {"sent", "claimed", "waiting"}
    assert set(results.values()) == {1}
    await stage.check()
