"""``parse_mode=HTML`` (https://core.telegram.org/bots/api#html-style)."""

import re

from demo.telegram.entities import FormattedText
from demo.telegram.markup.reading import Open, Parser

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


class Html(Parser):
    """Reads HTML: a few tags, attributes in quotes or bare, four named references."""

    def parse(self) -> FormattedText:
        """The text that is shown, and its entities."""
        while self.at < len(self.source):
            if self.show_run(_PLAIN_HTML):
                continue
            if self.source[self.at] == "&":
                self.show(self._reference())
            elif self.peek(1) == "/":
                self._end_tag()
            else:
                self._start_tag()
        if self.stack:
            self.fail(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].name}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)  # a language only counts inside <pre>
        return self.result()

    def _reference(self) -> str:
        """The character an ``&…;`` stands for; an ``&`` that starts none stands for itself."""
        match = _REFERENCE.match(self.source, self.at)
        code = _code_point(match) if match else 0
        self.at = match.end() if match and code else self.at + 1
        return chr(code) if code else "&"

    def _start_tag(self) -> None:
        begin = self.at
        match = re.compile(r"<([^\s>]*)").match(self.source, begin)
        self.at = match.end() if match else begin + 1
        if self.at >= len(self.source):
            self.fail("Unclosed start tag", begin)
        name = match.group(1).lower() if match else ""
        if name not in _SIMPLE_TAGS:
            self.fail(f'Unsupported start tag "{name}"', begin)
        argument = self._attributes(name, begin)
        if name == "span" and argument != "spoiler":
            self.fail('Tag "span" must have class "tg-spoiler"', begin)
        if name == "tg-emoji" and not argument.isdigit():
            self.fail("Invalid custom emoji identifier specified")
        self.open(name, argument, begin)

    def _attributes(self, tag: str, begin: int) -> str:
        """Reads up to ``>``; the one attribute that matters for this tag, or nothing."""
        argument = ""
        while True:
            self._skip_blank()
            if self.peek() == ">":
                self.at += 1
                return argument
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        match = _ATTRIBUTE_NAME.match(self.source, self.at)
        name = match.group().lower() if match else ""
        if not name:
            if self.at >= len(self.source):
                self.fail(f'Unclosed start tag "{tag}"', begin)
            self.fail(f'Empty attribute name in the tag "{tag}"', begin)
        self.at += len(name)
        self._skip_blank()
        if self.peek() != "=":
            if self.at >= len(self.source):
                self.fail(f'Unclosed start tag "{tag}"', begin)
            return name, ""
        self.at += 1
        self._skip_blank()
        value = self._quoted() if self.peek() in {'"', "'"} else self._token()
        if self.at >= len(self.source):
            self.fail("Unclosed start tag", begin)
        return name, value

    def _quoted(self) -> str:
        quote, value = self.peek(), []
        self.at += 1
        while self.at < len(self.source) and self.peek() != quote:
            if self.peek() == "&":
                value.append(self._reference())
            else:
                value.append(self.peek())
                self.at += 1
        self.at += 1
        return "".join(value)

    def _token(self) -> str:
        match = _NAME_TOKEN.match(self.source, self.at)
        value, start = match.group() if match else "", self.at
        self.at += len(value)
        if self.peek() and self.peek() != ">" and not self.peek().isspace():
            self.fail("Unexpected end of name token", start)
        return value.lower()

    def _skip_blank(self) -> None:
        match = _BLANK.match(self.source, self.at)
        self.at = match.end() if match else self.at

    def _end_tag(self) -> None:
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
        self._close(opened)

    def _close(self, opened: Open) -> None:
        kind = _SIMPLE_TAGS[opened.name]
        match opened.name:
            case "a":
                self.add_link(opened, opened.argument or "".join(self.shown[opened.shown :]))
            case "blockquote" if opened.argument:
                self.add(opened, "expandable_blockquote")
            case "tg-emoji":
                self.add(opened, kind, custom_emoji_id=opened.argument)
            case "pre":
                self._close_pre(opened)
            case "code" if opened.argument:
                self.add(opened, kind, language=opened.argument)
            case _:
                self.add(opened, kind)

    def _close_pre(self, opened: Open) -> None:
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
