"""What the bot says, in each reader's language. English stands in the code; other languages come from the catalogues.

Messages are whole sentences with ``%(name)s`` placeholders. ``say`` is for texts sent as HTML and escapes every
parameter; ``plain`` is for buttons, toasts and files.
"""

import gettext
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from locales import easy

FOLDER = Path(__file__).parent
DEFAULT = "de"
# Leichte Sprache is a language of its own with German's dates and plurals; it has no code that Telegram knows.
EASY = easy.LANGUAGE
SHIPPED = ("de", EASY, "en")
LOCALES = {"de": "de_DE", EASY: "de_DE", "en": "en_GB"}
# Languages whose readers German serves better than English, should theirs not be offered.
GERMAN_SPEAKING = {"de", "at", "ch", EASY}
# How a language writes instants, days and clock times, in the letters of Unicode's date patterns (UTS 35).
PATTERNS = {
    "de": {
        "moment": "ccc, dd.MM.yyyy, HH:mm 'Uhr'",
        "brief": "ccc, dd.MM., HH:mm 'Uhr'",
        "stamp": "dd.MM.yyyy, HH:mm 'Uhr'",
        "time": "HH:mm 'Uhr'",
        "day": "dd.MM.yyyy",
        "short_day": "ccc, dd.MM.",
    },
    EASY: {
        "moment": "EEEE, d. MMMM yyyy, H:mm 'Uhr'",
        "brief": "EEEE, d. MMMM, H:mm 'Uhr'",
        "stamp": "d. MMMM yyyy, H:mm 'Uhr'",
        "time": "H:mm 'Uhr'",
        "day": "d. MMMM yyyy",
        "short_day": "EEEE, d. MMMM",
    },
    "en": {
        "moment": "EEE, d MMM yyyy, HH:mm",
        "brief": "EEE, d MMM, HH:mm",
        "stamp": "d MMM yyyy, HH:mm",
        "time": "HH:mm",
        "day": "d MMM yyyy",
        "short_day": "EEE, d MMM",
    },
}
UTC_ZONE = ZoneInfo("UTC")


class Markup(str):
    """Text that is HTML already; ``say`` takes it as it is."""

    __slots__ = ()


def choose(language: str | None, offered: Sequence[str] = SHIPPED) -> str:
    """The language to speak: the one asked for; else German where Telegram names none or a German one, else English.

    ``offered``: the languages of the office (``languages`` in office.toml), the first of them where neither is offered.
    """
    spoken = [one for one in offered if one in SHIPPED] or [*SHIPPED]
    short = (language or DEFAULT).lower().replace("_", "-").split("-")[0]
    if short in spoken:
        return short
    instead = DEFAULT if short in GERMAN_SPEAKING else "en"
    return instead if instead in spoken else spoken[0]


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of a shipped language; English needs none."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if language == "en":
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=LOCALES[language]))
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
    """Speaks one language, in the office's time zone.

    ``locale``: Babel's name of its dates, numbers and plurals, ``script`` the two letters of ISO 639 that others know;
    ``german``: it is German of either kind, ``easy``: Leichte Sprache.
    """

    def __init__(self, language: str | None, zone: ZoneInfo = UTC_ZONE) -> None:
        self.language = choose(language)
        self.locale = LOCALES[self.language]
        self.easy = self.language == EASY
        self.script = self.locale[:2]
        self.german = self.script == DEFAULT
        self.zone = zone
        self._catalogue = catalogue(self.language)

    def say(self, message: str, **params: object) -> Markup:
        """The message as HTML; parameters are escaped unless they are ``Markup``."""
        return Markup(self._written(self._catalogue.gettext(message)) % _escaped(params))

    def plain(self, message: str, **params: object) -> str:
        """The message without markup, for a button, a toast, a file."""
        # Without parameters a per cent sign is still written twice, so that translators meet one rule only.
        return self._catalogue.gettext(message) % params

    def printed(self, message: str, **params: object) -> str:
        """The message without markup, for a list on paper: with a line for each sentence in Leichte Sprache."""
        return self._written(self._catalogue.gettext(message)) % params

    def plural(self, one: str, many: str, number: int, **params: object) -> Markup:
        """The message for a number, which it names as ``%(number)s``; as HTML."""
        return Markup(
            self._written(self._catalogue.ngettext(one, many, number)) % {**_escaped(params), "number": number}
        )

    def _written(self, text: str) -> str:
        return easy.a_line_each(text) if self.easy else text

    def moment(self, at: datetime) -> str:
        """Weekday, date and clock time: „Mi, 07.01.2027, 12:00 Uhr"."""
        return self._dated("moment", at)

    def brief(self, at: datetime) -> str:
        """Weekday, day and clock time, for days near: „Fr, 20.03., 12:00 Uhr"."""
        return self._dated("brief", at)

    def stamp(self, at: datetime) -> str:
        """Date and clock time without the weekday: „01.12.2026, 12:00 Uhr"."""
        return self._dated("stamp", at)

    def time(self, at: datetime) -> str:
        """The clock time: „12:00 Uhr"."""
        return self._dated("time", at)

    def day(self, on: date | datetime) -> str:
        """The date: „21.06.2022"."""
        local = on.astimezone(self.zone).date() if isinstance(on, datetime) else on
        return format_date(local, PATTERNS[self.language]["day"], locale=self.locale)

    def short_day(self, on: date) -> str:
        """Weekday and day, for days near: „Fr, 20.03."."""
        return format_date(on, PATTERNS[self.language]["short_day"], locale=self.locale)

    def month(self, on: date) -> str:
        """The month and its year: „November 2026"."""
        return format_date(on, "LLLL yyyy", locale=self.locale)

    def weekday(self, on: date) -> str:
        """The weekday in full: „Mittwoch"."""
        return format_date(on, "EEEE", locale=self.locale)

    def number(self, value: int | Decimal, pattern: str = "#,##0") -> str:
        """A number: „1.024", „4,33". The pattern is Unicode's (UTS 35)."""
        return format_decimal(value, pattern, locale=self.locale)

    def euros(self, value: Decimal) -> str:
        """A sum of money: „120.000 €", with cents only where there are some."""
        places = 0 if value == value.to_integral_value() else 2
        pattern = ("#,##0" + ".00" * bool(places)) + "\u00a0¤" if self.german else "¤#,##0" + ".00" * bool(places)
        return format_currency(value, "EUR", pattern, locale=self.locale, currency_digits=False)

    def _dated(self, shape: str, at: datetime) -> str:
        """An instant in the office's zone."""
        return _dated(self.language, shape, at, self.zone)


@lru_cache(maxsize=1024)  # a card says the same closing three times, and to everybody
def _dated(language: str, shape: str, at: datetime, zone: ZoneInfo) -> str:
    """Whole hours are said as such in Leichte Sprache: „12 Uhr"."""
    local, pattern = at.astimezone(zone), PATTERNS[language][shape]
    if language == EASY and local.minute == 0:
        pattern = pattern.replace("H:mm", "H")
    return format_datetime(local, pattern, locale=LOCALES[language])


def _escaped(params: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, Markup | int) else html(value) for key, value in params.items()}
