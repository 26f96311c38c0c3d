"""``parse_mode=MarkdownV2`` (https://core.telegram.org/bots/api#markdownv2-style)."""

import re
from urllib.parse import parse_qs, urlsplit

from demo.telegram.entities import FormattedText
from demo.telegram.markup.reading import Open, Parser

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


class Markdown(Parser):
    """Reads MarkdownV2: marks that nest, escapes by backslash, quotations by line."""

    _quote: Open | None = None

    def parse(self) -> FormattedText:
        """The text that is shown, and its entities."""
        line_begins = True
        while self.at < len(self.source):
            character = self.source[self.at]
            if line_begins and self._begin_of_line():
                line_begins = False
                continue
            line_begins = False
            if self.show_run(_PLAIN_MARKDOWN):
                continue
            if character == "\\" and "\0" < self.peek(1) <= _LAST_ESCAPABLE:
                self.show(self.peek(1))
                self.at += 2
            elif character not in self._reserved():
                line_begins = self._plain(character)
            elif mark := self._ends_here():
                self._end(mark)
            else:
                self._begin(character)
        if self.stack:
            opened = self.stack[-1]
            self.fail(f"Can't find end of {_TYPE_NAMES[opened.name]} entity", opened.source)
        self._end_quote()
        return self.result()

    def _reserved(self) -> set[str]:
        return {"`"} if self.stack and self.stack[-1].name in {"code", "pre"} else _RESERVED

    def _plain(self, character: str) -> bool:
        """Shows one character; whether a line begins behind it."""
        if character == "\n" and self._quote and self.peek(1) != ">":
            self._end_quote()
        self.show(character)
        self.at += 1
        return character == "\n" and not (self.stack and self.stack[-1].name in {"code", "pre"})

    def _begin_of_line(self) -> bool:
        """Takes the ``>`` of a block quotation (``**>`` opens an expandable one)."""
        if self.source.startswith("**>", self.at) and self._quote is None:
            self._quote = Open("blockquote", "", self.offset, self.at, len(self.shown))
            self.at += 3
        elif self.peek() == ">":
            self._quote = self._quote or Open("blockquote", "", self.offset, self.at, len(self.shown))
            self.at += 1
        else:
            return False
        return True

    def _end_quote(self) -> None:
        if self._quote:
            self.add(self._quote, "expandable_blockquote" if self._quote.argument else "blockquote")
        self._quote = None

    def _ends_here(self) -> str:
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

    def _end(self, mark: str) -> None:
        opened = self.stack.pop()
        self.at += len(mark)
        match opened.name:
            case "text_link":
                url = self._url() if self.peek() == "(" else "".join(self.shown[opened.shown :])
                self.add_link(opened, url)
            case "custom_emoji":
                self._add_custom_emoji(opened)
            case "pre" if opened.argument:
                self.add(opened, "pre", language=opened.argument)
            case kind:
                self.add(opened, kind)

    def _add_custom_emoji(self, opened: Open) -> None:
        if self.peek() != "(":
            self.fail("Custom emoji entity must contain a tg://emoji URL")
        url = self._url()
        number = parse_qs(urlsplit(url).query).get("id", [""])[0] if url.startswith("tg://emoji?") else ""
        if not number.isdigit():
            self.fail("Custom emoji entity must contain a tg://emoji URL")
        self.add(opened, "custom_emoji", custom_emoji_id=number)

    def _url(self) -> str:
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

    def _begin(self, character: str) -> None:
        start, follows = self.at, self.peek(1)
        if character == "[":
            self.at += 1
            self.open("text_link", "", start)
        elif character == "!" and follows == "[":
            self.at += 2
            self.open("custom_emoji", "", start)
        elif self.source.startswith("```", self.at):
            self._begin_pre()
        elif character == "|" and follows == "|" and self._ends_quote():
            self.at += 2
        else:
            mark = character * 2 if character in "_|" and follows == character else character
            if mark not in _MARKS:
                self.fail(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
            self.at += len(mark)
            self.open(_MARKS[mark], "", start)

    def _ends_quote(self) -> bool:
        """Whether ``||`` here is the mark of an expandable quotation, at the end of its last line."""
        behind = self.peek(2)
        if not self._quote or (behind and (behind != "\n" or self.peek(3) == ">")):
            return False
        self._quote.argument = "1"
        return True

    def _begin_pre(self) -> None:
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
