"""Each in their own language: what is offered, what changes at once, what is marked as German, what stays official."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers import words
from handlers.commands import COMMANDS
from handlers.menu import introduce
from handlers.rundruf.layout import Design
from handlers.speech import shown, units
from locales import SHIPPED, Voice
from models import outbox
from models.actor import actor
from models.knowledge import Rank
from models.member import Account, Person
from models.office import DEFAULT_LANGUAGES, Office, the_office
from models.outbox import Letter, LetterState, NewLetter
from tests.auxil.party import JENS, KARL, SPONSOR, STAFF, STRANGER, VERA, Party

ALL = ["de", "leicht", "en"]


async def offer(party: Party, languages: list[str]) -> None:
    async with party.database.begin() as session:
        (await session.get_one(Office, 1)).languages = languages


async def speak(party: Party, language: str, *people: int) -> None:
    await offer(party, ALL)
    async with party.database.begin() as session:
        for one in people:
            (await session.get_one(Account, one)).language = language


# --- what is offered


async def test_sprache_offers_what_the_office_speaks(party: Party) -> None:
    await offer(party, ALL)
    await party.write(VERA, "/sprache")
    assert party.labels(VERA) == ["Deutsch", "Leichte Sprache", "English"]
    await party.tap(VERA, "Leichte Sprache")
    assert party.last_text(VERA) == "Ab jetzt spreche ich Leichte Sprache."
    menu = party.telegram.sent("setMyCommands")[-1].params
    assert [one["command"] for one in menu["commands"]][:3] == ["start", "offen", "fristen"]
    assert {"command": "loeschen", "description": "Meine Daten löschen"} in menu["commands"]


async def test_a_language_the_office_does_not_offer_is_neither_chosen_nor_spoken(party: Party) -> None:
    await offer(party, ALL)
    await party.write(VERA, "/sprache")
    await offer(party, ["de", "leicht"])
    await party.tap(VERA, "English")
    assert party.toast().startswith("Das finde ich nicht mehr.")
    await party.write(STRANGER, "/hilfe", language="en")
    assert "/hilfe – Was ich kann" in party.last_text(STRANGER)
    await offer(party, ["de", "en"])
    await speak_only(party, VERA, "leicht")
    await party.write(VERA, "/hilfe", language="en")
    assert "/hilfe – Was ich kann" in party.last_text(VERA)


async def speak_only(party: Party, who: int, language: str) -> None:
    async with party.database.begin() as session:
        (await session.get_one(Account, who)).language = language


async def test_the_offices_word_for_a_person_may_be_leichte_sprache(party: Party) -> None:
    await offer(party, ALL)
    async with party.database.begin() as session:
        (await session.get_one(Person, KARL)).language = "leicht"
    await party.write(KARL, "/kontakt")
    await party.write(KARL, "/gibtesnicht")
    assert party.last_text(KARL) == "Diesen Befehl kenne ich nicht.\nAlle Befehle finden Sie hier: /hilfe"


async def test_an_office_without_a_list_of_languages_speaks_all_of_ours(party: Party) -> None:
    async with party.database.begin() as session:
        await session.delete(await session.get_one(Office, 1))
    async with party.database.read() as session:
        assert (await the_office(session)).languages == [*DEFAULT_LANGUAGES] == ALL
        assert sorted(DEFAULT_LANGUAGES) == sorted(SHIPPED)


# --- what the bot says of itself before the first word


async def test_menu_and_description_are_set_for_every_code_that_telegram_has(party: Party) -> None:
    bot = party.assistant.application.bot
    await introduce(bot, ALL)
    menus = {call.params.get("language_code"): call.params for call in party.telegram.sent("setMyCommands")}
    assert {code: menu["commands"][2]["command"] for code, menu in menus.items()} == {
        None: "contact",
        "de": "kontakt",
        "en": "contact",
    }
    assert all(menu["scope"] == {"type": "all_private_chats"} for menu in menus.values())
    told = {one.params.get("language_code"): one.params for one in party.telegram.sent("setMyDescription")}
    assert told["de"]["description"].startswith("Ich beantworte Fragen zur Förderrichtlinie REGIO AKTIV")
    assert told["en"] | {"language_code": None} == told[None] | {"language_code": None}
    assert len(party.telegram.sent("setMyShortDescription")) == 3


async def test_where_only_german_is_offered_strangers_are_told_in_german(party: Party) -> None:
    await introduce(party.assistant.application.bot, ["de"])
    told = {one.params["description"] for one in party.telegram.sent("setMyDescription")}
    assert len(told) == 1
    assert next(iter(told)).startswith("Ich beantworte")


# --- what changes at once


async def test_what_is_queued_goes_out_in_the_language_chosen_meanwhile(party: Party) -> None:
    await offer(party, ALL)
    async with party.database.begin() as session:
        later = party.clock.now + timedelta(hours=1)
        for who in (VERA, JENS):
            await outbox.post(
                session, NewLetter(f"q{who}", "lost_account", who, {"person": who}, later), party.clock.now
            )
    await party.write(VERA, "/sprache")
    await party.tap(VERA, "English")
    await party.write(JENS, "/sprache")
    await party.tap(JENS, "Leichte Sprache")
    party.clock.advance(timedelta(hours=2))
    await party.deliver()
    assert party.last_text(VERA).startswith("Another Telegram account has come in as Vera Muster.")
    assert party.last_text(JENS).startswith("Jemand hat sich als Jens Beispiel angemeldet.")


async def test_a_letter_of_which_a_part_has_arrived_ends_as_it_began(party: Party) -> None:
    """Half a text in one language and half in another would say nothing in either."""
    await offer(party, ALL)
    async with party.database.begin() as session:
        await outbox.post(session, NewLetter("half", "lost_account", VERA, {"person": VERA}), party.clock.now)
        letter = (await session.scalars(select(Letter))).one()
        letter.parts, letter.text = [7], "Der deutsche Anfang"
        (await session.get_one(Account, VERA)).language = "en"
        message = await party.assistant.courier._word(session, letter, party.clock.now)
        assert message is not None
        assert message.text == "Der deutsche Anfang"
        letter.parts, letter.text, letter.state = [], "Ein alter Entwurf", LetterState.WAITING
        message = await party.assistant.courier._word(session, letter, party.clock.now)
    assert message is not None
    assert message.text.startswith("Another Telegram account")


async def test_a_card_already_in_the_chat_is_redrawn_when_it_is_next_touched(party: Party) -> None:
    await offer(party, ALL)
    await party.open_vote()
    card = party.telegram.last(VERA)
    await party.write(VERA, "/sprache")
    await party.tap(VERA, "Leichte Sprache")
    await party.tap(VERA, "Enthaltung", message=card)
    text = party.telegram.chats[VERA][card["message_id"]]["text"]
    assert party.toast().startswith("Ihre Stimme: Enthaltung · Beleg ")
    assert "Enthaltung: Sie sagen nicht Ja und nicht Nein." in text
    assert "Befangen: Sie haben einen eigenen Vorteil oder Nachteil.\nDann dürfen Sie nicht mit-stimmen." in text


# --- every command in every language


@pytest.mark.parametrize("language", SHIPPED)
async def test_every_commands_first_answer_is_said_in_each_language(party: Party, language: str) -> None:
    people = (STAFF, VERA, SPONSOR, STRANGER)
    await party.write(STRANGER, "/start")
    await speak(party, language, *people)
    for who in people:
        for command in COMMANDS:
            before = len(party.telegram.texts(who))
            await party.write(who, f"/{command.names[0]}")
            said = party.telegram.texts(who)[before:]
            assert any(said), (who, command.names)
            assert all(units(shown(one)) <= 4096 for one in said)
            assert all(len(one) <= 60 for one in party.telegram.buttons(party.telegram.last(who)))


@pytest.mark.parametrize("language", SHIPPED)
async def test_every_place_of_the_office_opens_in_each_language(party: Party, language: str) -> None:
    await offer(party, ALL)
    await speak_only(party, STAFF, language)
    await party.write(STAFF, "/buero")
    places = party.labels(STAFF)
    assert len(places) > 10
    for place in places:
        await party.write(STAFF, "/buero")
        await party.tap(STAFF, place)
        assert party.labels(STAFF), place
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, Voice(language).plain("Reports"))
    periods = [one for one in party.labels(STAFF) if " · " in one]
    assert len(periods) == 4
    for period in periods:
        await party.tap(STAFF, period)
        assert period.split(" · ")[1] in party.last_text(STAFF)
        await party.write(STAFF, "/buero")
        await party.tap(STAFF, Voice(language).plain("Reports"))


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Befangen: Die Entscheidung kann"), ("leicht", "Befangen: Sie haben"), ("en", "Quorum: so many")],
)
async def test_hard_words_are_explained_under_help(party: Party, language: str, said: str) -> None:
    await speak(party, language, VERA)
    await party.write(VERA, "/hilfe")
    await party.tap(VERA, party.labels(VERA)[0])
    assert said in party.last_text(VERA)
    assert party.last_text(VERA).count(": ") >= len(words.WORDS)


# --- what is official or the office's own stays as it stands, and says so


async def test_the_offices_own_words_are_marked_for_those_who_do_not_read_german(party: Party) -> None:
    await speak(party, "en", VERA)
    await speak_only(party, JENS, "leicht")
    await party.open_vote()
    english, easy, german = (party.last_text(who) for who in (VERA, JENS, KARL))
    assert "What the office has written and the rules it names are in German" in english
    assert "Manches hier ist in schwerer Sprache." in easy
    assert "schwerer Sprache" not in german
    for text in (english, easy, german):
        assert "Der RAK stimmt zu." in text


async def test_the_block_for_the_minutes_stays_in_its_official_form(party: Party) -> None:
    await speak(party, "en", VERA)
    await party.open_vote(when_all="[Ja]")
    for who, label in ((VERA, "Yes"), (JENS, "Ja"), (KARL, "Ja")):
        await party.tap(who, label)
    await party.tick()
    said = "\n".join(party.telegram.texts(VERA))
    assert "gesetzliche Mitgliederzahl: 3\nanwesend: 3\nJa: 3" in said
    assert "This part is official and stays in German." in said


def test_a_quotation_says_in_the_readers_language_that_it_is_one() -> None:
    contact = "Telefon 03931 1\nE-Mail a@b.de"
    for rank in Rank:
        assert words.source_note(Voice("de"), contact, rank) == ""
    assert words.source_note(Voice("en"), contact, Rank.PRESS) == "The source is in German; it is quoted as it stands."
    assert words.source_note(Voice("leicht"), contact, Rank.DIRECTIVE) == (
        "Das ist ein amtlicher Text.\nEr ist in schwerer Sprache.\n"
        "Haben Sie Fragen?\nRufen Sie uns an: Telefon 03931 1 · E-Mail a@b.de"
    )
    assert "amtlich" not in words.source_note(Voice("leicht"), contact, Rank.WEB_PAGE)
    assert words.source_note(Voice("leicht"), "", Rank.GUIDANCE).endswith("Sprache.")


def test_a_rundruf_in_a_language_that_is_not_the_readers_says_so() -> None:
    design = Design({"de": "Hallo", "leicht": "Hallo."}, "de")
    assert design.spoken(Voice("leicht")) == "Hallo."
    assert design.spoken(Voice("en")) == "Hallo\n\nThe office has written this in German only."
    assert Design({"en": "Hi", "de": "Hallo"}, "en").spoken(Voice("leicht")) == "Hallo"
    assert Design({"de": "x" * 1000}, "de", captioned=True).spoken(Voice("en")) == "x" * 1000


async def test_who_reads_leichte_sprache_is_known_as_such(party: Party) -> None:
    await speak(party, "leicht", VERA)
    async with party.database.read() as session:
        who = await actor(session, VERA)
    assert (who.language, who.languages) == ("leicht", tuple(ALL))
