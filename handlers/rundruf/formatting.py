"""What staff has formatted in Telegram, as HTML that we write ourselves: nothing of theirs is taken for markup."""

from collections.abc import Callable, Sequence
from html import escape
from itertools import accumulate
from urllib.parse import urlsplit

from telegram import MessageEntity
from telegram.constants import MessageEntityType, MessageLimit

from handlers.forms.shape import TURNING
from handlers.speech import units
from locales import Markup
from models.refusals import Unfit

LONGEST = MessageLimit.MAX_TEXT_LENGTH  # UTF-16 units
SCHEMES = {"http", "https", "mailto", "tel", "tg"}
Tags = tuple[str, str]


def _plain(tag: str, attributes: str = "") -> Callable[[MessageEntity], Tags]:
    return lambda _entity: (f"<{tag}{attributes}>", f"</{tag}>")


def _link(entity: MessageEntity) -> Tags:
    url = entity.url or ""
    return (f'<a href="{escape(url)}">', "</a>") if urlsplit(url).scheme in SCHEMES else ("", "")


def _code(entity: MessageEntity) -> Tags:
    if entity.language:
        return f'<pre><code class="language-{escape(entity.language)}">', "</code></pre>"
    return "<pre>", "</pre>"


# Of two over the same stretch the earlier one here is the outer one. What is not here (names, addresses, hashtags)
# Telegram finds by itself; a bot may not use the emoji of Telegram's shop, so their plain sign stays.
TAGS: dict[str, Callable[[MessageEntity], Tags]] = {
    MessageEntityType.EXPANDABLE_BLOCKQUOTE: _plain("blockquote", " expandable"),
    MessageEntityType.BLOCKQUOTE: _plain("blockquote"),
    MessageEntityType.TEXT_LINK: _link,
    MessageEntityType.PRE: _code,
    MessageEntityType.CODE: _plain("code"),
    MessageEntityType.BOLD: _plain("b"),
    MessageEntityType.ITALIC: _plain("i"),
    MessageEntityType.UNDERLINE: _plain("u"),
    MessageEntityType.STRIKETHROUGH: _plain("s"),
    MessageEntityType.SPOILER: _plain("tg-spoiler"),
}
RANKS = {kind: rank for rank, kind in enumerate(TAGS)}
Span = tuple[int, int, int, Tags]  # first character, the one after the last, rank, tags


def formatted(text: str, entities: Sequence[MessageEntity], longest: int = LONGEST) -> Markup:
    """The text as HTML, without blanks at its ends and without marks that turn what follows around.

    Raises:
        Unfit: nothing is left, or it is longer than ``longest`` UTF-16 units.
    """
    spans = _spans(text, entities)
    first = len(text) - len(text.lstrip())
    kept = range(first, len(text.rstrip()))
    shown = "".join(text[place] for place in kept if ord(text[place]) not in TURNING)
    if not shown.strip():
        raise Unfit("empty")
    if units(shown) > longest:
        raise Unfit("too long")
    return Markup("".join(_written(text, kept, spans)))


def _spans(text: str, entities: Sequence[MessageEntity]) -> list[Span]:
    """Telegram counts in UTF-16 units; here it is characters."""
    starts = [0, *accumulate(units(one) for one in text)]
    place_of = {unit: place for place, unit in enumerate(starts)}
    found = []
    for one in entities:
        begin, end = place_of.get(one.offset), place_of.get(one.offset + one.length)
        if one.type in TAGS and begin is not None and end is not None:
            found.append((begin, end, RANKS[one.type], TAGS[one.type](one)))
    return sorted(found, key=lambda span: (span[0], -span[1], span[2]))


def _written(text: str, kept: range, spans: Sequence[Span]) -> list[str]:
    """Tags are closed and opened again where two stretches overlap: what Telegram takes is a tree."""
    written: list[str] = []
    stack: list[Span] = []
    for place in kept:
        if any(one[1] <= place for one in stack):
            stack = _closed(written, stack, place)
        for one in spans:
            if max(one[0], kept.start) == place and one[1] > place:
                stack.append(one)
                written.append(one[3][0])
        if ord(text[place]) not in TURNING:
            written.append(escape(text[place], quote=False))
    _closed(written, stack, len(text))
    return written


def _closed(written: list[str], stack: list[Span], place: int) -> list[Span]:
    """Close what ends here, and whatever was opened inside it; the latter is opened again."""
    keep = next((number for number, one in enumerate(stack) if one[1] <= place), len(stack))
    written += [one[3][1] for one in reversed(stack[keep:])]
    again = [one for one in stack[keep:] if one[1] > place]
    written += [one[3][0] for one in again]
    return [*stack[:keep], *again]
