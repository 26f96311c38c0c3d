"""„Rundruf" with two at the desk at once: both taps in one batch. One has its effect, the other hears a sentence."""

import pytest
from telegram.error import TimedOut

from models.broadcast.rows import Broadcast
from tests.auxil.party import COLLEAGUE, KARL, STAFF, VERA, Party
from tests.auxil.rundruf import (
    ALL,
    TEXT,
    ask_for_release,
    having,
    hear_only,
    preview,
    promises_hold,
    send,
    settle,
    tap_only,
    texts,
    the_broadcast,
)
from tests.auxil.telegram_json import bad_request

OTHERS = tuple(one for one in ALL if one not in {STAFF, COLLEAGUE})


async def both(party: Party, data: str) -> list[str]:
    """Both tap the same button at the same moment; what each of them heard."""
    await party.write(COLLEAGUE, "/buero")  # a message of hers that can carry the button
    heard = len(party.telegram.toasts())
    await hear_only(
        party, *(party.telegram.tap_data(who, data, party.telegram.last(who)) for who in (STAFF, COLLEAGUE))
    )
    return sorted(party.telegram.toasts()[heard:])


async def on_its_way(party: Party) -> None:
    await preview(party)
    await tap_only(party, STAFF, "Senden")


async def stopped(party: Party) -> None:
    await on_its_way(party)
    await hear_only(party, party.telegram.tap_data(STAFF, "u:1:pause:0", party.telegram.last(STAFF)))


async def planned(party: Party) -> None:
    await preview(party, "[Zu einer Zeit …]", "01.12.2026 18:00", "[Senden]")


async def failed_with_one(party: Party) -> None:
    party.telegram.fail("sendMessage", bad_request("x"), chat_id=VERA)
    await send(party)


async def uncertain_with_one(party: Party) -> None:
    party.telegram.fail("sendMessage", TimedOut(), chat_id=VERA)
    await send(party)


@pytest.mark.parametrize(
    ("before", "act", "once"),
    [
        (on_its_way, "pause", "Angehalten."),
        (stopped, "resume", "Es geht weiter."),
        (planned, "now", "Sie ist unterwegs."),
        (failed_with_one, "missing", "Unterwegs an 1 Person."),
        (send, "withdraw_yes", "Zurückgezogen."),
        (uncertain_with_one, "again", ""),
        (uncertain_with_one, "arrived", ""),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
async def test_of_two_taps_at_once_one_counts_and_the_other_is_told(
    party: Party, before: object, act: str, once: str
) -> None:
    assert callable(before)
    await before(party)
    heard = await both(party, f"u:1:{act}:0")
    assert sum(one.startswith(once) if once else one == "" for one in heard) == 1, heard
    assert len(set(heard)) == 2, "the other one heard a sentence"
    await settle(party)
    await promises_hold(party)
    if act == "pause":
        await hear_only(party, party.telegram.tap_data(COLLEAGUE, "u:1:resume:0", party.telegram.last(COLLEAGUE)))
        await settle(party)
    wanted = 0 if act == "withdraw_yes" else 1
    for who in OTHERS:
        missing = who == VERA and act == "arrived"
        assert texts(party, who).count(TEXT) == (0 if missing else wanted), who
    assert len(await party.rows(Broadcast)) == 1


async def test_both_at_the_desk_write_a_rundruf_at_once_and_each_goes_out_once(party: Party) -> None:
    await preview(party)
    await party.write(COLLEAGUE, "/buero")
    await party.fill(COLLEAGUE, "[Rundruf]", "Von der Kollegin", "[Weiter]", "[Alle]")
    mine, hers = party.telegram.tap(STAFF, "Senden"), party.telegram.tap(COLLEAGUE, "Senden")
    await hear_only(party, mine, hers, party.telegram.tap(STAFF, "Senden"), party.telegram.tap(COLLEAGUE, "Senden"))
    await settle(party)
    for who in OTHERS:
        assert sorted(texts(party, who)) == [TEXT, "Von der Kollegin"]
    assert len(await party.rows(Broadcast)) == 2
    await promises_hold(party)


async def test_the_colleague_cannot_send_what_is_still_being_written(party: Party) -> None:
    await preview(party)
    forwarded = dict(party.telegram.last(STAFF))
    await party.hear(party.telegram.tap(COLLEAGUE, "Senden", chat_id=STAFF, message=forwarded))
    assert party.toast() == "Das darf nur, wer dieses Formular begonnen hat."
    assert await party.rows(Broadcast) == []


async def test_one_stops_while_the_other_corrects_and_while_a_third_tap_withdraws(party: Party) -> None:
    await on_its_way(party)
    await party.assistant.intake.take([party.telegram.write(COLLEAGUE, "/buero")])
    await party.assistant.intake.idle()
    await hear_only(party, party.telegram.tap_data(COLLEAGUE, "u:1:correct:0", party.telegram.last(COLLEAGUE)))
    await hear_only(party, party.telegram.write(COLLEAGUE, "Am Freitag"))
    await hear_only(
        party,
        party.telegram.tap(COLLEAGUE, "Jetzt korrigieren"),
        party.telegram.tap_data(STAFF, "u:1:pause:0", party.telegram.last(STAFF)),
    )
    await settle(party)
    assert [one for one in OTHERS if texts(party, one)] == []
    row = await the_broadcast(party)
    assert (row.revision, row.paused_at is not None) == (1, True)
    await hear_only(
        party,
        party.telegram.tap_data(COLLEAGUE, "u:1:resume:1", party.telegram.last(COLLEAGUE)),
        party.telegram.tap_data(STAFF, "u:1:withdraw_yes:1", party.telegram.last(STAFF)),
    )
    await settle(party)
    assert [one for one in OTHERS if texts(party, one)] == []
    await promises_hold(party)


async def test_both_confirm_a_correction_at_once_and_one_text_stands_for_all(party: Party) -> None:
    await send(party)
    await party.write(COLLEAGUE, "/buero")
    for who, text in ((STAFF, "Von Berta"), (COLLEAGUE, "Von Bernd")):
        await party.hear(party.telegram.tap_data(who, "u:1:correct:0", party.telegram.last(who)))
        await party.write(who, text)
    mine, hers = (party.telegram.tap(who, "Jetzt korrigieren") for who in (STAFF, COLLEAGUE))
    await hear_only(party, mine, hers)
    await settle(party)
    stands = {one for who in OTHERS for one in texts(party, who) if one.startswith("Von ")}
    assert len(stands) == 1
    assert [one for one in OTHERS if TEXT in texts(party, one)] == []
    lost = COLLEAGUE if stands == {"Von Berta"} else STAFF
    assert having(party, lost, "Der Text wurde inzwischen geändert.")
    await promises_hold(party)


async def test_one_edits_at_the_moment_the_other_releases(party: Party) -> None:
    await ask_for_release(party)
    await preview(party)
    await party.tap(STAFF, "Senden")
    await party.fill(STAFF, "[Rundruf ansehen]", "[Korrigieren]", "Besserer Text")
    edit, release = party.telegram.tap(STAFF, "Jetzt korrigieren"), party.telegram.tap(COLLEAGUE, "Freigeben")
    await hear_only(party, edit, release)
    await settle(party)
    # Either she released the old text and the copies were corrected, or hers was refused and she sees the new one.
    seen = {tuple(texts(party, who)[:1]) for who in OTHERS}
    assert seen in ({("Besserer Text",)}, {()})
    if seen == {()}:
        assert (await the_broadcast(party)).released_at is None
        await party.tap(COLLEAGUE, "Freigeben")
        await settle(party)
    assert texts(party, KARL)[0] == "Besserer Text"
    await promises_hold(party)
