"""Leichte Sprache: each rule that a script can check is broken once here, and kept once."""

import pytest

from locales.easy import LONGEST_WORD, MOST_WORDS, WHOLE, a_line_each, breaches, sentences


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Wir sagen Ihnen heute hier im Chat ganz genau und sehr gern alles Neue.", "more than 12 words"),
        ("Die Frist ist z. B. morgen.", "abbreviation"),
        ("Frage Nr. 3 ist offen.", "abbreviation"),
        ("Die Sitzung wurde verlegt.", "passive"),
        ("Sie werden gefragt.", "passive"),
        ("Das könnte klappen.", "subjunctive"),
        ("Der Titel des Antrags fehlt.", "genitive: des"),
        ("Das Ergebnis der Abstimmung ist da.", "genitive after a noun"),
        ("Es gibt zwei Termine.", "number in words"),
        ("Die ReKo hilft, weil Sie fragen.", "joined statements"),
        ("Das ist die Frist, die heute endet.", "relative clause"),
        ("Du bist dran.", "informal"),
        ("Ihr Account ist neu.", "hard word"),
        ("Das ist alt; das ist neu.", "sign"),
        ("Der Förderrichtlinientext ist lang.", "a long word without a hyphen: Förderrichtlinientext"),
        ("Das gilt (so steht es hier oben drin).", "a long bracket"),
    ],
)
def test_a_broken_rule_is_named(text: str, broken: str) -> None:
    assert [one for one in breaches(text) if one.startswith(broken)], breaches(text)


@pytest.mark.parametrize(
    "text",
    [
        "Das ist die Förder-Richtlinie. Sie gilt ab %(date)s.",
        "<b>Wichtig:</b> Rufen Sie uns an.\n• Erster Punkt\n• Noch ein Punkt",
        "Schreiben Sie so: Bedarf; 5; 2",
        "Stimmberechtigt: 8",
        "Die Datei heißt niederschriftsentwurf-%(number)s.docx oder /datenschutzhinweis",
        "Sagen Sie der ReKo Bescheid. In der Sitzung geht es weiter.",
        "Ihre Stimme: Ja · Beleg 7F3K · Sie können sie ändern bis 1. Dezember 2026, 12 Uhr",
    ],
)
def test_a_text_that_keeps_them_passes(text: str) -> None:
    assert breaches(text) == []


def test_a_value_counts_as_a_word_and_markup_as_none() -> None:
    twelve = " ".join(["<b>Wort</b>"] * (MOST_WORDS - 1) + ["%(name)s"])
    assert breaches(twelve) == []
    assert breaches(f"{twelve} mehr")[0].startswith("more than")


def test_sentences_end_where_a_reader_pauses() -> None:
    text = "Eins. Zwei? Drei!\nVier: fünf · sechs – sieben\n• acht"
    assert list(sentences(text)) == ["Eins.", "Zwei?", "Drei!", "Vier:", "fünf", "sechs", "sieben", "acht"]


def test_every_word_that_may_be_long_is_long_and_has_its_reason() -> None:
    assert all(len(word) > LONGEST_WORD and reason for word, reason in WHOLE.items())


def test_each_sentence_stands_on_a_line_of_its_own() -> None:
    text = "Das ist die 2. Sitzung. Kommen Sie? <b>Ja!</b> Bis %(moment)s. %(name)s hilft. Am 1. Mai."
    assert a_line_each(text) == (
        "Das ist die 2. Sitzung.\nKommen Sie?\n<b>Ja!</b> Bis %(moment)s.\n%(name)s hilft.\nAm 1. Mai."
    )
