"""Formatted text as Telegram keeps it: plain text and entities counted in UTF-16 units.

The rules follow the behaviour of TDLib's ``MessageEntity``: markup gives entities, text is cleaned and trimmed,
commands, links and the like are found by themselves.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple

Json = dict[str, Any]

PRIORITY = (
    "expandable_blockquote",
    "blockquote",
    "text_link",
    "text_mention",
    "pre",
    "code",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "custom_emoji",
)
"""Of two entities over the same stretch the earlier in this list is the outer one."""

_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'»“”])"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
    r"|(?P<mention>(?<![\w/@])@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<![\w/])\#\w*[^\W\d_]\w*)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<domain>(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|de|eu|info|io|me|net|org)(?:/[^\s<>\"]*[\w/])?(?![\w.-]*@))(?![\w-])",
    re.IGNORECASE,
)
_CONTROL = {
    **dict.fromkeys(set(range(32)) - {ord("\n")}, " "),
    ord("\r"): None,
    0x2028: " ",
    0x2029: " ",
    **dict.fromkeys(range(0x202A, 0x202F)),
}


class FormattedText(NamedTuple):
    """Plain text and what stands out in it; offsets and lengths in UTF-16 units."""

    text: str
    entities: list[Json]


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 units, Telegram's measure for every limit on characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def slice_units(text: str, offset: int, length: int) -> str:
    """The part of ``text`` an entity covers."""
    wide = text.encode("utf-16-le", "surrogatepass")
    return wide[2 * offset : 2 * (offset + length)].decode("utf-16-le", "surrogatepass")


def _rank(entity: Json) -> tuple[int, int, int]:
    kind = entity["type"]
    return entity["offset"], -entity["length"], PRIORITY.index(kind) if kind in PRIORITY else len(PRIORITY)


def clean(raw: FormattedText) -> FormattedText:
    """The text as it is stored: control characters gone, no blank at either end, entities moved along, in order."""
    text = raw.text.translate(_CONTROL)
    if text != raw.text:
        raw = _without_dropped(raw)
        text = raw.text
    left = len(text) - len(text.lstrip())
    text = text.strip()
    size, entities = units(text), []
    for entity in raw.entities:
        start = max(entity["offset"] - left, 0)
        end = min(entity["offset"] + entity["length"] - left, size)
        if end > start:
            entities.append({**entity, "offset": start, "length": end - start})
    return FormattedText(text, sorted(entities, key=_rank))


def _without_dropped(raw: FormattedText) -> FormattedText:
    """Control characters replaced or dropped, with every offset behind them moved."""
    places, kept, position = [0], [], 0
    for character in raw.text:
        new = character.translate(_CONTROL)
        kept.append(new)
        position += units(new)
        places.extend([position] * units(character))
    entities = []
    for entity in raw.entities:
        start = places[min(entity["offset"], len(places) - 1)]
        end = places[min(entity["offset"] + entity["length"], len(places) - 1)]
        entities.append({**entity, "offset": start, "length": end - start})
    return FormattedText("".join(kept), entities)


def with_found(formatted: FormattedText) -> FormattedText:
    """Adds what Telegram finds by itself, never inside code or links: commands, addresses, mentions, hashtags."""
    closed = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in formatted.entities
        if entity["type"] in {"code", "pre", "text_link", "text_mention"}
    ]
    found = [
        entity
        for entity in _found_in(formatted.text)
        if not any(start < entity["offset"] + entity["length"] and entity["offset"] < end for start, end in closed)
    ]
    if not found:
        return formatted
    return FormattedText(formatted.text, sorted([*formatted.entities, *found], key=_rank))


def _found_in(text: str) -> Iterable[Json]:
    if not any(mark in text for mark in "/@#."):
        return
    wide = not text.isascii()
    for match in _FOUND.finditer(text):
        kind = "url" if match.lastgroup == "domain" else match.lastgroup
        offset = units(text[: match.start()]) if wide else match.start()
        yield {"type": kind, "offset": offset, "length": units(match.group())}


_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def _tags(entity: Json) -> tuple[str, str]:
    match entity["type"]:
        case "text_link":
            return f'<a href="{escape(entity["url"])}">', "</a>"
        case "text_mention":
            return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
        case "custom_emoji":
            return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
        case "pre" if "language" in entity:
            return f'<pre><code class="language-{escape(entity["language"])}">', "</code></pre>"
        case "pre":
            return "<pre>", "</pre>"
        case kind:
            return _TAGS.get(kind, ("", ""))


def to_html(formatted: FormattedText) -> str:
    """The formatted text as HTML of the kind ``parse_mode=HTML`` takes; parsing it gives the same text and entities."""
    edges: list[tuple[int, int, int, str]] = []
    for order, entity in enumerate(sorted(formatted.entities, key=_rank)):
        opening, closing = _tags(entity)
        start, end = entity["offset"], entity["offset"] + entity["length"]
        edges.extend(((start, 1, order, opening), (end, 0, -order, closing)))
    parts, last = [], 0
    for place, _, _, tag in sorted(edges):
        parts += [escape(slice_units(formatted.text, last, place - last), quote=False), tag]
        last = place
    parts.append(escape(slice_units(formatted.text, last, units(formatted.text) - last), quote=False))
    return "".join(parts)
