import string

from hypothesis import given
from hypothesis import strategies as st

from models.search.index import Index
from models.search.vocabulary import Vocabulary
from models.search.words import distance, fold, stem, words

WORD = st.text(string.ascii_lowercase, max_size=12)


@given(st.text())
def test_folding_is_plain_and_stays_as_it_is(text: str) -> None:
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text)


def test_umlauts_and_their_spellings_fall_together() -> None:
    assert fold("Förderung GRÖSSE Maß é") == "foerderung groesse mass e"
    assert words("Nr. 7.10.1 gilt seit 21.06.2022.") == ["nr", "7.10.1", "gilt", "seit", "21.06.2022"]
    assert stem("foerderungen") == stem("foerderung")


@given(WORD, WORD)
def test_distance_is_symmetric_and_zero_only_for_the_same(left: str, right: str) -> None:
    assert distance(left, right, 20) == distance(right, left, 20)
    assert (distance(left, right, 20) == 0) == (left == right)


@given(WORD, WORD)
def test_distance_stops_where_it_is_told_to(left: str, right: str) -> None:
    assert distance(left, right, 2) == min(3, distance(left, right, 20))


def test_two_neighbours_swapped_are_one_edit() -> None:
    assert distance("frist", "first", 3) == 1


def test_compounds_are_cut_by_the_words_that_are_known() -> None:
    vocabulary = Vocabulary(["arbeit", "markt", "programm", "arbeitsmarkt", "förder"])
    assert vocabulary.parts("arbeitsmarktprogramm") == (stem("arbeit"), stem("markt"), stem("programm"))
    assert vocabulary.parts("programm") == ()
    assert vocabulary.parts("unbekanntes") == ()


def test_a_mistyped_word_is_repaired_and_a_short_one_is_not() -> None:
    vocabulary = Vocabulary(["richtlinie", "rak", "sitzung"])
    assert vocabulary.repair("richtlienie") == "richtlinie"
    assert vocabulary.repair("sitzugn") == "sitzung"
    assert vocabulary.repair("rat") == "rat"
    assert Vocabulary(["verwaltungsbehoerde", "boerde"]).repair("behoerde") == "behoerde"
    assert vocabulary.repair("freibad") == "freibad"


def test_the_index_finds_through_typos_and_spellings() -> None:
    index = Index(["Die Förderung der Ausbildung", "Der Haushalt der Stadt", "Öffnungszeiten der Bücherei"])
    for question, place in (("foerderrung", 0), ("buecherei offnungszeiten", 2), ("haushalte", 1)):
        scores = index.scores(question)
        assert scores.argmax() == place


def test_an_empty_collection_answers_nothing() -> None:
    assert Index([]).scores("frage").tolist() == []
