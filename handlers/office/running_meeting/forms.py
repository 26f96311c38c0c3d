"""The office's forms on a meeting."""

from handlers.office.running_meeting.agenda import AGENDA
from handlers.office.running_meeting.answer import ENTER_ANSWER
from handlers.office.running_meeting.calling_off import CALL_OFF
from handlers.office.running_meeting.day import DAY_FORMS
from handlers.office.running_meeting.moving import MOVE

MEETING_FORMS = (MOVE, CALL_OFF, AGENDA, ENTER_ANSWER, *DAY_FORMS)
