"""The figures of a report counted a second time: row by row, without the store and without SQL."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from holidays import country_holidays

from models.ballot.rows import Ballot, Elector, Vote
from models.ballot.secret.rows import SecretTurnout
from models.broadcast.rows import Broadcast, Copy
from models.deadline.rows import Deadline, Step
from models.meeting.rows import Invitation, Meeting, Presence
from models.outbox import Letter
from models.question.rows import OfficeQuestion
from models.report.rows import Asked
from tests.auxil.report_world import BERLIN, DAY, Row, World, midnight

FREE = country_holidays("DE", subdiv="ST", years=range(2024, 2029))


class Recount:
    """The figures from one instant to another, counted row by row."""

    def __init__(self, world: World, first: date, following: date, now: datetime) -> None:
        self.world, self.first, self.following, self.now = world, first, following, now
        self.since, self.until = midnight(first), midnight(following)

    def inside(self, at: datetime | None) -> bool:
        return at is not None and self.since <= at < self.until

    def votes(self) -> dict[int, tuple[int, int]]:
        """By number: how many did, how many could."""
        found = {}
        for vote in self.world[Vote]:
            if not self.inside(vote["closed_at"]):
                continue
            number, did, could = vote["number"], 0, 0
            for elector in self.world[Elector]:
                seat = (number, elector["mandate_id"])
                if elector["vote_number"] != number or elector["excluded_at"]:
                    continue
                said = [one["choice"] for one in self.world[Ballot] if (one["vote_number"], one["mandate_id"]) == seat]
                if "conflict" in said:
                    continue
                came = [one for one in self.world[SecretTurnout] if (one["vote_number"], one["mandate_id"]) == seat]
                could += 1
                did += bool(came if vote["secret"] else said)
            found[number] = (did, could)
        return found

    def spans_to_ballot(self) -> list[timedelta]:
        """From each opening to each ballot from a phone."""
        spans = []
        for vote in self.world[Vote]:
            if self.inside(vote["closed_at"]) and vote["opened_at"] and not vote["secret"]:
                mine = [one for one in self.world[Ballot] if one["vote_number"] == vote["number"] and not one["why"]]
                spans += [one["cast_at"] - vote["opened_at"] for one in mine]
        return sorted(spans)

    def held(self) -> list[Row]:
        """The meetings that were held."""
        return [
            one
            for one in self.world[Meeting]
            if self.inside(one["starts_at"])
            and one["invited_at"]
            and one["status"] != "abgesagt"
            and one["starts_at"] <= self.now
        ]

    def seats(self, meeting: Row) -> list[Row]:
        return [
            one
            for one in self.world[Invitation]
            if one["meeting_number"] == meeting["number"] and one.get("mandate_id")
        ]

    def stays(self, meeting: Row) -> list[Row]:
        return [one for one in self.world[Presence] if one["meeting_number"] == meeting["number"]]

    def quorum(self, meeting: Row) -> bool | None:
        """Whether more than half of the mandates were there at the beginning, or at any time; None: not recorded."""
        stays = [one for one in self.stays(meeting) if one["mandate_id"]]
        if not self.stays(meeting):
            return None
        if meeting["second_of"]:
            return True
        moments = [meeting["began_at"]] if meeting["began_at"] else [one["came_at"] for one in stays]
        most = 0
        for moment in moments:
            there = {
                one["mandate_id"]
                for one in stays
                if one["came_at"] <= moment and not (one["left_at"] and one["left_at"] <= moment)
            }
            most = max(most, len(there))
        return 2 * most > len(self.seats(meeting))

    def answers(self) -> list[tuple[datetime, datetime | None]]:
        """When each question was handed on, and when its answer came."""
        by_number = {one["number"]: one for one in self.world[OfficeQuestion]}
        found = []
        for one in self.world[OfficeQuestion]:
            if self.inside(one["handed_at"]):
                main = by_number[one["joined_to"]] if one["joined_to"] else one
                found.append((one["handed_at"], main["answered_at"]))
        return found

    def asked(self) -> list[Row]:
        return [one for one in self.world[Asked] if self.first <= one["day"] < self.following]

    def letters(self, *kinds: str) -> list[Row]:
        return [
            one
            for one in self.world[Letter]
            if one["kind"] in kinds and one["state"] == "sent" and self.inside(one["not_before"])
        ]

    def steps(self) -> Counter[int]:
        """By days before; -1: late."""
        sent = {one["id"] for one in self.letters("reminder")}
        return Counter(-1 if one["late"] else one["lead"] for one in self.world[Step] if one["letter_id"] in sent)

    def ended(self) -> list[tuple[Row, datetime]]:
        """The deadlines that ended, each with the day it counts by."""
        found = []
        for one in self.world[Deadline]:
            due = _shifted(one["due_at"]) if one["shift"] else one["due_at"]
            over = one["status"] == "beendet" or (one["status"] == "" and due <= self.now)
            if self.inside(due) and over:
                found.append((one, due))
        return found

    def broadcasts(self) -> list[Row]:
        return [one for one in self.world[Broadcast] if self.inside(one["started_at"])]

    def copies(self, broadcast: Row) -> list[tuple[str, bool]]:
        """Each copy's fate, and whether it was read in the wording that holds."""
        letters = {one["id"]: one for one in self.world[Letter]}
        found = []
        for copy in self.world[Copy]:
            if copy["broadcast_number"] == broadcast["number"]:
                letter = letters.get(copy["letter_id"])
                fate = "delivered" if copy["read_at"] else _fate(letter)
                found.append((fate, copy["read_revision"] == len(broadcast["revisions"]) - 1))
        return found


def _fate(letter: Row | None) -> str:
    if letter is None:
        return "unreachable"
    if letter["state"] == "failed":
        return "unreachable" if letter["error"] == "Forbidden" else "failed"
    if letter["state"] == "void":
        return "delivered" if letter["error"] else "dropped"
    return {"sent": "delivered", "uncertain": "uncertain"}.get(letter["state"], "waiting")


def works(day: date) -> bool:
    """A working day of Sachsen-Anhalt."""
    return day.weekday() < 5 and day not in FREE


def _shifted(due: datetime) -> datetime:
    """The same clock time on the next working day."""
    local = due.astimezone(BERLIN)
    day = local.date()
    while not works(day):
        day += DAY
    return datetime.combine(day, local.time(), BERLIN).astimezone(UTC)


def soon(handed: datetime, answered: datetime) -> bool:
    """Whether an answer came by the same clock time two working days later."""
    local, left = handed.astimezone(BERLIN), 2
    day = local.date()
    while left:
        day += DAY
        left -= works(day)
    return answered <= datetime.combine(day, local.time(), BERLIN).astimezone(UTC)
