"""What can be wrong with the assistant itself, for who is no technician: what it is, and what to do."""

from locales import N_
from models.condition import Wrong
from models.safekeeping import Fault
from models.troubles import Place

# By place, or by place and the error's type where more can be said.
TROUBLES: dict[str, str] = {
    Place.UPDATE: N_("A message to me could not be worked off; who sent it was told."),
    Place.LETTER: N_("A message of mine could not be worded or sent."),
    Place.PLAN: N_("Something that is done by the clock failed; it is tried again by itself."),
    Place.STORE: N_("The database could not be reached or written to."),
    Place.TELEGRAM: N_("Telegram could not be reached; nothing is lost by that."),
    Place.REST: N_("A part of me stumbled."),
    f"{Place.TELEGRAM}:Conflict": N_("Another program uses the same bot. Only one may run."),
}
WRONG: dict[Wrong, tuple[str, str]] = {
    Wrong.UNWORKED: (
        N_("Messages to me have been lying for more than ten minutes."),
        N_("If this does not change, have me started anew; nothing is lost."),
    ),
    Wrong.UNSENT: (
        N_("Messages of mine have been waiting for more than ten minutes."),
        N_("Mostly Telegram cannot be reached. They go out by themselves as soon as it can."),
    ),
    Wrong.ERRORS: (
        N_("There were errors in the last 24 hours."),
        N_("They stand below. If they come again, show this page to who looks after the computer."),
    ),
    Wrong.OUTAGE: (
        N_("I was out of order in the last 24 hours."),
        N_("What was sent meanwhile has been worked off since. The times stand below."),
    ),
    Wrong.BACKUP_FAILED: (N_("The last backup could not be made."), ""),
    Wrong.NO_BACKUP: (
        N_("There has been no backup for more than two days."),
        N_("Tap “Backup now”. If nothing comes of it, have me started anew."),
    ),
    Wrong.NOT_CLEANED: (
        N_("What is to be deleted at night was not deleted last night."),
        N_("If this does not change by tomorrow, show this page to who looks after the computer."),
    ),
}
FAULTS: dict[Fault, str] = {
    Fault.SPACE: N_("The disk is full. Who looks after the computer makes room; then tap “Backup now”."),
    Fault.PERMISSION: N_("I may not write into the folder for backups. Who looks after the computer can allow it."),
    Fault.FOLDER: N_("The folder for backups cannot be written to. Who looks after the computer can say why."),
    Fault.DAMAGED: N_("Read back, the file was not what I had written, so I threw it away. The disk may be failing."),
    Fault.STORE: N_("The database could not be read. Who looks after the computer can call “doctor --store”."),
    Fault.INTERRUPTED: N_("I was stopped in the midst of it three times. Tap “Backup now” to try again."),
    Fault.OTHER: N_("I do not know why. Who looks after the computer finds more in the log."),
}
