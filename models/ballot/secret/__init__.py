"""Secret votes: who has voted and what the ballots say lie in two tables that have nothing in common.

``rows`` what is stored, ``box`` how it is written anew at every ballot, ``reading`` who has voted, ``casting`` the act,
``declaring`` a conflict of interest, ``counting`` what is left after the closing, ``paper`` ballots on paper.
Decision 16 says what is hidden, how, and what remains.
"""
