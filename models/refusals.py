"""What the rules say when they say no. A refusal is a type; its sentence stands in ``handlers/phrases.py``.

Refusal
├── NotEntitled          who acts may not do this (``needed``: the role that may)
│   ├── HandedOver       a deputy acts for the mandate
│   └── Excluded         the mandate is excluded from this item (§ 33 KVG LSA)
├── Unknown              what the number names is not there, or not for who asks
├── Late                 the time for it is over
│   ├── BallotClosed     the vote has ended
│   ├── MeetingBegun     the meeting has begun
│   └── TooLateToCorrect the office's answer can no longer be corrected
├── TooEarly             the vote has not opened yet
├── NotYet               it is not yet the hour at which presence is recorded (``from_``)
├── Withdrawn            cancelled by the office
├── Moved                the meeting was moved; the old invitation holds no longer (``starts_at``: the new beginning)
├── AlreadyDone          said again; nothing changed
│   ├── AlreadyAnswered  a colleague has answered the question (``number``, ``name``)
│   └── DoneBy           a colleague was quicker (``name``)
├── Changed              what was seen is not what stands there now
├── LastOfStaff          nobody else could do what the office does
├── TooMany              enough for now (``until``)
├── DeputyVoted          too late to take the mandate back: its deputy has voted
├── OwnBallot            the office cannot replace what the member tapped
├── BadCode              the code is not known
│   ├── CodeUsed
│   └── CodeExpired
├── Paused               too many wrong codes (``until``)
└── Unfit                an entry that cannot be taken (``reason``: one of a closed list)
"""

from datetime import datetime


class Refusal(Exception):
    """Mother of all refusals."""


class NotEntitled(Refusal):
    """Who acts may not do this."""

    def __init__(self, needed: str) -> None:
        super().__init__(needed)
        self.needed = needed


class HandedOver(NotEntitled):
    """The mandate is handed over; its holder may take it back."""

    def __init__(self) -> None:
        super().__init__("deputy in charge")


class Excluded(NotEntitled):
    """By a decision under § 33 KVG LSA that the office has recorded, the mandate takes no part in this item."""

    def __init__(self) -> None:
        super().__init__("excluded")


class Unknown(Refusal):
    """There is no such thing, or none that the asker may see."""


class Late(Refusal):
    """The time for it is over."""


class BallotClosed(Late):
    """The vote has ended; the tap reached us afterwards."""


class MeetingBegun(Late):
    """The meeting has begun; answers stand as they are."""


class TooLateToCorrect(Late):
    """An answer can be corrected for ten minutes."""


class NotYet(Refusal):
    """Who is there is recorded on the day, by a member from half an hour before the start."""

    def __init__(self, from_: datetime) -> None:
        super().__init__(from_)
        self.from_ = from_


class TooEarly(Refusal):
    """The vote has not opened yet."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at


class Withdrawn(Refusal):
    """Cancelled by the office."""


class Moved(Refusal):
    """The meeting was moved and everybody asked anew; what was tapped is the old invitation."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(starts_at)
        self.starts_at = starts_at


class AlreadyDone(Refusal):
    """The same was said before; nothing changed."""


class DeputyVoted(Refusal):
    """The deputy has voted already; in that vote the mandate stays handed over."""


class OwnBallot(Refusal):
    """The member has voted on the phone; what the office was told before or after does not replace it."""


class AlreadyAnswered(AlreadyDone):
    """A question has its answer; one is given, the quicker one."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(number, name)
        self.number, self.name = number, name


class DoneBy(AlreadyDone):
    """A colleague has done it already."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Changed(Refusal):
    """Somebody has changed it since; who acts should see what it says now."""


class BadCode(Refusal):
    """No such code."""


class CodeUsed(BadCode):
    """The code has been used."""


class CodeExpired(BadCode):
    """The code is past its day."""


class Paused(Refusal):
    """Too many wrong codes from this account."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class LastOfStaff(Refusal):
    """The last one of staff who has come in cannot leave: nobody could let in another."""


class TooMany(Refusal):
    """More than an account may have in a while; ``what`` is one of a closed list that ``handlers/phrases.py`` words."""

    def __init__(self, what: str, until: datetime) -> None:
        super().__init__(what, until)
        self.what, self.until = what, until


class Unfit(Refusal):
    """An entry that cannot be taken; ``reason`` is one of a closed list that ``handlers/phrases.py`` words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
