"""Everything by typing: a button's label, its number, „Zusage 4" and its like. A typed tap is a tap."""

from datetime import timedelta
from typing import Any

import pytest
from telegram.error import TimedOut

from handlers.callbacks import parse
from models.ballot.rows import Ballot, Objection, Vote
from models.ballot.rules import Held, Kind
from models.ballot.secret.rows import SecretVoter
from models.broadcast.rows import Copy
from models.deadline.rows import Subscription
from models.drafts import Draft
from models.inbox import InboxRow
from models.meeting.rows import Invitation
from models.question import OfficeQuestion
from models.selection.rows import ScoreRow
from models.shown import MOST, Shown
from tests.auxil import rundruf
from tests.auxil.deadlines import FAR, enter
from tests.auxil.meetings import call, second_deputy
from tests.auxil.party import DORA, GUEST, JENS, KARL, SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.selecting import open_selection
from tests.auxil.voting import CLOSES, cast_secretly, open_circular, open_vote, says
from tests.handlers.test_dates import find_a_date


async def types(party: Party, *people: int) -> None:
    """They would rather type."""
    for who in people:
        await party.write(who, "/hilfe")
        await party.write(who, "Ich möchte lieber tippen")


async def answers(party: Party) -> dict[int, str | None]:
    return {one.mandate_id: one.answer for one in await party.rows(Invitation) if one.mandate_id}


# --- labels


async def test_a_whole_vote_by_words(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "ja")
    assert party.last_text(VERA).endswith("Ihre Stimme: Ja\nIst das richtig?")
    assert await party.rows(Ballot) == []
    await party.write(VERA, "Abgeben.")
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.way) == ("yes", "typed")
    assert f"Ihre Stimme: Ja · Beleg {ballot.receipt}" in party.last_text(VERA)
    await party.write(VERA, "Nein")
    await party.write(VERA, "Abgeben")
    assert await says(party) == {"Jobcenter Stendal": "no"}
    assert await party.rows(OfficeQuestion) == []


async def test_an_invitation_by_words_and_its_answer_above_the_card(party: Party) -> None:
    await call(party)
    await second_deputy(party)
    await party.write(VERA, "Zusage")
    assert (await answers(party))[1] == "yes"
    assert "Ihre Antwort: Zusage" in party.last_text(VERA)
    await party.write(VERA, "Vertretung")
    await party.write(VERA, "Dora Vertretung")
    assert (await answers(party))[1] == "deputy"
    await party.write(DORA, "Absage")
    [one] = [one for one in await party.rows(Invitation) if one.mandate_id == 1]
    assert one.deputy_answer == "no"


async def test_a_staff_form_from_start_to_end_without_a_tap(party: Party) -> None:
    for text in ("Büro", "Neue Abstimmung", "Beschluss", "Haushalt", "Der RAK stimmt zu.", "weiter", "Sofort"):
        await party.write(STAFF, text)
    for text in ("01.12.2026 12:00", "Zurück", "Zurück", "sofort", "01.12.2026 12:00", "Nein", "Eröffnen"):
        await party.write(STAFF, text)
    [vote] = await party.rows(Vote)
    assert (vote.title, vote.opened_at) == ("Haushalt", party.clock.now)
    assert await party.rows(Draft) == []


async def test_what_a_form_asks_for_is_its_entry_unless_it_is_that_forms_button(party: Party) -> None:
    await open_vote(party)
    await party.fill(STAFF, "/buero", "[Neue Abstimmung]", "[Beschluss]")
    await party.write(STAFF, "Ja zu 1")
    [draft] = await party.rows(Draft)
    assert draft.answers["title"] == "Ja zu 1"
    await party.write(STAFF, "abbrechen!")
    assert await party.rows(Draft) == []


async def test_a_label_under_two_messages_is_not_guessed(party: Party) -> None:
    await call(party)
    await call(party)
    before = await party.everything()
    await party.write(VERA, "Zusage")
    assert party.last_text(VERA).startswith("„Zusage“ steht unter mehreren Nachrichten.")
    assert (await party.everything())["invitations"] == before["invitations"]
    first = next(one for one in party.telegram.chats[VERA].values() if "Zusage" in party.telegram.buttons(one))
    await party.write(VERA, "Zusage", reply_to=first)
    assert {one.meeting_number for one in await party.rows(Invitation) if one.answer} == {1}
    await party.write(VERA, "Zusage 2")
    assert {one.meeting_number for one in await party.rows(Invitation) if one.answer} == {1, 2}


async def test_a_reply_to_somebody_elses_message_presses_nothing(party: Party) -> None:
    await open_vote(party)
    card = party.telegram.last(JENS) | {"from": {"id": 77, "is_bot": True, "first_name": "Fremd"}}
    await party.write(STRANGER, "Ja", reply_to=card)
    assert await party.rows(Ballot) == []
    assert party.last_text(STRANGER).startswith("Dazu habe ich keine belegte Auskunft.")


@pytest.mark.parametrize("who", [STRANGER, SPONSOR, GUEST, DORA])
async def test_a_button_that_was_forwarded_obeys_nobody_else_typed_either(party: Party, who: int) -> None:
    await open_vote(party)
    before = await party.rows(Ballot)
    await party.write(who, "Ja", reply_to=party.telegram.last(VERA))
    assert party.last_text(who).startswith("Das darf nur")
    assert await party.rows(Ballot) == before


async def test_an_old_button_typed_is_refused_as_when_tapped(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "Ja")
    party.clock.jump(CLOSES)
    await party.write(VERA, "Abgeben")
    assert party.last_text(VERA).startswith("Die Abstimmung ist beendet.")
    assert await party.rows(Ballot) == []


# --- numbers


async def test_numbers_are_shown_and_taken_once_wished_for(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "/offen")
    assert "1 · " not in party.last_text(VERA)
    await types(party, VERA)
    assert party.last_text(VERA).endswith("\n\n1 · Keine Nummern mehr")
    await party.write(VERA, "/offen")
    assert "\n\n1 · Abstimmung 1 · Förderung 2027\n" in party.last_text(VERA)
    await party.write(VERA, "1")
    assert "\n\n1 · Ja\n2 · Nein\n3 · Enthaltung\n4 · Befangen" in party.last_text(VERA)
    await party.write(VERA, "zwei")
    assert "Ihre Stimme: Nein\nIst das richtig?\n\n1 · Abgeben\n2 · Abstimmung ansehen" in party.last_text(VERA)
    await party.write(VERA, "1.")
    assert await says(party) == {"Jobcenter Stendal": "no"}
    await party.write(VERA, "99")
    assert party.last_text(VERA) == "Unter der letzten Nachricht gibt es keinen Knopf 99."


async def test_letters_carry_numbers_too_and_a_restart_forgets_none(party: Party) -> None:
    await types(party, VERA)
    await call(party)
    assert any(one.endswith("1 · Zusage\n2 · Absage\n3 · Vertretung") for one in party.telegram.texts(VERA))
    await party.restart()
    await party.write(VERA, "2")
    assert (await answers(party))[1] == "no"


async def test_a_tap_redraws_the_numbers(party: Party) -> None:
    await types(party, VERA)
    await enter(party, "Aufruf STABIL")
    await party.write(VERA, "/fristen")
    await party.tap(VERA, "1 · Aufruf STABIL")
    await party.tap(VERA, "Erinnere mich")
    assert "1 · Nicht mehr erinnern\n2 · Kalender (.ics)" in party.last_text(VERA)
    await party.write(VERA, "1")
    assert [one.ended_as for one in await party.rows(Subscription)] == ["muted"]


async def test_where_a_text_is_asked_for_a_bare_number_is_the_entry_and_button_2_the_button(party: Party) -> None:
    await types(party, STAFF)
    await party.write(STAFF, "Büro")
    await party.fill(STAFF, "[Neue Abstimmung]", "1")
    assert party.last_text(STAFF).endswith("\n\nKnopf 1 · Zurück\nKnopf 2 · Abbrechen")
    await party.write(STAFF, "2")
    [draft] = await party.rows(Draft)
    assert draft.answers["title"] == "2"
    await party.write(STAFF, "Knopf zwei")
    assert await party.rows(Draft) == []


async def test_what_has_a_number_of_its_own_is_called_by_it(party: Party) -> None:
    await types(party, VERA)
    for days, title in enumerate(("Erste", "Zweite", "Dritte")):
        await enter(party, title, FAR - timedelta(days=days))
    await party.write(VERA, "Fristen")
    assert "\n\n3 · Dritte\n2 · Zweite\n1 · Erste\nKnopf 4 · Alle in den Kalender (.ics)\n" in party.last_text(VERA)
    await party.write(VERA, "3")
    assert party.last_text(VERA).endswith("1 · Erinnere mich\n2 · Kalender (.ics)")


async def test_points_are_typed_as_they_are(party: Party) -> None:
    await types(party, VERA)
    await open_selection(party)
    await party.write(VERA, "Projekt 1 bewerten")
    assert "Schreiben Sie eine dieser Zahlen: 0, 1, 2, 3, 4, 5" in party.last_text(VERA)
    await party.write(VERA, "4")
    assert [(one.criterion, one.points) for one in await party.rows(ScoreRow)] == [(1, 4)]


async def test_two_messages_said_together_are_numbered_through(party: Party) -> None:
    await types(party, STAFF)
    for text in ("Wer bekommt Geld vom Mond?", "Wer bekommt Geld von der Sonne?"):
        await party.write(STRANGER, text)
        await party.write(STRANGER, "An die ReKo")
    await party.write(STAFF, "Büro")
    await party.write(STAFF, "Offene Fragen")
    first, second = party.telegram.texts(STAFF)[-2:]
    assert first.endswith("1 · Antworten")
    assert second.endswith("2 · Antworten\n3 · Büro")
    await party.write(STAFF, "2")
    [draft] = await party.rows(Draft)
    assert draft.answers["number"] == 2


async def test_without_the_wish_a_number_is_a_question_unless_something_has_it(party: Party) -> None:
    await open_vote(party)
    await enter(party, "Aufruf STABIL")
    await party.write(VERA, "7")
    assert party.last_text(VERA).startswith("Dazu habe ich keine belegte Auskunft.")
    await party.write(VERA, "1")
    assert party.labels(VERA) == ["Abstimmung 1 · Förderung 2027", "Frist 1 · Aufruf STABIL"]
    await party.write(STRANGER, "1")
    assert party.labels(STRANGER) == ["Frist 1 · Aufruf STABIL"]


async def test_the_wish_is_taken_back_by_typing(party: Party) -> None:
    await types(party, VERA)
    await party.write(VERA, "1")
    assert party.last_text(VERA).startswith("Ab jetzt nummeriere ich die Knöpfe nicht mehr.")
    assert party.labels(VERA) == ["Ich möchte lieber tippen"]


# --- by number of the thing


@pytest.mark.parametrize(
    ("text", "answer"),
    [("Zusage 1", "yes"), ("zusage zu nr. 1.", "yes"), ("Absage eins", "no"), ("Accept 1", "yes"), ("decline 1", "no")],
)
async def test_an_invitation_by_its_number(party: Party, text: str, answer: str) -> None:
    await call(party)
    await party.write(VERA, "Etwas anderes?")
    await party.write(VERA, text)
    assert (await answers(party))[1] == answer


async def test_deadlines_by_their_number(party: Party) -> None:
    await enter(party, "Aufruf STABIL")
    await party.write(STRANGER, "Frist 1")
    assert "Aufruf STABIL" in party.last_text(STRANGER)
    await party.write(STRANGER, "Erinnere mich an Frist 1")
    assert party.last_text(STRANGER).startswith("Ich erinnere Sie.\n\n")
    assert [one.ended_as for one in await party.rows(Subscription)] == [None]
    await party.write(STRANGER, "Nicht mehr erinnern 1")
    assert [one.ended_as for one in await party.rows(Subscription)] == ["muted"]
    await party.write(STRANGER, "Erinnern 1")
    await party.write(STRANGER, "Erledigt: 1")
    assert [one.ended_as for one in await party.rows(Subscription)] == ["done"]


async def test_an_objection_by_its_number_is_asked_back(party: Party) -> None:
    await open_circular(party)
    await party.write(VERA, "Widerspruch 1")
    assert await party.rows(Objection) == []
    await party.write(VERA, "Ja, widersprechen")
    assert [one.mandate_id for one in await party.rows(Objection)] == [1]


async def test_dates_by_number_and_word(party: Party) -> None:
    await find_a_date(party)
    await party.write(VERA, "Passt zu 1, Termin 2")
    await party.write(VERA, "Passt nicht")
    await party.write(VERA, "zur not")
    assert await says(party) == {"Jobcenter Stendal": "nfp"}


async def test_a_rundruf_is_read_by_its_number(party: Party) -> None:
    await rundruf.send(party, "[Um „Gelesen“ bitten]")
    await party.write(VERA, "Was kostet das?")
    await party.write(VERA, "Gelesen 1")
    assert party.last_text(VERA) == "Danke, das ist vermerkt."
    assert {one.telegram_id for one in await party.rows(Copy) if one.read_at} == {VERA}
    await party.write(STRANGER, "Gelesen 1")
    assert party.last_text(STRANGER).startswith("Das darf nur")


OPENED = {
    "Abstimmung 1": [STRANGER, SPONSOR, GUEST, DORA],
    "Ergebnis 1": [STRANGER, SPONSOR, GUEST, DORA],
    "Widerspruch 1": [STRANGER, SPONSOR, GUEST, DORA],
    "Passt zu 1": [STRANGER, SPONSOR, GUEST, DORA],
    "Sitzung 1": [STRANGER, SPONSOR],
    "Zusage 1": [STRANGER, SPONSOR, STAFF],
    "Anwesend 1": [STRANGER, SPONSOR, STAFF],
    "Antworten 1": [STRANGER, SPONSOR, GUEST, DORA, VERA],
    "Rundruf 1": [STRANGER, SPONSOR, GUEST, DORA, VERA],
    "Büro": [STRANGER, SPONSOR, GUEST, DORA, VERA],
    "Offen": [STRANGER, SPONSOR],
}


@pytest.mark.parametrize(("text", "lacking"), OPENED.items())
async def test_who_has_no_right_gets_the_buttons_refusal(party: Party, text: str, lacking: list[int]) -> None:
    await open_vote(party)
    await call(party)
    for who in lacking:
        before = await party.state()
        await party.write(who, text)
        if not (who == STAFF and text in {"Zusage 1", "Anwesend 1"}):  # sees the page, without a seat
            assert party.last_text(who).startswith("Das darf nur"), who
        assert await party.state() == before


async def test_a_question_by_its_number_is_staffs_or_ones_own(party: Party) -> None:
    await party.write(VERA, "Wer bekommt Geld vom Mond?")
    await party.write(VERA, "An die ReKo")
    await party.write(STAFF, "Frage 1")
    assert party.last_text(STAFF).startswith("Frage Nr. 1\n\n„Wer bekommt Geld vom Mond?“")
    await party.write(STAFF, "Antworten 1")
    await party.write(STAFF, "Niemand.")
    await party.write(STAFF, "Senden")
    assert "Niemand." in party.last_text(VERA)
    await party.write(JENS, "Frage 1")
    assert "Mond" not in party.last_text(JENS)


# --- secret votes


async def test_a_secret_choice_is_never_taken_in_writing(party: Party) -> None:
    await types(party, VERA)
    await open_vote(party, secret=True)
    card = party.last_text(VERA)
    assert "1 · Befangen" in card
    assert "Bitte wählen Sie mit den Knöpfen." in card
    assert "· Nein" not in card.split("Eine geschriebene Stimme zählt hier nicht.")[1]
    for text in ("Ja", "nein", "Enthaltung", "Ja zu 1"):
        await party.write(VERA, text)
        assert "ist geheim. Eine geschriebene Stimme zählt dort nicht" in party.telegram.texts(VERA)[-2]
        assert "Stimmzettel auf Papier" in party.telegram.texts(VERA)[-2]
        assert await party.rows(SecretVoter) == await party.rows(Ballot) == []
    assert not await party.holds('"text":"Enthaltung"')


async def test_no_choice_of_a_preview_is_remembered(party: Party) -> None:
    await open_vote(party, secret=True)
    await party.assistant.intake.settle()
    before, shown = await party.state(), [one.messages for one in await party.rows(Shown)]
    await party.tap(VERA, "Ja")
    assert await party.state() == before
    assert [one.messages for one in await party.rows(Shown)] == shown
    await party.write(VERA, "Verbindlich abgeben")
    assert "ist geheim" in party.telegram.texts(VERA)[-2]
    assert await party.rows(SecretVoter) == []
    await party.tap(VERA, "Zurück")
    await cast_secretly(party, VERA, "Nein")
    for row in await party.rows(Shown):
        assert all(not data.startswith(("x:", "xc:")) for one in row.messages for data in one["taps"])
    await party.write(VERA, "Ja", reply_to=party.telegram.last(JENS))
    assert "ist geheim" in party.telegram.texts(VERA)[-2]


# --- once, and in order


async def test_typed_twice_or_delivered_twice_it_counts_once(party: Party) -> None:
    await open_vote(party)
    await party.write(VERA, "Ja")
    typed = party.telegram.write(VERA, "Abgeben")
    await party.hear(typed, typed)
    await party.hear(typed)
    [ballot] = await party.rows(Ballot)
    assert len([one for one in party.telegram.texts(VERA) if ballot.receipt in one]) == 1


@pytest.mark.parametrize("lost", [1, 2])
async def test_a_typed_tap_whose_answer_was_lost_is_answered_and_done_once(party: Party, lost: int) -> None:
    await open_vote(party)
    await party.write(VERA, "Ja")
    party.telegram.fail("sendMessage", *[TimedOut()] * lost, chat_id=VERA)
    await party.write(VERA, "Abgeben")
    [ballot] = await party.rows(Ballot)
    assert ballot.receipt in party.last_text(VERA)
    assert [one.error for one in await party.rows(InboxRow) if one.error] == []


async def test_a_number_never_means_a_button_that_came_after_it(party: Party) -> None:
    """Delivered again after a crash that lost the mark, „1" would mean the first button of its own answer."""
    await open_vote(party)
    await types(party, VERA)
    await party.write(VERA, "/offen")
    typed = party.telegram.write(VERA, "1")
    await party.hear(typed)
    assert "1 · Ja" in party.last_text(VERA)
    async with party.database.begin() as session:
        row = await session.get_one(InboxRow, typed["update_id"])
        await session.delete(row)
    await party.hear(typed)
    assert party.last_text(VERA).startswith("Inzwischen habe ich wieder geschrieben.")
    assert await party.rows(Ballot) == []


async def test_what_was_received_before_a_letter_came_does_not_answer_it(party: Party) -> None:
    await call(party)
    typed = party.telegram.write(VERA, "Zusage")
    party.clock.jump(party.clock.now - timedelta(seconds=5))
    await party.hear(typed)
    assert party.last_text(VERA).startswith("Inzwischen habe ich wieder geschrieben.")
    assert set((await answers(party)).values()) == {None}


# --- what is remembered


async def test_one_row_a_chat_and_a_bounded_one(party: Party) -> None:
    for number in range(MOST + 3):
        await enter(party, f"Frist {number}")
        await party.write(KARL, "/fristen")
    for _ in range(3):
        await call(party)
    rows = [one for one in await party.rows(Shown) if one.telegram_id == KARL]
    assert len(rows) == 1
    assert 1 < len(rows[0].messages) <= MOST
    kept: list[dict[str, Any]] = rows[0].messages
    assert all(parse(data) for one in kept for data in one["taps"])


async def test_of_who_leaves_nothing_is_remembered_however_they_do_it(party: Party) -> None:
    await open_vote(party, kind=Kind.STRAW_POLL, held=Held.CIRCULAR)
    await party.write(VERA, "/loeschen")
    await party.write(VERA, "Endgültig löschen")
    assert party.last_text(VERA).startswith("Gelöscht.")
    assert [one for one in await party.rows(Shown) if one.telegram_id == VERA] == []
