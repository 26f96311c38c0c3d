"""Charters at random, as office.toml spells them."""

from typing import Any

from hypothesis import strategies as st

SHARES = st.sampled_from(["1/2", "1/3", "2/3", "3/4", "1/4", "2/4"])
MAJORITIES = st.sampled_from(["simple", "absolute", "two thirds", "3/4", "1/2", "4/5", "1/1", "2/4"])


@st.composite
def charters(draw: st.DrawFn) -> dict[str, Any]:
    """Every key that bears on a verdict."""
    word = draw(st.sampled_from(["at_least", "more_than"]))
    amount: Any = draw(SHARES | st.integers(0, 8))
    return {
        "quorum": {word: amount, "base": draw(st.sampled_from(["all", "present", "not excluded"]))},
        "majority": draw(MAJORITIES),
        "abstentions": draw(st.sampled_from(["not counted", "count as cast"])),
        "tie": draw(st.sampled_from(["rejected", "chair decides"])),
        "chair": "Landkreis",
        "election_base": draw(st.sampled_from(["present", "cast"])),
        "second_meeting": draw(st.booleans()),
        "circular": "majority",
        "clause": "§ 7 GO",
        "silence": draw(st.sampled_from(["no vote", "abstention"])),
    }
