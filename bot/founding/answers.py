"""What ``init`` wants to know: the six questions, how each answer is read, and what is wrong with one. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.charter import PRESETS
from models.roll.cells import LONGEST_LINE
from models.roll.tables import clean
from models.roster import REHEARSAL

LONGEST_SHORT = 40  # characters; a body's short name stands on buttons
LONGEST_PLACE = 25  # so that what is made of it is no longer than that
FEWEST_DIGITS = 5  # of a telephone number
OWN_RULES = "eigene"
RULES = (*PRESETS, OWN_RULES)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_WITH_SHORT = re.compile(r"(.+?)\s*\(([^()]+)\)")
_DISTRICT = re.compile(r"(?:Land)?kreis\s+(?=\S)", re.IGNORECASE)
_LONG_NAME, _SHORT_NAME = "Regionaler Arbeitskreis", "RAK"


class UnfitAnswer(Exception):
    """The answer cannot be taken; the text is a German sentence for whoever gave it."""


class BodyName(NamedTuple):
    """A body's name and the short one by which the lists call it."""

    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody said of their office."""

    place: str
    office: str
    body: BodyName
    contact: str  # one thing a line
    rules: str  # one of RULES
    staff: str


class Question(NamedTuple):
    """A question, how its answer is read, and what an empty one means; no default: it must be answered."""

    key: str
    text: str
    read: Callable[[str], Any]
    default: Callable[[dict[str, Any]], str] | None = None


def one_line(text: str) -> str:
    """An answer as the lists would read it.

    Raises:
        UnfitAnswer: there is nothing in it, it is too long, or it is no text.
    """
    if any("\ud800" <= sign <= "\udfff" for sign in text):  # bytes that were no UTF-8
        raise UnfitAnswer("Das ist kein lesbarer Text (UTF-8 wird erwartet).")
    found = " ".join(clean(text).split())
    if not any(sign.isalnum() for sign in found):
        raise UnfitAnswer("Hier fehlt noch etwas.")
    if len(found) > LONGEST_LINE:
        raise UnfitAnswer(f"Das ist zu lang; höchstens {LONGEST_LINE} Zeichen.")
    return found


def read_place(text: str) -> str:
    """„Stendal", also from „Landkreis Stendal".

    Raises:
        UnfitAnswer: see ``one_line``.
    """
    found = _DISTRICT.sub("", one_line(text), count=1) if _DISTRICT.match(one_line(text)) else one_line(text)
    if len(found) > LONGEST_PLACE:
        raise UnfitAnswer(f"Bitte kürzer, höchstens {LONGEST_PLACE} Zeichen.")
    return found


def read_body(text: str) -> BodyName:
    """„Regionaler Arbeitskreis Stendal (RAK Stendal)"; the short name may be left out.

    Raises:
        UnfitAnswer: see ``one_line``; or the short name is too long, or means something else.
    """
    said = one_line(text)
    both = _WITH_SHORT.fullmatch(said)
    name, short = (both[1], both[2].strip()) if both else (said, said.replace(_LONG_NAME, _SHORT_NAME))
    if not any(sign.isalnum() for sign in short) or not any(sign.isalnum() for sign in name):
        raise UnfitAnswer("Bitte so: Name (Kurzname).")
    if len(short) > LONGEST_SHORT:
        raise UnfitAnswer(f"Bitte mit einem Kurznamen in Klammern, höchstens {LONGEST_SHORT} Zeichen.")
    if short.casefold() == REHEARSAL.casefold():
        raise UnfitAnswer(f"„{REHEARSAL}“ heißt schon das Gremium zum Üben; bitte ein anderer Kurzname.")
    if short.casefold() == "alle" or short.casefold().startswith("traeger:"):
        raise UnfitAnswer(f"„{short}“ hat in den Listen eine andere Bedeutung; bitte ein anderer Kurzname.")
    return BodyName(name, short)


def read_contact(text: str) -> str:
    """Telephone and e-mail, each on a line of its own.

    Raises:
        UnfitAnswer: see ``one_line``; or there is neither of both.
    """
    parts = [part.strip() for part in re.split(r"[,;]", one_line(text)) if part.strip()]
    found = [f"Telefon {part}" if _digits_only(part) else part for part in parts]
    if not any(_EMAIL.search(part) or sum(map(str.isdigit, part)) >= FEWEST_DIGITS for part in parts):
        raise UnfitAnswer("Bitte eine Telefonnummer oder eine E-Mail-Adresse, am besten beides.")
    return "\n".join(found)


def _digits_only(part: str) -> bool:
    return any(map(str.isdigit, part)) and not any(map(str.isalpha, part))


def read_rules(text: str) -> str:
    """One of ``RULES``, by its number or its name.

    Raises:
        UnfitAnswer: it is none of them.
    """
    said = one_line(text).casefold()
    for number, rules in enumerate(RULES, 1):
        if said in {str(number), rules.casefold()}:
            return rules
    raise UnfitAnswer(f"Bitte eine Zahl von 1 bis {len(RULES)}.")


_CHOICE = "\n".join(f"    {number}  {rules}" for number, rules in enumerate((*PRESETS, "wir haben eigene"), 1))
QUESTIONS = (
    Question("place", "In welchem Landkreis oder in welcher Stadt arbeiten Sie? (zum Beispiel Stendal)", read_place),
    Question("office", "Wie heißt Ihr Büro?", one_line, lambda said: f"Regionale Koordination {said['place']}"),
    Question(
        "body",
        "Wie heißt Ihr Gremium? Der Kurzname steht in Klammern.",
        read_body,
        lambda said: f"{_LONG_NAME} {said['place']} ({_SHORT_NAME} {said['place']})",
    ),
    Question("contact", "Wie erreicht man Sie? Telefon und E-Mail, mit einem Komma dazwischen.", read_contact),
    Question("rules", f"Nach welcher Geschäftsordnung wird abgestimmt?\n{_CHOICE}\n   ", read_rules, lambda _: "1"),
    Question("staff", "Wer betreut den Bot im Büro? Vor- und Nachname.", one_line),
)
