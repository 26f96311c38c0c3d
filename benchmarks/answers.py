"""``make bench-answers``: finding and refusing on public question sets beside ../shared's baselines, in one run.

Four parts: ranking (top-1/top-3/MRR@10), refusing (AUROC, precision and refusals where 90 % of the answerable are
answered), the office's questions (answered rightly with the right citation; refused), and speed with memory. Weights
were looked at on these sets, too (decision 13 says which), so the best figures are slightly optimistic.
``--all`` adds the set of 2,190 directive passages with vectors (a quarter of an hour the first time).
"""

import sys

from benchmarks import asked, ranking, refusing, scale
from benchmarks.collections import SHARED


def main() -> None:
    """Run every part for which the data are there."""
    if not SHARED.exists():
        print("no ../shared: nothing to measure")
        return
    everything = "--all" in sys.argv
    ranking.main(everything=everything)
    refusing.main()
    asked.main()
    scale.main()


if __name__ == "__main__":
    main()
