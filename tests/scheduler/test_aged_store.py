"""What happens every day reads no table through that grows with the years: SQLite's own plans say so."""

import re
from datetime import timedelta

import pytest

from benchmarks.boundary import bot_on
from benchmarks.past import STAFF, account, fill, mandate, today
from handlers.callbacks import Answer, CastTap, Open
from models.base import Database
from models.invariants import broken_promises
from tests.auxil.clock import Clock
from tests.scheduler.test_idle_ticks import explained, listened

GROWING = {
    "agenda_items", "ballots", "broadcast_copies", "deadlines", "electorate", "inbox", "invitations", "letters",
    "meetings", "presences", "questions", "receipts", "record", "steps", "subscriptions", "votes",
}  # fmt: skip
# Of all their rows these hold only what has not ended.
OF_THE_PRESENT = {"ix_votes_running", "ix_votes_follows", "ix_questions_waiting"}
# The newest twenty votes: it goes back from the end, and stops.
FROM_THE_END = "ORDER BY votes.number DESC"


@pytest.fixture
async def old(database: Database, clock: Clock) -> tuple[int, list[int]]:
    if database.shared:
        pytest.skip("PostgreSQL plans by what it has counted, and reads a small table through")
    await fill(database, clock.now, quarters=1)
    return await today(database, 1, clock.now)


def read_through(statement: str, plan: str) -> list[str]:
    """The lines of a plan that read a growing table from one end to the other."""
    spelled = re.findall(r"(?:FROM|JOIN) (\w+)(?: AS (\w+))?", statement)
    names = {alias or name: name for name, alias in spelled}
    scans = [line for line in plan.splitlines() if line.startswith("SCAN ")]
    scans = [line for line in scans if names.get(line.split()[1]) in GROWING and line.split()[-1] not in OF_THE_PRESENT]
    return [line for line in scans if not (FROM_THE_END in statement and line == "SCAN votes")]


async def test_what_happens_every_day_reads_nothing_through(
    database: Database, clock: Clock, old: tuple[int, list[int]]
) -> None:
    vote, invitations = old
    async with database.snapshot() as session:
        assert await broken_promises(session) == []
    bot = await bot_on(database, clock.now)
    await bot.assistant.tick()
    member = account(1, 1)
    with listened(database) as heard:
        bot.clock.pass_by(timedelta(minutes=2))
        await bot.assistant.tick()
        await bot.hear(bot.tap(member, CastTap(vote, mandate(1, 1), "yes")))
        await bot.hear(bot.tap(member, Answer(invitations[0], 0, "yes")))
        for command in ("/offen", "/fristen", "/abstimmungen"):
            await bot.hear(bot.write(member, command))
        await bot.hear(bot.write(STAFF, "/buero"))
        await bot.hear(bot.tap(STAFF, Open("technik")))
    await bot.stop()
    looked = {one: values for one, values in heard if one.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE"))}
    assert len(looked) > 40
    plans = {one: await explained(database, one, values) for one, values in looked.items()}
    assert {one: lines for one, plan in plans.items() if (lines := read_through(one, plan))} == {}
    # What waits for somebody begins with the few votes under way, not with all that a mandate has ever had.
    waits = [
        plan for one, plan in plans.items() if "FROM votes JOIN electorate" in one and "votes.closed_at IS NULL" in one
    ]
    assert waits
    assert not [plan for plan in waits if "electorate USING INDEX ix_" in plan]
    # Nor are the deadlines read that somebody was reminded of in all those years.
    reminded = [one for one in plans if "FROM deadlines JOIN subscriptions" in one]
    reminded = [one for one in reminded if "subscriptions.telegram_id =" in one]
    assert reminded
    assert not [one for one in reminded if "deadlines.due_at >" not in one]
    ways = "\n".join(plans.values())
    assert {index for index in OF_THE_PRESENT if index in ways} == OF_THE_PRESENT
    assert read_through("SELECT * FROM votes", "SCAN votes") == ["SCAN votes"]
