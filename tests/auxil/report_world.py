"""Small random worlds for reports: rows of every kind around a few edges."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Ballot, Elector, Vote
from models.ballot.secret.rows import SecretTurnout
from models.broadcast.rows import Broadcast, Copy
from models.deadline.rows import Deadline, Step, Subscription
from models.meeting.rows import Invitation, Meeting, Presence
from models.member import Account, Membership, Person
from models.office import Body, Mandate, Office
from models.outbox import Letter
from models.question.rows import OfficeQuestion
from models.report.rows import Asked

Row = dict[str, Any]
World = dict[type[Any], list[Row]]
BERLIN = ZoneInfo("Europe/Berlin")
CHARTER = {"quorum": {"more_than": "1/2", "base": "all"}, "second_meeting": True}
SEATS, PEOPLE, ACCOUNTS = (1, 2, 3, 4), range(1, 9), range(101, 111)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def midnight(day: date) -> datetime:
    """The first instant of a day in Berlin."""
    return datetime.combine(day, time(), BERLIN).astimezone(UTC)


class Maker:
    """Makes rows of every kind around some edges, at and beside which most instants lie."""

    def __init__(self, random: Random, edges: Iterable[datetime]) -> None:
        self.random, self.edges = random, list(edges)
        self.world: World = defaultdict(list)
        for make in (self._people, self._votes, self._meetings, self._questions, self._deadlines, self._broadcasts):
            make()

    def at(self) -> datetime:
        edge = self.random.choice(self.edges)
        beside = self.random.choice([timedelta(), -timedelta.resolution, SECOND, timedelta(hours=1), None])
        return edge + (timedelta(seconds=self.random.randint(-50 * 86400, 50 * 86400)) if beside is None else beside)

    def maybe(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def add(self, table: type[Any], **row: Any) -> Row:
        self.world[table].append(row)
        return row

    def _people(self) -> None:
        self.add(
            Office,
            id=1,
            name="ReKo",
            contact="",
            time_zone="Europe/Berlin",
            holiday_region="DE-ST",
            languages=["de"],
            settings={},
        )
        self.add(Body, id=1, name="RAK", short="RAK", charter=CHARTER)
        for seat in SEATS:
            self.add(Mandate, id=seat, body_id=1, name=f"M{seat}")
        for one in ACCOUNTS:
            self.add(Account, telegram_id=one, reachable=self.maybe(0.8), first_seen=self.at(), wrong_codes=0)
        for one in PEOPLE:
            self.add(Person, id=one, name=f"P{one}", telegram_id=100 + one if self.maybe(0.8) else None)
            for role in self.random.sample(["beratend", "gast", "buero"], self.random.randint(0, 2)):
                self.add(
                    Membership,
                    id=len(self.world[Membership]) + 1,
                    person_id=one,
                    role=role,
                    body_id=1,
                    sponsor="",
                    ended_at=self.at() if self.maybe(0.2) else None,
                )

    def _votes(self) -> None:
        for number in range(1, self.random.randint(1, 6)):
            opened, secret = self.at(), self.maybe(0.3)
            closed = self.at() if self.maybe(0.8) else None
            self.add(
                Vote,
                number=number,
                body_id=1,
                kind=self.random.choice(["motion", "election", "dates"]),
                held="meeting",
                secret=secret,
                title=f"T{number}",
                text="",
                opens_at=opened,
                closes_at=opened + DAY,
                charter={},
                created_by=1,
                opened_at=opened if self.maybe(0.9) else None,
                closed_at=closed,
                cancelled_at=None if closed or self.maybe() else self.at(),
            )
            for seat in self.random.sample(SEATS, self.random.randint(1, 4)):
                out = self.at() if self.maybe(0.15) else None
                self.add(
                    Elector,
                    vote_number=number,
                    mandate_id=seat,
                    name="",
                    excluded_at=out,
                    excluded_by=1 if out else None,
                )
                self._ballot(number, seat, opened, secret=secret)

    def _ballot(self, number: int, seat: int, opened: datetime, *, secret: bool) -> None:
        choice = self.random.choice(["yes", "no", "conflict"])
        if secret and choice != "conflict":
            if self.maybe(0.6):
                self.add(SecretTurnout, vote_number=number, mandate_id=seat, on_paper=self.maybe(0.3))
        elif self.maybe(0.7):
            way = self.random.choice(["tap", "typed", "paper", "telephone"])
            took = timedelta(minutes=self.random.randint(0, 9999))
            self.add(
                Ballot,
                vote_number=number,
                mandate_id=seat,
                choice=choice,
                receipt="R",
                cast_by=1,
                cast_at=opened + took,
                update_id=1,
                way=way,
                why="x" if way in {"paper", "telephone"} else "",
            )

    def _meetings(self) -> None:
        for number in range(1, self.random.randint(1, 5)):
            starts = self.at()
            second = self.random.choice(self.world[Meeting])["number"] if number > 1 and self.maybe(0.2) else None
            self.add(
                Meeting,
                number=number,
                body_id=1,
                title=f"S{number}",
                starts_at=starts,
                ends_at=starts + DAY,
                uid=f"u{number}",
                status=self.random.choice(["", "", "abgesagt", "beendet"]),
                second_of=second,
                invited_at=starts - DAY if self.maybe(0.9) else None,
                began_at=starts + timedelta(minutes=30) if self.maybe() else None,
            )
            for seat in self.random.sample(SEATS, self.random.randint(0, 4)):
                self._invite(number, mandate_id=seat)
                if self.maybe():
                    self._present(number, seat, starts)
            for guest in self.random.sample(PEOPLE, self.random.randint(0, 2)):
                self._invite(number, guest_id=guest)
                if self.maybe(0.3):
                    self._sits(number, None, guest, starts, None)

    def _invite(self, number: int, **whom: int) -> None:
        answer = self.random.choice(["yes", "no", "deputy", None])
        self.add(Invitation, id=len(self.world[Invitation]) + 1, meeting_number=number, answer=answer, **whom)

    def _present(self, number: int, seat: int, starts: datetime) -> None:
        came = starts + timedelta(minutes=self.random.randint(-20, 60))
        left = came + timedelta(minutes=self.random.randint(0, 60)) if self.maybe() else None
        self._sits(number, seat, 1, came, left)
        if left and self.maybe():
            self._sits(number, seat, 2, left + timedelta(minutes=self.random.randint(0, 30)), None)

    def _sits(self, number: int, seat: int | None, person: int, came: datetime, left: datetime | None) -> None:
        self.add(
            Presence,
            id=len(self.world[Presence]) + 1,
            meeting_number=number,
            mandate_id=seat,
            person_id=person,
            came_at=came,
            left_at=left,
            entered_by=1,
        )

    def _questions(self) -> None:
        for number in range(1, self.random.randint(1, 9)):
            asked = self.at()
            handed = asked + timedelta(minutes=self.random.randint(0, 600)) if self.maybe(0.7) else None
            joined = self._waiting_at(handed) if handed and self.maybe(0.5) else None
            answered = handed + timedelta(minutes=self.random.randint(0, 8000)) if handed and self.maybe(0.7) else None
            self.add(
                OfficeQuestion,
                number=number,
                text="" if self.maybe(0.3) else "t",
                asked_at=asked,
                finding="none",
                helpful=self.random.choice([True, False, None]),
                handed_at=handed,
                joined_to=joined,
                answered_at=None if joined else answered,
            )
        keys = set()
        for _ in range(self.random.randint(0, 12)):
            finding = self.random.choice(
                ["answer", "dates", "contact", "near", "none", "no date", "confidential", "personal data", "begun"]
            )
            topic, areas = self.random.choice(["area", "fact"]), self.random.choice(["", "", "C", "AC"])
            keys.add((self.at().astimezone(BERLIN).date(), finding, topic, areas))
        for day, finding, topic, areas in sorted(keys):
            many = 0 if finding == "begun" else self.random.randint(1, 5)
            self.add(Asked, day=day, finding=finding, topic=topic, areas=areas, number=many)

    def _waiting_at(self, moment: datetime) -> int | None:
        """A question that lay before the office then, which a later one like it is joined to."""
        lying = [
            one["number"]
            for one in self.world[OfficeQuestion]
            if one["handed_at"] and not one["joined_to"] and one["handed_at"] <= moment
            if one["answered_at"] is None or moment < one["answered_at"]
        ]
        return self.random.choice(lying) if lying else None

    def _letter(self, kind: str, telegram_id: int) -> Row:
        state = self.random.choice(["sent", "sent", "waiting", "failed", "uncertain", "void", "claimed"])
        at, number = self.at(), len(self.world[Letter]) + 1
        error = self.random.choice(["Forbidden", "BadRequest", None]) if state in {"failed", "void"} else None
        return self.add(
            Letter,
            id=number,
            key=f"k{number}",
            kind=kind,
            telegram_id=telegram_id,
            about={},
            posted_at=at,
            not_before=at,
            silent=False,
            state=state,
            error=error,
            lease_until=at if state == "claimed" else None,
            sent_at=at + DAY if state == "sent" else None,
            message_id=7 if state == "sent" else None,
        )

    def _deadlines(self) -> None:
        for number in range(1, self.random.randint(1, 6)):
            due = self.at()
            self.add(
                Deadline,
                number=number,
                title="D",
                kind=self.random.choice(["Aufruf", "Antrag"]),
                areas=[],
                due_at=due,
                leads=[7],
                shift=self.maybe(),
                status=self.random.choice(["", "", "abgesagt", "beendet"]),
                revision=1,
                entered_at=due - DAY,
                mode="",
                place="",
                copies="",
                budget="",
                audience="alle",
                source="",
            )
            for one in self.random.sample(ACCOUNTS, self.random.randint(0, 5)):
                as_what = self.random.choice(["done", "muted", None])
                beside = self.random.choice([timedelta(), SECOND, -SECOND, 2 * DAY])
                self.add(
                    Subscription,
                    deadline_number=number,
                    telegram_id=one,
                    since=due - DAY,
                    ended_at=due + beside if as_what else None,
                    ended_as=as_what,
                )
                letter = self._letter("reminder", one)
                self.add(
                    Step,
                    id=len(self.world[Step]) + 1,
                    deadline_number=number,
                    revision=1,
                    telegram_id=one,
                    lead=self.random.choice([30, 7, 1]),
                    late=self.maybe(0.2),
                    letter_id=letter["id"],
                )
        for one in ACCOUNTS:
            self._letter(self.random.choice(["vote_reminder", "meeting_reminder", "meeting_eve", "answer"]), one)

    def _broadcasts(self) -> None:
        for number in range(1, self.random.randint(1, 5)):
            made, revisions = self.at(), self.random.randint(1, 2)
            started = made + SECOND if self.maybe(0.8) else None
            self.add(
                Broadcast,
                number=number,
                made_by=1,
                made_at=made,
                edited_by=1,
                language="de",
                revisions=[{"texts": {"de": "x"}, "note": None}] * revisions,
                file_ids=[],
                audience=[],
                asks_read=self.maybe(),
                started_at=started,
                withdrawn_at=made + DAY if self.maybe(0.2) else None,
            )
            for one in self.random.sample(ACCOUNTS, self.random.randint(0, 5) if started else 0):
                letter = self._letter("broadcast", one) if self.maybe(0.8) else None
                read = self.random.randrange(revisions) if self.maybe(0.3) else None
                self.add(
                    Copy,
                    id=len(self.world[Copy]) + 1,
                    broadcast_number=number,
                    telegram_id=one,
                    attempt=0,
                    shown=0,
                    updated_to=0,
                    letter_id=letter["id"] if letter else None,
                    read_revision=read,
                    read_at=None if read is None else made + DAY,
                )


ORDER = (
    Office,
    Body,
    Mandate,
    Account,
    Person,
    Membership,
    Vote,
    Elector,
    Ballot,
    SecretTurnout,
    Meeting,
    Invitation,
    Presence,
    OfficeQuestion,
    Asked,
    Letter,
    Deadline,
    Subscription,
    Step,
    Broadcast,
    Copy,
)


async def furnish(session: AsyncSession, world: World) -> None:
    """Put a world into an empty store."""
    for table in ORDER:
        for keys in dict.fromkeys(tuple(row) for row in world[table]):
            await session.execute(insert(table), [row for row in world[table] if tuple(row) == keys])
