"""What the office does with a running vote: extend it, break it off, see who is silent; and closings in an outage."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.callbacks import CastTap
from models.ballot.rows import Ballot, Extension, Vote
from models.heartbeat import Outage
from models.outbox import Letter
from models.record import Act, Entry, digest, entries_of
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, SPONSOR, STAFF, VERA, Party
from tests.auxil.voting import CLOSES, close, end_role, enter_vote, open_vote, pass_to, promises_hold, says, seat

NEW_CLOSING = datetime(2026, 12, 3, 11, 0, tzinfo=UTC)
REASON = "Unterlagen kamen zu spät"
NADINE = 9


async def at_the_vote(party: Party, who: int = STAFF, number: int = 1) -> None:
    """The office looks at how the vote stands."""
    await party.write(who, "/abstimmungen")
    await party.tap(who, next(label for label in party.labels(who) if label.startswith(f"{number} · ")))


async def extend(party: Party, until: str = "03.12.2026 12:00", reason: str = REASON) -> None:
    await at_the_vote(party)
    await party.fill(STAFF, "[Verlängern]", until, reason, "[Verlängern]")


async def the_vote(party: Party) -> Vote:
    return (await party.rows(Vote))[0]


async def record_of(party: Party, number: int = 1) -> list[Entry]:
    async with party.database.read() as session:
        return list(await entries_of(session, number))


async def tap(party: Party, who: int, choice: str = "yes") -> str:
    mandate = {VERA: 1, JENS: 2, KARL: 3}[who]
    data = CastTap(1, mandate, choice).pack()
    await party.hear(party.telegram.tap_data(who, data, party.telegram.last(who)))
    return party.toast()


# --- the call list


async def test_staff_sees_who_is_silent_as_a_call_list(party: Party) -> None:
    await open_vote(party)
    await party.tap(JENS, "Ja")
    await at_the_vote(party)
    text = party.last_text(STAFF)
    assert text.startswith("Abstimmung · RAK Stendal\nNr. 1 · Beschluss\nFörderung 2027\n")
    assert "Noch nicht gestimmt: 2\n• Jobcenter Stendal – Vera Muster\n• Landkreis Stendal – Karl Probe" in text
    assert "Jens" not in text
    offered = {"Verlängern", "Abbrechen", "Papier oder Telefon", "Ausschluss eintragen", "Büro"}
    assert set(party.labels(STAFF)) == offered
    await end_role(party, KARL)
    await at_the_vote(party)
    assert "• Landkreis Stendal – nicht besetzt" in party.last_text(STAFF)


async def test_nobody_else_sees_who_is_silent_or_what_can_be_done(party: Party) -> None:
    await open_vote(party)
    await party.hear(party.telegram.tap_data(JENS, "o:result:1", party.telegram.last(JENS)))
    assert "Noch nicht gestimmt" not in party.last_text(JENS)
    assert party.labels(JENS) == []
    for who in (GUEST, SPONSOR, DORA):
        await party.write(who, "/start")
        for place in ("vote", "result", "files"):
            before = len(party.telegram.texts(who))
            await party.hear(party.telegram.tap_data(who, f"o:{place}:1", party.telegram.last(who)))
            assert party.toast().startswith("Das darf nur")
            assert len(party.telegram.texts(who)) == before


async def test_a_vote_that_has_not_opened_is_seen_by_staff_alone(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, opens=party.clock.now + timedelta(days=1))
    await party.write(VERA, "/abstimmungen")
    assert "1 · " not in " ".join(party.labels(VERA))
    for place in ("vote", "result", "files"):
        before = len(party.telegram.texts(VERA))
        await party.hear(party.telegram.tap_data(VERA, f"o:{place}:1", party.telegram.last(VERA)))
        assert party.toast().startswith("Das darf nur")
        assert len(party.telegram.texts(VERA)) == before
    await at_the_vote(party)
    assert "Öffnet: Mi, 25.11.2026, 10:00 Uhr" in party.last_text(STAFF)


# --- „Verlängern"


async def test_extending_tells_all_with_the_reason_and_what_was_said_stands(party: Party) -> None:
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await at_the_vote(party)
    await party.tap(STAFF, "Verlängern")
    assert "Die Abstimmung endet Di, 01.12.2026, 12:00 Uhr." in party.last_text(STAFF)
    await party.fill(STAFF, "03.12.2026 12:00", REASON)
    preview = party.last_text(STAFF)
    assert "so sehen es die Mitglieder" in preview
    await party.tap(STAFF, "Verlängern")
    for who in (VERA, JENS, KARL, COLLEAGUE):
        text = party.last_text(who)
        assert text.startswith("Abstimmung · RAK Stendal\nNr. 1 · Beschluss\nFörderung 2027\n")
        assert "Schluss: bisher Di, 01.12.2026, 12:00 Uhr, jetzt Do, 03.12.2026, 12:00 Uhr" in text
        assert f"Grund: {REASON}" in text
        assert text in preview
    for who in (GUEST, SPONSOR, DORA):
        assert party.telegram.texts(who) == []
    await party.tap(JENS, "Abstimmung ansehen")
    assert "Schließt: Do, 03.12.2026, 12:00 Uhr" in party.last_text(JENS)
    entry = (await record_of(party))[-1]
    assert (entry.act, entry.by, entry.details["why"]) == (Act.EXTENDED, STAFF, digest(REASON))
    assert await says(party) == {"Jobcenter Stendal": "yes"}
    assert await promises_hold(party)


async def test_a_tap_after_the_old_closing_and_before_the_new_one_counts(party: Party) -> None:
    await open_vote(party)
    await extend(party)
    await pass_to(party, CLOSES + timedelta(hours=1))
    assert (await the_vote(party)).closed_at is None
    assert "änderbar bis 03.12.2026, 12:00 Uhr" in await tap(party, JENS)
    await pass_to(party, NEW_CLOSING - timedelta.resolution)
    assert "Ihre Stimme: Nein" in await tap(party, KARL, "no")
    await close(party, NEW_CLOSING)
    assert (await tap(party, VERA)).startswith("Die Abstimmung ist beendet.")
    assert (await the_vote(party)).closed_at == NEW_CLOSING
    assert await says(party) == {"IHK Magdeburg": "yes", "Landkreis Stendal": "no"}
    assert await promises_hold(party)


async def test_the_reminders_of_the_new_closing_come_and_none_in_the_same_breath(party: Party) -> None:
    await open_vote(party)
    await pass_to(party, CLOSES - timedelta(hours=2))

    async def reminded() -> int:
        return len([one for one in await party.rows(Letter) if one.kind == "vote_reminder"])

    before = await reminded()
    await extend(party)
    await party.tick()
    assert await reminded() == before
    await pass_to(party, NEW_CLOSING - timedelta(hours=24))
    assert await reminded() == before + 3
    await pass_to(party, NEW_CLOSING - timedelta(hours=3))
    assert await reminded() == before + 6


async def test_it_cannot_be_made_shorter_or_reopened(party: Party) -> None:
    await open_vote(party)
    await at_the_vote(party)
    await party.fill(STAFF, "[Verlängern]", "30.11.2026 12:00", REASON)
    assert "Das ist nicht später als bisher geplant." in " ".join([party.toast(), party.last_text(STAFF)])
    assert "Verlängern" not in party.labels(STAFF)
    await at_the_vote(party)
    await party.fill(STAFF, "[Verlängern]", "03.12.2026 12:00", REASON)
    await close(party)
    await party.tap(STAFF, "Verlängern")
    assert party.toast().startswith("Die Abstimmung ist beendet.")
    assert (await the_vote(party)).closes_at == CLOSES
    assert await party.rows(Extension) == []


async def test_each_of_two_extensions_is_told(party: Party) -> None:
    await open_vote(party)
    await extend(party)
    await extend(party, "04.12.2026 12:00", "Noch ein Tag")
    assert "Schluss: bisher Do, 03.12.2026, 12:00 Uhr, jetzt Fr, 04.12.2026, 12:00 Uhr" in party.last_text(VERA)
    assert len(await party.rows(Extension)) == 2
    assert await promises_hold(party)


async def test_a_deputy_who_acts_is_told_too(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Bis zu einem Datum]", "26.11.2026 12:00", "[Übergeben]")
    await extend(party)
    assert f"Grund: {REASON}" in party.last_text(DORA)
    assert f"Grund: {REASON}" in party.last_text(VERA)


# --- „Abbrechen"


async def test_broken_off_it_has_no_result_and_all_are_told_why(party: Party) -> None:
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await at_the_vote(party)
    await party.fill(STAFF, "[Abbrechen]", "Der Antrag ist zurückgezogen")
    assert "Grund: Der Antrag ist zurückgezogen" in party.last_text(STAFF)
    await party.tap(STAFF, "Abstimmung abbrechen")
    for who in (VERA, JENS, KARL, COLLEAGUE):
        text = party.last_text(who)
        assert text.startswith("Abstimmung · RAK Stendal\n")
        assert "Das Büro hat diese Abstimmung abgebrochen. Sie hat kein Ergebnis." in text
        assert "Grund: Der Antrag ist zurückgezogen" in text
    party.clock.advance(seconds=1)
    assert (await tap(party, VERA, "no")).startswith("Die ReKo hat das abgesagt.")
    assert await says(party) == {"Jobcenter Stendal": "yes"}
    await close(party)
    vote = await the_vote(party)
    assert (vote.closed_at, vote.result) == (None, None)
    assert "Ergebnis · " not in " ".join(party.telegram.texts(VERA))
    await party.write(VERA, "/offen")
    assert "Förderung 2027" not in party.last_text(VERA)
    await at_the_vote(party, VERA)
    assert "Das Büro hat diese Abstimmung abgebrochen: Der Antrag ist zurückgezogen" in party.last_text(VERA)
    entry = (await record_of(party))[-1]
    assert (entry.act, entry.details["why"]) == (Act.CANCELLED, digest("Der Antrag ist zurückgezogen"))
    assert await promises_hold(party)


async def test_broken_off_before_it_opened_it_calls_nobody(party: Party) -> None:
    opens = party.clock.now + timedelta(days=1)
    await enter_vote(party.database, party.clock.now, opens=opens)
    await at_the_vote(party)
    await party.fill(STAFF, "[Abbrechen]", "Doch nicht", "[Abstimmung abbrechen]")
    await pass_to(party, opens + timedelta(hours=1))
    assert (await the_vote(party)).opened_at is None
    assert party.telegram.texts(VERA) == []


async def test_neither_twice_nor_after_the_closing(party: Party) -> None:
    await open_vote(party)
    await at_the_vote(party)
    await party.fill(STAFF, "[Abbrechen]", "Grund eins")
    await at_the_vote(party, COLLEAGUE)
    await party.fill(COLLEAGUE, "[Abbrechen]", "Grund zwei", "[Abstimmung abbrechen]")
    await party.tap(STAFF, "Abstimmung abbrechen")
    assert party.toast().startswith("Die ReKo hat das abgesagt.")
    assert (await the_vote(party)).reason == "Grund zwei"


# --- closings in an outage


async def out_of_order(party: Party, from_: datetime, to: datetime) -> None:
    """The bot is at work until an instant and again from another."""
    await pass_to(party, from_)
    party.clock.jump(to)
    await party.tick()
    await party.deliver()


async def test_a_closing_in_an_outage_of_over_an_hour_waits_for_the_office(party: Party) -> None:
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await out_of_order(party, CLOSES - timedelta(hours=2), CLOSES + timedelta(minutes=30))
    vote = await the_vote(party)
    assert (vote.closed_at, vote.awaits_office) == (None, True)
    for who in (STAFF, COLLEAGUE):
        text = party.last_text(who)
        assert text.startswith("Abstimmung · RAK Stendal\n")
        assert "Diese Abstimmung sollte am Di, 01.12.2026, 12:00 Uhr enden" in text
        assert party.labels(who) == ["Schließen", "Verlängern"]
    assert "Ergebnis" not in " ".join(party.telegram.texts(VERA))
    assert (await tap(party, JENS)).startswith("Die Abstimmung ist beendet.")
    before = len(party.telegram.texts(STAFF))
    await pass_to(party, CLOSES + timedelta(hours=5))
    assert len(party.telegram.texts(STAFF)) == before
    await party.tap(STAFF, "Schließen")
    assert (await the_vote(party)).closed_at == CLOSES
    await party.deliver()
    assert "Ergebnis · RAK Stendal" in party.last_text(VERA)
    await party.tap(COLLEAGUE, "Schließen")
    assert party.toast().startswith("Das ist schon geschehen.")
    assert await promises_hold(party)


async def test_the_office_extends_instead_and_the_outage_stands_on_card_record_and_paper(party: Party) -> None:
    await open_vote(party)
    await out_of_order(party, CLOSES - timedelta(hours=2), CLOSES + timedelta(hours=1))
    await party.fill(STAFF, "[Verlängern]", "03.12.2026 12:00", "Störung am Dienstag", "[Verlängern]")
    assert "Grund: Störung am Dienstag" in party.last_text(JENS)
    assert "Ihre Stimme: Ja" in await tap(party, JENS)
    outage = "Außer Betrieb von 01.12.2026, 10:00 Uhr bis 01.12.2026, 13:00 Uhr."
    assert outage in party.last_text(JENS)
    [entry] = [one for one in await record_of(party) if one.act == Act.OUTAGE]
    assert entry.details == {"from": "2026-12-01T09:00:00.000000Z", "to": "2026-12-01T12:00:00.000000Z"}
    await close(party, NEW_CLOSING)
    assert (await the_vote(party)).closed_at == NEW_CLOSING
    await party.tap(STAFF, "Entscheidungsprotokoll (PDF, CSV, JSON)")
    [table] = [one for one in sent_files(party, STAFF) if one[0].endswith(".csv")]
    assert outage in table[1].decode()
    assert await promises_hold(party)


def sent_files(party: Party, who: int) -> list[tuple[str, bytes]]:
    return [file for call in party.telegram.sent("sendDocument", who) for file in call.files.values()]


@pytest.mark.parametrize(
    ("from_", "to", "waits"),
    [
        (CLOSES - timedelta(minutes=30), CLOSES + timedelta(minutes=30), False),  # an hour is not over an hour
        (CLOSES - timedelta(minutes=30), CLOSES + timedelta(minutes=31), True),
        (CLOSES - timedelta(hours=5), CLOSES - timedelta(minutes=1), False),  # over before the closing
        (CLOSES - timedelta(hours=5), CLOSES, True),
        (CLOSES, CLOSES + timedelta(hours=5), False),  # closed before it began
    ],
)
async def test_a_shorter_outage_or_one_beside_the_closing_does_not_hold_it_up(
    party: Party, from_: datetime, to: datetime, waits: bool
) -> None:
    await open_vote(party)
    await out_of_order(party, from_, to)
    await party.tick()
    if to < CLOSES:
        await pass_to(party, CLOSES)
    vote = await the_vote(party)
    assert vote.awaits_office is waits
    assert vote.closed_at == (None if waits else CLOSES)


async def test_a_vote_that_all_had_cast_does_not_wait_for_the_office(party: Party) -> None:
    await open_vote(party, when_all=True)
    await pass_to(party, CLOSES - timedelta(hours=2))
    for who in (VERA, JENS, KARL):
        await party.tap(who, "Ja")
    ended = party.clock.now
    party.clock.jump(CLOSES + timedelta(hours=9))
    await party.tick()
    vote = await the_vote(party)
    assert (vote.closed_at, vote.awaits_office) == (ended, False)
    assert len(await party.rows(Outage)) == 1


async def test_broken_off_while_it_waits_for_the_office(party: Party) -> None:
    await open_vote(party)
    await out_of_order(party, CLOSES - timedelta(hours=2), CLOSES + timedelta(hours=1))
    await at_the_vote(party)
    assert party.labels(STAFF)[:3] == ["Schließen", "Verlängern", "Abbrechen"]
    await party.fill(STAFF, "[Abbrechen]", "Neu anzusetzen", "[Abstimmung abbrechen]")
    assert "Grund: Neu anzusetzen" in party.last_text(VERA)
    await pass_to(party, CLOSES + timedelta(hours=3))
    vote = await the_vote(party)
    assert (vote.closed_at, vote.awaits_office) == (None, False)
    assert await promises_hold(party)


async def test_nobody_but_staff_closes_it(party: Party) -> None:
    await open_vote(party)
    await out_of_order(party, CLOSES - timedelta(hours=2), CLOSES + timedelta(hours=1))
    await party.hear(party.telegram.tap_data(VERA, "va:1:close", party.telegram.last(VERA)))
    assert party.toast().startswith("Das darf nur")
    assert (await the_vote(party)).closed_at is None


async def test_close_is_not_a_way_to_close_early(party: Party) -> None:
    await open_vote(party)
    await party.write(STAFF, "/buero")
    await party.hear(party.telegram.tap_data(STAFF, "va:1:close", party.telegram.last(STAFF)))
    assert party.toast().startswith("Das ist schon geschehen.")
    assert (await the_vote(party)).closed_at is None


# --- who may vote is frozen


async def test_the_electorate_is_frozen_at_the_opening(party: Party) -> None:
    await open_vote(party)
    await seat(party, NADINE, "Nadine Neu", "Handwerkskammer")
    await party.write(NADINE, "/offen")
    await party.hear(party.telegram.tap_data(NADINE, CastTap(1, 4, "yes").pack(), party.telegram.last(NADINE)))
    assert not party.toast().startswith("Ihre Stimme")
    await party.tap(VERA, "Ja")
    await party.tap(JENS, "Ja")
    await close(party)
    assert "Stimmberechtigt: 3\n" in party.last_text(VERA)
    assert len(await party.rows(Ballot)) == 2
