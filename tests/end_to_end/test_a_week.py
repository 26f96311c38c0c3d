"""Two weeks of the sample office by the moved clock. ``-s`` prints every message, to be read as a person would.

python -m pytest -n 0 -s tests/end_to_end/test_a_week.py
"""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models.base import Database
from models.calendar import Calendar
from models.outbox import Letter
from tests.auxil.clock import Clock
from tests.end_to_end.walk import Walk, walk

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = 14


class Diary:
    """What each phone has shown since the last look, with the office's time."""

    def __init__(self, on: Walk) -> None:
        self.on, self.read = on, Counter[str]()
        self.lines: list[tuple[datetime, str, str]] = []

    def note(self) -> None:
        now = self.on.clock.now.astimezone(BERLIN)
        for name, person in self.on.people.items():
            for message in person.messages[self.read[name] :]:
                said = message.text or (f"[{message.file.name}]" if message.file else "")
                self.lines.append((now, name, said + "".join(f"\n   [{label}]" for label in message.labels)))
            self.read[name] = len(person.messages)

    def print(self) -> None:
        for at, name, said in self.lines:
            print(f"\n--- {at:%a %d.%m. %H:%M} · {name}\n{said}")  # noqa: T201 - to be read


async def play(on: Walk, diary: Diary, until: datetime) -> None:
    """Hour by hour, and on the stroke of nine; in the night now and then."""
    while on.clock.now < until:
        await on.crew.tick()
        diary.note()
        by_day = 6 <= on.clock.now.hour < 20
        on.clock.jump(on.clock.now.replace(minute=0, second=0) + timedelta(hours=1 if by_day else 2))


async def test_two_weeks_of_the_sample_office(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with walk(sqlite_database, clock, tmp_path) as on:
        diary = Diary(on)
        for name in ("Sabine Sommer", "Frank Fichte", "Greta Ginster", "Tom Träger"):
            await on.come_in(name, "en" if name.startswith("Greta") else "de")
        visitor = on.meet("Ulrike Unbekannt")
        visitor.start()
        await on.settled(visitor)
        await on.choose(visitor, "Förderbereiche wählen", "C · STABIL", "F · ELTERN BO")
        staff, tom = on.people["Sabine Sommer"], on.people["Tom Träger"]
        await on.say(tom, "bis wann mittelabruf?")
        await on.choose(tom, "Sagen Sie mir Bescheid")
        start = clock.now
        await play(on, diary, start + timedelta(days=2))
        await on.say(staff, "/buero")
        await on.fill(staff, "[Neue Frist]", "Mittelabruf Dezember", "[Mittelabruf]", "C F", "[Weiter]")
        await on.fill(staff, "11.12.2026 12:00", "[Posteingang]", "Landesverwaltungsamt, Halle", "1", "[Weiter]")
        await on.fill(staff, "Schreiben vom 1.11.2026", "[Alle]", "[Weiter]", "[Nein]", "[Eintragen]")
        await play(on, diary, start + timedelta(days=4))
        await on.say(staff, "/fristen")
        await on.choose(staff, next(label for label in staff.last.labels if "ELTERN BO" in label))
        await on.fill(staff, "[Ändern]", "[Fällig]", "11.01.2027 12:00", "[Weiter]", "[Senden]")
        await play(on, diary, start + timedelta(days=DAYS))
        diary.print()
        async with sqlite_database.read() as session:
            letters = list(await session.scalars(select(Letter).where(Letter.kind == "reminder")))
        calendar = Calendar()
        punctual = [one for one in letters if "late" not in one.key]
        assert len(punctual) > DAYS // 2
        assert {calendar.local(one.posted_at).hour for one in punctual} == {9}
        assert all(calendar.is_working_day(calendar.day(one.posted_at)) for one in punctual)
        a_morning = Counter((one.telegram_id, calendar.day(one.posted_at)) for one in punctual)
        assert set(a_morning.values()) == {1}
        told = "\n".join(said for _, _, said in diary.lines)
        assert not [odd for odd in ("1 Tage", "1 Fristen", "1 Personen", "None", "%(") if odd in told]
