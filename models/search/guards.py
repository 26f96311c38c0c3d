"""Personal data in a message: it is refused, and nothing of it is kept."""

import re

from models.search.glossary import FILLERS, SMALL
from models.search.values import PersonalData
from models.search.words import fold

_IBAN = re.compile(r"(?:\b|(?i:iban))([A-Za-z]{2} ?\d{2})((?:[ \-]?[A-Za-z0-9]){11,30})(?![A-Za-z0-9])")
# ISO 13616, registry of March 2026: the countries whose accounts people here may have.
_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "TR": 26,
    "UA": 29,
}  # fmt: skip
_FEWEST_DIGITS = 10
_INSURANCE = re.compile(r"(?<!\d)\d{2}[ ]?\d{6}[ ]?[A-Za-z][ ]?\d{3}(?!\d)")
_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)  # § 2 VKVV: check digit of the insurance number
_DAY = (
    r"(?:\d{1,2}[./\-]\s?\d{1,2}[./\-]\s?(?:19|20)?\d\d|\d{1,2}\.?\s?[A-Za-zä]{3,9}\s(?:19|20)\d\d"
    r"|(?:19|20)\d\d-\d\d-\d\d)"
)
_BORN = re.compile(
    r"(?:\bgeb(?:oren|urtsdatum|urtstag|dat(?:um)?|\.?-?dat(?:um|\.)?)?\b|\bgeb\.|\bborn\b|\bdate of birth\b"
    r"|\bdob\b|\*)[\s.:,]*"
    r"(?:von\s[^\d\n]{3,40}?)?(?:(?:am|on|ist|in \w+|\d{4},?)\s)*\s*(?:am\s)?"
    rf"(?:{_DAY}|\d{{1,2}}\.\s?(?:\d{{1,2}}\.|[a-zä]{{3,9}}\b))",
    re.IGNORECASE,
)
_BORN_AFTER = re.compile(
    rf"(?<!nach dem )(?<!vor dem )(?<!ab dem )(?<!seit dem )(?:{_DAY})\s(?:in \w+\s)?geb(?:oren|\.)", re.IGNORECASE
)
_NAME = r"[A-ZÄÖÜ][a-zäöüßé]+(?:-[A-ZÄÖÜ][a-zäöüßé]+)?"
_NAME_AND_DAY = re.compile(rf"\b{_NAME},?\s{_NAME}[\s,;(*]+{_DAY}")
_LISTED = re.compile(
    rf"^\W*(?:\d+\W+)?(?:{_NAME},?\s{_NAME})(?:\s{_NAME})?(?:[\s,;(]+[\d.\-/+() ]*)?(?:\s[a-zäöü]{{3,12}})?\W*$"
)
_LIST_CUE = re.compile(
    r"teilnehm\w*liste|anwesenheitsliste|teilnehmende|teilnehmer(?:innen)?\s*:|tn[ -]liste"
    r"|\b(?:unsere|die) (?:tn|teilnehm\w*) (?:sind|heissen)\b"
    r"|namensliste|anmeldungen\s*:|list of participants|stammdaten"
)
_CALLED = re.compile(r"\b(?:Frau|Herrn?)\s[A-ZÄÖÜ][a-zäöüßé]+")
_TWO_WORDS = re.compile(r"\W*[a-z]{3,}\s[a-z]{3,}\W*")
_NAMES_IN_A_LIST = 3
_TELLS_OF_BIRTH = re.compile(r"geb(oren|urts?\w*|dat\w*)?$|born$|date$|birth$|dob$|ist$|dat$")

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
    """ISO 13616, with the check digits of ISO 7064 mod 97-10; words that follow the number are cut off."""
    sign = re.sub(r"[ \-]", "", written).upper()
    length = _LENGTHS.get(sign[:2], 0)
    sign = sign[:length]
    return 0 < length == len(sign) and sum(letter.isdigit() for letter in sign) >= _FEWEST_DIGITS and _mod97(sign)


def _mod97(sign: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in sign[4:] + sign[:4])) % 97 == 1


def _is_insurance(written: str) -> bool:
    sign = written.replace(" ", "").upper()
    digits = sign[:8] + f"{ord(sign[8]) - 64:02d}" + sign[9:11]
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return total % 10 == int(sign[11])


def _is_birth(text: str) -> bool:
    found = _BORN.search(text) or _BORN_AFTER.search(text)
    # Somebody is named beside the date: at least two words that neither are numbers nor tell of the birth.
    named = [word for word in re.findall(r"[a-z]{3,}", fold(text)) if not _TELLS_OF_BIRTH.match(word)]
    return (found is not None and len(named) > 1) or _NAME_AND_DAY.search(text) is not None


def _is_list(text: str) -> bool:
    entries = [line for line in re.split(r"[\n;]", text) if _LISTED.match(line) and not _NO_PERSON.search(fold(line))]
    if len(entries) >= _NAMES_IN_A_LIST:
        return True
    if not _LIST_CUE.search(fold(text)):
        return False
    names = re.findall(rf"{_NAME},?\s{_NAME}", text)
    return max(len(names), len(_CALLED.findall(text)), len(_small_names(text))) > 1


def _small_names(text: str) -> list[str]:
    """Entries of two words after a colon that are neither small words nor bodies: names typed without capitals."""
    entries = re.split(r",|\bund\b", fold(text).partition(":")[2])
    pairs = [entry for entry in entries if _TWO_WORDS.fullmatch(entry) and not _NO_PERSON.search(entry)]
    return [pair for pair in pairs if not (FILLERS | SMALL) & set(pair.split())]
