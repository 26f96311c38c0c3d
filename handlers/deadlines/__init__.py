"""Deadlines on the phone: the list, one entry, following, the morning's reminder, news, and questions for a date."""

from handlers.deadlines.asking import dates, no_date, tell_me
from handlers.deadlines.entry import deadline_again, on_deadline
from handlers.deadlines.following import choose_areas, choose_kinds, following_again, on_follow
from handlers.deadlines.listing import list_deadlines, on_list
from handlers.deadlines.news import changed_message, new_message, wish_message
from handlers.deadlines.reminding import on_reminder, reminder_again, reminder_message
from handlers.deadlines.sheet import FIELDS, Sheet, entry_text, in_short, sheet_for, spoken_value

__all__ = [
    "FIELDS",
    "Sheet",
    "changed_message",
    "choose_areas",
    "choose_kinds",
    "dates",
    "deadline_again",
    "entry_text",
    "following_again",
    "in_short",
    "list_deadlines",
    "new_message",
    "no_date",
    "on_deadline",
    "on_follow",
    "on_list",
    "on_reminder",
    "reminder_again",
    "reminder_message",
    "sheet_for",
    "spoken_value",
    "tell_me",
    "wish_message",
]
