"""How a text becomes messages: keyboards from labels and taps, and long texts cut where a reader would pause."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

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
class Picture(File):
    """A picture that says the same as the text; the text is its caption where it is short enough."""


@dataclass(frozen=True)
class Message:
    """What is to be said: HTML text, rows of buttons, files, and a picture.

    ``samples``: what is shown before it, as others will see it. ``reads``: it asks for a text.
    """

    text: str
    rows: Sequence[Row] = field(default=())
    files: Sequence[File] = field(default=())
    picture: Picture | None = None
    samples: Sequence["Message"] = field(default=())
    reads: bool = False

    @property
    def parts(self) -> list["Message"]:
        """The messages it goes out as: the picture, pieces of the text, the buttons under the last, then files."""
        files = [Message("", files=[one]) for one in self.files]
        if self.picture and units(self.text) <= MessageLimit.CAPTION_LENGTH:
            return [Message(self.text, self.rows, picture=self.picture), *files]
        shown = [Message("", picture=self.picture)] if self.picture else []
        *before, last = split(self.text)
        return [*shown, *(Message(piece) for piece in before), Message(last, self.rows), *files]


def keyboard(rows: Sequence[Row]) -> dict[str, Any]:
    """The inline keyboard of labelled taps, for ``api_kwargs``; empty where there are no rows.

    As Telegram spells it: the library's objects for it cost a twentieth of a vote.
    """
    if not rows:
        return {}
    buttons = [
        [{"text": shorten(label, BUTTON_WIDTH), "callback_data": tap.pack()} for label, tap in row] for row in rows
    ]
    return {"reply_markup": {"inline_keyboard": buttons}}


def shorten(text: str, width: int) -> str:
    """The text, cut with „…" where it is longer than the width in characters."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def shown(text: str) -> str:
    """What a reader sees of our own HTML."""
    reader = _Atoms()
    reader.feed(text)
    reader.close()
    return "".join(one.shown for one in reader.found)


@dataclass(frozen=True)
class _Atom:
    """What is never cut in two: a character as it stands in the HTML, or a tag, which shows nothing."""

    markup: str
    shown: str = ""
    opens: str = ""  # the tag's name
    closes: bool = False


class _Atoms(HTMLParser):
    """Takes our own HTML apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[_Atom] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser calls it
        self.found.append(_Atom(self.get_starttag_text() or f"<{tag}>", opens=tag))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(_Atom(f"</{tag}>", closes=True))

    def handle_entityref(self, name: str) -> None:
        self._character(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._character(f"&#{name};")

    def handle_data(self, data: str) -> None:
        self.found += [_Atom(one, one) for one in data]

    def _character(self, reference: str) -> None:
        self.found.append(_Atom(reference, unescape(reference)))


def split(text: str, limit: int = LONGEST) -> list[str]:
    """The HTML text in pieces that Telegram takes, cut at a line's, a sentence's or a word's end, never inside a tag.

    Tags that are open at a cut are closed there and opened again.
    """
    if units(text) <= limit:
        return [text]
    reader = _Atoms()
    reader.feed(text)
    reader.close()
    atoms, pieces, open_tags = reader.found, [], list[_Atom]()
    while atoms:
        end = _cut(atoms, limit)
        piece = [*open_tags, *_trimmed(atoms[:end])]
        open_tags = _still_open(open_tags, atoms[:end])
        if any(one.shown for one in piece):
            ends = "".join(f"</{one.opens}>" for one in reversed(open_tags))
            pieces.append("".join(one.markup for one in piece) + ends)
        atoms = atoms[end:]
    return pieces


def _cut(atoms: Sequence[_Atom], limit: int) -> int:
    """After which atom to cut so that at most ``limit`` UTF-16 units are shown before."""
    used, places = 0, [0]  # the place after each character
    for place, one in enumerate(atoms):
        used += units(one.shown)
        if used > limit:
            break
        places += [place + 1] * len(one.shown)
    else:
        return len(atoms)
    window = "".join(one.shown for one in atoms[: places[-1]])
    for mark in ("\n\n", "\n", ". ", " "):
        at = window.rfind(mark)
        if at > len(window) // 2:
            return places[at + len(mark)]
    return places[-1]


def _trimmed(atoms: Sequence[_Atom]) -> list[_Atom]:
    """Without the blanks at both ends; tags stay."""
    written = [place for place, one in enumerate(atoms) if one.shown.strip()]
    if not written:
        return [one for one in atoms if not one.shown]
    return [one for place, one in enumerate(atoms) if written[0] <= place <= written[-1] or not one.shown]


def _still_open(before: Sequence[_Atom], atoms: Sequence[_Atom]) -> list[_Atom]:
    tags = list(before)
    for one in atoms:
        if one.opens:
            tags.append(one)
        elif one.closes:
            tags.pop()
    return tags
