"""A result in words: each line of its reasoning as a label and a value, and what came of it."""

from collections.abc import Callable, Mapping, Sequence

from handlers.selection import words as selection
from handlers.votes.naming import ELECTION_MAJORITIES, ELECTION_WHOLES, MAJORITIES, WHOLES, numbered, option_label
from locales import N_, Markup, Voice
from models.ballot.counting import Dates, Result
from models.ballot.rows import Option
from models.charter import Election, Line, LineKind, Outcome, Verdict
from models.selection.ranking import Selection

Reason = tuple[str, str]

OUTCOMES = {
    Outcome.ADOPTED: N_("adopted"),
    Outcome.REJECTED: N_("rejected"),
    Outcome.NO_QUORUM: N_("no quorum"),
    Outcome.TO_MEETING: N_("objected to, goes to a meeting"),
    Outcome.COUNTED: N_("not binding"),
    Outcome.ELECTED: N_("elected: %(names)s"),
    Outcome.RUN_OFF: N_("run-off between %(names)s"),
    Outcome.LOT: N_("a lot decides between %(names)s"),
    Outcome.NOBODY: N_("nobody elected"),
}
COUNTS = {
    LineKind.ENTITLED: N_("Entitled to vote"),
    LineKind.EXCLUDED: N_("Excluded (§ 33)"),
    LineKind.VOTED: N_("Voted"),
    LineKind.YES: N_("Yes"),
    LineKind.NO: N_("No"),
    LineKind.ABSTAINED: N_("Abstention"),
    LineKind.OBJECTIONS: N_("Objections to the circulation"),
}
PRESENT = {"": N_("%(count)s (so many have voted)"), "recorded": N_("%(count)s (by the attendance list)")}
QUORUMS = {LineKind.QUORUM, LineKind.NO_QUORUM_ASKED}
SILENCE = {
    "": N_("%(count)s"),
    "no vote": N_("%(count)s"),
    "abstention": N_("%(count)s, counted as abstentions"),
    "consent": N_("%(count)s, counted as consent"),
}
OWN_RULES = {
    "quorum": N_("quorum"),
    "majority": N_("majority"),
    "abstentions": N_("abstentions"),
    "tie": N_("tie"),
    "second_meeting": N_("second meeting"),
    "circular": N_("circulation"),
    "silence": N_("silence"),
    "election_base": N_("majority in elections"),
}


def outcome_words(voice: Voice, result: Result, options: Sequence[Option]) -> str:
    """What came of it: „angenommen", „Stichwahl zwischen A und B", „nicht bindend", the dates that suit best."""
    if isinstance(result, Selection):
        return selection.outcome_words(voice, result)
    if isinstance(result, Dates):
        best = [option_label(voice, options[place - 1]) for place in result.best]
        return voice.plain("suits best: %(dates)s", dates=_names(voice, best)) if best else voice.plain("no date suits")
    return voice.plain(OUTCOMES[result.outcome], names=_names(voice, result.lines[-1].options))


def _names(voice: Voice, names: Sequence[str]) -> str:
    *before, last = names or ("",)
    if not before:
        return last
    return voice.plain("%(before)s and %(last)s", before=", ".join(before), last=last)


def reasons(voice: Voice, result: Result, options: Sequence[Option]) -> list[Reason]:
    """The result line by line, without what came of it."""
    if isinstance(result, Selection):
        return selection.reasons(voice, result)
    if isinstance(result, Dates):
        return _dates(voice, result, options)
    # Who was there is said where it matters: before the quorum.
    lines = sorted(result.lines, key=lambda line: line.kind is LineKind.PRESENT)
    present = [lines.pop()] if lines[-1].kind is LineKind.PRESENT else []
    quorum = next((place for place, line in enumerate(lines) if line.kind in QUORUMS), len(lines))
    worded = [_reason(voice, line, result) for line in [*lines[:quorum], *present, *lines[quorum:]]]
    return [one for one in worded if one is not None]


def _dates(voice: Voice, result: Dates, options: Sequence[Option]) -> list[Reason]:
    lines = [
        (voice.plain("Entitled to vote"), str(result.entitled)),
        (voice.plain("Answered"), str(result.answered)),
    ]
    for one in result.dates:
        value = voice.plain(
            "fits %(fits)s, at a pinch %(pinch)s, does not fit %(not_)s",
            fits=one.fits,
            pinch=one.at_a_pinch,
            not_=one.not_,
        )
        best = voice.plain("%(value)s – suits best", value=value) if one.place in result.best else value
        lines.append((numbered(voice, options[one.place - 1]), best))
    return lines


def _reason(voice: Voice, line: Line, result: Verdict | Election) -> Reason | None:
    if line.kind in COUNTS:
        return voice.plain(COUNTS[line.kind]), str(line.count)
    if line.kind is LineKind.SILENT and result.outcome is Outcome.TO_MEETING:
        return voice.plain("No answer"), str(line.count)  # silence consents only where the circular comes to its end
    if line.kind is LineKind.MAJORITY and isinstance(result, Election):
        return _majority(voice, line, ELECTION_MAJORITIES, ELECTION_WHOLES)
    worded = WORDED.get(line.kind)
    return worded(voice, line) if worded else None


def _option(_voice: Voice, line: Line) -> Reason:
    return line.options[0], str(line.count)


def _silent(voice: Voice, line: Line) -> Reason:
    return voice.plain("No answer"), voice.plain(SILENCE[line.words], count=line.count)


def _present(voice: Voice, line: Line) -> Reason:
    return voice.plain("Present"), voice.plain(PRESENT[line.words], count=line.count)


def _quorum(voice: Voice, line: Line) -> Reason:
    return voice.plain("Quorum"), _against(voice, line, line.words)


def _majority(
    voice: Voice, line: Line, majorities: Mapping[str, str] = MAJORITIES, wholes: Mapping[str, str] = WHOLES
) -> Reason:
    rule = voice.plain(majorities.get(line.words, line.words))
    return voice.plain("Majority"), f"{rule}: {_against(voice, line, str(line.share), wholes)}"


def _second_meeting(voice: Voice, _line: Line) -> Reason:
    return voice.plain("Second meeting"), voice.plain("invited again, the quorum is waived")


def _no_quorum_asked(voice: Voice, _line: Line) -> Reason:
    return voice.plain("Quorum"), voice.plain("not asked in this procedure (§ 54 KVG LSA)")


def _most_votes(voice: Voice, line: Line) -> Reason:
    return voice.plain("Majority"), voice.plain("most votes: %(counted)s", counted=line.counted)


def _tie(voice: Voice, line: Line) -> Reason:
    if line.words == "rejected":
        return voice.plain("Tie"), voice.plain("the motion is rejected")
    if not line.choice:
        return voice.plain("Tie"), voice.plain("the chair decides, but has cast no ballot: rejected")
    return voice.plain("Tie"), voice.plain("the ballot of the chair decides")


def _no_votes(voice: Voice, _line: Line) -> Reason:
    return voice.plain("Votes"), voice.plain("nobody said yes or no")


def _lot(voice: Voice, line: Line) -> Reason:
    return voice.plain("Lot"), voice.plain("drawn: %(name)s", name=line.choice)


def _rules(voice: Voice, line: Line) -> Reason:
    return voice.plain("Rule"), rule_words(voice, line)


WORDED: dict[LineKind, Callable[[Voice, Line], Reason]] = {
    LineKind.OPTION: _option,
    LineKind.PRESENT: _present,
    LineKind.SILENT: _silent,
    LineKind.QUORUM: _quorum,
    LineKind.MAJORITY: _majority,
    LineKind.SECOND_MEETING: _second_meeting,
    LineKind.NO_QUORUM_ASKED: _no_quorum_asked,
    LineKind.MOST_VOTES: _most_votes,
    LineKind.TIE: _tie,
    LineKind.NO_VOTES: _no_votes,
    LineKind.LOT: _lot,
    LineKind.RULES: _rules,
}


def _against(voice: Voice, line: Line, amount: str, wholes: Mapping[str, str] = WHOLES) -> str:
    """„6 von 8 (alle Mandate), nötig > 1/2, also 5 – erreicht"."""
    reached = voice.plain("reached") if line.reached else voice.plain("not reached")
    sign = ">" if line.strict else "≥"
    if line.share is None:
        return voice.plain(
            "%(counted)s, needed %(sign)s %(amount)s – %(reached)s",
            counted=line.counted,
            sign=sign,
            amount=amount,
            reached=reached,
        )
    return voice.plain(
        "%(counted)s of %(base)s (%(of)s), needed %(sign)s %(amount)s, so %(needed)s – %(reached)s",
        counted=line.counted,
        base=line.base,
        of=voice.plain(wholes[line.of]),
        sign=sign,
        amount=amount,
        needed=line.needed,
        reached=reached,
    )


def rule_words(voice: Voice, line: Line) -> str:
    """Which rules were used: the preset, what the body has of its own, and the clause for a circular."""
    words = line.words
    if line.own:
        own = ", ".join(voice.plain(OWN_RULES[key]) for key in line.own if key in OWN_RULES)
        words = voice.plain("%(preset)s, with rules of its own: %(own)s", preset=words, own=own)
    return f"{words} ({line.clause})" if line.clause else words


def for_the_minutes(voice: Voice, verdict: Verdict) -> Markup:
    """The block in municipal form, to be copied into the minutes (as § 58 KVG LSA minutes have it)."""
    tally = verdict.tally
    lines = [
        voice.say("Number of members by law: %(number)s", number=tally.entitled),
        voice.say("present: %(number)s", number=tally.turnout.counted),
        voice.say("Yes: %(number)s", number=tally.yes),
        voice.say("No: %(number)s", number=tally.no),
        voice.say("Abstention: %(number)s", number=tally.abstained),
        voice.say("excluded under § 33: %(number)s", number=tally.excluded),
    ]
    if verdict.line(LineKind.NO_QUORUM_ASKED):  # else nobody understands how so few could adopt it
        lines.append(voice.say("by circulation, no objection"))
    return Markup("<pre>" + "\n".join(lines) + "</pre>")
