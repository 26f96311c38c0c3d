"""CSV as Excel, LibreOffice and editors write it."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from models.spreadsheet.limits import BrokenError

_BYTE_ORDER = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Excel reads and hides a first line that names the separator.
_NAMED_SEPARATOR = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


def rows_of_text(content: bytes) -> Iterator[list[str]]:
    """The rows of a CSV file: separated by semicolon, tab or comma, whichever its heading has.

    Raises:
        BrokenError: no text, or a quotation mark that is never closed.
    """
    text = _decoded(content)
    if "\0" in text:
        raise BrokenError("unreadable")
    named = _NAMED_SEPARATOR.match(text)
    if named:
        text = text[named.end() :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=named[1] if named else _separator(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):  # noqa: B007 - the number is for the fault below
            yield cells
    except csv.Error:
        raise BrokenError("unreadable", number + 1) from None


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it („Unicode-Text" of Excel), else Windows-1252."""
    try:
        return content.decode("utf-16" if content.startswith(_BYTE_ORDER) else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise BrokenError("unreadable") from None


def _separator(text: str) -> str:
    heading = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    return next((mark for mark in (";", "\t") if mark in heading), ",")
