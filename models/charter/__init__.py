"""A body's standing rules as data (``rules``), and what they make of a motion (``verdict``) or an ``election``."""

from models.charter.election import Election, ElectionTally, draw_lot, judge_election
from models.charter.lines import Line, LineKind, Outcome, Reasoned
from models.charter.presets import DEFAULT_PRESET, PRESETS
from models.charter.rules import Charter, CharterFault, Quorum, charter_faults, majority_share, read_charter
from models.charter.verdict import Tally, Verdict, count_straw_poll, judge, judge_no_objection

__all__ = [
    "DEFAULT_PRESET",
    "PRESETS",
    "Charter",
    "CharterFault",
    "Election",
    "ElectionTally",
    "Line",
    "LineKind",
    "Outcome",
    "Quorum",
    "Reasoned",
    "Tally",
    "Verdict",
    "charter_faults",
    "count_straw_poll",
    "draw_lot",
    "judge",
    "judge_election",
    "judge_no_objection",
    "majority_share",
    "read_charter",
]
