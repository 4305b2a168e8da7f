"""The set that comes with the package: the country as it was counted on 1 October 2019."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from doorstroom.inputs.checks import check_margins
from doorstroom.inputs.observed import monitors, observed_exams
from doorstroom.inputs.schema import TABLES
from doorstroom.inputs.sets import Inputs, load_inputs, place, read_manifest
from doorstroom.outcomes import OUTCOMES
from doorstroom.terms import TECHNICAL_PROFILES, Field, Profile, Track

VOCATIONAL = (Track.BB, Track.KB, Track.GL)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return load_inputs()


@pytest.fixture(scope="module")
def third(inputs: Inputs) -> pd.DataFrame:
    """Year 3 of bb, kb and gl."""
    pupils = inputs.pupils.assign(n=inputs.pupils["men"] + inputs.pupils["women"])
    return pupils[(pupils["year"] == 3) & pupils["track"].isin(VOCATIONAL)]


def test_it_is_the_count_of_1_october_2019(inputs: Inputs) -> None:
    assert (inputs.name, inputs.year) == ("nl2019", 2019)
    assert set(inputs.withheld["table"]) == {"exams_sex"}  # that edition of the count publishes every pupil
    assert inputs.withheld["row"].str[:4].astype(int).min() == 2020


def test_every_pupil_is_there(inputs: Inputs) -> None:
    """DUO, leerlingen vo per vestiging naar onderwijstype, 1 October 2019."""
    assert inputs.pupils["men"].sum() + inputs.pupils["women"].sum() == 956_857
    assert inputs.pupils["location"].nunique() == len(inputs.locations) == 1_450


def test_technique_in_year_3_is_as_published(third: pd.DataFrame) -> None:
    """11,763 of 61,508 pupils: the 19% of the Monitor Techniekpact for 2019/20."""
    technical = third["profile"].isin((*TECHNICAL_PROFILES, Profile.VR_TECHNIEK))
    assert third["n"].sum() == 61_508
    assert third.loc[technical, "n"].sum() == 11_763


@pytest.mark.parametrize(
    ("profile", "locations"),
    [(Profile.PIE, 213), (Profile.BWI, 171), (Profile.MT, 94), (Profile.MVI, 49), (Profile.MAT, 6)],
)
def test_locations_per_technical_profile_are_as_published(
    third: pd.DataFrame, profile: Profile, locations: int
) -> None:
    assert third.loc[third["profile"] == profile, "location"].nunique() == locations


def test_vocational_locations_are_as_published(third: pd.DataFrame) -> None:
    technical = third["profile"].isin((*TECHNICAL_PROFILES, Profile.VR_TECHNIEK))
    assert third["location"].nunique() == 563
    assert third.loc[technical, "location"].nunique() == 276


@pytest.mark.parametrize(
    ("track", "pupils"),
    [
        (Track.LOWER, 375_012),
        (Track.BB, 34_623),
        (Track.KB, 56_613),
        (Track.GL, 28_007),
        (Track.TL, 82_323),
        (Track.HAVO_VWO_3, 93_390),
        (Track.HAVO, 117_991),
        (Track.VWO, 126_836),
        (Track.PRO, 29_315),
        (Track.OTHER, 3_858 + 499 + 1_972),
        (Track.VAVO, 3_425 + 1_333 + 1_660),
    ],
)
def test_pupils_per_track_are_as_published(inputs: Inputs, track: Track, pupils: int) -> None:
    of_track = inputs.pupils[inputs.pupils["track"] == track]
    assert of_track["men"].sum() + of_track["women"].sum() == pupils


def test_exams_are_as_published(inputs: Inputs) -> None:
    """DUO, geslaagden, gezakten en cijfers: candidates of havo, vwo and vmbo by exam year."""
    published = {
        2011: 184_148, 2012: 184_327, 2013: 185_296, 2014: 188_136, 2015: 193_336,
        2016: 198_186, 2017: 200_946, 2018: 199_697, 2019: 196_552,
    }  # fmt: skip
    assert inputs.exams.groupby("exam_year")["candidates"].sum().to_dict() == published
    by_sex = inputs.exams_sex.groupby("exam_year")["candidates"].sum()
    # DUO's two files differ by 24 candidates in 2018 and agree in the other years
    assert (by_sex - pd.Series(published)).dropna().drop(range(2011, 2015), errors="ignore").to_dict() == {
        2015: 0, 2016: 0, 2017: 0, 2018: 24, 2019: 0,
    }  # fmt: skip


def test_exams_since_the_count_are_known_within_their_bounds(inputs: Inputs) -> None:
    """DUO, examenkandidaten en geslaagden 2019-2024, bb, kb and gl; the sums count every withheld count as 2."""
    figures = observed_exams(inputs)
    country = figures[(figures["region"] == 0) & (figures["group"] == "total")].set_index(["outcome", "year"])
    assert country.loc[("vmbo_exam_technique", 2018), ["low", "value", "high"]].tolist() == [11_229] * 3
    for outcome, sums in (
        ("vmbo_exam_technique", {2019: 11_026, 2020: 10_220, 2021: 9_880, 2022: 9_373}),
        ("vmbo_exam_candidates", {2019: 51_364, 2020: 49_163, 2021: 46_607, 2022: 45_042}),
    ):
        for year, about in sums.items():
            low, value, high = country.loc[(outcome, year), ["low", "value", "high"]]
            assert low < value < high
            assert abs(value / about - 1) < 0.01
    assert figures["year"].max() == 2022
    assert figures.loc[figures["outcome"] == "tl_exam_technique", "year"].min() == 2018, "before, tl had no sectors"
    assert set(figures["region"]) == set(range(79))


def test_no_figure_is_of_a_year_that_judges_the_model() -> None:
    figures = monitors()
    assert figures["year"].between(2020, 2022).all()
    assert (figures["low"] <= figures["value"]).all()
    assert (figures["value"] <= figures["high"]).all()
    assert figures["source"].str.len().min() > 10
    for outcome, group in figures[["outcome", "group"]].itertuples(index=False):
        assert group in OUTCOMES[outcome].groups


def test_mbo_students_are_as_published(inputs: Inputs) -> None:
    n = (inputs.students["men"] + inputs.students["women"]).groupby(inputs.students["year"]).sum()
    assert n.to_dict() == {2015: 471_848, 2016: 479_505, 2017: 482_900, 2018: 492_410, 2019: 501_903}
    technical = inputs.students[(inputs.students["year"] == 2019) & (inputs.students["field"] != Field.OTHER)]
    share = (technical["men"].sum() + technical["women"].sum()) / 501_903
    assert 0.26 < share < 0.30  # the Monitor Techniekpact says 27-29%


def test_78_regions_made_of_80_nodal_areas(inputs: Inputs) -> None:
    areas = inputs.regions["nodal_areas"].str.split("+")
    assert len(inputs.regions) == 78
    assert sum(map(len, areas)) == 80
    assert sorted(areas.map(len).tolist())[-3:] == [1, 2, 2]
    assert inputs.regions["region"].tolist() == list(range(1, 79))


def test_technique_poor_regions_are_real(inputs: Inputs) -> None:
    share = inputs.regions["technique_share"]
    assert share.min() == 0.0
    assert 0.50 < share.max() < 0.52
    assert np.allclose(share.quantile([0.25, 0.5, 0.75]), [0.15, 0.20, 0.24], atol=0.01)


def test_every_place_lies_in_the_netherlands(inputs: Inputs) -> None:
    for table in (inputs.regions, inputs.municipalities, inputs.locations, inputs.homes, inputs.colleges):
        assert table["lat"].between(50.7, 53.7).all()
        assert table["lon"].between(3.2, 7.3).all()


def test_a_regions_cohorts_are_its_own(inputs: Inputs) -> None:
    """The index runs through each band's own size, relative to those of 10 to 14, half a year after 2025 and 2030."""
    bands = inputs.homes.groupby("region")[["a10_14", "a5_9", "a0_4"]].sum()
    cohorts = inputs.cohorts.pivot_table(index="region", columns="year", values="index")
    slope = cohorts[2025] - cohorts[2024]
    assert np.allclose(cohorts[2025] + slope / 2, bands["a5_9"] / bands["a10_14"], atol=1e-5)
    assert np.allclose(cohorts[2060], bands["a0_4"] / bands["a10_14"], atol=1e-6)
    assert cohorts[2060].nunique() == 78
    assert (cohorts[2020] == 1.0).all()


def test_every_margin_holds(inputs: Inputs) -> None:
    margins = check_margins(inputs, read_manifest(place())["controls"])
    assert all(margin.holds for margin in margins), [margin for margin in margins if not margin.holds]
    exact = [margin for margin in margins if margin.unit == "persons"]
    assert len(exact) >= 8
    assert not any(margin.deviation for margin in exact)


def test_routes_bring_the_lower_years_to_year_3(inputs: Inputs) -> None:
    margins = check_margins(inputs, read_manifest(place())["controls"])
    routes = [margin for margin in margins if margin.name.startswith("routes")]
    assert len(routes) == 2
    assert all(margin.deviation < 10 for margin in routes)


def test_the_manifest_names_the_source_of_every_table() -> None:
    manifest = read_manifest(place())
    assert set(manifest["tables"]) == set(TABLES)
    for entry in manifest["tables"].values():
        assert entry["sources"]
        assert entry["derived"]
        assert all(line.split("; ")[-1] in {"CC0", "CC BY 4.0", "MIT"} for line in entry["sources"])
    assert len(manifest["official"]) == 12
    assert all(len(file["sha256"]) == 64 for file in manifest["official"])


def test_no_name_or_address_of_a_school_is_carried() -> None:
    folder = resources.files("doorstroom.inputs") / "data" / "nl2019"
    locations = (folder / "locations.csv").read_text(encoding="utf-8").splitlines()
    assert locations[0] == "location,region,municipality,lat,lon,placed,vwo_share_y3"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert not any("/" in file["file"] for file in manifest["official"])
