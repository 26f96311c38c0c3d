"""The doctor's look at Telegram: whether it answers, how messages come, and whether our clock goes right."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from telegram import Bot, WebhookInfo
from telegram.error import Conflict, InvalidToken, TelegramError, TimedOut
from telegram.request import BaseRequest

from bot.doctor.botfather import COPY_AGAIN, look_at_profile
from bot.doctor.finding import Finding
from bot.refused_calls import explained
from bot.settings import Settings
from bot.transport import NeverLeft, NotTaken

LARGEST_DIFFERENCE = timedelta(seconds=30)  # between our clock and Telegram's
RECENT = timedelta(hours=1)  # a call that went wrong before is no news
MANY_WAIT = 100  # updates at Telegram

_WHY: dict[type[TelegramError], str] = {
    NeverLeft: "es kam keine Verbindung zustande",
    NotTaken: "dort liegt eine Störung vor",
    TimedOut: "es kam keine Antwort",
}


async def look_at_telegram(
    settings: Settings, transport: BaseRequest, clock: Callable[[], datetime], offered: Sequence[str], *, runs: bool
) -> list[Finding]:
    """Who we are there, what is set there, and how messages come; nothing without a token."""
    if settings.token is None:
        return []
    bot = Bot(
        settings.token.get_secret_value(), settings.api_url, settings.file_url, transport, get_updates_request=transport
    )
    try:
        me = await bot.get_me()
        findings = [Finding(ok=True, title=f"Telegram antwortet. Der Bot heißt @{me.username}.")]
        findings += await look_at_profile(bot, me, offered, runs=runs)
        findings += _clock(getattr(transport, "server_date", None), clock())
        return [*findings, *await _way_in(bot, settings, clock(), runs=runs)]
    except InvalidToken:
        return [Finding(ok=False, title="Telegram kennt dieses BOT_TOKEN nicht.", advice=COPY_AGAIN)]
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
