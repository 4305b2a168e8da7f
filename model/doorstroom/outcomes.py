"""The dictionary of outcomes: names, units and definitions that code, plots and docs all read.

A run yields one value per year, region (0 is the whole country) and series; a series is an outcome in
one of its groups. Counts and amounts are recorded and add up over regions. Ratios are never recorded:
they follow from two counts, for a region and for the country alike. The dictionary itself is
`outcomes.toml`.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.terms import (
    KINDS,
    MEANT_FOR_INTEREST,
    TARGETS,
    TECHNICAL_FIELDS,
    TECHNICAL_PROFILES,
    Activity,
    Stage,
    Teaching,
)

TOTAL: Final = "total"

COUNTRY: Final = 0
"""The region number that stands for the whole country."""

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "leerwegen": ("BB", "KB", "GL"),
    "sexes": ("man", "vrouw"),
    "backgrounds": ("other background", "migration background"),
    "profiles": tuple(profile.name for profile in TECHNICAL_PROFILES),
    "leerwegen_sexes": tuple(f"{name} {sex}" for sex in ("man", "vrouw") for name in ("BB", "KB", "GL")),
    "havo_vwo": ("havo", "vwo"),
    "havo_vwo_sexes": ("havo man", "havo vrouw", "vwo man", "vwo vrouw"),
    "levels": ("level 1", "level 2", "level 3", "level 4"),
    "pathways": ("bol", "bbl"),
    "fields": tuple(field.name.lower() for field in TECHNICAL_FIELDS),
    "programmes": ("STO", "NGF", "other"),
    "activities": tuple(activity.name.lower() for activity in Activity),
    "stages": tuple(stage.name.lower() for stage in Stage if stage != Stage.FUTURE),
    "qualifications": tuple(kind.name.lower() for kind in Teaching),
    "routes_in": (
        "teacher training",
        "zij-instroom",
        "hybrid",
        "instructor",
        "from other teaching",
        "unqualified cover",
    ),
    "routes_out": ("retired", "to industry", "other", "to other teaching", "contract ended", "other subject"),
    "hours": ("came in", "went out", "more hours", "fewer hours", "came from a school", "went to a school"),
    "borders": ("from another region", "to another region"),
    "other_teaching": ("tl, havo and vwo", "mbo"),
    "ages": ("under 30", "30 to 39", "40 to 49", "50 to 54", "55 to 59", "60 and over"),
    "moves": (
        "primary school > secondary education",
        "vmbo technique > mbo technique",
        "vmbo technique > other mbo",
        "vmbo technique > elsewhere",
        "tl > mbo technique",
        "tl > other mbo",
        "tl > elsewhere",
        "other secondary > mbo technique",
        "other secondary > other mbo",
        "other secondary > hbo technique",
        "other secondary > elsewhere",
        "outside > mbo technique",
        "outside > other mbo",
        "mbo technique > technical work",
        "mbo technique > other work",
        "mbo technique > hbo technique",
        "mbo technique > elsewhere",
    ),
    "hired_from": ("graduates", "job-seekers", "elsewhere", "teaching"),
    "cuts": ("too little co-financing", "conditions of a review", "application refused"),
    "kinds": KINDS,
    "targets": TARGETS,
    "meant_for_interest": tuple(activity.name.lower() for activity in MEANT_FOR_INTEREST),
    "for_whom": ("technical profiles", "all profiles of vmbo"),
    "region_kinds": ("technique-poor fifth", "other regions"),
}
"""Lists of groups in the order of the codes in `terms`."""


class Outcome(NamedTuple):
    """One outcome: what it counts, in which groups, in which unit.

    A ratio divides the outcome `of` by the outcome `over`, group by group where `over` has the group and
    by its total where it has not. Both are empty for a count or an amount. A `flow` is counted over the school
    year before: its 0 in the start year means that there was no year before, not that nobody moved.
    """

    name: str
    section: str
    unit: str
    groups: tuple[str, ...]
    title: str
    definition: str
    matters: float
    matters_why: str
    of: str = ""
    over: str = ""
    flow: bool = False

    @property
    def is_ratio(self) -> bool:
        """Whether it is computed from two counts instead of recorded."""
        return bool(self.of)


def _read() -> dict[str, Outcome]:
    text = (files("doorstroom") / "outcomes.toml").read_text(encoding="utf-8")
    return {
        name: Outcome(
            name=name, **{**entry, "groups": tuple(g for group in entry["groups"] for g in GROUPS.get(group, (group,)))}
        )
        for name, entry in tomllib.loads(text).items()
    }


OUTCOMES: Final[dict[str, Outcome]] = _read()

COUNTS: Final = tuple((o.name, group) for o in OUTCOMES.values() if not o.is_ratio for group in o.groups)
"""The series that a run records, in the order of the columns of its counts."""

SERIES: Final = (*COUNTS, *((o.name, group) for o in OUTCOMES.values() if o.is_ratio for group in o.groups))
"""All series: the recorded ones, then the ratios that follow from them."""

COLUMN: Final = {series: column for column, series in enumerate(SERIES)}


_RATIOS: Final = tuple((OUTCOMES[name], group) for name, group in SERIES[len(COUNTS) :])
_OF: Final = [COLUMN[ratio.of, group] for ratio, group in _RATIOS]
_OVER: Final = [
    COLUMN[ratio.over, group if group in OUTCOMES[ratio.over].groups else TOTAL] for ratio, group in _RATIOS
]


def complete(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """All series of the country and its regions from the counts per region.

    Parameters
    ----------
    counts : float64 array, shape (years, regions, len(COUNTS))

    Returns
    -------
    float64 array, shape (years, 1 + regions, len(SERIES)); region 0 is the country. A ratio over nothing is NaN.
    """
    years, regions, recorded = counts.shape
    series = np.full((years, 1 + regions, len(SERIES)), np.nan)
    series[:, COUNTRY, :recorded] = counts.sum(axis=1)
    series[:, 1:, :recorded] = counts
    above, below = series[..., _OF], series[..., _OVER]
    np.divide(above, below, out=series[..., recorded:], where=below != 0)
    return series
