"""A question before the office: joined, answered once, corrected by editing, chased, and nothing personal kept."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import TimedOut

from models.base import Database
from models.invariants import broken_promises
from models.outbox import Letter
from models.question import OfficeQuestion
from tests.auxil.asking import UNKNOWN, answered, hand_on
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import COLLEAGUE, GUEST, STAFF, STRANGER, VERA, Party, at_work
from tests.auxil.telegram_json import bad_request, blocked

TOO_LATE = "Eine Antwort lässt sich zehn Minuten lang berichtigen. Diese Zeit ist vorbei; die Antwort bleibt, wie sie"


def answers(party: Party, who: int) -> list[str]:
    return [one for one in party.telegram.texts(who) if one.startswith("Antwort der ReKo")]


# --- the same question


async def test_the_same_question_is_joined_and_both_askers_get_the_answer(party: Party) -> None:
    await hand_on(party)
    await hand_on(party, "wer bekommt denn Geld vom mond", GUEST)
    assert party.last_text(GUEST) == "Ihre Frage Nr. 2 hat schon jemand gestellt. Sie bekommen die Antwort auch."
    assert len(party.telegram.texts(STAFF)) == 1
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Offene Fragen")
    assert "Das fragt noch 1 Person." in party.last_text(STAFF)
    await answered(party)
    assert answers(party, STRANGER) == [f"Antwort der ReKo auf Ihre Frage Nr. 1\n\n„{UNKNOWN}“\n\nNiemand."]
    assert answers(party, GUEST) == [
        "Antwort der ReKo auf Ihre Frage Nr. 2\n\n„wer bekommt denn Geld vom mond“\n\nNiemand."
    ]
    async with party.database.read() as session:
        assert await broken_promises(session) == []


@pytest.mark.parametrize(
    "other", ["Wer bekommt kein Geld vom Mond?", "Wann bekommt wer Geld vom Mond?", "Wer bekommt 2 Gelder vom Mars?"]
)
async def test_another_question_is_not_joined(party: Party, other: str) -> None:
    await hand_on(party)
    await hand_on(party, other, GUEST)
    assert party.last_text(GUEST).startswith("Ihre Frage Nr. 2 liegt jetzt bei der ReKo.")


async def test_who_was_joined_may_ask_for_themselves(party: Party) -> None:
    await hand_on(party)
    await hand_on(party, who=GUEST)
    await party.tap(GUEST, "Meine Frage ist eine andere")
    assert party.last_text(GUEST).startswith("Ihre Frage Nr. 2 liegt jetzt bei der ReKo.")
    assert party.last_text(STAFF).startswith("Frage Nr. 2")
    await answered(party, "Nur für Nr. 2.")
    assert answers(party, STRANGER) == []
    assert len(answers(party, GUEST)) == 1


async def test_one_who_asks_again_what_lies_there_is_told_so(party: Party) -> None:
    await hand_on(party)
    await hand_on(party)
    assert party.toast() == "Das ist schon geschehen. Nichts hat sich geändert."
    await answered(party)
    assert len(answers(party, STRANGER)) == 1


async def test_a_question_answered_before_is_asked_anew(party: Party) -> None:
    await hand_on(party)
    await answered(party)
    await hand_on(party, who=GUEST)
    assert party.last_text(STAFF).startswith("Frage Nr. 2")


# --- one answer


async def test_of_two_who_answer_at_once_one_wins(database: Database, telegram: FakeTelegram, clock: Clock) -> None:
    async with at_work(database, telegram, clock) as party:
        await hand_on(party)
        replies = [
            telegram.write(who, text, reply_to=telegram.last(who))
            for who, text in ((STAFF, "Von Berta."), (COLLEAGUE, "Von Bernd."))
        ]
        await party.hear(*replies)
        [question] = await party.rows(OfficeQuestion)
        won, lost = (STAFF, COLLEAGUE) if question.answer == "Von Berta." else (COLLEAGUE, STAFF)
        name = {STAFF: "Berta Büro", COLLEAGUE: "Bernd Büro"}[won]
        assert answers(party, STRANGER) == [
            f"Antwort der ReKo auf Ihre Frage Nr. 1\n\n„{UNKNOWN}“\n\n{question.answer}"
        ]
        said = telegram.texts(lost)
        assert f"{name} hat Frage Nr. 1 schon beantwortet. Ihre Antwort ging nicht hinaus." in said
        assert f"Frage Nr. 1: {name} hat geantwortet." in said
        assert any(one.startswith("Die Antwort auf Frage Nr. 1 ist unterwegs.") for one in telegram.texts(won))


async def test_an_answer_too_long_for_one_message_is_refused(party: Party) -> None:
    await hand_on(party)
    await answered(party, "Wort " * 700)
    assert party.last_text(STAFF) == "Das ist zu lang. Bitte kürzen Sie es."
    [question] = await party.rows(OfficeQuestion)
    assert question.answer is None


async def test_the_longest_question_and_answer_fit_into_one_message(party: Party) -> None:
    await hand_on(party, "Wer bekommt Geld vom Mond, " + "und " * 480 + "?")
    await answered(party, "<&>" * 999)
    assert answers(party, STRANGER)[0].endswith("<&>" * 999)


# --- corrected by editing


async def test_for_ten_minutes_the_askers_copies_follow_an_edit(party: Party) -> None:
    await hand_on(party)
    await hand_on(party, who=GUEST)
    reply = await answered(party, "Nimand <hier>.")
    party.clock.advance(minutes=10)
    await party.hear(party.telegram.edit(reply, "Niemand <hier>."))
    for who in (STRANGER, GUEST):
        [copy] = answers(party, who)
        assert copy.endswith("\n\nNiemand <hier>.")
    assert party.last_text(STAFF) == (
        "Die Antwort auf Frage Nr. 1 ist berichtigt. Wer gefragt hat, sieht den neuen Wortlaut."
    )
    [question, _] = await party.rows(OfficeQuestion)
    assert question.answer == "Niemand <hier>."
    sent = [one.text for one in await party.rows(Letter) if one.kind == "answer"]
    assert all("Niemand &lt;hier&gt;." in text for text in sent)


async def test_an_edit_after_ten_minutes_is_refused_with_a_sentence(party: Party) -> None:
    await hand_on(party)
    reply = await answered(party)
    party.clock.advance(timedelta(minutes=10, seconds=1))
    await party.hear(party.telegram.edit(reply, "Doch jemand."))
    assert party.last_text(STAFF).startswith(TOO_LATE)
    assert answers(party, STRANGER)[0].endswith("Niemand.")


async def test_an_answer_given_by_the_form_is_corrected_in_the_message_that_was_typed(party: Party) -> None:
    await hand_on(party)
    await party.tap(STAFF, "Antworten")
    typed = party.telegram.write(STAFF, "Nimand.")
    await party.hear(typed)
    await party.tap(STAFF, "Senden")
    await party.hear(party.telegram.edit(typed, "Niemand."))
    assert answers(party, STRANGER)[0].endswith("\n\nNiemand.")


async def test_only_who_answered_corrects(party: Party) -> None:
    await hand_on(party)
    reply = await answered(party)
    # Message numbers are counted in each chat for itself: others have one with this number, too.
    for who in (COLLEAGUE, VERA):
        forged = party.telegram.edit(reply, "Falsch.")
        forged["edited_message"] |= {"from": {"id": who, "is_bot": False, "first_name": "X"}}
        before = len(party.telegram.calls)
        await party.hear(forged)
        assert party.telegram.calls[before:] == []
    assert answers(party, STRANGER)[0].endswith("Niemand.")


async def test_an_edit_that_changes_no_word_is_met_with_silence(party: Party) -> None:
    await hand_on(party)
    reply = await answered(party)
    party.clock.advance(hours=1)
    before = len(party.telegram.calls)
    await party.hear(party.telegram.edit(reply, " Niemand. "))
    assert party.telegram.calls[before:] == []


async def test_a_copy_that_cannot_be_edited_is_followed_by_a_fresh_one(party: Party) -> None:
    await hand_on(party)
    reply = await answered(party)
    copy = party.telegram.last(STRANGER)
    del party.telegram.chats[STRANGER][copy["message_id"]]
    edit = party.telegram.edit(reply, "Doch jemand.")
    await party.hear(edit, edit)
    assert [one.split("\n\n")[-1] for one in answers(party, STRANGER)] == ["Doch jemand."]


async def test_an_answer_of_which_nobody_knows_whether_it_arrived_is_followed_by_the_corrected_one(
    party: Party,
) -> None:
    await hand_on(party)
    party.telegram.fail("sendMessage", TimedOut(), chat_id=STRANGER)
    reply = await answered(party)
    assert answers(party, STRANGER) == []
    await party.hear(party.telegram.edit(reply, "Doch jemand."))
    assert [one.split("\n\n")[-1] for one in answers(party, STRANGER)] == ["Doch jemand."]


async def test_who_blocked_the_bot_keeps_nobody_from_the_correction(party: Party) -> None:
    await hand_on(party)
    await hand_on(party, who=GUEST)
    reply = await answered(party)
    party.telegram.fail("editMessageText", blocked(), chat_id=STRANGER)
    await party.hear(party.telegram.edit(reply, "Doch jemand."))
    assert answers(party, GUEST)[0].endswith("Doch jemand.")
    assert party.last_text(STAFF).startswith("Die Antwort auf Frage Nr. 1 ist berichtigt.")


@pytest.mark.parametrize("method", ["editMessageText", "sendMessage"])
async def test_a_correction_stored_but_not_spoken_is_spoken_again(party: Party, method: str) -> None:
    await hand_on(party)
    reply = await answered(party)
    party.telegram.fail(method, TimedOut(), chat_id=STRANGER if method == "editMessageText" else STAFF)
    await party.hear(party.telegram.edit(reply, "Doch jemand."))
    assert [one.split("\n\n")[-1] for one in answers(party, STRANGER)] == ["Doch jemand."]
    assert party.last_text(STAFF).startswith("Die Antwort auf Frage Nr. 1 ist berichtigt.")


async def test_the_program_may_die_between_store_and_speech(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the commit: the next process finds the update acted on, and only speaks."""
    await hand_on(party)
    reply = await answered(party)

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr("handlers.office.replying._bring_up_to_date", dies)
    with pytest.raises(asyncio.CancelledError):
        await party.hear(party.telegram.edit(reply, "Doch jemand."))
    assert answers(party, STRANGER)[0].endswith("Niemand.")
    monkeypatch.undo()
    await party.restart()
    await party.assistant.intake.replay()
    await party.assistant.intake.idle()
    assert answers(party, STRANGER)[0].endswith("Doch jemand.")
    [question] = await party.rows(OfficeQuestion)
    assert question.answer == "Doch jemand."


async def test_a_copy_that_shows_it_already_is_left_alone(party: Party) -> None:
    await hand_on(party)
    reply = await answered(party)
    party.telegram.fail("editMessageText", bad_request("message is not modified: same"), chat_id=STRANGER)
    await party.hear(party.telegram.edit(reply, "Doch jemand."))
    assert len(answers(party, STRANGER)) == 1


# --- two working days


async def test_after_two_working_days_the_asker_hears_that_it_still_lies_there(party: Party) -> None:
    party.clock.jump(datetime(2026, 11, 27, 9, 30, tzinfo=UTC))  # a Friday
    await hand_on(party)
    await hand_on(party, who=GUEST)
    party.clock.jump(datetime(2026, 12, 1, 9, 29, tzinfo=UTC))  # the second working day, a minute early
    await party.tick()
    assert "liegt noch" not in party.last_text(STRANGER)
    party.clock.advance(minutes=1)
    for _ in range(2):
        await party.tick()
    for who, number in ((STRANGER, 1), (GUEST, 2)):
        said = [one for one in party.telegram.texts(who) if "liegt noch" in one]
        still = f"Ihre Frage Nr. {number} liegt noch bei der ReKo. Sie ist nicht vergessen."
        assert said == [f"{still}\n\n„{UNKNOWN}“\n\nAuch per Telefon oder E-Mail: 03931 000000"]


async def test_nobody_is_woken_to_hear_that_nothing_has_happened(party: Party) -> None:
    party.clock.jump(datetime(2026, 11, 24, 21, 30, tzinfo=UTC))
    await hand_on(party)
    party.clock.jump(datetime(2026, 11, 26, 21, 30, tzinfo=UTC))
    await party.tick()
    assert "liegt noch" not in party.last_text(STRANGER)
    party.clock.jump(datetime(2026, 11, 27, 7, 0, tzinfo=UTC))
    await party.tick()
    assert "liegt noch" in party.last_text(STRANGER)


async def test_what_was_answered_meanwhile_is_not_said_to_lie_there(party: Party) -> None:
    await hand_on(party)
    await answered(party)
    party.clock.advance(days=7)
    await party.tick()
    assert not any("liegt noch" in one for one in party.telegram.texts(STRANGER))


async def test_staff_sees_on_top_what_has_waited_for_two_working_days(party: Party) -> None:
    await hand_on(party)
    await party.write(STAFF, "/buero")
    assert "wartet seit" not in party.last_text(STAFF)
    party.clock.advance(days=2)
    await party.write(STAFF, "/buero")
    assert party.last_text(STAFF).splitlines() == ["Büro", "• Frage Nr. 1 wartet seit Di, 24.11., 10:00 Uhr"]
    assert party.labels(STAFF)[0] == "Frage Nr. 1 beantworten"
    await party.fill(STAFF, "[Frage Nr. 1 beantworten]", "Niemand.", "[Senden]")
    assert answers(party, STRANGER)[0].endswith("Niemand.")


# --- personal data in what staff and askers write


async def test_an_answer_with_personal_data_is_refused_deleted_and_not_sent(party: Party) -> None:
    await hand_on(party)
    iban = "DE89 3704 0044 0532 0130 00"
    await answered(party, f"Bitte an {iban} zahlen.")
    assert party.last_text(STAFF).startswith("Ihre Nachricht enthält eine Kontonummer (IBAN).")
    await party.fill(COLLEAGUE, "[Antworten]", f"Bitte an {iban} zahlen.")
    assert party.last_text(COLLEAGUE).startswith("Ihre Nachricht enthält eine Kontonummer (IBAN).")
    assert len(party.telegram.sent("deleteMessage")) == 2
    assert answers(party, STRANGER) == []
    assert not await party.holds("3704")


async def test_a_message_edited_to_hold_personal_data_is_refused_and_deleted(party: Party) -> None:
    await hand_on(party)
    reply = await answered(party)
    asked = party.telegram.write(GUEST, UNKNOWN)
    await party.hear(asked)
    for written in (reply, asked):
        await party.hear(party.telegram.edit(written, "Max Mustermann, geb. 03.04.2005"))
    assert [one.params["chat_id"] for one in party.telegram.sent("deleteMessage")] == [STAFF, GUEST]
    assert answers(party, STRANGER)[0].endswith("Niemand.")
    assert not await party.holds("Mustermann")
