"""What is taken where nothing else is asked, and how much may be, in Python and on the command line."""

from __future__ import annotations

from typing import Final

FRACTION: Final = 0.1
"""Part of the people that is modelled."""
DRAWS: Final = 200
"""Samples of the parameters in a comparison."""
SEEDS: Final = 1
"""Streams of luck per draw; each draw has its own."""

LEAST_FRACTION: Final = 0.0001
"""One person in ten thousand, some ninety pupils of the country: of fewer nothing can be said."""
MOST_DRAWS: Final = 1_000_000
MOST_SEEDS: Final = 1_000_000
MOST_STREAM: Final = 2**63 - 1
"""The largest number of a stream of luck, so that tables can hold it as a whole number of 64 bits."""
A_FRACTION: Final = f"a number from {LEAST_FRACTION:.4f} to 1"
