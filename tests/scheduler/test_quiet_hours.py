"""Quiet hours hold for what nobody asked for in that moment; what cannot wait goes without sound."""

from datetime import date, datetime, time, timedelta
from itertools import product

import pytest

from models.ballot.rules import Held, Kind
from models.calendar import Calendar
from models.outbox import Letter
from tests.auxil.party import DORA, STAFF, VERA, Party
from tests.auxil.voting import been_at_work, enter_vote

PLACE = ("Raum 1", "[Weiter]", "[Weiter]", "[Einladen]")
FORM = ("[Neue Sitzung]", "Auswahl", "08.12.2026 10:00", "08.12.2026 12:00", *PLACE)
TONIGHT = datetime.fromisoformat("2026-11-24T21:00+01:00")
# A step stands at the full hour, or five minutes before the quiet hours begin.
LOOKS = (time(3), time(8), time(9), time(10), time(19, 56), time(20, 1))
MORNING = datetime.fromisoformat("2026-11-25T08:00+01:00")


@pytest.fixture
def kind() -> str:
    """The store of every test here but those that name another."""
    return "sqlite"


def texts(party: Party, who: int, begins: str) -> int:
    return len([text for text in party.telegram.texts(who) if text.startswith(begins)])


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_an_invitation_sent_at_night_arrives_in_the_morning(party: Party) -> None:
    party.clock.jump(TONIGHT)
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *FORM)
    await party.tick()
    assert texts(party, VERA, "Einladung") == 0
    party.clock.jump(MORNING)
    await party.tick()
    assert texts(party, VERA, "Einladung") == 1
    assert "disable_notification" not in party.telegram.sent("sendMessage", VERA)[-1].params


async def test_an_invitation_for_tomorrow_goes_at_once_without_sound(party: Party) -> None:
    party.clock.jump(TONIGHT)
    await party.write(STAFF, "/buero")
    soon = ("[Neue Sitzung]", "Auswahl", "25.11.2026 18:00", "25.11.2026 19:00", *FORM[4:])
    await party.fill(STAFF, *soon)
    assert texts(party, VERA, "Einladung") == 1
    assert party.telegram.sent("sendMessage", VERA)[-1].params["disable_notification"] is True


async def test_a_deputy_is_asked_in_the_morning(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *FORM)
    party.clock.jump(TONIGHT)
    await party.tap(VERA, "Vertretung")
    await party.tap(VERA, "Dora Vertretung")
    assert party.telegram.texts(DORA) == []
    party.clock.jump(MORNING)
    await party.tick()
    assert "Können Sie die Vertretung übernehmen?" in party.telegram.texts(DORA)[0]


@pytest.mark.parametrize("held", list(Held))
async def test_a_result_waits_for_the_morning_unless_people_sit_together(party: Party, held: Held) -> None:
    await enter_vote(party.database, party.clock.now, closes=TONIGHT, kind=Kind.STRAW_POLL, held=held)
    await party.deliver()
    party.clock.jump(TONIGHT)
    await party.tick()
    assert texts(party, VERA, "Ergebnis") == (held is Held.MEETING)
    if held is Held.MEETING:
        assert party.telegram.sent("sendPhoto", VERA)[-1].params["disable_notification"] is True
    party.clock.jump(MORNING)
    await party.tick()
    assert texts(party, VERA, "Ergebnis") == 1


async def test_nothing_that_the_clock_sends_makes_a_sound_in_quiet_hours(party: Party) -> None:
    """A fortnight with a vote, a meeting and a holiday in it, looked at tick by tick."""
    calendar, start = Calendar(), datetime.fromisoformat("2026-12-18T10:00+01:00")
    party.clock.jump(start)
    closes = start + timedelta(days=9, hours=11)
    await enter_vote(party.database, start, closes=closes, kind=Kind.STRAW_POLL, held=Held.CIRCULAR)
    await party.write(STAFF, "/buero")
    times = ("29.12.2026 10:00", "29.12.2026 12:00")
    await party.fill(STAFF, "[Neue Sitzung]", "Auswahl", *times, *PLACE)
    before = {one.id for one in await party.rows(Letter)}
    for day, clock in product(range(12), LOOKS):
        party.clock.jump(max(start, calendar.at(start.date() + timedelta(days=day), clock)))
        await been_at_work(party.database, party.clock.now)
        await party.tick()
    sent = [one for one in await party.rows(Letter) if one.id not in before and one.sent_at]
    assert {one.kind for one in sent} >= {"vote_reminder", "meeting_reminder", "result", "week"}
    assert [one.kind for one in sent if calendar.quiet(one.sent_at)] == []
    assert calendar.is_holiday(date(2026, 12, 25))
