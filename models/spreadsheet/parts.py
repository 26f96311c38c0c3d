"""The parts of an .xlsx, unpacked and parsed as a stream: nothing is built that a file could make as large as it likes.

No document type is taken, so that there are no entities: Office Open XML has none.
"""

import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from models.spreadsheet.limits import LARGEST_UNPACKED, MOST_ELEMENTS, MOST_PARTS, BrokenError

_PIECE = 64 * 1024  # bytes
START, END, TEXT = "start", "end", "text"
NOTHING: Mapping[str, str] = {}
# What is met: the start or the end of an element, by its name without the namespace, with its attributes; or a text.
# A bare tuple, since there are a million of them in a long list.
Event = tuple[str, str, Mapping[str, str]]


class Parts:
    """The files within the file, by their names in small letters."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        if len(packed.infolist()) > MOST_PARTS:
            raise BrokenError("too large")
        self.packed = packed
        self._names = {name.lower(): name for name in packed.namelist()}
        self._bytes, self._elements = LARGEST_UNPACKED, MOST_ELEMENTS

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def events(self, name: str) -> Iterator[Event]:
        """What a part holds, element by element.

        Raises:
            BrokenError: it is not there, is no XML, or is beyond what is left of the limits.
        """
        if name not in self:
            raise BrokenError("unreadable")
        found: list[Event] = []
        parser = _parser(found)
        with self.packed.open(self._names[name.lower()]) as stream:
            while piece := stream.read(_PIECE):
                self._bytes -= len(piece)
                if self._bytes < 0:
                    raise BrokenError("too large")
                yield from self._parsed(parser, found, piece, last=False)
        yield from self._parsed(parser, found, b"", last=True)

    def _parsed(self, parser: expat.XMLParserType, found: list[Event], piece: bytes, *, last: bool) -> Iterator[Event]:
        try:
            parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise BrokenError("unreadable") from error
        self._elements -= len(found)
        if self._elements < 0:
            raise BrokenError("too large")
        yield from found
        found.clear()


def _parser(found: list[Event]) -> expat.XMLParserType:
    """A parser that puts what it meets into ``found``."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((START, name.rpartition("}")[2], attributes))

    def end(name: str) -> None:
        found.append((END, name.rpartition("}")[2], NOTHING))

    def text(data: str) -> None:
        found.append((TEXT, data, NOTHING))

    def refuse(*_: object) -> None:
        raise BrokenError("unreadable")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = refuse
    return parser
