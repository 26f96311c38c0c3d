"""The command line: demo init run load invite doctor backup restore verify export."""

import argparse
import asyncio
import csv
import gc
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import uvloop

from bot.settings import Settings, SettingsFault, load_settings

Command = Callable[[argparse.Namespace, Settings], Coroutine[Any, Any, int]]
BAD_SETTINGS = 2
_WITHOUT_BALLOTS = (
    "Ohne Stimmzettel gesichert, denn diese geheimen Abstimmungen laufen noch: Nr. {}. "
    "Wird diese Sicherung zurückgespielt, sind sie abgebrochen und werden neu eröffnet."
)
_NO_STORE = (
    "Der Speicher lässt sich nicht öffnen oder nicht beschreiben ({}). Prüfen Sie BOT_DATABASE_URL, ob der "
    "Datenbankserver läuft und ob auf dem Datenträger Platz ist. Mehr sagt: python -m bot doctor"
)
_NO_FILE = "{} lässt sich nicht lesen oder nicht anlegen ({}). Prüfen Sie, ob es den Ordner gibt und wem er gehört."
_BROKEN_OFF = (
    "Abgebrochen, weil eine Sicherung keine geheimen Stimmzettel enthält: Abstimmung Nr. {}. Bitte neu eröffnen."
)


async def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the bot until it is told to stop."""
    gc.disable()  # what is loaded stays: looking through it again and again made the start a sixth longer
    from bot.running import run_until_stopped

    gc.enable()
    return await run_until_stopped(settings)


async def load(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take an office folder in, all of it or nothing."""
    from bot.loading import load_folder

    return await load_folder(settings, arguments.folder, announce_changes=arguments.announce)


async def invite(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print a code for one person, or a list of codes for everyone who has not come in yet."""
    from bot.inviting import invite_missing, invite_one

    if arguments.missing:
        return await invite_missing(
            settings, arguments.days, csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
        )
    if not arguments.role or not arguments.name:
        print("invite braucht --role und --name, oder --missing.", file=sys.stderr)
        return BAD_SETTINGS
    return await invite_one(settings, arguments)


async def doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Say what is set, what is missing, and whether everything is as it should be."""
    from bot.doctor import examine, say

    findings = await examine(settings, store=arguments.store)
    print("\n".join(map(say, findings)))
    return 0 if all(finding.ok for finding in findings) else 1


async def backup(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the whole store to one file; the bot may run meanwhile."""
    from bot.application import utc_now
    from bot.backup import BackupFault
    from bot.backup import backup as write
    from models.base import open_database

    database = open_database(settings.database_url)
    try:
        manifest = await write(database, arguments.file, utc_now())
        if manifest.without_ballots:
            print(_WITHOUT_BALLOTS.format(", ".join(map(str, manifest.without_ballots))))
    except BackupFault as fault:
        print(fault, file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(f"Gesichert in {arguments.file}.")
    return 0


async def restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Fill an empty store, of either kind, from a backup."""
    from bot.backup import BackupFault
    from bot.backup import restore as read
    from models.base import open_database

    database = open_database(settings.database_url)
    try:
        manifest = await read(database, arguments.file)
    except BackupFault as fault:
        print(fault, file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(f"Wiederhergestellt aus {arguments.file}.")
    if manifest.without_ballots:
        print(_BROKEN_OFF.format(", ".join(map(str, manifest.without_ballots))))
    return 0


async def verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Say whether the record of votes is whole; the bot may run meanwhile."""
    from bot.verifying import examine

    report = await examine(settings.database_url, arguments.head)
    print("\n".join(report.lines), file=sys.stderr if report.code == BAD_SETTINGS else sys.stdout)
    return report.code


async def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write everything for the file (Akte) to a new folder; the bot may run meanwhile."""
    from bot.exporting.command import export_folder

    return await export_folder(settings, arguments.folder)


def demo(rest: Sequence[str]) -> int:
    """Start the demo; it is a program of its own, which nothing here imports."""
    os.execv(sys.executable, [sys.executable, "-m", "demo", *rest])  # noqa: S606 - our own interpreter and module


def init(folder: Path) -> int:
    """Ask for what an office folder needs, and write it. Without settings, and without a loop: it waits for keys."""
    from bot.founding import found_folder

    return found_folder(folder)


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    top = argparse.ArgumentParser(prog="python -m bot", description="Der ReKo-Assistent.")
    commands = top.add_subparsers(dest="command", required=True, metavar="BEFEHL")
    commands.add_parser("demo", help="alles zum Ausprobieren, ohne Token und Internet", add_help=False)
    founding = commands.add_parser("init", help="einen Ordner für ein neues Büro anlegen, aus sechs Antworten")
    founding.add_argument("folder", type=Path, metavar="FOLDER")
    commands.add_parser("run", help="den Bot betreiben")
    loading = commands.add_parser("load", help="den Ordner der ReKo einlesen")
    loading.add_argument("folder", type=Path, metavar="FOLDER")
    loading.add_argument("--announce", action="store_true", help="geänderte Fristen den Abonnenten melden")
    inviting = commands.add_parser("invite", help="Einladungscodes ausgeben")
    inviting.add_argument("--role", choices=["mitglied", "stellvertretung", "beratend", "gast", "buero", "traeger"])
    inviting.add_argument("--name")
    inviting.add_argument("--body", default="", metavar="SHORT")
    inviting.add_argument("--mandate", default="")
    inviting.add_argument("--days", type=int, default=14)
    inviting.add_argument("--missing", action="store_true", help="für alle, die noch nicht angemeldet sind, als CSV")
    examining = commands.add_parser("doctor", help="prüfen, ob alles in Ordnung ist")
    examining.add_argument("--store", action="store_true", help="auch den Inhalt der Datenbank prüfen")
    for name, what in (("backup", "sichern"), ("restore", "in eine leere Datenbank zurückspielen")):
        commands.add_parser(name, help=f"die Datenbank {what}").add_argument("file", type=Path, metavar="FILE")
    verifying = commands.add_parser("verify", help="prüfen, ob die Niederschrift der Abstimmungen unversehrt ist")
    verifying.add_argument("--head", metavar="HEAD", help="der Stand von einer Karte oder einem Protokoll")
    exporting = commands.add_parser("export", help="alles für die Akte in einen neuen Ordner schreiben")
    exporting.add_argument("folder", type=Path, metavar="FOLDER")
    return top


COMMANDS: dict[str, tuple[Command, bool]] = {  # with whether it needs the token
    "run": (run, True),
    "load": (load, False),
    "invite": (invite, True),
    "doctor": (doctor, False),
    "backup": (backup, False),
    "restore": (restore, False),
    "verify": (verify, False),
    "export": (export, False),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = sys.argv[1:] if words is None else words
    if given[:1] == ["demo"]:
        return demo(given[1:])
    arguments = parser().parse_args(given)
    if arguments.command == "init":
        return init(arguments.folder)
    command, needs_token = COMMANDS[arguments.command]
    try:
        settings = load_settings(needs_token=needs_token)
    except SettingsFault as fault:
        print("\n".join(fault.faults), file=sys.stderr)
        return BAD_SETTINGS
    return _in_plain_words(command(arguments, settings))


def _in_plain_words(work: Coroutine[Any, Any, int]) -> int:
    """Do it; what an operator can mend is said in a sentence, whatever the command."""
    from sqlalchemy.exc import OperationalError

    from bot.migrate import StoreFault

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except StoreFault as fault:
        print(fault, file=sys.stderr)
    except OperationalError as error:
        print(_NO_STORE.format(type(error.orig).__name__), file=sys.stderr)
    except OSError as error:
        if error.filename is None:
            raise
        print(_NO_FILE.format(error.filename, type(error).__name__), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
