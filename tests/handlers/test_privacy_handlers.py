"""The notice, one's own data and leaving, as people meet them."""

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.commands import COMMANDS
from handlers.privacy import notice as notices
from handlers.privacy.leaving import STAYS
from handlers.privacy.own_data import HEADINGS
from locales import SHIPPED, Voice
from models.ballot.rows import Ballot, Handover
from models.base import Database
from models.invariants import broken_promises
from models.meeting.rows import Invitation
from models.member import Account, Membership, Person
from models.office import Office
from models.outbox import Letter
from models.privacy import Formal, Subject
from models.question import OfficeQuestion
from tests.auxil.asking import UNKNOWN, hand_on
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import COLLEAGUE, DORA, GUEST, NAMES, SPONSOR, STAFF, STRANGER, VERA, Party, at_work

SECRET = "Wie alt wird ein Maulwurf?"


async def leave(party: Party, who: int) -> None:
    await party.write(who, "/loeschen")
    await party.tap(who, "Endgültig löschen")


async def tell_office(party: Party, **settings: Any) -> None:
    async with party.database.begin() as session:
        (await session.get_one(Office, 1)).settings = settings


def files(party: Party, who: int) -> dict[str, str]:
    """The files of the newest answers, by name."""
    calls = party.telegram.sent("sendDocument", who)
    return {name: content.decode() for call in calls for name, content in call.files.values()}


# --- the notice


async def test_the_start_shows_five_lines_and_keeps_which_and_when(party: Party) -> None:
    await party.write(STRANGER, "/start")
    lines = party.last_text(STRANGER).splitlines()
    assert [line[:2] for line in lines[1:]] == ["1.", "2.", "3.", "4.", "5."]
    [account] = [one for one in await party.rows(Account) if one.telegram_id == STRANGER]
    assert (account.notice_version, account.notice_shown_at) == (notices.VERSION, party.clock.now)


async def test_the_whole_notice_says_what_article_13_asks_for(party: Party) -> None:
    await tell_office(
        party,
        controller="Landkreis Muster, Der Landrat",
        privacy_officer="datenschutz@muster.example",
        legal_basis="§ 4 DSAG LSA",
        authority="Aufsicht <Land>",
        retention_years=7,
        text_months=6,
    )
    await party.write(VERA, "/datenschutz")
    said = party.last_text(VERA)
    for part in (
        "Landkreis Muster, Der Landrat",
        "datenschutz@muster.example",
        "Rechtsgrundlage: § 4 DSAG LSA",
        "außerhalb der EU",
        "Ihr Name danach 7 Jahre",
        "Texte von Fragen und Nachrichten: 6 Monate",
        "/meinedaten",
        "/loeschen",
        "Aufsicht <Land>",
        "keine Maschine allein",
        "03931 000000",
        "freiwillig",
    ):
        assert part in said
    [account] = [one for one in await party.rows(Account) if one.telegram_id == VERA]
    assert account.notice_version == notices.VERSION


async def test_reading_the_notice_makes_nobody_known(party: Party) -> None:
    await party.write(STRANGER, "/datenschutz")
    assert "ReKo Stendal, 03931 000000" in party.last_text(STRANGER)
    assert STRANGER not in {one.telegram_id for one in await party.rows(Account)}


def test_another_wording_is_another_version() -> None:
    said = "".join(
        notices.notice(voice, "x") + notices.whole(voice, Office(name="O", contact="x", settings={}))
        for voice in map(Voice, SHIPPED)
    )
    assert (notices.VERSION, sha256(said.encode()).hexdigest()[:12]) == ("2026-12", "7e4e677619d5")


# --- one's own data


async def test_own_data_come_as_a_text_to_read_and_as_json(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    await party.write(VERA, SECRET)
    await party.write(STRANGER, "Was fragt denn sonst jemand?")
    await party.write(VERA, "/meinedaten")
    told, sent = party.telegram.sent("sendMessage", VERA)[-1].params["text"], files(party, VERA)
    assert "Abstimmungen und Vertretungen: 4" in told
    data = json.loads(sent["meine-daten.json"])["data"]
    assert [row["choice"] for row in data["ballots"]] == ["yes"]
    assert data["ballots"][0]["vote"] == "Förderung 2027"
    assert data["people"][0]["name"] == NAMES[VERA]
    assert data["memberships"][0]["mandate"] == "Jobcenter Stendal"
    assert [row["text"] for row in data["last_questions"]] == [SECRET]
    assert '"by":1,' in data["record"][0]["entry"]
    text = sent["meine-daten.txt"]
    for part in (
        f"Name: {NAMES[VERA]}",
        "Rolle: Mitglied",
        "Mandat: Jobcenter Stendal",
        "Wahl: Ja",
        SECRET,
        "Rechtsgrundlage",
    ):
        assert part in text
    assert "<b>" not in text
    assert "update_id" not in text
    assert "Was fragt denn" not in text + sent["meine-daten.json"]
    for name in NAMES.values():
        assert (name == NAMES[VERA]) == (f'"{name}"' in sent["meine-daten.json"])


async def test_who_is_not_known_has_no_data(party: Party) -> None:
    await party.write(STRANGER, "/meinedaten")
    assert party.last_text(STRANGER) == "Über Sie ist nichts gespeichert."
    assert files(party, STRANGER) == {}


async def test_own_data_are_sent_three_times_an_hour(party: Party) -> None:
    for _ in range(5):
        await party.write(GUEST, "/mydata")
    assert len(party.telegram.sent("sendDocument", GUEST)) == 2 * 3
    assert party.last_text(GUEST).startswith("Ihre Daten haben Sie gerade bekommen.")
    party.clock.advance(hours=1)
    await party.write(GUEST, "/mydata")
    assert len(party.telegram.sent("sendDocument", GUEST)) == 2 * 4


def test_every_subject_and_every_formal_act_has_its_words() -> None:
    assert HEADINGS.keys() == set(Subject)
    assert STAYS.keys() == set(Formal)


# --- leaving


async def test_leaving_says_what_goes_and_what_stays_and_why_and_asks_once_more(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    before = await party.state()
    await party.write(VERA, "/loeschen")
    said = party.last_text(VERA)
    for part in ("Gelöscht werden: Ihre Telegram-Nummer", "Jobcenter Stendal", "noch 10 Jahre", "offene Stimmen: 1"):
        assert part in said
    assert party.labels(VERA) == ["Endgültig löschen", "Abbrechen"]
    await party.tap(VERA, "Abbrechen")
    assert party.last_text(VERA) == "Es wurde nichts gelöscht."
    assert await party.state() == before


async def test_who_leaves_is_forgotten_and_the_vote_stands(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    await party.write(VERA, SECRET)
    await leave(party, VERA)
    assert party.last_text(VERA).startswith("Gelöscht. Ich kenne Sie nicht mehr.")
    assert not await party.holds(SECRET)
    assert VERA not in {one.telegram_id for one in await party.rows(Account)}
    assert [(one.mandate_id, one.choice, one.cast_by) for one in await party.rows(Ballot)] == [(1, "yes", VERA)]
    [person] = [one for one in await party.rows(Person) if one.id == VERA]
    assert (person.name, person.telegram_id) == (NAMES[VERA], None)
    assert VERA not in {one.person_id for one in await party.rows(Membership)}
    async with party.database.read() as session:
        assert await broken_promises(session) == []
    assert party.telegram.sent("deleteMyCommands")[-1].params["scope"]["chat_id"] == VERA
    await party.write(VERA, "/offen")
    assert party.last_text(VERA).startswith("Das darf nur")
    await party.write(VERA, "/meinedaten")
    assert party.last_text(VERA) == "Über Sie ist nichts gespeichert."


async def test_who_has_done_nothing_formal_leaves_no_name(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await leave(party, SPONSOR)
    assert not await party.holds(NAMES[SPONSOR])
    assert "noch 10 Jahre" not in party.last_text(SPONSOR)


async def test_a_name_is_struck_out_of_what_others_were_sent(party: Party) -> None:
    await hand_on(party)
    copy = party.telegram.last(STAFF)
    await party.write(STAFF, f"Fragen Sie {NAMES[SPONSOR]}.", reply_to=copy)
    assert await party.holds(f"Fragen Sie {NAMES[SPONSOR]}.")
    await leave(party, SPONSOR)
    assert await party.holds("Fragen Sie ….")
    assert not await party.holds(NAMES[SPONSOR])


async def test_staff_hears_in_the_morning_which_seat_is_empty_not_who_left(party: Party) -> None:
    party.clock.advance(hours=12)  # 22 o'clock
    await leave(party, VERA)
    assert "hat seine Daten hier gelöscht" not in " ".join(party.telegram.texts(STAFF))
    party.clock.advance(hours=10)
    await party.deliver()
    said = party.last_text(STAFF)
    assert "• Mitglied · RAK Stendal · Jobcenter Stendal" in said
    assert NAMES[VERA] not in said
    assert party.telegram.sent("sendMessage", STAFF)[-1].params["disable_notification"] is True
    await party.write(COLLEAGUE, "/buero")


async def test_a_question_before_the_office_goes_with_its_asker_but_not_for_others_who_asked_the_same(
    party: Party,
) -> None:
    await hand_on(party, UNKNOWN, SPONSOR)
    copy = party.telegram.last(STAFF)
    await hand_on(party, UNKNOWN.upper(), GUEST)
    await leave(party, SPONSOR)
    main, joined = await party.rows(OfficeQuestion)
    assert (main.telegram_id, main.text, joined.telegram_id) == (None, UNKNOWN.upper(), GUEST)
    await party.write(STAFF, "Ja.", reply_to=copy)
    assert party.last_text(GUEST).endswith("Ja.")
    await leave(party, GUEST)
    assert not await party.holds(UNKNOWN.upper())


async def test_an_open_question_of_who_left_waits_for_nobody(party: Party) -> None:
    await hand_on(party, UNKNOWN, SPONSOR)
    await leave(party, SPONSOR)
    await party.write(STAFF, "/buero")
    assert not [label for label in party.labels(STAFF) if label.startswith("Offene Fragen")]
    party.clock.advance(days=5)
    await party.tick()
    assert not [one for one in await party.rows(Letter) if one.kind == "still_open"]


async def test_a_deputy_who_leaves_gives_the_mandate_back(party: Party) -> None:
    await party.open_vote()
    await party.write(VERA, "/vertretung")
    await party.fill(VERA, "[Dora Vertretung]", "[Bis auf Weiteres]", "[Übergeben]")
    await leave(party, DORA)
    [handover] = await party.rows(Handover)
    assert handover.ended_at == party.clock.now
    await party.write(VERA, "/offen")
    async with party.database.read() as session:
        assert await broken_promises(session) == []
        assert "taken_back" in str((await party.everything())["record"])


async def test_an_answer_to_a_meeting_ahead_is_open_again(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(
        STAFF, "[Neue Sitzung]", "Herbst", "11.12.2026 10:00", "11.12.2026 12:00", "Raum 1", "[Weiter]", "[Weiter]"
    )
    await party.tap(STAFF, "Einladen")
    await party.tap(VERA, "Zusage")
    await party.tap(GUEST, "Zusage")
    await leave(party, VERA)
    await leave(party, GUEST)
    rows = await party.rows(Invitation)
    assert [(one.answer, one.answered_by) for one in rows] == [(None, None)] * 3
    assert GUEST not in {one.guest_id for one in rows}


async def test_the_last_of_the_office_is_kept(party: Party) -> None:
    await leave(party, COLLEAGUE)
    await party.write(STAFF, "/loeschen")
    assert party.last_text(STAFF).startswith("Aus dem Büro ist außer Ihnen niemand mehr hier angemeldet.")
    await party.hear(party.telegram.tap_data(STAFF, "bye:yes", party.telegram.last(STAFF)))
    assert party.toast().startswith("Aus dem Büro ist außer Ihnen niemand")
    await party.write(STAFF, "/buero")


async def test_a_tap_twice_and_a_stranger_find_nothing_to_delete(party: Party) -> None:
    await party.write(VERA, "/loeschen")
    button = party.telegram.last(VERA)
    await party.hear(*(party.telegram.tap_data(VERA, "bye:yes", button) for _ in range(2)))
    assert party.last_text(VERA) == "Über Sie ist nichts gespeichert."
    await party.write(STRANGER, "/loeschen")
    assert party.last_text(STRANGER) == "Über Sie ist nichts gespeichert."
    assert {one.telegram_id for one in await party.rows(Account)} & {VERA, STRANGER} == set()


async def test_a_button_for_leaving_works_in_ones_own_chat_only(party: Party) -> None:
    await party.write(VERA, "/loeschen")
    shown = {**party.telegram.last(VERA), "chat": {"id": -5, "type": "group", "title": "RAK"}}
    before = await party.state()
    await party.hear(party.telegram.tap_data(GUEST, "bye:yes", shown))
    assert await party.state() == before


async def test_leaving_does_not_end_the_pause_after_wrong_codes(party: Party) -> None:
    for _ in range(5):
        await party.write(STRANGER, "/start 0000-0000-0000-0000")
    await leave(party, STRANGER)
    assert "Nur Ihre Telegram-Nummer bleibt noch 30 Tage" in party.last_text(STRANGER)
    await party.write(STRANGER, "/start 0000-0000-0000-0001")
    assert "Zu viele falsche Codes" in party.last_text(STRANGER)


async def test_who_left_can_come_in_anew(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    await leave(party, VERA)
    await party.write(STAFF, "/buero")
    rows = "body;mandate;role;name\nRAK Stendal;Jobcenter Stendal;mitglied;Vera Muster\n"
    await party.hear(party.telegram.upload(STAFF, "members.csv", rows.encode()))
    await party.tap(STAFF, "Übernehmen")
    code = await party.issue(VERA)
    await party.write(VERA, f"/start {code}")
    await party.tap(VERA, "Das bin ich")
    await party.write(VERA, "/abstimmungen")
    assert "Förderung 2027" in str(party.labels(VERA)) + party.last_text(VERA)


async def test_a_letter_on_its_way_to_who_leaves_harms_nobody(
    sqlite_database: Database, telegram: FakeTelegram, clock: Clock
) -> None:
    async with at_work(sqlite_database, telegram, clock) as party:
        courier: Any = party.assistant.courier
        await hand_on(party)
        [letter] = [one for one in await party.rows(Letter) if one.telegram_id == COLLEAGUE]
        async with party.database.begin() as session:
            row = await session.get_one(Letter, letter.id)
            row.state, row.message_id, row.sent_at = "waiting", None, None
        [claimed] = await courier._claim()
        await leave(party, COLLEAGUE)
        await courier._deliver(claimed)
        assert COLLEAGUE not in {one.telegram_id for one in await party.rows(Letter)}
        async with party.database.read() as session:
            assert await broken_promises(session) == []


async def test_nothing_of_it_is_left_in_the_files_of_the_store(party: Party, sqlite_url: str) -> None:
    await party.write(VERA, SECRET)
    store = Path(sqlite_url.removeprefix("sqlite:///"))

    def on_disk(words: str) -> bool:
        return any(words.encode() in one.read_bytes() for one in store.parent.glob(f"{store.name}*"))

    assert on_disk(SECRET)
    await leave(party, VERA)
    assert not on_disk(SECRET)
    assert not on_disk(NAMES[VERA])


# --- the log, and the menu


async def test_leaving_is_not_in_the_log(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await leave(party, VERA)
    party.clock.advance(timedelta(days=400))
    await party.tick()
    assert NAMES[VERA] not in caplog.text
    assert "The night's cleaning: " in caplog.text


def test_everyone_has_the_three_commands() -> None:
    names = {one.names for one in COMMANDS if one.right == "anyone"}
    assert {("datenschutz", "privacy"), ("meinedaten", "mydata"), ("loeschen", "delete")} <= names


async def test_the_store_itself_holds_no_row_of_who_left(party: Party) -> None:
    await leave(party, VERA)
    async with party.database.read() as session:
        assert await session.scalar(select(Letter).where(Letter.telegram_id == VERA)) is None
