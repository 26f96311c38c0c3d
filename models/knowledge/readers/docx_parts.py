"""The parts of a Word document: unpacked within limits, parsed without entities, styles and lists looked up."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from lxml import etree

from models.knowledge.body import UnreadableError
from models.knowledge.readers.numbering import HIGHEST_LEVEL, Level, Numbering

LARGEST_UNPACKED = 50_000_000  # bytes of the parts that are read
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TRANSITIONAL, _STRICT = W[1:-1].encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_DOCUMENT = re.compile(r"word/document\d*\.xml")
_HEADING_NAME = re.compile(r"(?:heading|überschrift)\s*([1-9])", re.IGNORECASE)
_TITLES = {"title", "titel"}
_PROTECTED = b"\xd0\xcf\x11\xe0"  # what Word keeps behind a password is no zip file, and neither is a .doc
_LONGEST_NUMBER = 9  # figures
_FARTHEST_BASE = 20  # styles built upon each other


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph's style says: a heading's level from 1 (0: none), the list it counts in and its depth there."""

    name: str = ""
    level: int = 0
    number: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """A document, parsed."""

    document: Any
    styles: dict[str, Style]
    numbering: Numbering
    levels_of_styles: dict[tuple[str, str], int]
    notes: dict[str, str]


def open_parts(data: bytes) -> Parts:
    """Unpack and parse what is needed of a document.

    Raises:
        UnreadableError: no such document, damaged, or too large once unpacked.
    """
    if data.startswith(_PROTECTED):
        raise UnreadableError("protected")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            document = next((name for name in sorted(names) if _DOCUMENT.fullmatch(name)), "")
            wanted = [document, "word/styles.xml", "word/numbering.xml", "word/footnotes.xml"]
            found = [name for name in wanted if name in names]
            unpacked = sum(packed.getinfo(name).file_size for name in found)
            if unpacked > LARGEST_UNPACKED:
                raise UnreadableError("too large", str(unpacked))
            parsed = {name: _parsed(packed.read(name)) for name in found}
    except (zipfile.BadZipFile, zlib.error, etree.LxmlError, RuntimeError, OSError, EOFError, ValueError) as error:
        # RuntimeError: a part behind a password; NotImplementedError, which is one: a packing nobody uses.
        raise UnreadableError("unreadable") from error
    if document not in parsed:
        raise UnreadableError("unreadable")
    numbering, levels_of_styles = _numbering(parsed.get(wanted[2]))
    return Parts(
        parsed[document], _styles(parsed.get(wanted[1])), numbering, levels_of_styles, _notes(parsed.get(wanted[3]))
    )


def _parsed(data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data.replace(_STRICT, _TRANSITIONAL), parser)


def value(element: Any, name: str) -> str:
    """What a property says, ``<w:name w:val="…"/>``; empty where it is not set."""
    found = element.find(f"{W}{name}") if element is not None else None
    return "" if found is None else found.get(f"{W}val") or ""


def whole(written: str) -> int | None:
    """A whole number from 0; None where something else is written, or more figures than any document needs."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= _LONGEST_NUMBER else None


def _styles(root: Any) -> dict[str, Style]:
    rows = {} if root is None else {row.get(f"{W}styleId") or "": row for row in root.iter(f"{W}style")}
    return {name: _style(name, rows) for name in rows}


def _style(name: str, rows: dict[str, Any]) -> Style:
    """A style, with what it takes from those it is based on."""
    level, number, depth, base = 0, "", "", name
    for _ in range(_FARTHEST_BASE):
        row = rows.get(base)
        if row is None:
            break
        properties = row.find(f"{W}pPr")
        level = level or _level(value(row, "name"), value(properties, "outlineLvl"))
        own = properties.find(f"{W}numPr") if properties is not None else None
        number, depth = number or value(own, "numId"), depth or value(own, "ilvl")
        base = value(row, "basedOn")
    return Style(name, level, number, whole(depth) or 0)


def _level(name: str, outline: str) -> int:
    heading = _HEADING_NAME.fullmatch(name.strip())
    if heading:
        return int(heading[1])
    told = whole(outline)
    if told is not None and told <= HIGHEST_LEVEL:
        return told + 1
    return 1 if name.strip().casefold() in _TITLES else 0


def _numbering(root: Any) -> tuple[Numbering, dict[tuple[str, str], int]]:
    """The lists, and at which level of which list a style counts."""
    levels: dict[tuple[str, int], Level] = {}
    families: dict[str, str] = {}
    of_styles: dict[tuple[str, str], int] = {}
    kinds = {} if root is None else {one.get(f"{W}abstractNumId"): one for one in root.iter(f"{W}abstractNum")}
    for row in () if root is None else root.iter(f"{W}num"):
        number, kind = row.get(f"{W}numId") or "", value(row, "abstractNumId")
        overrides = list(row.iter(f"{W}lvlOverride"))
        families[number] = f"own {number}" if any(value(one, "startOverride") for one in overrides) else kind
        told = [*kinds[kind].iter(f"{W}lvl")] if kind in kinds else []
        for level in [*told, *(one for override in overrides for one in override.iter(f"{W}lvl"))]:
            depth = _depth(level)
            levels[number, depth] = _read_level(level)
            if style := value(level, "pStyle"):
                of_styles[number, style] = depth
        for override in overrides:
            start, before = whole(value(override, "startOverride")), levels.get((number, _depth(override)))
            if start is not None and before:
                levels[number, _depth(override)] = Level(start, before.figures, before.text)
    return Numbering(levels, families), of_styles


def _depth(level: Any) -> int:
    return min(whole(level.get(f"{W}ilvl") or "") or 0, HIGHEST_LEVEL)


def _read_level(level: Any) -> Level:
    start = whole(value(level, "start"))
    return Level(1 if start is None else start, value(level, "numFmt") or "decimal", value(level, "lvlText"))


def _notes(root: Any) -> dict[str, str]:
    if root is None:
        return {}
    return {
        note.get(f"{W}id") or "": " ".join("".join(text.text or "" for text in note.iter(f"{W}t")).split())
        for note in root.iter(f"{W}footnote")
    }
