"""What is taken where nothing else is asked, in Python and on the command line."""

from __future__ import annotations

from typing import Final

FRACTION: Final = 0.1
"""Part of the people that is modelled."""
DRAWS: Final = 200
"""Samples of the parameters in a comparison."""
SEEDS: Final = 1
"""Streams of luck per draw; each draw has its own."""
