from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models.base import Database
from models.codes import digest_of, issue_code, looks_like_code, new_code, people_without_account, plain_code
from models.member import Account, Code, Membership, Person, Role

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_code_is_sixteen_characters_in_groups_of_four() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
        assert looks_like_code(code)
        assert not set(code) & set("ILOU")


@pytest.mark.parametrize("typed", ["7f3k-9qxm-0011-abcd", "7F3K 9QXM OOIL ABCD", " 7F3K9QXMoo1iABCD\n"])
def test_case_hyphens_and_lookalikes_do_not_count(typed: str) -> None:
    assert plain_code(typed) == "7F3K9QXM0011ABCD"
    assert digest_of(typed) == digest_of("7F3K-9QXM-0011-ABCD")


@pytest.mark.parametrize(
    "text", ["", "7F3K-9QXM", "7F3K-9QXM-0011-ABCU", "7F3K-9QXM-0011-ABCDE", "Wann ist die Sitzung"]
)
def test_other_texts_are_no_codes(text: str) -> None:
    assert not looks_like_code(text)


async def test_only_the_hash_is_kept(database: Database) -> None:
    async with database.begin() as session:
        person = Person(name="Erika Beispiel", language=None, telegram_id=None)
        session.add(person)
        await session.flush()
        code = await issue_code(session, person.id, NOW, days=3)
    async with database.read() as session:
        stored = (await session.scalars(select(Code))).one()
        assert stored.digest == digest_of(code)
        assert code not in repr(vars(stored))
        assert stored.expires_at == NOW + timedelta(days=3)


async def test_who_is_to_be_invited_is_on_a_list_and_has_no_account(database: Database) -> None:
    async with database.begin() as session:
        session.add(Account(telegram_id=7, language=None, telegram_language=None, first_seen=NOW))
        people = [Person(name=name, language=None) for name in ("Zoe", "Anna", "Da", "Fort")]
        people[2].telegram_id = 7
        session.add_all(people)
        await session.flush()
        for person in people:
            ended = NOW if person.name == "Fort" else None
            for role, sponsor in ((Role.GUEST, ""), (Role.SPONSOR, "Lernwerk")):
                session.add(Membership(person_id=person.id, role=role, sponsor=sponsor, ended_at=ended))
    async with database.read() as session:
        assert [person.name for person in await people_without_account(session)] == ["Anna", "Zoe"]
