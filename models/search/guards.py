"""What is never answered and not kept: personal data, and what is confidential."""

import re

from models.search.values import Confidential, PersonalData
from models.search.words import fold

_IBAN = re.compile(r"\b([A-Za-z]{2}\d{2})((?:[ \-]?[A-Za-z0-9]){11,30})(?![A-Za-z0-9])")
_INSURANCE = re.compile(r"(?<!\d)\d{2}[ ]?\d{6}[ ]?[A-Za-z][ ]?\d{3}(?!\d)")
_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)  # § 2 VKVV: check digit of the insurance number
_DAY = (
    r"(?:\d{1,2}[./\-]\s?\d{1,2}[./\-]\s?(?:19|20)?\d\d|\d{1,2}\.?\s?[A-Za-zä]{3,9}\s(?:19|20)\d\d"
    r"|(?:19|20)\d\d-\d\d-\d\d)"
)
_BORN = re.compile(
    r"(?:\bgeb(?:oren|urtsdatum|urtstag)?\b|\bgeb\.|\bborn\b|\bdate of birth\b|\bdob\b|\*)[\s.:,]*"
    rf"(?:(?:am|on|ist|in \w+)\s)?\s*{_DAY}",
    re.IGNORECASE,
)
_NAME = r"[A-ZÄÖÜ][a-zäöüßé]+(?:-[A-ZÄÖÜ][a-zäöüßé]+)?"
_NAME_AND_DAY = re.compile(rf"\b{_NAME},?\s{_NAME}[\s,;(*]+{_DAY}")
_LISTED = re.compile(rf"^\W*(?:\d+\W+)?(?:{_NAME},?\s{_NAME})(?:\s{_NAME})?(?:[\s,;(]+[\d.\-/+() ]*)?\W*$")
_LIST_CUE = re.compile(
    r"teilnehm\w*liste|teilnehmende|teilnehmer(?:innen)?\s*:|tn[ -]liste|namensliste|list of participants|stammdaten"
)
_NAMES_IN_A_LIST = 3

# Bodies, organisations: their names fill lists too, and are no personal data.
_NO_PERSON = re.compile(
    r"agentur|jobcenter|landkreis|kammer|verband|ministerium|amt\b|gmbh|verein|bund\b|stadt\b|regio\b|projekt|richtlinie|foerder"
)


def personal_data(text: str) -> PersonalData | None:
    """The kind of personal data a message holds, if any: it is to be refused and not kept."""
    if any(_is_iban(found[1] + found[2]) for found in _IBAN.finditer(text)):
        return PersonalData("iban")
    if any(_is_insurance(found.group()) for found in _INSURANCE.finditer(text)):
        return PersonalData("insurance")
    if _is_birth(text):
        return PersonalData("birth")
    return PersonalData("list") if _is_list(text) else None


def _is_iban(written: str) -> bool:
    """ISO 13616, with the check digits of ISO 7064 mod 97-10; words that follow the number are cut off bit by bit."""
    sign = re.sub(r"[ \-]", "", written).upper()
    lengths = (22,) if sign.startswith("DE") else range(15, len(sign) + 1)
    return any(len(sign) >= length and _mod97(sign[:length]) for length in lengths)


def _mod97(sign: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in sign[4:] + sign[:4])) % 97 == 1


def _is_insurance(written: str) -> bool:
    sign = written.replace(" ", "").upper()
    digits = sign[:8] + f"{ord(sign[8]) - 64:02d}" + sign[9:11]
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return total % 10 == int(sign[11])


def _is_birth(text: str) -> bool:
    found = _BORN.search(text)
    # Somebody is named beside the date: at least two words that are no numbers.
    rest = text[: found.start()] + text[found.end() :] if found else ""
    named = len(re.findall(r"[A-Za-zÄÖÜäöüß]{3,}", rest)) > 1
    return (found is not None and named) or _NAME_AND_DAY.search(text) is not None


def _is_list(text: str) -> bool:
    entries = [line for line in re.split(r"[\n;]", text) if _LISTED.match(line) and not _NO_PERSON.search(fold(line))]
    if len(entries) >= _NAMES_IN_A_LIST:
        return True
    names = re.findall(rf"{_NAME},?\s{_NAME}", text)
    return _LIST_CUE.search(fold(text)) is not None and len(names) > 1


_VOTED = (
    # how somebody voted, who voted how
    r"\bwie (hat|haben|hatte|stimmt[e]?n?)\b.*\b(ge|abge)?stimm",
    r"\bwer (hat|hatte|war|stimmte)\b.*\b(dafuer|dagegen|gegen|fuer)\b.*(stimm|gevotet)?",
    r"\bwer hat\b.*\b(gestimmt|abgestimmt|gevotet|enthalten)\b",
    r"\b(hat|haben)\b.*\b(dafuer|dagegen|gegen|zugestimmt|mit ja|mit nein)\b.*\b(ge|abge)?(stimmt|votet)?",
    r"\bwie (hat|haben)\b.*\b(gevotet|votiert)\b",
    r"\b(abstimmungsverhalten|stimmverhalten|einzelstimmen)\b",
    r"\bhow (did|has|have)\b.*\bvoted?\b",
    r"\bwho voted\b",
    r"\bdid\b.*\bvote (for|against|yes|no)\b",
)
_VOTE_WORD = re.compile(r"stimm|vot(e|ed|iert|en)\b|dafuer|dagegen|gevotet")
_ANOTHERS = (
    r"\bantr(a|ae)g\w*( auch)? (von|vom|der|des)\b(?! (mir|uns|foerder\w*|richtlinie|landkreis\w* stellen))",
    r"\b(hat|haben)\b.*\b(auch|noch)?\b.*\b(antrag|antraege|bewerbung|konzept|projektvorschlag)\b.*\b(gestellt|eingereicht|abgegeben)\b",
    r"\b(wer|welche traeger|wie viele|wieviele)\b.*\b(beworben|antrag gestellt|eingereicht|antraege gestellt)\b",
    r"\bwas (hat|haben) .* (beantragt|eingereicht)\b",
    r"\bapplication of\b|\b(who|which) .*\bapplied\b|\b(has|have|did)\b.*\b(apply|applied|application)\b",
    r"\b(konkurrent\w*|mitbewerber\w*|anderen? traeger\w*)\b.*\b(antrag|antraege|punkte|bewerbung\w*|bekommen|geld)\b",
)
_OWN = re.compile(r"\b(ich|wir|mein\w*|unser\w*|i|we|my|our)\b")


def confidential(question: str) -> Confidential | None:
    """Whether a question is about how somebody voted or about somebody else's application."""
    said = re.sub(r"[^a-z0-9 ]+", " ", fold(question))
    if _VOTE_WORD.search(said) and any(re.search(pattern, said) for pattern in _VOTED):
        return None if re.search(r"\bwie (stimm|kann|koennen|soll)\w* (ich|wir|man)\b", said) else Confidential()
    others = any(re.search(pattern, said) for pattern in _ANOTHERS)
    return Confidential() if others and not _OWN.search(said) else None
