"""What happens to a secret vote on its way: deputies, extending, breaking off, an outage, an objection, a backup."""

import json
from datetime import timedelta
from pathlib import Path

from bot.backup import backup, restore
from bot.verifying import examine
from handlers.callbacks import TakeBack
from models.ballot.rows import Ballot, Handover, Vote
from models.ballot.rules import Held, Kind
from models.ballot.secret.rows import SecretBallot, SecretCount, SecretTurnout, SecretVoter
from models.base import open_database
from models.invariants import broken_promises
from models.record import Act, entries_of
from tests.auxil.party import DORA, JENS, KARL, STAFF, VERA, Party
from tests.auxil.voting import CLAUSE, CLOSES, cast_secretly, close, open_vote, pass_to, promises_hold, set_rules

OFFERED = ["Ja", "Nein", "Enthaltung", "Befangen"]


async def hand_over(party: Party, *entries: str) -> None:
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", *entries, "[Übergeben]")


async def show_vote(party: Party, title: str = "Förderung 2027") -> None:
    await party.write(STAFF, "/abstimmungen")
    await party.tap(STAFF, next(one for one in party.labels(STAFF) if title in one))


async def acts_on(party: Party, number: int = 1) -> list[Act]:
    async with party.database.read() as session:
        return [one.act for one in await entries_of(session, number)]


# --- deputies


async def test_the_deputy_casts_and_the_holders_card_is_done(party: Party) -> None:
    await open_vote(party, secret=True)
    card = dict(party.telegram.last(VERA))
    await hand_over(party, "[Nur eine Abstimmung]")
    assert party.labels(DORA) == OFFERED
    assert "für Jobcenter Stendal" in party.last_text(DORA)
    assert "Geheime Abstimmung" in party.last_text(DORA)
    for data in ("x:1:1:yes", "xc:1:1:yes"):
        await party.hear(party.telegram.tap_data(VERA, data, card))
        assert party.toast().startswith("Das darf nur")
    receipt = await cast_secretly(party, DORA, "Nein")
    assert receipt.startswith("Ihre Stimme ist gezählt · Beleg ")
    await party.write(VERA, "/vertretung")
    await party.tap(VERA, "Zurücknehmen")
    assert "Stellvertretung" in party.toast()
    [given] = await party.rows(Handover)
    assert given.ended_at is None
    await close(party)
    assert "Nein: 1" in party.last_text(DORA)
    assert "Nein: 1" in party.last_text(VERA)
    assert await promises_hold(party)


async def test_what_holds_until_further_notice_can_be_taken_back_and_the_ballot_stays(party: Party) -> None:
    await open_vote(party, secret=True)
    party.clock.advance(minutes=1)
    await hand_over(party, "[Bis auf Weiteres]")
    receipt = await cast_secretly(party, DORA, "Ja")
    [given] = await party.rows(Handover)
    await party.hear(party.telegram.tap_data(VERA, TakeBack(given.id).pack(), party.telegram.last(VERA)))
    assert party.toast() == "Zurückgenommen."
    assert any(receipt in one for one in party.telegram.texts(VERA))
    assert len(await party.rows(Handover)) == 1  # nobody noted who cast, so nothing is said to stay with the deputy
    await close(party)
    assert "Ja: 1" in party.last_text(DORA)  # who may have acted is told
    assert await promises_hold(party)


async def test_a_mandate_that_has_voted_is_not_handed_over_for_that_vote(party: Party) -> None:
    await open_vote(party, secret=True)
    await cast_secretly(party, VERA, "Ja")
    await hand_over(party, "[Nur eine Abstimmung]")
    assert await party.rows(Handover) == []
    assert party.toast().startswith("Dieses Mandat hat schon gestimmt.")


# --- the office


async def test_extended_the_box_stays_as_it_is(party: Party) -> None:
    await open_vote(party, secret=True)
    await cast_secretly(party, VERA, "Ja")
    await show_vote(party)
    await party.fill(STAFF, "[Verlängern]", "03.12.2026 12:00", "Unterlagen kamen spät", "[Verlängern]")
    assert len(await party.rows(SecretVoter)) == len(await party.rows(SecretBallot)) == 1
    await pass_to(party, CLOSES + timedelta(hours=1))
    await cast_secretly(party, JENS, "Nein")
    await close(party, CLOSES + timedelta(days=2))
    assert "Abgestimmt: 2\nJa: 1\nNein: 1\n" in party.last_text(VERA)
    assert await promises_hold(party)


async def test_broken_off_nothing_of_it_is_kept(party: Party) -> None:
    await open_vote(party, secret=True)
    card = dict(party.telegram.last(JENS))
    await cast_secretly(party, VERA, "Ja")
    await show_vote(party)
    await party.fill(STAFF, "[Abbrechen]", "Antrag zurückgezogen", "[Abstimmung abbrechen]")
    assert await party.rows(SecretVoter) == await party.rows(SecretBallot) == await party.rows(SecretCount) == []
    assert await party.rows(SecretTurnout) == []
    await party.hear(party.telegram.tap_data(JENS, "xc:1:2:yes", card))
    assert party.toast() == "Die ReKo hat das abgesagt."
    assert "Antrag zurückgezogen" in party.last_text(VERA)
    assert await promises_hold(party)


async def test_no_figure_is_told_before_the_closing(party: Party) -> None:
    await open_vote(party, secret=True)
    await cast_secretly(party, VERA, "Ja")
    await cast_secretly(party, JENS, "Ja")
    for who in (STAFF, VERA):
        await party.write(who, "/abstimmungen")
        await party.tap(who, next(one for one in party.labels(who) if "Förderung 2027" in one))
        assert "Ja: " not in " ".join(party.telegram.texts(who))
        assert "Ergebnis" not in " ".join(party.labels(who))
    assert "Noch nicht gestimmt: 1\n• Landkreis Stendal – Karl Probe" in party.last_text(STAFF)


async def test_a_conflict_that_completed_it_can_be_withdrawn_and_it_stays_open(party: Party) -> None:
    await open_vote(party, secret=True, when_all=True)
    for who in (VERA, JENS):
        await cast_secretly(party, who, "Ja")
    await party.tap(KARL, "Befangen")
    await party.tap(KARL, "Befangenheit zurücknehmen")  # received with it, before the next tick
    await party.tick()
    assert [one.closed_at for one in await party.rows(Vote)] == [None]
    party.clock.advance(seconds=1)
    await cast_secretly(party, KARL, "Nein")
    party.clock.advance(seconds=1)
    await party.tick()
    assert "Ja: 2\nNein: 1\n" in party.last_text(VERA)
    assert await promises_hold(party)


async def test_a_closing_in_an_outage_waits_for_the_office(party: Party) -> None:
    await open_vote(party, secret=True)
    await cast_secretly(party, VERA, "Nein")
    await pass_to(party, CLOSES - timedelta(hours=3))
    party.clock.advance(hours=4)
    await party.tick()
    assert len(await party.rows(SecretBallot)) == 1
    await party.tap(STAFF, "Schließen")
    assert "Nein: 1" in party.last_text(VERA)
    assert await party.rows(SecretBallot) == []
    assert await promises_hold(party)


async def test_an_objection_ends_a_secret_circular(party: Party) -> None:
    await set_rules(party.database, circular="majority", clause=CLAUSE)
    await open_vote(party, secret=True, held=Held.CIRCULAR)
    await cast_secretly(party, VERA, "Ja")
    await party.tap(JENS, "Widerspruch gegen das Umlaufverfahren")
    await party.tap(JENS, "Ja, widersprechen")
    assert "kommt in die Sitzung" in party.last_text(VERA)
    assert await party.rows(SecretVoter) == await party.rows(SecretBallot) == []
    assert await promises_hold(party)


# --- what is left


async def test_other_cards_in_the_chat_lose_the_choice_too(party: Party) -> None:
    await open_vote(party, secret=True)
    await pass_to(party, CLOSES - timedelta(hours=24))
    await party.deliver()
    reminder = dict(party.telegram.last(VERA))
    assert "Abstimmung noch offen" in reminder["text"]
    await party.tap(VERA, "Ja")  # a preview on the reminder
    first = min(key for key, one in party.telegram.chats[VERA].items() if "Schließt:" in one.get("text", ""))
    card = party.telegram.chats[VERA][first]
    await party.hear(party.telegram.tap_data(VERA, "x:1:1:no", card))
    await party.hear(party.telegram.tap_data(VERA, "xc:1:1:no", card))
    assert not any("Ihre Wahl" in one for one in party.telegram.texts(VERA))
    assert sum(party.toast() in one for one in party.telegram.texts(VERA)) == 2


async def test_the_papers_hold_who_took_part_and_no_ballot(party: Party) -> None:
    await set_rules(party.database, names_published=True)
    await open_vote(party, secret=True)
    await cast_secretly(party, VERA, "Nein")
    await close(party)
    assert "Wer wie gestimmt hat" not in party.last_text(VERA)
    assert "Nr. 1 · Beschluss · geheim" in party.last_text(VERA)
    await party.tap(STAFF, "Entscheidungsprotokoll (PDF, CSV, JSON)")
    files = {name: content for call in party.telegram.calls for name, content in call.files.values()}
    told = json.loads(files["abstimmung-1.json"])
    assert "ballots" not in told
    assert (told["voted"], told["no"]) == (1, 1)
    rows = [one for one in files["abstimmung-1.csv"].decode("utf-8-sig").splitlines() if one.startswith("Jobcenter")]
    assert len(rows) == 1
    assert "Nein" not in rows[0]


async def test_the_list_of_receipts_is_not_for_staff(party: Party) -> None:
    await set_rules(party.database, receipt_list="entitled", secret_on_request=True)
    await open_vote(party, secret=True, kind=Kind.STRAW_POLL)
    code = (await cast_secretly(party, VERA, "Nein")).rpartition(" ")[2]
    await close(party)
    assert f"{code}: Nein" in party.last_text(KARL)
    assert code not in party.last_text(STAFF)
    assert "Nein: 1" in party.last_text(STAFF)


async def test_paper_tells_the_result_again_and_the_record_has_only_counts(party: Party) -> None:
    await open_vote(party, secret=True)
    await close(party)
    before = len(party.telegram.texts(VERA))
    await party.tap(STAFF, "Papierstimmen eintragen")
    await party.fill(STAFF, "1 2", "1 1 0", "[Eintragen]")
    assert len(party.telegram.texts(VERA)) == before + 1
    assert "Davon auf Papier, nach dem Schließen eingetragen: 2" in party.last_text(VERA)
    assert (await acts_on(party))[-1] == Act.PAPER_ENTERED
    assert await party.rows(Ballot) == []
    assert await promises_hold(party)


async def test_verify_finds_the_record_whole_and_a_touched_count(party: Party, sqlite_url: str) -> None:
    await open_vote(party, secret=True)
    await cast_secretly(party, VERA, "Ja")
    await party.tap(JENS, "Befangen")
    assert (await examine(sqlite_url, None)).code == 0
    await close(party)
    assert (await examine(sqlite_url, None)).code == 0
    async with party.database.begin() as session:
        vote = await session.get_one(Vote, 1)
        vote.result = {**(vote.result or {}), "yes": 2}
    assert (await examine(sqlite_url, None)).code == 1


async def test_a_backup_leaves_a_running_vote_s_ballots_out_and_a_restore_breaks_it_off(
    party: Party, bare_sqlite_url: str, tmp_path: Path
) -> None:
    await open_vote(party, secret=True)
    await cast_secretly(party, VERA, "Ja")
    manifest = await backup(party.database, tmp_path / "a.reko", party.clock.now)
    assert manifest.without_ballots == [1]
    other = open_database(bare_sqlite_url)
    await restore(other, tmp_path / "a.reko")
    async with other.read() as session:
        vote = await session.get_one(Vote, 1)
        assert vote.cancelled_at == party.clock.now
        assert "keine geheimen Stimmzettel" in vote.reason
        assert await broken_promises(session) == []
    await other.close()
