"""Privacy in conversation: the notice, one's own data, leaving."""

from handlers.privacy.leaving import ask_to_leave, leave, left_again
from handlers.privacy.notice import whole_notice
from handlers.privacy.own_data import my_data

__all__ = ["ask_to_leave", "leave", "left_again", "my_data", "whole_notice"]
