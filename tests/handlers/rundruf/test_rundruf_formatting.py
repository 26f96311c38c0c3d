"""What staff formats in Telegram becomes HTML that Telegram reads as the same."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from demo.telegram.markup.html import Html
from handlers.forms.shape import TURNING
from handlers.rundruf.formatting import TAGS, formatted
from handlers.speech import shown, units
from models.refusals import Unfit

ALPHABET = "ab <>&\"'\n🗳ß\u202eB"
SIMPLE = sorted(set(TAGS) - {"text_link", "pre", "code", "blockquote", "expandable_blockquote"})


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[MessageEntity]]:
    text = draw(st.text(ALPHABET, min_size=1, max_size=30).filter(lambda one: one.strip(" \n\u202e")))
    places = [units(text[:place]) for place in range(len(text) + 1)]
    found = []
    for kind in draw(st.lists(st.sampled_from([*SIMPLE, "text_link", "custom_emoji"]), max_size=5)):
        first, last = sorted(draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
        if first < last:
            url = "https://example.org/?a=1&b=2" if kind == "text_link" else None
            found.append(MessageEntity(kind, first, last - first, url=url))
    return text, found


class Tree(HTMLParser):
    """Whether every tag that is opened is closed, in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(texts())
def test_the_words_stay_and_the_tags_are_a_tree(made: tuple[str, list[MessageEntity]]) -> None:
    text, entities = made
    try:
        written = formatted(text, entities)
    except Unfit:
        assert not text.translate(TURNING).strip()
        return
    tree = Tree()
    tree.feed(written)
    tree.close()
    assert tree.open == []
    assert shown(written) == text.strip().translate(TURNING)
    assert html.unescape(re.sub(r"<[^>]+>", "", written)) == shown(written)


@given(texts())
def test_telegram_reads_each_letter_with_the_same_formatting(made: tuple[str, list[MessageEntity]]) -> None:
    text, entities = made
    try:
        read = Html(formatted(text, entities)).parse()
    except Unfit:
        return
    first = len(text) - len(text.lstrip())
    kept = [(place, one) for place, one in enumerate(text.strip(), first) if ord(one) not in TURNING]
    before, after = 0, []
    for _, one in kept:
        after.append(before)
        before += units(one)
    for (place, _), at in zip(kept, after, strict=True):
        was = {one.type for one in entities if covers(one.offset, one.length, units(text[:place])) and one.type in TAGS}
        now = {one["type"] for one in read.entities if covers(one["offset"], one["length"], at)}
        # Blanks at the ends of what is read are cut off by Telegram, with their formatting.
        assert now == was or not text[place].strip()


def covers(offset: int, length: int, at: int) -> bool:
    return offset <= at < offset + length


@pytest.mark.parametrize(
    ("entity", "written"),
    [
        (MessageEntity("pre", 0, 4, language='py"'), '<pre><code class="language-py&quot;">Text</code></pre>'),
        (MessageEntity("blockquote", 0, 4), "<blockquote>Text</blockquote>"),
        (MessageEntity("expandable_blockquote", 0, 4), "<blockquote expandable>Text</blockquote>"),
        (MessageEntity("text_link", 0, 4, url="javascript:alert(1)"), "Text"),
        (
            MessageEntity("text_link", 0, 4, url='https://x.de/"><b>'),
            '<a href="https://x.de/&quot;&gt;&lt;b&gt;">Text</a>',
        ),
        (MessageEntity("bold", 0, 99), "Text"),  # reaches over the end: no entity of Telegram's
        (MessageEntity("text_mention", 0, 4), "Text"),
    ],
)
def test_each_kind(entity: MessageEntity, written: str) -> None:
    assert formatted("Text", [entity]) == written


def test_code_in_a_quotation_is_inside_it() -> None:
    text = "Zitat code"
    entities = [MessageEntity("code", 6, 4), MessageEntity("blockquote", 0, 10)]
    assert formatted(text, entities) == "<blockquote>Zitat <code>code</code></blockquote>"


def test_too_long_is_counted_as_telegram_counts() -> None:
    assert formatted("🗳" * 2048, [])
    with pytest.raises(Unfit):
        formatted("🗳" * 2049, [])
