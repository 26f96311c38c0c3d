"""A folder's sources, read: text, details, passages, and every fault at once."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from models.knowledge.body import Body, UnreadableError
from models.knowledge.mending import mend
from models.knowledge.meta import Details, Fault, Field, beside, front_matter, read_details
from models.knowledge.readers import KINDS, PACKED, largest, read_packed, read_text
from models.knowledge.splitting import Cut, split
from models.knowledge.values import Rank


@dataclass(frozen=True, slots=True)
class Source:
    """A source that can be taken in.

    ``mended`` counts the places where a damaged encoding was put right; ``lost`` are the pages with something that
    cannot be read and was left out.
    """

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
    lost: tuple[int, ...]
    text: str
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a file says, without what is said of it; ``fields`` are those of its front matter."""

    body: Body
    mended: int
    fields: dict[str, Field]
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder gave. Only a reading without faults may be taken in."""

    sources: tuple[Source, ...]
    faults: tuple[Fault, ...]


def read_sources(files: Mapping[str, bytes]) -> Reading:
    """Read all files of ``sources/`` (name → bytes) together: texts, and a NAME.toml beside a text."""
    sources: list[Source] = []
    faults: list[Fault] = []
    texts = {name for name in files if kind_of(name) in KINDS}
    keys = {PurePath(name).stem for name in texts}
    for name in sorted(files):
        if name in texts:
            toml = f"{PurePath(name).stem}.toml"
            source, found = read_source(name, files[name], toml, files.get(toml), known=keys)
            sources += [source] if source else []
            faults += found
        else:
            faults += _stray(name, texts)
    return Reading(tuple(sources), tuple(faults + _two_of_one_name(texts)))


def read_source(
    name: str, data: bytes, toml: str = "", said: bytes | None = None, known: Collection[str] = ()
) -> tuple[Source | None, list[Fault]]:
    """Read one file with the front matter in it or in the TOML file beside it; no source where there are faults.

    ``known`` are the keys of all sources, which it may contradict.
    """
    try:
        content = read_content(name, data)
    except UnreadableError as broken:
        return None, [Fault(name, broken.row, None, broken.reason, broken.detail)]
    fields, faults = content.fields, list(content.faults)
    if said is not None:
        more, wrong = beside(toml, said)
        faults += wrong + [Fault(name, fields[key].row, key, "twice") for key in more if key in fields]
        fields = fields | more
    said_in = toml if said is not None or kind_of(name) in PACKED else name
    details, wrong = read_details(said_in, fields, known)
    faults += wrong
    source = source_of(PurePath(name).stem, content, details)
    if not source.cuts and not content.faults:
        faults.append(Fault(name, None, None, "empty"))
    return (None if faults else source), faults


def read_content(name: str, data: bytes) -> Content:
    """Read a file of any kind that is known.

    Raises:
        UnreadableError: too large, protected, damaged, a scan: there is nothing to take in.
    """
    kind = kind_of(name)
    if kind not in KINDS:
        raise UnreadableError("unknown kind", kind)
    if len(data) > largest(kind):
        raise UnreadableError("too large", str(len(data)))
    if kind in PACKED:
        return Content(read_packed(kind, data), 0, {}, [])
    mended = mend(data)
    if mended.binary:
        raise UnreadableError("unreadable")
    fields, rows, faults = front_matter(name, mended.text)
    faults += [Fault(name, row, None, "damaged") for row in mended.damaged]
    text = "\n".join(mended.text.split("\n")[rows:])
    return Content(read_text(kind, text), mended.mended, fields, faults)


def source_of(key: str, content: Content, details: Details) -> Source:
    """A file's content and what is said of it, together."""
    body = content.body
    return Source(
        key,
        details.title,
        details.publisher,
        details.dated,
        details.valid_from,
        details.valid_until,
        details.url,
        details.rank,
        details.contradicts,
        digest(body.text),
        content.mended,
        body.lost,
        body.text,
        tuple(split(body, details.title)),
    )


def kind_of(name: str) -> str:
    """A file's ending, in small letters."""
    return PurePath(name).suffix.lower()


def _stray(name: str, texts: set[str]) -> list[Fault]:
    path = PurePath(name)
    if kind_of(name) != ".toml":
        return [Fault(name, None, None, "unknown kind", path.suffix)]
    if not any(PurePath(text).stem == path.stem for text in texts):
        return [Fault(name, None, None, "no text beside it")]
    return []


def _two_of_one_name(texts: set[str]) -> list[Fault]:
    stems = [PurePath(name).stem for name in texts]
    twice = [name for name in sorted(texts) if stems.count(PurePath(name).stem) > 1]
    return [Fault(name, None, None, "two of one name", PurePath(name).stem) for name in twice]


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
