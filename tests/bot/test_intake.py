import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError, TimedOut

import handlers.votes.casting
import models.ballot.casting
from bot.intake import Intake, lane_of
from bot.introducing import learn_who_we_are
from bot.polling import poll
from bot.transport import NeverLeft, NotTaken
from bot.working import LONGEST_PAUSE
from handlers.house import Act, House
from models import inbox
from models.ballot.rows import Ballot, Receipt, Vote
from models.base import Database
from models.drafts import Draft
from models.inbox import Arrival, InboxRow
from models.invariants import broken_promises
from models.question import OfficeQuestion
from tests.auxil.clock import Clock, settle
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import JENS, STAFF, VERA, Party, at_work, throw
from tests.auxil.telegram_json import blocked, flood
from tests.auxil.voting import enter_vote

Update = Mapping[str, Any]


def said(update_id: int, chat: int = 1, text: str = "?") -> dict[str, Any]:
    return {"update_id": update_id, "message": {"chat": {"id": chat}, "from": {"id": chat}, "text": text}}


class Hands:
    """Works updates off as a test tells it to, and remembers in which order."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.held: dict[int, asyncio.Event] = {}
        self.faults: dict[int, list[BaseException]] = {}

    async def __call__(self, update: Update, act: Act) -> BaseException | None:
        number = update["update_id"]
        self.begun.append(number)
        if number in self.held:
            await self.held[number].wait()
        if self.faults.get(number):
            return self.faults[number].pop(0)
        self.done.append(number)
        return None


class Line:
    """Telegram's side of getUpdates: gives what a test has laid in, then ends the polling."""

    def __init__(self, *answers: list[dict[str, Any]] | TelegramError) -> None:
        self.answers = list(answers)
        self.offsets: list[int | None] = []
        self.known: list[set[int]] = []
        self.intake: Intake | None = None
        self.database: Database | None = None

    async def updates(self, _url: str, params: Mapping[str, Any], _read_timeout: float) -> list[dict[str, Any]]:
        self.offsets.append(params.get("offset"))
        if self.database is not None:
            async with self.database.read() as session:
                self.known.append(set(await session.scalars(select(InboxRow.update_id))))
        if not self.answers:
            assert self.intake is not None
            self.intake.stopping = True
            return []
        answer = self.answers.pop(0)
        if isinstance(answer, TelegramError):
            raise answer
        return answer


class Pauses:
    """A sleep that takes no time and remembers how long it should have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


class Desk:
    """An intake on its own, with hands that a test tells what to do."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.hands, self.pauses = database, Hands(), Pauses()
        self.intake = Intake(House(database, clock), self.hands, sleep=self.pauses)

    async def poll(self, line: Line) -> None:
        line.intake = self.intake
        await poll(self.intake, line, "url", sleep=self.pauses)  # type: ignore[arg-type]  # as much of a transport as polling needs
        self.intake.stopping = False

    async def hear(self, *updates: Update) -> None:
        await self.intake.take(updates)
        await self.intake.idle()
        await self.intake.settle()

    async def rows(self) -> dict[int, InboxRow]:
        async with self.database.read() as session:
            return {row.update_id: row for row in await session.scalars(select(InboxRow))}


@pytest.fixture
async def desk(database: Database, clock: Clock) -> AsyncIterator[Desk]:
    made = Desk(database, clock)
    yield made
    await made.intake.stop()


# --- in and out


async def test_nothing_is_confirmed_before_it_is_stored(desk: Desk) -> None:
    line = Line([said(7), said(8, chat=2)], [said(9)])
    line.database = desk.database
    await desk.poll(line)
    assert line.offsets == [None, 9, 10]
    assert line.known == [set(), {7, 8}, {7, 8, 9}]
    await desk.intake.idle()
    assert sorted(desk.hands.done) == [7, 8, 9]


async def test_what_could_not_be_stored_is_not_confirmed_and_comes_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take_in, failures = inbox.take_in, [OperationalError("INSERT", {}, Exception("disk full"))]

    async def failing(*args: Any) -> set[int]:
        if failures:
            raise failures.pop()
        return await take_in(*args)

    monkeypatch.setattr(inbox, "take_in", failing)
    line = Line([said(7)], [said(7)])
    await desk.poll(line)
    assert line.offsets == [None, None, 8]
    assert "could not be stored" in caplog.text
    await desk.intake.idle()
    assert desk.hands.done == [7]


async def test_a_chat_keeps_its_order_and_a_slow_one_holds_no_other(desk: Desk) -> None:
    desk.hands.held[1] = asyncio.Event()
    await desk.intake.take([said(3, chat=2), said(2, chat=1), said(1, chat=1)])
    await desk.intake.take([said(4, chat=1), said(5, chat=2)])
    async with asyncio.timeout(10):
        while len(desk.hands.done) < 2:  # noqa: ASYNC110 - the hands tell nobody
            await asyncio.sleep(0)
    assert desk.hands.done == [3, 5]
    assert sorted(desk.hands.begun) == [1, 3, 5]
    desk.hands.held[1].set()
    await desk.intake.idle()
    assert desk.hands.done == [3, 5, 1, 2, 4]


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        (said(1, chat=-5), (-5, "message")),
        (
            {"update_id": 1, "callback_query": {"from": {"id": 3}, "message": {"chat": {"id": 9}}}},
            (9, "callback_query"),
        ),
        ({"update_id": 1, "callback_query": {"from": {"id": 3}, "inline_message_id": "x"}}, (3, "callback_query")),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 4}, "from": {"id": 4}}}, (4, "my_chat_member")),
        ({"update_id": 1, "poll": {"id": "x"}}, (0, "poll")),
        ({"update_id": 1}, (0, "nothing")),
        ({"update_id": 1, "news": "x"}, (0, "news")),
    ],
)
def test_order_is_kept_within_the_chat(update: Update, lane: tuple[int, str]) -> None:
    assert lane_of(update) == lane


async def test_a_redelivered_update_meets_its_own_id(desk: Desk) -> None:
    desk.hands.held[1] = asyncio.Event()
    await desk.intake.take([said(1)])
    await desk.intake.take([said(1), said(2)])  # while the first still waits
    desk.hands.held[1].set()
    await desk.intake.idle()
    await desk.intake.settle()
    await desk.hear(said(2), said(1))  # after both are done
    assert desk.hands.begun == [1, 2]


async def test_a_batch_that_holds_an_update_twice_is_one_update(desk: Desk) -> None:
    await desk.hear(said(1), said(1))
    assert desk.hands.begun == [1]


async def test_payloads_are_gone_once_answered_and_ids_after_48_hours(desk: Desk, clock: Clock) -> None:
    await desk.hear(said(1, text="geheim"))
    row = (await desk.rows())[1]
    assert (row.state, row.payload) == ("done", None)
    for hours, kept in ((48, True), (1, False)):
        clock.advance(hours=hours)
        async with desk.database.begin() as session:
            await inbox.forget_old(session, clock.now)
        assert (1 in await desk.rows()) is kept


async def test_an_effect_is_claimed_once_and_never_of_an_update_that_is_done(desk: Desk, clock: Clock) -> None:
    async with desk.database.begin() as session:
        await inbox.take_in(session, [Arrival(1, 1, clock.now, "message", "{}")])
    claims = []
    for _ in range(2):
        async with desk.database.begin() as session:
            claims.append(await inbox.mark_acted(session, 1))
    async with desk.database.begin() as session:
        await inbox.mark_done(session, [1])
        claims.append(await inbox.mark_acted(session, 1))
    assert claims == [True, False, False]


async def test_the_next_batch_empties_the_payloads_of_those_answered(desk: Desk) -> None:
    await desk.intake.take([said(1)])
    await desk.intake.idle()
    await desk.intake.take([said(2)])
    assert (await desk.rows())[1].state == "done"


# --- what fails


async def test_what_keeps_failing_is_set_aside_after_three_tries_and_its_chat_goes_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.hands.faults[1] = [ValueError("Vera sagte …")] * 9
    await desk.hear(said(1, text="sehr geheim"), said(2))
    assert desk.hands.begun == [1, 1, 1, 2]
    row = (await desk.rows())[1]
    assert (row.state, row.kind, row.error, row.tries, row.payload) == ("set_aside", "message", "ValueError", 3, None)
    assert "Update 1 (message) failed." in caplog.text
    assert "sehr geheim" not in caplog.text
    await desk.hear(said(1))
    assert desk.hands.begun == [1, 1, 1, 2]


@pytest.mark.parametrize("fault", [NeverLeft("x"), NotTaken("x"), TimedOut(), NetworkError("x")])
async def test_telegram_out_of_reach_is_no_try(
    desk: Desk, fault: NetworkError, caplog: pytest.LogCaptureFixture
) -> None:
    desk.hands.faults[1] = [fault] * 9
    await desk.hear(said(1))
    row = (await desk.rows())[1]
    assert (row.state, row.tries) == ("done", 0)
    assert desk.pauses.taken == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert "Traceback" not in caplog.text


async def test_a_store_out_of_reach_stops_neither_the_chat_nor_the_bot(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_failure, failures = inbox.note_failure, [OperationalError("UPDATE", {}, Exception("gone"))] * 4

    async def failing(*args: Any) -> bool:
        if failures:
            raise failures.pop()
        return await note_failure(*args)

    monkeypatch.setattr(inbox, "note_failure", failing)
    desk.hands.faults[1] = [OperationalError("SELECT", {}, Exception("gone"))] * 5
    await desk.hear(said(1), said(2))
    assert desk.hands.done == [1, 2]


# --- polling


async def test_another_poller_is_named_and_polling_goes_on_with_growing_pauses(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await desk.poll(Line(*[Conflict("terminated by other getUpdates request")] * 8, [said(1)], Conflict("again")))
    await desk.intake.idle()
    assert desk.hands.done == [1]
    assert desk.pauses.taken == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, 1]
    assert caplog.text.count("Conflict: another process") == 9
    assert "Traceback" not in caplog.text


async def test_no_network_is_said_and_polling_goes_on(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.poll(Line(NeverLeft("x"), TimedOut(), NotTaken("HTTP 502"), [said(1)]))
    await desk.intake.idle()
    assert desk.hands.done == [1]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 3
    assert "Traceback" not in caplog.text


async def test_an_unknown_token_is_said_once_and_asked_with_no_more(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line(InvalidToken("The token `42:TEST` was rejected"), [said(1)])
    await poll(desk.intake, line, "url", sleep=desk.pauses)  # type: ignore[arg-type]  # as much of a transport as polling needs
    assert line.offsets == [None]
    assert [record.getMessage() for record in caplog.records] == [
        "Telegram does not know this BOT_TOKEN. Please check it with @BotFather."
    ]


# --- the whole bot, killed between its steps


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
async def party(database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    async with at_work(database, telegram, clock) as party:
        yield party
    async with database.read() as session:
        assert await broken_promises(session) == []


async def restart(party: Party) -> Party:
    """Another process on the same store, which takes up what was left."""
    fresh = throw(party.database, party.telegram, party.clock)
    await fresh.assistant.application.initialize()
    await fresh.assistant.courier.release()
    await fresh.assistant.intake.replay()
    await fresh.assistant.intake.idle()
    await fresh.assistant.intake.settle()
    await fresh.deliver()
    return fresh


async def test_a_tap_stored_but_not_begun_is_worked_off_after_a_restart(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    tap = party.telegram.tap(VERA, "Ja")
    party.assistant.intake.stopping = True
    await party.hear(tap)
    assert await party.rows(Ballot) == []
    await restart(party)
    [ballot] = await party.rows(Ballot)
    assert f"Beleg {ballot.receipt}" in party.telegram.toasts()[-1]
    assert {row.state for row in await party.rows(InboxRow)} == {"done"}


async def test_a_vote_whose_receipt_was_not_spoken_is_spoken_from_the_store(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    party.telegram.fail("answerCallbackQuery", Killed())
    tap = party.telegram.tap(VERA, "Ja")
    with pytest.raises(Killed):
        await party.hear(tap)
    [ballot] = await party.rows(Ballot)
    party.clock.advance(minutes=5)
    again = await restart(party)
    assert party.telegram.toasts()[-1].startswith(f"Ihre Stimme: Ja · Beleg {ballot.receipt} ")
    assert f"Beleg {ballot.receipt}" in party.last_text(VERA)
    await again.hear(tap)
    [after] = await party.rows(Ballot)
    assert (after.receipt, after.cast_at, after.update_id) == (ballot.receipt, ballot.cast_at, tap["update_id"])
    assert len(await party.rows(Receipt)) == 1


async def test_a_form_step_stored_but_not_spoken_puts_its_open_question_again(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]")
    party.telegram.fail("sendMessage", Killed())
    title = party.telegram.write(STAFF, "Förderung 2027")
    with pytest.raises(Killed):
        await party.hear(title)
    again = await restart(party)
    [draft] = await party.rows(Draft)
    assert draft.answers["title"] == "Förderung 2027"
    assert "Wortlaut" in party.last_text(STAFF) or "Text" in party.last_text(STAFF)
    await again.hear(title)
    [after] = await party.rows(Draft)
    assert after.asked == draft.asked


async def test_a_vote_opened_but_not_spoken_is_opened_once(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]", "Titel", "Text", "[Weiter]", "[Sofort]")
    await party.fill(STAFF, "01.12.2026 12:00", "[Nein]")
    party.telegram.fail("answerCallbackQuery", Killed())
    tap = party.telegram.tap(STAFF, "Eröffnen")
    with pytest.raises(Killed):
        await party.hear(tap)
    again = await restart(party)
    await again.hear(tap)
    assert len(await party.rows(Vote)) == 1
    assert len(party.telegram.texts(VERA)) == 1


async def test_an_update_in_the_hands_of_two_processes_has_one_effect(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]", "Titel", "Text", "[Weiter]", "[Sofort]")
    await party.fill(STAFF, "01.12.2026 12:00", "[Nein]")
    party.assistant.intake.stopping = True
    await party.hear(party.telegram.tap(STAFF, "Eröffnen"))
    hands = [throw(party.database, party.telegram, party.clock) for _ in range(2)]
    for one in hands:
        await one.assistant.application.initialize()
        assert await one.assistant.intake.replay() == 1
    await asyncio.gather(*(one.assistant.intake.idle() for one in hands))
    await asyncio.gather(*(one.assistant.intake.settle() for one in hands))
    assert len(await party.rows(Vote)) == 1


async def test_a_question_stored_but_not_answered_is_noted_once(party: Party) -> None:
    party.telegram.fail("sendMessage", Killed())
    with pytest.raises(Killed):
        await party.write(VERA, "Wie hoch ist der Mond?")
    await restart(party)
    assert "keine belegte Auskunft" in party.last_text(VERA)
    assert len(await party.rows(OfficeQuestion)) == 1


async def test_a_fault_tells_the_voter_nothing_false(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()

    async def broken(*_args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(models.ballot.casting, "cast", broken)
    before = party.telegram.texts(VERA)
    await party.tap(VERA, "Ja")
    monkeypatch.undo()
    [told] = party.telegram.texts(VERA)[len(before) :]
    assert told.startswith("Das hat nicht geklappt, und nichts davon ist gespeichert.")
    assert not any("Ihre Stimme" in toast for toast in party.telegram.toasts())
    assert await party.rows(Ballot) == []
    await party.tap(VERA, "Nein")
    assert party.telegram.toasts()[-1].startswith("Ihre Stimme: Nein")


async def test_a_fault_after_the_commit_leaves_the_vote_and_says_so(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    show, faults = handlers.votes.casting._show, [ZeroDivisionError()]

    async def broken(*args: Any) -> None:
        if faults:
            raise faults.pop()
        await show(*args)

    monkeypatch.setattr(handlers.votes.casting, "_show", broken)
    await party.tap(VERA, "Ja")
    [ballot] = await party.rows(Ballot)
    assert f"Beleg {ballot.receipt}" in party.telegram.toasts()[-1]
    assert len(await party.rows(Receipt)) == 1


async def test_who_has_blocked_the_bot_is_not_tried_again(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    tap = party.telegram.tap(VERA, "Ja")
    party.telegram.fail("editMessageText", blocked())
    await party.hear(tap)
    [ballot] = await party.rows(Ballot)
    assert ballot.update_id == tap["update_id"]
    assert {row.state for row in await party.rows(InboxRow)} == {"done"}
    assert "Traceback" not in caplog.text


async def test_telegrams_wish_for_silence_is_no_try(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    party.telegram.fail("sendMessage", *[flood(3)] * 9)
    await party.write(JENS, "/kontakt")
    assert "03931 000000" in party.last_text(JENS)
    assert {(row.state, row.tries) for row in await party.rows(InboxRow)} == {("done", 0)}
    assert "Traceback" not in caplog.text


# --- the start


async def test_without_a_network_at_the_start_the_bot_waits_and_goes_on(
    party: Party, caplog: pytest.LogCaptureFixture
) -> None:
    fresh = throw(party.database, party.telegram, party.clock)
    pauses = Pauses()
    party.telegram.fail("getMe", NeverLeft("x"), TimedOut(), flood(1), NotTaken("HTTP 502"))
    assert await learn_who_we_are(fresh.assistant.application, pauses)
    assert pauses.taken == [1, 2, 4]  # a flood is waited out by the limiter
    assert caplog.text.count("Telegram cannot be reached") == 3
    assert "Traceback" not in caplog.text


async def test_an_unknown_token_at_the_start_leaves_the_bot_up_and_silent(
    party: Party, caplog: pytest.LogCaptureFixture
) -> None:
    fresh = throw(party.database, party.telegram, party.clock)
    party.telegram.fail("getMe", (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}))
    before = len(party.telegram.calls)
    await fresh.assistant.start()
    await asyncio.gather(*fresh.assistant._tasks.under_way)
    assert [call.method for call in party.telegram.calls[before:]] == ["getMe"]
    assert "Telegram does not know this BOT_TOKEN" in caplog.text
    assert "42:TEST" not in caplog.text
    assert not fresh.assistant._ticker.running
    await fresh.assistant.intake.stop()


async def test_a_part_that_breaks_is_said_so(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    async def breaks() -> None:
        raise ZeroDivisionError

    party.assistant._tasks.spawn(breaks())
    await settle()
    assert "A part of the bot has stopped" in caplog.text
    assert not party.assistant._tasks.under_way


async def test_what_was_set_aside_stays_on_record(desk: Desk, clock: Clock) -> None:
    desk.hands.faults[1] = [ValueError()] * 3
    await desk.hear(said(1))
    async with desk.database.begin() as session:
        await inbox.forget_old(session, clock.now + timedelta(days=30))
    assert (await desk.rows())[1].error == "ValueError"
