from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from bot import embedding
from bot.embedding import give_meaning
from models.base import Database
from models.knowledge import Source, read_sources, take_in
from models.search import Answer, Library, answer, library
from models.search.confidence import FEWEST, HIGHEST, LOWEST, calibrated
from models.search.meaning import Matrix, Meaning, Space, Wanted
from models.search.values import Floors
from models.search.vectors import drop_vectors, keep_vectors, vectors
from tests.models.shelf import NOW, quote

TEXTS = ("Die Förderung beträgt 90 Prozent.", "Der Hund schläft im Garten.", "Ein Auto fährt durch die Stadt.")
TOPICS = (("foerderung", "zuschuss", "beihilfe"), ("hund", "tier", "dackel"), ("auto", "wagen", "fahrzeug"))


class Topical:
    """Stands for a model: knows three topics and nothing else."""

    name = "topical-1"
    weight = 1.0

    def __init__(self) -> None:
        self.computed: list[str] = []

    def questions(self, texts: Sequence[str]) -> Matrix:
        folded = [text.lower().replace("ö", "oe") for text in texts]
        return np.array(
            [[1e-3 + any(word in text for word in topic) for topic in TOPICS] for text in folded], np.float32
        )

    def passages(self, texts: Sequence[str]) -> Matrix:
        self.computed += texts
        return self.questions(texts)


def meant(texts: Sequence[str], lib: Library, askings: Sequence[tuple[int, str]] = ()) -> Meaning:
    wanted = Wanted.of(texts, askings)
    model = Topical()
    found = dict(zip(wanted.texts, model.passages(list(wanted.texts.values())), strict=True))
    return Meaning([Space(model, wanted, found, len(texts))], texts, lib.index.vocabulary.repair)


def shelf() -> Library:
    return Library([quote(text, number=number) for number, text in enumerate(TEXTS, 1)])


def test_what_is_said_in_other_words_is_most_alike() -> None:
    likeness = meant(TEXTS, shelf()).likeness("welche Beihilfe")
    assert likeness.argmax() == 0
    assert likeness.mean() == pytest.approx(0, abs=1e-5)


def test_another_way_of_asking_counts_for_its_passage() -> None:
    lib = shelf()
    assert meant(TEXTS, lib, [(2, "wo ist der Dackel")]).likeness("dackel").argsort()[-2:].tolist().count(2) == 1


def test_a_passage_without_a_vector_is_as_like_as_the_average() -> None:
    wanted = Wanted.of(TEXTS)
    one = {wanted.places[0][0]: np.ones(3, np.float32)}
    assert Space(Topical(), wanted, one, 3).likeness("Hund").tolist()[1:] == [0.0, 0.0]
    assert Space(Topical(), wanted, {}, 3).likeness("Hund").tolist() == [0.0, 0.0, 0.0]


def test_a_question_from_a_phone_is_put_into_the_passages_spelling() -> None:
    meaning = meant(TEXTS, shelf())
    assert meaning.spelt("wie hoch foerderng im gartn") == "wie hoch Förderung im Garten"
    assert meaning.spelt("Wie hoch ist die Foerderng") == "Wie hoch ist die Foerderng"


def test_likeness_decides_between_what_is_nearly_equal() -> None:
    texts = ("Das Büro hilft bei Fragen zum Wagen.", "Das Büro hilft bei Fragen zum Dackel.")
    lib = Library([quote(text, number=number) for number, text in enumerate(texts, 1)])
    lib.meaning = meant(texts, lib)
    finding = answer("hilft das büro bei fragen zum hund oder tier", lib, NOW)
    assert not isinstance(finding, Answer) or finding.quote.text == texts[1]
    assert lib.hits(lib.question("büro fragen tier"))[0].place == 1


async def test_vectors_are_kept_by_text_and_model_and_dropped_with_their_passage(database: Database) -> None:
    async with database.begin() as session:
        await keep_vectors(session, "m", {"a": np.array([0.5, 1.0], np.float32), "b": np.zeros(2, np.float32)})
        await keep_vectors(session, "m", {"a": np.array([9.0, 9.0], np.float32)})
        await keep_vectors(session, "n", {"a": np.ones(2, np.float32)})
    async with database.begin() as session:
        assert (await vectors(session, "m"))["a"].tolist() == [0.5, 1.0]
        await drop_vectors(session, "m", {"a"})
    async with database.read() as session:
        assert set(await vectors(session, "m")) == {"a"}
        assert set(await vectors(session, "n")) == {"a"}


def sources() -> tuple[Source, ...]:
    front = "---\ntitle: Merkblatt\npublisher: Büro\nrank: office\n---\n"
    return read_sources({"merkblatt.md": (front + "\n\n".join(TEXTS)).encode()}).sources


async def test_each_passage_is_computed_once(database: Database) -> None:
    model = Topical()
    async with database.begin() as session:
        await take_in(session, sources(), datetime(2026, 11, 22, tzinfo=UTC))
        lib = await library(session)
    await give_meaning(database, lib, [model])
    assert lib.meaning is not None
    computed = len(model.computed)
    assert computed == len(lib.quotes)
    lib.meaning = None
    await give_meaning(database, lib, [model])
    assert len(model.computed) == computed


async def test_vectors_are_given_in_the_background_and_only_where_there_are_passages(database: Database) -> None:
    loaded, naps = list[int](), list[float]()

    class Stop(Exception):
        pass

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) > 1:
            raise Stop

    def load() -> list[Topical]:
        loaded.append(1)
        return [Topical()]

    with pytest.raises(Stop):
        await embedding.keep_up(database, load, nap)
    assert loaded == []
    naps.clear()
    async with database.begin() as session:
        await take_in(session, sources(), datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(Stop):
        await embedding.keep_up(database, load, nap)
    async with database.read() as session:
        assert (await library(session)).meaning is not None
    assert loaded == [1]


def test_without_the_packages_words_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "find_spec", lambda _name: None)
    assert embedding.embedders() == []
    assert not embedding.installed()


def test_a_floor_is_calibrated_on_the_offices_own_questions() -> None:
    few = shelf()
    assert calibrated(few) == Floors()
    quotes = [
        quote(f"Zum Thema {word} gibt das Büro gern jede Auskunft.", number=n) for n, word in enumerate("abcdefgh", 1)
    ]
    aliases = {one.id: ["auskunft vom büro", "gibt das büro gern auskunft", "jede auskunft"] for one in quotes}
    many = Library(quotes, aliases=aliases)
    assert sum(map(len, aliases.values())) >= FEWEST
    floors = calibrated(many)
    # Whatever is asked here, another passage says it as well: only the highest floor keeps from guessing.
    assert floors.answer == HIGHEST
    assert LOWEST <= floors.near < floors.answer


def test_an_alias_finds_its_passage() -> None:
    target = quote("Die Zuwendung wird anteilig gewährt.", number=1)
    other = quote("Der Arbeitskreis tagt öffentlich.", number=2)
    asked = "wie ist das mit dem dings da"
    assert not isinstance(answer(asked + " moneten", Library([target, other]), NOW), Answer)
    finding = answer("moneten vom amt", Library([target, other], aliases={1: ["moneten vom amt"]}), NOW)
    assert isinstance(finding, Answer)
    assert finding.quote == target
