"""How the time of a run grows with pupils, regions, years and runs."""

from __future__ import annotations

import dataclasses
import statistics
import time
from typing import NamedTuple

import pandas as pd

from doorstroom.education import TechnicalEducation
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.parameters import load_parameters

YEARS = 8
FRACTIONS = (0.01, 0.1, 1.0)
TIMES = 4
REGIONS = (20, 39, 78)
PERSONS_OF_REGIONS = 0.2
"""Part of the country's people that each number of regions holds."""
LASTS = (5, 10, 21)
RUNS = (1, 2, 4)
SMALL = 0.1


class Point(NamedTuple):
    """Seconds of processor time of one size.

    Attributes
    ----------
    year : median seconds of a year
    person_year : the same per person in education, nanoseconds
    """

    size: str
    persons: int
    year: float
    person_year: float


def with_pupils() -> list[Point]:
    """1/100, 1/10 and the whole country, and four countries in one."""
    points = [
        _point(f"{fraction:g}", TechnicalEducation("baseline", rng=1, fraction=fraction)) for fraction in FRACTIONS
    ]
    adults = load_parameters()["mbo_choice.adults_per_year"].value
    more = TechnicalEducation(
        "baseline", rng=1, fraction=1.0, inputs=times(TIMES), draw={"mbo_choice.adults_per_year": TIMES * adults}
    )
    return [*points, _point(f"{TIMES}", more)]


def with_regions() -> list[Point]:
    """The first 20, 39 and all regions with equally many people."""
    people = pd.Series(TechnicalEducation("baseline", rng=1, fraction=0.01).country.people)
    points = []
    for regions in REGIONS:
        fraction = min(1.0, PERSONS_OF_REGIONS * people.sum() / people[:regions].sum())
        model = TechnicalEducation("no_sto", rng=1, fraction=fraction, inputs=first(regions))
        points.append(_point(f"{regions}", model))
    return points


def with_years() -> list[tuple[int, float]]:
    """Years run, and seconds per year."""
    found = []
    for years in LASTS:
        model = TechnicalEducation("baseline", rng=1, fraction=SMALL)
        start = time.process_time()
        for _ in range(years):
            model.step()
        found.append((years, (time.process_time() - start) / years))
    return found


def with_runs() -> list[tuple[int, float]]:
    """Runs in one process, and seconds per run, building included."""
    found = []
    for runs in RUNS:
        start = time.process_time()
        for seed in range(runs):
            TechnicalEducation("baseline", rng=seed, fraction=SMALL).run()
        found.append((runs, (time.process_time() - start) / runs))
    return found


def times(factor: int) -> Inputs:
    """The default country with everybody so many times."""
    inputs = load_inputs()
    more = {
        name: getattr(inputs, name).assign(**{sex: getattr(inputs, name)[sex] * factor for sex in ("men", "women")})
        for name in ("pupils", "students")
    }
    return dataclasses.replace(inputs, name=f"{inputs.name} x {factor}", **more)


def first(regions: int) -> Inputs:
    """The default country cut down to its first regions."""
    inputs = load_inputs()
    kept = {
        name: table[table["region"] <= regions].reset_index(drop=True)
        for name in ("regions", "municipalities", "locations", "homes", "cohorts", "colleges", "exams")
        for table in [getattr(inputs, name)]
    }
    locations, colleges = kept["locations"]["location"], kept["colleges"]["college"]
    kept["pupils"] = inputs.pupils[inputs.pupils["location"].isin(locations)].reset_index(drop=True)
    feeders = inputs.feeders
    inside = feeders["lower_location"].isin(locations) & feeders["upper_location"].isin(locations)
    origin = ["year", "lower_location", "class_kind"]
    known = pd.MultiIndex.from_frame(feeders[origin]).isin(pd.MultiIndex.from_frame(feeders.loc[inside, origin]))
    # where every route leads outside, pupils stay where they are
    lost = feeders[~known & feeders["lower_location"].isin(locations)]
    stays = lost.assign(upper_location=lost["lower_location"]).drop_duplicates([*origin, "track"])
    kept["feeders"] = pd.concat([feeders[inside], stays], ignore_index=True).sort_values(
        [*origin, "upper_location", "track"], ignore_index=True
    )
    kept["students"] = inputs.students[inputs.students["college"].isin(colleges)].reset_index(drop=True)
    return dataclasses.replace(inputs, name=f"{inputs.name}, {regions} regions", **kept)


def _point(size: str, model: TechnicalEducation) -> Point:
    persons = len(model.pupils.in_vo) + len(model.pupils.in_mbo)
    seconds = []
    for _ in range(YEARS):
        start = time.process_time()
        model.step()
        seconds.append(time.process_time() - start)
    year = statistics.median(seconds)
    return Point(size, persons, year, year / persons * 1e9)
