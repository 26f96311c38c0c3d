"""„Personen": looking, adding, moving, ending, renaming; who may what afterwards; two at the desk at once."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from handlers.callbacks import CastTap, OnPerson, PeopleList
from models.ballot.rows import Ballot, Elector, Handover
from models.drafts import Draft
from models.meeting.rows import Invitation
from models.member import Code, Membership, Person, Role
from models.office import Body, Mandate
from models.outbox import Letter
from models.record.rows import RecordLine
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, MANDATES, STAFF, STRANGER, VERA, Party
from tests.auxil.voting import promises_hold

JOBCENTER, IHK, LANDKREIS = 1, 2, 3


async def overview(party: Party, who: int = STAFF) -> None:
    """„/buero" → „Personen"."""
    await party.write(who, "/buero")
    await party.tap(who, "Personen")


async def look_up(party: Party, typed: str, who: int = STAFF) -> str:
    """The page of whoever is found."""
    await overview(party, who)
    await party.fill(who, "[Suchen]", typed)
    return party.last_text(who)


async def act_on(party: Party, name: str, *entries: str, who: int = STAFF) -> str:
    """A button of somebody's page, and what is filled in after it."""
    await look_up(party, name, who)
    await party.fill(who, *entries)
    return party.last_text(who)


async def roles(party: Party, name: str) -> list[tuple[str, int | None]]:
    """Somebody's roles today: role and mandate."""
    async with party.database.read() as session:
        rows = await session.execute(
            select(Membership.role, Membership.mandate_id)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.name == name, Membership.ended_at.is_(None))
            .order_by(Membership.id)
        )
        return [(role, mandate) for role, mandate in rows]


async def letters(party: Party, who: int, kind: str) -> list[Letter]:
    return [one for one in await party.rows(Letter) if one.telegram_id == who and one.kind == kind]


async def recorded(party: Party, kind: str) -> list[str]:
    return [one.entry for one in await party.rows(RecordLine) if f'"kind":"{kind}"' in one.entry]


def menu_of(party: Party, who: int) -> set[str] | None:
    """The commands in somebody's menu as it was set last; None: taken away."""
    for call in reversed(party.telegram.calls):
        if call.method in {"setMyCommands", "deleteMyCommands"} and str(who) in str(call.params.get("scope")):
            return {one["command"] for one in call.params["commands"]} if "commands" in call.params else None
    raise AssertionError("no menu was ever set")


async def call_meeting(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Sitzung]", "Herbst", "11.12.2026 10:00", "11.12.2026 12:00", "Saal")
    await party.fill(STAFF, "[Weiter]", "[Weiter]", "[Einladen]")


# --- looking


async def test_the_overview_counts_and_leads_to_every_list(party: Party) -> None:
    await overview(party)
    assert party.last_text(STAFF).startswith("Personen\n8 Personen auf den Listen\ndabei: 8")
    for label, shown in (("RAK Stendal (5)", "Stellvertretung: Dora Vertretung"), ("Träger (1)", "Bildungswerk")):
        await overview(party)
        await party.tap(STAFF, label)
        assert shown in party.last_text(STAFF)
        assert {"Personen", "Büro"} <= set(party.labels(STAFF))
    await overview(party)
    await party.fill(STAFF, "[Team im Büro (2)]", "[Bernd Büro]")
    assert "dabei" in party.last_text(STAFF)
    assert {"Personen", "Büro"} <= set(party.labels(STAFF))


async def test_a_long_list_has_pages_and_a_vacant_mandate_says_so(party: Party) -> None:
    async with party.database.begin() as session:
        session.add_all(Mandate(body_id=1, name=f"Sitz {number:02}") for number in range(20))
    await overview(party)
    await party.tap(STAFF, "RAK Stendal (5)")
    assert "Seite 1 von 4" in party.last_text(STAFF)
    await party.fill(STAFF, "[Nächste Seite]", "[Nächste Seite]", "[Nächste Seite]")
    assert "Gäste\nGero Gast" in party.last_text(STAFF)
    assert "Nächste Seite" not in party.labels(STAFF)
    await party.tap(STAFF, "Vorige Seite")
    assert "Seite 3 von 4" in party.last_text(STAFF)
    assert "Sitz 19\nunbesetzt" in party.last_text(STAFF)
    message = party.telegram.last(STAFF)
    await party.hear(party.telegram.tap_data(STAFF, PeopleList("1", 999).pack(), message))
    assert "Seite 4 von 4" in party.last_text(STAFF)


@pytest.mark.parametrize("typed", ["vera", "MUSTER", "ve mus", "jobcenter sten", "Müster Vera".replace("ü", "u")])
async def test_search_finds_by_part_of_name_or_mandate(party: Party, typed: str) -> None:
    text = await look_up(party, typed)
    if "gefunden" in text:  # Dora stands in for the same mandate
        await party.tap(STAFF, "Vera Muster · Jobcenter Stendal")
        text = party.last_text(STAFF)
    assert text.startswith("Vera Muster")
    assert await party.rows(Draft) == []


async def test_search_that_finds_nobody_asks_again(party: Party) -> None:
    assert "niemanden gefunden" in await look_up(party, "Xaver")
    await party.write(STAFF, "Träger")
    assert "Sven Träger" in party.last_text(STAFF)


# --- adding


async def test_a_person_is_added_and_comes_in_with_the_code(party: Party) -> None:
    await overview(party)
    await party.fill(STAFF, "[Person hinzufügen]", "[Mitglied]", "Hochschule", "Nadine Neu")
    preview = party.last_text(STAFF)
    assert "Nadine Neu" in preview
    assert "neues Mandat" in preview
    assert "Nadine Neu" not in {one.name for one in await party.rows(Person)}
    await party.fill(STAFF, "[Eintragen]", "[Neuer Code]")
    shown = next(text for text in reversed(party.telegram.texts(STAFF)) if "Code für Nadine Neu" in text)
    code = re.search(r"\n([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\n", shown)[1]  # type: ignore[index]  # it is there
    assert f"https://t.me/{party.assistant.application.bot.username}?start={code}" in shown
    assert not await party.holds(code)
    assert not await party.holds(code.replace("-", ""))
    await party.write(STRANGER, f"/start {code}")
    await party.tap(STRANGER, "Das bin ich")
    assert "offen" in (menu_of(party, STRANGER) or set())
    assert "dabei seit" in await look_up(party, "nadine")
    assert len(await recorded(party, "seat_taken")) == 1
    assert await promises_hold(party)


async def test_a_second_tap_enters_nobody_twice(party: Party) -> None:
    await overview(party)
    await party.fill(STAFF, "[Person hinzufügen]", "[Gast]", "Nadine Neu")
    preview = party.telegram.last(STAFF)
    taps = [party.telegram.tap(STAFF, "Eintragen", message=preview) for _ in range(2)]
    await party.hear(*taps)
    assert await roles(party, "Nadine Neu") == [("gast", None)]


async def test_another_spelling_is_the_same_person_and_the_same_mandate(party: Party) -> None:
    await overview(party)
    await party.fill(STAFF, "[Person hinzufügen]", "[Mitglied]", "ihk  magdeburg")
    assert "Dieses Mandat ist besetzt" in party.last_text(STAFF)
    await party.fill(STAFF, "Handwerk", "vera MUSTER")
    assert "Vera Muster steht schon auf den Listen" in party.last_text(STAFF)
    await party.tap(STAFF, "Eintragen")
    assert await roles(party, "Vera Muster") == [("mitglied", JOBCENTER), ("mitglied", 4)]


async def test_a_role_that_one_has_is_not_given_twice(party: Party) -> None:
    await overview(party)
    await party.fill(STAFF, "[Person hinzufügen]", "[Gast]", "Gero Gast")
    assert "hat die Person schon" in party.last_text(STAFF)


async def test_whoever_gets_a_role_is_told_invited_and_sees_the_menu(party: Party) -> None:
    await call_meeting(party)
    await act_on(party, "Sven Träger", "[Rolle hinzufügen]", "[Beratend]", "[Eintragen]")
    sponsor = 6
    assert len(await letters(party, sponsor, "role_begun")) == 1
    assert any("Das Büro hat für Sie eine Rolle eingetragen" in text for text in party.telegram.texts(sponsor))
    assert len(await letters(party, sponsor, "invitation")) == 1
    assert "offen" in (menu_of(party, sponsor) or set())


async def test_news_of_a_role_wait_for_the_end_of_the_quiet_hours_and_what_was_undone_is_not_told(party: Party) -> None:
    party.clock.jump(datetime(2026, 11, 24, 21, tzinfo=UTC))
    await act_on(party, "Sven Träger", "[Rolle hinzufügen]", "[Gast]", "[Eintragen]")
    await act_on(party, "Sven Träger", "[Mitgliedschaft beenden]", "[Gast · RAK Stendal]", "[Beenden]")
    assert not any("Rolle" in text for text in party.telegram.texts(6))
    await act_on(party, "Sven Träger", "[Rolle hinzufügen]", "[Gast]", "[Eintragen]")
    party.clock.jump(datetime(2026, 11, 25, 8, tzinfo=UTC))
    await party.tick()
    told = [text for text in party.telegram.texts(6) if "Rolle" in text]
    assert len(told) == 1
    assert "eingetragen" in told[0]


# --- moving a mandate


async def test_a_mandate_moves_while_a_vote_is_open(party: Party) -> None:
    await party.open_vote()
    await party.tap(JENS, "Ja")
    card = party.telegram.last(JENS)
    await act_on(party, "Jens", "[Mandat übergeben]", "Nadine Neu")
    assert "bisher: Jens Beispiel\nab jetzt: Nadine Neu" in party.last_text(STAFF)
    assert "Offene Abstimmung: Nr. 1" in party.last_text(STAFF)
    await party.tap(STAFF, "Übergeben")
    await party.hear(party.telegram.tap_data(JENS, CastTap(1, IHK, "no").pack(), card))
    assert party.toast().startswith("Das darf nur")
    [ballot] = [one for one in await party.rows(Ballot) if one.mandate_id == IHK]
    assert ballot.choice == "yes"
    code = await party.issue((await person(party, "Nadine Neu")).id)
    await party.write(STRANGER, f"/start {code}")
    await party.tap(STRANGER, "Das bin ich")
    await party.hear(party.telegram.tap_data(STRANGER, CastTap(1, IHK, "no").pack(), party.telegram.last(STRANGER)))
    assert party.toast().startswith("Ihre Stimme: Nein")
    [ballot] = [one for one in await party.rows(Ballot) if one.mandate_id == IHK]
    assert ballot.choice == "no"
    assert {one.name for one in await party.rows(Elector)} == set(MANDATES)
    assert len(await recorded(party, "seat_left")) == 1
    assert await promises_hold(party)


async def person(party: Party, name: str) -> Person:
    found: list[Person] = [one for one in await party.rows(Person) if one.name == name]
    return found[0]


async def test_a_deputy_becomes_the_holder_and_gets_the_card(party: Party) -> None:
    await party.open_vote()
    await act_on(party, "Vera", "[Mandat übergeben]", "[Dora Vertretung]")
    assert "nicht mehr Stellvertretung" in party.last_text(STAFF)
    await party.tap(STAFF, "Übergeben")
    assert await roles(party, "Dora Vertretung") == [("mitglied", JOBCENTER)]
    assert await roles(party, "Vera Muster") == []
    await party.tap(DORA, "Ja")
    assert party.toast().startswith("Ihre Stimme: Ja")
    assert menu_of(party, VERA) is None
    assert any("Das Büro hat Ihre Rolle beendet" in text for text in party.telegram.texts(VERA))


async def test_a_handover_ends_with_the_mandate_and_the_deputy_is_told(party: Party) -> None:
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Bis auf Weiteres]", "[Übergeben]")
    await act_on(party, "Vera", "[Mandat übergeben]", "Nadine Neu")
    assert "Die Übergabe an Dora Vertretung endet." in party.last_text(STAFF)
    await party.tap(STAFF, "Übergeben")
    assert [one.ended_at is not None for one in await party.rows(Handover)] == [True]
    assert len(await letters(party, DORA, "taken_back")) == 1


async def test_where_ballots_cannot_be_changed_the_successor_cannot_either(party: Party) -> None:
    async with party.database.begin() as session:
        body = await session.get_one(Body, 1)
        body.charter = {**body.charter, "changeable": False}
    await party.open_vote()
    await party.tap(JENS, "Ja")
    await act_on(party, "Jens", "[Mandat übergeben]", "Karl Probe", "[Übergeben]")
    await party.hear(party.telegram.tap_data(KARL, CastTap(1, IHK, "no").pack(), party.telegram.last(KARL)))
    assert "nicht geändert werden" in party.toast()


async def test_what_the_holder_had_answered_is_asked_of_the_successor(party: Party) -> None:
    await call_meeting(party)
    await party.tap(JENS, "Zusage")
    await act_on(party, "Jens", "[Mandat übergeben]", "Karl Probe")
    assert "Die Antwort entfällt" in party.last_text(STAFF)
    await party.tap(STAFF, "Übergeben")
    [invitation] = [one for one in await party.rows(Invitation) if one.mandate_id == IHK]
    assert invitation.answer is None
    about = [one.about["invitation"] for one in await letters(party, KARL, "invitation")]
    assert invitation.id in about


async def test_two_move_the_same_mandate_and_one_is_told_so(party: Party) -> None:
    await act_on(party, "Jens", "[Mandat übergeben]", "Nadine Neu")
    await act_on(party, "Jens", "[Mandat übergeben]", "Otto Ohm", who=COLLEAGUE)
    both = [party.telegram.tap(who, "Übergeben") for who in (STAFF, COLLEAGUE)]
    await party.hear(*both)
    assert "schon beendet" in party.toast() or "schon beendet" in party.telegram.toasts()[-2]
    holders = [one for one in await party.rows(Membership) if one.mandate_id == IHK and one.ended_at is None]
    assert len(holders) == 1
    assert len({one.name for one in await party.rows(Person)} & {"Nadine Neu", "Otto Ohm"}) == 1
    assert await promises_hold(party)


# --- ending, changing


async def test_a_membership_ends_and_its_history_stays(party: Party) -> None:
    await party.issue(GUEST)
    await call_meeting(party)
    text = await act_on(party, "Gero", "[Mitgliedschaft beenden]")
    assert "auf keiner Liste mehr" in text
    assert "Nicht mehr eingeladen: Sitzung Nr. 1" in text
    await party.tap(STAFF, "Beenden")
    assert await roles(party, "Gero Gast") == []
    assert "(bis 24.11.2026)" in await look_up(party, "gero")
    assert [one.guest_id for one in await party.rows(Invitation) if one.guest_id] == []
    assert all(one.voided_at for one in await party.rows(Code))
    await party.write(GUEST, "/termine")
    assert party.last_text(GUEST).startswith("Das darf nur")
    await act_on(party, "gero", "[Rolle hinzufügen]", "[Gast]", "[Eintragen]")
    assert await roles(party, "Gero Gast") == [("gast", None)]
    assert len([one for one in await party.rows(Membership) if one.person_id == GUEST]) == 1


async def test_two_end_the_same_membership(party: Party) -> None:
    for who in (STAFF, COLLEAGUE):
        await act_on(party, "Gero", "[Mitgliedschaft beenden]", who=who)
    await party.hear(*[party.telegram.tap(who, "Beenden") for who in (STAFF, COLLEAGUE)])
    assert sum("schon beendet" in text for text in party.telegram.toasts()) == 1
    assert len(await letters(party, GUEST, "role_ended")) == 1


async def test_the_last_of_staff_stays_also_where_two_end_each_other(party: Party) -> None:
    await act_on(party, "Bernd", "[Mitgliedschaft beenden]", who=STAFF)
    await act_on(party, "Berta", "[Mitgliedschaft beenden]", who=COLLEAGUE)
    await party.hear(*[party.telegram.tap(who, "Beenden") for who in (STAFF, COLLEAGUE)])
    [left] = [one for one in await party.rows(Membership) if one.role == Role.STAFF and one.ended_at is None]
    text = await act_on(party, "Berta" if left.person_id == STAFF else "Bernd", "[Mitgliedschaft beenden]",
                        who=left.person_id)  # fmt: skip
    assert "Niemand" in party.toast() or "niemand" in party.toast() or "letzte" in party.toast(), (text, party.toast())
    assert len([one for one in await party.rows(Membership) if one.role == Role.STAFF and one.ended_at is None]) == 1


async def test_a_role_changes_in_one_go(party: Party) -> None:
    await act_on(party, "Gero", "[Rolle ändern]", "[Beratend]")
    assert "bisher: Gast · RAK Stendal" in party.last_text(STAFF)
    await party.tap(STAFF, "Eintragen")
    assert await roles(party, "Gero Gast") == [("beratend", None)]
    await act_on(party, "Berta", "[Rolle ändern]", "[Gast]", "[Eintragen]")
    assert await roles(party, "Berta Büro") == [("gast", None)]
    assert "buero" not in (menu_of(party, STAFF) or set())


# --- names


async def test_a_name_changes_everywhere(party: Party) -> None:
    await act_on(party, "Vera", "[Name ändern]", "Jens Beispiel")
    assert "So heißt schon jemand" in party.last_text(STAFF)
    await party.write(STAFF, "Vera Neumann")
    assert "bisher: Vera Muster\nab jetzt: Vera Neumann" in party.last_text(STAFF)
    await party.tap(STAFF, "Eintragen")
    assert "früher: Vera Muster" in await look_up(party, "muster")
    assert await roles(party, "Vera Neumann") == [("mitglied", JOBCENTER)]


async def test_a_former_name_leaves_with_the_person(party: Party) -> None:
    await act_on(party, "Vera", "[Name ändern]", "Vera Neumann", "[Eintragen]")
    await party.write(VERA, "/loeschen")
    await party.tap(VERA, "Endgültig löschen")
    for name in ("Vera Muster", "Vera Neumann"):
        assert not await party.holds(name)
    assert "niemanden gefunden" in await look_up(party, "muster")


# --- without Telegram


async def test_whoever_does_without_telegram_is_not_missing(party: Party) -> None:
    await overview(party)
    await party.fill(STAFF, "[Person hinzufügen]", "[Mitglied]", "Handwerk", "Nadine Neu", "[Eintragen]")
    await party.fill(STAFF, "[Person ansehen]", "[Ohne Telegram]")
    assert "ohne Telegram" in party.last_text(STAFF)
    assert "Papier oder Telefon" in party.last_text(STAFF)
    assert {"Abstimmungen und Ergebnisse", "Sitzungen"} <= set(party.labels(STAFF))
    assert "Brief (PDF)" not in party.labels(STAFF)
    await overview(party)
    assert "noch nicht dabei: 0 · ohne Telegram: 1" in party.last_text(STAFF)
    await party.fill(STAFF, "[Ohne Telegram (1)]", "[Nadine Neu]", "[Doch mit Telegram]")
    assert "noch nicht dabei" in party.last_text(STAFF)


# --- rights


@pytest.mark.parametrize("who", [VERA, DORA, GUEST, STRANGER])
async def test_nobody_else_sees_or_does_anything(party: Party, who: int) -> None:
    await overview(party)
    message = party.telegram.last(STAFF)
    before = await party.state()
    for tap in (PeopleList("1"), OnPerson(VERA, "show"), OnPerson(VERA, "code", 0), OnPerson(VERA, "end")):
        await party.hear(party.telegram.tap_data(who, tap.pack(), message))
        assert party.toast().startswith("Das darf nur")
    assert await party.state() == before


async def test_a_right_that_ended_meanwhile_ends_a_form_too(party: Party) -> None:
    await act_on(party, "Gero", "[Mitgliedschaft beenden]", who=COLLEAGUE)
    await act_on(party, "Bernd", "[Mitgliedschaft beenden]", "[Beenden]")
    await party.tap(COLLEAGUE, "Beenden")
    assert party.toast().startswith("Das darf nur")
    assert await roles(party, "Gero Gast") == [("gast", None)]
