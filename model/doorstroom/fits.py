"""What a run may know of the years since its start: two fits, kept apart."""

from __future__ import annotations

from typing import Final, Literal

Fit = Literal["known_2019", "known_2022"]
"""What the values are made from: nothing later than 1 October 2019, or everything up to school year 2022/23."""

DEFAULT_FIT: Final = "known_2022"
