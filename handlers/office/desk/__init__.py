"""„/buero", the one place of the office: what waits today, what one can begin, where one can look."""

from handlers.office.desk.lists import open_questions, wishes
from handlers.office.desk.screen import everything_waiting, new_form, office, resume_row
from handlers.office.desk.technik import backup_again, on_backup, technik
from handlers.office.desk.uncertain import on_letter, uncertain_letters

__all__ = [
    "backup_again",
    "everything_waiting",
    "new_form",
    "office",
    "on_backup",
    "on_letter",
    "open_questions",
    "resume_row",
    "technik",
    "uncertain_letters",
    "wishes",
]
