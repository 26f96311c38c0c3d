"""What must hold in the store at any moment, whatever crashed when.

Much of it the database enforces itself; it is asked for here all the same, since a file may have been copied, mended
by hand, or written with its constraints off. Each promise is a query for the rows that break it.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.ballot.counting import result_of
from models.ballot.rows import Ballot, Elector, Handover, Objection, Option, Receipt, Vote
from models.ballot.rules import Choice, Held, Kind, check_choice, ends_at
from models.ballot.secret.counting import listed, without_list
from models.ballot.secret.rows import SecretBallot, SecretCount, SecretTurnout, SecretVoter
from models.broadcast.rows import Broadcast, Copy
from models.charter import Election
from models.deadline.rows import Deadline, Step, Subscription
from models.drafts import Draft
from models.files import StoredFile
from models.inbox import TRIES, InboxRow, InboxState
from models.knowledge.rows import Edition, Passage, in_force
from models.meeting.rows import AgendaItem, Invitation, Meeting, Presence
from models.member import Membership, Role
from models.office import Mandate
from models.outbox import Letter, LetterState
from models.question import OfficeQuestion
from models.record.acts import verify
from models.record.agreement import disagreements
from models.record.rows import RecordHead, RecordLine
from models.refusals import Unknown
from models.safekeeping import Backup
from models.selection.promises import SELECTION_PROMISES, broken_selections
from models.wish import Wish

# A pending update this much older than the newest one has been forgotten by its worker.
STUCK = timedelta(hours=1)

Query = Executable


async def broken_promises(session: AsyncSession) -> list[str]:
    """Every promise that does not hold, one line a row that breaks it; empty when all is well."""
    broken = [
        f"{promise}: {', '.join(map(str, row))}"
        for promise, query in PROMISES.items()
        for row in await session.execute(query())
    ]
    broken += await _ballots_that_say_nothing(session) + await _lots_between_nobody(session)
    broken += await _ballots_out_of_time(session) + await _results_that_differ(session)
    broken += await _false_lists(session)
    broken += await broken_selections(session)
    return broken + await _breaks_of_the_record(session) + await _stuck(session)


# --- votes


def _ballots_of_no_elector() -> Query:
    return (
        select(Ballot.vote_number, Ballot.mandate_id)
        .outerjoin(Elector, _same_seat(Elector, Ballot))
        .where(Elector.mandate_id.is_(None))
    )


def _second_ballots() -> Query:
    return (
        select(Ballot.vote_number, Ballot.mandate_id)
        .group_by(Ballot.vote_number, Ballot.mandate_id)
        .having(func.count() > 1)
    )


def _receipts_without_ballot() -> Query:
    return (
        select(Receipt.vote_number, Receipt.code)
        .outerjoin(Ballot, _same_seat(Ballot, Receipt))
        .where(Ballot.mandate_id.is_(None))
    )


def _ballots_without_receipt() -> Query:
    told = exists().where(_same_seat(Receipt, Ballot), Receipt.code == Ballot.receipt)
    return select(Ballot.vote_number, Ballot.mandate_id).where(~told)


def _same_seat(one: type[Elector | Ballot | Receipt], other: type[Ballot | Receipt]) -> ColumnElement[bool]:
    return and_(one.vote_number == other.vote_number, one.mandate_id == other.mandate_id)


def _electors_of_another_body() -> Query:
    return (
        select(Elector.vote_number, Elector.mandate_id)
        .join(Vote, Vote.number == Elector.vote_number)
        .join(Mandate, Mandate.id == Elector.mandate_id)
        .where(Mandate.body_id != Vote.body_id)
    )


def _open_votes_without_electors() -> Query:
    frozen = exists().where(Elector.vote_number == Vote.number)
    return select(Vote.number).where(Vote.opened_at.is_not(None), ~frozen)


def _closed_votes_without_result() -> Query:
    return select(Vote.number).where(Vote.closed_at.is_not(None), Vote.result.is_(None))


def _ended_and_still_going() -> Query:
    broken_off = and_(Vote.cancelled_at.is_not(None), or_(Vote.closed_at.is_not(None), Vote.result.is_not(None)))
    ended = or_(Vote.closed_at.is_not(None), Vote.cancelled_at.is_not(None))
    return select(Vote.number).where(or_(broken_off, and_(Vote.awaits_office, ended)))


def _run_offs_of_nothing() -> Query:
    first = aliased(Vote)
    return (
        select(Vote.number)
        .outerjoin(first, first.number == Vote.follows)
        .where(
            or_(
                (Vote.round > 1) != Vote.follows.is_not(None),
                and_(Vote.follows.is_not(None), or_(first.round != Vote.round - 1, first.body_id != Vote.body_id)),
            )
        )
    )


def _objections_out_of_place() -> Query:
    binding = [one for one in Kind if one.binding]
    right = and_(Vote.held == Held.CIRCULAR, Vote.kind.in_(binding), Vote.closed_at >= Objection.made_at)
    return (
        select(Objection.vote_number)
        .outerjoin(Vote, Vote.number == Objection.vote_number)
        .where(or_(Vote.closed_at.is_(None), ~right))
    )


def _deputies_without_handover() -> Query:
    """A deputy's ballot was cast while the mandate was handed over to that deputy."""
    given = exists().where(
        Handover.mandate_id == Ballot.mandate_id,
        Handover.deputy_id == Ballot.cast_by,
        or_(Handover.vote_number.is_(None), Handover.vote_number == Ballot.vote_number),
        Handover.given_at <= Ballot.cast_at,
        or_(Handover.until.is_(None), Handover.until > Ballot.cast_at),
        or_(Handover.ended_at.is_(None), Handover.ended_at >= Ballot.cast_at),
    )
    return select(Ballot.vote_number, Ballot.mandate_id).where(Ballot.as_deputy, ~given)


async def _ballots_that_say_nothing(session: AsyncSession) -> list[str]:
    places = select(func.count()).where(Option.vote_number == Vote.number).scalar_subquery()
    rows = await session.execute(
        select(Vote, Ballot.mandate_id, Ballot.choice, places).join(Ballot, Ballot.vote_number == Vote.number)
    )
    return [
        f"a ballot says what its vote asks: {vote.number}, {mandate}"
        for vote, mandate, choice, options in rows
        if not _can_be_said(Kind(vote.kind), choice, options)
    ]


def _can_be_said(kind: Kind, choice: str, options: int) -> bool:
    try:
        check_choice(kind, choice, options)
    except Unknown:
        return False
    return True


async def _lots_between_nobody(session: AsyncSession) -> list[str]:
    drawn = await session.execute(
        select(Vote, Option.label)
        .outerjoin(Option, (Option.vote_number == Vote.number) & (Option.place == Vote.lot))
        .where(Vote.lot.is_not(None))
    )
    return [
        f"a lot decides between those left standing: {vote.number}"
        for vote, label in drawn
        if label not in _left_standing(vote)
    ]


def _left_standing(vote: Vote) -> tuple[str, ...]:
    if vote.round == 1 or vote.kind != Kind.ELECTION or vote.result is None:
        return ()
    return Election.from_json(vote.result).standing


async def _ballots_out_of_time(session: AsyncSession) -> list[str]:
    rows = await session.execute(select(Vote, Ballot).join(Ballot, Ballot.vote_number == Vote.number))
    return [
        f"a ballot is cast while its vote is open: {vote.number}, {ballot.mandate_id}"
        for vote, ballot in rows
        if not _was_open(vote, ballot.cast_at)
    ]


def _was_open(vote: Vote, at: datetime) -> bool:
    # The ballot that makes a vote complete is received at the very instant that ends it.
    ended = at > ends_at(vote) or at == vote.closes_at
    # Chats are worked off side by side, so a tap that came just after a breaking off may have been stored before it;
    # it counts for nothing there.
    return vote.opens_at <= at and not ended


async def _results_that_differ(session: AsyncSession) -> list[str]:
    closed = list(await session.scalars(select(Vote).where(Vote.closed_at.is_not(None), Vote.result.is_not(None))))
    return [
        f"a stored result is what the ballots say: {vote.number}"
        for vote in closed
        if await result_of(session, vote) != without_list(vote.result or {})
    ]


# --- secret votes


def _boxes_that_do_not_add_up() -> Query:
    # In one statement, since a ballot may come in between two.
    marks = _number_of(SecretVoter.vote_number, Vote.number)
    ballots = _number_of(SecretBallot.vote_number, Vote.number)
    return select(Vote.number).where(marks != ballots)


def _number_of(column: Any, number: Any) -> Any:
    return select(func.count()).where(column == number).scalar_subquery()


def _boxes_of_votes_not_running() -> Query:
    running = exists().where(
        Vote.number == SecretVoter.vote_number, Vote.secret, Vote.closed_at.is_(None), Vote.cancelled_at.is_(None)
    )
    return select(SecretVoter.vote_number, SecretVoter.mandate_id).where(~running)


def _marks_of_no_free_elector() -> Query:
    seat = (Elector.vote_number == SecretVoter.vote_number, Elector.mandate_id == SecretVoter.mandate_id)
    declared = exists().where(
        Ballot.vote_number == SecretVoter.vote_number, Ballot.mandate_id == SecretVoter.mandate_id
    )
    free = exists().where(*seat, Elector.excluded_at.is_(None)) & ~declared
    return select(SecretVoter.vote_number, SecretVoter.mandate_id).where(~free)


def _open_ballots_in_secret_votes() -> Query:
    told = and_(Vote.secret, Ballot.choice != Choice.CONFLICT)
    return select(Ballot.vote_number, Ballot.mandate_id).join(Vote, Vote.number == Ballot.vote_number).where(told)


def _turnouts_that_differ() -> Query:
    def by_way(*, on_paper: bool) -> Any:
        voted = select(func.count()).where(
            SecretTurnout.vote_number == Vote.number, SecretTurnout.on_paper.is_(on_paper)
        )
        counted = select(func.coalesce(func.sum(SecretCount.ballots), 0)).where(
            SecretCount.vote_number == Vote.number, SecretCount.on_paper.is_(on_paper)
        )
        return voted.scalar_subquery() != counted.scalar_subquery()

    return select(Vote.number).where(or_(by_way(on_paper=False), by_way(on_paper=True)))


async def _false_lists(session: AsyncSession) -> list[str]:
    broken = []
    for vote in await session.scalars(select(Vote).where(Vote.secret, Vote.closed_at.is_not(None))):
        told = Counter(choice for _, choice in listed(vote.result))
        of_vote = (SecretCount.vote_number == vote.number, SecretCount.on_paper.is_(False))
        rows = await session.execute(select(SecretCount.choice, SecretCount.ballots).where(*of_vote))
        if told and told != Counter({choice: int(ballots) for choice, ballots in rows}):
            broken.append(f"the list of receipts is what was counted: {vote.number}")
    return broken


# --- the record of votes


async def _breaks_of_the_record(session: AsyncSession) -> list[str]:
    finding = await verify(session)
    broken = [] if finding.whole else [f"the record is one chain: {finding.fault}, {finding.number}"]
    return broken + [
        f"the votes are as the record has them: {', '.join(map(str, difference))}"
        for difference in await disagreements(session)
    ]


def _ends_that_are_not_the_head() -> Query:
    end = func.coalesce(select(func.max(RecordLine.number)).scalar_subquery(), 0)
    noted = func.coalesce(select(RecordHead.length).scalar_subquery(), 0)
    return select(end, noted).where(end != noted)


# --- letters and steps


def _letters_between_states() -> Query:
    claimed, sent = Letter.state == LetterState.CLAIMED, Letter.state == LetterState.SENT
    wrong = or_(
        Letter.state.not_in(list(LetterState)),
        claimed != Letter.lease_until.is_not(None),
        sent != Letter.message_id.is_not(None),
        sent != Letter.sent_at.is_not(None),
        and_(Letter.state.in_([LetterState.FAILED, LetterState.UNCERTAIN]), Letter.error.is_(None)),
    )
    return select(Letter.id, Letter.state).where(wrong)


def _letters_posted_twice() -> Query:
    return select(Letter.key).group_by(Letter.key).having(func.count() > 1)


def _steps_without_letter() -> Query:
    return (
        select(Step.id)
        .outerjoin(Letter, Letter.id == Step.letter_id)
        .where(Step.letter_id.is_not(None), or_(Letter.id.is_(None), Letter.telegram_id != Step.telegram_id))
    )


def _steps_told_twice() -> Query:
    columns = (Step.deadline_number, Step.revision, Step.lead, Step.telegram_id)
    return select(*columns).group_by(*columns).having(func.count() > 1)


def _steps_of_a_revision_to_come() -> Query:
    return (
        select(Step.id)
        .outerjoin(Deadline, Deadline.number == Step.deadline_number)
        .where(or_(Deadline.number.is_(None), Step.revision > Deadline.revision))
    )


def _subscriptions_half_ended() -> Query:
    ended = Subscription.ended_at.is_not(None)
    wrong = or_(ended != Subscription.ended_as.is_not(None), and_(ended, Subscription.next_at.is_not(None)))
    return select(Subscription.deadline_number, Subscription.telegram_id).where(wrong)


def _reminded_of_what_is_no_more() -> Query:
    return (
        select(Subscription.deadline_number, Subscription.telegram_id)
        .join(Deadline, Deadline.number == Subscription.deadline_number)
        .where(Deadline.status != "", Subscription.next_at.is_not(None))
    )


def _wishes_of_others() -> Query:
    return (
        select(Wish.question_number)
        .outerjoin(OfficeQuestion, OfficeQuestion.number == Wish.question_number)
        .where(or_(OfficeQuestion.number.is_(None), OfficeQuestion.telegram_id != Wish.telegram_id))
    )


# --- Rundrufe


def _copies_to_others() -> Query:
    return (
        select(Copy.id, Letter.id)
        .join(Letter, or_(Letter.id == Copy.letter_id, Letter.id == Copy.update_id))
        .where(or_(Copy.telegram_id.is_(None), Letter.telegram_id != Copy.telegram_id))
    )


def _copies_before_the_beginning() -> Query:
    return (
        select(Copy.id)
        .join(Broadcast, Broadcast.number == Copy.broadcast_number)
        .where(or_(Broadcast.started_at.is_(None), and_(Broadcast.needs_release, Broadcast.released_at.is_(None))))
    )


def _leaving_though_stopped() -> Query:
    waits = and_(Letter.state == LetterState.WAITING, ~Letter.held)
    withdrawn = and_(Broadcast.withdrawn_at.is_not(None), Letter.id == Copy.letter_id)
    return _on_their_way().where(
        or_(and_(Broadcast.paused_at.is_not(None), waits), and_(withdrawn, Letter.state == LetterState.WAITING))
    )


def _on_their_way_after_the_end() -> Query:
    under_way = Letter.state.in_([LetterState.WAITING, LetterState.CLAIMED])
    return _on_their_way().where(Broadcast.ended_at.is_not(None), under_way)


def _on_their_way() -> Select[int, int]:
    return (
        select(Copy.broadcast_number, Letter.id)
        .join(Letter, or_(Letter.id == Copy.letter_id, Letter.id == Copy.update_id))
        .join(Broadcast, Broadcast.number == Copy.broadcast_number)
    )


# --- people, forms, meetings, sources


def _second_holders() -> Query:
    return (
        select(Membership.mandate_id)
        .where(Membership.role == Role.MEMBER, Membership.ended_at.is_(None))
        .group_by(Membership.mandate_id)
        .having(func.count() > 1)
    )


def _seats_of_another_body() -> Query:
    return (
        select(Membership.id)
        .join(Mandate, Mandate.id == Membership.mandate_id)
        .where(or_(Membership.body_id.is_(None), Mandate.body_id != Membership.body_id))
    )


def _second_open_drafts() -> Query:
    return select(Draft.telegram_id).where(~Draft.parked).group_by(Draft.telegram_id).having(func.count() > 1)


def _second_open_backups() -> Query:
    return select(func.count()).select_from(Backup).where(Backup.open).having(func.count() > 1)


def _deadlines_confirmed_ahead() -> Query:
    return select(Deadline.number).where(Deadline.confirmed > Deadline.revision)


def _invitations_of_nobody() -> Query:
    for_one = Invitation.mandate_id.is_(None) != Invitation.guest_id.is_(None)
    return select(Invitation.id).where(~for_one)


def _invitations_to_drafts() -> Query:
    return (
        select(Invitation.id)
        .outerjoin(Meeting, Meeting.number == Invitation.meeting_number)
        .where(Meeting.invited_at.is_(None))
    )


def _answers_of_nobody() -> Query:
    return select(Invitation.id).where(Invitation.answer.is_not(None) != Invitation.answered_at.is_not(None))


def _minutes_not_kept() -> Query:
    """Minutes without what was sent, when, or by whom."""
    sent = (Meeting.minutes_sent_at.is_not(None), Meeting.minutes_sent_by.is_not(None))
    return (
        select(Meeting.number)
        .outerjoin(StoredFile, StoredFile.id == Meeting.minutes_file_id)
        .where(or_(*(StoredFile.id.is_not(None) != one for one in sent)))
    )


def _answers_without_their_deputy() -> Query:
    return select(Invitation.id).where(
        or_(
            and_(Invitation.deputy_id.is_not(None), Invitation.answer.is_distinct_from("deputy")),
            and_(Invitation.deputy_answer.is_not(None), Invitation.deputy_id.is_(None)),
        )
    )


def _agendas_out_of_order() -> Query:
    places = AgendaItem.position
    return (
        select(AgendaItem.meeting_number)
        .group_by(AgendaItem.meeting_number)
        .having(
            or_(func.min(places) != 1, func.max(places) != func.count(), func.count(places.distinct()) != func.count())
        )
    )


def _votes_on_items_of_others() -> Query:
    right = and_(Meeting.body_id == Vote.body_id, Vote.held == Held.MEETING)
    return (
        select(Vote.number)
        .outerjoin(AgendaItem, AgendaItem.id == Vote.item_id)
        .outerjoin(Meeting, Meeting.number == AgendaItem.meeting_number)
        .where(
            or_(
                and_(Vote.item_id.is_not(None), or_(Meeting.number.is_(None), ~right)),
                and_(Vote.present.is_not(None), or_(Vote.item_id.is_(None), Vote.closed_at.is_(None))),
            )
        )
    )


def _seats_filled_twice() -> Query:
    other = aliased(Presence)
    same_seat = and_(
        other.meeting_number == Presence.meeting_number,
        other.mandate_id.is_not_distinct_from(Presence.mandate_id),
        or_(Presence.mandate_id.is_not(None), other.person_id == Presence.person_id),
    )
    at_a_time = and_(
        other.came_at <= Presence.came_at,
        or_(other.left_at.is_(None), other.left_at > Presence.came_at),
    )
    return select(Presence.id).join(other, and_(other.id != Presence.id, same_seat, at_a_time))


def _present_without_invitation() -> Query:
    invited = exists().where(
        Invitation.meeting_number == Presence.meeting_number,
        or_(
            Invitation.mandate_id == Presence.mandate_id,
            and_(Presence.mandate_id.is_(None), Invitation.guest_id == Presence.person_id),
        ),
    )
    return select(Presence.id).where(~invited)


def _second_meetings_of_others() -> Query:
    first = aliased(Meeting)
    return (
        select(Meeting.number)
        .outerjoin(first, first.number == Meeting.second_of)
        .where(Meeting.second_of.is_not(None), or_(first.number.is_(None), first.body_id != Meeting.body_id))
    )


def _editions_in_force_twice() -> Query:
    return select(Edition.key).where(in_force()).group_by(Edition.key).having(func.count() > 1)


def _editions_that_wait_for_nothing() -> Query:
    return select(Edition.id).where(
        Edition.waiting, or_(Edition.valid_from.is_(None), Edition.superseded_at.is_not(None))
    )


def _passages_of_no_edition() -> Query:
    return select(Passage.id).outerjoin(Edition, Edition.id == Passage.edition_id).where(Edition.id.is_(None))


def _questions_half_answered() -> Query:
    return select(OfficeQuestion.number).where(
        OfficeQuestion.answer.is_not(None) != OfficeQuestion.answered_at.is_not(None)
    )


def _questions_corrected_unanswered() -> Query:
    return select(OfficeQuestion.number).where(
        OfficeQuestion.corrected_at.is_not(None), OfficeQuestion.answered_at.is_(None)
    )


def _questions_joined_to_nothing() -> Query:
    main = aliased(OfficeQuestion)
    lies_there = and_(main.handed_at.is_not(None), main.joined_to.is_(None))
    return (
        select(OfficeQuestion.number)
        .outerjoin(main, and_(main.number == OfficeQuestion.joined_to, lies_there))
        .where(OfficeQuestion.joined_to.is_not(None), or_(main.number.is_(None), OfficeQuestion.handed_at.is_(None)))
    )


# --- the inbox


def _payloads_kept() -> Query:
    worked = InboxRow.state.in_([InboxState.DONE, InboxState.SET_ASIDE])
    return select(InboxRow.update_id).where(worked != InboxRow.payload.is_(None))


async def _stuck(session: AsyncSession) -> list[str]:
    newest = await session.scalar(select(func.max(InboxRow.received_at)))
    if newest is None:
        return []
    overdue = or_(InboxRow.tries >= TRIES, InboxRow.received_at < newest - STUCK)
    rows = await session.scalars(
        select(InboxRow.update_id).where(InboxRow.state.in_([InboxState.PENDING, InboxState.ACTED]), overdue)
    )
    return [f"no update is stuck: {update_id}" for update_id in rows]


PROMISES: dict[str, Callable[[], Query]] = {
    "a ballot belongs to an elector": _ballots_of_no_elector,
    "a mandate has one ballot": _second_ballots,
    "a receipt has its ballot": _receipts_without_ballot,
    "a ballot has its receipt": _ballots_without_receipt,
    "a secret vote has a mark for every ballot": _boxes_that_do_not_add_up,
    "a secret ballot is kept while its vote runs": _boxes_of_votes_not_running,
    "who voted secretly is an elector, and neither excluded nor in conflict": _marks_of_no_free_elector,
    "a secret vote has no open ballot": _open_ballots_in_secret_votes,
    "of a secret vote as many are counted as took part": _turnouts_that_differ,
    "an elector is a mandate of the vote's body": _electors_of_another_body,
    "an opened vote has its electorate": _open_votes_without_electors,
    "a closed vote has its result": _closed_votes_without_result,
    "a vote broken off has no result and waits for nobody": _ended_and_still_going,
    "a run-off goes on from the round before": _run_offs_of_nothing,
    "an objection has ended a binding vote by circulation": _objections_out_of_place,
    "a deputy votes while the mandate is handed over": _deputies_without_handover,
    **SELECTION_PROMISES,
    "the record's head is its last entry": _ends_that_are_not_the_head,
    "a letter is in one state": _letters_between_states,
    "the same news is posted once": _letters_posted_twice,
    "a step's letter is there and goes to the same person": _steps_without_letter,
    "a step is told once": _steps_told_twice,
    "a step belongs to a revision of its deadline": _steps_of_a_revision_to_come,
    "a subscription that ended is not waited for": _subscriptions_half_ended,
    "a deadline that is no more waits for no step": _reminded_of_what_is_no_more,
    "a wish belongs to who asked": _wishes_of_others,
    "a copy of a Rundruf goes to its own account": _copies_to_others,
    "a Rundruf has no copies before it begins, nor begins without its release": _copies_before_the_beginning,
    "nothing of a Rundruf leaves while it is stopped, or withdrawn": _leaving_though_stopped,
    "nothing of a Rundruf that has ended is on its way": _on_their_way_after_the_end,
    "a mandate has one holder": _second_holders,
    "a seat belongs to its mandate's body": _seats_of_another_body,
    "an account fills in one form": _second_open_drafts,
    "one backup is ordered or in hand": _second_open_backups,
    "no revision to come of a deadline is confirmed": _deadlines_confirmed_ahead,
    "an invitation is for a mandate or for a guest": _invitations_of_nobody,
    "a draft of a meeting has invited nobody": _invitations_to_drafts,
    "an answer to an invitation has its time": _answers_of_nobody,
    "minutes that were sent are kept": _minutes_not_kept,
    "a deputy is asked by the answer": _answers_without_their_deputy,
    "an agenda counts from one": _agendas_out_of_order,
    "a vote on an item is held in its meeting": _votes_on_items_of_others,
    "a seat is filled once at a time": _seats_filled_twice,
    "who is present was invited": _present_without_invitation,
    "a second meeting is of the same body": _second_meetings_of_others,
    "one edition of a source is in force": _editions_in_force_twice,
    "an edition waits for its first day": _editions_that_wait_for_nothing,
    "a passage belongs to an edition": _passages_of_no_edition,
    "an answer to a question has its time": _questions_half_answered,
    "a corrected answer was given": _questions_corrected_unanswered,
    "a joined question joins one before the office": _questions_joined_to_nothing,
    "a worked update has lost its payload, an unworked one has not": _payloads_kept,
}
