"""A second reading of the engine's rules in plain Python and exact fractions.

Written from the rules alone, not from the models, so that an agreement of both says something.
It is slow, keeps everything in memory and computes one contract at a time.
"""

from oracle.answer import answer_case

__all__ = ["answer_case"]
