"""Votes: what may be done when, and how it is counted."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from models.ballot.rows import Vote
from models.charter import Charter, Tally, judge
from models.refusals import BallotClosed, TooEarly, Withdrawn

# Within 24 hours the higher update id is the later tap; after a quiet week Telegram restarts its ids at random.
# https://core.telegram.org/bots/api#update
IDS_IN_ORDER = timedelta(hours=24)


class Kind(StrEnum):
    """What sort of vote it is."""

    MOTION = "motion"
    STRAW_POLL = "straw_poll"


class Held(StrEnum):
    """Where it is held."""

    MEETING = "meeting"
    CIRCULAR = "circular"


class Choice(StrEnum):
    """What a ballot can say."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
    CONFLICT = "conflict"  # § 33 KVG LSA: the mandate takes no part in this item


class Phase(StrEnum):
    """Where in its life a vote is."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


def ends_at(vote: Vote) -> datetime:
    """The instant at which it ends: by the clock, or earlier when the last ballot came in."""
    return min(vote.closes_at, vote.complete_at) if vote.complete_at else vote.closes_at


def too_late_from(vote: Vote) -> datetime:
    """The first instant at which a tap is too late.

    The second of closing is closed already; the instant of the last missing ballot is still open, since that ballot
    and whatever came in the same batch were received at it.
    """
    return min(vote.closes_at, vote.complete_at + timedelta.resolution) if vote.complete_at else vote.closes_at


def phase(vote: Vote, now: datetime) -> Phase:
    """Where the vote is at an instant. Its very second of closing is already closed."""
    if vote.cancelled_at and vote.cancelled_at <= now:
        return Phase.CANCELLED
    if now < vote.opens_at:
        return Phase.WAITING
    return Phase.CLOSED if now >= too_late_from(vote) else Phase.OPEN


def check_open(vote: Vote, at: datetime) -> None:
    """Let pass a tap received while the vote was open.

    Raises:
        Withdrawn: the office cancelled it.
        TooEarly: before its opening.
        BallotClosed: at or after its closing.
    """
    if vote.closed_at:  # the result stands
        raise BallotClosed
    match phase(vote, at):
        case Phase.CANCELLED:
            raise Withdrawn
        case Phase.WAITING:
            raise TooEarly(vote.opens_at)
        case Phase.CLOSED:
            raise BallotClosed
        case Phase.OPEN:
            return


def is_older_tap(update_id: int, received_at: datetime, than_id: int, than_at: datetime) -> bool:
    """Whether a tap that is worked off now was made before the one on record."""
    if abs(received_at - than_at) < IDS_IN_ORDER:
        return update_id < than_id
    return received_at < than_at


def count(entitled: int, choices: Iterable[str], present: int | None = None, chair: str | None = None) -> Tally:
    """The tally of a motion or straw poll from its ballots' choices."""
    said = list(choices)
    return Tally(
        entitled=entitled,
        yes=said.count(Choice.YES),
        no=said.count(Choice.NO),
        abstained=said.count(Choice.ABSTAIN),
        excluded=said.count(Choice.CONFLICT),
        present=present,
        chair_choice=chair,
    )


def held_where(charter: Charter, kind: Kind) -> Sequence[Held]:
    """Where a vote of this kind may be held by the charter, the usual way first."""
    if kind is Kind.STRAW_POLL:
        return (Held.MEETING,) if charter.circular == "never" else (Held.CIRCULAR, Held.MEETING)
    # „no objection" (§ 54 KVG LSA) counts nothing, so it is no way to hold a vote by yes and no.
    return (Held.MEETING, Held.CIRCULAR) if charter.circular == "majority" else (Held.MEETING,)


def reminders(opens_at: datetime, closes_at: datetime) -> list[datetime]:
    """When those who have not voted are reminded: at half time, 24 and 3 hours before closing."""
    half = opens_at + (closes_at - opens_at) / 2
    return sorted({half, *(closes_at - timedelta(hours=hours) for hours in (24, 3))} - {opens_at}, key=lambda at: at)


def quorum_of_meeting(charter: Charter, entitled: int, present: int) -> int:
    """How many mandates must be there for a quorum, by the charter."""
    return judge(charter, Tally(entitled, 0, 0, 0, 0, present=present)).quorum_needed
