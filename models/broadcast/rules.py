"""Rundrufe: the rules. To whom it goes, what became of a copy, how far it is, what may be done with it when."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.broadcast.rows import Broadcast
from models.member import Role
from models.outbox import LetterState
from models.refusals import AlreadyDone, TooEarly, Withdrawn

EVERYONE = "everyone"
BODY, ROLE, AREA, SILENT = "body", "role", "area", "silent"
# A bot may delete its message within 48 hours: https://core.telegram.org/bots/api#deletemessage
DELETABLE = timedelta(hours=48)
PACE_SPAN = timedelta(seconds=10)  # the pace of a sending is that of its last seconds
ROLES = (Role.MEMBER, Role.DEPUTY, Role.ADVISER, Role.SPONSOR)


class Fate(StrEnum):
    """What became of a copy."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"  # not sent: withdrawn, or the recipient has left


@dataclass(frozen=True, slots=True)
class Standing:
    """One role of a candidate, with the body it is in."""

    role: str
    body_id: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be written to: a person on the lists, or an account that follows an area.

    ``silent``: the marks of what they have not answered. ``reachable``: has an account that lets us in.
    """

    person_id: int | None
    telegram_id: int | None
    reachable: bool
    standings: tuple[Standing, ...] = ()
    areas: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()


def values(marks: Iterable[str], what: str) -> set[str]:
    """What is ticked of one kind: ``values({"body:1", "role:gast"}, "body")`` is ``{"1"}``."""
    return {rest for kind, _, rest in (mark.partition(":") for mark in marks) if kind == what}


def toggled(marks: Sequence[str], mark: str) -> list[str]:
    """The marks with this one ticked, or unticked where it was."""
    others = [one for one in marks if one not in {mark, EVERYONE}]
    return sorted(others if mark in marks else [*others, mark])


def chosen(marks: Collection[str], candidates: Iterable[Candidate]) -> list[Candidate]:
    """To whom it goes, each account and each person once.

    „Alle" is everybody on the lists. Ticks of one kind add up, ticks of different kinds narrow: members *of* this body
    who have *not answered*. Sponsors belong to no body, so a body does not narrow them. Nothing ticked is nobody.
    """
    found: list[Candidate] = []
    seen: set[tuple[str, int]] = set()
    for one in candidates:
        keys = {("person", one.person_id), ("account", one.telegram_id)}
        known = {(kind, number) for kind, number in keys if number is not None}
        if _is_meant(marks, one) and not known & seen:
            found.append(one)
            seen |= known
    return found


def _is_meant(marks: Collection[str], one: Candidate) -> bool:
    if EVERYONE in marks:
        return bool(one.standings)
    bodies, roles = {int(body) for body in values(marks, BODY)}, values(marks, ROLE)
    areas, silent = values(marks, AREA), values(marks, SILENT)
    return (
        bool(bodies or roles or areas or silent)
        and (not (bodies or roles) or any(_fits(standing, bodies, roles) for standing in one.standings))
        and (not areas or bool(areas & one.areas))
        and (not silent or bool(silent & one.silent))
    )


def _fits(standing: Standing, bodies: set[int], roles: set[str]) -> bool:
    role = Role.ADVISER if standing.role == Role.GUEST else standing.role  # guests are asked like advisers
    if roles and role not in roles:
        return False
    return not bodies or standing.body_id in bodies or (role == Role.SPONSOR and role in roles)


def fate_of(state: str | None, error: str | None, *, read: bool) -> Fate:
    """What became of a copy, by its letter's state; None: there is no letter."""
    if read:
        return Fate.DELIVERED  # whatever the line said: who has tapped under it has got it
    if state == LetterState.FAILED:
        return Fate.UNREACHABLE if error == "Forbidden" else Fate.FAILED
    if state == LetterState.VOID:
        return Fate.DELIVERED if error else Fate.DROPPED  # a person says that it has arrived
    return _FATES.get(state, Fate.WAITING)


_FATES: dict[str | None, Fate] = {
    None: Fate.UNREACHABLE,
    LetterState.SENT: Fate.DELIVERED,
    LetterState.UNCERTAIN: Fate.UNCERTAIN,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many copies came to what. ``corrected`` … ``anew``: of the latest correction or withdrawal."""

    fates: Counter[str]
    read: int = 0
    recent: int = 0  # delivered within ``PACE_SPAN``
    corrected: int = 0
    uncorrected: int = 0
    correcting: int = 0
    anew: int = 0  # could not be edited, and were sent as another message

    @property
    def recipients(self) -> int:
        """All of them."""
        return self.fates.total()

    @property
    def settled(self) -> int:
        """Those whose turn has been."""
        return self.recipients - self.fates[Fate.WAITING]


def seconds_left(left: int, recent: int, span: float, rate: float) -> int:
    """Whole seconds until the last of those ``left`` is sent.

    ``recent`` were sent in the last ``span`` seconds; before there is a pace to see, ``rate`` letters a second are
    counted on, and never more than that.
    """
    pace = recent / span if recent and span >= 1 else rate
    return int(left / min(pace, rate))


def may_begin(row: Broadcast, now: datetime) -> bool:
    """Whether its copies go out now."""
    if row.started_at or row.withdrawn_at or row.paused_at or (row.needs_release and not row.released_at):
        return False
    return row.starts_at is None or row.starts_at <= now


def check_stoppable(row: Broadcast) -> None:
    """Whether there is something left to be stopped.

    Raises:
        Withdrawn: it is withdrawn.
        AlreadyDone: it is stopped, or nothing of it is on its way.
    """
    if row.withdrawn_at:
        raise Withdrawn
    if row.paused_at or row.ended_at:
        raise AlreadyDone


def check_begun(row: Broadcast, now: datetime) -> None:
    """Whether it has gone out and still stands.

    Raises:
        Withdrawn: it is withdrawn.
        TooEarly: it has not begun.
    """
    if row.withdrawn_at:
        raise Withdrawn
    if row.started_at is None:
        raise TooEarly(row.starts_at or now)


def is_deletable(sent_at: datetime | None, now: datetime) -> bool:
    """Whether Telegram still lets us delete a message."""
    return sent_at is not None and now - sent_at < DELETABLE
