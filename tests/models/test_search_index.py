import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.search.index import Index
from models.search.postings import Postings, Triples
from models.search.vocabulary import Vocabulary
from models.search.words import distance, gram_codes, tolerance

WORDS = [
    "förderung",
    "antrag",
    "richtlinie",
    "arbeitsmarkt",
    "arbeit",
    "markt",
    "frist",
    "rak",
    "sitzung",
    "21.06.2022",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
LETTERS = st.text("abcde", min_size=3, max_size=9)


@settings(deadline=None, max_examples=40)
@given(st.lists(TEXT, max_size=6), st.lists(TEXT, max_size=6), TEXT)
def test_an_index_taken_over_is_the_same_as_one_built_anew(old: list[str], new: list[str], question: str) -> None:
    fresh, taken = Index(new), Index(new, Index(old))
    assert np.array_equal(fresh.scores(question), taken.scores(question))
    assert fresh.vocabulary.words == taken.vocabulary.words


@settings(deadline=None, max_examples=40)
@given(st.lists(TEXT, min_size=1, max_size=6), TEXT)
def test_scores_are_shares_of_the_ideal(texts: list[str], question: str) -> None:
    scores = Index(texts).scores(question)
    assert len(scores) == len(texts)
    assert np.all(scores >= 0)
    assert np.all(scores <= 1.51)


@settings(deadline=None, max_examples=40)
@given(st.lists(TEXT, min_size=1, max_size=6), TEXT, TEXT)
def test_two_questions_in_one_pass_are_two_questions(texts: list[str], one: str, other: str) -> None:
    index = Index(texts)
    assert np.allclose(
        index.blended([(1.0, one), (2.0, other)]), index.scores(one) + 2 * index.scores(other), atol=1e-4
    )


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=40))
def test_what_is_packed_comes_out_again(pairs: list[tuple[int, int]]) -> None:
    parts = [Triples.of(place, np.array([t for t, p in pairs if p == place], np.int64)) for place in range(5)]
    counted = {pair: pairs.count(pair) for pair in pairs}
    whole = Triples.together(parts)
    found = zip(whole.terms.tolist(), whole.places.tolist(), whole.counts.tolist(), strict=True)
    assert {(term, place): count for term, place, count in found} == counted
    assert Postings(whole, 5).holders(3).tolist() == sorted({place for term, place in pairs if term == 3})
    twice = Triples.added([whole, whole])
    assert twice.counts.tolist() == [2 * count for count in whole.counts.tolist()]


@settings(deadline=None)
@given(LETTERS, st.sets(LETTERS, max_size=12))
def test_a_repair_is_the_nearest_word_there_is(word: str, known: set[str]) -> None:
    vocabulary = Vocabulary(known)
    mended = vocabulary.repair(word)
    if mended == word:
        return
    near = [distance(word, other, 9) for other in known if len(other) >= 4]
    assert mended in known
    assert distance(word, mended, 9) == min(near) <= tolerance(word)


def test_grams_cross_words_and_know_no_signs() -> None:
    assert gram_codes("ab-cd").tolist() == gram_codes("ab cd").tolist()
    assert len(gram_codes("frist")) == 4
    assert gram_codes("").tolist() == []


def test_memory_is_told() -> None:
    assert Index(["ein Text"]).bytes > 0
