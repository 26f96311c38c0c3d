"""The real program, killed while secret ballots are cast. What a kill leaves at each step: test_secret_kill.py."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from demo.telegram import Message
from demo.telegram.people import Tap
from models.ballot.secret.rows import SecretBallot, SecretCast, SecretVoter
from models.inbox import InboxRow
from tests.auxil.party import JENS, KARL, VERA
from tests.auxil.voting import enter_vote
from tests.end_to_end.stage import PATIENCE, Stage, utc_now

pytestmark = pytest.mark.crash

MEMBERS = (VERA, JENS, KARL)
RECEIPT = re.compile(r"Ihre Stimme ist gezählt · Beleg (\w{4}-\w{4})")


async def cards(stage: Stage) -> int:
    now = utc_now()
    number = await enter_vote(stage.database, now, closes=now + timedelta(days=7), secret=True)
    if stage.program.process is None:
        await stage.program.start()
    await stage.until(lambda: all(stage.cards(who, number) for who in MEMBERS))
    return number


async def preview(stage: Stage, who: int, number: int, choice: str) -> Message:
    """Choose, and wait for „Verbindlich abgeben"."""
    card = stage.cards(who, number)[-1]
    data = next(one.data for one in card.buttons if one.data.endswith(f":{choice}"))
    await stage.people[who].press(card, data).answer(PATIENCE)
    await stage.until(lambda: "Verbindlich abgeben" in stage.cards(who, number)[-1].labels)
    return stage.cards(who, number)[-1]


def cast(stage: Stage, who: int, shown: Message) -> tuple[int, Tap]:
    data = next(one.data for one in shown.buttons if one.text == "Verbindlich abgeben")
    tap = stage.people[who].press(shown, data)
    return stage.world.first_bot.last_update_id, tap


def redeliver(stage: Stage, casts: list[tuple[int, Tap]]) -> None:
    for update_id, tap in casts:
        query = {"id": tap.id, "from": tap.person.as_json(), "message": tap.message.data, "chat_instance": "1"}
        stage.world.first_bot.redeliver({"update_id": update_id, "callback_query": {**query, "data": tap.data}})


def shown_to(stage: Stage, who: int) -> str:
    return " ".join(one.text for one in stage.people[who].messages)


async def box(stage: Stage) -> tuple[set[int], list[str], set[int]]:
    await stage.check()
    async with stage.database.read() as session:
        marks = set(await session.scalars(select(SecretVoter.mandate_id)))
        choices = sorted(await session.scalars(select(SecretBallot.choice)))
        return marks, choices, set(await session.scalars(select(SecretCast.update_id)))


async def all_counted(stage: Stage, casts: list[tuple[int, Tap]], choices: list[str]) -> None:
    """Each ballot is there once, each phone says so and has forgotten the choice."""
    await stage.worked_off()
    marks, found, ids = await box(stage)
    assert len(marks) == len(MEMBERS)
    assert found == sorted(choices)
    assert ids >= {update_id for update_id, _ in casts}
    async with stage.database.read() as session:
        rows = set(await session.scalars(select(InboxRow.update_id)))
    assert rows.isdisjoint(update_id for update_id, _ in casts)
    for who in MEMBERS:
        text = shown_to(stage, who)
        assert RECEIPT.search(text)
        assert "noch nicht abgegeben" not in text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_killed_in_a_burst_of_casting_every_ballot_counts_once(stage: Stage) -> None:
    number = await cards(stage)
    choices = ["yes", "no", "yes"]
    previews = [await preview(stage, who, number, choice) for who, choice in zip(MEMBERS, choices, strict=True)]
    killed = stage.when("answer", 1, stage.program.kill)
    casts = [cast(stage, who, shown) for who, shown in zip(MEMBERS, previews, strict=True)]
    await asyncio.wait_for(killed.wait(), PATIENCE)
    await stage.program.ended()
    marks, found, ids = await box(stage)
    assert len(marks) == len(found) == len(ids)

    await stage.program.start()
    redeliver(stage, casts)
    await stage.until(lambda: all(RECEIPT.search(shown_to(stage, who)) for who in MEMBERS))
    await all_counted(stage, casts, choices)
    before = await box(stage)
    redeliver(stage, casts)
    await all_counted(stage, casts, choices)
    assert await box(stage) == before
    log = stage.program.log.read_text()
    assert "Traceback" not in log
    assert "xc:" not in log
