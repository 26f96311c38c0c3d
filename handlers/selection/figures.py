"""Sums of money and points as people write them. What is shown never makes two different means look alike."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from locales import Voice
from models.selection.rules import HUNDREDTH

FEWEST_PLACES, MOST_PLACES = 2, 6
CENTS = 100
DIGITS = 40  # far more than any sum here has


def euros(voice: Voice, cents: int) -> str:
    """„120.000 €", with cents only where there are some."""
    with localcontext(prec=DIGITS):
        return voice.euros(Decimal(cents) / CENTS)


def weight(voice: Voice, hundredths: int) -> str:
    """„1,5", without noughts at the end."""
    return voice.number(Decimal(hundredths) / HUNDREDTH, "0.##")


def mean(voice: Voice, value: Fraction, places: int = FEWEST_PLACES) -> str:
    """„4,33", rounded half up; exact values may have fewer places („4")."""
    return voice.number(_rounded(value, places), "0." + "0" * places)


def plain_mean(voice: Voice, value: Fraction) -> str:
    """„5" or „2,5": a bound, which has two places at most unless weights make more."""
    return voice.number(_rounded(value, FEWEST_PLACES), "0.##")


def _rounded(value: Fraction, places: int) -> Decimal:
    with localcontext(prec=DIGITS):
        scaled = Decimal(value.numerator) / Decimal(value.denominator)
        return scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def places_for(values: Iterable[Fraction]) -> int:
    """How many places it takes to tell these values apart, at least two.

    A mean just below the threshold must not look as if it had reached it.
    """
    different = set(values)
    for places in range(FEWEST_PLACES, MOST_PLACES):
        if len({_rounded(one, places) for one in different}) == len(different):
            return places
    return MOST_PLACES
