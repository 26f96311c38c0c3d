"""The real program, killed with SIGKILL at many points and started again, on either store."""

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from demo.telegram import Fault
from models import deadline
from models.actor import actor
from models.ballot.rows import Ballot, Receipt
from models.deadline import DueStep, Reminder
from models.outbox import NewLetter, post
from tests.auxil.party import JENS, KARL, STAFF, VERA
from tests.auxil.voting import enter_vote
from tests.end_to_end.stage import PATIENCE, Stage, utc_now

pytestmark = pytest.mark.crash

MEMBERS = (VERA, JENS, KARL)
WORDS = {"yes": "Ja", "no": "Nein", "abstain": "Enthaltung", "conflict": "Befangen"}
RECEIPT = re.compile(r"Ihre Stimme: (\w+) · Beleg (\w{4})")


async def vote(stage: Stage) -> int:
    now = utc_now()
    return await enter_vote(stage.database, now, closes=now + timedelta(days=7))


async def ballots(stage: Stage) -> tuple[dict[int, Ballot], dict[str, int]]:
    """The ballots by who cast them, and whose mandate got which receipt."""
    async with stage.database.read() as session:
        cast = {one.cast_by: one for one in await session.scalars(select(Ballot))}
        given = {one.code: one.mandate_id for one in await session.scalars(select(Receipt))}
    return cast, given


async def everything_counted(stage: Stage) -> None:
    """Each member's last tap is the ballot; every receipt that was spoken stands; nothing else has happened."""
    await stage.worked_off()
    cast, given = await ballots(stage)
    mine = {who: [tap for tap in stage.taps if tap[1] == who] for who in MEMBERS}
    for who, taps in mine.items():
        assert (cast[who].update_id, cast[who].choice) == (taps[-1][0], taps[-1][2])
        for _, _, choice, tap in taps:
            if tap.given is None:
                continue
            spoken = RECEIPT.match(tap.given.text)
            assert spoken, tap.given.text
            assert given[spoken[2]] == cast[who].mandate_id
            # Spoken again after a crash, it says what the ballot says by then.
            assert spoken[1] in {WORDS[choice], *(WORDS[later[2]] for later in taps)}
        assert cast[who].receipt in stage.card(who).text
    assert len(given) <= sum([_changes(taps) for taps in mine.values()])
    await stage.check()


def _changes(taps: Sequence[tuple[int, int, str, object]]) -> int:
    choices = [one[2] for one in taps]
    return 1 + sum(int(one != other) for one, other in pairwise(choices))


def everybody_taps(stage: Stage, *choices: str) -> None:
    for choice in choices:
        for who in MEMBERS:
            stage.tap(who, choice, stage.card(who))


async def redeliver(stage: Stage, last: int) -> None:
    """Telegram brings its latest taps once more, all of them confirmed before."""
    for update_id, _, _, tap in stage.taps[-last:]:
        query = {"id": tap.id, "from": tap.person.as_json(), "message": tap.message.data, "chat_instance": "1"}
        update = {"update_id": update_id, "callback_query": {**query, "data": tap.data}}
        stage.world.first_bot.redeliver(update)


async def test_no_kill_loses_a_vote_or_counts_it_twice(stage: Stage) -> None:
    await vote(stage)
    await stage.program.start()
    await stage.until(lambda: all(stage.cards(who, 1) for who in MEMBERS))

    await begin_form(stage)

    # Killed at the first toast of a burst: some ballots are in the store, most taps are not even worked off.
    killed = stage.when("answer", 1, stage.program.kill)
    everybody_taps(stage, "yes", "no", "yes")
    stage.people[STAFF].send("Haushalt 2028")
    await killed_at(stage, killed)
    await stage.program.start()
    await everything_counted(stage)
    await go_on_with_form(stage)

    # Killed when a card was redrawn, its toast long since spoken.
    killed = stage.when("edited", 3, stage.program.kill)
    everybody_taps(stage, "abstain", "no")
    await killed_at(stage, killed)
    await redeliver(stage, 4)
    await stage.program.start()
    await everything_counted(stage)

    # Killed when Telegram could not be told: stored, not spoken.
    fault = stage.world.faults.add(Fault("drop_before", method="answerCallbackQuery", count=None))
    everybody_taps(stage, "conflict")
    await stage.until(lambda: fault.hits >= 1)
    stage.program.kill()
    await stage.program.ended()
    stage.world.faults.clear()
    await stage.check()
    await stage.program.start()
    await everything_counted(stage)

    # Killed just as a batch was handed out: nobody knows whether it was stored; it was not confirmed.
    answered = len(stage.world.journal.requests("getUpdates"))
    everybody_taps(stage, "yes", "no")
    await stage.until(lambda: len(stage.world.journal.requests("getUpdates")) > answered)
    stage.program.kill()
    await stage.program.ended()
    await stage.check()
    await stage.program.start()
    await redeliver(stage, 6)
    await everything_counted(stage)

    before = await _all_rows(stage)
    await redeliver(stage, len(stage.taps))
    await everything_counted(stage)
    assert await _all_rows(stage) == before
    assert "Traceback" not in stage.program.log.read_text()
    if not stage.database.shared:
        await a_second_process_is_told_so(stage)


async def killed_at(stage: Stage, moment: asyncio.Event) -> None:
    """The program died at this moment; what it left behind is as it should be."""
    await asyncio.wait_for(moment.wait(), PATIENCE)
    await stage.program.ended()
    await stage.check()


async def begin_form(stage: Stage) -> None:
    stage.people[STAFF].send("/buero")
    for label in ("Neue Abstimmung", "Beschluss"):
        await stage.choose(STAFF, label)


async def go_on_with_form(stage: Stage) -> None:
    """The half-filled form is where it was: the title is in, the text comes next."""
    assert "Text des Antrags?" in stage.people[STAFF].last.text
    stage.people[STAFF].send("Der RAK stimmt dem Haushalt zu.")
    await stage.choose(STAFF, "Weiter")
    await stage.choose(STAFF, "Abbrechen")


async def a_second_process_is_told_so(stage: Stage) -> None:
    first = stage.program.process
    await stage.program.start_by_command()
    assert await stage.program.ended() == 1
    assert "läuft bereits" in stage.program.log.read_text()
    assert first is not None
    assert first.returncode is None
    stage.program.process = first


async def _all_rows(stage: Stage) -> list[tuple[object, ...]]:
    async with stage.database.read() as session:
        cast = await session.execute(select(Ballot.mandate_id, Ballot.choice, Ballot.receipt, Ballot.update_id))
        given = await session.execute(select(Receipt.code, Receipt.mandate_id).order_by(Receipt.code))
        return sorted(map(tuple, cast)) + sorted(map(tuple, given))


async def test_no_kill_loses_a_letter_or_sends_it_twice(stage: Stage) -> None:
    await vote(stage)
    killed = stage.when("message", 2, stage.program.kill, containing="Neue Abstimmung")
    await stage.program.start()
    await killed_at(stage, killed)
    await stage.lease_over()
    await _post_reminder(stage)

    # This time with a reminder on its way, the one letter that may come twice.
    killed = stage.when("message", 1, stage.program.kill, containing="Aufruf STABIL")
    await stage.program.start()
    await killed_at(stage, killed)
    await stage.lease_over()
    await stage.program.start()
    await stage.until(lambda: len(_reminders(stage)) == 2)
    await stage.worked_off()

    states = await stage.letters("vote", 1)
    copies = {who: len(stage.cards(who, 1)) for who in MEMBERS}
    unsure = [who for who in MEMBERS if states[who] == "uncertain"]
    assert unsure
    assert set(states.values()) <= {"sent", "uncertain"}
    assert all(copies[who] == 1 for who in MEMBERS if who not in unsure)
    assert all(copies[who] <= 1 for who in unsure)
    assert await stage.letters("reminder") == {VERA: "sent"}

    # A person decides about the uncertain ones.
    staff = stage.people[STAFF]
    staff.send("/buero")
    await staff.tap(await staff.receive("ungewisse Nachricht"), "Ungewisse Nachrichten")
    for _ in unsure:
        await staff.tap(await staff.receive("Verbindung"), "Erneut senden")
    await stage.until(lambda: all(len(stage.cards(who, 1)) == copies[who] + 1 for who in unsure))
    await stage.worked_off()
    await stage.check()
    assert all(len(stage.cards(who, 1)) == copies[who] for who in MEMBERS if who not in unsure)
    assert len(_reminders(stage)) == 2
    await a_polite_end_finishes_what_is_on_its_way(stage)


async def a_polite_end_finishes_what_is_on_its_way(stage: Stage) -> None:
    number = await vote(stage)
    slow = stage.world.faults.add(Fault("delay", method="sendMessage", chat_id=VERA, seconds=0.5))
    stage.people[STAFF].send("/start")  # an act: what was posted is delivered at once
    await stage.until(lambda: slow.hits == 1)
    assert stage.program.process is not None
    stage.program.process.terminate()
    assert await stage.program.ended() == 0
    states = await stage.letters("vote", number)
    assert states[VERA] == "sent"
    assert set(states.values()) <= {"sent", "waiting"}
    assert len(stage.cards(VERA, number)) == 1
    log = stage.program.log.read_text()
    assert "Stopped." in log
    assert "Traceback" not in log
    await stage.check()


async def _post_reminder(stage: Stage) -> None:
    now = utc_now()
    async with stage.database.begin() as session:
        entry: deadline.Entry = {
            "title": "Aufruf STABIL",
            "kind": "Aufruf",
            "due_at": now + timedelta(days=6, hours=20),
        }
        row = await deadline.enter(session, entry, now)
        await deadline.subscribe(session, row.number, await actor(session, VERA), now)
        letter = await post(session, NewLetter("reminder:1", "reminder", VERA), now)
        assert letter is not None
        await deadline.record_steps(session, Reminder(VERA, (DueStep(row, 7, late=False),)), letter, now)


def _reminders(stage: Stage) -> list[str]:
    return [one.text for one in stage.people[VERA].messages if "Aufruf STABIL" in one.text]
