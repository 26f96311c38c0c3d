"""What comes next on the way from an empty store to the first vote, in plain German, with the line to type."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.migrate import HEAD, revision
from bot.shell_words import said_command
from locales import Voice
from models.base import Database
from models.beginning import Beginning, Stage, beginning
from models.heartbeat import EVERY, Heartbeat
from models.office import the_office

FOLDER = "my-office"  # as in the README; kept out of the repository
NAME = "Vorname Nachname"


class Step(NamedTuple):
    """What is to be done, and how; the first line of ``how`` is what to type, where there is something to type."""

    what: str
    how: str


async def next_step(database: Database | None, now: datetime) -> Step | None:
    """The next step; None where the office is at work, or its store has to be upgraded first."""
    found = await revision(database) if database else None
    if database is None or found is None:
        return _no_office()
    if found != HEAD:
        return None
    async with database.read() as session:
        stands = await beginning(session, now)
        return _step(stands, await _office_time(session, stands.until), runs=await is_running(session, now))


async def is_running(session: AsyncSession, now: datetime) -> bool:
    """Whether a bot works on this store: its last sign of life is fresh."""
    beat = await session.get(Heartbeat, 1)
    return beat is not None and abs(now - beat.at) < 2 * EVERY


async def hint(database: Database, now: datetime) -> list[str]:
    """The next step as a line after another command's answer; none where the office is at work."""
    step = await next_step(database, now)
    return [f"Nächster Schritt: {step.how.splitlines()[0]}"] if step else []


async def nobody_inside(database: Database, now: datetime) -> str:
    """A line for the log of a bot that runs and has nobody to serve it; empty where somebody of the office is in."""
    async with database.read() as session:
        stage = (await beginning(session, now)).stage
    if stage is Stage.NO_OFFICE:
        return f"No office is loaded yet. Please type: {said_command('load', 'FOLDER')}"
    if stage in {Stage.NO_STAFF, Stage.NOT_INVITED, Stage.NOT_IN}:
        typed = said_command("invite", "--role", "buero", "--name", "NAME")
        return f"Nobody of the office has come in yet. Please open the invitation's link, or type: {typed}"
    return ""


async def _office_time(session: AsyncSession, at: datetime | None) -> str:
    return Voice("de", ZoneInfo((await the_office(session)).time_zone)).stamp(at) if at else ""


def _step(stands: Beginning, until: str, *, runs: bool) -> Step | None:
    steps: dict[Stage, Callable[[], Step]] = {
        Stage.NO_OFFICE: _no_office,
        Stage.NO_STAFF: lambda: Step("Im Büro steht noch niemand auf der Liste.", _invite(NAME)),
        Stage.NOT_INVITED: lambda: Step("Aus dem Büro ist noch niemand eingeladen.", _invite(stands.name)),
        Stage.NOT_IN: lambda: _not_in(stands, until, runs=runs),
        Stage.NOT_REHEARSED: lambda: _rehearse(stands, runs=runs),
        Stage.NOBODY_LISTED: _nobody_listed,
        Stage.NO_MEMBER: _no_member,
    }
    return steps[stands.stage]() if stands.stage in steps else None


def _no_office() -> Step:
    how = f"{said_command('init', FOLDER)}\nDann: {said_command('load', FOLDER)}"
    return Step("Es ist noch kein Büro eingelesen.", f"{how} – oder gleich mit einem Ordner, den Sie schon haben.")


def _invite(name: str) -> str:
    return f"{said_command('invite', '--role', 'buero', '--name', name)}\nDas gibt einen Link und einen Code."


def _nobody_listed() -> Step:
    what = f"Es steht noch kein Mitglied auf der Liste. Tragen Sie die Mitglieder in {FOLDER}/members.csv ein, dann:"
    return Step(what, f"{said_command('load', FOLDER)}\nOder alles im Chat: /buero, „Personen“, „Person hinzufügen“.")


def _no_member() -> Step:
    how = f"{said_command('invite', '--missing')}\nDas gibt eine Tabelle mit allen Codes für einen Serienbrief."
    return Step("Von den Mitgliedern ist noch niemand da.", f"{how} Oder im Chat: /buero, „Personen“.")


def _not_in(stands: Beginning, until: str, *, runs: bool) -> Step:
    what = f"{stands.name} ist eingeladen (Code gültig bis {until}), aber noch nicht angemeldet."
    opening = "Den Link öffnen, „Starten“ antippen, dann „Das bin ich“."
    return Step(what, opening if runs else f"{said_command('run')}\nDann: {opening}")


def _rehearse(stands: Beginning, *, runs: bool) -> Step:
    what = "Es gab noch keine Abstimmung. Üben Sie eine, bevor Sie die Mitglieder einladen."
    if not stands.practises:
        return Step(
            what,
            "Ein Gremium zum Üben eintragen und load aufrufen.\nIn office.toml: [[body]] mit name = "
            f'"Probe (zum Üben)" und short = "Probe". In members.csv: Probe;Probesitz 1;mitglied;{stands.name}',
        )
    start = "" if runs else f"{said_command('run')}\nDann: "
    tap = "In Telegram /buero, „Neue Abstimmung“, „Probe“ (wenn gefragt wird), „Beschluss“ … „Eröffnen“."
    rest = "Dann kommt Ihre Stimmkarte. Sie zählt für kein anderes Gremium."
    return Step(what, f"{start}{tap}\n{rest}")
