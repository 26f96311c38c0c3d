"""``python -m demo``: the stand-in, the page, a sample office and the real bot, in one process, without internet."""

import argparse
import asyncio
import errno
import logging
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.folder_words import say_fault
from demo.cast import NobodyToPlayError
from demo.clock import DemoClock
from demo.page import attach
from demo.sample import write_sample
from demo.stage import Stage, hints, office_hours
from demo.telegram.server import build_app, running
from demo.telegram.world import World
from models.calendar import Calendar
from models.roll import FolderFaults

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
PORTS_TRIED = 50


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    top = argparse.ArgumentParser(prog="python -m bot demo", description="Der ReKo-Assistent zum Ausprobieren.")
    top.add_argument("--port", type=int, default=DEFAULT_PORT, help="der erste Port, der versucht wird (8000)")
    top.add_argument("--folder", type=Path, help="der Ordner eines Büros, an Stelle des Musterbüros")
    return top


def free_port(first: int) -> int:
    """The first port from ``first`` on that nobody listens on.

    Raises:
        OSError: none of the next ones is free.
    """
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, port))
                return port
    raise OSError(errno.EADDRINUSE, f"no free port from {first} on")


async def main(port: int, folder: Path | None) -> int:
    """Runs until Ctrl-C or SIGTERM; the exit code."""
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    clock = DemoClock()
    clock.begin_at(office_hours(clock(), Calendar()))
    with TemporaryDirectory(prefix="reko-demo-") as scratch:
        office = folder or write_sample(Path(scratch) / "office", Calendar().day(clock()))
        try:
            stage = await Stage.open(World(clock=clock), clock, office, Path(scratch) / "demo.db")
        except FolderFaults as found:
            print("\n".join(say_fault(fault) for fault in found.faults), file=sys.stderr)
            return 1
        except NobodyToPlayError:
            print("In members.csv fehlt jemand mit der Rolle buero oder mitglied.", file=sys.stderr)
            return 1
        await play(stage, free_port(port), ended)
    return 0


async def play(stage: Stage, port: int, ended: asyncio.Event) -> None:
    """Puts the page beside the stand-in, lets the bot run on it, and says where."""
    app = build_app(stage.world)
    attach(app, stage.world, stage.cast.phones, stage.clock, hints=hints(stage.cast), zone=stage.zone)
    async with running(app, HOST, port) as address, stage.played(address):
        print(f"{address}\n\nÖffnen Sie diese Adresse im Browser. Beenden mit Strg+C.", flush=True)
        await ended.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # what it says of a job the job says itself
    given = parser().parse_args()
    sys.exit(asyncio.run(main(given.port, given.folder)))
