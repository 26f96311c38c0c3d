import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from handlers.commands import COMMANDS, Command
from locales import FOLDER, LOCALES, Voice, choose
from locales.__main__ import extracted, faults, shipped
from models.member import Account, Person
from tests.auxil.party import GUEST, STAFF, STRANGER, VERA, Party

PLACEHOLDER = re.compile(r"%\(\w+\)s")
MARKUP = re.compile(r"</?\w+>")


def test_the_catalogues_are_complete_and_hold_nothing_else() -> None:
    template = extracted()
    assert len(template) > 200
    assert [one for path in shipped() for one in faults(path, template)] == []


def test_no_message_says_anything_by_a_sign_or_a_picture() -> None:
    """An arrow, a tick or a picture is read as nothing or as its name; „≥" is the rule itself, and read as such."""
    signs = re.compile("[×\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
    texts = [path.read_text(encoding="utf-8") for path in shipped()]
    assert [line for text in texts for line in text.splitlines() if signs.search(line)] == []


@pytest.mark.parametrize("language", ["de", "leicht"])
def test_every_message_is_spoken_with_its_own_parameters_and_markup(language: str) -> None:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=LOCALES[language])
    for message in catalogue:
        ids, strings = (value if isinstance(value, tuple) else (value,) for value in (message.id, message.string))
        for english, german in zip(ids, strings, strict=True):
            if not english:
                continue
            assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(german)), english
            assert sorted(MARKUP.findall(english)) == sorted(MARKUP.findall(german)), english
            values = {name[2:-2]: "x" for name in PLACEHOLDER.findall(english)}
            spoken = Voice(language).say(english, **values) if len(ids) == 1 else ""
            assert "%(" not in spoken


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        *((one, "de") for one in ("de", "de-AT", "de_CH", "DE-de", "at", "ch", "at-AT", None, "")),
        *((one, "en") for one in ("en", "en-GB", "EN_us", "fr", "tr", "uk", "ar", "zh-hans", "pt-br", "und", "xx")),
        ("leicht", "leicht"),
    ],
)
def test_the_language_is_the_one_telegram_names_where_we_speak_it(asked: str | None, spoken: str) -> None:
    assert choose(asked) == spoken


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ["Mi, 02.12.2026, 12:00 Uhr", "Mi, 02.12., 12:00 Uhr", "02.12.2026, 12:00 Uhr", "Mittwoch"]),
        (
            "leicht",
            [
                "Mittwoch, 2. Dezember 2026, 12 Uhr",
                "Mittwoch, 2. Dezember, 12 Uhr",
                "2. Dezember 2026, 12 Uhr",
                "Mittwoch",
            ],
        ),
        ("en", ["Wed, 2 Dec 2026, 12:00", "Wed, 2 Dec, 12:00", "2 Dec 2026, 12:00", "Wednesday"]),
    ],
)
def test_a_moment_is_said_in_the_offices_zone(language: str, said: list[str]) -> None:
    voice, at = Voice(language, ZoneInfo("Europe/Berlin")), datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
    assert [voice.moment(at), voice.brief(at), voice.stamp(at), voice.weekday(at.date())] == said


async def test_an_english_user_gets_english(party: Party) -> None:
    await party.write(STRANGER, "/start", language="en")
    assert "I answer questions about the directive" in party.telegram.texts(STRANGER)[0]
    await party.write(STRANGER, "Who gets money from the moon?", language="en")
    assert party.last_text(STRANGER) == "I have no documented information on that."
    assert party.labels(STRANGER) == ["To the office"]
    await party.write(STRANGER, "/office", language="en")
    assert party.last_text(STRANGER) == "Only the office may do this."


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.names[-1])
async def test_every_command_has_an_english_twin_that_does_the_same(party: Party, command: Command) -> None:
    await party.write(STAFF, f"/{command.names[0]}")
    before = party.telegram.texts(STAFF)
    await party.write(STAFF, f"/{command.names[-1]}")
    assert party.telegram.texts(STAFF)[len(before) :] == before


async def test_the_language_is_switched_for_good_with_its_menu(party: Party) -> None:
    await party.write(VERA, "/sprache")
    assert party.labels(VERA) == ["Deutsch", "English"]
    await party.tap(VERA, "English")
    assert party.last_text(VERA) == "From now on I speak English."
    menu = party.telegram.sent("setMyCommands")[-1].params
    assert menu["scope"] == {"type": "chat", "chat_id": VERA}
    assert [one["command"] for one in menu["commands"]][:3] == ["start", "open", "deadlines"]
    await party.open_vote()
    assert party.last_text(VERA).startswith("New vote · RAK Stendal\nfor Jobcenter Stendal")
    await party.tap(VERA, "Yes")
    assert party.toast().startswith("Your vote: Yes · receipt ")
    await party.write(VERA, "/language")
    await party.tap(VERA, "Deutsch")
    assert party.last_text(VERA) == "Ab jetzt spreche ich Deutsch."
    [account] = [one for one in await party.rows(Account) if one.telegram_id == VERA]
    assert account.language == "de"


async def test_the_offices_word_on_a_language_holds_until_one_is_chosen(party: Party) -> None:
    async with party.database.begin() as session:
        (await session.get_one(Person, GUEST)).language = "en"
    await party.write(GUEST, "/hilfe", language="de")
    assert "/help – What I can do" in party.last_text(GUEST)
    await party.write(GUEST, "/sprache")
    await party.tap(GUEST, "Deutsch")
    await party.write(GUEST, "/hilfe", language="en")
    assert "/hilfe – Was ich kann" in party.last_text(GUEST)


async def test_help_names_only_what_one_may_do(party: Party) -> None:
    for who, shown in ((STRANGER, False), (VERA, False), (STAFF, True)):
        await party.write(who, "/hilfe")
        assert ("/buero – " in party.last_text(who)) is shown
    await party.write(STRANGER, "/kontakt")
    assert party.last_text(STRANGER) == "ReKo Stendal\n03931 000000"
    await party.write(STRANGER, "/datenschutz")
    assert party.last_text(STRANGER).startswith("Datenschutzhinweis (Art. 13 DSGVO)")
    assert "03931 000000" in party.last_text(STRANGER)
