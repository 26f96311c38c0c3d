"""Votes that are open, without the way through the form, and time that passes with the bot at work."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.actor import actor
from models.ballot import entering
from models.ballot.entering import NewOption
from models.ballot.rows import Ballot, Elector
from models.ballot.rules import Held, Kind
from models.base import Database
from models.charter import DEFAULT_PRESET
from models.heartbeat import Heartbeat
from models.invariants import broken_promises
from models.member import Account, Membership, Person, Role
from models.office import Body, Mandate
from tests.auxil.party import STAFF, Party

CLOSES = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
CLAUSE = "§ 9 der Geschäftsordnung"
BEFORE = timedelta(minutes=1)


async def enter_vote(
    database: Database,
    now: datetime,
    *,
    opens: datetime | None = None,
    closes: datetime = CLOSES,
    when_all: bool = False,
    kind: Kind = Kind.MOTION,
    held: Held = Held.MEETING,
    options: Sequence[NewOption] = (),
    secret: bool = False,
) -> int:
    """Enter a vote of the first body, a motion open at once unless said otherwise; its number."""
    async with database.begin() as session:
        found = await session.scalar(select(Body).order_by(Body.id))
        assert found is not None
        if secret:
            found.charter = {**found.charter, "secret_on_request": True}
        body = found.id
        plan = entering.VotePlan(
            body,
            kind,
            held,
            "Förderung 2027",
            "Der RAK stimmt zu.",
            opens or now,
            closes,
            when_all,
            options=options,
            secret=secret,
        )
        return (await entering.enter(session, plan, await actor(session, STAFF), now)).number


async def open_vote(party: Party, **what: Any) -> int:
    """Enter a vote as ``enter_vote`` does, and bring its cards to the members; its number."""
    number = await enter_vote(party.database, party.clock.now, **what)
    await party.deliver()
    return number


async def open_circular(party: Party, mode: str = "majority", **keys: Any) -> int:
    """A binding motion by circulation, in a body whose rules allow it in this mode."""
    await set_rules(party.database, circular=mode, clause=CLAUSE, **keys)
    return await open_vote(party, held=Held.CIRCULAR)


async def set_rules(database: Database, **keys: Any) -> None:
    """The first body's charter is the preset with these keys of its own from now on."""
    async with database.begin() as session:
        body = await session.scalar(select(Body).order_by(Body.id))
        assert body is not None
        body.charter = {"preset": DEFAULT_PRESET, **keys}


async def pass_to(party: Party, moment: datetime) -> None:
    """Time passes until an instant while the bot is at work, so that no outage is seen; then it does what is due."""
    party.clock.jump(moment)
    await been_at_work(party.database, moment)
    await party.tick()


async def been_at_work(database: Database, until: datetime) -> None:
    """The bot has given signs of life all the time until an instant."""
    async with database.begin() as session:
        heart = await session.get(Heartbeat, 1)
        if heart is not None:
            heart.at = max(heart.at, until - BEFORE)


async def close(party: Party, moment: datetime = CLOSES) -> None:
    """The closing comes, and the results are delivered."""
    await pass_to(party, moment)
    await party.deliver()


async def cast_secretly(party: Party, who: int, label: str) -> str:
    """Choose in a secret vote and cast it, two taps; what the second was answered."""
    await party.tap(who, label)
    await party.tap(who, "Verbindlich abgeben")
    return party.toast()


async def says(party: Party, number: int = 1) -> dict[str, str]:
    """What each mandate's ballot says, by the mandate's name."""
    async with party.database.read() as session:
        rows = await session.execute(
            select(Elector.name, Ballot.choice)
            .join(Ballot, (Ballot.vote_number == Elector.vote_number) & (Ballot.mandate_id == Elector.mandate_id))
            .where(Ballot.vote_number == number)
            .order_by(Elector.name)
        )
        return {name: choice for name, choice in rows}  # noqa: C416 - a Row is no pair


async def end_role(party: Party, who: int, role: Role = Role.MEMBER) -> None:
    """Somebody's role ends."""
    async with party.database.begin() as session:
        membership = await session.scalar(
            select(Membership).where(Membership.person_id == who, Membership.role == role)
        )
        assert membership is not None
        membership.ended_at = party.clock.now


async def seat(party: Party, who: int, name: str, mandate: str, role: Role = Role.MEMBER) -> None:
    """Somebody new comes in, as the holder or a deputy of a mandate; a mandate nobody has heard of is made."""
    async with party.database.begin() as session:
        body = await session.scalar(select(Body.id).order_by(Body.id))
        found = await session.scalar(select(Mandate).where(Mandate.name == mandate))
        if found is None:
            assert body is not None
            found = Mandate(body_id=body, name=mandate)
            session.add(found)
        session.add(Account(telegram_id=who, first_seen=party.clock.now, telegram_language="de"))
        await session.flush()
        if await session.get(Person, who) is None:
            session.add(Person(id=who, name=name, telegram_id=who))
            await session.flush()
        session.add(Membership(person_id=who, role=role, body_id=body, mandate_id=found.id))


async def promises_hold(party: Party) -> bool:
    """Whether everything in the store is as it must be, the record of votes included."""
    async with party.database.read() as session:
        return await broken_promises(session) == []
