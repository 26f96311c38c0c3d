"""People: what staff does with them. One act at a time, so that two at the desk cannot undo each other unseen."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.actor import Actor
from models.ballot.acting import in_charge, open_votes_of, running_of
from models.ballot.handover import end_with_role, lock_votes
from models.ballot.rows import Vote
from models.codes import issue_codes, people_without_account
from models.deadline import join_all, news_at, office_calendar
from models.meeting.acts import invite_late
from models.meeting.leaving import give_up_seat
from models.member import Code, Membership, Person, Role
from models.office import Body, Mandate
from models.outbox import NewLetter, post, post_news
from models.people.looking import as_known, places
from models.record import Act
from models.refusals import AlreadyDone, LastOfStaff, NotEntitled, Unfit, Unknown
from models.roster import VOTING, Joined, Listing, RosterFault, deputies_of, join, lock_staff, seat_entries


async def add(session: AsyncSession, listing: Listing, by: Actor, now: datetime) -> Person:
    """Give somebody a role, somebody new or on the lists; they are told, and asked to what is open for it.

    Raises:
        NotEntitled: for everyone but staff.
        Unfit: the mandate is held by somebody else, or they have this role already.
    """
    staff = await _alone(session, by)
    joined = await _join(session, listing)
    await _begun(session, joined, staff, now)
    return joined.person


async def end(session: AsyncSession, membership_id: int, by: Actor, now: datetime) -> Person:
    """End a role: its rights end at once, what was done by it stays.

    Raises:
        NotEntitled: for everyone but staff.
        Unfit: it has ended before.
        LastOfStaff: nobody could do what the office does.
    """
    staff = await _alone(session, by)
    membership = await _held(session, membership_id)
    await _ended(session, membership, staff, now)
    return await session.get_one(Person, membership.person_id)


async def change(session: AsyncSession, membership_id: int, listing: Listing, by: Actor, now: datetime) -> Person:
    """Another role in place of one, in one go.

    Raises:
        NotEntitled, LastOfStaff: as for ``end``.
        Unfit: as for ``end`` and ``add``.
    """
    staff = await _alone(session, by)
    membership = await _held(session, membership_id)
    await _ended(session, membership, staff, now)
    joined = await _join(session, listing)
    if joined.membership.id == membership_id:
        raise Unfit("same role")
    await _begun(session, joined, staff, now)
    return joined.person


async def move(session: AsyncSession, membership_id: int, name: str, by: Actor, now: datetime) -> Person:
    """Hand a mandate to a successor for good, somebody on the lists or new: one membership ends as the other begins.

    A successor who was its deputy is so no longer. Ballots stay; the successor may change them where that is allowed.

    Raises:
        NotEntitled: for everyone but staff.
        Unfit: the membership has ended, is none of a holder's, or the successor holds the mandate already.
    """
    staff = await _alone(session, by)
    membership = await _held(session, membership_id)
    person = await session.get_one(Person, membership.person_id)
    if membership.role != Role.MEMBER or membership.mandate_id is None or membership.body_id is None:
        raise Unknown
    if person.name == name:
        raise Unfit("same holder")
    await _ended(session, membership, staff, now)
    deputies = {one.name: one.id for one in await deputies_of(session, membership.mandate_id)}
    if name in deputies:
        deputy = await session.scalars(
            select(Membership).where(
                Membership.person_id == deputies[name],
                Membership.mandate_id == membership.mandate_id,
                Membership.role == Role.DEPUTY,
            )
        )
        await _ended(session, deputy.one(), staff, now, told=False)
    body, mandate = await _place(session, membership)
    joined = await _join(session, Listing(Role.MEMBER, name, body, mandate))
    await _begun(session, joined, staff, now)
    return joined.person


async def rename(session: AsyncSession, person_id: int, name: str, by: Actor) -> str:
    """Call somebody otherwise from now on; a list that has the former name still means them. The former name.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: there is no such person.
        Unfit: somebody else is called so.
        AlreadyDone: they are called so.
    """
    await _alone(session, by)
    person = await _person(session, person_id)
    before = person.name
    if before == name:
        raise AlreadyDone
    if await session.scalar(select(Person.id).where(Person.name == name)) is not None:
        raise Unfit("name taken")
    person.former_names = [*(one for one in person.former_names if one not in {before, name}), before]
    person.name = name
    await session.flush()
    return before


async def mark_without(session: AsyncSession, person_id: int, by: Actor, *, without: bool) -> Person:
    """Note that somebody does without Telegram, or is to come in after all.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: there is no such person.
        AlreadyDone: it is noted, or they have come in.
    """
    await _alone(session, by)
    person = await _person(session, person_id)
    if person.telegram_id is not None or person.without_telegram == without:
        raise AlreadyDone
    person.without_telegram = without
    return person


async def to_invite(session: AsyncSession, person_id: int = 0) -> list[Person]:
    """Whom a code would be issued for: somebody with a role today, or (0) everybody who is not in yet, by name."""
    if not person_id:
        return await people_without_account(session)
    person = await session.get(Person, person_id, populate_existing=True)
    return [person] if person and await _has_role(session, person_id) else []


async def issue(session: AsyncSession, person_id: int, seen: int, by: Actor, now: datetime) -> list[tuple[Person, str]]:
    """A fresh code each for a person, or (0) for everybody who is not in yet; the only time they are known.

    ``seen``: how many codes of theirs there were when the button was made.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: nobody to issue one for.
        AlreadyDone: codes were issued since.
    """
    await _alone(session, by)
    people = await to_invite(session, person_id)
    if not people:
        raise Unknown
    codes = await issue_codes(session, [one.id for one in people], seen, now, of=person_id or None)
    return list(zip(people, codes, strict=True))


async def check_may_end(session: AsyncSession, membership_id: int) -> None:
    """Let pass a role that may end.

    Raises:
        Unfit: it has ended.
        LastOfStaff: without it nobody could do what the office does.
    """
    membership = await _held(session, membership_id)
    if membership.role == Role.STAFF and not await _others_at_the_desk(session, membership):
        raise LastOfStaff


async def _alone(session: AsyncSession, by: Actor) -> int:
    """Wait for our turn; the person at the office, who must still be staff when it comes."""
    staff = by.need_staff().person_id
    if staff not in await lock_staff(session):
        raise NotEntitled("staff")
    return staff


async def _held(session: AsyncSession, membership_id: int) -> Membership:
    membership = await session.get(Membership, membership_id, populate_existing=True)
    if membership is None or membership.ended_at is not None:
        raise Unfit("role ended")
    return membership


async def _person(session: AsyncSession, person_id: int) -> Person:
    person = await session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise Unknown
    return person


async def _place(session: AsyncSession, membership: Membership) -> tuple[str, str]:
    body = await session.get_one(Body, membership.body_id)
    mandate = await session.get_one(Mandate, membership.mandate_id)
    return body.short, mandate.name


async def _join(session: AsyncSession, listing: Listing) -> Joined:
    try:
        joined = await join(session, listing)
    except RosterFault as fault:
        raise Unfit(fault.reason) from fault
    if not joined.fresh:
        raise Unfit("has role")
    return joined


async def _others_at_the_desk(session: AsyncSession, leaving: Membership) -> bool:
    """Whether staff who has come in remains. Two people may share an account."""
    others = select(Person.telegram_id).join(Membership, Membership.person_id == Person.id)
    found = await session.scalars(
        others.where(
            Membership.role == Role.STAFF,
            Membership.ended_at.is_(None),
            Membership.id != leaving.id,
            Person.telegram_id.is_not(None),
        ).limit(1)
    )
    return found.first() is not None


async def _ended(
    session: AsyncSession, membership: Membership, staff: int, now: datetime, *, told: bool = True
) -> None:
    if membership.role == Role.STAFF and not await _others_at_the_desk(session, membership):
        raise LastOfStaff
    carries_vote = membership.role in VOTING and membership.mandate_id is not None
    if carries_vote and membership.mandate_id is not None:
        await lock_votes(session, membership.mandate_id)
    handed = await running_of(session, membership, now)
    await give_up_seat(session, membership, now)
    membership.ended_at, membership.ended_in_chat = now, True
    await session.flush()
    await end_with_role(session, membership, now)
    await record.append_all(session, seat_entries(Act.SEAT_LEFT, [membership], now, staff))
    if membership.role == Role.MEMBER:
        for handover, account in handed:
            letter = NewLetter(f"taken_back:{handover}", "taken_back", account, {"handover": handover})
            await post(session, letter, now)
    elif handed and membership.mandate_id is not None:
        await _call(session, membership.mandate_id, now)
    await _void_codes_of_nobody(session, membership.person_id, now)
    if told:
        await _tell(session, membership, "role_ended", now)


async def _begun(session: AsyncSession, joined: Joined, staff: int, now: datetime) -> None:
    membership, account = joined.membership, joined.person.telegram_id
    await invite_late(session, membership, now)
    await record.append_all(session, seat_entries(Act.SEAT_TAKEN, [membership], now, staff))
    if account is not None:
        await join_all(session, now, account)
    await _tell(session, membership, "role_begun", now)
    if membership.role == Role.MEMBER and membership.mandate_id is not None:
        await _call(session, membership.mandate_id, now)


async def _tell(session: AsyncSession, membership: Membership, kind: str, now: datetime) -> None:
    """Tell whom it concerns, once and not in the quiet hours; what does not hold any more by then is not told."""
    account = await session.scalar(select(Person.telegram_id).where(Person.id == membership.person_id))
    if account is None:
        return
    at = (await office_calendar(session)).next_allowed(now)
    about = {"membership": membership.id}
    await post_news(session, NewLetter(f"{kind}:{membership.id}", kind, account, about, at), now)


async def _call(session: AsyncSession, mandate_id: int, now: datetime) -> None:
    """Lay the open votes of a mandate before whoever acts for it from now on."""
    calendar = await office_calendar(session)
    for number in await open_votes_of(session, mandate_id, now):
        vote = await session.get_one(Vote, number)
        at = news_at(calendar, now, [vote.closes_at])
        for _, account in await in_charge(session, [mandate_id], number, now):
            about = {"vote": number, "mandate": mandate_id}
            await post_news(session, NewLetter(f"vote:{number}:{mandate_id}", "vote", account, about, at), now)


async def _void_codes_of_nobody(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Who has no role any more needs no code."""
    if not await _has_role(session, person_id):
        unused = (Code.person_id == person_id, Code.used_at.is_(None), Code.voided_at.is_(None))
        await session.execute(update(Code).where(*unused).values(voided_at=now))


async def _has_role(session: AsyncSession, person_id: int) -> bool:
    held = select(Membership.id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    return await session.scalar(held.limit(1)) is not None


async def known_place(session: AsyncSession, role: Role, body_id: int | None, typed: str) -> str:
    """A typed mandate or sponsor as it is known, so that another way of writing makes no second one."""
    return as_known(typed, await places(session, role, body_id))
