"""Sets of rules to start from. Each is „angelehnt an" a text, and follows it only where a comment says so."""

from typing import Any

# Who decides when it is disputed was found in no source; so nobody is named here.
DOUBT = "Ob ein Mandat ausgeschlossen ist, entscheidet im Zweifel, wen die Geschäftsordnung dafür bestimmt."

# The KVG LSA binds the Kreistag and its committees; a RAK only by analogy, or where its own rules say so. It was
# amended on 16 May 2024 (GVBl. LSA S. 128, in force 1 July 2024); what follows was read in older states or is common
# knowledge, to be read again in the present wording by the office.
_KVG_LSA: dict[str, Any] = {
    # § 55: a majority is present after due invitation. Common knowledge, the text was not at hand.
    "quorum": {"more_than": "1/2", "base": "all"},
    # § 56 Abs. 2: the majority of the votes for yes and no, abstentions not counted, a tie is a no. The same.
    "majority": "simple",
    "abstentions": "not counted",
    "tie": "rejected",
    # § 56, read in papers of the Kreistag Stendal: elected is who has the majority of those present; in a second ballot
    # who has most votes; then the lot.
    "election_base": "present",
    # § 54 in the state of 2022 allows no binding vote by yes and no outside a meeting, so a circular asks for opinions.
    "circular": "straw poll only",
    "clause": "",
    "silence": "no vote",
    # § 33: who may gain directly takes no part. Rivals for the same budget gain from each other's loss.
    "conflict_scope": "call",
    "doubt": DOUBT,
    # From here on no source: what an office would expect until its own rules say otherwise.
    "chair": "",
    "second_meeting": False,
    "notice_days": 7,
    "changeable": True,
    "secret_on_request": False,
    "first_that_does_not_fit": "stop",
    "names_published": False,
    "receipt_list": "none",
}
DEFAULT_PRESET = "angelehnt an KVG LSA"
PRESETS: dict[str, dict[str, Any]] = {
    DEFAULT_PRESET: _KVG_LSA,
    # notice_days: at least two weeks between invitation and meeting. The rest as in the KVG preset.
    "angelehnt an ARGE-Beirat Bitterfeld": {**_KVG_LSA, "notice_days": 14},
    # circular: it binds if the matter is urgent, was discussed in a meeting before, and the way is agreed to (here one
    # objection ends it; the rest is for the office to see to). The clause that allows it is the office's own, and must
    # be written beside the preset. The rest as in the KVG preset.
    "angelehnt an LAG Fichtelgebirge": {**_KVG_LSA, "circular": "majority"},
}
