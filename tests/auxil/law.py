"""A legal text of some hundred pages, invented and set by typst: every provision says its number and its page."""

from collections.abc import Iterator
from functools import cache

import typst

SENTENCES = """\
Die Bewilligungsbehörde entscheidet über die Anträge nach pflichtgemäßem Ermessen im Rahmen der Haushaltsmittel.
Zuwendungsempfänger sind juristische Personen des öffentlichen und des privaten Rechts mit Sitz im Land.
Der Verwendungsnachweis ist nach Abschluss der Maßnahme vorzulegen; die Belege sind aufzubewahren.
Zuwendungsfähig sind die Personal- und Sachausgaben, die zur Durchführung notwendig und angemessen sind.
Für die Qualitätssicherung der Arbeitsmarktförderungsmaßnahmen gelten die Festlegungen des Arbeitskreises.
Die Auszahlung erfolgt im Erstattungsverfahren auf Grundlage tatsächlich geleisteter Ausgaben der Projektträger.
""".splitlines()
HEAD = """
#set page(paper: "a5", margin: 1.5cm, numbering: "1",
  header: context [#set text(8pt); MBl. LSA Nr. 21/2022 #h(1fr) Richtlinie REGIO AKTIV],
  footer: context [#set text(8pt); #h(1fr) Seite #counter(page).display() von #counter(page).final().first() #h(1fr)])
#set text(lang: "de", size: 10pt, hyphenate: true)
#set par(justify: true)
#let here-page = context here().page()
"""


def numbers(chapters: int) -> Iterator[str]:
    """Every number of the text, in order: 1, 1.1, 1.1.1 …; each chapter has ten sections, each of them ten clauses."""
    for chapter in range(1, chapters + 1):
        for section in range(1, 11):
            yield from (f"{chapter}.{section}.{clause}" for clause in range(1, 11))


def clause(number: str, sentences: int) -> str:
    """The words of a clause, all different: figures of its own, sentences in an order of its own."""
    first, second, third = map(int, number.split("."))
    start = first * 7 + second * 3 + third
    told = " ".join(SENTENCES[(start + place) % len(SENTENCES)] for place in range(sentences))
    return f"{number} Auf Seite #here-page gilt der Satz von {start},{third} vom Hundert. {told}"


def source(chapters: int, sentences: int) -> str:
    """The text in typst's words."""
    parts = [HEAD]
    for number in numbers(chapters):
        chapter, section, third = number.split(".")
        if (section, third) == ("1", "1"):
            parts.append(f"= {chapter} Kapitel mit Förderbereich {chapter}")
        if third == "1":
            parts.append(f"== {chapter}.{section} Gegenstand der Förderung {chapter}.{section}")
        parts.append(clause(number, sentences))
    return "\n\n".join(parts)


@cache
def legal_pdf(chapters: int = 21, sentences: int = 3) -> bytes:
    """The text as a PDF."""
    made = typst.compile(source(chapters, sentences).encode())
    assert isinstance(made, bytes)
    return made
