"""Votes: what may be done when, by whom, and what a ballot may say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.actor import Actor
from models.ballot.rows import Elector, Vote
from models.charter import Charter, Tally, judge, read_charter
from models.member import Role
from models.refusals import BallotClosed, Excluded, HandedOver, NotEntitled, TooEarly, Unfit, Unknown, Withdrawn

# Within 24 hours the higher update id is the later tap; after a quiet week Telegram restarts its ids at random.
# https://core.telegram.org/bots/api#update
IDS_IN_ORDER = timedelta(hours=24)
FEWEST_OPTIONS, MOST_OPTIONS = 2, 20
NO_MARK = "-"  # of a date that nothing was said of yet


class Kind(StrEnum):
    """What sort of vote it is."""

    MOTION = "motion"
    STRAW_POLL = "straw_poll"
    ELECTION = "election"
    DATES = "dates"
    SELECTION = "selection"  # of projects; see ``models.selection``

    @property
    def binding(self) -> bool:
        """Whether something is decided by it."""
        return self in {Kind.MOTION, Kind.ELECTION, Kind.SELECTION}

    @property
    def has_options(self) -> bool:
        """Whether there is something to choose among."""
        return self in {Kind.ELECTION, Kind.DATES}


class Held(StrEnum):
    """Where it is held."""

    MEETING = "meeting"
    CIRCULAR = "circular"


class Choice(StrEnum):
    """What a ballot on a motion or in a straw poll can say."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
    CONFLICT = "conflict"  # § 33 KVG LSA: the mandate takes no part in this item


class Fit(StrEnum):
    """What can be said of a date."""

    FITS = "f"
    AT_A_PINCH = "p"
    NOT = "n"


class Stage(StrEnum):
    """How far a ballot of a project selection is. Complete cards count at every stage."""

    PART = "part"
    FULL = "full"  # points for every project and criterion, not confirmed
    CONFIRMED = "confirmed"


class Way(StrEnum):
    """How a ballot came in."""

    TAP = "tap"
    TYPED = "typed"
    PAPER = "paper"
    TELEPHONE = "telephone"

    @property
    def by_office(self) -> bool:
        """Whether the office entered it for the member."""
        return self in {Way.PAPER, Way.TELEPHONE}


class Phase(StrEnum):
    """Where in its life a vote is."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


# --- its life


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
    if vote.closed_at and vote.closed_at <= now:
        return Phase.CLOSED
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


def reminders(opens_at: datetime, closes_at: datetime) -> list[datetime]:
    """When those who have not voted are reminded: at half time, 24 and 3 hours before closing."""
    half = opens_at + (closes_at - opens_at) / 2
    steps = {half, *(closes_at - timedelta(hours=hours) for hours in (24, 3))}
    return sorted(at for at in steps if at > opens_at)


# --- who


@dataclass(frozen=True, slots=True)
class Acting:
    """The person who acts for a mandate, and whether as its deputy."""

    person_id: int
    as_deputy: bool = False


def acting_for(actor: Actor, mandate_id: int, deputy_id: int | None) -> Acting:
    """Who acts for a mandate through this account: its holder, or the deputy it is handed over to (``deputy_id``).

    Raises:
        NotEntitled: the account has nothing to do with the mandate now.
        HandedOver: its holder, while a deputy acts.
    """
    for standing in actor.with_role(Role.DEPUTY):
        if standing.mandate_id == mandate_id and standing.person_id == deputy_id:
            return Acting(standing.person_id, as_deputy=True)
    for standing in actor.with_role(Role.MEMBER):
        if standing.mandate_id == mandate_id:
            if deputy_id is not None:
                raise HandedOver
            return Acting(standing.person_id)
    raise NotEntitled("holder")


def may_act_for(actor: Actor, mandate_id: int, deputy_id: int | None) -> bool:
    """Whether this account acts for a mandate, as ``acting_for`` has it."""
    try:
        acting_for(actor, mandate_id, deputy_id)
    except NotEntitled:
        return False
    return True


def check_not_excluded(elector: Elector) -> None:
    """Let pass a mandate that no decision has excluded from this item.

    Raises:
        Excluded: it is.
    """
    if elector.excluded_at is not None:
        raise Excluded


# --- what a ballot may say


def check_choice(kind: Kind, choice: str, options: int) -> None:
    """Let pass what a ballot of this kind can say: a word of ``Choice``, an option's place, or a mark for each date.

    Raises:
        Unknown: it cannot.
    """
    match kind:
        case Kind.MOTION | Kind.STRAW_POLL:
            known = choice in [*Choice]
        case Kind.ELECTION:
            known = choice == Choice.ABSTAIN or choice in {str(place) for place in range(1, options + 1)}
        case Kind.DATES:
            known = len(choice) == options and set(choice) <= {*Fit, NO_MARK} and set(choice) != {NO_MARK}
        case Kind.SELECTION:
            known = choice in {*Stage, Choice.CONFLICT}
    if not known:
        raise Unknown


def complete(kind: Kind, choice: str) -> bool:
    """Whether a ballot says all that is asked; one of a date finding speaks of every date."""
    if kind is Kind.SELECTION:
        return choice != Stage.PART
    return kind is not Kind.DATES or NO_MARK not in choice


def settled(kind: Kind, choice: str) -> bool:
    """Whether nothing more is waited for where a vote closes as soon as all have voted: points wait to be confirmed."""
    return complete(kind, choice) and not (kind is Kind.SELECTION and choice == Stage.FULL)


# --- by the charter


def no_objection(vote: Vote) -> bool:
    """Whether silence consents in it: a binding circular of a body with „no objection" (§ 54 KVG LSA)."""
    charter = read_charter(vote.charter)
    return vote.held == Held.CIRCULAR and Kind(vote.kind).binding and charter.circular == "no objection"


def can_be_objected(vote: Vote) -> bool:
    """Whether a mandate can object to the procedure: every binding vote by circulation."""
    return vote.held == Held.CIRCULAR and Kind(vote.kind).binding


def held_where(charter: Charter, kind: Kind) -> Sequence[Held]:
    """Where a vote of this kind may be held by the charter, the usual way first."""
    if not kind.binding:
        return (Held.MEETING,) if charter.circular == "never" else (Held.CIRCULAR, Held.MEETING)
    # „no objection" asks whether anyone objects to one proposal, so it cannot choose among several.
    by_circular = {"majority"} if kind in {Kind.ELECTION, Kind.SELECTION} else {"majority", "no objection"}
    return (Held.MEETING, Held.CIRCULAR) if charter.circular in by_circular else (Held.MEETING,)


def quorum_of_meeting(charter: Charter, entitled: int, present: int) -> int:
    """How many mandates must be there for a quorum, by the charter."""
    return judge(charter, Tally(entitled, 0, 0, 0, 0, present=present)).quorum_needed


def check_options(kind: Kind, options: Sequence[object]) -> None:
    """Let pass as many options as the kind needs.

    Raises:
        Unfit: too few or too many.
    """
    fewest, most = (FEWEST_OPTIONS, MOST_OPTIONS) if kind.has_options else (0, 0)
    if not fewest <= len(options) <= most:
        raise Unfit("options")
