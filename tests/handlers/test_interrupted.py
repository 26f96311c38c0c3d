"""The effect is in the store, its answer did not get through: it is spoken again, and nothing is done twice."""

from datetime import UTC, datetime

import pytest
from telegram.error import TimedOut

from models.drafts import Draft
from models.question import OfficeQuestion
from tests.auxil.party import DORA, STAFF, STRANGER, VERA, Party

UNKNOWN = "Wer bekommt Geld vom Mond?"


def lose_the_next(party: Party, who: int, method: str = "sendMessage") -> None:
    party.telegram.fail(method, TimedOut(), chat_id=None if method == "answerCallbackQuery" else who)


async def test_a_question_is_noted_once(party: Party) -> None:
    lose_the_next(party, STRANGER)
    await party.write(STRANGER, UNKNOWN)
    assert party.last_text(STRANGER) == "Dazu habe ich keine belegte Auskunft."
    assert [one.number for one in await party.rows(OfficeQuestion)] == [1]
    await party.tap(STRANGER, "An die ReKo")
    assert party.last_text(STRANGER).startswith("Ihre Frage Nr. 1 liegt jetzt bei der ReKo.")


async def test_the_offices_reply_does_not_become_a_question(party: Party) -> None:
    await party.write(STRANGER, UNKNOWN)
    await party.tap(STRANGER, "An die ReKo")
    copy = party.telegram.last(STAFF)
    lose_the_next(party, STAFF)
    await party.write(STAFF, "Niemand.", reply_to=copy)
    assert party.last_text(STAFF).splitlines() == [
        "Die Antwort auf Frage Nr. 1 ist unterwegs.",
        "Zum Berichtigen bearbeiten Sie Ihre Nachricht, bis 10:10 Uhr.",
    ]
    assert len(await party.rows(OfficeQuestion)) == 1
    assert len([one for one in party.telegram.texts(STRANGER) if one.startswith("Antwort der ReKo")]) == 1


async def test_a_forms_first_question_is_put_all_the_same(party: Party) -> None:
    await party.write(STAFF, "/buero")
    lose_the_next(party, STAFF)
    await party.tap(STAFF, "Neue Abstimmung")
    assert party.last_text(STAFF).startswith("Welche Art von Abstimmung?")
    assert len(await party.rows(Draft)) == 1


@pytest.mark.parametrize("entry", ["[Beschluss]", "Förderung 2027", "Text", "[Weiter]"])
async def test_an_entry_counts_once_and_the_next_question_is_put(party: Party, entry: str) -> None:
    steps = ["[Neue Abstimmung]", "[Beschluss]", "Förderung 2027", "Text", "[Weiter]"]
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *steps[: steps.index(entry)])
    lose_the_next(party, STAFF, "answerCallbackQuery" if entry.startswith("[") else "sendMessage")
    await party.fill(STAFF, entry)
    [draft] = await party.rows(Draft)
    assert len(draft.asked) == steps.index(entry) + 1
    assert "Zurück" in party.labels(STAFF)


@pytest.mark.parametrize("label", ["Für das Formular", "Als Frage"])
async def test_what_was_asked_back_is_not_lost(party: Party, label: str) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]")
    party.clock.advance(hours=2)
    lose_the_next(party, STAFF)
    await party.write(STAFF, UNKNOWN)
    assert party.labels(STAFF) == ["Für das Formular", "Als Frage"]
    lose_the_next(party, STAFF)
    await party.tap(STAFF, label)
    [draft] = await party.rows(Draft)
    assert draft.held_text is None
    if label == "Als Frage":
        assert party.last_text(STAFF) == "Dazu habe ich keine belegte Auskunft."
        assert len(await party.rows(OfficeQuestion)) == 1
        assert draft.parked
    else:
        assert party.last_text(STAFF).startswith("Text des Antrags?")
        assert draft.answers["title"] == UNKNOWN


async def test_a_deputys_answer_is_shown_from_the_store(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Sitzung]", "Auswahl", "08.12.2026 10:00", "08.12.2026 12:00", "Saal")
    await party.fill(STAFF, "[Weiter]", "[Weiter]")
    await party.tap(STAFF, "Einladen")
    await party.fill(VERA, "[Vertretung]", "[Dora Vertretung]")
    lose_the_next(party, DORA, "answerCallbackQuery")
    await party.tap(DORA, "Zusage")
    assert "Ihre Antwort: Zusage" in party.telegram.texts(DORA)[0]
    assert len([one for one in party.telegram.texts(VERA) if one.startswith("Ihre Vertretung hat geantwortet")]) == 1


async def test_a_vote_is_counted_once_and_its_receipt_spoken(party: Party) -> None:
    await party.open_vote()
    lose_the_next(party, VERA, "answerCallbackQuery")
    await party.tap(VERA, "Ja")
    assert party.toast().startswith("Ihre Stimme: Ja · Beleg ")
    assert party.toast() in party.last_text(VERA)


async def test_what_has_nothing_of_its_own_to_show_says_that_it_is_stored(party: Party) -> None:
    await party.write(STRANGER, UNKNOWN)
    await party.tap(STRANGER, "An die ReKo")
    party.clock.jump(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    lose_the_next(party, STRANGER, "answerCallbackQuery")
    await party.write(STRANGER, "Wer bekommt Geld vom Mars?")
    await party.tap(STRANGER, "An die ReKo")
    assert party.toast() == "Das ist gespeichert."
    assert party.last_text(STRANGER).startswith("Ihre Frage Nr. 2 liegt jetzt bei der ReKo.")
