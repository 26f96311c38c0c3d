"""What both kinds of markup have in common: the place, the stack, the links."""

import re
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

from demo.telegram.entities import FormattedText, Json, units
from demo.telegram.refusal import bad_request


@dataclass
class Open:
    """An entity whose end has not been seen yet."""

    name: str
    argument: str
    offset: int
    source: int
    shown: int


@dataclass
class Parser:
    """A string, how far it is read, what is shown so far, and what is still open."""

    source: str
    at: int = 0
    shown: list[str] = field(default_factory=list)
    offset: int = 0
    stack: list[Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def show(self, text: str) -> None:
        """Adds to what is shown."""
        self.shown.append(text)
        self.offset += units(text)

    def show_run(self, plain: re.Pattern[str]) -> bool:
        """Shows as much as ``plain`` matches here; whether that was anything."""
        match = plain.match(self.source, self.at)
        if match is None:
            return False
        self.show(match.group())
        self.at = match.end()
        return True

    def peek(self, distance: int = 0) -> str:
        """The character ``distance`` ahead, or nothing past the end."""
        return self.source[self.at + distance : self.at + distance + 1]

    def byte(self, place: int) -> int:
        """A place as Telegram counts it in complaints: in bytes of UTF-8."""
        return len(self.source[:place].encode("utf-8", "surrogatepass"))

    def fail(self, complaint: str, place: int | None = None) -> NoReturn:
        """Refuses the text."""
        where = "" if place is None else f" at byte offset {self.byte(place)}"
        raise bad_request(f"can't parse entities: {complaint}{where}")

    def open(self, name: str, argument: str, source: int) -> None:
        """Remembers an entity that begins here."""
        self.stack.append(Open(name, argument, self.offset, source, len(self.shown)))

    def add(self, opened: Open, kind: str, **more: object) -> None:
        """An entity from where it was opened to here; an empty one is none."""
        if self.offset > opened.offset:
            length = self.offset - opened.offset
            self.entities.append({"type": kind, "offset": opened.offset, "length": length, **more})

    def add_link(self, opened: Open, url: str) -> None:
        """A link; one to a person becomes a mention, one that is none becomes plain text."""
        if person := mentioned(url):
            self.add(opened, "text_mention", user={"id": person, "is_bot": False, "first_name": ""})
        elif checked := checked_url(url):
            self.add(opened, "text_link", url=checked)

    def result(self) -> FormattedText:
        """What was read."""
        return FormattedText("".join(self.shown), self.entities)


def mentioned(url: str) -> int:
    """The person a ``tg://user?id=…`` means; 0 for any other address."""
    if not url.lower().startswith("tg://user?"):
        return 0
    number = parse_qs(urlsplit(url).query).get("id", [""])[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def checked_url(url: str) -> str:
    """``url`` as Telegram stores it: with a scheme and a path; empty if it is none."""
    url = url.strip()
    if not url or re.search(r"\s", url):
        return ""
    if re.match(r"(tg|ton|tonsite|mailto|tel):", url, re.IGNORECASE):
        return url
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or ("." not in host and host != "localhost"):
        return ""
    return url if parts.path or parts.query or parts.fragment else f"{url}/"
