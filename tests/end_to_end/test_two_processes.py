"""Two processes of the real program on one PostgreSQL; one of them is killed while both deliver."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from models.deadline import Deadline, Step, Subscription
from models.heartbeat import Outage
from models.member import Account
from models.outbox import Letter
from scheduler.courier import AT_ONCE
from tests.end_to_end.stage import Program, Stage, set_up, utc_now

pytestmark = pytest.mark.crash

READERS = range(1001, 1081)


@pytest.fixture
async def stage(bare_postgres_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with set_up(bare_postgres_url, tmp_path) as made:
        yield made


async def post(stage: Stage) -> None:
    """To every other reader a reminder, to the others other news."""
    now = utc_now()
    letter = {"posted_at": now, "not_before": now, "silent": False, "state": "waiting"}
    kinds = ({"kind": "outage", "about": {"outage": 1}}, {"kind": "reminder", "about": {}})
    due = now + timedelta(days=6, hours=20)
    reminded = [one for one in READERS if one % 2]
    step = {"deadline_number": 1, "revision": 1, "lead": 7, "late": False}
    for one in READERS:
        stage.world.user(one, first_name="L", language_code="de").room().opened = True
    async with stage.database.begin() as session:
        session.add(Outage(id=1, began_at=now - timedelta(hours=21), ended_at=now))
        session.add(Deadline(number=1, title="Aufruf", kind="Aufruf", due_at=due, entered_at=now, leads=[7]))
        await session.flush()
        account = {"first_seen": now, "reachable": True, "wrong_codes": 0, "language": "de"}
        await session.execute(insert(Account), [account | {"telegram_id": one} for one in READERS])
        rows = [letter | kinds[one % 2] | {"id": one, "key": f"k{one}", "telegram_id": one} for one in READERS]
        await session.execute(insert(Letter), rows)
        await session.execute(
            insert(Subscription), [{"deadline_number": 1, "telegram_id": one, "since": now} for one in reminded]
        )
        await session.execute(insert(Step), [step | {"telegram_id": one, "letter_id": one} for one in reminded])


async def states(stage: Stage) -> Counter[str]:
    async with stage.database.read() as session:
        return Counter(await session.scalars(select(Letter.state)))


async def settled(stage: Stage, *, claimed: bool = False) -> Counter[str]:
    """Wait until nothing waits, and nobody who is alive has a letter in hand; ``claimed``: nor anybody who is dead."""
    before: Counter[str] = Counter()
    async with asyncio.timeout(30):
        while (now := await states(stage)) != before or now["waiting"] or (claimed and now["claimed"]):
            before = now
            await asyncio.sleep(1.5)
    return before


async def test_two_processes_lose_nothing_and_double_only_what_one_had_in_hand_when_it_died(
    stage: Stage, tmp_path: Path
) -> None:
    second = Program("", "", tmp_path / "second")
    second.environment = stage.program.environment
    await stage.program.start()
    await stage.polling()
    await second.start()
    try:
        await stage.until(lambda: "Conflict" in stage.program.log.read_text() + second.log.read_text())
        await post(stage)
        killed = stage.when("message", 20, second.kill)
        await asyncio.wait_for(killed.wait(), 30)
        await second.ended()
        in_hand = (await settled(stage))["claimed"]
        assert in_hand <= AT_ONCE
        await stage.lease_over()
        await settled(stage, claimed=True)
    finally:
        second.kill()
        await second.ended()
    async with stage.database.read() as session:
        letters = list(await session.scalars(select(Letter).where(Letter.id.in_(READERS))))
    copies = {one.id: len([m for m in stage.world.people[one.telegram_id].messages if m.from_bot]) for one in letters}
    assert all(copies[one.id] for one in letters if one.state == "sent")
    unsure = [one for one in letters if one.state == "uncertain"]
    doubled = [one for one in letters if copies[one.id] > 1]
    assert {one.kind for one in unsure} <= {"outage"}
    assert {one.kind for one in doubled} <= {"reminder"}
    assert all(copies[one.id] == 2 and one.doubts == 1 for one in doubled)
    assert len(unsure) + len([one for one in letters if one.doubts and one.state == "sent"]) == in_hand
    assert "Traceback" not in stage.program.log.read_text() + second.log.read_text()
    await stage.check()
