"""One walk through everything there is: every command, form, tap, place and letter, as the real bot over HTTP.

At its end every request of ours is held against the Bot API's specification, and the log is searched: it must hold no
text, no name, no code and no token.
"""

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from demo.telegram import Fault, Person
from handlers import PLACES, TAPS
from handlers.commands import COMMANDS
from handlers.letters import WORDINGS
from handlers.office.running_vote.tapping import FORM_OF
from locales import SHIPPED
from models import deadline as deadlines_of
from models import question as questions_of
from models.actor import actor
from models.ballot.rows import Ballot, Vote
from models.base import Database
from models.inbox import InboxRow
from models.invariants import broken_promises
from models.meeting.rows import Meeting
from models.office import Office
from models.outbox import Letter
from models.search.dates import Wanted
from models.wish import wish
from tests.auxil import bot_api_spec
from tests.auxil.clock import Clock
from tests.end_to_end.walk import SECRET, Walk, walk

PDF = b"%PDF-1.7 Haushaltsentwurf"
NO_WORD = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
)  # signs and pictures
GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")


async def test_a_walk_through_everything(
    sqlite_database: Database, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for name in ("bot", "handlers", "models", "scheduler", "locales"):
        caplog.set_level(logging.DEBUG, name)
    async with walk(sqlite_database, clock, tmp_path) as on:
        await everything(on)
        no_word_of_it_is_logged(on, caplog.text)


async def everything(on: Walk) -> None:
    """The whole walk, and what it has to come to wherever the bot works."""
    await everybody_comes_in(on)
    await every_command_is_heard(on)
    await a_vote(on)
    await meetings(on)
    await deadlines(on)
    await following_and_changes(on)
    await a_vote_in_the_offices_hands(on)
    await an_objection(on)
    await an_election_up_to_the_lot(on)
    await a_date_is_found(on)
    await projects_are_selected(on)
    await a_closing_in_an_outage(on)
    await a_secret_vote(on)
    await questions(on)
    await by_typing(on)
    await forms_left_and_taken_up(on)
    await planned_messages(on)
    await the_papers_of_a_meeting(on)
    await a_rundruf(on)
    await a_report(on)
    await a_letter_in_doubt(on)
    await people_change(on)
    await accounts_change_hands(on)
    await odd_things(on)
    await the_office_looks_around(on)
    await all_vote_at_once(on)
    await somebody_leaves(on)
    await on.gone(hours=30)
    await everything_was_met(on)
    every_request_is_valid(on)
    every_button_says_it_in_words(on)
    async with on.database.read() as session:
        assert await broken_promises(session) == []


async def everybody_comes_in(on: Walk) -> None:
    stranger = on.meet("Ulrike Unbekannt")
    stranger.start()
    await on.settled(stranger)
    await on.say(stranger, "/start ABCD-EFGH-JKMN-PQRS")
    assert "Diesen Code kenne ich nicht" in stranger.last.text
    for name in ("Sabine Sommer", "Wolf Winter", "Frank Fichte", "Clara Eiche", "Lars Linde", "Nils Nussbaum"):
        person = await on.come_in(name)
        assert {"command": "offen", "description": "Was auf mich wartet"} in person.menu
    greta = await on.come_in("Greta Ginster", "en")
    assert greta.menu[0]["description"] == "Begin"
    await on.come_in("Tom Träger")
    wrong = on.meet("Falk Falsch")
    wrong.start(await on.code_for("Dirk Erle"))
    await on.settled(wrong)
    await on.choose(wrong, "Das bin ich nicht")
    assert "Dirk Erle" in on.people["Sabine Sommer"].last.text


async def every_command_is_heard(on: Walk) -> None:
    for command in COMMANDS:
        for name in command.names:
            for person in on.people.values():
                before = len(person.messages)
                await on.say(person, f"/{name}")
                assert len(person.messages) > before + 1, (name, person.name)
    frank = on.people["Frank Fichte"]
    await on.say(frank, "/offen")
    await on.choose(frank, "Probeabstimmung", "Ja")
    await on.say(frank, "/start")
    await on.choose(frank, "Was auf mich wartet", "Fristen")
    await on.say(frank, "/sprache")
    await on.choose(frank, "English")
    await on.say(frank, "/language")
    await on.choose(frank, "Deutsch")
    assert frank.last.text == "Ab jetzt spreche ich Deutsch."
    await on.say(frank, "/hilfe")
    await on.choose(frank, "Wörter erklärt")


async def a_vote(on: Walk) -> None:
    staff, frank, clara = on.people["Sabine Sommer"], on.people["Frank Fichte"], on.people["Clara Eiche"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[RAK Stendal]", "[Beschluss]", "[Zurück]", "[Beschluss]")
    await on.fill(staff, "Haushalt 2027 & <mehr>", "Der RAK beschließt _alles_ *so*, wie es steht.")
    staff.send_document("Übersicht.pdf", PDF)
    await on.settled(staff)
    await on.fill(staff, "[Weiter]", "[Sofort]", "gestern", "01.12.2026 12:00", "[Nein]")
    assert "Haushalt 2027 & <mehr>" in staff.last.text
    await on.choose(staff, "Eröffnen", "Abstimmung ansehen", "Büro")
    assert "Haushalt 2027 & <mehr>" in clara.last.text
    for label in ("Ja", "Ja", "Nein", "Enthaltung", "Befangen", "Ja"):
        answer = await on.choose(frank, label)
        assert answer.text.startswith(f"Ihre Stimme: {label} · Beleg ")
    await on.choose(clara, "Anlagen")
    assert clara.last.file is not None
    assert clara.last.file.content == PDF
    for person in (frank, staff):
        await on.say(person, "/abstimmungen")
        await on.choose(person, next(label for label in person.last.labels if "Haushalt" in label))
    await on.say(clara, "/offen")
    await on.choose(clara, next(label for label in clara.last.labels if label.startswith("Abstimmung")), "Nein")
    await on.wait(days=6)  # a reminder for those who have not voted
    await on.wait(days=1, hours=3)
    assert "nicht beschlussfähig" in frank.last.text
    await on.say(clara, "/abstimmungen")
    await on.choose(clara, next(label for label in clara.last.labels if "Ergebnis" in label))


async def a_vote_in_the_offices_hands(on: Walk) -> None:
    """Handed over and taken back, typed, entered from the telephone, excluded, put off, and broken off."""
    staff, frank, lars = on.people["Sabine Sommer"], on.people["Frank Fichte"], on.people["Lars Linde"]
    clara, greta = on.people["Clara Eiche"], on.people["Greta Ginster"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[RAK Stendal]", "[Beschluss]", "Satzung", "Sie gilt.", "[Weiter]")
    await on.fill(staff, "[Sofort]", "in 3 Tagen 12:00", "[Nein]", "[Eröffnen]")
    await on.say(frank, "/vertretung")
    await on.choose(frank, "Lars Linde", "Bis auf Weiteres", "Übergeben")
    assert (await on.choose(lars, "Nein")).text.startswith("Ihre Stimme: Nein · Beleg ")
    assert (await on.choose(frank, "Zurücknehmen")).text == "Zurückgenommen."
    assert "wurde zurückgenommen" in lars.last.text
    await on.say(clara, "Ja zu 2")
    assert (await on.choose(clara, "Abgeben")).text.startswith("Ihre Stimme: Ja · Beleg ")
    await show_vote(on, "Satzung")
    await on.choose(staff, "Papier oder Telefon", "DGB Altmark-Börde-Harz", "Telefon", "Nein")
    await on.fill(staff, "hat angerufen", "[Eintragen]")
    assert "hat angerufen" in greta.last.text
    await show_vote(on, "Satzung")
    await on.fill(staff, "[Ausschluss eintragen]", "[Jobcenter Stendal]", "Beschluss von heute", "[Eintragen]")
    assert "ausgeschlossen (§ 33): Beschluss von heute" in clara.last.text
    await show_vote(on, "Satzung")
    await on.choose(staff, "Ausschluss aufheben", "Eintragen")
    await show_vote(on, "Satzung")
    await on.fill(staff, "[Verlängern]", "in 4 Tagen 12:00", "Unterlagen kamen spät", "[Verlängern]")
    assert "Grund: Unterlagen kamen spät" in frank.last.text
    await show_vote(on, "Satzung")
    await on.fill(staff, "[Abbrechen]", "Antrag zurückgezogen", "[Abstimmung abbrechen]")
    assert "Grund: Antrag zurückgezogen" in frank.last.text


async def show_vote(on: Walk, title: str) -> None:
    """The office looks at how a vote stands."""
    staff = on.people["Sabine Sommer"]
    await on.say(staff, "/abstimmungen")
    await on.choose(staff, next(label for label in staff.last.labels if title in label))


async def an_objection(on: Walk) -> None:
    staff, frank = on.people["Sabine Sommer"], on.people["Frank Fichte"]
    await on.say(staff, "/buero")
    await on.fill(
        staff, "[Neue Abstimmung]", "[RAK Börde]", "[Beschluss]", "[Umlauf]", "[Gegenstand einfacher Art]", "[Offen]"
    )
    await on.fill(
        staff, "Briefkopf", "Er wird blau.", "[Weiter]", "[Sofort]", "in 2 Tagen 12:00", "[Nein]", "[Eröffnen]"
    )
    objection = "Widerspruch gegen das Umlaufverfahren"
    await on.choose(frank, objection, "Zurück", objection, "Ja, widersprechen")
    assert "Widerspruch, kommt in die Sitzung" in frank.last.text
    await on.choose(staff, "Entscheidungsprotokoll (PDF, CSV, JSON)")


async def an_election_up_to_the_lot(on: Walk) -> None:
    staff, clara = on.people["Sabine Sommer"], on.people["Clara Eiche"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[Begleitgremium]", "[Wahl]", "[Offen]", "[Niemand hat widersprochen]")
    await on.fill(staff, "Sprecherin", "Wer spricht?", "Anna Apfel\nBerta Birne", "[Weiter]", "[Sofort]")
    await on.fill(staff, "in 1 Tag 12:00", "[Nein]", "[Eröffnen]")
    await one_to_one(on, "Sprecherin")
    assert "Stichwahl zwischen Anna Apfel und Berta Birne" in clara.last.text
    await on.fill(staff, "[Stichwahl]", "[Sofort]", "in 1 Tag 12:00", "[Nein]", "[Eröffnen]")
    await one_to_one(on, "Stichwahl: Sprecherin")
    await on.fill(staff, "[Los eintragen]", "[Berta Birne]", "[Eintragen]")
    assert "gewählt: Berta Birne" in clara.last.text


async def one_to_one(on: Walk, title: str) -> None:
    """Three of four mandates vote, and the vote closes."""
    staff = on.people["Sabine Sommer"]
    await on.choose(on.people["Clara Eiche"], "Anna Apfel")
    for mandate, choice in (("Gleichstellung", "Berta Birne"), ("Landkreis Stendal", "Enthaltung")):
        await show_vote(on, title)
        await on.choose(staff, "Papier oder Telefon", mandate, "Papier", choice)
        await on.fill(staff, "Stimmzettel", "[Eintragen]")
    await on.wait(days=2)


async def a_date_is_found(on: Walk) -> None:
    staff, clara = on.people["Sabine Sommer"], on.people["Clara Eiche"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[RAK Stendal]", "[Terminfindung]", "[Umlauf]", "Klausur", "Wann?")
    await on.fill(staff, "15.01.2027 10:00\n16.01.2027 10:00", "[Weiter]", "[Sofort]", "in 1 Tag 12:00")
    await on.fill(staff, "[Nein]", "[Eröffnen]")
    await on.choose(clara, "Passt", "Zur Not", "Termin 1", "Passt")
    await on.wait(days=2)
    await on.choose(staff, "Sitzung daraus machen", "Abbrechen")


async def projects_are_selected(on: Walk) -> None:
    """Scored on a phone and on paper, up to a tie that is decided."""
    staff, clara = on.people["Sabine Sommer"], on.people["Clara Eiche"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[Begleitgremium]", "[Projektauswahl]", "Mikroprojekte", "Wer?", "1.000")
    await on.fill(staff, "Bedarf; 3", "[Weiter]", "Nähstube & <Co>; Tangermünder Nähverein; 700\nGarten; Grün; 600")
    staff.send_document("1 Antrag.pdf", PDF)
    await on.settled(staff)
    await on.fill(staff, "[Weiter]", "[Sofort]", "in 1 Tag 12:00", "[Nein]", "[Eröffnen]")
    assert (await on.choose(clara, "Projekt 1 bewerten", "3")).text.startswith("Ihre Punkte: Bedarf 3 von 3")
    await on.choose(clara, "Unterlagen zu diesem Projekt", "Weiter", "3", "Übersicht", "Befangen")
    assert (await on.choose(clara, "Befangenheit zurücknehmen", "Bestätigen")).text.startswith("Ihre Punkte: 2 von 2")
    for mandate in ("Gleichstellung", "Landkreis Stendal"):
        await show_vote(on, "Mikroprojekte")
        await on.choose(staff, "Papier oder Telefon", mandate, "Papier")
        await on.fill(staff, "1: 2\n2: 2", "Stimmzettel", "[Eintragen]")
    await on.wait(days=2)
    assert "Gleichstand auf Rang 1, zu entscheiden" in clara.last.text
    await on.fill(staff, "[Gleichstand entscheiden]", "[2 · Garten]", "Beschluss der Sitzung", "[Eintragen]")
    assert "1. Garten: 2,33 Punkte aus 3 Bewertungen" in clara.last.text
    result = next(one for one in reversed(staff.messages) if "Entscheidungsprotokoll (PDF, CSV, JSON)" in one.labels)
    assert "Garten" in result.text


async def a_closing_in_an_outage(on: Walk) -> None:
    staff, frank = on.people["Sabine Sommer"], on.people["Frank Fichte"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[RAK Stendal]", "[Beschluss]", "Notfall", "Ja?", "[Weiter]", "[Sofort]")
    await on.fill(staff, "in 1 Tag 12:00", "[Nein]", "[Eröffnen]")
    await on.choose(frank, "Ja")
    await on.gone(hours=36)
    await on.choose(staff, "Schließen")
    assert "Ergebnis · RAK Stendal" in frank.last.text


async def a_secret_vote(on: Walk) -> None:
    staff, frank = on.people["Sabine Sommer"], on.people["Frank Fichte"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[RAK Börde]", "[Meinungsbild]", "[Umlauf]", "[Geheim]", "Logo")
    await on.fill(staff, "Gefällt es?", "[Weiter]", "[Sofort]", "in 1 Tag 12:00", "[Nein]", "[Eröffnen]")
    await on.choose(frank, "Befangen", "Befangenheit zurücknehmen", "Nein", "Zurück", "Nein")
    counted = (await on.choose(frank, "Verbindlich abgeben")).text
    assert counted.startswith("Ihre Stimme ist gezählt · Beleg ")
    assert counted in frank.last.text
    await on.wait(days=1, hours=2)
    # Of several processes each has its letter: word of the outage, kept for the morning, may come after the result.
    assert any(f"{counted.rpartition(' ')[2]}: Nein" in one.text for one in frank.messages[-3:])
    await on.choose(staff, "Papierstimmen eintragen")
    await on.fill(staff, "1 2", "1 1 0", "[Eintragen]")
    assert "Ja: 1\nNein: 2\n" in frank.last.text
    await on.choose(staff, "Entscheidungsprotokoll (PDF, CSV, JSON)")
    papers = {one.file.name: one.file.content for one in staff.messages if one.file}
    number = max(int(name[11:-4]) for name in papers if re.fullmatch(r"abstimmung-\d+\.csv", name))
    assert "auf Papier" in papers[f"abstimmung-{number}.csv"].decode()
    assert "ballots" not in json.loads(papers[f"abstimmung-{number}.json"])


async def meetings(on: Walk) -> None:
    staff, frank, lars = on.people["Sabine Sommer"], on.people["Frank Fichte"], on.people["Lars Linde"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Sitzung]", "[RAK Stendal]", "Herbsttreffen", "in 9 Tagen 10:00", "[Zurück]")
    await on.fill(
        staff, "11.12.2026 10:00", "11.12.2026 12:00", "Raum 1", "[Weiter]", "[Weiter]", "[Einladen]", "[Wer kommt]"
    )
    await on.choose(staff, "Kalender (.ics)")
    invited = [one for one in frank.messages if one.file and one.file.name.endswith(".ics")]
    assert b"BEGIN:VCALENDAR" in invited[-1].file.content  # type: ignore[union-attr]  # just looked at
    await on.choose(frank, "Absage", "Vertretung", "Lars Linde")
    assert "Können Sie die Vertretung übernehmen?" in " ".join(one.text for one in lars.messages)
    await on.choose(lars, "Zusage")
    assert "Lars Linde" in frank.last.text
    await on.choose(frank, "Zusage")
    assert "Ihre Vertretung wird nicht mehr gebraucht" in lars.last.text
    await on.say(frank, "/termine")
    await on.choose(frank, next(label for label in frank.last.labels if "Herbsttreffen" in label))
    await on.say(staff, "/termine")
    draft = next(label for label in staff.last.labels if "Projektauswahl" in label)
    await on.choose(staff, draft, "Einladen")
    await on.say(staff, "/buero")
    await on.choose(staff, "Sitzungen", "Abstimmungen und Ergebnisse")
    await on.by_day()
    await a_meeting_changes(on)
    await a_meeting_is_held(on)
    await on.wait(days=1)  # reminders for those who have not answered


async def open_meeting(on: Walk, person: Person, title: str) -> None:
    await on.say(person, "/termine")
    await on.choose(person, next(label for label in person.last.labels if title in label))


async def a_meeting_changes(on: Walk) -> None:
    staff, frank = on.people["Sabine Sommer"], on.people["Frank Fichte"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Sitzung]", "[RAK Stendal]", "Kurztreffen", "in 2 Tagen 10:00", "in 2 Tagen 11:00")
    await on.fill(staff, "Raum 1", "Begrüßung\nBeschluss: Geheimsache", "[Weiter]", "[Einladen]")
    await on.choose(frank, "Zusage")
    await open_meeting(on, staff, "Kurztreffen")
    await on.choose(staff, "Antwort eintragen")
    await on.choose(staff, next(label for label in staff.last.labels if "zugesagt" in label), "Absage", "Senden")
    assert "eingetragen" in frank.last.text
    await open_meeting(on, staff, "Kurztreffen")
    await on.choose(staff, "Tagesordnung", "TOP 2 · Geheimsache", "Doch kein Beschluss", "Als Beschluss kennzeichnen")
    await on.fill(staff, "[Tagesordnung]", "[Tagesordnung ändern]", "Begrüßung\nBericht", "[Senden]")
    assert "Entfällt: Geheimsache" in frank.last.text or "Entfällt: Geheimsache" in frank.messages[-2].text
    await open_meeting(on, staff, "Kurztreffen")
    await on.fill(
        staff, "[Verlegen]", "in 2 Tagen 11:00", "in 2 Tagen 12:00", "[Bleibt: Raum 1]", "[Weiter]", "[Senden]"
    )
    await on.choose(frank, "Zusage")
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Sitzung]", "[RAK Stendal]", "Fehltreffen", "in 5 Tagen 10:00", "in 5 Tagen 11:00")
    await on.fill(
        staff, "Raum 1", "[Weiter]", "[Weiter]", "[Einladen]", "[Wer kommt]", "[Absagen]", "Krankheit", "[Senden]"
    )
    assert "Sitzung abgesagt" in frank.messages[-2].text + frank.last.text


async def a_meeting_is_held(on: Walk) -> None:
    staff, frank = on.people["Sabine Sommer"], on.people["Frank Fichte"]
    async with on.database.read() as session:
        meeting = await session.scalar(select(Meeting).where(Meeting.title == "Kurztreffen"))
        assert meeting is not None
    until = meeting.starts_at - on.clock.now - timedelta(minutes=10)
    await on.wait(seconds=until.total_seconds())
    await open_meeting(on, frank, "Kurztreffen")
    await on.choose(frank, "Anwesend")
    await on.say(frank, str(meeting.day_code))
    await on.choose(frank, "Senden")
    await on.wait(minutes=20)
    await open_meeting(on, staff, "Kurztreffen")
    await on.fill(staff, "[Eröffnung …]", "[Jetzt]", "[Senden]", "[Sitzung ansehen]")
    assert "1 von" in staff.last.text


async def the_papers_of_a_meeting(on: Walk) -> None:
    staff, frank = on.people["Sabine Sommer"], on.people["Frank Fichte"]
    await on.say(staff, "/termine")
    await on.choose(staff, next(label for label in staff.last.labels if "Herbsttreffen" in label))
    for label in ("Entwurf der Niederschrift (DOCX, PDF)", "Liste zum Unterschreiben (PDF)", "Wer kommt (CSV, XLSX)"):
        await on.choose(staff, "Unterlagen", label)
        assert staff.last.file is not None
    await on.choose(staff, "Unterlagen", "Anwesenheitsliste (PDF, CSV)", "Niederschrift senden")
    staff.send_document("Niederschrift.pdf", PDF)
    await on.settled(staff)
    await on.choose(staff, "Weiter", "Senden")
    assert frank.last.file is not None
    assert frank.last.file.content == PDF


async def deadlines(on: Walk) -> None:
    staff, tom, clara = on.people["Sabine Sommer"], on.people["Tom Träger"], on.people["Clara Eiche"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Frist]", "Mittelabruf Dezember", "[Mittelabruf]", "C F", "[Weiter]", "18.12.2026 12:00")
    await on.fill(staff, "[Posteingang]", "Landesverwaltungsamt", "2", "[Weiter]", "Schreiben vom 1.11.", "[Alle]")
    await on.fill(staff, "7 2", "[Nein]", "[Eintragen]", "[Frist ansehen]")
    for person in (tom, clara):
        await on.say(person, "/fristen")
        await on.choose(person, next(label for label in person.last.labels if "Mittelabruf" in label))
        await on.choose(person, "Kalender (.ics)", "Erinnere mich")
    await on.say(clara, "/offen")
    await on.choose(tom, "Nicht mehr erinnern", "Erinnere mich")
    await on.skip(on.clock.now.replace(month=12, day=11, hour=8, minute=0, second=0))
    await on.wait()
    assert tom.last.text.startswith("Erinnerung an 2 Fristen")  # one of his own, one addressed to him
    await on.choose(tom, "Erledigt", "6 · Mittelabruf Dezember")
    await on.choose(clara, "Nicht mehr erinnern")


async def following_and_changes(on: Walk) -> None:
    staff, stranger, tom = on.people["Sabine Sommer"], on.people["Ulrike Unbekannt"], on.people["Tom Träger"]
    await on.say(stranger, "/start")
    await on.choose(stranger, "Förderbereiche wählen", "F · ELTERN BO", "Arten wählen", "Antrag", "Fristen")
    await on.choose(stranger, "F · ELTERN BO", "Alle in den Kalender (.ics)", "Alle Förderbereiche")
    await on.say(stranger, "Bis wann Verwendungsnachweis FAMICO?")
    await on.choose(stranger, "Sagen Sie mir Bescheid")
    await on.say(staff, "/fristen")
    await on.choose(staff, next(label for label in staff.last.labels if "ELTERN BO" in label))
    await on.fill(staff, "[Ändern]", "[Fällig]", "11.01.2027 12:00", "[Weiter]", "[Senden]")
    assert "Eine Frist ist verschoben" in " ".join(one.text for one in stranger.messages)
    await on.choose(staff, "Frist ansehen")
    await on.fill(staff, "[Absagen]", "Verschoben auf das Frühjahr", "[Senden]")
    assert "Grund: Verschoben auf das Frühjahr" in " ".join(one.text for one in stranger.messages)
    rows = "key;title;kind;areas;due;audience\nvn;VN FAMICO;Verwendungsnachweis;B;29.01.2027 12:00;alle\n"
    rows += "vn2;VN Lernwerk;Verwendungsnachweis;C;29.01.2027 12:00;traeger:Lernwerk Altmark gGmbH\n"
    staff.send_document("deadlines.csv", rows.encode())
    await on.settled(staff)
    await on.choose(staff, "Übernehmen")
    assert "VN Lernwerk" in tom.last.text
    await on.wait()
    assert "Sie wollten Bescheid haben" in stranger.last.text
    await lists_and_files(on)
    assert "Lernwerk" not in " ".join(one.text for one in stranger.messages)


async def lists_and_files(on: Walk) -> None:
    """A template, and a list as it stands, sent back as it came."""
    staff = on.people["Sabine Sommer"]
    await on.say(staff, "/buero")
    await on.choose(staff, "Listen und Dateien", "Vorlagen", "Projekte einer Auswahl")
    await on.say(staff, "/buero")
    await on.choose(staff, "Listen und Dateien", "Aktueller Stand", "Fristen")
    assert staff.last.file is not None
    staff.send_document(staff.last.file.name, staff.last.file.content)
    await on.settled(staff)
    assert staff.last.text.startswith("Nichts geändert")


async def questions(on: Walk) -> None:
    stranger, sabine, wolf = on.people["Ulrike Unbekannt"], on.people["Sabine Sommer"], on.people["Wolf Winter"]
    tom = on.people["Tom Träger"]
    await on.say(stranger, "Wofür steht Förderbereich C?")
    assert "Fundstelle:" in stranger.last.text
    await on.choose(stranger, "Hilfreich")
    for text in (
        "Wann ist der Aufruf STABIL fällig?",
        "Wann ist die nächste Sitzung?",
        "Danke!",
        "Wie erreiche ich Sie?",
    ):
        await on.say(stranger, text)
    await on.say(stranger, "Meine IBAN ist DE02120300000000202051")
    assert "Kontonummer" in stranger.last.text
    await on.say(stranger, "Wie tief ist der Arendsee?")
    assert stranger.last.text.startswith("Dazu habe ich keine belegte Auskunft.")
    await on.choose(stranger, "An die ReKo")
    await on.say(tom, "wie tief ist denn der Arendsee")
    await on.choose(tom, "An die ReKo")
    assert "Sie bekommen die Antwort auch" in tom.last.text
    copy = sabine.last
    await on.say(sabine, f"Frage {copy.text.split()[2]}")  # no button leads there
    on.opened.add("question")
    assert sabine.last.text.split("\n\n")[:2] == copy.text.split("\n\n")[:2]
    await on.wait(days=5)  # two working days lie in them
    assert any("liegt noch bei der ReKo" in one.text for one in stranger.messages)
    reply = sabine.send("Etwa 50 Metr.", reply_to=copy)
    await on.settled(sabine)
    sabine.edit(reply, "Etwa 50 Meter.")
    await on.settled(sabine)
    for asker in (stranger, tom):
        assert asker.last.text.endswith("\n\nEtwa 50 Meter.")
    assert "Sabine Sommer" in wolf.last.text
    await an_answer_is_kept(on)
    await on.say(stranger, "Wie alt ist der Roland zu Stendal?")
    await on.choose(stranger, "An die ReKo")
    await on.say(wolf, "/buero")
    await on.choose(wolf, "Offene Fragen", "Antworten")
    await on.fill(wolf, "Von 1525.", "[Senden]")
    assert "Von 1525." in stranger.last.text
    await on.wait(hours=1)
    await on.say(stranger, "Stendal")  # a bare place is no question yet
    assert "Meinten Sie" in stranger.last.text
    await on.choose(stranger, stranger.last.labels[0])


async def an_answer_is_kept(on: Walk) -> None:
    """Staff takes an answer into the knowledge base, adds a way of asking, corrects it; who asked hears of it."""
    sabine, stranger = on.people["Sabine Sommer"], on.people["Ulrike Unbekannt"]
    await on.by_day()
    await on.fill(sabine, "[In die Wissensbasis]", "[Weiter]", "Der Arendsee ist etwa 50 Meter tief.", "[Übernehmen]")
    await on.say(stranger, "Wie tief ist der Arendsee?")
    assert stranger.last.text.startswith("Der Arendsee ist etwa 50 Meter tief.\n\nFundstelle: Auskunft der ReKo vom ")
    await on.say(sabine, "Wie tief ist der Arendsee?")
    await on.fill(sabine, "[So fragen die Leute auch]", "Seegrund Arendsee", "[Übernehmen]")
    await on.say(stranger, "seegrund arendsee")
    assert stranger.last.text.startswith("Der Arendsee ist etwa 50 Meter tief.")
    await on.fill(sabine, "[In die Wissensbasis]", "[Weiter]", "Der Arendsee ist bis 49 Meter tief.", "[Übernehmen]")
    assert "geändert" in stranger.last.text
    await on.choose(stranger, stranger.last.labels[0])
    assert stranger.last.text.startswith("Der Arendsee ist bis 49 Meter tief.")
    await on.choose(sabine, "Wieder herausnehmen")


async def by_typing(on: Walk) -> None:
    """A sponsor who does not tap: numbers under everything, until they are not wanted any more."""
    tom = on.people["Tom Träger"]
    await on.say(tom, "Hilfe")
    await on.choose(tom, "Ich möchte lieber tippen")
    await on.say(tom, "Fristen")
    assert "\nKnopf 4 · " in tom.last.text
    await on.say(tom, "Knopf eins")
    assert "Erinnere mich" in tom.last.text + "".join(tom.last.labels) or "Nicht mehr erinnern" in tom.last.labels
    await on.say(tom, "Kalender (.ics)", "Hilfe", "2")
    assert tom.last.text.startswith("Ab jetzt nummeriere ich die Knöpfe nicht mehr.")


async def forms_left_and_taken_up(on: Walk) -> None:
    staff = on.people["Sabine Sommer"]
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[RAK Stendal]", "[Meinungsbild]")
    await on.say(staff, "/hilfe", "/offen")
    await on.choose(staff, next(label for label in staff.last.labels if label.startswith("Weiter ausfüllen")))
    for label, text in (("Für das Formular", "Betriebsausflug"), ("Als Frage", "Wofür steht Förderbereich C?")):
        await on.wait(hours=2)
        await on.say(staff, text)
        await on.choose(staff, label)
    await on.say(staff, "/buero")
    await on.choose(staff, next(label for label in staff.last.labels if label.startswith("Weiter ausfüllen")))
    await on.choose(staff, "Abbrechen")


async def a_report(on: Walk) -> None:
    staff = on.people["Sabine Sommer"]
    await on.say(staff, "/buero")
    await on.choose(staff, "Berichte", "Anderer Zeitraum …")
    await on.fill(staff, "Q4/2026", "[Bericht zeigen]")
    assert staff.last.text.startswith("Bericht 4. Quartal 2026")
    await on.choose(staff, "Tabelle (XLSX)")
    assert staff.last.file
    assert staff.last.file.name.endswith(".xlsx")


async def a_letter_in_doubt(on: Walk) -> None:
    sabine, wolf = on.people["Sabine Sommer"], on.people["Wolf Winter"]
    clara = on.people["Clara Eiche"]
    on.world.faults.add(Fault("drop_after", method="sendMessage", chat_id=clara.id))
    await on.say(sabine, "/buero")
    await on.fill(sabine, "[Neue Abstimmung]", "[RAK Stendal]", "[Meinungsbild]", "[Umlauf]", "Ausflug", "Wohin?")
    await on.fill(sabine, "[Weiter]", "[Sofort]", "in 2 Tagen 10:00", "[Ja]", "[Eröffnen]")
    await on.say(wolf, "/buero")
    await on.choose(wolf, "Ungewisse Nachrichten", "Erneut senden")
    assert sum("Ausflug" in one.text for one in clara.messages) == 2


async def planned_messages(on: Walk) -> None:
    staff = on.people["Wolf Winter"]
    await on.say(staff, "/buero")
    await on.choose(staff, "Geplante Nachrichten")
    assert "geplante Nachrichten" in staff.last.text
    await on.choose(staff, next(label for label in staff.last.labels if "Wochenbrief" in label))
    assert "Die Woche vom" in staff.last.text
    await on.choose(staff, "Anhalten", "Freigeben", "Jetzt senden")
    assert "Unterwegs an" in " ".join(one.text for one in staff.messages)


async def a_rundruf(on: Walk) -> None:
    """Released by the colleague, read, corrected, and taken back."""
    sabine, wolf, frank = on.people["Sabine Sommer"], on.people["Wolf Winter"], on.people["Frank Fichte"]
    async with on.database.begin() as session:
        office = await session.get_one(Office, 1)
        office.settings = {**office.settings, "broadcast_release": True}
    await on.by_day()
    await on.say(sabine, "/buero")
    await on.choose(sabine, "Rundruf")
    await on.say(sabine, "Bitte <alle> lesen & bestätigen")
    sabine.send_photo(GIF)
    sabine.send_photo(GIF)
    await on.settled(sabine)
    await on.fill(sabine, "[Weiter]", "[RAK Stendal]", "[Mitglieder]", "[Weiter]", "[Um „Gelesen“ bitten]", "[Senden]")
    await on.choose(wolf, "Freigeben")
    await on.wait()
    assert frank.messages[-2].text == "Bitte <alle> lesen & bestätigen"
    assert (await on.choose(frank, "Gelesen")).text == "Danke, das ist vermerkt."
    assert any(one.text.startswith("Bericht: Rundruf Nr. 1") for one in sabine.messages)
    await on.say(sabine, "/buero")
    await on.choose(sabine, "Alle Rundrufe")
    await on.choose(sabine, next(one for one in sabine.last.labels if one.startswith("1 · ")))
    await on.fill(sabine, "[Korrigieren]", "Bitte _alle_ lesen", "[Jetzt korrigieren]")
    assert frank.last.text.startswith("Korrektur: ")
    await on.wait()
    await on.choose(sabine, "Rundruf ansehen", "Anrufliste", "Zurückziehen", "Ja, zurückziehen")
    await on.wait()
    assert not any("alle_ lesen" in one.text for one in frank.messages)
    await on.say(sabine, "/buero")
    await on.choose(sabine, "Alle Rundrufe", "Neuer Rundruf", "Abbrechen")


async def people_change(on: Walk) -> None:
    """Somebody is added and comes in by the code in the chat; a guest's role ends; letters for all who are missing."""
    sabine = on.people["Sabine Sommer"]
    await on.by_day()
    await on.say(sabine, "/buero")
    await on.choose(sabine, "Personen", "Person hinzufügen")
    await on.fill(sabine, "[Gast]", "[RAK Börde]", "Gustav Gänse & Söhne", "[Eintragen]", "[Neuer Code]")
    [code] = re.findall(r"^(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$", sabine.messages[-2].text, re.MULTILINE)
    on.codes.append(code)
    gustav = on.meet("Gustav Gans")
    gustav.start(code)
    await on.settled(gustav)
    await on.choose(gustav, "Das bin ich")
    await on.say(sabine, "/buero")
    await on.fill(sabine, "[Personen]", "[Suchen]", "gaense")
    await on.fill(sabine, "[Rolle ändern]", "[Beratend]", "[RAK Börde]", "[Eintragen]")
    assert "beratend · RAK Börde" in " ".join(one.text for one in gustav.messages)
    await on.fill(sabine, "[Person ansehen]", "[Mitgliedschaft beenden]", "[Beenden]")
    assert "Rolle beendet" in gustav.last.text
    await on.fill(sabine, "[Personen]", "[Wer ist noch nicht dabei? (20)]", "[Einladungsbriefe (PDF)]")
    await on.fill(sabine, "[Briefe erstellen (PDF)]")
    assert sabine.last.file is not None
    assert sabine.last.file.content.startswith(b"%PDF")


async def the_office_looks_around(on: Walk) -> None:
    """All that waits, the lists behind it, and „Technik" with a backup."""
    staff = on.people["Wolf Winter"]
    async with on.database.begin() as session:
        for number in range(5):
            due = on.clock() + timedelta(days=5)
            await deadlines_of.enter(
                session, {"title": f"Aufruf {number}", "kind": "Aufruf", "due_at": due}, on.clock()
            )
        asked = await questions_of.note(session, staff.id, "Wann endet der Wettbewerb?", on.clock(), "no date", None)
        await wish(session, asked.number, "deadline", Wanted(), await actor(session, staff.id), on.clock())
    for label in ("Gefragte Termine", "Wer noch nicht angemeldet ist", "Frist Nr. "):
        await on.say(staff, "/buero")
        await on.choose(staff, next(one for one in staff.last.labels if one.startswith("Alles zeigen")))
        await on.choose(staff, next(one for one in staff.last.labels if one.startswith(label)))
    await on.choose(staff, "Der Termin stimmt", "Büro", "Technik", "Sicherung jetzt")
    await on.crew.keep_safe()
    await on.settled(staff)
    assert staff.last.text.startswith("Die Sicherung ist da")
    await on.choose(staff, "Technik", "Aktualisieren", "Zurück")


async def accounts_change_hands(on: Walk) -> None:
    """Clara comes in with another phone; the old one loses what it could do."""
    old = on.people["Clara Eiche"]
    fresh = on.meet("Clara Neu")
    fresh.start(await on.code_for("Clara Eiche"))
    await on.settled(fresh)
    await on.choose(fresh, "Das bin ich")
    assert "anderes Telegram-Konto" in " ".join(one.text for one in old.messages)
    old.block()
    old.unblock()
    await on.settled(old)


async def odd_things(on: Walk) -> None:
    frank = on.people["Frank Fichte"]
    for kind in ("sticker", "voice", "contact", "location", "poll", "dice"):
        frank.send_sample(kind)
    frank.send_photo(GIF)
    frank.send_document("../../etc/passwd", b"x")
    frank.forward(frank.last)
    frank.edit(frank.send("Wofür steht Förderbereich B?"), "Wofür steht Förderbereich D?")
    frank.send("🗳" * 2048)
    frank.send("/gibtsnicht")
    frank.send("<b>&amp;</b> \u202e umgedreht")
    await on.settled(frank)
    for data in ("v:1:1:yes:x", "v:999:1:yes", "o:nowhere:0", "r:1:done", "q:1:answer", "x" * 64):
        await frank.press(frank.last, data).answer()
    group = on.world.group(-5, "RAK", people=[frank], bots=[on.world.first_bot])
    frank.send("/hilfe", room=group)
    await on.settled(frank)


async def all_vote_at_once(on: Walk) -> None:
    """Eight people tap three buttons each, none waiting for an answer; the last of them closes the vote."""
    staff = on.people["Sabine Sommer"]
    await asyncio.gather(*map(on.come_in, ("Anke Ahorn", "Bernd Birke", "Dirk Erle", "Elif Esche", "Hanna Hasel")))
    await on.by_day()
    await on.say(staff, "/buero")
    await on.fill(staff, "[Neue Abstimmung]", "[RAK Stendal]", "[Beschluss]", "Schwerpunkte", "Es sind drei.")
    await on.fill(staff, "[Weiter]", "[Sofort]", "in 3 Tagen 12:00", "[Ja]", "[Eröffnen]")
    voters = [on.people[one] for one in ("Anke Ahorn", "Bernd Birke", "Dirk Erle", "Elif Esche", "Hanna Hasel")]
    voters += [on.people[one] for one in ("Frank Fichte", "Clara Neu")]
    assert await tapped_at_once(voters, "Schwerpunkte", "Nein", "Enthaltung", "Ja") == {"Ja"}
    greta = on.people["Greta Ginster"]
    assert await tapped_at_once([greta], "Schwerpunkte", "No") == {"No"}
    await on.wait()
    for person in (*voters, staff):
        result = next(one.text for one in reversed(person.messages) if one.text.startswith("Ergebnis"))
        assert "Ja: 7" in result, result
        assert "Nein: 1" in result, result
    async with on.database.read() as session:
        number = await session.scalar(select(Vote.number).where(Vote.title == "Schwerpunkte"))
        ballots = list(await session.scalars(select(Ballot.choice).where(Ballot.vote_number == number)))
    assert Counter(ballots) == {"yes": 7, "no": 1}


async def tapped_at_once(voters: Sequence[Person], title: str, *labels: str) -> set[str]:
    """The choices that the last answers speak of; each tap has its own receipt."""
    taps = []
    for label in labels:
        for person in voters:
            card = next(one for one in reversed(person.messages) if title in one.text and label in one.labels)
            taps.append(person.press(card, next(one.data for one in card.buttons if one.text == label)))
    said = [(await tap.answer()).text for tap in taps]
    assert len({one.split(" · ")[1] for one in said}) == len(said), said
    return {one.split(": ")[1].split(" · ")[0] for one in said[-len(voters) :]}


async def somebody_leaves(on: Walk) -> None:
    """An adviser looks at everything kept about him and has it deleted; the office hears which role is empty."""
    sabine, nils = on.people["Sabine Sommer"], on.people["Nils Nussbaum"]
    await on.by_day()
    await on.say(nils, "/meinedaten")
    sent = [one.file for one in nils.messages if one.file and one.file.name == "meine-daten.json"]
    assert b"Nils Nussbaum" in sent[-1].content
    await on.say(nils, "/loeschen")
    await on.choose(nils, "Abbrechen")
    await on.say(nils, "/loeschen")
    await on.choose(nils, "Endgültig löschen")
    assert nils.last.text.startswith("Gelöscht. Ich kenne Sie nicht mehr.")
    assert "hat seine Daten hier gelöscht" in " ".join(one.text for one in sabine.messages)
    await on.say(nils, "/offen")
    assert nils.last.text.startswith("Das darf nur")


# --- what the walk came to


async def everything_was_met(on: Walk) -> None:
    """Whatever is added to the bot has to be walked through here too."""
    async with on.database.read() as session:
        kinds = set(await session.scalars(select(Letter.kind)))
        left = list(await session.scalars(select(InboxRow).where(InboxRow.state.in_(["set_aside", "pending"]))))
    assert set(TAPS) - on.tapped == set()
    assert set(PLACES) - on.opened == set()
    assert {*FORM_OF, "paper", "papers", "close", "run_off"} - on.on_votes == set()
    assert set(WORDINGS) - kinds == set()
    if on.tongues is not None:
        assert {(kind, language) for kind in WORDINGS for language in SHIPPED} - on.tongues.met == set()
        assert on.tongues.wrong == []
    assert [(one.kind, one.error) for one in left] == []


def no_word_of_it_is_logged(on: Walk, log: str) -> None:
    assert "Here is @reko_bot." in log
    words: set[str] = set()
    for person in on.people.values():
        words |= {person.first_name, person.last_name}
        for message in person.messages:
            words |= set(re.split(r"\n", message.text)) | {message.file.name if message.file else ""}
    codes = {part for code in on.codes for part in (code, code.replace("-", ""), code[:9])}
    searched = {word for word in words if len(word.strip()) > 3} | codes | {SECRET, "DE02120300000000202051"}
    # Four digits of a word of the day stand in many a fraction of a second.
    assert [word for word in searched if word in log and re.search(rf"(?<!\d){re.escape(word)}(?!\d)", log)] == []
    assert "Traceback" not in log


def every_button_says_it_in_words(on: Walk) -> None:
    """No picture, arrow or tick alone, and none that says how things stand: a screen reader reads words."""
    keyboards = [one.params["reply_markup"] for one in on.world.journal.requests() if one.params.get("reply_markup")]
    rows = [row for one in keyboards for row in (json.loads(one) if isinstance(one, str) else one)["inline_keyboard"]]
    labels = {button["text"] for row in rows for button in row}
    assert len(labels) > 200
    assert [one for one in labels if not re.search(r"\w", one)] == []
    assert [one for one in labels if NO_WORD.search(one)] == []
    said = {message.text for person in on.people.values() for message in person.messages if message.from_bot}
    assert [one for one in said if NO_WORD.search(one.replace("🗳", ""))] == []


def every_request_is_valid(on: Walk) -> None:
    requests = on.world.journal.requests()
    assert len(requests) > 100
    # A call for updates that a program left open at its end is broken off by the next one's.
    answered = [one for one in requests if one.method != "getUpdates"]
    refused = {one.description for one in answered if one.status not in {0, 200}}
    # The same tap again changes nothing on the card.
    assert [one for one in refused if not one.startswith("Bad Request: message is not modified")] == []
    if bot_api_spec.SPEC_FILE.exists():
        for one in requests:
            bot_api_spec.check_request(one.method, one.params, one.uploads)
            if one.ok:
                bot_api_spec.check_result(one.method, one.result)
        for update in on.world.journal.brought:
            bot_api_spec.check_object("Update", update)
