"""From markup to entities: ``parse_mode`` HTML and MarkdownV2, with Telegram's own complaints.

Both parsers read a string once, from left to right, and keep a stack of what is open. Complaints name the *byte*
offset in the UTF-8 text, as Telegram's do.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

from demo.telegram.entities import FormattedText, Json, units
from demo.telegram.refusal import bad_request

_SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
}
_REFERENCE = re.compile(r"&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?", re.IGNORECASE | re.ASCII)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_BLANK = re.compile(r"\s*")
_PLAIN_HTML = re.compile(r"[^<&]+")
_LAST_CODE_POINT = 0x10FFFF


def parse(text: str, mode: str) -> FormattedText:
    """The text that is shown and its entities.

    Raises:
        ApiError: 400 with Telegram's words if the markup is wrong or the mode unknown.
    """
    match mode.lower():
        case "":
            return FormattedText(text, [])
        case "html":
            return _Html(text).parse()
        case "markdownv2":
            return _Markdown(text).parse()
        case _:
            raise bad_request("unsupported parse_mode")


@dataclass
class _Open:
    """An entity whose end has not been seen yet."""

    name: str
    argument: str
    offset: int
    source: int
    shown: int


@dataclass
class _Parser:
    source: str
    at: int = 0
    shown: list[str] = field(default_factory=list)
    offset: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def show(self, text: str) -> None:
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
        return len(self.source[:place].encode("utf-8", "surrogatepass"))

    def fail(self, complaint: str, place: int | None = None) -> NoReturn:
        where = "" if place is None else f" at byte offset {self.byte(place)}"
        raise bad_request(f"can't parse entities: {complaint}{where}")

    def open(self, name: str, argument: str, source: int) -> None:
        self.stack.append(_Open(name, argument, self.offset, source, len(self.shown)))

    def add(self, opened: _Open, kind: str, **more: object) -> None:
        if self.offset > opened.offset:
            length = self.offset - opened.offset
            self.entities.append({"type": kind, "offset": opened.offset, "length": length, **more})

    def add_link(self, opened: _Open, url: str) -> None:
        """A link; one to a person becomes a mention, one that is none becomes plain text."""
        if person := _mentioned(url):
            self.add(opened, "text_mention", user={"id": person, "is_bot": False, "first_name": ""})
        elif checked := _checked_url(url):
            self.add(opened, "text_link", url=checked)

    def result(self) -> FormattedText:
        return FormattedText("".join(self.shown), self.entities)


def _mentioned(url: str) -> int:
    if not url.lower().startswith("tg://user?"):
        return 0
    number = parse_qs(urlsplit(url).query).get("id", [""])[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def _checked_url(url: str) -> str:
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


class _Html(_Parser):
    def parse(self) -> FormattedText:
        while self.at < len(self.source):
            if self.show_run(_PLAIN_HTML):
                continue
            if self.source[self.at] == "&":
                self.show(self.reference())
            elif self.peek(1) == "/":
                self.end_tag()
            else:
                self.start_tag()
        if self.stack:
            self.fail(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].name}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)  # a language only counts inside <pre>
        return self.result()

    def reference(self) -> str:
        """The character an ``&…;`` stands for; an ``&`` that starts none stands for itself."""
        match = _REFERENCE.match(self.source, self.at)
        code = _code_point(match) if match else 0
        self.at = match.end() if match and code else self.at + 1
        return chr(code) if code else "&"

    def start_tag(self) -> None:
        begin = self.at
        match = re.compile(r"<([^\s>]*)").match(self.source, begin)
        self.at = match.end() if match else begin + 1
        if self.at >= len(self.source):
            self.fail("Unclosed start tag", begin)
        name = match.group(1).lower() if match else ""
        if name not in _SIMPLE_TAGS:
            self.fail(f'Unsupported start tag "{name}"', begin)
        argument = self.attributes(name, begin)
        if name == "span" and argument != "spoiler":
            self.fail('Tag "span" must have class "tg-spoiler"', begin)
        if name == "tg-emoji" and not argument.isdigit():
            self.fail("Invalid custom emoji identifier specified")
        self.open(name, argument, begin)

    def attributes(self, tag: str, begin: int) -> str:
        """Reads up to ``>``; the one attribute that matters for this tag, or nothing."""
        argument = ""
        while True:
            self.skip_blank()
            if self.peek() == ">":
                self.at += 1
                return argument
            name, value = self.attribute(tag, begin)
            argument = _argument(tag, name, value) or argument

    def attribute(self, tag: str, begin: int) -> tuple[str, str]:
        match = _ATTRIBUTE_NAME.match(self.source, self.at)
        name = match.group().lower() if match else ""
        if not name:
            if self.at >= len(self.source):
                self.fail(f'Unclosed start tag "{tag}"', begin)
            self.fail(f'Empty attribute name in the tag "{tag}"', begin)
        self.at += len(name)
        self.skip_blank()
        if self.peek() != "=":
            if self.at >= len(self.source):
                self.fail(f'Unclosed start tag "{tag}"', begin)
            return name, ""
        self.at += 1
        self.skip_blank()
        value = self.quoted() if self.peek() in {'"', "'"} else self.token()
        if self.at >= len(self.source):
            self.fail("Unclosed start tag", begin)
        return name, value

    def quoted(self) -> str:
        quote, value = self.peek(), []
        self.at += 1
        while self.at < len(self.source) and self.peek() != quote:
            if self.peek() == "&":
                value.append(self.reference())
            else:
                value.append(self.peek())
                self.at += 1
        self.at += 1
        return "".join(value)

    def token(self) -> str:
        match = _NAME_TOKEN.match(self.source, self.at)
        value, start = match.group() if match else "", self.at
        self.at += len(value)
        if self.peek() and self.peek() != ">" and not self.peek().isspace():
            self.fail("Unexpected end of name token", start)
        return value.lower()

    def skip_blank(self) -> None:
        match = _BLANK.match(self.source, self.at)
        self.at = match.end() if match else self.at

    def end_tag(self) -> None:
        begin = self.at
        if not self.stack:
            self.fail("Unexpected end tag", begin)
        match = re.compile(r"</([^\s>]*)\s*").match(self.source, begin)
        self.at = match.end() if match else begin + 2
        if self.peek() != ">":
            self.fail("Unclosed end tag", begin)
        self.at += 1
        opened, name = self.stack.pop(), match.group(1).lower() if match else ""
        if name and name != opened.name:
            self.fail(
                f'Unmatched end tag at byte offset {self.byte(begin)}, expected "</{opened.name}>", found "</{name}>"'
            )
        self.close(opened)

    def close(self, opened: _Open) -> None:
        kind = _SIMPLE_TAGS[opened.name]
        match opened.name:
            case "a":
                self.add_link(opened, opened.argument or "".join(self.shown[opened.shown :]))
            case "blockquote" if opened.argument:
                self.add(opened, "expandable_blockquote")
            case "tg-emoji":
                self.add(opened, kind, custom_emoji_id=opened.argument)
            case "pre":
                self.close_pre(opened)
            case "code" if opened.argument:
                self.add(opened, kind, language=opened.argument)
            case _:
                self.add(opened, kind)

    def close_pre(self, opened: _Open) -> None:
        """``<pre><code class="language-x">`` is one entity with a language; other nesting stays as it is."""
        language = {}
        last = self.entities[-1] if self.entities else {}
        whole = {"type": "code", "offset": opened.offset, "length": self.offset - opened.offset}
        if last and {key: last[key] for key in whole} == whole:
            self.entities.pop()
            language = {"language": last["language"]} if "language" in last else {}
        self.add(opened, "pre", **language)


def _code_point(match: re.Match[str]) -> int:
    sixteen, ten, named = match.groups()
    if named:
        return ord(_NAMED[named.lower()])
    code = int(sixteen, 16) if sixteen else int(ten)
    surrogate = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - the range Unicode keeps for surrogates
    return 0 if surrogate or code > _LAST_CODE_POINT else code


def _argument(tag: str, name: str, value: str) -> str:
    match tag, name:
        case "a", "href":
            return value
        case "code", "class" if value.startswith("language-"):
            return value.removeprefix("language-")
        case "span", "class" if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case "tg-emoji", "emoji-id":
            return value
        case "blockquote", "expandable":
            return "1"
        case _:
            return ""


_RESERVED = set("_*[]()~`>#+-=|{}.!")
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler", "`": "code"}
_TYPE_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
}
_PLAIN_MARKDOWN = re.compile(r"[^_*\[\]()~`>#+\-=|{}.!\\\n]+")
_LAST_ESCAPABLE = "~"


class _Markdown(_Parser):
    quote: _Open | None = None

    def parse(self) -> FormattedText:
        line_begins = True
        while self.at < len(self.source):
            character = self.source[self.at]
            if line_begins and self.begin_of_line():
                line_begins = False
                continue
            line_begins = False
            if self.show_run(_PLAIN_MARKDOWN):
                continue
            if character == "\\" and "\0" < self.peek(1) <= _LAST_ESCAPABLE:
                self.show(self.peek(1))
                self.at += 2
            elif character not in self.reserved():
                line_begins = self.plain(character)
            elif mark := self.ends_here():
                self.end(mark)
            else:
                self.begin(character)
        if self.stack:
            opened = self.stack[-1]
            self.fail(f"Can't find end of {_TYPE_NAMES[opened.name]} entity", opened.source)
        self.end_quote()
        return self.result()

    def reserved(self) -> set[str]:
        return {"`"} if self.stack and self.stack[-1].name in {"code", "pre"} else _RESERVED

    def plain(self, character: str) -> bool:
        """Shows one character; whether a line begins behind it."""
        if character == "\n" and self.quote and self.peek(1) != ">":
            self.end_quote()
        self.show(character)
        self.at += 1
        return character == "\n" and not (self.stack and self.stack[-1].name in {"code", "pre"})

    def begin_of_line(self) -> bool:
        """Takes the ``>`` of a block quotation (``**>`` opens an expandable one)."""
        if self.source.startswith("**>", self.at) and self.quote is None:
            self.quote = _Open("blockquote", "", self.offset, self.at, len(self.shown))
            self.at += 3
        elif self.peek() == ">":
            self.quote = self.quote or _Open("blockquote", "", self.offset, self.at, len(self.shown))
            self.at += 1
        else:
            return False
        return True

    def end_quote(self) -> None:
        if self.quote:
            self.add(self.quote, "expandable_blockquote" if self.quote.argument else "blockquote")
        self.quote = None

    def ends_here(self) -> str:
        """The mark that ends the innermost open entity, if it stands here."""
        if not self.stack:
            return ""
        kind = self.stack[-1].name
        mark = {"text_link": "]", "custom_emoji": "]", "pre": "```"}.get(kind) or next(
            mark for mark, named in _MARKS.items() if named == kind
        )
        if not self.source.startswith(mark, self.at) or (mark == "_" and self.peek(1) == "_"):
            return ""
        return mark

    def end(self, mark: str) -> None:
        opened = self.stack.pop()
        self.at += len(mark)
        match opened.name:
            case "text_link":
                url = self.url() if self.peek() == "(" else "".join(self.shown[opened.shown :])
                self.add_link(opened, url)
            case "custom_emoji":
                self.add_custom_emoji(opened)
            case "pre" if opened.argument:
                self.add(opened, "pre", language=opened.argument)
            case kind:
                self.add(opened, kind)

    def add_custom_emoji(self, opened: _Open) -> None:
        if self.peek() != "(":
            self.fail("Custom emoji entity must contain a tg://emoji URL")
        url = self.url()
        number = parse_qs(urlsplit(url).query).get("id", [""])[0] if url.startswith("tg://emoji?") else ""
        if not number.isdigit():
            self.fail("Custom emoji entity must contain a tg://emoji URL")
        self.add(opened, "custom_emoji", custom_emoji_id=number)

    def url(self) -> str:
        """The address in round brackets behind a link's text."""
        self.at += 1
        start, url = self.at, []
        while self.peek() not in {"", ")"}:
            if self.peek() == "\\" and "\0" < self.peek(1) <= _LAST_ESCAPABLE:
                self.at += 1
            url.append(self.peek())
            self.at += 1
        if not self.peek():
            self.fail("Can't find end of a URL", start)
        self.at += 1
        return "".join(url)

    def begin(self, character: str) -> None:
        start, follows = self.at, self.peek(1)
        if character == "[":
            self.at += 1
            self.open("text_link", "", start)
        elif character == "!" and follows == "[":
            self.at += 2
            self.open("custom_emoji", "", start)
        elif self.source.startswith("```", self.at):
            self.begin_pre()
        elif character == "|" and follows == "|" and self.ends_quote():
            self.at += 2
        else:
            mark = character * 2 if character in "_|" and follows == character else character
            if mark not in _MARKS:
                self.fail(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
            self.at += len(mark)
            self.open(_MARKS[mark], "", start)

    def ends_quote(self) -> bool:
        """Whether ``||`` here is the mark of an expandable quotation, at the end of its last line."""
        behind = self.peek(2)
        if not self.quote or (behind and (behind != "\n" or self.peek(3) == ">")):
            return False
        self.quote.argument = "1"
        return True

    def begin_pre(self) -> None:
        start = self.at
        self.at += 3
        match = re.compile(r"[^\s`]*").match(self.source, self.at)
        language = match.group() if match else ""
        behind = self.source[self.at + len(language) : self.at + len(language) + 1]
        if language and behind and behind != "`":
            self.at += len(language)
        else:
            language = ""
        if self.peek() in {"\n", "\r"}:
            self.at += 2 if self.peek(1) in {"\n", "\r"} and self.peek() != self.peek(1) else 1
        self.open("pre", language, start)
