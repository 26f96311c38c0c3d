"""A document sent in the chat: read once, kept as plain values while staff is asked what it does not say itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from models.knowledge.body import Kind, UnreadableError
from models.knowledge.meta import Details, read_details
from models.knowledge.readers import KINDS
from models.knowledge.source import Content, Source, digest, kind_of, read_content
from models.knowledge.splitting import Cut, split

_LONGEST_NAME = 200  # of a document's own heading, offered as its title


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document, read: ``said`` what it says of itself (days in ISO), ``heading`` its first one, ``packed`` the rest.

    ``packed`` holds nothing but what JSON knows.
    """

    key: str
    heading: str
    said: dict[str, str]
    packed: dict[str, Any]


def is_source(name: str) -> bool:
    """Whether a file of this name may be a source."""
    return kind_of(name) in KINDS


def prepare(name: str, data: bytes) -> Prepared:
    """Read a document. Takes seconds for one of some hundred pages.

    Raises:
        UnreadableError: there is nothing in it that could be taken in, or something in it is wrong.
    """
    content = read_content(name, data)
    if content.faults:
        first = content.faults[0]
        raise UnreadableError(first.reason, first.detail, first.row)
    body = content.body
    heading = _heading(content)
    cuts = tuple(split(body, heading))
    if not cuts:
        raise UnreadableError("empty")
    packed = {
        "text": body.text,
        "mended": content.mended,
        "lost": list(body.lost),
        "cuts": [[cut.start, cut.block, cut.section, cut.page, cut.lead, len(cut.text)] for cut in cuts],
    }
    return Prepared(PurePath(name).stem, heading, _said(name, content), packed)


def _heading(content: Content) -> str:
    first = next((one for one in content.body.paragraphs if one.kind == Kind.HEADING), None)
    words = " ".join(" ".join(line for _, line in first.lines).split()) if first else ""
    return words if len(words) <= _LONGEST_NAME else ""


def _said(name: str, content: Content) -> dict[str, str]:
    """What the front matter says that can be used; the rest staff is asked."""
    details, faults = read_details(name, content.fields, ())
    wrong = {fault.column for fault in faults} | {"contradicts"}
    return {
        key: str(value)
        for key, value in asdict(details).items()
        if key in content.fields and key not in wrong and value not in {None, ""}
    }


def unpack(key: str, details: Details, packed: Mapping[str, Any]) -> Source:
    """The source that was prepared, with what staff has said of it."""
    text = packed["text"]
    cuts = tuple(
        Cut(start, block, section, page, lead, text[start : start + length])
        for start, block, section, page, lead, length in packed["cuts"]
    )
    return Source(
        key=key,
        **{name: getattr(details, name) for name in Details.__dataclass_fields__},
        content_hash=digest(text),
        mended=packed["mended"],
        lost=tuple(packed["lost"]),
        text=text,
        cuts=cuts,
    )
