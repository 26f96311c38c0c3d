"""From markup to entities, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.telegram.entities import FormattedText, Json, clean, slice_units, to_html, units, with_found
from demo.telegram.markup import parse
from demo.telegram.refusal import ApiError

TAGS = st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "blockquote", "code"])
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def tagged(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(children, min_size=1, max_size=3)
    )


MARKED = st.recursive(WORDS.map(escaped), tagged, max_leaves=12)


@given(MARKED)
def test_html_gives_entities_inside_the_text_and_nested(source: str) -> None:
    text, entities = parse(source, "HTML")
    spans = [(one["offset"], one["offset"] + one["length"]) for one in entities]
    assert all(0 <= start < end <= units(text) for start, end in spans)
    for a in spans:
        for b in spans:
            assert a[1] <= b[0] or b[1] <= a[0] or (a[0] <= b[0] and b[1] <= a[1]) or (b[0] <= a[0] and a[1] <= b[1])


@given(MARKED)
def test_html_round_trip(source: str) -> None:
    first = clean(parse(source, "HTML"))
    again = clean(parse(to_html(first), "HTML"))
    assert again == first


@given(WORDS)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse(escaped(text), "HTML") == FormattedText(text, [])


@given(WORDS)
def test_escaped_markdown_comes_back_as_it_was(text: str) -> None:
    marked = "".join(f"\\{one}" if one in "_*[]()~`>#+-=|{}.!\\" else one for one in text)
    assert parse(marked, "MarkdownV2") == FormattedText(text, [])


@given(WORDS, st.sampled_from(["*bold", "_italic", "__underline", "~strikethrough", "||spoiler"]))
def test_markdown_marks_count_in_utf16(word: str, mark_and_kind: str) -> None:
    kind = mark_and_kind.lstrip("*_~|")
    mark = mark_and_kind.removesuffix(kind)
    marked = "".join(f"\\{one}" if one in "_*[]()~`>#+-=|{}.!\\" else one for one in word)
    text, entities = parse(f"😀 {mark}{marked}{mark}", "MarkdownV2")
    assert text == f"😀 {word}"
    assert entities == [{"type": kind, "offset": 3, "length": units(word)}]


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for mode in ("HTML", "MarkdownV2"):
        try:
            shown, entities = with_found(clean(parse(text, mode)))
        except ApiError as refusal:
            complaint = refusal.description
        else:
            complaint = ""
            assert all(slice_units(shown, one["offset"], one["length"]) for one in entities)
        assert not complaint or complaint.startswith("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        (
            '<a href="https://x.de/?a=1&amp;b=2">l</a>',
            "l",
            [{"type": "text_link", "offset": 0, "length": 1, "url": "https://x.de/?a=1&b=2"}],
        ),
        (
            "<a>https://x.de/</a>",
            "https://x.de/",
            [{"type": "text_link", "offset": 0, "length": 13, "url": "https://x.de/"}],
        ),
        (
            '<a href="javascript:alert(1)">l</a>',
            "l",
            [],
        ),
        (
            '<pre><code class="language-py">x</code></pre>',
            "x",
            [{"type": "pre", "offset": 0, "length": 1, "language": "py"}],
        ),
        (
            '<code class="language-py">x</code>',
            "x",
            [{"type": "code", "offset": 0, "length": 1}],
        ),
        (
            "<blockquote expandable>x</blockquote>",
            "x",
            [{"type": "expandable_blockquote", "offset": 0, "length": 1}],
        ),
        (
            '<span class="tg-spoiler">x</span>',
            "x",
            [{"type": "spoiler", "offset": 0, "length": 1}],
        ),
        (
            "<B>x</B>",
            "x",
            [{"type": "bold", "offset": 0, "length": 1}],
        ),
        (
            "&#228;&#xE4; &nbsp; &",
            "ää &nbsp; &",
            [],
        ),
        (
            "<b></b>x",
            "x",
            [],
        ),
        (
            '<a href="tg://user?id=5">Anna</a>',
            "Anna",
            [{"type": "text_mention", "offset": 0, "length": 4, "user": {"id": 5, "is_bot": False, "first_name": ""}}],
        ),
    ],
)
def test_html(source: str, text: str, entities: list[Json]) -> None:
    assert parse(source, "HTML") == FormattedText(text, entities)


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("*b _i_*", "b i", ["italic", "bold"]),
        ("[l](https://x.de/\\))", "l", ["text_link"]),
        ("`a.b`", "a.b", ["code"]),
        ("```py\nx.y\n```", "x.y\n", ["pre"]),
        (">a\n>b\nc", "a\nb\nc", ["blockquote"]),
        ("**>a\n>b||", "a\nb", ["expandable_blockquote"]),
        ("![x](tg://emoji?id=5)", "x", ["custom_emoji"]),
    ],
)
def test_markdown(source: str, text: str, kinds: list[str]) -> None:
    shown, entities = parse(source, "MarkdownV2")
    assert (shown, [one["type"] for one in entities]) == (text, kinds)


@pytest.mark.parametrize(
    ("source", "mode", "complaint"),
    [
        ("a</b>", "HTML", "Unexpected end tag at byte offset 1"),
        ("ä<x>", "HTML", 'Unsupported start tag "x" at byte offset 2'),
        ("<b>a</i>", "HTML", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "HTML", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "HTML", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", "HTML", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("*x", "MarkdownV2", "Can't find end of Bold entity at byte offset 0"),
        ("[x](y", "MarkdownV2", "Can't find end of a URL at byte offset 4"),
        ("x!", "MarkdownV2", "Character '!' is reserved and must be escaped with the preceding '\\'"),
    ],
)
def test_complaints(source: str, mode: str, complaint: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse(source, mode)
    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_what_telegram_finds_by_itself() -> None:
    text = "/hilfe@reko_bot siehe www.rak-stendal.de, a@b.de, #frist und https://x.de/a. Ende/aus 3/4"
    found = with_found(FormattedText(text, [])).entities
    assert [(one["type"], slice_units(text, one["offset"], one["length"])) for one in found] == [
        ("bot_command", "/hilfe@reko_bot"),
        ("url", "www.rak-stendal.de"),
        ("email", "a@b.de"),
        ("hashtag", "#frist"),
        ("url", "https://x.de/a"),
    ]
    inside = FormattedText("/x", [{"type": "code", "offset": 0, "length": 2}])
    assert with_found(inside) == inside


def test_control_characters_go_and_offsets_follow() -> None:
    raw = FormattedText(
        " a\r\nb\tc ", [{"type": "bold", "offset": 4, "length": 1}, {"type": "italic", "offset": 7, "length": 1}]
    )
    assert clean(raw) == FormattedText("a\nb c", [{"type": "bold", "offset": 2, "length": 1}])
