"""A folder's sources, read: text, front matter, passages, and every fault at once."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from models.knowledge.mending import mend
from models.knowledge.splitting import Cut, split
from models.knowledge.values import Rank

TEXT_KINDS = (".md", ".txt")
LARGEST = 5_000_000  # bytes; the longest directive at hand has half a million

_FIELDS = ("title", "publisher", "dated", "valid_from", "valid_until", "url", "rank", "contradicts")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a source. ``reason`` is one of a closed list; ``detail`` is what stands there, in no language.

    Reasons: ``too large``, ``unknown kind``, ``empty``, ``damaged``, ``no text beside it``, ``two of one name``,
    ``front matter not closed``, ``not key: value``, ``not TOML``, ``unknown field``, ``twice``, ``missing``,
    ``not a date``, ``unknown rank``, ``unknown source``, ``ends before it begins``. ``row`` counts from 1.
    """

    file: str
    row: int | None
    column: str | None
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A source that can be taken in. ``mended`` counts the places where a damaged encoding was put right."""

    key: str
    title: str
    publisher: str
    dated: date | None
    valid_from: date | None
    valid_until: date | None
    url: str
    rank: Rank
    contradicts: tuple[str, ...]
    content_hash: str
    mended: int
    text: str
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder gave. Only a reading without faults may be taken in."""

    sources: tuple[Source, ...]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Field:
    value: object
    row: int | None


def read_sources(files: Mapping[str, bytes]) -> Reading:
    """Read all files of ``sources/`` (name → bytes) together: texts, and a NAME.toml beside a text."""
    sources: list[Source] = []
    faults: list[Fault] = []
    texts = {name for name in files if PurePath(name).suffix.lower() in TEXT_KINDS}
    for name in sorted(files):
        if name in texts:
            beside = f"{PurePath(name).stem}.toml"
            source, found = read_source(name, files[name], beside, files.get(beside))
            sources += [source] if source else []
            faults += found
        else:
            faults += _stray(name, texts)
    return Reading(tuple(sources), tuple(faults + _between(sources, texts)))


def read_source(
    name: str, data: bytes, beside: str = "", toml: bytes | None = None
) -> tuple[Source | None, list[Fault]]:
    """Read one text with the front matter in it or in the TOML file ``beside`` it; no source where there are faults."""
    if len(data) > LARGEST:
        return None, [Fault(name, None, None, "too large", str(len(data)))]
    mended = mend(data)
    fields, body, faults = _front_matter(name, mended.text)
    if toml is not None:
        more, wrong = _toml(beside, toml)
        faults += wrong + [Fault(name, fields[key].row, key, "twice") for key in more if key in fields]
        fields |= more
    said_in = beside if toml is not None else name
    faults += [Fault(name, row, None, "damaged") for row in mended.damaged]
    meta = _Meta(said_in, fields, faults)
    source = meta.source(PurePath(name).stem, body, mended.mended)
    if not source.cuts:
        faults.append(Fault(name, None, None, "empty"))
    return (None if faults else source), faults


class _Meta:
    """The front matter's values, checked one by one; what is wrong goes to ``faults``."""

    def __init__(self, file: str, fields: dict[str, _Field], faults: list[Fault]) -> None:
        self.file, self.fields, self.faults = file, fields, faults
        for key, field in fields.items():
            if key not in _FIELDS:
                faults.append(Fault(file, field.row, key, "unknown field"))

    def source(self, key: str, body: str, mended: int) -> Source:
        """Everything together; unusable values are left at their defaults."""
        title = self._required("title")
        first, last = self._day("valid_from"), self._day("valid_until")
        if first and last and last < first:
            self._fault("valid_until", "ends before it begins", last.isoformat())
        return Source(
            key=key,
            title=title,
            publisher=self._required("publisher"),
            dated=self._day("dated"),
            valid_from=first,
            valid_until=last,
            url=self._text("url"),
            rank=self._rank(),
            contradicts=self._names("contradicts"),
            content_hash=digest(body),
            mended=mended,
            text=body,
            cuts=tuple(split(body, title)),
        )

    def _fault(self, key: str, reason: str, detail: str = "") -> None:
        row = self.fields[key].row if key in self.fields else None
        self.faults.append(Fault(self.file, row, key, reason, detail))

    def _text(self, key: str) -> str:
        field = self.fields.get(key)
        return "" if field is None else str(field.value).strip()

    def _required(self, key: str) -> str:
        value = self._text(key)
        if not value:
            self._fault(key, "missing")
        return value

    def _day(self, key: str) -> date | None:
        value = self.fields[key].value if key in self.fields else ""
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        written = str(value).strip()
        if not written:
            return None
        try:
            found = _GERMAN_DAY.fullmatch(written)
            return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(written)
        except ValueError:
            self._fault(key, "not a date", written)
            return None

    def _rank(self) -> Rank:
        written = self._text("rank")
        try:
            return Rank(written)
        except ValueError:
            self._fault("rank", "unknown rank" if written else "missing", written)
            return Rank.PRESS

    def _names(self, key: str) -> tuple[str, ...]:
        field = self.fields.get(key)
        if field is None:
            return ()
        parts: Iterable[object] = (
            field.value if isinstance(field.value, list) else re.split(r"[,\s]+", str(field.value))
        )
        return tuple(PurePath(str(part)).stem for part in parts if str(part).strip())


def _front_matter(name: str, text: str) -> tuple[dict[str, _Field], str, list[Fault]]:
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return {}, text, []
    end = next((row for row, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return {}, text, [Fault(name, 1, None, "front matter not closed")]
    fields: dict[str, _Field] = {}
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
            fields[key.strip()] = _Field(value.strip().strip('"'), row)
    return fields, "\n".join(lines[end + 1 :]), faults


def _toml(name: str, data: bytes) -> tuple[dict[str, _Field], list[Fault]]:
    try:
        return {key: _Field(value, None) for key, value in tomllib.loads(mend(data).text).items()}, []
    except tomllib.TOMLDecodeError as error:
        return {}, [Fault(name, None, None, "not TOML", str(error))]


def _stray(name: str, texts: set[str]) -> list[Fault]:
    path = PurePath(name)
    if path.suffix.lower() != ".toml":
        return [Fault(name, None, None, "unknown kind", path.suffix)]
    if not any(PurePath(text).stem == path.stem for text in texts):
        return [Fault(name, None, None, "no text beside it")]
    return []


def _between(sources: list[Source], texts: set[str]) -> list[Fault]:
    stems = [PurePath(name).stem for name in sorted(texts)]
    twice = [
        Fault(name, None, None, "two of one name") for name in sorted(texts) if stems.count(PurePath(name).stem) > 1
    ]
    lost = [
        Fault(source.key, None, "contradicts", "unknown source", other)
        for source in sources
        for other in source.contradicts
        if other not in stems
    ]
    return twice + lost


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
