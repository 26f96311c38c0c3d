"""A hundred members tap at once, change their minds, tap again; and Telegram brings some of it twice or late.

On PostgreSQL test_many_processes.py shows the same with four processes; this one is kept for ``make chaos`` there.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from handlers.callbacks import CastTap
from models.ballot.rows import Ballot, Receipt
from models.base import Database
from models.inbox import InboxRow
from models.invariants import broken_promises
from models.member import Account, Membership, Person, Role
from models.office import Mandate
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import Party, found_office, throw
from tests.auxil.voting import CLOSES, enter_vote

CROWD = range(1001, 1098)  # with the three of the office a hundred
CHOICES = ("yes", "no", "abstain", "conflict")
SPOKEN = {"yes": "Ja", "no": "Nein", "abstain": "Enthaltung", "conflict": "Befangen"}


class Tapped(NamedTuple):
    update_id: int
    mandate: int
    choice: str
    raw: dict[str, Any]


async def seat_the_crowd(database: Database, clock: Clock) -> None:
    await found_office(database, clock.now)
    async with database.begin() as session:
        session.add_all(Account(telegram_id=one, telegram_language="de", first_seen=clock.now) for one in CROWD)
        session.add_all(Mandate(body_id=1, name=f"Sitz {one}") for one in CROWD)
        await session.flush()
        seats = {one.name: one.id for one in await session.scalars(select(Mandate))}
        session.add_all(Person(id=one, name=f"Mitglied {one}", telegram_id=one) for one in CROWD)
        await session.flush()
        session.add_all(
            Membership(person_id=one, role=Role.MEMBER, body_id=1, mandate_id=seats[f"Sitz {one}"]) for one in CROWD
        )


async def seats_of(database: Database) -> dict[int, int]:
    """Whose account holds which mandate."""
    async with database.read() as session:
        rows = await session.scalars(select(Membership).where(Membership.role == Role.MEMBER))
        return {one.person_id: one.mandate_id for one in rows if one.mandate_id is not None}


def batches(taps: list[Tapped], chance: random.Random) -> Iterator[list[dict[str, Any]]]:
    """The taps as Telegram might give them: in batches, a tenth of them late, a fifth once more."""
    late: list[Tapped] = []
    for start in range(0, len(taps), 100):
        batch = taps[start : start + 100]
        held = [one for one in batch if chance.random() < 0.1]
        again = chance.sample(taps[: start + 100], 20)
        yield [one.raw for one in [*batch, *again, *late] if one not in held]
        late = held
    yield [one.raw for one in late]


async def made_taps(party: Party, seats: dict[int, int], chance: random.Random) -> list[Tapped]:
    """Two rounds in which everybody taps, half of them what they had tapped before."""
    said = dict.fromkeys(seats, "yes")
    taps = []
    for _ in range(2):
        for who in chance.sample(sorted(seats), len(seats)):
            said[who] = said[who] if chance.random() < 0.5 else chance.choice(CHOICES)
            data = CastTap(1, seats[who], said[who]).pack()
            raw = party.telegram.tap_data(who, data, party.telegram.last(who))
            taps.append(Tapped(raw["update_id"], seats[who], said[who], raw))
    return taps


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.chaos)])
async def test_a_hundred_members_tap_at_once(database: Database, telegram: FakeTelegram, clock: Clock) -> None:
    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    await seat_the_crowd(database, clock)
    party = throw(database, telegram, clock)
    await party.assistant.application.initialize()
    await enter_vote(database, clock.now)
    await party.deliver()
    seats = await seats_of(database)
    assert len(seats) == 100
    taps = await made_taps(party, seats, chance)
    for batch in batches(taps, chance):
        await party.assistant.intake.take(batch)  # while those before are still being worked off
    await party.assistant.intake.idle()
    await party.assistant.intake.settle()

    last = {one.mandate: one for one in taps}
    ballots = {one.mandate_id: one for one in await party.rows(Ballot)}
    assert {seat: one.choice for seat, one in ballots.items()} == {seat: one.choice for seat, one in last.items()}
    assert {seat: one.update_id for seat, one in ballots.items()} == {seat: one.update_id for seat, one in last.items()}
    await _receipts_hold(party, ballots, taps)
    rows = await party.rows(InboxRow)
    assert {row.update_id for row in rows} == {one.update_id for one in taps}
    assert {(row.state, row.tries, row.payload) for row in rows} == {("done", 0, None)}
    clock.jump(CLOSES)
    await party.tick()
    async with database.read() as session:
        assert await broken_promises(session) == []
    await party.assistant.intake.stop()


async def _receipts_hold(party: Party, ballots: dict[int, Ballot], taps: list[Tapped]) -> None:
    receipts = await party.rows(Receipt)
    codes = [one.code for one in receipts]
    assert len(codes) == len(set(codes))
    given = defaultdict(set)
    for one in receipts:
        given[one.mandate_id].add(one.code)
    assert all(one.receipt in given[seat] for seat, one in ballots.items())
    seats = {one.update_id: one.mandate for one in taps}
    spoken = [call.params for call in party.telegram.sent("answerCallbackQuery")]
    assert len(spoken) == len(taps)
    for one in spoken:
        _, code, *_ = one["text"].split(" · ")
        assert code.removeprefix("Beleg ") in given[seats[int(one["callback_query_id"])]]
    for who, seat in (await seats_of(party.database)).items():
        line = f"Ihre Stimme: {SPOKEN[ballots[seat].choice]} · Beleg {ballots[seat].receipt}"
        assert line in party.last_text(who)
