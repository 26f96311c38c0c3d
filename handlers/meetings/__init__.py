"""A meeting on the phone: the invitation with its calendar entry, the answer, the deputy, who comes, the day itself."""

from handlers.meetings.arriving import ARRIVE, arrive_tapped
from handlers.meetings.invitation import (
    answered,
    answered_again,
    deputy_answered,
    deputy_answered_again,
    deputy_chosen,
)
from handlers.meetings.letters import MEETING_LETTERS
from handlers.meetings.listing import meeting_list, my_meetings, show_meeting
from handlers.meetings.office import item_again, meeting_again, on_item, on_meeting
from handlers.meetings.words import ANSWERS, facts

__all__ = [
    "ANSWERS",
    "ARRIVE",
    "MEETING_LETTERS",
    "answered",
    "answered_again",
    "arrive_tapped",
    "deputy_answered",
    "deputy_answered_again",
    "deputy_chosen",
    "facts",
    "item_again",
    "meeting_again",
    "meeting_list",
    "my_meetings",
    "on_item",
    "on_meeting",
    "show_meeting",
]
