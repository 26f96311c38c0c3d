"""A secret vote on the phones: the form, choosing, casting, „Befangen", paper, and what fails."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from models.ballot.rows import Ballot
from models.ballot.rules import Kind
from models.ballot.secret import box
from models.ballot.secret.rows import SecretBallot, SecretCast, SecretCount, SecretTurnout, SecretVoter
from models.inbox import InboxRow
from models.office import Body
from models.record.rows import RecordLine
from tests.auxil.party import JENS, KARL, STAFF, STRANGER, VERA, Party
from tests.auxil.voting import CLOSES, cast_secretly, close, open_vote, promises_hold


async def test_from_the_form_to_the_result_nobody_s_choice_is_told(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Wahl]", "[Geheim]", "Vorsitz", "Wer führt?", "Ahorn\nBirke")
    await party.fill(STAFF, "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]")
    assert "Geheime Abstimmung" in party.last_text(STAFF)
    await party.tap(STAFF, "Eröffnen")
    assert party.last_text(VERA).startswith("Neue Abstimmung · RAK Stendal\nfür Jobcenter Stendal")
    assert "Telegram und das laufende Programm sehen, was Sie antippen" in party.last_text(VERA)
    assert party.labels(VERA) == ["Ahorn", "Birke", "Enthaltung"]
    await party.tap(VERA, "Birke")
    assert "Ihre Wahl: Birke – noch nicht abgegeben" in party.last_text(VERA)
    assert party.labels(VERA) == ["Verbindlich abgeben", "Zurück"]
    await party.tap(VERA, "Zurück")
    assert await party.rows(SecretVoter) == []
    toast = await cast_secretly(party, VERA, "Birke")
    assert toast.startswith("Ihre Stimme ist gezählt · Beleg ")
    assert toast in party.last_text(VERA)
    assert party.labels(VERA) == []
    await cast_secretly(party, JENS, "Birke")
    await cast_secretly(party, KARL, "Ahorn")
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, "1 · offen · Vorsitz")
    assert await promises_hold(party)
    await close(party)
    assert "Ahorn: 1\nBirke: 2" in party.last_text(VERA)
    assert await party.rows(SecretBallot) == await party.rows(SecretVoter) == []
    assert {(one.choice, one.ballots) for one in await party.rows(SecretCount)} == {("1", 1), ("2", 2)}
    assert await promises_hold(party)


async def test_neither_choosing_nor_casting_is_ever_a_row_of_the_inbox(party: Party) -> None:
    await open_vote(party, secret=True)
    before = {one.update_id for one in await party.rows(InboxRow)}
    taps = [party.telegram.tap(VERA, "Ja")]
    await party.hear(*taps)
    taps.append(party.telegram.tap(VERA, "Verbindlich abgeben"))
    await party.hear(*taps[1:])
    assert {one.update_id for one in await party.rows(InboxRow)} == before
    assert [one.update_id for one in await party.rows(SecretCast)] == [taps[1]["update_id"]]
    assert not any('"cast"' in one.entry for one in await party.rows(RecordLine))


async def test_a_redelivered_or_repeated_tap_says_the_same_receipt_and_counts_once(party: Party) -> None:
    await open_vote(party, secret=True)
    await party.tap(VERA, "Ja")
    preview = dict(party.telegram.last(VERA))
    cast = party.telegram.tap(VERA, "Verbindlich abgeben")
    await party.hear(cast)
    first = party.toast()
    await party.hear(cast)
    again = party.telegram.tap_data(VERA, "xc:1:1:no", preview)  # the other choice, by an old button
    await party.hear(again)
    assert party.telegram.toasts()[-2:] == [first, first]
    assert [one.choice for one in await party.rows(SecretBallot)] == ["yes"]
    await close(party)
    await party.hear(again)
    assert party.toast() == first  # counted, and not „beendet"
    assert await promises_hold(party)


async def test_who_may_not_vote_casts_nothing(party: Party) -> None:
    number = await open_vote(party, secret=True)
    card = party.telegram.last(VERA)
    for who in (JENS, STAFF, STRANGER):
        for data in (f"x:{number}:1:yes", f"xc:{number}:1:yes"):
            await party.hear(party.telegram.tap_data(who, data, card))
            assert party.toast().startswith("Das darf nur")
    for data in (f"xc:{number}:1:conflict", f"xc:{number}:1:9", f"xc:{number + 1}:1:yes", f"x:{number}:1:9"):
        await party.hear(party.telegram.tap_data(VERA, data, card))
    await party.hear(party.telegram.tap_data(VERA, f"v:{number}:1:yes", card))  # as in an open vote
    assert party.toast() == "Diese Abstimmung ist geheim. Bitte stimmen Sie mit den Knöpfen unter der Abstimmung ab."
    party.clock.jump(CLOSES)
    await party.hear(party.telegram.tap_data(VERA, f"xc:{number}:1:yes", card))
    assert party.toast().startswith("Die Abstimmung ist beendet.")
    assert await party.rows(SecretVoter) == await party.rows(Ballot) == []


async def test_a_typed_vote_is_not_taken_and_leaves_the_chat(party: Party) -> None:
    await open_vote(party, secret=True)
    await party.write(VERA, "Ja zu 1")
    assert party.telegram.sent("deleteMessage")[-1].params["chat_id"] == VERA
    assert any("Abstimmung Nr. 1 ist geheim" in one for one in party.telegram.texts(VERA))
    assert party.labels(VERA)[0] == "Ja"
    assert not await party.holds("Ja zu 1")


async def test_a_conflict_is_said_openly_and_can_be_withdrawn_until_a_ballot_was_cast(party: Party) -> None:
    await open_vote(party, secret=True)
    await party.tap(VERA, "Befangen")
    assert party.labels(VERA) == ["Befangenheit zurücknehmen"]
    await party.hear(party.telegram.tap_data(VERA, "xc:1:1:yes", party.telegram.last(VERA)))
    assert party.toast().startswith("Für dieses Mandat ist „Befangen")
    assert await promises_hold(party)
    await party.tap(VERA, "Befangenheit zurücknehmen")
    await cast_secretly(party, VERA, "Nein")
    await party.hear(party.telegram.tap_data(VERA, "v:1:1:conflict", party.telegram.last(VERA)))
    assert party.toast() == "Dieses Mandat hat schon gestimmt. Ein geheimer Stimmzettel lässt sich nicht wiederfinden."
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, "1 · offen · Förderung 2027")
    assert "Noch nicht gestimmt: 2" in party.last_text(STAFF)
    await party.tap(STAFF, "Ausschluss eintragen")
    assert "Jobcenter Stendal" not in party.labels(STAFF)
    assert await promises_hold(party)


async def test_in_a_straw_poll_the_list_of_receipts_goes_to_the_entitled(party: Party) -> None:
    async with party.database.begin() as session:
        body = await session.get_one(Body, 1)
        body.charter = {**body.charter, "receipt_list": "entitled"}
    await open_vote(party, secret=True, kind=Kind.STRAW_POLL)
    toast = await cast_secretly(party, VERA, "Nein")
    code = toast.rpartition(" ")[2]
    assert [one.receipt for one in await party.rows(SecretVoter)] == [None]
    assert [one.receipt for one in await party.rows(SecretBallot)] == [code]
    await close(party)
    assert f"{code}: Nein" in party.last_text(VERA)
    assert await promises_hold(party)


async def test_paper_is_entered_after_the_closing_as_counts_and_never_one_alone(party: Party) -> None:
    await open_vote(party, secret=True)
    await cast_secretly(party, VERA, "Ja")
    await close(party)
    await party.tap(STAFF, "Papierstimmen eintragen")
    await party.fill(STAFF, "1")
    assert party.last_text(STAFF).startswith("Ein einzelner Stimmzettel würde zeigen")
    await party.fill(STAFF, "1 2", "2 0 1")
    assert party.last_text(STAFF).startswith("Es müssen so viele Stimmzettel wie Mandate sein.")
    await party.fill(STAFF, "1 0 1", "[Eintragen]")
    assert "Abgestimmt: 3\nJa: 2\nNein: 0\nEnthaltung: 1" in party.last_text(VERA)
    assert sorted(one.on_paper for one in await party.rows(SecretTurnout)) == [False, True, True]
    assert await promises_hold(party)


async def test_it_closes_when_all_have_voted_and_reminds_only_the_silent(party: Party) -> None:
    await open_vote(party, secret=True, when_all=True)
    await cast_secretly(party, VERA, "Ja")
    await cast_secretly(party, JENS, "Ja")
    await party.write(VERA, "/offen")
    assert "Abstimmung 1" not in party.last_text(VERA)
    await party.tap(KARL, "Befangen")
    party.clock.advance(seconds=1)
    await party.tick()
    assert "angenommen" in party.last_text(STAFF)
    assert await promises_hold(party)


async def test_a_store_that_fails_leaves_nothing_and_confirms_nothing(
    party: Party, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await open_vote(party, secret=True)
    await party.tap(VERA, "Ja")

    async def broken(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("Failing row contains (yes-4711)"))

    cast = party.telegram.tap(VERA, "Verbindlich abgeben")
    with monkeypatch.context() as patched:
        patched.setattr(box, "put_back", broken)
        with pytest.raises(SQLAlchemyError) as told:
            await party.assistant.intake.take([cast])
    assert "4711" not in f"{told.value!r}{told.value.__cause__!r}{told.value.__context__!r}"
    assert await party.rows(SecretVoter) == await party.rows(SecretBallot) == await party.rows(SecretCast) == []

    words = "yes-" + str(4711)

    async def wrong(*_: Any) -> None:
        raise ValueError(words)

    with monkeypatch.context() as patched:
        patched.setattr(box, "put_back", wrong)
        await party.hear(cast)
    assert "Das hat nicht geklappt" in party.last_text(VERA) or "nichts davon gespeichert" in party.last_text(VERA)
    assert "4711" not in caplog.text
    await party.hear(cast)
    assert len(await party.rows(SecretBallot)) == 1
