"""The commands: their names, who may use them, and how the menu labels them. ``handlers.register`` binds them."""

from dataclasses import dataclass
from enum import StrEnum

from locales import N_


class Right(StrEnum):
    """Who may use a command or a button."""

    ANYONE = "anyone"
    MEMBER = "member"
    STAFF = "staff"


@dataclass(frozen=True)
class Command:
    """A command with its German name and, where it differs, its English twin."""

    names: tuple[str, ...]
    right: Right
    label: str


COMMANDS = (
    Command(("start",), Right.ANYONE, N_("Begin")),
    Command(("offen", "open"), Right.MEMBER, N_("What is waiting for me")),
    Command(("fristen", "deadlines"), Right.ANYONE, N_("Deadlines and reminders")),
    Command(("termine", "meetings"), Right.MEMBER, N_("Meetings")),
    Command(("abstimmungen", "votes"), Right.MEMBER, N_("Votes and results")),
    Command(("vertretung", "deputy"), Right.MEMBER, N_("Hand a mandate over to a deputy")),
    Command(("buero", "office"), Right.STAFF, N_("Everything the office does")),
    Command(("kontakt", "contact"), Right.ANYONE, N_("Telephone and e-mail of the office")),
    Command(("sprache", "language"), Right.ANYONE, N_("Change the language")),
    Command(("datenschutz", "privacy"), Right.ANYONE, N_("What is kept about you")),
    Command(("meinedaten", "mydata"), Right.ANYONE, N_("Get everything that is kept about me")),
    Command(("loeschen", "delete"), Right.ANYONE, N_("Delete what is kept about me")),
    Command(("hilfe", "help"), Right.ANYONE, N_("What I can do")),
)
