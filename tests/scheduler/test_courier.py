import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import InvalidToken, NetworkError, RetryAfter, TimedOut

import handlers.letters
from bot.limiter import Limiter
from bot.transport import NeverLeft, NotTaken
from handlers.speech import Message
from models import deadline
from models.actor import actor, ensure_account
from models.ballot import reminding as ballot_reminders
from models.base import Database, open_database
from models.deadline import Subscription
from models.heartbeat import Outage
from models.meeting import acts as meetings
from models.meeting import answering
from models.meeting import reminding as meeting_reminders
from models.meeting.rows import Invitation
from models.meeting.rules import MeetingPlan
from models.member import Account, Membership, Role
from models.outbox import Letter, LetterState, NewLetter, post
from scheduler.courier import LEASE, Courier
from scheduler.planner import remind_of_deadlines
from scheduler.verdicts import NeverLeftError
from tests.auxil.clock import Clock, settle
from tests.auxil.fake_telegram import Fault
from tests.auxil.party import JENS, KARL, STAFF, VERA, Pace, Party, found_office, throw
from tests.auxil.telegram_json import bad_request, blocked, error, flood, migrated
from tests.auxil.voting import CLOSES, enter_vote

EVERYBODY = (VERA, JENS, KARL)
# Verdicts and wordings are the same on both stores; claims and leases are not.
SQLITE_ALONE = pytest.mark.parametrize("kind", ["sqlite"])


async def letters(party: Party) -> dict[int, Letter]:
    return {row.telegram_id: row for row in await party.rows(Letter)}


async def subscribe(party: Party, who: int, due: datetime) -> int:
    async with party.database.begin() as session:
        row = await deadline.enter(
            session, {"title": "Aufruf STABIL", "kind": "Aufruf", "due_at": due, "leads": [7]}, party.clock.now
        )
        await deadline.subscribe(session, row.number, await actor(session, who), party.clock.now)
        return row.number


async def invite(party: Party) -> None:
    start = party.clock.now + timedelta(days=9)
    plan = MeetingPlan(1, "Sitzung", start, start + timedelta(hours=2), "Raum 1", "")
    async with party.database.begin() as session:
        staff = await actor(session, STAFF)
        meeting = await meetings.enter(session, plan, staff)
        await meetings.invite(session, meeting.number, staff, party.clock.now)


# --- each verdict of the table


async def test_what_arrived_is_sent_with_its_number_and_its_text(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    letter = (await letters(party))[VERA]
    shown = party.telegram.last(VERA)
    assert (letter.state, letter.message_id, letter.sent_at) == ("sent", shown["message_id"], party.clock.now)
    assert letter.text is not None
    assert letter.text.startswith("Neue Abstimmung · RAK Stendal")
    await party.deliver()
    assert len(party.telegram.texts(VERA)) == 1


@SQLITE_ALONE
async def test_one_who_blocked_us_is_unreachable_and_stops_nobody_else(party: Party) -> None:
    party.telegram.blocked.add(VERA)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    found = await letters(party)
    assert [found[who].state for who in EVERYBODY] == ["failed", "sent", "sent"]
    reachable = {row.telegram_id: row.reachable for row in await party.rows(Account)}
    assert (reachable[VERA], reachable[JENS]) == (False, True)


@SQLITE_ALONE
async def test_what_telegram_refuses_for_good_has_failed(party: Party) -> None:
    party.telegram.fail("sendMessage", bad_request("chat not found"), chat_id=VERA)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    found = await letters(party)
    assert [found[who].state for who in EVERYBODY] == ["failed", "sent", "sent"]


@SQLITE_ALONE
async def test_what_never_left_waits_and_does_not_count(party: Party) -> None:
    party.telegram.fail("sendMessage", *[NeverLeft("x")] * 9, chat_id=VERA)
    await enter_vote(party.database, party.clock.now)
    for _ in range(10):
        await party.deliver()
        party.clock.advance(seconds=5)
    letter = (await letters(party))[VERA]
    assert (letter.state, letter.not_taken, letter.doubts) == ("sent", 0, 0)
    assert len(party.telegram.texts(VERA)) == 1


async def test_what_telegram_did_not_take_is_tried_three_times_more_with_growing_pauses(party: Party) -> None:
    party.telegram.fail("sendMessage", *[NotTaken("HTTP 502")] * 4, chat_id=VERA)
    await enter_vote(party.database, party.clock.now)
    pauses = []
    for _ in range(3):
        await party.deliver()
        letter = (await letters(party))[VERA]
        assert letter.state == "waiting"
        pauses.append((letter.not_before - party.clock.now).total_seconds())
        party.clock.jump(letter.not_before)
    assert pauses == [5, 15, 45]
    await party.deliver()
    letter = (await letters(party))[VERA]
    assert (letter.state, letter.error, letter.not_taken) == ("failed", "NotTakenError", 4)
    assert len(party.telegram.sent("sendMessage", VERA)) == 4


@SQLITE_ALONE
async def test_what_telegram_takes_at_the_last_try_is_sent(party: Party) -> None:
    party.telegram.fail("sendMessage", *[NotTaken("HTTP 502")] * 3, chat_id=VERA)
    await enter_vote(party.database, party.clock.now)
    for _ in range(4):
        await party.deliver()
        party.clock.advance(minutes=1)
    assert (await letters(party))[VERA].state == "sent"


@pytest.mark.parametrize("fault", [TimedOut(), NetworkError("ServerDisconnectedError")])
async def test_what_may_have_arrived_is_not_sent_again_but_lies_before_the_office(
    party: Party, fault: NetworkError
) -> None:
    party.telegram.fail("sendMessage", fault, chat_id=VERA, arrives=True)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    party.clock.advance(hours=1)
    await party.tick()
    assert (await letters(party))[VERA].state == "uncertain"
    assert len(party.telegram.texts(VERA)) == 1
    await party.write(STAFF, "/buero")
    assert "1 ungewisse Nachricht" in party.last_text(STAFF)
    await party.tap(STAFF, "Ungewisse Nachrichten")
    assert "An Vera Muster" in party.last_text(STAFF)
    await party.tap(STAFF, "Erneut senden")
    assert len(party.telegram.texts(VERA)) == 2
    assert (await letters(party))[VERA].state == "sent"
    await party.hear(party.telegram.tap_data(STAFF, "x", party.telegram.last(STAFF)))
    assert len(party.telegram.texts(VERA)) == 2


async def test_staff_may_say_that_an_uncertain_letter_has_arrived(party: Party) -> None:
    party.telegram.fail("sendMessage", TimedOut(), chat_id=VERA, arrives=True)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Ungewisse Nachrichten")
    await party.tap(STAFF, "Es ist angekommen")
    assert (await letters(party))[VERA].state == "void"
    assert len(party.telegram.texts(VERA)) == 1


@SQLITE_ALONE
async def test_a_flood_halts_everybody_until_it_is_over(party: Party) -> None:
    pace: Pace = party.assistant._sleep.__self__  # type: ignore[attr-defined]  # the one the limiter goes by
    party.telegram.fail("sendMessage", flood(30), chat_id=VERA)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    assert (await letters(party))[VERA].state == "waiting"
    sent = len(party.telegram.sent("sendMessage"))
    await enter_vote(party.database, party.clock.now)
    for _ in range(2):
        assert await party.assistant.courier.deliver() == 0
        pace.elapsed += 14
        party.clock.advance(seconds=14)
    assert len(party.telegram.sent("sendMessage")) == sent
    pace.elapsed += 2
    party.clock.advance(seconds=2)
    assert await party.assistant.courier.deliver() == 6
    found = await party.rows(Letter)
    assert {(row.state, row.doubts) for row in found} == {("sent", 0)}


async def test_a_group_that_became_a_supergroup_is_written_to_by_its_new_id(party: Party) -> None:
    group, supergroup = -4711, -1001234567890
    async with party.database.begin() as session:
        await ensure_account(session, group, None, party.clock.now)
        await post_three(session, party, group)
    party.telegram.fail("sendMessage", *[migrated(supergroup)] * 2, chat_id=group)
    await party.deliver()
    assert len(party.telegram.texts(supergroup)) == 2
    party.clock.advance(minutes=1)
    await party.deliver()
    assert len(party.telegram.texts(supergroup)) == 3
    assert party.telegram.texts(group) == []
    assert {(row.state, row.telegram_id) for row in await party.rows(Letter)} == {("sent", supergroup)}
    reachable = {row.telegram_id: row.reachable for row in await party.rows(Account)}
    assert (reachable[group], reachable[supergroup]) == (False, True)


async def post_three(session: AsyncSession, party: Party, chat: int) -> None:
    """Two letters to one chat, and a third for later."""
    outage = Outage(id=1, began_at=party.clock.now - timedelta(hours=21), ended_at=party.clock.now)
    session.add(outage)
    await session.flush()
    later = party.clock.now + timedelta(minutes=1)
    for key, at in (("a", None), ("b", None), ("c", later)):
        await post(session, NewLetter(key, "outage", chat, {"outage": 1}, not_before=at), party.clock.now)


@SQLITE_ALONE
async def test_an_unknown_token_fails_no_letter(party: Party) -> None:
    party.telegram.fail("sendMessage", *[error(401, "Unauthorized")] * 3)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    assert {row.state for row in await party.rows(Letter)} == {"waiting"}
    party.clock.advance(seconds=5)
    await party.deliver()
    assert {row.state for row in await party.rows(Letter)} == {"sent"}


async def test_a_letter_that_cannot_be_worded_has_failed_and_holds_up_no_other(
    party: Party, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_args: Any) -> None:
        raise LookupError("no such row")

    monkeypatch.setitem(handlers.letters.WORDINGS, "broken", broken)
    async with party.database.begin() as session:
        await post(session, NewLetter("k", "broken", VERA), party.clock.now)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    states = {row.kind: (row.state, row.error) for row in await party.rows(Letter)}
    assert states == {"broken": ("failed", "LookupError"), "vote": ("sent", None)}
    assert "cannot be worded" in caplog.text


async def test_a_store_that_fails_while_wording_blames_no_letter(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setitem(handlers.letters.WORDINGS, "broken", broken)
    async with party.database.begin() as session:
        await post(session, NewLetter("k", "broken", VERA), party.clock.now)
    with pytest.raises(OperationalError):
        await party.deliver()
    assert [row.state for row in await party.rows(Letter)] == ["waiting"]
    async with party.database.begin() as session:
        (await session.scalars(select(Letter))).one().state = LetterState.VOID


@SQLITE_ALONE
async def test_a_fault_of_our_own_while_sending_fails_that_letter_only(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = party.assistant.sending.send

    async def broken(who: int, *args: Any) -> int:
        if who == VERA:
            raise TypeError
        return await send(who, *args)

    monkeypatch.setattr(party.assistant.courier, "_send", broken)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    assert {who: letter.state for who, letter in (await letters(party)).items()} == {
        VERA: "failed",
        JENS: "sent",
        KARL: "sent",
    }


# --- in doubt


async def test_a_reminder_in_doubt_is_sent_again_exactly_once(party: Party) -> None:
    await subscribe(party, VERA, party.clock.now + timedelta(days=9))
    party.telegram.fail("sendMessage", TimedOut(), TimedOut(), chat_id=VERA, arrives=True)
    party.clock.jump(datetime.fromisoformat("2026-11-26T09:00+01:00"))
    for _ in range(4):
        await party.tick()
        party.clock.advance(minutes=5)
    [letter] = await party.rows(Letter)
    assert (letter.kind, letter.state, letter.doubts) == ("reminder", "uncertain", 2)
    assert len(party.telegram.texts(VERA)) == 2


async def hold(party: Party) -> None:
    """A courier claims what is due, and dies before it can note what became of it."""
    claimed = await party.assistant.courier._claim()
    assert claimed


async def test_a_lease_that_ran_out_puts_its_letters_in_doubt(party: Party) -> None:
    await subscribe(party, VERA, party.clock.now + timedelta(days=9))
    party.clock.jump(datetime.fromisoformat("2026-11-26T09:00+01:00"))
    await enter_vote(party.database, party.clock.now)
    async with party.database.begin() as session:
        await deadline_letter(session, party)
    await hold(party)
    await party.deliver()
    assert {row.state for row in await party.rows(Letter)} == {"claimed"}
    party.clock.advance(LEASE)
    await party.deliver()
    assert sorted((row.kind, row.state) for row in await party.rows(Letter)) == [
        ("reminder", "sent"),
        *[("vote", "uncertain")] * 3,
    ]


async def deadline_letter(session: AsyncSession, party: Party) -> None:
    await remind_of_deadlines(session, party.clock.now)


async def test_the_last_process_is_not_waited_for_where_no_other_can_run(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await hold(party)
    await party.assistant.courier.release()
    expected = "claimed" if party.database.shared else "uncertain"
    assert {row.state for row in await party.rows(Letter)} == {expected}


async def test_a_late_word_that_it_arrived_still_counts(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease runs out while the letters are on their way, and another process takes them up."""
    gate, send = asyncio.Event(), party.assistant.sending.send
    others = throw(party.database, party.telegram, party.clock)
    all_on_their_way = asyncio.Barrier(len(EVERYBODY) + 1)

    async def slow(*args: Any) -> int:
        await all_on_their_way.wait()
        await gate.wait()
        return await send(*args)

    monkeypatch.setattr(party.assistant.courier, "_send", slow)
    party.telegram.fail("sendMessage", NeverLeft("x"), chat_id=JENS)
    await enter_vote(party.database, party.clock.now)
    delivery = asyncio.create_task(party.deliver())
    await all_on_their_way.wait()
    party.clock.advance(LEASE)
    await others.deliver()
    assert {row.state for row in await party.rows(Letter)} == {"uncertain"}
    gate.set()
    await delivery
    states = {who: one.state for who, one in (await letters(party)).items()}
    assert states == {VERA: "sent", JENS: "uncertain", KARL: "sent"}


async def test_a_letter_held_up_until_its_lease_is_over_does_not_leave(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    claimed = await party.assistant.courier._claim()
    assert claimed
    party.clock.advance(LEASE)
    for one in claimed:
        await party.assistant.courier._deliver(one)
    assert {row.state for row in await party.rows(Letter)} == {"waiting"}
    assert party.telegram.sent("sendMessage") == []


async def test_another_process_claim_is_not_settled_for_it(party: Party) -> None:
    """A reminder in doubt was taken up by another process: our own error says nothing of its attempt."""
    await subscribe(party, VERA, party.clock.now + timedelta(days=9))
    party.clock.jump(datetime.fromisoformat("2026-11-26T09:00+01:00"))
    async with party.database.begin() as session:
        await deadline_letter(session, party)
    others = throw(party.database, party.telegram, party.clock).assistant.courier
    claimed = await party.assistant.courier._claim()
    assert claimed
    party.clock.advance(LEASE)
    assert await others._claim()
    await party.assistant.courier._deliver(claimed[0])
    assert [row.state for row in await party.rows(Letter)] == ["claimed"]


@pytest.mark.parametrize("before", range(4))
@SQLITE_ALONE
async def test_a_reminder_in_doubt_goes_again_however_often_it_was_not_taken_before(party: Party, before: int) -> None:
    await subscribe(party, VERA, party.clock.now + timedelta(days=9))
    party.telegram.fail("sendMessage", *[NotTaken("HTTP 502")] * before, chat_id=VERA)
    party.telegram.fail("sendMessage", TimedOut(), chat_id=VERA, arrives=True)
    party.clock.jump(datetime.fromisoformat("2026-11-26T09:00+01:00"))
    for _ in range(6):
        await party.tick()
        party.clock.advance(minutes=1)
    [letter] = await party.rows(Letter)
    assert (letter.state, letter.not_taken, letter.doubts) == ("sent", before, 1)
    assert len(party.telegram.texts(VERA)) == 2


@SQLITE_ALONE
async def test_doubts_do_not_use_up_the_tries_after_5xx(party: Party) -> None:
    await subscribe(party, VERA, party.clock.now + timedelta(days=9))
    party.telegram.fail("sendMessage", TimedOut(), *[NotTaken("HTTP 502")] * 3, chat_id=VERA)
    party.clock.jump(datetime.fromisoformat("2026-11-26T09:00+01:00"))
    for _ in range(6):
        await party.tick()
        party.clock.advance(minutes=1)
    assert [(row.state, row.not_taken) for row in await party.rows(Letter)] == [("sent", 3)]


# --- the look at the claim


@SQLITE_ALONE
async def test_who_has_voted_since_is_not_reminded(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    party.clock.jump(CLOSES - timedelta(hours=24))
    async with party.database.begin() as session:
        await ballot_reminders.remind(session, party.clock.now)
    await party.assistant.intake.take([party.telegram.tap(VERA, "Ja")])
    await party.assistant.intake.idle()
    await party.deliver()
    reminders = {row.telegram_id: row.state for row in await party.rows(Letter) if row.kind == "vote_reminder"}
    assert reminders == {VERA: "void", JENS: "sent", KARL: "sent"}


@SQLITE_ALONE
async def test_a_call_to_a_vote_that_has_ended_is_void(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    party.clock.jump(CLOSES)
    await party.deliver()
    assert {row.state for row in await party.rows(Letter)} == {"void"}
    assert party.telegram.texts(VERA) == []


@SQLITE_ALONE
async def test_who_has_lost_the_mandate_since_is_not_called(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    async with party.database.begin() as session:
        for row in await session.scalars(select(Membership).where(Membership.role == Role.MEMBER)):
            row.ended_at = party.clock.now
    await party.deliver()
    assert {row.state for row in await party.rows(Letter)} == {"void"}


@SQLITE_ALONE
async def test_who_has_answered_since_is_not_reminded_of_the_meeting(party: Party) -> None:
    await invite(party)
    await party.deliver()
    party.clock.advance(days=2, hours=1)
    async with party.database.begin() as session:
        await meeting_reminders.remind(session, party.clock.now)
        own = await session.scalar(select(Invitation).order_by(Invitation.id))
        assert own is not None
        await answering.answer(session, own.id, "yes", await actor(session, VERA), party.clock.now)
    await party.deliver()
    reminders = {row.telegram_id: row.state for row in await party.rows(Letter) if row.kind == "meeting_reminder"}
    assert reminders.pop(VERA) == "void"
    assert set(reminders.values()) == {"sent"}
    assert {JENS, KARL} <= set(reminders)


@SQLITE_ALONE
async def test_an_invitation_to_a_meeting_that_is_cancelled_or_begun_is_void(party: Party) -> None:
    await invite(party)
    party.clock.advance(days=9)
    await party.deliver()
    assert {row.state for row in await party.rows(Letter)} == {"void"}


@pytest.mark.parametrize("since", ["done", "cancelled", "past"])
@SQLITE_ALONE
async def test_a_reminder_of_what_is_done_cancelled_or_past_is_void(party: Party, since: str) -> None:
    due = party.clock.now + timedelta(days=9)
    number = await subscribe(party, VERA, due)
    party.clock.jump(datetime.fromisoformat("2026-11-26T09:00+01:00"))
    async with party.database.begin() as session:
        await deadline_letter(session, party)
        match since:
            case "done":
                await deadline.end_subscription(session, number, VERA, "done", party.clock.now)
            case "cancelled":
                await deadline.cancel(session, number, party.clock.now)
            case _:
                party.clock.jump(due)
    await party.deliver()
    assert [row.state for row in await party.rows(Letter)] == ["void"]
    assert party.telegram.texts(VERA) == []
    assert len(await party.rows(Subscription)) == 1


@SQLITE_ALONE
async def test_a_letter_is_worded_in_the_language_its_reader_has_chosen_since(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    async with party.database.begin() as session:
        (await ensure_account(session, VERA, "de", party.clock.now)).language = "en"
    await party.deliver()
    assert party.last_text(VERA).startswith("New vote · RAK Stendal")
    assert party.last_text(JENS).startswith("Neue Abstimmung · RAK Stendal")


# --- pace, order, several at once


async def test_a_direct_answer_does_not_wait_behind_letters(party: Party) -> None:
    pace, waiting, gate = Pace(), asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        waiting.set()
        await gate.wait()
        await pace.sleep(seconds)

    party.assistant.application.bot._rate_limiter = Limiter(1, monotonic=pace.monotonic, sleep=sleep)
    await enter_vote(party.database, party.clock.now)
    delivery = asyncio.create_task(party.deliver())
    await waiting.wait()
    await party.assistant.intake.take([party.telegram.write(STAFF, "/kontakt")])
    await party.assistant.intake.idle()
    assert [call.params["chat_id"] for call in party.telegram.sent("sendMessage")] == [VERA, STAFF]
    gate.set()
    await delivery
    assert [call.params["chat_id"] for call in party.telegram.sent("sendMessage")] == [VERA, STAFF, JENS, KARL]


async def test_two_couriers_never_claim_the_same_letter(postgres_url: str, clock: Clock) -> None:
    first, second = open_database(postgres_url), open_database(postgres_url)
    await found_office(first, clock.now)
    async with first.begin() as session:
        for number in range(60):
            await post(session, NewLetter(f"k{number}", "note", EVERYBODY[number % 3]), clock.now)
    hands: dict[str, list[int]] = {"first": [], "second": []}

    def courier(database: Database, name: str) -> Courier:
        async def word(_session: AsyncSession, letter: Letter, _now: datetime) -> Any:
            hands[name].append(letter.id)
            await asyncio.sleep(0)
            return Message("x")

        async def send(*_args: Any) -> int:
            await asyncio.sleep(0)
            return 7

        return Courier(database, word, send, clock)

    await asyncio.gather(courier(first, "first").deliver(), courier(second, "second").deliver())
    assert sorted(hands["first"] + hands["second"]) == list(range(1, 61))
    assert hands["first"]
    assert hands["second"]
    async with first.read() as session:
        assert set(await session.scalars(select(Letter.state))) == {"sent"}
    await first.close()
    await second.close()


async def test_a_courier_told_to_stop_ends_what_is_on_its_way(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    going, gate, send = asyncio.Event(), asyncio.Event(), party.assistant.sending.send

    async def slow(*args: Any) -> int:
        going.set()
        await gate.wait()
        return await send(*args)

    monkeypatch.setattr(party.assistant.courier, "_send", slow)
    await enter_vote(party.database, party.clock.now)
    delivery = asyncio.create_task(party.deliver())
    await going.wait()
    ending = asyncio.create_task(party.assistant.courier.finish())
    await settle()
    assert not ending.done()
    gate.set()
    await ending
    await delivery
    assert {row.state for row in await party.rows(Letter)} == {"sent"}


@SQLITE_ALONE
async def test_what_goes_wrong_is_logged_by_its_kind_never_by_its_text(
    party: Party, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "scheduler")
    faults: list[Fault] = [blocked(), bad_request("x"), TimedOut()]
    for who, fault in zip(EVERYBODY, faults, strict=True):
        party.telegram.fail("sendMessage", fault, chat_id=who)
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    said = [record.getMessage() for record in caplog.records]
    assert sorted(line.rpartition(": ")[2] for line in said) == ["BadRequest", "Forbidden", "TimedOut"]
    assert "Förderung" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("fault", [RetryAfter(5), NeverLeftError(), InvalidToken()])
@SQLITE_ALONE
async def test_telegram_out_of_reach_ends_the_round(party: Party, fault: Exception) -> None:
    async def refuse(*_args: Any) -> int:
        raise fault

    courier = Courier(party.database, handlers.letters.word, refuse, party.clock)
    await enter_vote(party.database, party.clock.now)
    assert await courier.deliver() == 3
    waiting = await party.rows(Letter)
    assert {row.state for row in waiting} == {"waiting"}
    assert {row.not_before - party.clock.now for row in waiting} == {timedelta(seconds=5)}
    assert {row.not_taken for row in waiting} == {0}
