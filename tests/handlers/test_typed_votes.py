"""„Ja zu 17": a vote that is typed is read back, and counts once „Abgeben" is tapped."""

from datetime import timedelta

import pytest

from handlers.callbacks import TypedCast
from handlers.typed.words import Request, Thing, read_request
from models.ballot.entering import NewOption
from models.ballot.rows import Ballot
from models.ballot.rules import Choice, Held, Kind
from tests.auxil.party import DORA, GUEST, JENS, SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.voting import CLOSES, open_vote, says


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Ja zu 17", (Choice.YES, 17)),
        ("  nein ZU 17.", (Choice.NO, 17)),
        ("Enthaltung zu Nr. 17", (Choice.ABSTAIN, 17)),
        ("Befangen zu nr 17!", (Choice.CONFLICT, 17)),
        ("yes to 17", (Choice.YES, 17)),
        ("No to no. 17", (Choice.NO, 17)),
        ("Ja", None),
        ("Ja zu 17 Anträgen", None),
        ("Ja zu dem Antrag", None),
        ("Vielleicht zu 17", None),
        ("Was heißt Ja zu 17?", None),
        ("Ja zu 17?", None),
        ("Ja zu 99999999999999999999", None),
    ],
)
def test_what_is_a_typed_vote(text: str, read: tuple[Choice, int] | None) -> None:
    assert read_request(text) == (Request(Thing.VOTE, *read) if read else None)


async def test_it_is_read_back_and_stored_only_with_the_button(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "Ja zu 1")
    text = party.last_text(VERA)
    assert text.startswith("Abstimmung · RAK Stendal\nfür Jobcenter Stendal\nNr. 1 · Beschluss\nFörderung 2027\n")
    assert text.endswith("Ihre Stimme: Ja\nIst das richtig?")
    assert party.labels(VERA) == ["Abgeben", "Abstimmung ansehen"]
    assert await party.rows(Ballot) == []
    await party.tap(VERA, "Abgeben")
    assert party.toast().startswith("Ihre Stimme: Ja · Beleg ")
    assert party.toast() in party.last_text(VERA)
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.way) == ("yes", "typed")


async def test_a_changed_mind_may_be_typed_and_tapped_in_turn(party: Party) -> None:
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await party.write(VERA, "Nein zu 1")
    assert await says(party) == {"Jobcenter Stendal": "yes"}
    await party.tap(VERA, "Abgeben")
    assert await says(party) == {"Jobcenter Stendal": "no"}
    await party.tap(VERA, "Enthaltung")
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.way) == ("abstain", "tap")


async def test_abgeben_after_the_closing_is_refused(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "Ja zu 1")
    party.clock.jump(CLOSES)
    await party.tap(VERA, "Abgeben")
    assert party.toast().startswith("Die Abstimmung ist beendet.")
    assert await party.rows(Ballot) == []


async def test_typed_after_the_closing_it_shows_how_the_vote_stands(party: Party) -> None:
    await open_vote(party)
    party.clock.jump(CLOSES + timedelta(hours=1))
    await party.write(VERA, "Ja zu 1")
    assert "Abgeben" not in party.labels(VERA)
    assert await party.rows(Ballot) == []


async def test_a_deputy_types_while_the_mandate_is_handed_over_and_its_holder_cannot(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Bis auf Weiteres]", "[Übergeben]")
    await party.write(DORA, "Nein zu 1")
    assert "für Jobcenter Stendal\n" in party.last_text(DORA)
    assert "Ihre Stimme: Nein\n" in party.last_text(DORA)
    await party.tap(DORA, "Abgeben")
    await party.write(VERA, "Ja zu 1")
    assert "Abgeben" not in party.labels(VERA)
    await party.hear(party.telegram.tap_data(VERA, TypedCast(1, 1, "yes").pack(), party.telegram.last(VERA)))
    assert party.toast().startswith("Das darf nur Ihre Stellvertretung")
    assert await says(party) == {"Jobcenter Stendal": "no"}


@pytest.mark.parametrize("who", [STRANGER, SPONSOR, GUEST, DORA])
async def test_nobody_without_the_right_learns_of_the_vote(party: Party, who: int) -> None:
    await open_vote(party)
    await party.write(who, "Ja zu 1")
    assert party.last_text(who).startswith("Das darf nur")
    await party.hear(party.telegram.tap_data(who, TypedCast(1, 1, "yes").pack(), party.telegram.last(who)))
    assert party.toast().startswith("Das darf nur")
    assert await party.rows(Ballot) == []


async def test_staff_votes_by_typing_only_with_a_seat(party: Party) -> None:
    await open_vote(party)
    await party.write(STAFF, "Ja zu 1")
    assert "Abgeben" not in party.labels(STAFF)
    assert await party.rows(Ballot) == []


async def test_a_number_that_there_is_not(party: Party) -> None:
    await party.write(VERA, "Ja zu 17")
    assert party.last_text(VERA).startswith("Das finde ich nicht mehr.")


async def test_where_something_else_is_asked_the_card_comes_instead(party: Party) -> None:
    await open_vote(party, kind=Kind.ELECTION, options=[NewOption("Anna"), NewOption("Bernd")])
    await party.write(JENS, "Ja zu 1")
    assert party.labels(JENS) == ["Anna", "Bernd", "Enthaltung"]
    assert await party.rows(Ballot) == []


async def test_a_straw_poll_can_be_answered_by_typing(party: Party) -> None:
    await open_vote(party, kind=Kind.STRAW_POLL, held=Held.CIRCULAR)
    await party.write(JENS, "Enthaltung zu Nr. 1")
    await party.tap(JENS, "Abgeben")
    assert await says(party) == {"IHK Magdeburg": "abstain"}
