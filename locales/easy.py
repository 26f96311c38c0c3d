"""The rules of Leichte Sprache that a machine can check; ``python -m locales --check`` holds the catalogue to them.

Where they come from, and what only people can judge: docs/leichte-sprache.md.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape

LANGUAGE = "leicht"
MOST_WORDS = 12  # a sentence
LONGEST_WORD = 13  # letters, where no hyphen parts it
MOST_IN_BRACKETS = 4  # words
# Words that stay whole although they are longer, each with its reason.
WHOLE = {
    "ausgeschlossen": "a fixed line of the result",
    "beschlussfähig": "a fixed line of the result",
    "fehlgeschlagen": "a fixed line of the report",
    "mitgliederzahl": "a fixed line for the minutes",
    "stimmberechtigt": "a fixed line of the result",
    "umlaufverfahren": "a fixed button",
    "verantwortlich": "has no seam",
}
# What a sentence must not hold. Some of it is caught with a harmless neighbour; another wording is always at hand.
FORBIDDEN = {
    "abbreviation": r"\b(?:z\. ?B|d\. ?h|u\. ?a|Art|Abs|Buchst)\."
    r"|\b(?:ggf|bzgl|bzw|evtl|ca|usw|etc|inkl|gem|vgl|Nr|TOP)\b",
    "passive or future": r"\b(?:wird|werden|wurden?|worden)\b",
    "subjunctive": r"\b(?:würden?|könnten?|sollten?|hätten?|wären?|müssten?|dürften?|gäbe|ließe|möchten?)\b",
    "genitive": r"\b(?:des|dessen|deren|wessen|eines|meines|Ihres|seines|wegen|trotz|laut|gemäß|anhand|mittels)\b",
    # Not where the noun before is none, but a word that begins the sentence.
    "genitive after a noun": r"\b(?!(?:Sie|Ihnen|In|Bei|Nur|Mit|Von|Zu|Auf|An|Dann|Zuerst|Beispiel)\b)"
    r"[A-ZÄÖÜ][\w-]+ der [A-ZÄÖÜ]",
    "number in words": r"\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|Drittel|doppelt"
    r"|zweite[nrs]?)\b",
    "joined statements": r"\b(?:weil|obwohl|damit|sodass|nachdem|bevor|indem|sobald|solange|während|sowohl|denn)\b",
    "relative clause": r", (?:(?:in|an|auf|mit|von|zu|für|bei) )?(?:der|die|das|den|dem|welche[rsmn]?)\b",
    "informal address": r"\b(?:du|dir|dich|deine?[rsmn]?)\b",
    "hard word": r"\b(?:Account|Feedback|Release|optional|beziehungsweise|Verfahren|benachrichtigen|berichtigen"
    r"|Format(?:ierung)?|Option(?:en)?|gekennzeichnet|Ausfertigung(?:en)?|enthält|Wortlaut)\b",
    "sign": r"(?<!\();(?! Name\b)|[&%]",
}
CAPITALS_COUNT = {"abbreviation", "genitive after a noun"}
_FORBIDDEN = {
    name: re.compile(pattern, 0 if name in CAPITALS_COUNT else re.IGNORECASE) for name, pattern in FORBIDDEN.items()
}
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_TAG = re.compile(r"</?\w+>")
# A command, a file's name, a key, a figure: no word of the language.
FIGURE = "Name"  # stands for one, so that a list like „Bedarf; 5; 2" may part its columns
_TECHNICAL = re.compile(r"\S*[/_@]\S*|\S*\.\w{2,4}\b(?!\S)|\d[\d.,:]*")
# A full stop after one small letter („z. B.") ends nothing.
_END = re.compile(r"(?<=[.?!:])(?<!\b[a-z]\.)[“\"]?\s+|\n+(?:[•○✓]\s)?|\s[·–•→]\s|^[•○✓]\s|…\s?")
# Between two sentences; not after „2." of „2. Sitzung".
_BETWEEN = re.compile(r"(?<=[^\d][.?!]) (?=(?:<\w+>)?[A-ZÄÖÜ„%])")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W\d_]+")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a message, without markup; a value to be filled in counts as one word."""
    bare = unescape(_TAG.sub("", _PLACEHOLDER.sub("Wert", text)))
    yield from (one.strip() for one in _END.split(bare) if one and one.strip())


@cache
def a_line_each(text: str) -> str:
    """Each sentence on a line of its own, as the rules ask for; for texts, not for buttons and toasts."""
    return _BETWEEN.sub("\n", text)


def breaches(text: str) -> list[str]:
    """Which rules a message breaks, each with the words that break it."""
    return [fault for sentence in sentences(text) for fault in _of_sentence(_TECHNICAL.sub(FIGURE, sentence))]


def _of_sentence(sentence: str) -> Iterator[str]:
    if len(sentence.split()) > MOST_WORDS:
        yield f"more than {MOST_WORDS} words: {sentence}"
    for name, pattern in _FORBIDDEN.items():
        if hit := pattern.search(sentence):
            yield f"{name}: {hit[0]}"
    for word in _WORD.findall(sentence):
        if len(word) > LONGEST_WORD and word.lower() not in WHOLE:
            yield f"a long word without a hyphen: {word}"
    for inner in _BRACKETS.findall(sentence):
        if len(inner.split()) > MOST_IN_BRACKETS:
            yield f"a long bracket: {inner}"
