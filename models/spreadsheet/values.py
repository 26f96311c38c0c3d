"""What a cell of an .xlsx says, as one would type it: texts, numbers, days and clock times. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from models.spreadsheet.limits import LONGEST_CELL, BrokenError

_LINE_ENDS = re.compile(r"_x000([9ADad])_")  # how control signs are written: ECMA-376, 22.9.2.19
_SIGNS = {"9": "\t", "A": "\n", "D": "\r"}
_LAST_DAY = 2_957_000  # in the year 9995; later ones cannot be counted from 1904
_FIGURES = 15  # that a spreadsheet keeps of a number; the rest is what binary fractions leave over
_ALMOST = timedelta(seconds=1)  # a clock time that was computed may lie a moment before its minute


@dataclass(frozen=True, slots=True)
class Dates:
    """How a workbook writes days: counted from 1900 or from 1904 (``mac``), in cells of these styles."""

    mac: bool = False
    styles: frozenset[str] = field(default_factory=frozenset)


def unescaped(text: str) -> str:
    """A text with its line ends as they are meant."""
    if len(text) > LONGEST_CELL:
        raise BrokenError("too large")
    return _LINE_ENDS.sub(lambda found: _SIGNS[found[1].upper()], text)


def shows_a_date(number: str, formats: Mapping[str, str]) -> bool:
    """Whether a number format, one of the workbook's own or one of those everybody knows, shows a day or a time."""
    if number in formats:
        return is_date_format(formats[number])
    return number.isascii() and number.isdigit() and is_date_format(BUILTIN_FORMATS.get(int(number)))


def number_as_typed(value: str, dates: Dates, style: str) -> str:
    """„120000.5", „15.01.2027 12:00", „15.01.2027", „16:00"; what is no number stays as it is."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite():
        return value
    if style in dates.styles and 0 <= number < _LAST_DAY:
        return _as_date(float(number), mac=dates.mac)
    if not number:
        return "0"
    if not -_FIGURES < number.adjusted() < _FIGURES:
        return value
    return f"{Decimal(f'{float(number):.{_FIGURES}g}'):f}"


def _as_date(number: float, *, mac: bool) -> str:
    found = from_excel(number, MAC_EPOCH if mac else WINDOWS_EPOCH)
    if isinstance(found, time):
        found = datetime.combine(WINDOWS_EPOCH, found)
        return f"{found + _ALMOST:%H:%M}"
    if not isinstance(found, datetime):
        return str(number)
    found += _ALMOST
    return f"{found:%d.%m.%Y}" if (found.hour, found.minute) == (0, 0) else f"{found:%d.%m.%Y %H:%M}"
