"""„Geplante Nachrichten": what is forecast is what will be sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.callbacks import OnPlanned
from models import deadline
from models.actor import actor
from models.calendar import Calendar
from models.deadline import Step, Subscription
from models.deadline.forecast import steps_ahead
from models.deadline.rules import Schedule
from models.forecast import HORIZON, forecast
from models.meeting import acts as meetings
from models.meeting.rules import MeetingPlan
from models.outbox import Letter, NewLetter, post
from models.planned import Planned, key_of
from scheduler.planner import plan
from tests.auxil.party import JENS, KARL, SPONSOR, SPONSORED, STAFF, VERA, Party
from tests.auxil.telegram_json import BOT, SENT_AT, chat
from tests.auxil.voting import enter_vote

OFFICE = Calendar()
Sent = tuple[str, int, int, datetime]  # kind, number of its subject, account, instant


@pytest.fixture
def kind() -> str:
    """The store of every test here but those that name another."""
    return "sqlite"


def berlin(*parts: int) -> datetime:
    local = datetime(*parts)  # type: ignore[misc,arg-type]  # noqa: DTZ001 - made an instant in the next line
    return OFFICE.at(local.date(), local.time())


async def ahead(party: Party) -> list[Planned]:
    async with party.database.read() as session:
        return await forecast(session, party.clock.now)


async def add_deadline(party: Party, due: datetime, leads: list[int], *who: int, audience: str = "alle") -> int:
    entry: deadline.Entry = {"title": "Aufruf STABIL", "kind": "Aufruf", "due_at": due, "leads": leads}
    async with party.database.begin() as session:
        row = await deadline.enter(session, entry | {"audience": audience}, party.clock.now)
        for one in who:
            await deadline.subscribe(session, row.number, await actor(session, one), party.clock.now)
        return row.number


async def add_meeting(party: Party, start: datetime) -> None:
    async with party.database.begin() as session:
        staff = await actor(session, STAFF)
        meeting = await meetings.enter(session, MeetingPlan(1, "S", start, start + timedelta(hours=1), "R", ""), staff)
        await meetings.invite(session, meeting.number, staff, party.clock.now)


# --- the forecast and the sending


async def furnish(party: Party, chance: Random) -> None:
    """An office with this and that ahead, at any hour of any day."""

    def some_time(days: int = 45) -> datetime:
        return party.clock.now + timedelta(minutes=chance.randint(10, days * 24 * 60))

    for number in range(6):
        leads = chance.sample([30, 21, 14, 10, 7, 5, 3, 2, 1, 0], chance.randint(1, 5))
        readers = chance.sample([VERA, JENS, KARL, SPONSOR], chance.randint(0, 4))
        audience = "alle" if number % 2 else f"traeger:{SPONSORED}"
        await add_deadline(party, some_time(), leads, *(readers if number % 2 else [SPONSOR]), audience=audience)
    for _ in range(3):
        opens = some_time(20)
        await enter_vote(
            party.database, party.clock.now, opens=opens, closes=opens + timedelta(days=chance.randint(1, 9))
        )
    await enter_vote(party.database, party.clock.now, closes=some_time(20))
    for _ in range(2):
        await add_meeting(party, some_time())
    async with party.database.begin() as session:
        later = some_time(20)
        await post(session, NewLetter("later", "outage", VERA, {"outage": 1}, not_before=later), party.clock.now)


def ticks(planned: list[Planned], now: datetime) -> Iterator[datetime]:
    """Some of every day, and those that matter: a minute before each planned message, and at it."""
    moments = {one.at for one in planned} | {one.at - timedelta(minutes=1) for one in planned}
    for days in range(HORIZON.days + 1):
        day = OFFICE.day(now + timedelta(days=days))
        moments |= {OFFICE.at(day, time(hour)) for hour in (8, 9, 20)}
    return iter(sorted(one for one in moments if now < one <= now + HORIZON))


@pytest.mark.parametrize("seed", range(2))
async def test_what_is_forecast_is_what_is_sent(party: Party, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a scenario
    party.clock.jump(berlin(2026, 12, 1, 10) + timedelta(minutes=chance.randint(0, 60 * 24 * 60)))
    await plan(party.database, party.clock.now)
    await furnish(party, chance)
    await party.tick()
    before = {one.id for one in await party.rows(Letter) if one.sent_at}
    start, planned = party.clock.now, await ahead(party)
    for moment in ticks(planned, start):
        await plan(party.database, moment)
    sent = [one for one in await party.rows(Letter) if one.id not in before]
    assert len(planned) > 10
    assert await told(party, sent) == foretold(planned)


def foretold(planned: list[Planned]) -> list[Sent]:
    return sorted(
        (one.key.kind, one.key.number, reader.telegram_id, one.at) for one in planned for reader in one.readers
    )


async def told(party: Party, sent: list[Letter]) -> list[Sent]:
    """What was sent; of a gathered reminder each of its steps."""
    steps: dict[int, list[Step]] = {}
    for step in await party.rows(Step):
        steps.setdefault(step.letter_id, []).append(step)
    found: list[Sent] = []
    for one in sent:
        about = one.about
        if one.kind == "reminder":
            found += [(one.kind, step.deadline_number, one.telegram_id, one.posted_at) for step in steps[one.id]]
        else:
            number = about.get("vote", about.get("meeting", about.get("outage", 0)))
            found.append((one.kind, number, one.telegram_id, max(one.posted_at, one.not_before)))
    return sorted(found)


@settings(max_examples=40, deadline=None)
@given(
    due=st.datetimes(datetime(2026, 10, 1), datetime(2027, 5, 1)),  # noqa: DTZ001 - local, made an instant below
    leads=st.sets(st.integers(0, 40), max_size=5),
    shift=st.booleans(),
    since=st.timedeltas(timedelta(), timedelta(days=40)),
    told=st.sets(st.integers(0, 40), max_size=3),
)
def test_the_steps_ahead_are_those_that_a_tick_an_hour_finds(
    due: datetime, leads: set[int], shift: bool, since: timedelta, told: set[int]
) -> None:
    at = OFFICE.at(due.date(), due.time())
    schedule, now = Schedule(at, tuple(leads), shift), OFFICE.at(due.date() - timedelta(days=25), time(due.hour))
    found, already = [], set(told)
    for hour in range(24 * 31):
        tick = now + timedelta(hours=hour)
        step = deadline.steps_due(schedule, OFFICE, now - since, tick, already)
        if step is not None:
            already.add(step.lead)
            found.append((tick, step.lead, step.late))
    steps = steps_ahead(schedule, OFFICE, now - since, now, told, tick)
    assert [(one.at, one.lead, one.late) for one in steps] == found


# --- what staff does about it


NINE = berlin(2026, 11, 26, 9)  # a Thursday; the deadline of the tests is due a week later


@pytest.fixture
async def armed(party: Party) -> Party:
    """Vera and Jens will be reminded on Thursday and on Monday."""
    await add_deadline(party, berlin(2026, 12, 3, 12), [7, 3], VERA, JENS)
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Geplante Nachrichten")
    return party


def reminded(party: Party, who: int = VERA) -> int:
    return len([text for text in party.telegram.texts(who) if text.startswith("Erinnerung an")])


async def play(party: Party, *moments: datetime) -> None:
    for moment in moments:
        party.clock.jump(moment)
        await party.tick()


FIRST = "Do, 26.11., 09:00 Uhr · 1 · Aufruf STABIL"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_the_office_sees_when_what_goes_to_how_many(armed: Party) -> None:
    lines = armed.last_text(STAFF).splitlines()
    assert lines[0] == "7 geplante Nachrichten in den nächsten 30 Tagen"
    assert lines[2:4] == ["Do, 26.11.2026, 09:00 Uhr", "Erinnerung an Frist: 1 · Aufruf STABIL · 2 Personen"]
    assert lines[5:7] == ["Fr, 27.11.2026, 09:00 Uhr", "Wochenbrief an das Büro · 2 Personen"]
    assert armed.labels(STAFF)[0] == FIRST
    await armed.tap(STAFF, FIRST)
    text = armed.last_text(STAFF)
    first, title, readers = text.splitlines()[:3]
    assert (first, title) == ("Do, 26.11.2026, 09:00 Uhr", "Erinnerung an Frist: 1 · Aufruf STABIL")
    assert readers == "An 2 Personen: Jens Beispiel, Vera Muster"
    assert "Erinnerung an 1 Frist" in text
    assert "noch 7 Tage" in text  # as it will be then, not today
    assert armed.labels(STAFF) == ["Anhalten", "Jetzt senden", "Geplante Nachrichten", "Büro"]


async def test_one_that_is_held_does_not_go_until_released_and_then_late(armed: Party) -> None:
    await armed.tap(STAFF, FIRST)
    await armed.tap(STAFF, "Anhalten")
    assert "Angehalten" in armed.toast()
    assert armed.labels(STAFF)[0] == "Freigeben"
    await play(armed, NINE, NINE + timedelta(hours=3))
    assert reminded(armed) == 0
    await armed.write(STAFF, "/buero")
    await armed.tap(STAFF, "Geplante Nachrichten")
    assert "angehalten" in armed.last_text(STAFF)
    await armed.tap(STAFF, next(label for label in armed.labels(STAFF) if label.endswith("1 · Aufruf STABIL")))
    await armed.tap(STAFF, "Freigeben")
    assert armed.toast() == "Freigegeben."
    await armed.tick()
    assert reminded(armed) == reminded(armed, JENS) == 1
    assert "(verspätet)" in armed.last_text(VERA)
    await play(armed, NINE + timedelta(hours=4))
    assert reminded(armed) == 1


async def test_one_released_before_its_time_goes_at_its_time(armed: Party) -> None:
    await armed.tap(STAFF, FIRST)
    await armed.tap(STAFF, "Anhalten")
    await armed.tap(STAFF, "Freigeben")
    await play(armed, NINE - timedelta(minutes=1))
    assert reminded(armed) == 0
    await play(armed, NINE)
    assert reminded(armed) == 1
    assert "(verspätet)" not in armed.last_text(VERA)


async def test_one_that_is_held_for_good_does_not_hold_up_the_next(armed: Party) -> None:
    await armed.tap(STAFF, FIRST)
    await armed.tap(STAFF, "Anhalten")
    await play(armed, NINE, berlin(2026, 11, 30, 9), berlin(2026, 11, 30, 10))
    assert reminded(armed) == 1
    assert "noch 3 Tage" in armed.last_text(VERA)


async def test_one_sent_now_does_not_go_again_at_its_time(armed: Party) -> None:
    await armed.tap(STAFF, FIRST)
    now, held = armed.telegram.tap(STAFF, "Jetzt senden"), armed.telegram.tap(STAFF, "Anhalten")
    again = armed.telegram.tap(STAFF, "Jetzt senden")
    await armed.hear(now, held, again)
    assert reminded(armed) == reminded(armed, JENS) == 1
    assert armed.telegram.toasts()[-3:] == [
        "Sie ist unterwegs.",
        "Das ist schon geschehen. Nichts hat sich geändert.",
        "Das ist schon geschehen. Nichts hat sich geändert.",
    ]
    await play(armed, NINE, NINE + timedelta(hours=1))
    assert reminded(armed) == 1
    await play(armed, berlin(2026, 11, 30, 9))
    assert reminded(armed) == 2


async def test_who_subscribes_after_it_was_sent_early_is_reminded_at_its_time(armed: Party) -> None:
    await armed.tap(STAFF, FIRST)
    await armed.tap(STAFF, "Jetzt senden")
    async with armed.database.begin() as session:
        await deadline.subscribe(session, 1, await actor(session, KARL), armed.clock.now)
    await play(armed, NINE)
    assert (reminded(armed), reminded(armed, KARL)) == (1, 1)


async def test_reminders_to_vote_and_of_invitations_and_the_week_can_be_held_and_sent_now(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, closes=party.clock.now + timedelta(days=4))
    await add_meeting(party, party.clock.now + timedelta(days=9))
    await party.deliver()
    kinds = {one.key.kind: one for one in reversed(await ahead(party))}
    assert set(kinds) == {"vote_reminder", "meeting_reminder", "week", "result"}
    for kind in ("vote_reminder", "meeting_reminder", "week"):
        key, count = kinds[kind].key, len([one for one in await party.rows(Letter) if one.kind == kind])
        await tap(party, OnPlanned(*key, "hold"))
        await play(party, kinds[kind].at + timedelta(minutes=1))
        assert len([one for one in await party.rows(Letter) if one.kind == kind]) == count, kind
        await tap(party, OnPlanned(*key, "now"))
        sent = [one for one in await party.rows(Letter) if one.kind == kind]
        assert sorted(one.telegram_id for one in sent) == sorted(one.telegram_id for one in kinds[kind].readers)
        await party.tick()
        assert [one.id for one in await party.rows(Letter) if one.kind == kind] == [one.id for one in sent]
        assert {one.state for one in sent} <= {"sent", "void"}


async def tap(party: Party, tapped: OnPlanned) -> None:
    message = {"message_id": 1, "date": SENT_AT, "chat": chat(STAFF), "from": BOT, "text": "?"}
    await party.hear(party.telegram.tap_data(STAFF, tapped.pack(), message))


async def test_a_result_goes_by_itself(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    [result] = [one for one in await ahead(party) if one.key.kind == "result"]
    await tap(party, OnPlanned(*result.key, "show"))
    assert "Den Text gibt es erst beim Versand." in party.last_text(STAFF)
    assert party.labels(STAFF) == ["Geplante Nachrichten", "Büro"]
    for act in ("hold", "now", "nonsense"):
        await tap(party, OnPlanned(*result.key, act))
        assert party.toast(), act
    assert not [one for one in await party.rows(Letter) if one.kind == "result"]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_letters_that_wait_in_the_outbox_can_be_held_and_sent(party: Party) -> None:
    later = party.clock.now + timedelta(hours=5)
    number = await add_deadline(party, berlin(2026, 12, 3, 12), [1], VERA, JENS)
    async with party.database.begin() as session:
        for who in (VERA, JENS):
            about = {"deadline": number, "changes": []}
            await post(session, NewLetter(f"k{who}", "deadline_changed", who, about, not_before=later), party.clock.now)
    [planned] = [one for one in await ahead(party) if one.letters]
    assert (planned.at, len(planned.readers)) == (later, 2)
    await tap(party, OnPlanned(*planned.key, "hold"))
    await play(party, later + timedelta(hours=1))
    assert party.telegram.texts(VERA) == []
    await tap(party, OnPlanned(*planned.key, "release"))
    assert all("Aufruf STABIL" in party.telegram.texts(who)[0] for who in (VERA, JENS))
    assert await deadline_armed(party)


async def deadline_armed(party: Party) -> bool:
    async with party.database.read() as session:
        return bool(await session.scalar(select(Subscription.next_at).limit(1)))


async def test_in_quiet_hours_what_is_sent_now_makes_no_sound_and_staff_is_told_so(armed: Party) -> None:
    armed.clock.jump(berlin(2026, 11, 24, 21))
    await armed.tap(STAFF, FIRST)
    assert "Es ist Ruhezeit: Jetzt gesendet käme sie ohne Ton an." in armed.last_text(STAFF)
    await armed.tap(STAFF, "Jetzt senden")
    assert armed.telegram.sent("sendMessage", VERA)[-1].params["disable_notification"] is True


async def test_a_long_list_has_pages(party: Party) -> None:
    for number in range(9):
        await add_deadline(party, berlin(2026, 12, 3, 12) + timedelta(hours=number), [7], VERA)
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Geplante Nachrichten")
    assert len(party.labels(STAFF)) == 10
    await party.tap(STAFF, "Spätere")
    assert party.labels(STAFF)[-2:] == ["Zurück", "Büro"]
    await party.tap(STAFF, "Zurück")
    assert party.labels(STAFF)[-2:] == ["Spätere", "Büro"]


async def test_a_deadline_of_one_sponsor_is_forecast_for_that_sponsor_alone(party: Party) -> None:
    await add_deadline(party, berlin(2026, 12, 3, 12), [7], SPONSOR, audience=f"traeger:{SPONSORED}")
    [planned] = [one for one in await ahead(party) if one.key.kind == "reminder"]
    assert [one.telegram_id for one in planned.readers] == [SPONSOR]
    assert planned.key == key_of("reminder", 1, NINE)
    assert planned.at.tzinfo is UTC
