"""Is everything as it should be? In plain German, for whoever runs the office's computer; changes nothing.

Looked at are the settings, the Bot API, the clock, the store and the catalogues; with ``store`` also every promise
that the store has to keep (``models/invariants/``). Last comes what is the next step on the way to the first vote.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from telegram.request import BaseRequest

from bot.doctor.bot_api import look_at_telegram
from bot.doctor.botfather import look_for_token
from bot.doctor.catalogues import look_at_catalogues
from bot.doctor.finding import Finding
from bot.doctor.store import look_at_promises, look_at_zone, opened
from bot.migrate import HEAD, revision
from bot.next_step import is_running, next_step
from bot.settings import Settings
from bot.transport import Transport
from locales import FOLDER
from models.base import Database
from models.office import DEFAULT_LANGUAGES, the_office

__all__ = ["Finding", "examine", "say"]


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


async def examine(
    settings: Settings,
    *,
    store: bool,
    transport: BaseRequest | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> list[Finding]:
    """Everything that was looked at, in the order in which one would mend it; last what comes next."""
    findings = list(_settings(settings))
    async with opened(settings) as (database, of_store):
        offered, runs = await _at_work(database, clock())
        findings += await look_at_telegram(settings, transport or Transport(), clock, offered, runs=runs)
        findings += of_store
        if database is not None:
            findings += [*await look_at_zone(database), *(await look_at_promises(database) if store else [])]
        findings += look_at_catalogues(FOLDER)
        return findings + await _next(database, clock())


def say(finding: Finding) -> str:
    """A finding as it is printed: what it is in a line, and what to do, set in."""
    kind = "NÄCHSTER SCHRITT" if finding.step else "gut" if finding.ok else "ACHTUNG"
    return "\n    ".join([f"{kind}: {finding.title}", *finding.advice.splitlines()])


def _settings(settings: Settings) -> Iterator[Finding]:
    yield look_for_token(given=settings.token is not None)
    yield Finding(ok=True, title=f"Bot API: {settings.api_url}")
    way = "über den Webhook" if settings.webhook_url else "durch Abruf (kein Webhook gesetzt)"
    yield Finding(ok=True, title=f"Nachrichten kommen {way}.")
    yield Finding(ok=True, title=f"Postausgang: höchstens {settings.outbox_rate} Briefe je Sekunde.")


async def _at_work(database: Database | None, now: datetime) -> tuple[list[str], bool]:
    """The languages that the office offers, and whether a bot works on this store."""
    if database is None or await revision(database) != HEAD:
        return [*DEFAULT_LANGUAGES], False
    async with database.read() as session:
        return (await the_office(session)).languages, await is_running(session, now)


async def _next(database: Database | None, now: datetime) -> list[Finding]:
    step = await next_step(database, now)
    return [Finding(ok=True, title=step.what, advice=step.how, step=True)] if step else []
