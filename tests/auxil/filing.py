"""A store in which there is something of everything that belongs in an Akte."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, actor, ensure_account
from models.ballot import closing, entering
from models.ballot import office as votes_office
from models.ballot.entering import NewOption
from models.ballot.handover import NewHandover, hand_over
from models.ballot.rules import Held, Kind
from models.charter import DEFAULT_PRESET
from models.files import keep
from models.meeting import acts as meetings
from models.meeting import day, looking
from models.meeting.minutes import send_minutes
from models.meeting.rules import MeetingPlan
from models.member import Person
from models.office import Body, Office
from models.roll.office import full_charter
from tests.auxil.asking import answered, hand_on, load, source
from tests.auxil.deadlines import enter
from tests.auxil.party import DORA, JENS, KARL, STAFF, VERA, Party
from tests.auxil.rundruf import send
from tests.auxil.selecting import CALL
from tests.auxil.voting import CLAUSE, pass_to

TELEGRAM = 987_654_321_012  # the number of somebody's account, which must stand nowhere
OPEN, SECRET, SELECTION, OBJECTED, BROKEN, DATES, SECRET_RUNNING, OPEN_RUNNING = range(1, 9)
QUESTION = "Wer bekommt Geld vom Mond?"


async def furnish(party: Party) -> None:
    """Votes of every kind and phase, meetings, a Rundruf, an answer, sources, deadlines."""
    now = party.clock.now
    async with party.database.begin() as session:
        staff = await actor(session, STAFF)
        body = await session.get_one(Body, 1)
        own = {"circular": "majority", "clause": CLAUSE, "secret_on_request": True, "conflict_scope": "project"}
        body.charter = full_charter({"preset": DEFAULT_PRESET, **own})
        (await session.get_one(Office, 1)).settings = {"postal_days": 3, "legal_basis": 'Art. 6 „e" \\ §'}
        await _meetings(session, staff, now)
        await _votes(session, staff, now)
    await party.deliver()
    await _ballots(party)
    await enter(party, "=cmd|'/C calc'!A0", key="formel", areas=["B", "C"])
    await enter(party, "Aus dem Chat")
    await load(party, alt=source("Es gibt Mondreisen.", title="Alte Fassung"), neu=source("Es gibt keine Mondreisen."))
    await load(party, alt=source("Es gab Mondreisen.", title="Alte Fassung"))
    await hand_on(party, QUESTION)
    await answered(party, "Niemand bekommt Geld vom Mond.")
    await send(party, text="Guten Tag <zusammen> & alle")
    await pass_to(party, now + timedelta(days=6, hours=2))
    await _running(party)
    await pass_to(party, now + timedelta(days=9))
    await _after_the_meeting(party, now)
    async with party.database.begin() as session:
        await ensure_account(session, TELEGRAM, "de", party.clock.now)
        (await session.get_one(Person, VERA)).telegram_id = TELEGRAM


async def _meetings(session: AsyncSession, staff: Actor, now: datetime) -> None:
    file = (await keep(session, "Übersicht: Haushalt?.pdf", b"%PDF-1.7 Haushalt", now)).id
    start = now + timedelta(days=8)
    plan = MeetingPlan(1, "Auswahl", start, start + timedelta(hours=2), "Raum 1", "Beschluss: Werkstatt", [file])
    meeting = await meetings.enter(session, plan, staff)
    await meetings.invite(session, meeting.number, staff, now)
    draft = MeetingPlan(1, "Noch geheim", start + timedelta(days=30), start + timedelta(days=31), "", "")
    await meetings.enter(session, draft, staff)


async def _votes(session: AsyncSession, staff: Actor, now: datetime) -> None:
    files = [(await keep(session, name, name.encode(), now)).id for name in ("CON.pdf", "../../anlage.pdf", "con.PDF")]
    soon, meeting = now + timedelta(days=2), await looking.find(session, 1)
    plans = [
        entering.VotePlan(1, Kind.MOTION, Held.MEETING, "Förderung 2027", "Der RAK stimmt zu.", now, soon,
                          file_ids=files, item_id=meeting.items[0].id),
        entering.VotePlan(1, Kind.STRAW_POLL, Held.MEETING, "Geheimes", "Wer ist dafür?", now, soon, secret=True),
        entering.VotePlan(1, Kind.SELECTION, Held.MEETING, "Aufruf STABIL", "Wer?", now, soon, call=CALL),
        entering.VotePlan(1, Kind.MOTION, Held.CIRCULAR, "Briefkopf", "Er wird blau.", now, soon),
        entering.VotePlan(1, Kind.MOTION, Held.MEETING, "Satzung", "Sie gilt.", now, soon),
        entering.VotePlan(1, Kind.DATES, Held.MEETING, "Herbst", "Wann?", now, soon,
                          options=[NewOption("", now + timedelta(days=number)) for number in (20, 21)]),
    ]  # fmt: skip
    for plan in plans:
        await entering.enter(session, plan, staff, now)
    vera = await actor(session, VERA)
    await closing.object_to(session, OBJECTED, 1, vera, now)
    await votes_office.break_off(session, BROKEN, "Antrag zurückgezogen", staff, now)
    await votes_office.exclude(session, OPEN, 3, "Beschluss von heute", staff, now)
    await votes_office.extend(session, OPEN, soon + timedelta(days=1), "Unterlagen kamen spät", staff, now)
    await hand_over(session, NewHandover(1, DORA, DATES), vera, now)


async def _ballots(party: Party) -> None:
    taps = {VERA: [f"v:{OPEN}:1:yes", f"v:{OPEN}:1:no", f"xc:{SECRET}:1:yes"], JENS: [f"xc:{SECRET}:2:no"]}
    taps[VERA] += [f"vs:{SELECTION}:1:{project}:{place}:3" for project in (1, 2) for place in (1, 2)]
    taps[VERA] += [f"vc:{SELECTION}:1:3:aside", "m:1:0:yes"]
    taps[KARL] = [f"v:{DATES}:3:ff", "m:3:0:no"]
    for who, data in taps.items():
        for one in data:
            await party.hear(party.telegram.tap_data(who, one, party.telegram.last(who)))


async def _running(party: Party) -> None:
    """Two votes that have not ended when the Akte is written."""
    now = party.clock.now
    async with party.database.begin() as session:
        staff = await actor(session, STAFF)
        for title, secret in (("Läuft geheim", True), ("Läuft offen", False)):
            plan = entering.VotePlan(
                1, Kind.STRAW_POLL, Held.MEETING, title, "Wer ist dafür?", now, now + timedelta(days=9), secret=secret
            )
            await entering.enter(session, plan, staff, now)
    await party.deliver()
    for data in (f"xc:{SECRET_RUNNING}:1:yes", f"v:{OPEN_RUNNING}:1:yes"):
        await party.hear(party.telegram.tap_data(VERA, data, party.telegram.last(VERA)))


async def _after_the_meeting(party: Party, now: datetime) -> None:
    start = now + timedelta(days=8)
    async with party.database.begin() as session:
        staff = await actor(session, STAFF)
        await day.record_arrivals(session, 1, [(1, DORA), (2, JENS)], start, staff, party.clock.now)
        await day.begin(session, 1, start, staff, party.clock.now)
        await day.end(session, 1, start + timedelta(hours=1), staff, party.clock.now)
        minutes = await keep(session, "Niederschrift 1.pdf", b"%PDF-1.7 genehmigt", party.clock.now)
        await send_minutes(session, 1, minutes.id, staff, party.clock.now)
    await party.deliver()
