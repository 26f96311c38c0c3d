import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from models.codes import new_code
from models.member import Account, Code, Person
from models.question import OfficeQuestion
from tests.auxil.party import COLLEAGUE, STAFF, STRANGER, VERA, Party

NEWCOMER, OTHER_PHONE = 20, 21


@pytest.fixture
async def anna(party: Party) -> int:
    """Somebody on the lists who has not come in."""
    async with party.database.begin() as session:
        session.add(Person(id=50, name="Anna Neu"))
    return 50


async def test_a_code_from_a_link_shows_who_the_office_takes_one_for(party: Party) -> None:
    await party.write(OTHER_PHONE, f"/start {await party.issue(VERA)}")
    text = party.last_text(OTHER_PHONE)
    assert "Vera Muster" in text
    assert "Mitglied · RAK Stendal · Jobcenter Stendal" in text
    assert [line[:2] for line in text.splitlines()[-5:]] == ["1.", "2.", "3.", "4.", "5."]
    assert party.labels(OTHER_PHONE) == ["Das bin ich", "Das bin ich nicht"]
    [account] = [one for one in await party.rows(Account) if one.telegram_id == OTHER_PHONE]
    assert account.notice_version
    assert account.notice_shown_at == party.clock.now


@pytest.mark.parametrize(
    "spelling",
    [
        lambda code: f"/start {code}",
        lambda code: f"/start {code.lower().replace('-', '')}",
        lambda code: f"/start {code.replace('-', ' ')}",
        lambda code: f"/start {code.replace('0', 'o').replace('1', 'l')}",
        lambda code: code,
        lambda code: code.lower().replace("-", ""),
        lambda code: f" {code.replace('-', ' ').lower()} ",
    ],
)
async def test_a_code_is_taken_however_it_is_typed(party: Party, anna: int, spelling: Callable[[str], str]) -> None:
    await party.write(NEWCOMER, spelling(await party.issue(anna)))
    await party.tap(NEWCOMER, "Das bin ich")
    assert "Willkommen, Anna Neu. Sie sind angemeldet." in party.telegram.texts(NEWCOMER)
    [person] = [one for one in await party.rows(Person) if one.id == anna]
    assert person.telegram_id == NEWCOMER


async def test_a_code_typed_as_a_text_is_never_kept_as_a_question(party: Party) -> None:
    code = new_code()
    await party.write(STRANGER, code)
    assert party.last_text(STRANGER).startswith("Diesen Code kenne ich nicht.")
    assert await party.rows(OfficeQuestion) == []
    assert not await party.holds(code)


async def test_a_question_of_sixteen_letters_is_no_code(party: Party) -> None:
    await party.write(STRANGER, "rent for the site ok")
    assert "Code" not in party.last_text(STRANGER)
    await party.write(STRANGER, "antrag stellen naja")
    assert "Code" not in party.last_text(STRANGER)


async def test_a_code_works_once(party: Party, anna: int) -> None:
    code = await party.issue(anna)
    await party.write(NEWCOMER, f"/start {code}")
    await party.tap(NEWCOMER, "Das bin ich")
    await party.write(OTHER_PHONE, f"/start {code}")
    assert party.last_text(OTHER_PHONE).startswith("Dieser Code ist schon benutzt.")


async def test_using_a_code_voids_those_issued_before_it_but_a_new_one_leaves_them(party: Party, anna: int) -> None:
    first, second = await party.issue(anna), await party.issue(anna)
    await party.write(OTHER_PHONE, f"/start {first}")
    assert "Anna Neu" in party.last_text(OTHER_PHONE)
    await party.write(NEWCOMER, f"/start {second}")
    await party.tap(NEWCOMER, "Das bin ich")
    await party.tap(OTHER_PHONE, "Das bin ich")
    assert party.toast().startswith("Das finde ich nicht mehr.")
    await party.write(OTHER_PHONE, f"/start {first}")
    assert party.last_text(OTHER_PHONE).startswith("Dieser Code ist schon benutzt.")


async def test_a_code_ends_after_its_days_even_between_showing_and_tapping(party: Party, anna: int) -> None:
    code = await party.issue(anna)
    await party.write(NEWCOMER, f"/start {code}")
    party.clock.advance(days=14)
    await party.tap(NEWCOMER, "Das bin ich")
    assert party.toast().startswith("Dieser Code ist abgelaufen.")
    await party.write(NEWCOMER, f"/start {code}")
    assert party.last_text(NEWCOMER).startswith("Dieser Code ist abgelaufen.")
    assert all(one.telegram_id != NEWCOMER for one in await party.rows(Person))


async def test_that_is_not_me_voids_the_code_and_tells_staff(party: Party, anna: int) -> None:
    code = await party.issue(anna)
    await party.write(NEWCOMER, f"/start {code}")
    await party.tap(NEWCOMER, "Das bin ich nicht")
    assert party.last_text(NEWCOMER).startswith("Danke. Der Code ist jetzt ungültig")
    for staff in (STAFF, COLLEAGUE):
        assert party.last_text(staff).startswith("Ein Code für Anna Neu ist bei jemand anderem angekommen.")
    await party.write(OTHER_PHONE, f"/start {code}")
    assert party.last_text(OTHER_PHONE).startswith("Dieser Code ist schon benutzt.")


async def test_a_second_account_takes_over_and_the_first_is_told(party: Party) -> None:
    await party.open_vote()
    await party.write(OTHER_PHONE, f"/start {await party.issue(VERA)}")
    await party.tap(OTHER_PHONE, "Das bin ich")
    assert party.last_text(VERA).startswith("Ein anderes Telegram-Konto hat sich als Vera Muster angemeldet.")
    assert party.last_text(STAFF).startswith("Vera Muster hat sich mit einem anderen Telegram-Konto angemeldet")
    await party.tap(VERA, "Ja")
    assert party.toast().startswith("Das darf nur")
    await party.write(OTHER_PHONE, "/offen")
    await party.tap(OTHER_PHONE, "Abstimmung 1 · Förderung 2027")
    await party.tap(OTHER_PHONE, "Ja")
    assert party.toast().startswith("Ihre Stimme: Ja")


async def test_a_forged_claim_is_worth_nothing(party: Party) -> None:
    await party.issue(VERA)
    await party.write(STRANGER, "/start")
    for answer in ("yes", "no"):
        await party.hear(party.telegram.tap_data(STRANGER, f"c:{answer}:{VERA}", party.telegram.last(STRANGER)))
        assert party.toast().startswith("Das finde ich nicht mehr.")
    [code] = await party.rows(Code)
    assert (code.used_at, code.voided_at) == (None, None)


async def test_five_wrong_codes_bring_a_pause_that_doubles_and_a_right_one_clears_it(party: Party, anna: int) -> None:
    code = await party.issue(anna)
    for pause in (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)):
        for _ in range(5):
            await party.write(NEWCOMER, f"/start {new_code()}")
            assert party.last_text(NEWCOMER).startswith("Diesen Code kenne ich nicht.")
        await party.write(NEWCOMER, f"/start {code}")
        assert party.last_text(NEWCOMER).startswith("Zu viele falsche Codes.")
        party.clock.advance(pause - timedelta(seconds=1))
        await party.write(NEWCOMER, f"/start {code}")
        assert party.last_text(NEWCOMER).startswith("Zu viele falsche Codes.")
        party.clock.advance(seconds=1)
    await party.write(NEWCOMER, f"/start {code}")
    assert "Anna Neu" in party.last_text(NEWCOMER)
    [account] = [one for one in await party.rows(Account) if one.telegram_id == NEWCOMER]
    assert (account.wrong_codes, account.paused_until) == (0, None)


async def test_start_without_a_code_says_what_the_bot_can_do(party: Party) -> None:
    await party.write(STRANGER, "/start")
    first, notice = party.telegram.texts(STRANGER)
    assert first.startswith("ReKo Stendal")
    assert "/fristen" in first
    assert "/buero" not in first
    assert notice.startswith("Datenschutz in Kürze")
    await party.write(STAFF, "/start")
    assert "/buero" in party.telegram.texts(STAFF)[0]


async def test_in_a_group_only_commands_are_answered_and_only_with_the_way_to_the_private_chat(party: Party) -> None:
    group = -5
    await party.write(VERA, "Wer darf abstimmen?", chat_id=group)
    await party.write(VERA, "/hilfe@another_bot", chat_id=group)
    assert party.telegram.texts(group) == []
    for command in ("/hilfe", "/offen@reko_test_bot", f"/start {await party.issue(VERA)}"):
        await party.write(VERA, command, chat_id=group)
        assert party.last_text(group) == "Bitte schreiben Sie mir im privaten Chat: https://t.me/reko_test_bot"
    [code] = await party.rows(Code)
    assert code.shown_to is None


async def test_no_code_and_no_name_is_ever_logged(party: Party, anna: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)  # as `run` sets it
    code, wrong = await party.issue(anna), new_code()
    for entry in (f"/start {wrong}", wrong, f"/start {code}"):
        await party.write(NEWCOMER, entry)
    await party.tap(NEWCOMER, "Das bin ich")
    logged = "\n".join([caplog.text, *(str(one.__dict__) for one in caplog.records)])
    for secret in (code, wrong, code.replace("-", ""), "Anna Neu"):
        assert secret not in logged
