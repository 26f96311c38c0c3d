"""„/buero": what waits, each with the button that leads to it; „Technik", and backups by two of the office."""

import logging
import tomllib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import VERSION
from handlers.callbacks import Open, Tap, parse
from handlers.office.desk.screen import MOST, MOST_OF_A_KIND
from models import deadline as deadlines
from models import question as questions
from models import safekeeping
from models.actor import actor, ensure_account
from models.ballot.rows import Vote
from models.base import Database
from models.broadcast import acts as broadcasting
from models.deadline import Deadline
from models.heartbeat import Outage
from models.meeting import acts as meetings
from models.meeting.rules import MeetingPlan
from models.member import Membership, Person, Role
from models.office import Office
from models.outbox import Letter, LetterState, NewLetter, post
from models.safekeeping import Backup, Fault
from models.search.dates import Wanted
from models.wish import wish
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import COLLEAGUE, STAFF, VERA, Party, found_office, throw
from tests.auxil.voting import open_vote

NOTHING = "Heute wartet nichts auf das Büro."


@pytest.fixture
async def desk(sqlite_database: Database, telegram: FakeTelegram, clock: Clock, tmp_path: Path) -> AsyncIterator[Party]:
    """The bot at work, with a folder for its backups."""
    await found_office(sqlite_database, clock.now)
    party = throw(sqlite_database, telegram, clock, str(tmp_path / "backups"))
    await party.assistant.application.initialize()
    yield party
    await party.assistant.intake.stop()
    await party.assistant.application.bot.shutdown()


async def look(party: Party, who: int = STAFF) -> str:
    await party.write(who, "/buero")
    return party.last_text(who)


def offered(party: Party, who: int) -> dict[str, Tap | None]:
    """What the buttons under the newest message lead to."""
    return {label: parse(data) for label, data in party.telegram.buttons(party.telegram.last(who)).items()}


# --- what waits


async def test_where_nothing_waits_there_is_one_sentence(desk: Party) -> None:
    assert await look(desk) == f"Büro\n{NOTHING}"
    assert desk.labels(STAFF)[:4] == ["Neue Abstimmung", "Neue Sitzung", "Neue Frist", "Rundruf"]
    await desk.hear(desk.telegram.tap_data(STAFF, Open("waiting", 7).pack(), desk.telegram.last(STAFF)))
    assert NOTHING in desk.last_text(STAFF)


async def test_a_vote_that_closes_within_a_day_says_how_many_are_missing(desk: Party) -> None:
    await open_vote(desk, closes=desk.clock.now + timedelta(hours=25))
    assert NOTHING in await look(desk)
    desk.clock.jump(desk.clock.now + timedelta(hours=1))
    assert "3 Stimmen fehlen noch" in await look(desk)
    await desk.tap(VERA, "Ja")
    assert "2 Stimmen fehlen noch" in await look(desk)
    await desk.tap(STAFF, "Abstimmung Nr. 1: wie es steht")
    assert "Noch nicht gestimmt: 2" in desk.last_text(STAFF)


async def test_a_vote_whose_closing_fell_into_an_outage_stands_before_the_rest(desk: Party) -> None:
    number = await open_vote(desk, closes=desk.clock.now + timedelta(hours=2))
    async with desk.database.begin() as session:
        (await session.get_one(Vote, number)).awaits_office = True
    assert "war ich außer Betrieb" in await look(desk)
    await desk.tap(STAFF, "Abstimmung Nr. 1: schließen oder verlängern")
    assert "Abstimmung schließen" in " ".join(desk.labels(STAFF)) or "Schließen" in desk.labels(STAFF)


async def meeting(party: Party, *, invited: bool, days: int = 10) -> None:
    async with party.database.begin() as session:
        staff, starts = await actor(session, STAFF), party.clock.now + timedelta(days=days)
        plan = MeetingPlan(1, f"Sitzung in {days}", starts, starts + timedelta(hours=2), "Saal", "Auswahl")
        row = await meetings.enter(session, plan, staff)
        if invited:
            await meetings.invite(session, row.number, staff, party.clock.now)


async def test_a_meeting_without_quorum_and_one_to_which_nobody_is_invited(desk: Party) -> None:
    await meeting(desk, invited=True)
    await meeting(desk, invited=True, days=20)  # there is time
    await meeting(desk, invited=False, days=30)
    said = await look(desk)
    assert "Sitzung Nr. 1 „Sitzung in 10“" in said
    assert "wäre nicht beschlussfähig: Zusagen 0, nötig" in said
    assert "Sitzung Nr. 2" not in said
    assert "Zur Sitzung Nr. 3" in said
    await desk.tap(STAFF, "Sitzung Nr. 1: wer kommt")
    assert "Büro" in desk.labels(STAFF)


async def enter_deadline(party: Party, days: int, title: str = "Aufruf") -> int:
    async with party.database.begin() as session:
        due = party.clock.now + timedelta(days=days)
        return (
            await deadlines.enter(session, {"title": title, "kind": "Aufruf", "due_at": due}, party.clock.now)
        ).number


async def test_a_deadline_nobody_has_confirmed_is_asked_about_until_somebody_has(desk: Party) -> None:
    await enter_deadline(desk, 10)
    await enter_deadline(desk, 30)
    said = await look(desk)
    assert "Frist Nr. 1 „Aufruf“ endet" in said
    assert "Frist Nr. 2" not in said
    await look(desk, COLLEAGUE)
    await desk.tap(STAFF, "Frist Nr. 1: Termin prüfen")
    await desk.tap(COLLEAGUE, "Frist Nr. 1: Termin prüfen")
    await desk.tap(STAFF, "Der Termin stimmt")
    assert desk.toast() == "Vermerkt: Der Termin stimmt."
    await desk.tap(COLLEAGUE, "Der Termin stimmt")  # both did
    assert "Der Termin stimmt" not in desk.labels(COLLEAGUE)
    assert NOTHING in await look(desk)
    async with desk.database.begin() as session:  # a list brings another date
        await deadlines.revise(session, 1, {"place": "Saal"}, desk.clock.now, told=False)
    assert "Frist Nr. 1" in await look(desk)


async def test_a_deadline_entered_by_the_form_is_confirmed_by_that(desk: Party) -> None:
    await look(desk)
    await desk.fill(
        STAFF, "[Neue Frist]", "Aufruf", "[Aufruf]", "[Weiter]", "[Weiter]", "in 10 Tagen 12:00", "[E-Mail]"
    )
    await desk.fill(STAFF, *["[Weiter]"] * 4, "[Alle]", "[Weiter]", "[Nein]", "[Eintragen]")
    assert [one.confirmed for one in await desk.rows(Deadline)] == [1]
    assert NOTHING in await look(desk)


async def ask(party: Party, text: str, *, who: int = 999, days_ago: float = 0) -> None:
    async with party.database.begin() as session:
        await ensure_account(session, who, "de", party.clock.now)
        at = party.clock.now - timedelta(days=days_ago)
        await questions.hand_on(session, await questions.note(session, who, text, at, "none", None), at)
    await party.deliver()


async def test_questions_overdue_first_the_others_counted(desk: Party) -> None:
    await ask(desk, "Wie lange wird gefördert?")
    await ask(desk, "Wer prüft den Nachweis?", days_ago=7)
    said = (await look(desk)).splitlines()
    assert said[1].startswith("• Frage Nr. 2 wartet seit")
    assert said[2] == "• 1 offene Frage"
    await desk.tap(STAFF, "Offene Fragen")
    assert "Büro" in desk.labels(STAFF)


async def test_many_questions_come_five_at_a_time(desk: Party) -> None:
    for number, subject in enumerate(("Miete", "Reise", "Honorar", "Porto", "Strom", "Technik", "Raum")):
        await ask(desk, f"Wird {subject} gefördert?", who=900 + number)
    await look(desk)
    await desk.tap(STAFF, "Fragen an die ReKo")
    await desk.tap(STAFF, "Weitere (2)")
    assert "Frage Nr. 7" in desk.last_text(STAFF)
    assert "Büro" in desk.labels(STAFF)


async def test_a_date_somebody_waits_for_leads_to_its_form_without_saying_who(desk: Party) -> None:
    async with desk.database.begin() as session:
        for who in (VERA, COLLEAGUE):
            asked = await questions.note(session, who, "Wann endet der Aufruf?", desk.clock.now, "no date", None)
            await wish(session, asked.number, "deadline", Wanted(), await actor(session, who), desk.clock.now)
        asked = await questions.note(session, VERA, "Wann ist Sitzung?", desk.clock.now, "no date", None)
        await wish(session, asked.number, "meeting", Wanted(), await actor(session, VERA), desk.clock.now)
    assert "Nach 2 Terminen wurde gefragt, die nicht eingetragen sind" in await look(desk)
    await desk.tap(STAFF, "Gefragte Termine")
    assert "• „Wann endet der Aufruf?“ · 2 Personen" in desk.last_text(STAFF)
    assert "Vera" not in desk.last_text(STAFF)
    assert desk.labels(STAFF) == ["Neue Frist", "Neue Sitzung", "Büro"]


async def test_who_is_not_in_yet_is_named_behind_a_button(desk: Party) -> None:
    async with desk.database.begin() as session:
        session.add(Person(id=77, name="Nora <Neu>"))
        await session.flush()
        session.add(Membership(person_id=77, role=Role.GUEST, body_id=1))
    assert "1 Person noch nicht angemeldet" in await look(desk)
    await desk.tap(STAFF, "Wer noch nicht angemeldet ist")
    assert "Nora <Neu>" in desk.last_text(STAFF)


async def test_what_is_stopped_stays_in_sight(desk: Party) -> None:
    async with desk.database.begin() as session:
        staff = await actor(session, STAFF)
        plan = broadcasting.Plan({"de": "Text"}, "de", ["role:traeger"])
        row = await broadcasting.enter(session, plan, staff, desk.clock.now)
        row.paused_at = desk.clock.now
        await post(session, NewLetter("k", "week", STAFF), desk.clock.now + timedelta(days=1))
        (await session.get_one(Letter, 1)).held = True
    said = await look(desk)
    assert "Angehaltene Nachrichten warten" in said


async def test_the_list_does_not_scream_and_hides_nothing(desk: Party) -> None:
    for number in range(20):
        await enter_deadline(desk, 5 + number % 3, f"Aufruf {number}")
    await ask(desk, "Wie lange wird gefördert?")
    said = await look(desk)
    assert said.count("•") == MOST_OF_A_KIND + 1 <= MOST
    assert "• 1 offene Frage" in said
    await desk.tap(STAFF, "Alles zeigen (17 weitere)")
    first = desk.last_text(STAFF)
    await desk.tap(STAFF, "Mehr")
    assert first.count("•") + desk.last_text(STAFF).count("•") == 21
    assert desk.labels(STAFF)[-2:] == ["Zurück", "Büro"]


async def test_a_form_left_half_way_is_offered_to_whoever_left_it(desk: Party) -> None:
    await look(desk)
    await desk.fill(STAFF, "[Neue Sitzung]", "Herbstsitzung")
    said = await look(desk)
    assert "1 halb ausgefülltes Formular" in said
    assert "halb ausgefüllt" not in await look(desk, COLLEAGUE)
    await look(desk)
    await desk.tap(STAFF, "Weiter ausfüllen: Neue Sitzung")
    assert "Wann beginnt" in desk.last_text(STAFF)


# --- „Technik"


async def technik(party: Party, who: int = STAFF) -> str:
    await look(party, who)
    await party.tap(who, "Technik")
    return party.last_text(who)


async def test_all_is_well_stands_first(desk: Party) -> None:
    said = (await technik(desk)).splitlines()
    assert said[:2] == ["Technik", "Alles in Ordnung."]
    assert f"Version {VERSION}, Datenbank: SQLite (eine Datei)" in said
    assert "Eingang: alles bearbeitet" in said
    assert "Fehler in den letzten 30 Tagen: keine" in said
    assert desk.labels(STAFF) == ["Sicherung jetzt", "Aktualisieren", "Zurück"]


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


async def test_what_is_wrong_stands_first_with_what_to_do_and_no_word_of_anybody(desk: Party) -> None:
    desk.assistant.collector.listen()
    try:
        raise ValueError("Vera Muster hat Ja gesagt")  # noqa: TRY301 - the log shall have its traceback
    except ValueError:
        logging.getLogger("bot.intake").exception("Vera Muster", extra={"reference": "4711"})
    finally:
        desk.assistant.collector.leave()
    await desk.tick()
    async with desk.database.begin() as session:
        now = desk.clock.now
        session.add(Outage(began_at=now - timedelta(hours=3), ended_at=now - timedelta(hours=1)))
        await post(session, NewLetter("late", "week", STAFF), now - timedelta(hours=1))
        (await session.get_one(Letter, 1)).not_before = now + timedelta(days=1)
    await desk.restart()  # it is not the process that remembers
    assert "Am Assistenten selbst ist etwas nicht in Ordnung" in await look(desk, COLLEAGUE)
    said = await technik(desk)
    assert said.splitlines()[1] == "Das ist nicht in Ordnung:"
    assert "In den letzten 24 Stunden gab es Fehler." in said
    assert "In den letzten 24 Stunden war ich zeitweise außer Betrieb." in said
    assert "Ausgang: 1 Nachricht wartet" in said
    assert "ließ sich nicht bearbeiten" in said
    assert "1-mal" in said
    assert "ValueError 4711" in said
    assert "Vera" not in said


async def test_a_halt_of_telegrams_is_told(desk: Party) -> None:
    limiter: Any = desk.assistant.application.bot.rate_limiter
    limiter._halted_until = limiter._monotonic() + 12
    async with desk.database.begin() as session:
        await ensure_account(session, STAFF, "de", desk.clock.now)
    assert desk.assistant.house.process.halted_for() == 12


# --- backups


async def test_two_of_the_office_tap_and_one_backup_is_made(desk: Party, tmp_path: Path) -> None:
    await technik(desk)
    await technik(desk, COLLEAGUE)
    await desk.tap(STAFF, "Sicherung jetzt")
    assert desk.toast() == "Die Sicherung wird angelegt."
    await desk.tap(STAFF, "Sicherung jetzt")
    assert desk.toast() == "Es wird schon eine angelegt."
    await desk.tap(COLLEAGUE, "Sicherung jetzt")
    assert "Eine zweite beginne ich nicht" in desk.last_text(COLLEAGUE)
    assert "enthalten alles" in desk.last_text(COLLEAGUE)
    await desk.assistant.keep_safe()
    await desk.deliver()
    (file,) = (tmp_path / "backups").iterdir()
    said = desk.last_text(STAFF)
    assert said.startswith("Die Sicherung ist da und wurde zur Probe gelesen.")
    assert file.name in said
    assert "kB" in said
    assert not desk.telegram.sent("sendDocument")
    assert len(await desk.rows(Backup)) == 1
    await desk.tap(COLLEAGUE, "Aktualisieren")
    assert file.name in desk.last_text(COLLEAGUE)


async def test_of_a_secret_vote_it_says_what_is_left_out(desk: Party) -> None:
    await open_vote(desk, secret=True)
    await technik(desk)
    await desk.tap(STAFF, "Sicherung jetzt")
    await desk.assistant.keep_safe()
    await desk.deliver()
    assert "Ohne die Stimmzettel der laufenden geheimen Abstimmungen (Nr. 1)" in desk.last_text(STAFF)


async def test_an_order_outlives_the_process(desk: Party, tmp_path: Path) -> None:
    await technik(desk)
    await desk.tap(STAFF, "Sicherung jetzt")
    await desk.restart()
    assert [one.open for one in await desk.rows(Backup)] == [True]
    await technik(desk)
    assert "Eine Sicherung wird gerade angelegt." in desk.last_text(STAFF)


async def test_a_night_that_fails_is_a_line_and_a_word_and_no_exception(desk: Party, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file where the folder should be")
    await desk.tick()
    for _ in range(3):
        desk.clock.jump(desk.clock.now + timedelta(days=1))
        await desk.tick()
        await desk.assistant.keep_safe()
        await desk.tick()
    assert [one.fault for one in await desk.rows(Backup)] == [Fault.FOLDER] * 3
    told = [one.telegram_id for one in await desk.rows(Letter) if one.kind == "backup"]
    assert sorted(told) == [STAFF, COLLEAGUE]
    assert [one.state for one in await desk.rows(Letter) if one.kind == "backup"] == [LetterState.SENT] * 2
    said = await technik(desk)
    assert "• Die letzte Sicherung ist nicht gelungen. Der Ordner für Sicherungen lässt sich nicht beschreiben." in said


async def test_a_night_without_anybody_who_makes_it_is_noticed(desk: Party) -> None:
    async with desk.database.begin() as session:
        assert await safekeeping._open_one(session, desk.clock.now)
    assert "Alles in Ordnung" in await technik(desk)
    desk.clock.jump(desk.clock.now + timedelta(days=3))
    assert "Seit mehr als zwei Tagen gibt es keine Sicherung." in await technik(desk)


async def test_the_hour_is_the_offices(desk: Party) -> None:
    async with desk.database.begin() as session:
        (await session.get_one(Office, 1)).settings = {"backup_hour": 22}
    await desk.tick()
    while not await desk.rows(Backup):
        desk.clock.jump(desk.clock.now.replace(minute=0) + timedelta(hours=1))
        await desk.tick()
    assert desk.clock.now.hour == 21  # 22 o'clock in Berlin, in winter
