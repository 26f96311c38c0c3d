"""The doctor's look at the catalogues of messages."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from bot.doctor.finding import Finding
from locales import LOCALES, SHIPPED


def look_at_catalogues(folder: Path) -> Iterator[Finding]:
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
