"""One-time codes: 16 characters of Crockford base32 in groups of four, kept only as their hash.

80 random bits need no salt and no slow hash: nobody guesses them, and five wrong ones bring a pause.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.member import Code, Membership, Person
from models.refusals import AlreadyDone

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LENGTH = 16
GROUP = 4
VALID_DAYS = 14
_LOOKALIKES = str.maketrans("ILO", "110", "- \t\n")


def plain_code(text: str) -> str:
    """A code as typed, reduced to what counts: upper case, no hyphens or blanks, I and L read as 1, O as 0."""
    return text.upper().translate(_LOOKALIKES)


def looks_like_code(text: str) -> bool:
    """Whether a text could be a code at all."""
    plain = plain_code(text)
    return len(plain) == LENGTH and set(plain) <= set(ALPHABET)


def digest_of(text: str) -> str:
    """The hash under which a code is stored, however it was typed."""
    return sha256(plain_code(text).encode()).hexdigest()


def new_code() -> str:
    """A fresh code in groups of four, from the system's randomness."""
    plain = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(plain[start : start + GROUP] for start in range(0, LENGTH, GROUP))


async def issue_code(session: AsyncSession, person_id: int, now: datetime, days: int = VALID_DAYS) -> str:
    """Issue a code for a person and return it, the only time it is known; earlier ones stay valid until one is used."""
    code = new_code()
    session.add(Code(digest=digest_of(code), person_id=person_id, issued_at=now, expires_at=now + timedelta(days=days)))
    await session.flush()
    return code


async def codes_issued(session: AsyncSession, person_id: int | None = None) -> int:
    """How many codes are kept, of one person or of all: what a button shows that it has seen."""
    query = select(func.count()).select_from(Code)
    return await session.scalar(query if person_id is None else query.where(Code.person_id == person_id)) or 0


async def issue_codes(
    session: AsyncSession, people: Sequence[int], seen: int, now: datetime, *, of: int | None = None
) -> list[str]:
    """A code for each of these people, once: ``seen`` is how many there were (``of`` one person, or of all) before.

    Raises:
        AlreadyDone: codes were issued since, so the same button was tapped twice, or a colleague was quicker.
    """
    if await codes_issued(session, of) != seen:
        raise AlreadyDone
    return [await issue_code(session, one, now) for one in people]


async def people_without_account(session: AsyncSession) -> list[Person]:
    """Everyone on the lists, by name, who holds a role today, is to use the bot, and has no account yet."""
    listed = exists().where(Membership.person_id == Person.id, Membership.ended_at.is_(None))
    missing = (Person.telegram_id.is_(None), Person.without_telegram.is_(False), listed)
    return list(await session.scalars(select(Person).where(*missing).order_by(Person.name)))
