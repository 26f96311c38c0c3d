"""The result of a project selection in words: what came of it, and every reason as a label and a value."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.selection.card import STOP_OR_SKIP
from handlers.selection.figures import euros, mean, places_for, plain_mean
from handlers.votes.naming import WHOLES
from locales import N_, Voice
from models.selection.ranking import Ending, Fate, Needed, Selection, Standing

Reason = tuple[str, str]
OWN_RULES = {
    "quorum": N_("quorum"),
    "second_meeting": N_("second meeting"),
    "conflict_scope": N_("conflict of interest"),
    "first_that_does_not_fit": N_("the first that does not fit"),
    "circular": N_("circulation"),
}
FATES = {
    Fate.FUNDED: N_("selected"),
    Fate.IN_LINE: N_("next in line: %(place)s"),
    Fate.TIED: N_("tie, to be decided"),
    Fate.OPEN: N_("open until then"),
    Fate.BELOW: N_("below the threshold"),
    Fate.TOO_FEW: N_("too few scores"),
    Fate.NOT_JUDGED: N_("not judged"),
}


def outcome_words(voice: Voice, result: Selection) -> str:
    """„3 von 6 Projekten ausgewählt"."""
    match result.outcome:
        case Ending.SELECTED:
            funded = len(result.with_fate(Fate.FUNDED))
            return voice.plain("%(number)s of %(all)s projects selected", number=funded, all=len(result.standings))
        case Ending.NOTHING:
            return voice.plain("no project selected")
        case Ending.TIE:
            return voice.plain("tie on rank %(rank)s, to be decided", rank=result.tied_rank)
        case Ending.NO_QUORUM:
            return voice.plain("no quorum")
        case Ending.TO_MEETING:
            return voice.plain("objected to, goes to a meeting")


def places_of(result: Selection) -> int:
    """How many decimals the result's means are shown with."""
    means = [one.mean for one in result.standings if one.mean is not None]
    return places_for([*means, result.threshold] if result.threshold else means)


def fate_words(voice: Voice, result: Selection, one: Standing) -> str:
    """„ausgewählt", „Nachrücker: 1"."""
    place = 0
    if one.fate is Fate.IN_LINE:
        place = 1 + [other.project.number for other in result.with_fate(Fate.IN_LINE)].index(one.project.number)
    return voice.plain(FATES[one.fate], place=place)


def title_of(one: Standing) -> str:
    """„2. Lernwerkstatt"; without a rank „– Lernwerkstatt"."""
    return f"{one.rank}. {one.project.title}" if one.rank else f"– {one.project.title}"


def reasons(voice: Voice, result: Selection) -> list[Reason]:
    """The result line by line, without what came of it."""
    turnout = result.turnout
    lines = [
        (voice.plain("Entitled to vote"), str(turnout.entitled)),
        (voice.plain("Excluded (§ 33)"), str(turnout.excluded)),
        (voice.plain("Voted"), str(turnout.answered)),
    ]
    if turnout.circular:
        lines.append((voice.plain("Objections to the circulation"), str(turnout.objections)))
    lines.append((voice.plain("Budget"), euros(voice, result.budget)))
    lines += [(title_of(one), standing_words(voice, result, one)) for one in result.standings]
    if result.outcome is not Ending.TO_MEETING:
        lines += _after(voice, result)
    return [*lines, *_rules(voice, result)]


def standing_words(voice: Voice, result: Selection, one: Standing) -> str:
    """„4,33 Punkte aus 7 Bewertungen (3,00 bis 5,00), 120.000 € – ausgewählt"."""
    words = {
        "sum": euros(voice, one.project.applied),
        "fate": fate_words(voice, result, one),
        "scores": scores_words(voice, one.scores),
    }
    if one.mean is None or one.low is None or one.high is None:
        return voice.plain("no scores, %(sum)s – %(fate)s", **words)
    if not one.enough:
        return voice.plain("%(scores)s, %(needed)s needed, %(sum)s – %(fate)s", needed=one.quorum.needed, **words)
    places = places_of(result)
    return voice.plain(
        "%(mean)s points from %(scores)s (%(low)s to %(high)s), %(sum)s – %(fate)s",
        mean=mean(voice, one.mean, places),
        low=mean(voice, one.low),
        high=mean(voice, one.high),
        **words,
    )


def scores_words(voice: Voice, number: int) -> str:
    """„7 Bewertungen"."""
    return voice.plural("%(number)s score", "%(number)s scores", number)


def _after(voice: Voice, result: Selection) -> list[Reason]:
    """What is spent and left, and who is next."""
    spent = result.budget - result.left
    lines = [
        (
            voice.plain("Spent"),
            voice.plain("%(spent)s, left: %(left)s", spent=euros(voice, spent), left=euros(voice, result.left)),
        )
    ]
    in_line = [one.project.title for one in result.with_fate(Fate.IN_LINE)]
    if in_line:
        lines.append((voice.plain("Next in line"), ", ".join(in_line)))
    return lines


def _rules(voice: Voice, result: Selection) -> list[Reason]:
    lines = [(voice.plain("Quorum"), quorum_words(voice, [one.quorum for one in result.standings]))]
    if result.turnout.waived:
        lines.append((voice.plain("Second meeting"), voice.plain("invited again, the quorum is waived")))
    if result.threshold:
        bound = {"threshold": plain_mean(voice, result.threshold), "scale": plain_mean(voice, result.scale)}
        lines.append((voice.plain("Threshold"), voice.plain("≥ %(threshold)s of %(scale)s points", **bound)))
    else:
        lines.append((voice.plain("Threshold"), voice.plain("none")))
    return [
        *lines,
        (voice.plain("Mean"), voice.plain("of all complete cards, weighted")),
        (voice.plain("Order"), voice.plain(STOP_OR_SKIP[result.rule])),
        (voice.plain("Equal means"), voice.plain("share a rank, the next rank is left out")),
        (voice.plain("Rule"), rule_words(voice, result)),
    ]


def quorum_words(voice: Voice, quorums: Sequence[Needed]) -> str:
    """„je Projekt > 1/2 von 8 (alle Mandate), also 5"; of several bases the fewest and most needed."""
    fewest, most = min(quorums, key=lambda one: one.needed), max(quorums, key=lambda one: one.needed)
    needed = str(fewest.needed) if fewest.needed == most.needed else f"{fewest.needed}–{most.needed}"
    words = {"sign": ">" if fewest.strict else "≥", "words": fewest.words, "needed": needed}
    if not fewest.share:
        return voice.plain("for each project %(sign)s %(words)s", **words)
    bases = sorted({one.base for one in quorums})
    base = str(bases[0]) if len(bases) == 1 else f"{bases[0]}–{bases[-1]}"
    return voice.plain(
        "for each project %(sign)s %(words)s of %(base)s (%(of)s), so %(needed)s",
        base=base,
        of=voice.plain(WHOLES[fewest.of]),
        **words,
    )


def rule_words(voice: Voice, result: Selection) -> str:
    """Which rules were used: the preset, what the body has of its own, and the clause for a circular."""
    words = result.preset
    if result.own:
        own = ", ".join(voice.plain(OWN_RULES[key]) for key in result.own)
        words = voice.plain("%(preset)s, with rules of its own: %(own)s", preset=words, own=own)
    return f"{words} ({result.clause})" if result.clause else words


def ties_words(voice: Voice, ties: Mapping[str, Any] | None) -> list[str]:
    """How ties were decided: „Gleichstand auf Rang 2: 3 vor 2. Beschluss vom …"."""
    return [
        voice.plain(
            "Tie on rank %(rank)s, decided: project %(order)s. %(why)s",
            rank=rank,
            order=f" {voice.plain('before')} ".join(map(str, one["order"])),
            why=one["why"],
        )
        for rank, one in sorted((ties or {}).items(), key=lambda item: int(item[0]))
    ]
