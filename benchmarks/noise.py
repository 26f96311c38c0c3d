"""How people type on a phone: slips, no capitals, umlauts spelt out. The same text always gets the same slips."""

import random
import string
from collections.abc import Callable

SEED = 7
Noise = Callable[[str], str]


def clean(text: str) -> str:
    """Nothing changed."""
    return text


def typo15(text: str) -> str:
    """One edit in 15 % of the words."""
    return _slips(text, 0.15)


def typo30_lower_ae(text: str) -> str:
    """One edit in 30 % of the words, lower case, ä→ae, ß→ss."""
    lower = _slips(text, 0.30).lower()
    for sign, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        lower = lower.replace(sign, letters)
    return lower


NOISES: dict[str, Noise] = {"clean": clean, "typo15": typo15, "typo30+lower+ae": typo30_lower_ae}


def _slips(text: str, share: float) -> str:
    dice = random.Random(f"{SEED} {share} {text}")  # noqa: S311 - repeatable, nothing to be guarded
    return " ".join(_slip(word, dice) if len(word) > 1 and dice.random() < share else word for word in text.split())


def _slip(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word) - 1)
    letter = dice.choice(string.ascii_lowercase)
    edits = (
        word[:at] + word[at + 1 :],  # a letter lost
        word[:at] + letter + word[at:],  # one too many
        word[:at] + letter + word[at + 1 :],  # another
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],  # two swapped
    )
    return dice.choice(edits)
