"""Settings: from the environment, or from ``.env`` where the environment is silent. Every fault is reported at once.

The sentences are German, for whoever runs the office's computer; they name the variable and what to do, and never
show a value that was given.

A secret may lie in a file of its own instead (``BOT_TOKEN_FILE`` names it), as containers and systemd hand them over.
"""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import quote, urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.secret_files import FILE, from_files

PREFIX = "BOT_"
PUBLIC_API = "https://api.telegram.org/bot"
DEFAULT_DATABASE = "sqlite:///data/reko.db"
DEFAULT_BACKUPS = Path("data/backups")
SECRETS = ("token", "database_url", "database_password", "webhook_secret")  # each may lie in a file instead
DEFAULT_RATE = 25  # letters a second
HIGHEST_RATE = 30  # Telegram: about 30 messages a second overall (core.telegram.org/bots/faq)

_SENTENCES = {
    "token": "BOT_TOKEN sieht nicht wie ein Token aus. Kopieren Sie es so, wie @BotFather es genannt hat "
    "(Ziffern, Doppelpunkt, Buchstaben).",
    "api_url": "BOT_API_URL muss mit https:// oder http:// beginnen und mit /bot enden, "
    "zum Beispiel https://api.telegram.org/bot.",
    "database_url": "BOT_DATABASE_URL muss mit sqlite:///DATEI oder postgresql://… angegeben werden, "
    "zum Beispiel sqlite:///data/reko.db.",
    "database_password": "BOT_DATABASE_PASSWORD muss eine Zeile sein.",
    "webhook_url": "BOT_WEBHOOK_URL muss eine Adresse mit https:// sein, unter der Telegram den Bot erreicht, "
    "mit Port 443, 80, 88 oder 8443, ohne ? und #.",
    "webhook_listen": "BOT_WEBHOOK_LISTEN muss ADRESSE:PORT sein, zum Beispiel 127.0.0.1:8080.",
    "webhook_secret": "BOT_WEBHOOK_SECRET darf nur aus a bis z, A bis Z, 0 bis 9, _ und - bestehen (höchstens 256).",
    "metrics_listen": "BOT_METRICS_LISTEN muss ADRESSE:PORT sein, zum Beispiel 127.0.0.1:9100.",
    "backup_folder": "BOT_BACKUP_FOLDER muss der Name eines Ordners sein, zum Beispiel data/backups.",
    "log": "BOT_LOG muss plain (Zeilen) oder json sein.",
    "outbox_rate": f"BOT_OUTBOX_RATE muss eine ganze Zahl von 1 bis {HIGHEST_RATE} sein (Briefe je Sekunde).",
}
_MISSING = (
    "BOT_TOKEN fehlt. Tragen Sie das Token von @BotFather in die Umgebung oder in die Datei .env ein, "
    "oder legen Sie es in eine Datei, die BOT_TOKEN_FILE nennt."
)
_NO_PLACE_FOR_IT = (
    "BOT_DATABASE_PASSWORD passt nur zu einer Adresse mit Benutzer und ohne Passwort, "
    "zum Beispiel postgresql://reko@localhost/reko in BOT_DATABASE_URL."
)
_TELEGRAM_CALLS = {443, 80, 88, 8443}  # ports: https://core.telegram.org/bots/api#setwebhook
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsFault(Exception):
    """The settings cannot be used; ``faults`` holds one German sentence for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Listen(NamedTuple):
    """Where a server of ours listens."""

    host: str
    port: int


def _listen(text: Any) -> Listen:
    match = re.fullmatch(r"\[?([^\[\]\s]+?)\]?:(\d{1,5})", str(text))
    if match is None or not 0 < int(match[2]) < 2**16:
        raise ValueError("not HOST:PORT")
    return Listen(match[1], int(match[2]))


def _api_url(text: str) -> str:
    url = urlsplit(text.rstrip("/"))
    if url.scheme not in {"http", "https"} or not url.hostname or not url.path.endswith("/bot") or url.query:
        raise ValueError("not the address of a Bot API server")
    return text.rstrip("/")


def _webhook_url(text: str) -> str:
    url = urlsplit(text)
    if url.query or url.fragment or url.username is not None or not text.isascii() or " " in text:
        raise ValueError("more than an address and a path")
    if url.scheme == "http" and url.hostname in _LOOPBACK:  # a stand-in on this computer
        return text
    if url.scheme != "https" or not url.hostname or (url.port or 443) not in _TELEGRAM_CALLS:
        raise ValueError("not an address Telegram would call")
    return text


def _secret(pattern: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if re.fullmatch(pattern, value.get_secret_value()) is None:
            raise ValueError("malformed")
        return value

    return AfterValidator(check)


ListenAt = Annotated[Listen, BeforeValidator(_listen)]
DatabaseUrl = Annotated[
    str, StringConstraints(pattern=r"^(sqlite(\+aiosqlite)?:///[^?:\s]|postgresql(\+psycopg)?://[^\s])")
]


class Settings(BaseSettings):
    """What the bot was told. Frozen; a secret shows itself only to ``get_secret_value()``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    token: Annotated[SecretStr, _secret(r"[0-9]+:[A-Za-z0-9_-]+")] | None = None
    api_url: Annotated[str, AfterValidator(_api_url)] = PUBLIC_API  # up to and without the token
    database_url: DatabaseUrl = Field(DEFAULT_DATABASE, repr=False)  # may hold a password
    database_password: Annotated[SecretStr, _secret(r".+")] | None = None  # load_settings puts it into the address
    webhook_url: Annotated[str, AfterValidator(_webhook_url)] | None = None
    webhook_listen: ListenAt | None = None
    webhook_secret: Annotated[SecretStr, _secret(r"[A-Za-z0-9_-]{1,256}")] | None = None
    metrics_listen: ListenAt | None = None
    backup_folder: Path = DEFAULT_BACKUPS
    log: Literal["plain", "json"] = "plain"
    outbox_rate: Annotated[int, Field(ge=1, le=HIGHEST_RATE)] = DEFAULT_RATE  # letters a second

    @property
    def file_url(self) -> str:
        """Where files are fetched, up to and without the token: the same host under ``/file/bot``."""
        return f"{self.api_url.removesuffix('/bot')}/file/bot"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what ``load_settings`` hands over, so that a test's mapping is the whole truth."""
        return (init_settings,)


def load_settings(env: Mapping[str, str] | None = None, *, needs_token: bool) -> Settings:
    """The settings in ``env``; without one, those of the environment and, behind it, of ``.env`` in this folder.

    Raises:
        SettingsFault: one or more settings are missing, malformed, or contradict each other.
    """
    given = _given(_surroundings() if env is None else env)
    faults = _misspelt(given)
    in_files, unread = from_files(given, [_variable(name) for name in SECRETS])
    faults += unread
    given |= in_files
    fields = {name: given[_variable(name)] for name in Settings.model_fields if _variable(name) in given}
    faults += [_MISSING] if needs_token and not {"BOT_TOKEN", f"BOT_TOKEN{FILE}"} & set(given) else []
    faults += _incomplete_webhook(fields)
    faults += _put_password_in(fields)
    try:
        settings = Settings(**fields)  # type: ignore[arg-type]  # pydantic turns the strings into what is declared
    except ValidationError as error:
        named = dict.fromkeys(str(each["loc"][0]) for each in error.errors(include_input=False))
        raise SettingsFault(faults + [_SENTENCES[name] for name in named]) from None
    if settings.webhook_listen is not None and settings.webhook_listen == settings.metrics_listen:
        faults.append("BOT_WEBHOOK_LISTEN und BOT_METRICS_LISTEN brauchen verschiedene Adressen.")
    if faults:
        raise SettingsFault(faults)
    return settings


def _surroundings() -> dict[str, str]:
    return {key: value for key, value in dotenv_values(".env").items() if value is not None} | dict(os.environ)


def _given(env: Mapping[str, str]) -> dict[str, str]:
    # `BOT_TOKEN=` in a file copied from the README means „not set".
    return {key: value.strip() for key, value in env.items() if key.startswith(PREFIX) and value.strip()}


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _put_password_in(fields: dict[str, str]) -> list[str]:
    """Make the address of the store whole; what is wrong with it, if anything."""
    if "database_password" not in fields:
        return []
    scheme, _, rest = fields.get("database_url", DEFAULT_DATABASE).partition("://")
    user, at, place = rest.partition("@")
    if not scheme.startswith("postgresql") or not at or not user or ":" in user:
        return [_NO_PLACE_FOR_IT]
    fields["database_url"] = f"{scheme}://{user}:{quote(fields['database_password'], safe='')}@{place}"
    return []


def _misspelt(given: Mapping[str, str]) -> list[str]:
    known = [_variable(name) for name in Settings.model_fields] + [f"{_variable(name)}{FILE}" for name in SECRETS]
    strangers = sorted(set(given) - set(known))
    no_files = [name for name in strangers if name.removesuffix(FILE) in known and name.endswith(FILE)]
    guesses = [(name, get_close_matches(name, set(known) - set(given), n=1, cutoff=0.8)) for name in strangers]
    return [f"{name} gibt es nicht. Nur Geheimnisse dürfen in einer Datei liegen." for name in no_files] + [
        f"{name} ist unbekannt. Gemeint ist wohl {guess[0]}."
        for name, guess in guesses
        if guess and name not in no_files
    ]


def _incomplete_webhook(fields: Mapping[str, str]) -> list[str]:
    if "webhook_url" not in fields:
        return []
    return [
        f"BOT_WEBHOOK_URL ist gesetzt, aber {PREFIX}{name.upper()} fehlt. Setzen Sie beide oder keine von beiden."
        for name in ("webhook_listen", "webhook_secret")
        if name not in fields
    ]
