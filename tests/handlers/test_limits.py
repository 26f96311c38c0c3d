"""Nobody can wear the bot or the office out, and nobody's button, group or forwarded text does harm."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.allowance import FILES, GROUP, MOST_KNOWN, QUESTIONS, Allowance, Counter, Verdict
from models import question as questions
from models.actor import ensure_account
from models.outbox import Letter
from models.question import OfficeQuestion
from models.question.rules import MOST, MOST_LISTED, MOST_OF_ALL
from models.refusals import TooMany
from tests.auxil.party import COLLEAGUE, STAFF, STRANGER, VERA, Party

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
GROUP_ID = -77


# --- the counter


@given(st.lists(st.integers(0, 200), max_size=60), st.integers(1, 5))
def test_never_more_than_the_most_within_the_while(gaps: list[int], most: int) -> None:
    allowance, counter, now = Allowance("x", most, timedelta(minutes=5)), Counter(), NOON
    granted: list[datetime] = []
    for other, gap in enumerate(gaps, 2):
        now += timedelta(seconds=gap)
        verdict, until = counter.ask(allowance, 1, now)
        lately = [at for at in granted if at > now - allowance.within]
        assert (verdict is Verdict.YES) == (len(lately) < most)
        if verdict is Verdict.YES:
            granted.append(now)
        else:
            assert until == lately[0] + allowance.within
            assert counter.ask(allowance, 1, now)[0] is Verdict.SILENCE, "it is told once"
        assert counter.ask(allowance, other, now)[0] is Verdict.YES, "others are not concerned"


def test_a_flood_of_accounts_does_not_fill_the_memory() -> None:
    counter = Counter()
    for number in range(MOST_KNOWN + 100):
        counter.ask(QUESTIONS, number, NOON + timedelta(seconds=number))
    assert len(counter._times) <= MOST_KNOWN
    assert ("questions", MOST_KNOWN + 99) in counter._times


# --- questions and files


async def test_after_many_questions_one_sentence_and_then_silence(party: Party) -> None:
    for _ in range(QUESTIONS.most):
        await party.write(STRANGER, "Danke!")
    assert party.last_text(STRANGER) == "Gern geschehen."
    for _ in range(3):
        await party.write(STRANGER, "Danke!")
    said = [one for one in party.telegram.texts(STRANGER) if one.startswith("Das waren viele Fragen")]
    assert said == ["Das waren viele Fragen in kurzer Zeit. Die nächste beantworte ich ab Di, 24.11.2026, 10:10 Uhr."]
    await party.write(STRANGER, "Meine IBAN ist DE02120300000000202051")
    assert "Kontonummer" in party.last_text(STRANGER)
    assert party.telegram.sent("deleteMessage", STRANGER), "personal data are refused all the same"
    await party.write(VERA, "Danke!")
    assert party.last_text(VERA) == "Gern geschehen."
    party.clock.advance(minutes=10)
    await party.write(STRANGER, "Danke!")
    assert party.last_text(STRANGER) == "Gern geschehen."


async def test_commands_and_votes_are_not_counted_as_questions(party: Party) -> None:
    await party.open_vote()
    for _ in range(QUESTIONS.most + 1):
        await party.write(VERA, "Danke!")
    await party.tap(VERA, "Ja")
    assert party.toast().startswith("Ihre Stimme: Ja")
    await party.write(VERA, "/kontakt")
    assert "03931 000000" in party.last_text(VERA)


async def test_after_many_files_none_is_fetched(party: Party) -> None:
    for _ in range(FILES.most + 2):
        await party.hear(party.telegram.upload(STAFF, "members.csv", b"x"))
    assert len(party.telegram.sent("getFile")) == FILES.most
    assert party.last_text(STAFF).startswith("Das waren viele Dateien in kurzer Zeit.")


# --- the office's telephones


async def hand_on(party: Party, who: int, text: str) -> OfficeQuestion:
    async with party.database.begin() as session:
        await ensure_account(session, who, "de", party.clock.now)
        question = await questions.note(session, who, text, party.clock.now, "none", None)
        await questions.hand_on(session, question, party.clock.now)
        return question


@pytest.mark.parametrize(("who", "most"), [(STRANGER, MOST), (VERA, MOST_LISTED)])
async def test_one_account_hands_on_so_many_questions_a_day(party: Party, who: int, most: int) -> None:
    for number in range(most):
        await hand_on(party, who, f"Frage nach Wolke {number}")
        party.clock.advance(minutes=1)
    first = party.clock.now - timedelta(minutes=most)
    with pytest.raises(TooMany) as refused:
        await hand_on(party, who, "Noch eine Frage")
    assert refused.value.until == first + timedelta(days=1)
    party.clock.jump(refused.value.until)
    await hand_on(party, who, "Noch eine Frage")


async def test_who_has_handed_on_enough_reads_when_again_and_where_else(party: Party) -> None:
    for number in range(MOST):
        await hand_on(party, STRANGER, f"Frage nach Wolke {number}")
    await party.write(STRANGER, "Wer bekommt Geld vom Mond?")
    await party.tap(STRANGER, "An die ReKo")
    assert party.toast().startswith("Sie haben der ReKo heute schon viele Fragen gestellt.")
    assert "/kontakt" in party.toast()
    assert [one.handed_at for one in await party.rows(OfficeQuestion)][-1] is None


async def test_many_strangers_together_do_not_ring_at_the_office_all_night(party: Party) -> None:
    for number in range(MOST_OF_ALL + 3):
        await hand_on(party, 10_000 + number, f"Frage nach Wolke {number}")
    letters = [one for one in await party.rows(Letter) if one.kind == "question"]
    assert len(letters) == MOST_OF_ALL * len({STAFF, COLLEAGUE})
    assert all(one.silent for one in letters)
    async with party.database.read() as session:
        assert len(await questions.waiting(session)) == MOST_OF_ALL + 3, "none is lost"
    await hand_on(party, VERA, "Frage eines Mitglieds")
    assert len([one for one in await party.rows(Letter) if one.kind == "question"]) == len(letters) + 2


# --- codes


async def test_codes_cannot_be_tried_out_by_text_link_or_leaving(party: Party) -> None:
    code = await party.issue(VERA)
    for _ in range(5):
        await party.write(STRANGER, "/start 0000-0000-0000-0000")
    for way in (f"/start {code}", code, code.lower()):
        await party.write(STRANGER, way)
        assert "Zu viele falsche Codes" in party.last_text(STRANGER)
    await party.write(STRANGER, "/loeschen")
    await party.tap(STRANGER, "Endgültig löschen")
    await party.write(STRANGER, f"/start {code}")
    assert "Zu viele falsche Codes" in party.last_text(STRANGER)


# --- groups, channels, forwarded texts, inline buttons


async def test_a_group_gets_a_few_answers_and_then_none(party: Party) -> None:
    for number in range(GROUP.most + 5):
        await party.write(STRANGER + number % 3, "/hilfe", chat_id=GROUP_ID)
    assert len(party.telegram.sent("sendMessage", GROUP_ID)) == GROUP.most


@pytest.mark.parametrize("command", ["/meinedaten", "/loeschen", "/offen", "/buero", "/start ABCD-EFGH-JKMN-PQRS"])
async def test_a_group_hears_nothing_of_anybody(party: Party, command: str) -> None:
    before = await party.state()
    await party.write(STAFF, command, chat_id=GROUP_ID)
    assert party.telegram.texts(GROUP_ID) == ["Bitte schreiben Sie mir im privaten Chat: https://t.me/reko_test_bot"]
    assert await party.state() == before
    assert party.telegram.sent("sendDocument") == []


async def test_a_forwarded_list_of_people_is_refused_like_ones_own(party: Party) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Jemand", "date": 0}
    await party.write(VERA, "Anna Müller\nBen Schulze\nCarla Meier", forward_origin=origin)
    assert "Liste von Teilnehmenden" in party.last_text(VERA)
    assert not await party.holds("Carla Meier")


async def test_a_button_on_a_message_sent_by_way_of_inline_mode_does_nothing(party: Party) -> None:
    """Such a tap has no message, only ``inline_message_id``; we send none of them."""
    await party.open_vote()
    shown = party.telegram.last(VERA)
    update: dict[str, Any] = party.telegram.tap_data(STRANGER, "va:1:close", shown)
    query = update["callback_query"]
    del query["message"]
    query["inline_message_id"] = "AAAA"
    before = await party.state()
    await party.hear(update)
    assert party.toast().startswith("Das darf nur")
    assert await party.state() == before


async def test_an_inline_query_is_met_with_silence(party: Party) -> None:
    update = party.telegram.write(STRANGER, "x")
    asked = {"id": "1", "from": update.pop("message")["from"], "query": "Wer hat gestimmt?", "offset": ""}
    calls = len(party.telegram.calls)
    await party.hear({**update, "inline_query": asked})
    assert len(party.telegram.calls) == calls
