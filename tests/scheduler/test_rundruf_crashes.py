"""The process is killed in the middle of a Rundruf, of its correction, of its withdrawal: what holds afterwards."""

from typing import Any

import pytest

from models.broadcast.correcting import keep_up
from models.outbox import Letter
from scheduler.courier import AT_ONCE
from tests.auxil.party import STAFF, VERA, Party
from tests.auxil.rundruf import ALL, TEXT, having, hear_only, preview, send, settle, states, tap_only, the_broadcast
from tests.auxil.telegram_json import bad_request

NEW, NOTE = "Am Mittwoch", "Korrektur: "
READERS = tuple(one for one in ALL if one != STAFF)


class Killed(BaseException):
    """The process has ended."""


@pytest.fixture
def kind() -> str:
    """The store of every test here but those that name another."""
    return "sqlite"


async def killed_at(party: Party, attempt: int, *, arrives: bool) -> None:
    """Deliver until the process dies at this attempt, the message out or not; then another process takes over."""
    send_one, count = party.assistant.courier._send, 0

    async def dies(*args: Any) -> Any:
        nonlocal count
        count += 1
        if count > attempt:
            raise Killed
        sent = await send_one(*args)
        if count == attempt and arrives:
            raise Killed
        return sent

    party.assistant.courier._send = dies
    with pytest.raises(Killed):
        await party.deliver()
    await party.restart()
    await party.assistant.courier.release()
    if party.database.shared:  # another process's letters are taken up once their lease has run out
        party.clock.advance(minutes=3)


POINTS = [(attempt, arrives) for attempt in (1, 2, 5, 9) for arrives in (True, False) if attempt < 9 or arrives]
# The rules are the same on both stores; only who takes over differs, so one point is enough on the slower one.
ON_BOTH = [*(("sqlite", *point) for point in POINTS), ("postgres", *POINTS[2])]


@pytest.mark.parametrize(("kind", "attempt", "arrives"), ON_BOTH)
async def test_in_the_middle_of_sending(party: Party, attempt: int, *, arrives: bool) -> None:
    await preview(party)
    await tap_only(party, STAFF, "Senden")
    await killed_at(party, attempt, arrives=arrives)
    await settle(party)
    after = {one.telegram_id: one for one in await party.rows(Letter) if one.kind == "broadcast"}
    assert {one.state for one in after.values()} <= {"sent", "uncertain"}
    assert sum(one.state == "uncertain" for one in after.values()) <= AT_ONCE
    for who in READERS:
        copies = len(having(party, who, TEXT))
        assert copies == 1 or (copies == 0 and after[who].state == "uncertain"), who
    assert (await the_broadcast(party)).ended_at is not None  # reported, with the uncertain ones counted


@pytest.mark.parametrize(("kind", "attempt", "arrives"), ON_BOTH)
async def test_in_the_middle_of_a_correction(party: Party, attempt: int, *, arrives: bool) -> None:
    await send(party)
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:correct:0", party.telegram.last(STAFF)))
    await hear_only(party, party.telegram.write(STAFF, NEW))
    await tap_only(party, STAFF, "Jetzt korrigieren")
    await killed_at(party, attempt, arrives=arrives)
    await settle(party)
    after = {one.telegram_id: one for one in await party.rows(Letter) if one.kind == "broadcast_update"}
    for who in READERS:
        assert len(having(party, who, NEW)) == 1, who  # whatever was in doubt: an edit is made once more
        assert having(party, who, TEXT) == []
        notes = len(having(party, who, NOTE))
        assert notes == 1 or (notes == 0 and after[who].state == "uncertain"), who
    assert {one.state for one in after.values()} <= {"sent", "uncertain"}


@pytest.mark.parametrize(("attempt", "arrives"), POINTS[:5])
async def test_in_the_middle_of_a_withdrawal(party: Party, attempt: int, *, arrives: bool) -> None:
    await send(party)
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:withdraw_yes:0", party.telegram.last(STAFF)))
    await killed_at(party, attempt, arrives=arrives)
    await settle(party)
    assert [one for one in READERS if having(party, one, TEXT)] == []
    assert set(await states(party, "broadcast_update")) == {"sent"}


@pytest.mark.parametrize(("attempt", "arrives"), [(2, True), (2, False)])
async def test_while_a_copy_that_could_not_be_edited_is_sent_anew(party: Party, attempt: int, *, arrives: bool) -> None:
    await send(party)
    party.telegram.fail("editMessageText", bad_request("message can't be edited"), chat_id=VERA)
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:correct:0", party.telegram.last(STAFF)))
    await hear_only(party, party.telegram.write(STAFF, NEW))
    await party.tap(STAFF, "Jetzt korrigieren")
    async with party.database.begin() as session:
        await keep_up(session, party.clock.now)
    await killed_at(party, attempt - 1, arrives=arrives)
    await settle(party)
    await settle(party)
    copy = next(one for one in await party.rows(Letter) if one.key.endswith(":1") and one.telegram_id == VERA)
    times = len(having(party, VERA, NEW))
    assert times == 1 or (times == 0 and copy.state == "uncertain")
    for who in READERS:
        assert len(having(party, who, NEW)) == 1 or who == VERA
    assert (await the_broadcast(party)).ended_at is not None
