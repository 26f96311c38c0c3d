"""What buttons carry, one kind of tap a class. Who comes in by this door has every kind known to ``parse``."""

from handlers.callbacks.deadlines import DeadlineList, Follow, OnDeadline, OnReminder
from handlers.callbacks.meetings import Answer, Arrive, AskDeputy, DeputyAnswer, OnItem, OnMeeting
from handlers.callbacks.office import OnBackup, OnFiles, OnLetter, OnList, OnPlanned, OnReport
from handlers.callbacks.oneself import Claim, Language, Leave, PreferTyping
from handlers.callbacks.people import OnCodes, OnPerson, PeopleList
from handlers.callbacks.places import FormAct, FormTap, Open
from handlers.callbacks.questions import Near, OnQuestion
from handlers.callbacks.rundruf import OnBroadcast, Read
from handlers.callbacks.selection import OnSelection, Papers, Score, ShowProject
from handlers.callbacks.tap import Tap, parse
from handlers.callbacks.votes import (
    CastTap,
    HandOver,
    Object,
    OnVote,
    Practise,
    SecretCast,
    SecretChoose,
    ShowDate,
    TakeBack,
    TypedCast,
    WithdrawConflict,
)

__all__ = [
    "Answer",
    "Arrive",
    "AskDeputy",
    "CastTap",
    "Claim",
    "DeadlineList",
    "DeputyAnswer",
    "Follow",
    "FormAct",
    "FormTap",
    "HandOver",
    "Language",
    "Leave",
    "Near",
    "Object",
    "OnBackup",
    "OnBroadcast",
    "OnCodes",
    "OnDeadline",
    "OnFiles",
    "OnItem",
    "OnLetter",
    "OnList",
    "OnMeeting",
    "OnPerson",
    "OnPlanned",
    "OnQuestion",
    "OnReminder",
    "OnReport",
    "OnSelection",
    "OnVote",
    "Open",
    "Papers",
    "PeopleList",
    "Practise",
    "PreferTyping",
    "Read",
    "Score",
    "SecretCast",
    "SecretChoose",
    "ShowDate",
    "ShowProject",
    "TakeBack",
    "Tap",
    "TypedCast",
    "WithdrawConflict",
    "parse",
]
