"""A bot that runs for years holds no more than one that has run for an hour."""

import gc
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import handlers.allowance
from handlers.allowance import LONGEST, QUESTIONS
from models.search.question import Question
from models.search.vocabulary import Vocabulary
from models.search.words import LONGEST_KEPT, REMEMBERED, fold
from tests.auxil.party import VERA, Party

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
OURS = {"bot", "handlers", "models", "scheduler", "locales"}
WATCHED = OURS | {"telegram", "sqlalchemy", "asyncio", "_asyncio"}
FIRST_STRANGER = 5_000
Remembering = type(lru_cache(str))


def _kept() -> Counter[str]:
    """How many objects of each kind there are."""
    gc.collect()
    kinds = Counter(map(type, gc.get_objects()))
    return Counter(
        {f"{kind.__module__}.{kind.__qualname__}": kinds[kind] for kind in kinds if _room_of(kind) in WATCHED}
    )


async def _once_of_each(party: Party, number: int) -> None:
    stranger = FIRST_STRANGER + number
    await party.write(stranger, f"Wie hoch ist die Förderung im Förderbereich C? {number}")
    await party.write(stranger, f"Wann ist die nächste Antragsfrist? {number}")
    await party.write(stranger, "x\u202e\u0300" * 300 + str(number))
    await party.write(stranger, f"/gibtesnicht{number}")
    await party.tap(VERA, ("Ja", "Nein")[number % 2])
    forged = party.telegram.tap(VERA, "Enthaltung")
    forged["callback_query"]["data"] = f"zzz:{number}"
    await party.hear(forged)
    party.clock.advance(minutes=61)  # what counts for a while counts no more
    await party.assistant._sleep(61 * 60)


async def test_of_what_was_answered_nothing_is_kept(party: Party) -> None:
    await party.open_vote()
    for number in range(2):
        await _once_of_each(party, number)
    party.telegram.calls.clear()
    before = _kept()
    for number in range(2, 5):
        await _once_of_each(party, number)
    party.telegram.calls.clear()
    assert _kept() - before == Counter()


def test_who_has_been_quiet_is_forgotten() -> None:
    counter = handlers.allowance.Counter()
    for number in range(50):
        counter.ask(QUESTIONS, number, NOON)
    counter.ask(QUESTIONS, 1, NOON + timedelta(minutes=5))
    counter.ask(QUESTIONS, 2, NOON + LONGEST)
    assert set(counter._times) == {("questions", 1), ("questions", 2)}


def _rules() -> list[Any]:
    """Whatever of ours remembers what it found for its arguments."""
    gc.unfreeze()  # what stays for the whole run is not among the objects else
    return [one for one in gc.get_objects() if isinstance(one, Remembering) and _room_of(one) in OURS]


def _room_of(thing: Any) -> str:
    return str(getattr(thing, "__module__", "")).partition(".")[0]


def test_every_rule_about_strangers_words_remembers_few() -> None:
    sizes = {one.__qualname__: one.cache_info().maxsize for one in _rules() if "models.search" in one.__module__}
    assert len(sizes) >= 6, "the rules were not found"
    assert set(sizes.values()) == {REMEMBERED}


def test_a_long_word_is_not_remembered_by_any_rule() -> None:
    library = Vocabulary(["antrag"])
    long = fold("q" * (LONGEST_KEPT + 1))
    Question.of(f"Was ist ein {long}?", library.repair)
    before = {id(one): one.cache_info().currsize for one in _rules()}
    for letter in "abcdefghij":
        Question.of(f"Was ist ein {letter + long}?", library.repair)
    assert {id(one): one.cache_info().currsize for one in _rules()} == before


def test_what_was_mistyped_is_remembered_for_a_while() -> None:
    library = Vocabulary(["antrag"])
    assert library.repair("antrga") == "antrag"
    for number in range(2 * REMEMBERED):
        library.repair(f"w{number}")
    assert len(library._repairs) <= REMEMBERED
    assert library.repair("antrga") == "antrag"
