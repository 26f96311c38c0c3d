import pytest

from models.search.figures import disagree
from tests.models.shelf import quote


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Es stehen 140 Millionen Euro an ESF-Mitteln bereit.", "Es stehen 140 Milliarden Euro an ESF-Mitteln bereit."),
        ("Es stehen 140 Mio. Euro an ESF-Mitteln bereit.", "Es stehen 150.000.000 € an ESF-Mitteln bereit."),
        ("Der RAK Börde hat neun Mitglieder.", "Der RAK Börde hat 8 Mitglieder."),
        ("Die Förderung beträgt 90 % der Kosten.", "Die Förderung beträgt 80 Prozent der Kosten."),
    ],
)
def test_another_figure_for_the_same_thing(left: str, right: str) -> None:
    assert disagree(quote(left), quote(right))
    assert disagree(quote(right), quote(left))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Es stehen 140 Mio. Euro an ESF-Mitteln bereit.", "Es stehen 140.000.000 € an ESF-Mitteln bereit."),
        ("Der RAK Börde hat neun Mitglieder.", "Der Chor aus Wanzleben begrüßte gestern 8 neue Mitglieder im Saal."),
        (
            "Der Aufruf Magdeburg hat ein Budget von 2.400.000 Euro.",
            "Für die Ausstellung in Stendal gab die Stadt 100 Euro aus.",
        ),
        ("Nummer 7.2 gilt seit 2022.", "Nummer 7.6 gilt seit 2023."),
    ],
)
def test_no_other_figure_for_the_same_thing(left: str, right: str) -> None:
    assert not disagree(quote(left), quote(right))
