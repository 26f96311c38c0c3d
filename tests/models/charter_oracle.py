"""A second reading of the rules, to hold the first against. It shares nothing with models/charter.

Written from the sentences of the product's description, before the code: a body is a list of seats, every seat says one
word, and whatever a rule asks is found by trying the whole numbers one after another. Charters come as they are
written in office.toml.

Sentences it reads:
- „In einem Umlauf sind die anwesend, die Ja, Nein oder Enthaltung geantwortet haben (oder gewählt); in einer Sitzung
  die als anwesend Festgehaltenen, Befangene nicht. Base all: gegen alle Mandate; not excluded: gegen die nicht
  Ausgeschlossenen. Enthaltungen zählen als anwesend." So the silent are never present: silence makes no quorum.
- „Befangen takes the mandate out: never in the majority."
- „Silence (Umlauf): no vote / abstention / consent, the last only for no objection."
- „Quorum waived when invited again", which only a meeting can be.
- „Tie: rejected / the chair's own ballot decides; none cast: rejected." It turns the half into more than the half.
- „Nobody voting, or only abstentions, never passes." And where nobody is, no quorum is.
- „No objection: adopted if by closing no entitled member has objected; silence consents, Nein is not yet an objection."
- „Wahl: majority (of those present); second ballot most votes; then the lot."
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

FAR = 400  # beyond every number a test asks for


@dataclass(frozen=True)
class Seat:
    """What a mandate said: yes, no, abstain, conflict, an option's name, or nothing; and whether it sat in the room."""

    word: str = ""
    there: bool = True
    objects: bool = False
    chair: bool = False


@dataclass(frozen=True)
class Read:
    """What the sentences come to."""

    outcome: str
    quorum: int | None = None  # the fewest that make it
    majority: int | None = None  # the fewest yes that carry
    names: frozenset[str] = frozenset()


def first(holds: Callable[[int], bool], start: int = 0) -> int:
    """The first whole number for which it holds."""
    return next((number for number in range(start, FAR) if holds(number)), FAR)


def bound(seat: Seat) -> bool:
    return seat.word == "conflict"


def answered(seat: Seat) -> bool:
    return seat.word not in {"", "conflict"}


def present(seats: Sequence[Seat], *, meeting: bool) -> list[Seat]:
    return [seat for seat in seats if not bound(seat) and (seat.there if meeting else answered(seat))]


def enough(rule: dict[str, Any], whole: int, number: int) -> bool:
    """Whether so many of the whole are enough: „mehr als 1/2 von 8" is 2 · 5 > 1 · 8; a plain number is of nothing."""
    strictly = "more_than" in rule
    amount = rule["more_than"] if strictly else rule["at_least"]
    top, below = map(int, amount.split("/")) if isinstance(amount, str) else (amount, 0)
    mine, asked = (below * number, top * whole) if below else (number, top)
    return mine > asked if strictly else mine >= asked


def quorum(rules: dict[str, Any], seats: Sequence[Seat], *, meeting: bool, again: bool) -> tuple[int, bool]:
    """The fewest that make a quorum, and whether the body can decide."""
    there = present(seats, meeting=meeting)
    free = [seat for seat in seats if not bound(seat)]
    whole = {"all": seats, "present": there, "not excluded": free}[rules["quorum"].get("base", "all")]
    fewest = first(lambda number: enough(rules["quorum"], len(whole), number), start=1)
    if meeting and again and rules["second_meeting"]:
        return fewest, len(there) > 0
    return fewest, len(there) >= fewest


def more_than_half(number: int, whole: int) -> bool:
    return number > whole - number


def carries(majority: str, whole: int) -> Callable[[int], bool]:
    """Whether a number of votes is this majority of a whole."""
    if majority in {"simple", "absolute"}:
        return lambda number: more_than_half(number, whole)
    top, below = (2, 3) if majority == "two thirds" else tuple(map(int, majority.split("/")))
    if 2 * top == below:
        return lambda number: more_than_half(number, whole)
    return lambda number: number * below >= top * whole


def counted_as_abstaining(rules: dict[str, Any], seats: Sequence[Seat], *, meeting: bool) -> int:
    said = sum(seat.word == "abstain" for seat in seats)
    return said + (sum(seat.word == "" for seat in seats) if rules["silence"] == "abstention" and not meeting else 0)


def cast(rules: dict[str, Any], seats: Sequence[Seat], *, meeting: bool) -> int:
    """How many votes were cast, abstentions among them where the charter says so."""
    spoken = sum(answered(seat) and seat.word != "abstain" for seat in seats)
    if rules["abstentions"] == "count as cast":
        spoken += counted_as_abstaining(rules, seats, meeting=meeting)
    return spoken


def motion(rules: dict[str, Any], seats: Sequence[Seat], *, meeting: bool = False, again: bool = False) -> Read:
    """A Beschluss."""
    if not meeting and any(seat.objects and not bound(seat) for seat in seats):
        return Read("to a meeting")
    fewest, able = quorum(rules, seats, meeting=meeting, again=again)
    yes = [seat for seat in seats if seat.word == "yes"]
    no = [seat for seat in seats if seat.word == "no"]
    whole = cast(rules, seats, meeting=meeting)
    if rules["majority"] == "absolute":
        whole = sum(not bound(seat) for seat in seats)
    wins = carries(rules["majority"], whole)
    most = first(wins, start=1)
    passed = len(yes) >= 1 and wins(len(yes))
    # At a tie the chair weighs once more; that helps only where one more than these would have carried.
    if not passed and yes and len(yes) == len(no) and 2 * len(yes) == whole and wins(len(yes) + 1):
        passed = halved(rules) and rules["tie"] == "chair decides" and any(seat.chair for seat in yes)
    return Read("no quorum" if not able else "adopted" if passed else "rejected", fewest, most)


def halved(rules: dict[str, Any]) -> bool:
    """Whether the majority is „more than half", the only one that a tie misses by a hair."""
    return rules["majority"] in {"simple", "absolute"} or rules["majority"] in {"1/2", "2/4", "3/6"}


def no_objection(seats: Sequence[Seat]) -> Read:
    """§ 54: nobody counts, everybody may stop it; and somebody must be there to stop it."""
    free = [seat for seat in seats if not bound(seat)]
    return Read("adopted" if free and not any(seat.objects for seat in free) else "to a meeting")


def election(
    rules: dict[str, Any],
    options: Sequence[str],
    seats: Sequence[Seat],
    *,
    meeting: bool = False,
    again: bool = False,
    run_off: bool = False,
) -> Read:
    """A Wahl; the names are who is elected, who goes into the run-off, or between whom the lot falls."""
    if not meeting and any(seat.objects and not bound(seat) for seat in seats):
        return Read("to a meeting")
    fewest, able = quorum(rules, seats, meeting=meeting, again=again)
    if not able:
        return Read("no quorum", fewest)
    votes = {name: sum(seat.word == name for seat in seats) for name in options}
    if not any(votes.values()):
        return Read("nobody elected", fewest)
    ahead = {name for name in options if not any(votes[other] > votes[name] for other in options)}
    if run_off:
        return Read("elected" if len(ahead) == 1 else "lot", fewest, None, frozenset(ahead))
    whole = cast(rules, seats, meeting=meeting)
    if rules["majority"] == "absolute":
        whole = sum(not bound(seat) for seat in seats)
    elif rules["election_base"] == "present":
        # Recorded or not, there cannot be fewer than have voted.
        whole = max(len(present(seats, meeting=meeting)), sum(answered(seat) for seat in seats))
    wins = carries(rules["majority"], whole)
    elected = [name for name in options if votes[name] and wins(votes[name])]
    if elected:
        return Read("elected", fewest, first(wins, start=1), frozenset(elected))
    # The first two; whoever has as many as the second goes too. Fewer than two are ahead of those.
    on = {name for name in options if sum(votes[other] > votes[name] for other in options) < 2}
    return Read("run-off", fewest, first(wins, start=1), frozenset(on))
