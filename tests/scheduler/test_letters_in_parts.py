"""A long letter goes out in several messages, and its files after them: what has arrived is not repeated."""

import asyncio

import pytest
from telegram.error import TimedOut

import handlers.letters
from bot.transport import NeverLeft, NotTaken
from handlers.callbacks import Open
from handlers.speech import File, Message
from models.outbox import Letter, NewLetter, post
from scheduler.courier import LEASE, REFUSED
from tests.auxil.fake_telegram import Fault
from tests.auxil.party import STAFF, VERA, Pace, Party, throw
from tests.auxil.telegram_json import bad_request, blocked, flood

LONG = "\n".join(f"{number}. " + "Absatz " * 72 for number in range(1, 31))
PARTS = 4
FILES = ("a.ics", "b.pdf")


async def post_long(party: Party, monkeypatch: pytest.MonkeyPatch, kind: str = "long", files: tuple[str, ...] = ()
                    ) -> None:  # fmt: skip
    """A letter that says at its beginning and at its end when it was worded."""

    async def long(turn: handlers.letters.Turn) -> Message:
        text = f"{turn.now}\n{LONG}\n{turn.now}"
        return Message(text, [[("Büro", Open("office"))]], [File(name, b"x") for name in files])

    monkeypatch.setitem(handlers.letters.WORDINGS, kind, long)
    async with party.database.begin() as session:
        await post(session, NewLetter("k", kind, VERA), party.clock.now)


async def the_letter(party: Party) -> Letter:
    [letter] = await party.rows(Letter)
    assert isinstance(letter, Letter)
    return letter


async def deliver(party: Party, rounds: int = 3) -> None:
    pace: Pace = party.assistant._sleep.__self__  # type: ignore[attr-defined]  # the one the limiter goes by
    for _ in range(rounds):
        await party.deliver()
        party.clock.advance(seconds=10)
        pace.elapsed += 10


def whole(party: Party, began: str) -> bool:
    """What arrived is the whole letter, once, worded at one time."""
    return " ".join(party.telegram.texts(VERA)).split() == f"{began} {LONG} {began}".split()


@pytest.mark.parametrize("fault", [NotTaken("HTTP 502"), NeverLeft("x"), flood(5)], ids=["5xx", "no line", "429"])
@pytest.mark.parametrize("part", range(PARTS))
async def test_a_part_that_did_not_arrive_goes_again_and_none_before_it(
    party: Party, monkeypatch: pytest.MonkeyPatch, fault: Fault, part: int
) -> None:
    await post_long(party, monkeypatch)
    party.telegram.fail("sendMessage", *[None] * part, fault, chat_id=VERA)
    began = party.clock.now
    await deliver(party)
    letter = await the_letter(party)
    assert letter.state == "sent"
    assert len(party.telegram.texts(VERA)) == len(letter.parts) == PARTS
    # The first part says when it was worded; so does the last, although the letter was claimed again later.
    assert whole(party, str(began) if part else str(began.replace(second=10)))
    assert letter.message_id == letter.parts[-1] == party.telegram.last(VERA)["message_id"]
    assert party.labels(VERA) == ["Büro"]


async def test_a_part_in_doubt_is_the_only_one_a_person_sends_again(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post_long(party, monkeypatch)
    party.telegram.fail("sendMessage", None, None, TimedOut(), chat_id=VERA, arrives=True)
    await deliver(party)
    assert (await the_letter(party)).state == "uncertain"
    assert len(party.telegram.texts(VERA)) == 3
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Ungewisse Nachrichten")
    await party.tap(STAFF, "Erneut senden")
    shown = party.telegram.texts(VERA)
    assert len(shown) == PARTS + 1
    assert shown[2] == shown[3]
    assert len(set(shown)) == PARTS


async def test_a_crash_between_two_parts_repeats_at_most_the_one_on_its_way(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post_long(party, monkeypatch, "reminder")
    sent, send = 0, party.assistant.sending.send

    async def killed(*args: object) -> int:
        nonlocal sent
        sent += 1
        message_id = await send(*args)  # type: ignore[arg-type]  # handed through
        if sent == 3:
            raise asyncio.CancelledError  # the process ends before it can note that the third has arrived
        return message_id

    monkeypatch.setattr(party.assistant.courier, "_send", killed)
    with pytest.raises(asyncio.CancelledError):
        await party.deliver()
    assert len((await the_letter(party)).parts) == 2
    party.clock.advance(LEASE)
    await throw(party.database, party.telegram, party.clock).assistant.courier.deliver()
    shown = party.telegram.texts(VERA)
    assert (len(shown), len(set(shown))) == (PARTS + 1, PARTS)
    assert (await the_letter(party)).state == "sent"


async def test_each_part_renews_the_lease(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    await post_long(party, monkeypatch)
    send, leases = party.assistant.sending.send, []

    async def slow(*args: object) -> int:
        leases.append((await the_letter(party)).lease_until)
        party.clock.advance(LEASE * 0.9)
        return await send(*args)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(party.assistant.courier, "_send", slow)
    await party.deliver()
    assert (await the_letter(party)).state == "sent"
    assert leases == sorted(set(leases))
    assert len(leases) == PARTS


async def test_what_another_process_has_taken_up_is_left_to_it(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    await post_long(party, monkeypatch, "reminder")
    others, send = throw(party.database, party.telegram, party.clock).assistant.courier, party.assistant.sending.send

    async def slow(*args: object) -> int:
        message_id = await send(*args)  # type: ignore[arg-type]  # handed through
        party.clock.advance(LEASE)
        assert await others._claim()
        return message_id

    monkeypatch.setattr(party.assistant.courier, "_send", slow)
    await party.deliver()
    assert len(party.telegram.texts(VERA)) == 1
    assert (await the_letter(party)).state == "claimed"


# --- files


async def test_files_follow_the_text_and_the_letter_is_the_message_with_the_buttons(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post_long(party, monkeypatch, files=FILES)
    await deliver(party)
    letter = await the_letter(party)
    assert len(letter.parts) == PARTS + len(FILES)
    assert letter.message_id == letter.parts[PARTS - 1]
    assert len(party.telegram.sent("sendDocument", VERA)) == len(FILES)


async def test_a_file_that_did_not_get_through_goes_later_and_alone(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post_long(party, monkeypatch, files=FILES)
    party.telegram.fail("sendDocument", None, NotTaken("HTTP 502"), chat_id=VERA)
    await deliver(party)
    assert (await the_letter(party)).state == "sent"
    names = [call.files["document"][0] for call in party.telegram.sent("sendDocument", VERA)]
    assert names == ["a.ics", "b.pdf", "b.pdf"]
    assert len(party.telegram.sent("sendMessage", VERA)) == PARTS


async def test_a_file_that_telegram_refuses_does_not_undo_the_letter(
    party: Party, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await post_long(party, monkeypatch, files=FILES)
    party.telegram.fail("sendDocument", bad_request("file is too big"), chat_id=VERA)
    await deliver(party)
    letter = await the_letter(party)
    assert letter.state == "sent"
    assert letter.parts[PARTS] == REFUSED
    assert letter.parts[PARTS + 1] != REFUSED
    assert "refused" in caplog.text


async def test_who_blocks_us_between_two_parts_is_unreachable(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    await post_long(party, monkeypatch)
    party.telegram.fail("sendMessage", None, blocked(), chat_id=VERA)
    await deliver(party)
    letter = await the_letter(party)
    assert (letter.state, letter.error, len(letter.parts)) == ("failed", "Forbidden", 1)
