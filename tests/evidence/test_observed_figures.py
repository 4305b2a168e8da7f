"""DUO's files in their old and new form, and the long form, are read; damaged ones are told."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest
from official_forms import Counts, exam_file, write_exams

from doorstroom.errors import InputError
from doorstroom.inputs.figures import sector_of
from doorstroom.inputs.observations import Observed, read_observations
from doorstroom.inputs.sets import load_inputs
from doorstroom.terms import Track

OFFICIAL = os.environ.get("DOORSTROOM_OFFICIAL")


def figure(observed: Observed, **at: object) -> pd.Series:
    table = observed.table
    for column, value in at.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def read(path: Path) -> Observed:
    return read_observations(path, load_inputs())


def test_the_newer_exam_file_is_read_with_its_withheld_counts(tmp_path: Path) -> None:
    observed = read(exam_file(tmp_path, locations=60))
    raw = pd.read_csv(tmp_path / "examenkandidaten-en-geslaagden-2019-2024.csv", sep=";", dtype=str, encoding="cp1252")
    vocational = raw[raw["OPLEIDINGSNAAM"].str.contains("VMBO (?:B|LWT|K|G) - techniek")]
    withheld = 0
    for year in range(2019, 2024):
        counts = vocational[f"EXAMENKANDIDATEN SCHOOLJAAR {year}-{year + 1} - TOTAAL"]
        exact = pd.to_numeric(counts.where(counts != "<5", "0")).sum()
        row = figure(observed, year=year, region=0, outcome="vmbo_exam_technique", group="total")
        masked = int((counts == "<5").sum())
        assert exact + masked <= row["low"] <= row["value"] <= row["high"] <= exact + 4 * masked
        withheld += masked
    assert withheld > 0
    assert any("withheld" in remark for remark in observed.remarks)
    assert observed.locations is not None, "60 locations aren't the country"


def test_a_withheld_count_that_follows_from_the_total_is_exact(tmp_path: Path) -> None:
    path = exam_file(tmp_path, locations=1)
    lines = path.read_text(encoding="cp1252").splitlines()
    row = lines[1].split(";")
    row[7:16] = ['"20"', '"20"', '"95"', '"<5"', '"<5"', '"95"', '"23"', '"23"', '"95"']
    path.write_text("\n".join([lines[0], ";".join(row)]), encoding="cp1252")
    girls = figure(read(path), year=2019, region=0, outcome="vmbo_exam_technique", group="vrouw")
    assert (girls["value"], girls["low"], girls["high"]) == (3, 3, 3)


def test_the_long_form_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    name = load_inputs().regions["name"].iloc[4]
    path.write_text(
        "year,region,outcome,group,value,unit,source\n"
        f'2021,"{name}",vmbo_technique_pupils,BB,41,pupils,a letter\n'
        "2021,,vmbo_technique_share,,0.195,share,monitor\n",
        encoding="utf-8",
    )
    observed = read(path)
    assert figure(observed, outcome="vmbo_technique_pupils")["region"] == 5
    assert figure(observed, outcome="vmbo_technique_share")[["region", "group", "value"]].tolist() == [
        0,
        "total",
        0.195,
    ]


def change(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


LONG = "year,region,outcome,group,value,unit,source\n2021,country,vmbo_technique_pupils,BB,4000,pupils,x\n"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (change("vmbo_technique_pupils", "vmbo_technique_pupil"), "did you mean 'vmbo_technique_pupils'"),
        (change(",BB,", ",bb,"), "did you mean 'BB'"),
        (change("4000", "four thousand"), "row 2, column value: found 'four thousand'"),
        (change("2021", "21"), "row 2, column year: found '21'"),
        (change("country", "Atlantis"), "row 2, column region: found 'Atlantis'"),
        (change(",source", ",bron"), "allowed: a column 'source'"),
        (change(",x", ""), "row 2: found '6 fields'"),
        (lambda text: "", "at least one row below it"),
        (lambda text: "a,b\n1,2\n", "can't be told from its columns"),
    ],
)
def test_a_damaged_long_form_is_told(tmp_path: Path, damage: Callable[[str], str], told: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(damage(LONG), encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.csv") as caught:
        read(path)
    assert told in str(caught.value)


def test_damaged_official_files_are_told(tmp_path: Path) -> None:
    path = exam_file(tmp_path, locations=2)
    text = path.read_text(encoding="cp1252")
    path.write_text(text.replace("2021-2022 - MAN", "2021-2022 - MANNEN"), encoding="cp1252")
    with pytest.raises(InputError, match="allowed: a column 'EXAMENKANDIDATEN SCHOOLJAAR 2021-2022 - MAN'"):
        read(path)
    path.write_text(text.replace("VMBO B - techniek", "VMBO B - technik"), encoding="cp1252")
    with pytest.raises(InputError, match="did you mean 'VMBO B - techniek'"):
        read(path)
    path.write_text(text.replace("OPLEIDINGSNAAM", "OPLEIDING"), encoding="cp1252")
    with pytest.raises(InputError, match="did you mean 'OPLEIDING'"):
        read(path)
    with pytest.raises(InputError, match="a file that can be read"):
        read(tmp_path / "nowhere.csv")


VMBO = {"B": Track.BB, "K": Track.KB, "G": Track.GL, "T": Track.TL}


def of_everybody(tracks: Sequence[str], locations: Sequence[str] | None = None) -> dict[tuple[str, str], Counts]:
    """The exams of two years that there would be if all of year 4 (5 of havo, 6 of vwo) in 2019 sat for them."""
    inputs = load_inputs()
    pupils = inputs.pupils[inputs.pupils["location"].isin(locations or set(inputs.locations["location"]))]
    pupils = pupils.assign(sector=sector_of(pupils["profile"]))
    rows: dict[tuple[str, str], Counts] = {}
    for track in tracks:
        code = VMBO.get(track, Track.HAVO if track == "HAVO" else Track.VWO)
        grade = {Track.HAVO: 5, Track.VWO: 6}.get(code, 4)
        part = pupils[(pupils["track"] == code) & (pupils["year"] == grade)]
        sums = part.groupby(["location", "sector"])[["men", "women"]].sum()
        for (location, sector), (men, women) in zip(sums.index, sums.to_numpy().tolist(), strict=True):
            word = {"n_t": "N&T", "n_g": "N&G", "techniek": "techniek"}.get(sector, "E&M" if code > 5 else "economie")
            course = f"{track if code > 5 else f'VMBO {track}'} - {word}"
            rows[location, course] = [(men, women), (2 * men, 2 * women)]
    return rows


def total(rows: Mapping[tuple[str, str], Counts], courses: str, year: int = 0, sexes: slice = slice(None)) -> int:
    """Candidates of the courses that begin so."""
    return sum(sum(counts[year][sexes]) for (_, course), counts in rows.items() if re.match(courses, course))


def test_a_file_of_one_municipality_is_that_of_its_locations(tmp_path: Path) -> None:
    places = load_inputs().locations
    here = places.loc[places["municipality"] == places["municipality"].mode()[0], "location"].tolist()
    rows = of_everybody([*VMBO, "HAVO", "VWO"], here)
    observed = read(write_exams(tmp_path, rows))
    assert observed.locations == {location for location, _ in rows}
    assert set(observed.table["region"]) == {0}, "regions would be named by a part of them"
    assert any("holds a part of the country" in remark for remark in observed.remarks)
    for outcome, group, courses in (
        ("vmbo_exam_candidates", "total", "VMBO [BKG]"),
        ("vmbo_exam_technique", "total", "VMBO [BKG] - techniek"),
        ("vmbo_exam_technique", "KB", "VMBO K - techniek"),
        ("tl_exam_candidates", "total", "VMBO T"),
        ("nt_exam_candidates", "vwo", "VWO - N&T"),
    ):
        for year in range(2):
            row = figure(observed, year=2019 + year, outcome=outcome, group=group)
            assert row["low"] <= total(rows, courses, year) <= row["high"]
            assert row["value"] == pytest.approx(total(rows, courses, year), rel=0.05)


def test_a_file_of_three_schools_leaves_out_what_they_dont_teach(tmp_path: Path) -> None:
    pupils = load_inputs().pupils
    upper = pupils[(pupils["year"] == 4) & pupils["track"].between(Track.BB, Track.VWO)]
    of_location = upper.groupby("location")["track"].agg(frozenset)
    only = {name: of_location[of_location == tracks].index[:count].tolist() for name, tracks, count in (
        ("lower vmbo", frozenset({Track.BB, Track.KB}), 2), ("tl", frozenset({Track.TL}), 1),
    )}  # fmt: skip
    rows = of_everybody(list(VMBO), [*only["lower vmbo"], *only["tl"]])
    observed = read(write_exams(tmp_path, rows))
    assert observed.locations == {*only["lower vmbo"], *only["tl"]}
    row = figure(observed, year=2020, outcome="vmbo_exam_candidates", group="total")
    assert row["low"] <= total(rows, "VMBO [BK]", 1) <= row["high"], "they have no gl, so bb and kb are all"
    groups = set(observed.table["group"])
    assert "GL" not in groups
    assert not set(observed.table["outcome"]) & {"havo_vwo_exam_candidates", "nt_exam_candidates"}


def test_havo_rows_alone_are_havo_of_the_whole_country(tmp_path: Path) -> None:
    rows = of_everybody(["HAVO"])
    observed = read(write_exams(tmp_path, rows))
    assert observed.locations is None
    assert {group.split()[0] for group in observed.table["group"]} == {"havo"}, "vwo isn't there, so nothing of both"
    assert any("no rows of bb, kb, gl, tl, vwo" in remark for remark in observed.remarks)
    for outcome, courses in (("havo_vwo_exam_candidates", "HAVO"), ("nt_exam_candidates", "HAVO - N&T")):
        for group, sexes in (("havo", slice(None)), ("havo vrouw", slice(1, 2))):
            row = figure(observed, year=2019, region=0, outcome=outcome, group=group)
            assert row["low"] <= total(rows, courses, sexes=sexes) <= row["high"]
    regions = observed.table[(observed.table["outcome"] == "nt_exam_candidates") & (observed.table["group"] == "havo")]
    assert regions.loc[(regions["year"] == 2019) & (regions["region"] > 0), "value"].sum() == pytest.approx(
        figure(observed, year=2019, region=0, outcome="nt_exam_candidates", group="havo")["value"]
    )


def test_a_whole_file_is_the_country_and_settles_where_dp_stands(tmp_path: Path) -> None:
    rows = of_everybody([*VMBO, "HAVO", "VWO"])
    observed = read(write_exams(tmp_path, rows))
    assert observed.locations is None
    row = figure(observed, year=2019, region=0, outcome="vmbo_exam_technique", group="total")
    assert row["low"] <= total(rows, "VMBO [BKG] - techniek") <= row["high"]
    assert any("D&P" in remark and "is not in sector techniek" in remark for remark in observed.remarks)
    widest = next(remark for remark in observed.remarks if "the widest is" in remark)
    assert re.search(r"the widest is \w+/[\w ]+ of 20\d\d: ", widest)
    moved = {(location, course.replace("economie", "techniek")): counts for (location, course), counts in rows.items()}
    assert any("can't be compared" in remark for remark in read(write_exams(tmp_path, moved)).remarks)


@pytest.mark.skipif(OFFICIAL is None, reason="set DOORSTROOM_OFFICIAL to the folder with DUO's files")
def test_official_files_of_the_old_form_give_the_figures_known_of_them() -> None:
    folder = Path(OFFICIAL or "")
    exams = read(folder / "examenkandidaten-en-geslaagden-2014-2019.csv")
    assert figure(exams, year=2018, region=0, outcome="vmbo_exam_technique", group="total")["value"] == 11_229
    marks = read(folder / "geslaagden-gezakten-en-cijfers-2018-2019.csv")
    assert figure(marks, year=2018, region=0, outcome="vmbo_exam_technique", group="BWI")["value"] == 2_921
    pupils = read(folder / "leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv")
    assert figure(pupils, year=2019, region=0, outcome="vmbo_technique_pupils", group="total")["value"] == 11_763


@pytest.mark.skipif(OFFICIAL is None, reason="set DOORSTROOM_OFFICIAL to the folder with DUO's files")
def test_the_exam_history_is_made_again_as_it_is() -> None:
    from doorstroom.inputs.exam_history import load_exam_history, make

    places, candidates = make(Path(OFFICIAL or ""), load_inputs())
    history = load_exam_history()
    assert tuple(places["location"]) == history.location
    assert candidates[list(range(2011, 2020))].to_numpy().sum() == history.candidates.sum()
