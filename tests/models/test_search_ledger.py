from hypothesis import given, settings
from hypothesis import strategies as st

from models.search.figures import disagree
from models.search.ledger import Ledger
from tests.models.shelf import quote

NUMBER = st.sampled_from(
    ["140 Millionen Euro", "140 Milliarden Euro", "150 Euro", "8 Mitglieder", "neun Mitglieder", "keine"]
)
WORDS = st.lists(st.sampled_from(["Mittel", "Programm", "Arbeitskreis", "stehen", "bereit"]), max_size=4)
TEXT = st.lists(st.builds(lambda n, w: f"{' '.join(w)} {n} {' '.join(w)}", NUMBER, WORDS), max_size=3).map(". ".join)


@settings(deadline=None, max_examples=100)
@given(TEXT, st.lists(TEXT, max_size=5))
def test_the_ledger_finds_what_reading_everything_finds(text: str, others: list[str]) -> None:
    by_reading = [place for place, other in enumerate(others) if disagree(quote(text), quote(other))]
    assert Ledger(others).disagreeing(text) == by_reading
    assert Ledger(others, Ledger([text, *others[:2]])).disagreeing(text) == by_reading
