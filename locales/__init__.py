"""What the bot says, in each reader's language. English stands in the code; other languages come from the catalogues.

Messages are whole sentences with ``%(name)s`` placeholders. ``say`` is for texts sent as HTML and escapes every
parameter; ``plain`` is for buttons, toasts and files.
"""

import gettext
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
DEFAULT = "de"
SHIPPED = ("de", "en")
# Telegram's language codes of people whom German serves better than English.
GERMAN_SPEAKING = {"de", "at", "ch"}
UTC_ZONE = ZoneInfo("UTC")


class Markup(str):
    """Text that is HTML already; ``say`` takes it as it is."""

    __slots__ = ()


def choose(language: str | None, offered: tuple[str, ...] = SHIPPED) -> str:
    """The language to speak: the one asked for, German where Telegram names none, English for any other."""
    if not language:
        return DEFAULT
    short = language.lower().replace("_", "-").split("-")[0]
    if short in offered:
        return short
    return DEFAULT if short in GERMAN_SPEAKING or "en" not in offered else "en"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of a shipped language; English needs none."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if language == "en":
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a mark that does nothing
    """Mark a message for the catalogues where it is spoken elsewhere."""
    return message


def html(value: object) -> Markup:
    """Somebody's text, escaped."""
    return Markup(escape(str(value), quote=False))


def bold(value: object) -> Markup:
    """Somebody's text, escaped, in bold."""
    return Markup(f"<b>{html(value)}</b>")


class Voice:
    """Speaks one language, in the office's time zone."""

    def __init__(self, language: str | None, zone: ZoneInfo = UTC_ZONE) -> None:
        self.language = choose(language)
        self.zone = zone
        self._catalogue = catalogue(self.language)

    def say(self, message: str, **params: object) -> Markup:
        """The message as HTML; parameters are escaped unless they are ``Markup``."""
        return Markup(self._catalogue.gettext(message) % _escaped(params) if params else self._bare(message))

    def plain(self, message: str, **params: object) -> str:
        """The message without markup, for a button, a toast, a file."""
        return self._catalogue.gettext(message) % params if params else self._bare(message)

    def plural(self, one: str, many: str, number: int, **params: object) -> Markup:
        """The message for a number, which it names as ``%(number)s``; as HTML."""
        return Markup(self._catalogue.ngettext(one, many, number) % {**_escaped(params), "number": number})

    def _bare(self, message: str) -> str:
        # Without parameters a per cent sign is still written twice, so that translators meet one rule only.
        return self._catalogue.gettext(message) % {}

    def moment(self, at: datetime) -> str:
        """Weekday, date and clock time: „Mi, 07.01.2027, 12:00 Uhr"."""
        local = at.astimezone(self.zone)
        if self.language == "de":
            day = format_datetime(local, "EEEEEE, dd.MM.yyyy", locale="de").replace(".,", ",", 1)
            return f"{day}, {local:%H:%M} Uhr"
        return format_datetime(local, "EEE, d MMM yyyy, HH:mm", locale=self.language)

    def brief(self, at: datetime) -> str:
        """Weekday, day and clock time, for days near: „Fr, 20.03., 12:00 Uhr"."""
        local = at.astimezone(self.zone)
        if self.language == "de":
            day = format_datetime(local, "EEEEEE, dd.MM.", locale="de").replace(".,", ",", 1)
            return f"{day}, {local:%H:%M} Uhr"
        return format_datetime(local, "EEE, d MMM, HH:mm", locale=self.language)

    def stamp(self, at: datetime) -> str:
        """Date and clock time without the weekday: „01.12.2026, 12:00 Uhr"."""
        local = at.astimezone(self.zone)
        if self.language == "de":
            return f"{local:%d.%m.%Y}, {local:%H:%M} Uhr"
        return format_datetime(local, "d MMM yyyy, HH:mm", locale=self.language)

    def time(self, at: datetime) -> str:
        """The clock time: „12:00 Uhr"."""
        local = at.astimezone(self.zone)
        return f"{local:%H:%M} Uhr" if self.language == "de" else f"{local:%H:%M}"

    def day(self, on: date | datetime) -> str:
        """The date: „21.06.2022"."""
        local = on.astimezone(self.zone).date() if isinstance(on, datetime) else on
        return f"{local:%d.%m.%Y}" if self.language == "de" else format_date(local, "d MMM yyyy", locale=self.language)

    def short_day(self, on: date) -> str:
        """Weekday and day, for days near: „Fr, 20.03."."""
        if self.language == "de":
            return format_date(on, "EEEEEE, dd.MM.", locale="de").replace(".,", ",", 1)
        return format_date(on, "EEE, d MMM", locale=self.language)

    def month(self, on: date) -> str:
        """The month and its year: „November 2026"."""
        return format_date(on, "LLLL yyyy", locale=self.language)

    def weekday(self, on: date) -> str:
        """The weekday in full: „Mittwoch"."""
        return format_date(on, "EEEE", locale=self.language)


def _escaped(params: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, Markup | int) else html(value) for key, value in params.items()}
