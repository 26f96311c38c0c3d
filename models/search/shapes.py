"""What the passage asked for looks like: a list for „welche", a purpose for „was ist", „(RAK)" for „was heißt RAK"."""

import re
from collections.abc import Callable, Iterable

from models.search.glossary import ABBREVIATIONS, AREAS, LIGHT
from models.search.question import Question
from models.search.slots import areas

Shape = Callable[[str, str], float]  # (the passage's text, the same folded) → how much it looks so

_LIST_ASKED = re.compile(
    r"\bwelche \w+ (gibts?|hat|haben|sind)\b|\b(alle|aller|listen?|auflistung|aufzaehl\w*|verzeichnis|uebersicht|nenne?"
    r"|wer (sind|sitzt|gehoert|ist alles|ist .*stimmberechtigt)|which|list|what are|who are|mitglieder|members)\b"
)
_WHICH_ASKED = re.compile(r"\b(welche|wieviele)\b")
_MEANING_ASKED = re.compile(
    r"^(na |und )?(wozu|warum|weshalb|wieso|why)\b"
    r"|^(na |und )?(was|what|wozu|wofuer)\b.{0,12}"
    r"\b(ist|sind|war|macht|machen|is|are|does|dient|will|soll|gibt|gibts)\b"
)
_LONG_FORM_ASKED = re.compile(
    r"\b(was|wofuer|what|ausgeschrieben|abkuerzung|kuerzel)\b.*\b(heisst|bedeutet|steht|stands?|mean|abkuerzung)\b"
    r"|ausgeschrieben|abkuerzung"
)
_MEANS = re.compile(
    r"\b(ziel von|anliegen|damit diese|ziel der|umfasst|stellt .{0,80}dar\b|stellt das|dient|setzt (sie )?(dabei )?auf"
    r"|soll(en)?\b|bezeichnet|besteht aus|steht fuer)"
)
_ENTRY = re.compile(r"\n\s*(?:[•\-*–]\s|[A-Z]\s)")
_ENTRIES = 3
_TWICE = 2.0  # whoever asks for a list will take nothing else
_DEFINES = 4.0  # an entry that says what an area is wins over whatever else is said of it
_HALF = 0.5  # „welche" may ask for one thing as well


def shape_wanted(question: Question) -> Shape:
    """A test for the shape that a question asks for; one that nothing passes where it asks for none."""
    entries = _entries_of(question)
    if entries:
        return lambda text, _folded: _DEFINES * any(entry.search(text) for entry in entries)
    if _LONG_FORM_ASKED.search(question.meant):
        forms = [re.compile(rf"[(\[]{re.escape(word)}[)\]]") for word in question.content]
        return lambda _text, folded: any(form.search(folded) for form in forms)
    if _LIST_ASKED.search(question.meant):
        return lambda text, _folded: _TWICE * _is_list(text)
    if _WHICH_ASKED.search(question.meant):
        return lambda text, _folded: _HALF * _is_list(text)
    if _MEANING_ASKED.search(question.meant):
        subject = _begins_with(question.content)
        return lambda _text, folded: _MEANS.search(folded) is not None or subject.search(folded) is not None
    return lambda _text, _folded: 0.0


def _entries_of(question: Question) -> list[re.Pattern[str]]:
    """„C STABIL: …" in a list of the funding areas, for „wofür steht C" and „was ist STABIL"; none for others."""
    if not (_LONG_FORM_ASKED.search(question.meant) or _MEANING_ASKED.search(question.meant)):
        return []
    named = areas(question.meant)
    names = {part for letter in named for name in AREAS.get(letter, ()) for part in name.split()}
    if not {"foerderbereich", *names}.issuperset(word for word in question.content if word not in LIGHT):
        return []
    return [re.compile(rf"(?m)^\W*{letter}[):.]?\s+\w") for letter in named]


def _is_list(text: str) -> bool:
    return len(_ENTRY.findall(text)) >= _ENTRIES


def _begins_with(subjects: Iterable[str]) -> re.Pattern[str]:
    """A sentence that begins with one of the words, after an article and one word more."""
    names = {name for word in subjects for name in (word, *ABBREVIATIONS.get(word, ()))}
    return re.compile(rf"(?:^|[.!?]\s|\n)\W*(?:[a-z]+\W){{0,2}}(?:{'|'.join(sorted(map(re.escape, names)))})")
