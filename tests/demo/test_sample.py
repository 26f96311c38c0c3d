from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.office_folder import load, read_folder
from demo.sample import dated, write_sample
from models.actor import Actor
from models.base import Database
from models.calendar import Calendar
from models.deadline import open_deadlines
from models.meeting import Meeting
from models.member import Membership, Person
from models.office import Body, Mandate
from models.roll.lists import read_list

CALENDAR = Calendar()
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{+10d 12:00}", "04.12.2026 12:00"),
        ("{+11d 8:00}", "07.12.2026 08:00"),  # a Saturday moves on
        ("{-20d}", "04.11.2026"),
        ("keine Frist", "keine Frist"),
    ],
)
def test_dates_are_counted_from_the_day_the_demo_starts(text: str, expected: str) -> None:
    assert dated(text, TODAY) == expected


@pytest.mark.parametrize("days", range(0, 366, 5))
def test_the_lists_are_sound_on_any_day(days: int, tmp_path: Path) -> None:
    today = TODAY + timedelta(days=days)
    folder = write_sample(tmp_path / "office", today)
    for kind in ("members", "deadlines", "meetings"):
        rows, faults = read_list(f"{kind}.csv", kind, (folder / f"{kind}.csv").read_bytes(), CALENDAR)
        assert faults == []
        assert rows
        assert "{" not in (folder / f"{kind}.csv").read_text(encoding="utf-8")
        if kind == "deadlines":
            first = min(row.values["due_at"] for row in rows)
            assert 9 <= (CALENDAR.day(first) - today).days <= 15


async def test_the_sample_office_loads_and_has_what_the_demo_shows(sqlite_database: Database, tmp_path: Path) -> None:
    now = CALENDAR.at(TODAY, time(10))
    folder = read_folder(write_sample(tmp_path / "office", TODAY))
    async with sqlite_database.begin() as session:
        await load(session, folder, now)
    async with sqlite_database.begin() as session:
        again = await load(session, folder, now)
    assert again.lines == ("nichts geändert",)
    async with sqlite_database.read() as session:
        open_to_all = await open_deadlines(session, now, Actor(1))
        assert [row.title for row in open_to_all] == ["Aufruf STABIL", "Aufruf ELTERN BO", "Aufruf FAMICO"]
        assert CALENDAR.local(open_to_all[0].due_at).isoformat() == "2026-12-04T12:00:00+01:00"
        seats_of = {"RAK Stendal": 8, "RAK Börde": 8, "Begleitgremium": 4}
        assert {body.short for body in await session.scalars(select(Body))} == set(seats_of)
        for body in await session.scalars(select(Body)):
            seats = set(await session.scalars(select(Mandate.id).where(Mandate.body_id == body.id)))
            held = await session.scalars(
                select(Membership.mandate_id).where(Membership.body_id == body.id, Membership.role == "mitglied")
            )
            assert len(seats) == seats_of[body.short]
            assert set(held) == seats
        meeting = (await session.scalars(select(Meeting).order_by(Meeting.starts_at))).first()
        assert meeting is not None
        assert meeting.starts_at == datetime(2026, 12, 10, 13, tzinfo=UTC)
        assert meeting.invited_at is None
        assert await session.scalar(select(Person).where(Person.name == "Frank Fichte")) is not None
