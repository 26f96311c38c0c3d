"""What is said of a source: its front matter, or the TOML file beside it, checked field by field."""

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from models.knowledge.mending import mend
from models.knowledge.values import Rank
from models.toml import LARGEST, parse

SOURCE_KINDS = (".md", ".txt", ".html", ".htm", ".docx", ".pdf")
FIELDS = ("title", "publisher", "dated", "valid_from", "valid_until", "url", "rank", "contradicts")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_TOML_KEY = re.compile(r"^[ \t]*(\w+)[ \t]*=", re.MULTILINE)
_TOML_ROW = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a source. ``reason`` is one of a closed list; ``detail`` is what stands there, in no language.

    Reasons: of the file ``too large``, ``unknown kind``, ``empty``, ``damaged``, ``unreadable``, ``protected``,
    ``no text`` (a scan), ``too many pages``, ``no text beside it``, ``two of one name``; of what is said about it:
    ``front matter not closed``, ``not key: value``, ``not TOML``, ``unknown field``, ``twice``, ``missing``,
    ``not a date``, ``unknown rank``, ``unknown source``, ``ends before it begins``. ``row`` counts from 1.
    """

    file: str
    row: int | None
    column: str | None
    reason: str
    detail: str = ""


@dataclass(slots=True)
class Field:
    """A value as it stands in a file, and its row."""

    value: object
    row: int | None


@dataclass(frozen=True, slots=True)
class Details:
    """What an office says of a source. Days are in the office's zone."""

    title: str
    publisher: str
    dated: date | None
    valid_from: date | None
    valid_until: date | None
    url: str
    rank: Rank
    contradicts: tuple[str, ...]


def read_details(file: str, fields: dict[str, Field], known: Collection[str]) -> tuple[Details, list[Fault]]:
    """Check the fields, one by one; where there are faults, unusable values are left at their defaults.

    ``known`` are the keys of the sources that there are.
    """
    checked = _Check(file, fields)
    title = checked.required("title")
    first, last = checked.day("valid_from"), checked.day("valid_until")
    if first and last and last < first:
        checked.fault("valid_until", "ends before it begins", last.isoformat())
    details = Details(
        title,
        checked.required("publisher"),
        checked.day("dated"),
        first,
        last,
        checked.text("url"),
        checked.rank(),
        checked.names("contradicts", known),
    )
    return details, checked.faults


class _Check:
    """One field after the other; what is wrong goes to ``faults``."""

    def __init__(self, file: str, fields: dict[str, Field]) -> None:
        self.file, self.fields = file, fields
        self.faults = [
            Fault(file, field.row, key, "unknown field") for key, field in fields.items() if key not in FIELDS
        ]

    def fault(self, key: str, reason: str, detail: str = "") -> None:
        row = self.fields[key].row if key in self.fields else None
        self.faults.append(Fault(self.file, row, key, reason, detail))

    def text(self, key: str) -> str:
        field = self.fields.get(key)
        return "" if field is None else " ".join(str(field.value).split())

    def required(self, key: str) -> str:
        value = self.text(key)
        if not value:
            self.fault(key, "missing")
        return value

    def day(self, key: str) -> date | None:
        value = self.fields[key].value if key in self.fields else ""
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        written = str(value).strip()
        if not written:
            return None
        try:
            return read_day(written)
        except ValueError:
            self.fault(key, "not a date", written)
            return None

    def rank(self) -> Rank:
        written = self.text("rank")
        try:
            return Rank(written)
        except ValueError:
            self.fault("rank", "unknown rank" if written else "missing", written)
            return Rank.PRESS

    def names(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        field = self.fields.get(key)
        if field is None:
            return ()
        parts: Iterable[object] = (
            field.value if isinstance(field.value, list) else re.split(r"[,\s]+", str(field.value))
        )
        names = [_without_ending(str(part).strip()) for part in parts if str(part).strip()]
        for name in names:
            if name not in known:
                self.fault(key, "unknown source", name)
        return tuple(names)


def _without_ending(name: str) -> str:
    path = PurePath(name)
    return path.stem if path.suffix.lower() in SOURCE_KINDS else name


def read_day(written: str) -> date:
    """„21.06.2022" or ISO.

    Raises:
        ValueError: it is no day.
    """
    found = _GERMAN_DAY.fullmatch(written)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(written)


def front_matter(name: str, text: str) -> tuple[dict[str, Field], int, list[Fault]]:
    """The ``key: value`` lines between two lines ``---``; with the row (from 1) after which the text itself begins."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return {}, 0, []
    end = next((row for row, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return {}, 0, [Fault(name, 1, None, "front matter not closed")]
    fields: dict[str, Field] = {}
    faults: list[Fault] = []
    for row, line in enumerate(lines[1:end], 2):
        key, colon, value = line.partition(":")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not colon:
            faults.append(Fault(name, row, None, "not key: value", line.strip()))
        elif key.strip() in fields:
            faults.append(Fault(name, row, key.strip(), "twice"))
        else:
            fields[key.strip()] = Field(value.strip().strip('"'), row)
    return fields, end + 1, faults


def beside(name: str, data: bytes) -> tuple[dict[str, Field], list[Fault]]:
    """The fields of a TOML file."""
    if len(data) > LARGEST:
        return {}, [Fault(name, None, None, "too large", str(len(data)))]
    text = mend(data).text
    rows = {found[1]: text.count("\n", 0, found.start()) + 1 for found in _TOML_KEY.finditer(text)}
    try:
        return {key: Field(value, rows.get(key)) for key, value in parse(text).items()}, []
    except tomllib.TOMLDecodeError as error:
        place = _TOML_ROW.search(str(error))
        return {}, [Fault(name, int(place[1]) if place else None, None, "not TOML", str(error))]
