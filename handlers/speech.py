"""How a text becomes messages: keyboards from labels and taps, and long texts cut where a reader would pause."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import MessageLimit

from handlers.callbacks import Tap

LONGEST = MessageLimit.MAX_TEXT_LENGTH  # UTF-16 units after parsing: https://core.telegram.org/bots/api#sendmessage
BUTTON_WIDTH = 60
Row = Sequence[tuple[str, Tap]]


@dataclass(frozen=True)
class File:
    """A file to go out with a message."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """What is to be said: HTML text, rows of buttons, files."""

    text: str
    rows: Sequence[Row] = field(default=())
    files: Sequence[File] = field(default=())


def keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    """The inline keyboard of labelled taps; None where there are no rows."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(shorten(label, BUTTON_WIDTH), callback_data=tap.pack()) for label, tap in row]
            for row in rows
        ]
    )


def shorten(text: str, width: int) -> str:
    """The text, cut with „…" where it is longer than the width in characters."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


class _Pieces(HTMLParser):
    """Walks our own HTML and cuts it between words, closing and reopening the tags that are open there."""

    def __init__(self, limit: int) -> None:
        super().__init__(convert_charrefs=False)
        self.limit, self.used, self.pieces, self.current, self.open_tags = limit, 0, [""], "", [("", "")]
        self.open_tags = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser calls it
        start = self.get_starttag_text() or f"<{tag}>"
        self.open_tags.append((tag, start))
        self.pieces[-1] += start

    def handle_endtag(self, tag: str) -> None:
        self.open_tags.pop()
        self.pieces[-1] += f"</{tag}>"

    def handle_entityref(self, name: str) -> None:
        self._room(1)
        self.pieces[-1] += f"&{name};"

    def handle_charref(self, name: str) -> None:
        self._room(1)
        self.pieces[-1] += f"&#{name};"

    def handle_data(self, data: str) -> None:
        while self.used + units(data) > self.limit:
            cut = _cut(data, self.limit - self.used)
            self.pieces[-1] += data[:cut].rstrip()
            data = data[cut:].lstrip()
            self._turn()
        self._room(units(data))
        self.pieces[-1] += data

    def _room(self, size: int) -> None:
        if self.used + size > self.limit:
            self._turn()
        self.used += size

    def _turn(self) -> None:
        self.pieces[-1] += "".join(f"</{tag}>" for tag, _ in reversed(self.open_tags))
        self.pieces.append("".join(start for _, start in self.open_tags))
        self.used = 0


def _cut(text: str, room: int) -> int:
    """Where to cut so that at most ``room`` units stand before: at a line's, a sentence's or a word's end."""
    window = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    for mark in ("\n\n", "\n", ". ", " "):
        at = window.rfind(mark)
        if at > len(window) // 2:
            return at + len(mark)
    return len(window)


def split(text: str, limit: int = LONGEST) -> list[str]:
    """The HTML text in pieces that Telegram takes, never cut inside a tag."""
    if units(text) <= limit:
        return [text]
    walker = _Pieces(limit)
    walker.feed(text)
    walker.close()
    return [piece for piece in walker.pieces if piece.strip()]
