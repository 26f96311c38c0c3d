"""The office's week: on Friday morning, or on the working day before."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import deadline
from models.actor import actor
from models.calendar import Calendar
from models.meeting import acts as meetings
from models.meeting.rules import MeetingPlan
from models.member import Account
from models.outbox import Letter
from models.weekly import morning_before, week_to_tell
from tests.auxil.party import COLLEAGUE, STAFF, VERA, Party
from tests.auxil.voting import enter_vote

OFFICE = Calendar()


def berlin(text: str) -> datetime:
    return OFFICE.at(date.fromisoformat(text[:10]), datetime.fromisoformat(text).time())


@pytest.fixture
def kind() -> str:
    """The store of every test here but those that name another."""
    return "sqlite"


async def weeks(party: Party) -> list[str]:
    """What the office has been told, a line each: when, and its first line."""
    sent = sorted((one for one in await party.rows(Letter) if one.kind == "week"), key=lambda one: one.id)
    mine = [one for one in sent if one.telegram_id == STAFF]
    assert len(sent) == 2 * len(mine)  # the colleague hears it too
    return [f"{OFFICE.local(one.sent_at):%d.%m. %H:%M} {one.about['monday']}" for one in mine]


@pytest.mark.parametrize(
    ("monday", "told"),
    [
        ("2026-11-30", "2026-11-27 09:00"),
        ("2026-12-28", "2026-12-24 09:00"),  # Friday is Christmas
        ("2027-01-04", "2026-12-31 09:00"),  # Friday is New Year
        ("2027-03-29", "2027-03-25 09:00"),  # Good Friday
        ("2026-10-26", "2026-10-23 09:00"),  # the clocks change in the night between
    ],
)
def test_friday_at_nine_or_the_working_day_before(monday: str, told: str) -> None:
    assert morning_before(date.fromisoformat(monday), OFFICE) == berlin(told)


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_the_morning_is_a_working_day_of_the_week_before(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    morning = OFFICE.local(morning_before(monday, OFFICE))
    assert (morning.hour, morning.minute) == (9, 0)
    assert OFFICE.is_working_day(morning.date())
    between = [morning.date() + timedelta(days=one) for one in range(1, (monday - morning.date()).days)]
    assert not [one for one in between if OFFICE.is_working_day(one) and one.weekday() <= 4]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)))  # noqa: DTZ001 - local times, made instants below
def test_a_week_is_told_of_from_its_friday_to_its_first_evening_and_never_in_quiet_hours(local: datetime) -> None:
    now = OFFICE.at(local.date(), local.time())
    monday = week_to_tell(OFFICE, now)
    if monday is None:
        return
    assert monday.weekday() == 0
    assert not OFFICE.quiet(now)
    assert morning_before(monday, OFFICE) <= now
    assert OFFICE.day(now) <= OFFICE.working_day_from(monday)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_once_a_week_to_every_member_of_staff(party: Party) -> None:
    for text in (
        "2026-11-27 08:59",
        "2026-11-27 09:00",
        "2026-11-27 09:01",
        "2026-11-28 12:00",
        "2026-11-30 12:00",
        "2026-12-04 09:00",
    ):
        party.clock.jump(berlin(text))
        await party.tick()
    assert await weeks(party) == ["27.11. 09:00 2026-11-30", "04.12. 09:00 2026-12-07"]


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ("2026-11-27 21:00", []),
        ("2026-11-28 08:00", ["28.11. 08:00 2026-11-30"]),
        ("2026-11-29 12:00", []),  # Sunday
        ("2026-11-30 19:59", ["30.11. 19:59 2026-11-30"]),
        ("2026-12-01 08:00", []),
    ],
)
async def test_after_an_outage_it_goes_as_long_as_it_is_of_use(party: Party, back: str, told: list[str]) -> None:
    party.clock.jump(berlin(back))
    await party.tick()
    assert await weeks(party) == told


async def furnish(party: Party) -> None:
    """A vote that closes next week, a meeting without quorum, a draft, a question and a deadline."""
    await enter_vote(party.database, party.clock.now)  # closes on 1 December
    start = berlin("2026-12-03 10:00")
    async with party.database.begin() as session:
        staff = await actor(session, STAFF)
        for title in ("Herbsttreffen", "Entwurf <x>"):
            plan = MeetingPlan(1, title, start, start + timedelta(hours=2), "Raum 1", "")
            meeting = await meetings.enter(session, plan, staff)
        await meetings.invite(session, 1, staff, party.clock.now)
        assert meeting.invited_at is None
        for title, due in (("Abruf", "2026-12-04 12:00"), ("Später", "2026-12-07 00:00")):
            await deadline.enter(session, {"title": title, "kind": "Antrag", "due_at": berlin(due)}, party.clock.now)
    await party.deliver()
    await party.write(VERA, "Wie tief ist der Arendsee?")
    await party.tap(VERA, "An die ReKo")


async def test_it_says_what_the_week_brings(party: Party) -> None:
    await furnish(party)
    await party.tap(VERA, "Ja")
    party.clock.jump(berlin("2026-11-27 09:00"))
    await party.tick()
    text = party.last_text(COLLEAGUE)
    assert text.splitlines() == [
        "Die Woche vom 30.11.2026 bis 06.12.2026",
        "",
        "Abstimmungen, die schließen",
        "• 1 · Förderung 2027: Di, 01.12., 12:00 Uhr, 2 Stimmen fehlen",
        "",
        "Sitzungen, die noch nicht beschlussfähig wären",
        "• 1 · Herbsttreffen: Do, 03.12., 10:00 Uhr, 0 zugesagt, beschlussfähig ab 2",
        "",
        "Sitzungen, zu denen noch niemand eingeladen ist",
        "• 2 · Entwurf <x>: Do, 03.12., 10:00 Uhr",
        "",
        "Fristen",
        "• 1 · Abruf: Fr, 04.12., 12:00 Uhr · noch 7 Tage",
        "",
        "1 offene Frage, die älteste seit dem 24.11.2026",
    ]
    assert party.labels(COLLEAGUE) == ["Offene Fragen", "Geplante Nachrichten"]


async def test_an_empty_week_is_said_to_be_empty(party: Party) -> None:
    party.clock.jump(berlin("2026-11-27 09:00"))
    await party.tick()
    assert party.last_text(STAFF) == "Die Woche vom 30.11.2026 bis 06.12.2026\n\nEs steht nichts an."
    assert party.telegram.texts(VERA) == []


async def test_who_came_after_the_morning_hears_from_the_next_week_on(party: Party) -> None:
    async with party.database.begin() as session:
        account = await session.get_one(Account, COLLEAGUE)
        account.first_seen = berlin("2026-11-27 09:01")
    for text, told in (("2026-11-27 10:00", {STAFF}), ("2026-12-04 09:00", {STAFF, COLLEAGUE})):
        party.clock.jump(berlin(text))
        await party.tick()
        latest = [one for one in await party.rows(Letter) if one.kind == "week" and one.sent_at == party.clock.now]
        assert {one.telegram_id for one in latest} == told
