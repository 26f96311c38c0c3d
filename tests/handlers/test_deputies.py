"""Deputies: a holder hands the mandate over and takes it back; one mandate has one ballot whoever acts for it."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.callbacks import CastTap, HandOver, TakeBack
from models.ballot.rows import Ballot, Handover
from models.inbox import InboxRow
from models.member import Role
from models.record import Act, entries_of
from tests.auxil.party import DORA, JENS, KARL, STAFF, VERA, Party
from tests.auxil.voting import CLOSES, close, end_role, open_vote, pass_to, promises_hold, says, seat, set_rules

JOBCENTER = 1
DIETER, NADINE = 8, 9
CHOICES = ["Ja", "Nein", "Enthaltung", "Befangen"]


async def hand_over(party: Party, *entries: str, deputy: str = "Dora Vertretung") -> None:
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, f"[{deputy}]", *entries, "[Übergeben]")


async def take_back(party: Party) -> str:
    await party.write(VERA, "/vertretung")
    await party.tap(VERA, "Zurücknehmen")
    return party.toast()


def card_of(party: Party, who: int) -> dict[str, object]:
    """The newest message that is a card."""
    shown = party.telegram.chats[who]
    return next(shown[key] for key in sorted(shown, reverse=True) if "Schließt:" in shown[key].get("text", ""))


async def tap_old_card(party: Party, who: int, choice: str = "yes", number: int = 1) -> str:
    """A tap on a card whose buttons may be gone from the screen."""
    data = CastTap(number, JOBCENTER, choice).pack()
    await party.hear(party.telegram.tap_data(who, data, party.telegram.last(who)))
    return party.toast()


# --- handing over


async def test_the_form_asks_for_how_long_and_reads_it_back(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "/vertretung")
    assert party.last_text(VERA).startswith("Mandat Jobcenter Stendal · RAK Stendal\nSie stimmen selbst.")
    assert party.labels(VERA) == ["Dora Vertretung"]
    await party.tap(VERA, "Dora Vertretung")
    assert party.labels(VERA)[:3] == ["Nur eine Abstimmung", "Bis zu einem Datum", "Bis auf Weiteres"]
    await party.fill(VERA, "[Bis zu einem Datum]", "30.11.2026 12:00")
    assert "Übergeben: Jobcenter Stendal (RAK Stendal) an Dora Vertretung" in party.last_text(VERA)
    assert "Bis Mo, 30.11.2026, 12:00 Uhr." in party.last_text(VERA)
    assert "Sie können es zurücknehmen, bis die Stellvertretung abgestimmt hat." in party.last_text(VERA)
    assert await party.rows(Handover) == []
    await party.tap(VERA, "Übergeben")
    assert "Dora Vertretung stimmt jetzt für Jobcenter Stendal (RAK Stendal)." in " ".join(party.telegram.texts(VERA))
    await party.write(VERA, "/vertretung")
    assert "Dora Vertretung stimmt bis Mo, 30.11.2026, 12:00 Uhr." in party.last_text(VERA)
    assert party.labels(VERA) == ["Zurücknehmen", "Dora Vertretung"]


async def test_the_holders_card_loses_its_buttons_and_the_deputy_gets_one(party: Party) -> None:
    await open_vote(party)
    assert party.labels(VERA) == CHOICES
    await hand_over(party, "[Bis auf Weiteres]")
    assert party.telegram.buttons(card_of(party, VERA)) == {}
    assert "Zurücknehmen unter /vertretung." in str(card_of(party, VERA)["text"])
    told, card = party.telegram.texts(DORA)
    assert told.startswith("Vera Muster hat Ihnen das Mandat Jobcenter Stendal (RAK Stendal) übergeben.")
    assert "Sie stimmen dafür bis auf Weiteres." in told
    assert card.startswith("Neue Abstimmung · RAK Stendal\nfür Jobcenter Stendal\n")
    assert party.labels(DORA) == CHOICES
    await party.tap(DORA, "Ja")
    assert party.toast().startswith("Ihre Stimme: Ja · Beleg ")
    assert await says(party) == {"Jobcenter Stendal": "yes"}
    assert await promises_hold(party)


@pytest.mark.parametrize("first", [VERA, DORA])
async def test_both_cannot_vote(party: Party, first: int) -> None:
    """https://github.com/OpenSlides/openslides-client/issues/3518: proxy and principal both voted."""
    await open_vote(party)
    if first == VERA:
        await party.tap(VERA, "Ja")
    await hand_over(party, "[Nur eine Abstimmung]")
    assert (await tap_old_card(party, VERA, "no")).startswith("Das darf nur Ihre Stellvertretung")
    await party.tap(DORA, "Enthaltung")
    assert (await tap_old_card(party, VERA, "no")).startswith("Das darf nur Ihre Stellvertretung")
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.cast_by, ballot.as_deputy) == ("abstain", DORA, True)
    await party.tap(JENS, "Ja")
    await close(party)
    assert "Abgestimmt: 2\nJa: 1\nNein: 0\nEnthaltung: 1\n" in party.last_text(JENS)
    assert await promises_hold(party)


async def test_an_absent_proxy_is_not_counted(party: Party) -> None:
    """https://github.com/OpenSlides/OpenSlides/issues/5745: who had a proxy counted as having taken part."""
    await open_vote(party)
    await hand_over(party, "[Bis auf Weiteres]")
    await party.tap(JENS, "Ja")
    await close(party)
    text = party.last_text(JENS)
    assert "Abgestimmt: 1\n" in text
    assert "nicht beschlussfähig" in text


async def test_without_a_handover_a_deputy_has_no_right(party: Party) -> None:
    await open_vote(party)
    assert party.telegram.texts(DORA) == []
    await party.write(DORA, "/start")
    assert (await tap_old_card(party, DORA)).startswith("Das darf nur")
    await party.write(DORA, "/abstimmungen")
    assert party.last_text(DORA) == "Es gibt noch keine Abstimmungen."
    await party.write(DORA, "/vertretung")
    assert party.last_text(DORA).startswith("Sie sind Stellvertretung.")
    assert await party.rows(Ballot) == []


async def test_only_the_holder_hands_over_and_only_to_a_deputy_of_the_mandate(party: Party) -> None:
    await open_vote(party)
    for who in (JENS, DORA, STAFF):
        await party.write(who, "/start")
        await party.hear(party.telegram.tap_data(who, HandOver(JOBCENTER, DORA).pack(), party.telegram.last(who)))
        assert party.toast().startswith("Das darf nur")
    for person in (KARL, 0, 2**31 - 1):
        await party.hear(party.telegram.tap_data(VERA, HandOver(JOBCENTER, person).pack(), party.telegram.last(VERA)))
        assert party.toast().startswith("Das finde ich nicht mehr.")
    await party.hear(party.telegram.tap_data(VERA, HandOver(JOBCENTER, DORA).pack(), party.telegram.last(VERA)))
    await end_role(party, DORA, Role.DEPUTY)
    await party.fill(VERA, "[Bis auf Weiteres]", "[Übergeben]")
    assert await party.rows(Handover) == []
    assert {one.error for one in await party.rows(InboxRow)} == {None}


async def test_for_one_vote_it_does_not_hold_in_another(party: Party) -> None:
    await open_vote(party)
    await open_vote(party)
    await hand_over(party, "[Nur eine Abstimmung]", "[1 · Förderung 2027]")
    assert "Dora Vertretung stimmt jetzt für Jobcenter Stendal (RAK Stendal)." in " ".join(party.telegram.texts(VERA))
    assert "Das darf nur Ihre Stellvertretung" in await tap_old_card(party, VERA, number=1)
    assert "Ihre Stimme: Ja" in await tap_old_card(party, VERA, number=2)
    assert "Ihre Stimme: Ja" in await tap_old_card(party, DORA, number=1)
    assert (await tap_old_card(party, DORA, number=2)).startswith("Das darf nur")


async def test_without_an_open_vote_none_can_be_chosen(party: Party) -> None:
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Nur eine Abstimmung]")
    assert "Für dieses Mandat ist keine Abstimmung offen." in " ".join([party.toast(), party.last_text(VERA)])


async def test_a_vote_that_opens_later_calls_the_deputy(party: Party) -> None:
    await hand_over(party, "[Bis auf Weiteres]")
    await open_vote(party)
    assert party.last_text(DORA).startswith("Neue Abstimmung · RAK Stendal\nfür Jobcenter Stendal")
    assert "Förderung 2027" not in " ".join(party.telegram.texts(VERA))


async def test_only_who_acts_is_reminded(party: Party) -> None:
    await open_vote(party)
    await hand_over(party, "[Bis auf Weiteres]")
    before = len(party.telegram.texts(VERA))
    await pass_to(party, CLOSES - timedelta(hours=3))
    assert party.last_text(DORA).startswith("Abstimmung noch offen · RAK Stendal\nfür Jobcenter Stendal")
    assert len(party.telegram.texts(VERA)) == before


async def test_a_date_that_has_passed_gives_the_right_back(party: Party) -> None:
    await open_vote(party)
    await hand_over(party, "[Bis zu einem Datum]", "26.11.2026 12:00")
    party.clock.jump(datetime(2026, 11, 26, 10, 59, 59, tzinfo=UTC))
    assert "Ihre Stimme: Ja" in await tap_old_card(party, DORA)
    party.clock.jump(datetime(2026, 11, 26, 11, 0, tzinfo=UTC))
    assert (await tap_old_card(party, DORA, "no")).startswith("Das darf nur")
    assert "Ihre Stimme: Nein" in await tap_old_card(party, VERA, "no")
    assert await promises_hold(party)


async def test_an_old_button_cannot_bring_back_a_handover_that_has_run_out(party: Party) -> None:
    await open_vote(party)
    await hand_over(party, "[Bis zu einem Datum]", "26.11.2026 12:00")
    await party.tap(DORA, "Ja")
    party.clock.jump(datetime(2026, 11, 27, 11, 0, tzinfo=UTC))
    await party.tap(VERA, "Zurücknehmen")
    assert party.toast().startswith("Das ist schon geschehen.")
    assert "Ihre Stimme: Nein" in await tap_old_card(party, VERA, "no")
    await seat(party, DIETER, "Dieter Zweitvertretung", "Jobcenter Stendal", Role.DEPUTY)
    await hand_over(party, "[Bis auf Weiteres]", deputy="Dieter Zweitvertretung")
    assert (await tap_old_card(party, DORA)).startswith("Das darf nur")
    assert "Ihre Stimme: Ja" in await tap_old_card(party, DIETER)


async def test_a_tap_from_before_the_handover_is_the_holders_although_worked_off_later(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Bis auf Weiteres]")
    before = party.telegram.tap_data(VERA, CastTap(1, JOBCENTER, "yes").pack(), party.telegram.last(VERA))
    party.assistant.intake.stopping = True  # stored, and not worked off
    await party.assistant.intake.take([before])
    await party.restart()
    party.clock.advance(seconds=5)
    await party.tap(VERA, "Übergeben")
    assert await party.rows(Ballot) == []
    await party.assistant.intake.replay()
    await party.assistant.intake.idle()
    await party.assistant.intake.settle()
    [ballot] = await party.rows(Ballot)
    assert (ballot.cast_by, ballot.as_deputy) == (VERA, False)


# --- taking back


async def test_taken_back_the_holders_card_has_its_buttons_again(party: Party) -> None:
    await open_vote(party)
    await hand_over(party, "[Bis auf Weiteres]")
    assert await take_back(party) == "Zurückgenommen."
    assert list(party.telegram.buttons(card_of(party, VERA))) == CHOICES
    assert party.last_text(DORA).startswith("Das Mandat Jobcenter Stendal (RAK Stendal) wurde zurückgenommen.")
    assert (await tap_old_card(party, DORA)).startswith("Das darf nur")
    assert "Ihre Stimme: Ja" in await tap_old_card(party, VERA)
    assert await promises_hold(party)


async def test_after_the_deputy_voted_it_cannot_be_taken_back(party: Party) -> None:
    await open_vote(party)
    await hand_over(party, "[Nur eine Abstimmung]")
    await party.tap(DORA, "Nein")
    assert (await take_back(party)).startswith("Ihre Stellvertretung hat schon abgestimmt.")
    assert (await tap_old_card(party, VERA)).startswith("Das darf nur Ihre Stellvertretung")
    assert await says(party) == {"Jobcenter Stendal": "no"}


async def test_a_deputy_who_says_what_the_holder_had_said_has_voted(party: Party) -> None:
    await set_rules(party.database, changeable=False)
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await hand_over(party, "[Nur eine Abstimmung]")
    await party.tap(DORA, "Ja")
    assert party.toast().startswith("Ihre Stimme: Ja · Beleg ")
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.cast_by, ballot.as_deputy) == ("yes", DORA, True)
    assert (await take_back(party)).startswith("Ihre Stellvertretung hat schon abgestimmt.")
    await close(party)
    assert "Ergebnis · " in party.last_text(DORA)
    assert await promises_hold(party)


async def test_taking_back_a_general_handover_leaves_the_vote_where_the_deputy_voted(party: Party) -> None:
    await open_vote(party)
    await open_vote(party)
    await hand_over(party, "[Bis auf Weiteres]")
    assert "Ihre Stimme: Nein" in await tap_old_card(party, DORA, "no", 1)
    assert await take_back(party) == "Zurückgenommen."
    assert (await tap_old_card(party, VERA, number=1)).startswith("Das darf nur Ihre Stellvertretung")
    assert "Ihre Stimme: Ja" in await tap_old_card(party, DORA, number=1)
    assert "Ihre Stimme: Ja" in await tap_old_card(party, VERA, number=2)
    await party.write(VERA, "/vertretung")
    assert "Dora Vertretung stimmt bei Abstimmung Nr. 1." in party.last_text(VERA)
    await party.tap(VERA, "Zurücknehmen")
    assert party.toast().startswith("Ihre Stellvertretung hat schon abgestimmt.")
    async with party.database.read() as session:
        acts = [one.act for one in await entries_of(session, 1)]
    assert acts[-2:] == [Act.CAST, Act.CHANGED]
    assert await promises_hold(party)


async def test_handing_the_vote_to_another_deputy_is_taking_it_back_too(party: Party) -> None:
    await open_vote(party)
    await seat(party, DIETER, "Dieter Zweitvertretung", "Jobcenter Stendal", Role.DEPUTY)
    await hand_over(party, "[Bis auf Weiteres]")
    await party.tap(DORA, "Ja")
    await hand_over(party, "[Nur eine Abstimmung]", deputy="Dieter Zweitvertretung")
    assert party.toast().startswith("Ihre Stellvertretung hat schon abgestimmt.")
    await party.tap(VERA, "Abbrechen")
    await hand_over(party, "[Bis auf Weiteres]", deputy="Dieter Zweitvertretung")
    assert (await tap_old_card(party, DIETER)).startswith("Das darf nur")
    assert "Ihre Stimme: Nein" in await tap_old_card(party, DORA, "no")
    assert await promises_hold(party)


async def test_a_new_deputy_in_place_of_the_first_tells_the_first(party: Party) -> None:
    await open_vote(party)
    await seat(party, DIETER, "Dieter Zweitvertretung", "Jobcenter Stendal", Role.DEPUTY)
    await hand_over(party, "[Bis auf Weiteres]")
    await hand_over(party, "[Bis auf Weiteres]", deputy="Dieter Zweitvertretung")
    assert party.last_text(DORA).startswith("Das Mandat Jobcenter Stendal (RAK Stendal) wurde zurückgenommen.")
    assert (await tap_old_card(party, DORA)).startswith("Das darf nur")
    assert "Ihre Stimme: Ja" in await tap_old_card(party, DIETER)


async def test_nobody_else_takes_back_and_twice_is_once(party: Party) -> None:
    await open_vote(party)
    await hand_over(party, "[Bis auf Weiteres]")
    [given] = await party.rows(Handover)
    for who in (JENS, DORA, STAFF):
        await party.write(who, "/start")
        await party.hear(party.telegram.tap_data(who, TakeBack(given.id).pack(), party.telegram.last(who)))
        assert party.toast().startswith("Das darf nur")
    await party.write(VERA, "/vertretung")
    tap = party.telegram.tap(VERA, "Zurücknehmen")
    await party.hear(tap)
    await party.hear(tap)
    await party.hear(party.telegram.tap_data(VERA, TakeBack(given.id).pack(), party.telegram.last(VERA)))
    assert party.toast().startswith("Das ist schon geschehen.")
    assert [one for one in party.telegram.texts(DORA) if "zurückgenommen" in one] == [party.last_text(DORA)]


# --- a role that ends


async def test_a_membership_that_ends_takes_the_right_at_once_and_its_ballot_stays(party: Party) -> None:
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await end_role(party, VERA)
    await party.tap(VERA, "Nein")
    assert party.toast().startswith("Das darf nur")
    assert await says(party) == {"Jobcenter Stendal": "yes"}
    await seat(party, NADINE, "Nadine Nachfolge", "Jobcenter Stendal")
    assert "Ihre Stimme: Enthaltung" in await tap_old_card_of_successor(party, "abstain")
    assert await says(party) == {"Jobcenter Stendal": "abstain"}
    assert await promises_hold(party)


async def tap_old_card_of_successor(party: Party, choice: str) -> str:
    await party.write(NADINE, "/abstimmungen")
    await party.tap(NADINE, "1 · offen · Förderung 2027")
    return await tap_old_card(party, NADINE, choice)


async def test_the_successor_changes_nothing_where_changes_are_not_allowed(party: Party) -> None:
    await set_rules(party.database, changeable=False)
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await end_role(party, VERA)
    await seat(party, NADINE, "Nadine Nachfolge", "Jobcenter Stendal")
    assert "kann eine Stimme nicht geändert werden" in await tap_old_card_of_successor(party, "no")
    assert await says(party) == {"Jobcenter Stendal": "yes"}


@pytest.mark.parametrize(("who", "role"), [(VERA, Role.MEMBER), (DORA, Role.DEPUTY)])
async def test_a_handover_does_not_outlive_the_role_of_either(party: Party, who: int, role: Role) -> None:
    await open_vote(party)
    await hand_over(party, "[Bis auf Weiteres]")
    await end_role(party, who, role)
    assert (await tap_old_card(party, DORA)).startswith("Das darf nur")
    if who == DORA:
        assert "Ihre Stimme: Ja" in await tap_old_card(party, VERA)
        await party.write(VERA, "/vertretung")
        assert "Sie stimmen selbst." in party.last_text(VERA)


async def test_the_successor_can_hand_over_where_the_old_deputy_had_voted(party: Party) -> None:
    await open_vote(party)
    await hand_over(party, "[Nur eine Abstimmung]")
    await party.tap(DORA, "Ja")
    await end_role(party, VERA)
    await seat(party, NADINE, "Nadine Nachfolge", "Jobcenter Stendal")
    await party.write(NADINE, "/vertretung")
    assert "Sie stimmen selbst." in party.last_text(NADINE)
    await party.fill(NADINE, "[Dora Vertretung]", "[Nur eine Abstimmung]", "[Übergeben]")
    assert "Ihre Stimme: Nein" in await tap_old_card(party, DORA, "no")
    assert await promises_hold(party)


# --- who is told


async def test_the_result_goes_to_the_deputy_who_acted_and_not_to_one_who_did_not(party: Party) -> None:
    await seat(party, DIETER, "Dieter Zweitvertretung", "IHK Magdeburg", Role.DEPUTY)
    await open_vote(party)
    await hand_over(party, "[Bis auf Weiteres]")
    await party.write(JENS, "/vertretung")
    await party.fill(JENS, "[Dieter Zweitvertretung]", "[Bis auf Weiteres]", "[Übergeben]")
    await party.tap(DORA, "Ja")
    await close(party)
    for who in (VERA, JENS, KARL, DORA, STAFF):
        assert "Ergebnis · RAK Stendal" in party.last_text(who)
    assert "Ergebnis" not in " ".join(party.telegram.texts(DIETER))
