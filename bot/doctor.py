"""Is everything as it should be? In plain German, for whoever runs the office's computer; changes nothing.

Looked at are the settings, the Bot API, the clock, the store and the catalogues; with ``store`` also every promise
that the store has to keep (``models/invariants.py``).
"""

import asyncio
import os
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.messages.pofile import PoFileError, read_po
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, WebhookInfo
from telegram.error import Conflict, InvalidToken, TelegramError, TimedOut
from telegram.request import BaseRequest

from bot.backup.format import MANIFEST
from bot.migrate import HEAD, REVISIONS, revision
from bot.refused_calls import explained
from bot.settings import Settings
from bot.transport import NeverLeft, NotTaken, Transport
from locales import FOLDER, LOCALES, SHIPPED
from models.base import Database, async_url, open_database
from models.heartbeat import EVERY, Heartbeat
from models.invariants import broken_promises
from models.office import DEFAULT_ZONE, the_office

LARGEST_DIFFERENCE = timedelta(seconds=30)  # between our clock and Telegram's
PATIENCE = 15.0  # seconds for a database server to answer
RECENT = timedelta(hours=1)  # a call that went wrong before is no news
MANY_WAIT = 100  # updates at Telegram
OTHERS = 0o077  # whoever is not the owner


class Finding(NamedTuple):
    """What was looked at; where it is not ``ok``, what to do about it."""

    ok: bool
    title: str
    advice: str = ""


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
    """Everything that was looked at, in the order in which one would mend it."""
    findings = list(_settings(settings))
    async with _opened(settings) as (database, of_store):
        runs = database is not None and await _runs(database, clock())
        findings += await _bot_api(settings, transport or Transport(), clock, runs=runs)
        findings += of_store
        if database is not None:
            findings += [*await _zone(database), *(await _promises(database) if store else [])]
    return findings + list(_catalogues(FOLDER))


# --- settings


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.token is None:
        yield Finding(
            ok=False,
            title="BOT_TOKEN fehlt.",
            advice="Legen Sie bei @BotFather einen Bot an und tragen Sie dessen Token in die Datei .env ein.",
        )
    else:
        yield Finding(ok=True, title="BOT_TOKEN ist gesetzt.")
    yield Finding(ok=True, title=f"Bot API: {settings.api_url}")
    way = "über den Webhook" if settings.webhook_url else "durch Abruf (kein Webhook gesetzt)"
    yield Finding(ok=True, title=f"Nachrichten kommen {way}.")
    yield Finding(ok=True, title=f"Postausgang: höchstens {settings.outbox_rate} Briefe je Sekunde.")


# --- the Bot API and the clock

_WHY: dict[type[TelegramError], str] = {
    NeverLeft: "es kam keine Verbindung zustande",
    NotTaken: "dort liegt eine Störung vor",
    TimedOut: "es kam keine Antwort",
}


async def _bot_api(
    settings: Settings, transport: BaseRequest, clock: Callable[[], datetime], *, runs: bool
) -> list[Finding]:
    if settings.token is None:
        return []
    bot = Bot(
        settings.token.get_secret_value(), settings.api_url, settings.file_url, transport, get_updates_request=transport
    )
    try:
        me = await bot.get_me()
        findings = [Finding(ok=True, title=f"Telegram antwortet. Der Bot heißt @{me.username}.")]
        findings += _clock(getattr(transport, "server_date", None), clock())
        return [*findings, *await _way_in(bot, settings, clock(), runs=runs)]
    except InvalidToken:
        advice = "Kopieren Sie das Token noch einmal von @BotFather, oder lassen Sie sich dort ein neues geben."
        return [Finding(ok=False, title="Telegram kennt dieses BOT_TOKEN nicht.", advice=advice)]
    except TelegramError as error:
        advice = "Prüfen Sie die Internetverbindung, einen nötigen Proxy (https_proxy) und BOT_API_URL."
        why = _WHY.get(type(error), "die Verbindung brach ab")
        return [Finding(ok=False, title=f"Telegram ist nicht zu erreichen: {why}.", advice=advice)]
    finally:
        await transport.shutdown()


async def _way_in(bot: Bot, settings: Settings, now: datetime, *, runs: bool) -> list[Finding]:
    info = await bot.get_webhook_info()
    if info.url and info.url == settings.webhook_url:
        return [Finding(ok=True, title="Der Webhook ist bei Telegram eingetragen."), *_calls(info, now)]
    return [await _other_way_in(bot, info.url, settings, runs=runs)]


def _calls(info: WebhookInfo, now: datetime) -> Iterator[Finding]:
    """What Telegram says about its latest calls."""
    if info.last_error_date is not None and now - info.last_error_date < RECENT:
        ago = max(0, round((now - info.last_error_date).total_seconds() / 60))
        what, advice = explained(info.last_error_message or "")
        title = f"Zuletzt konnte Telegram vor {ago} Minuten eine Nachricht nicht übergeben: {what}."
        yield Finding(ok=False, title=title, advice=advice)
    few = info.pending_update_count <= MANY_WAIT
    advice = "" if few else "Läuft der Bot? Telegram bewahrt sie 24 Stunden auf und bringt sie von selbst."
    yield Finding(ok=few, title=f"Bei Telegram warten {info.pending_update_count} Nachrichten.", advice=advice)


async def _other_way_in(bot: Bot, webhook: str, settings: Settings, *, runs: bool) -> Finding:
    if webhook != (settings.webhook_url or ""):
        return Finding(
            ok=False,
            title="Bei Telegram ist ein anderer Webhook eingetragen als in den Einstellungen.",
            advice="Ein anderes Programm benutzt oder benutzte dieses Token. Beenden Sie es; "
            "der Bot stellt den Eingang beim nächsten Start selbst um.",
        )
    if runs:  # asking for updates now would only disturb it
        return Finding(ok=True, title="Der Bot läuft gerade und ruft seine Nachrichten ab.")
    try:
        await bot.get_updates(limit=1, timeout=0)  # confirms nothing: no update is lost by asking
    except Conflict:
        return Finding(
            ok=False,
            title="Ein anderes Programm ruft die Nachrichten dieses Bots ab.",
            advice="Mit einem Token darf nur ein Bot laufen. Beenden Sie den anderen.",
        )
    return Finding(ok=True, title="Niemand sonst ruft die Nachrichten dieses Bots ab.")


def _clock(server_date: str | None, now: datetime) -> list[Finding]:
    if server_date is None:
        return []
    difference = abs(parsedate_to_datetime(server_date) - now)
    if difference < LARGEST_DIFFERENCE:
        return [Finding(ok=True, title="Die Uhr dieses Computers geht richtig.")]
    title = f"Die Uhr dieses Computers weicht um {round(difference.total_seconds())} Sekunden von der Telegrams ab."
    return [Finding(ok=False, title=title, advice="Schalten Sie die automatische Zeiteinstellung (NTP) ein.")]


async def _zone(database: Database) -> list[Finding]:
    async with database.read() as session:
        name = (await the_office(session)).time_zone if await revision(database) == HEAD else DEFAULT_ZONE
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        advice = "Prüfen Sie time_zone in office.toml, oder spielen Sie die Zeitzonendaten ein (make setup)."
        return [Finding(ok=False, title=f"Die Zeitzone {name} ist diesem Computer unbekannt.", advice=advice)]
    return [Finding(ok=True, title=f"Zeitzone: {name}")]


# --- the store


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Database | None, list[Finding]]]:
    """The store, where it is there and opens, and what is to be said of it."""
    url = async_url(settings.database_url)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file is not None and not file.exists():
        yield None, [_to_be_made(file)]
        return
    database = open_database(settings.database_url)
    try:
        yield await _store(database, file)
    finally:
        await database.close()


async def _store(database: Database, file: Path | None) -> tuple[Database | None, list[Finding]]:
    where = str(file) if file else f"PostgreSQL, {database.engine.url.host or 'lokal'}"
    try:
        async with asyncio.timeout(PATIENCE):
            found = await revision(database)
            await _write(database)
    except (SQLAlchemyError, OSError) as error:
        advice = "Prüfen Sie BOT_DATABASE_URL, und ob dieser Benutzer dort schreiben darf."
        title = f"Der Speicher ({where}) lässt sich nicht öffnen oder nicht beschreiben ({type(error).__name__})."
        return None, [Finding(ok=False, title=title, advice=advice)]
    findings = [Finding(ok=True, title=f"Der Speicher ({where}) lässt sich öffnen und beschreiben."), _stand(found)]
    return database, findings + (list(_permissions(file)) if file else [])


def _to_be_made(file: Path) -> Finding:
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if os.access(folder, os.W_OK):
        return Finding(ok=True, title=f"Der Speicher {file} ist noch nicht angelegt; der erste Start legt ihn an.")
    advice = "Prüfen Sie BOT_DATABASE_URL, und ob dieser Benutzer dort schreiben darf."
    return Finding(ok=False, title=f"Der Speicher {file} lässt sich nicht anlegen.", advice=advice)


async def _write(database: Database) -> None:
    """Make a table and take it back: a store that is full or write-protected says so."""
    async with database.read() as session:
        await session.execute(text("CREATE TABLE doctor_was_here (id INTEGER)"))


def _stand(found: str | None) -> Finding:
    if found == HEAD:
        return Finding(ok=True, title=f"Der Speicher hat den Stand dieses Programms ({HEAD}).")
    if found is None:
        return Finding(ok=True, title="Der Speicher ist noch leer; der erste Start richtet ihn ein.")
    if found in REVISIONS:
        return Finding(ok=True, title=f"Der Speicher hat den Stand {found}; der nächste Start hebt ihn auf {HEAD}.")
    return Finding(
        ok=False,
        title=f"Der Speicher hat den Stand {found}, den dieses Programm nicht kennt.",
        advice="Er wurde mit einer neueren Version angelegt. Nehmen Sie diese.",
    )


def _permissions(file: Path) -> Iterator[Finding]:
    """The store, its log beside it, and the backups that lie in the same folder or one below."""
    private = [*(file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm")), *_backups(file.parent)]
    open_to_others = [one for one in private if one.exists() and one.stat().st_mode & OTHERS]
    for one in open_to_others:
        title = f"Andere Benutzer dieses Computers können {one} lesen."
        yield Finding(ok=False, title=title, advice=f"Geben Sie ein: chmod 600 {one}")
    if not open_to_others:
        yield Finding(ok=True, title=f"Nur der Eigentümer kann {file} und die Sicherungen daneben lesen.")


def _backups(folder: Path) -> Iterator[Path]:
    for path in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        if path.is_file() and zipfile.is_zipfile(path):
            with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
                if MANIFEST in archive.namelist():
                    yield path


async def _runs(database: Database, now: datetime) -> bool:
    if await revision(database) != HEAD:
        return False
    async with database.read() as session:
        beat = await session.get(Heartbeat, 1)
    return beat is not None and abs(now - beat.at) < 2 * EVERY


async def _promises(database: Database) -> list[Finding]:
    if await revision(database) != HEAD:
        return []
    async with database.snapshot() as session:
        broken = await broken_promises(session)
        if session.get_bind().dialect.name == "sqlite":
            lines = await session.stream_scalars(text("PRAGMA quick_check"))
            broken += [str(line) async for line in lines if line != "ok"]
    if not broken:
        return [Finding(ok=True, title="Der Speicher ist in sich stimmig.")]
    advice = "Sichern Sie den Speicher, wie er ist, und melden Sie diese Zeile."
    return [Finding(ok=False, title=f"Im Speicher stimmt etwas nicht: {line}", advice=advice) for line in broken]


# --- the catalogues


def _catalogues(folder: Path) -> Iterator[Finding]:
    """One finding a shipped language; English stands in the code and needs no catalogue."""
    for language in SHIPPED:
        path = folder / language / "LC_MESSAGES" / "messages.po"
        if language == "en" and not path.exists():
            continue
        fault = _fault(path, language)
        if fault:
            advice = "Spielen Sie das Programm neu ein; wer es übersetzt, ruft python -m locales --check auf."
            yield Finding(ok=False, title=f"Der Sprachkatalog {language} {fault}.", advice=advice)
        else:
            yield Finding(ok=True, title=f"Der Sprachkatalog {language} ist vollständig.")


def _fault(path: Path, language: str) -> str:
    try:
        with path.open("rb") as source:
            catalog = read_po(source, locale=LOCALES[language], abort_invalid=True)
    except (OSError, ValueError, PoFileError):
        return "fehlt oder ist nicht lesbar"
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            return "ist nicht vollständig"
    return ""
