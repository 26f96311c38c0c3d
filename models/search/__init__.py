"""Questions: what is asked, which passage answers, and when none does."""

from models.search.answering import answer, show
from models.search.guards import personal_data
from models.search.library import Library
from models.search.shelf import library
from models.search.values import (
    Answer,
    AsksContact,
    AsksDeadline,
    AsksMeeting,
    Confidential,
    Finding,
    Heading,
    Near,
    NewerEdition,
    NoAnswer,
    NotYetValid,
    OtherFigure,
    PersonalData,
    Slots,
    SmallTalk,
    ValidityEnded,
    Warning_,
)

__all__ = [
    "Answer",
    "AsksContact",
    "AsksDeadline",
    "AsksMeeting",
    "Confidential",
    "Finding",
    "Heading",
    "Library",
    "Near",
    "NewerEdition",
    "NoAnswer",
    "NotYetValid",
    "OtherFigure",
    "PersonalData",
    "Slots",
    "SmallTalk",
    "ValidityEnded",
    "Warning_",
    "answer",
    "library",
    "personal_data",
    "show",
]
