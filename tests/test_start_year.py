"""The start year is the country that DUO counted on 1 October 2019, pupil by pupil."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from doorstroom.education import TechnicalEducation
from doorstroom.errors import ScenarioError
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COLUMN, TOTAL
from doorstroom.terms import Stage

KEYS = ["location", "track", "profile", "grade", "sex"]


@pytest.fixture(scope="module")
def model() -> TechnicalEducation:
    return TechnicalEducation("baseline", rng=1, fraction=1.0)


@pytest.fixture(scope="module")
def modelled(model: TechnicalEducation) -> pd.Series:
    """Pupils of the model by location, track, profile, grade and sex."""
    people = model.pupils
    here = people.stage == Stage.VO
    codes = np.array([school.code for school in model.schools.agents])
    columns = {name: getattr(people, name)[here] for name in ("track", "profile", "grade", "sex")}
    return pd.DataFrame({"location": codes[people.school[here]], **columns}).groupby(KEYS).size()


@pytest.fixture(scope="module")
def official() -> pd.Series:
    """The same from the official count."""
    table = load_inputs().pupils.rename(columns={"year": "grade"})
    long = table.melt(id_vars=KEYS[:-1], value_vars=["men", "women"], var_name="sex", value_name="n")
    return long.assign(sex=(long["sex"] == "women").astype(int)).groupby(KEYS)["n"].sum()


def test_every_location_has_its_official_pupils(modelled: pd.Series, official: pd.Series) -> None:
    official = official[official > 0]
    assert len(modelled) == len(official)
    assert (modelled.sort_index() == official.sort_index()).all()


def test_the_country_has_its_official_totals(modelled: pd.Series, model: TechnicalEducation) -> None:
    assert modelled.sum() == 956_857
    third = modelled[modelled.index.get_level_values("grade") == 3]
    by_track = third.groupby("track").sum()
    assert by_track.loc[[1, 2, 3]].to_dict() == {1: 17_332, 2: 28_434, 3: 15_742}
    assert by_track.loc[[1, 2, 3]].sum() == model.outcome("vmbo_pupils") == 61_508
    results = model.results()[0, 0]
    by_profile = {name: results[COLUMN["vmbo_technique_pupils", name]] for name in ("BWI", "PIE", "MT", "MVI", "MAT")}
    assert by_profile == {"BWI": 3_395, "PIE": 4_816, "MT": 1_511, "MVI": 1_515, "MAT": 272}
    assert results[COLUMN["vmbo_technique_pupils", TOTAL]] == 11_763
    assert results[COLUMN["vmbo_technique_pupils", "vrouw"]] == 1_254
    assert (model.pupils.stage == Stage.MBO).sum() == 501_903


def test_inputs_of_another_year_are_refused_before_anything_is_built() -> None:
    with pytest.raises(
        ScenarioError, match=r"baseline: years\.first: found 2019; allowed: 2020, the year of the input"
    ):
        TechnicalEducation("baseline", inputs=replace(load_inputs(), year=2020))
