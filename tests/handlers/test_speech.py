from html import escape
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from handlers.callbacks import Open
from handlers.speech import LONGEST, Message, keyboard, shorten, split, units

LIMIT = 40
TAGS = ("b", "i", "code")
words = st.text(st.sampled_from("aä.<&>\"' \n🗳👩‍🚀"), min_size=1, max_size=60)


class Reader(HTMLParser):
    """Reads like Telegram: every tag known and closed in its order, every reference resolved."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS or (tag == "a" and attrs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(markup: str) -> str:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    assert reader.open == []
    return reader.text


def tagged(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = st.lists(inner, min_size=1, max_size=4).map("".join)
    return st.one_of(
        st.builds(lambda tag, one: f"<{tag}>{one}</{tag}>", st.sampled_from(TAGS), inside),
        inside.map(lambda one: f'<a href="https://x.example/?a=1&amp;b=2">{one}</a>'),
    )


plain = words.map(lambda text: escape(text, quote=False))
markup = st.lists(st.recursive(plain, tagged, max_leaves=8), max_size=8).map("".join)


@given(markup)
def test_pieces_fit_are_valid_and_lose_nothing_but_blanks(text: str) -> None:
    pieces = split(text, LIMIT)
    shown = [read(piece) for piece in pieces]
    assert all(units(one) <= LIMIT for one in shown)
    if read(text).strip():
        assert all(one.strip() for one in shown)  # Telegram takes no empty message
    assert "".join("".join(shown).split()) == "".join(read(text).split())


@given(plain)
def test_a_short_text_is_left_as_it_is(text: str) -> None:
    assert split(text, 10 * units(text) + 1) == [text]


def test_a_text_is_cut_where_a_reader_would_pause() -> None:
    assert split("Erster Satz ist hier. Zweiter Satz folgt darauf.", 30) == [
        "Erster Satz ist hier.",
        "Zweiter Satz folgt darauf.",
    ]
    first, second = split(f"<b>{'ä' * LONGEST}ö</b>")
    assert (first, second) == (f"<b>{'ä' * LONGEST}</b>", "<b>ö</b>")


def test_trailing_blanks_do_not_make_an_empty_message() -> None:
    assert split(f"<b>{'x' * LONGEST} </b>") == [f"<b>{'x' * LONGEST}</b>"]


def test_names_of_two_hundred_people_go_out_in_several_messages() -> None:
    names = "\n".join(f"• <b>Person &amp; Söhne {number}</b>: zugesagt" for number in range(200))
    pieces = split(names)
    assert len(pieces) > 1
    assert "\n".join(read(one) for one in pieces) == read(names)


def test_a_button_is_never_too_wide() -> None:
    made = keyboard([[("x" * 100, Open("deadlines"))]])
    assert made["reply_markup"]["inline_keyboard"][0][0]["text"] == "x" * 59 + "…"
    assert shorten("kurz", 10) == "kurz"
    assert keyboard(Message("ohne").rows) == {}
