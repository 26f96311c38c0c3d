"""A meeting on the phone: the invitation with its calendar entry, the answer, the deputy, who comes, the day itself."""

from handlers.meetings.invitation import (
    answered,
    answered_again,
    deputy_answered,
    deputy_answered_again,
    deputy_chosen,
    deputy_message,
    invitation_message,
)
from handlers.meetings.listing import meeting_list, my_meetings, show_meeting
from handlers.meetings.office import on_meeting
from handlers.meetings.words import ANSWERS, calendar_file, facts

__all__ = [
    "ANSWERS",
    "answered",
    "answered_again",
    "calendar_file",
    "deputy_answered",
    "deputy_answered_again",
    "deputy_chosen",
    "deputy_message",
    "facts",
    "invitation_message",
    "meeting_list",
    "my_meetings",
    "on_meeting",
    "show_meeting",
]
