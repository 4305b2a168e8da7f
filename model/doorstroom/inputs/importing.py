"""From the official files to the project's own input set."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from doorstroom.inputs import official as files
from doorstroom.inputs.colleges import college_table, student_table
from doorstroom.inputs.exams import exam_regions, exam_sex_table, exam_table
from doorstroom.inputs.feeders import Fit, fit_feeders, margins
from doorstroom.inputs.homes import cohort_table, home_table, municipality_table
from doorstroom.inputs.places import Towns, place_locations, plain_name
from doorstroom.inputs.pupils import check_totals, class_kind_table, long_count, pupil_table, vwo_shares
from doorstroom.inputs.readers import Official, digest, find, numbers, read
from doorstroom.inputs.regions import MEMBERS, NearestRegion, make_regions, nodal_names, own_names, year3_vocational
from doorstroom.inputs.schema import TABLES, VERSION
from doorstroom.terms import TECHNICAL_PROFILES, Profile, Track

DERIVED: Final[dict[str, tuple[tuple[Official, ...], str]]] = {
    "regions": (
        (files.ADDRESSES, files.PUPILS, files.POSTCODES),
        "nodal areas, the two smallest merged into the nearest; centre and technique share weighted by year-3 bb/kb/gl",
    ),
    "municipalities": (
        (files.DIVISIONS, files.GROUP8, files.CENTRES, files.POSTCODES),
        "divisions of 2018-2021 together; region of the nodal area, else of the nearest location",
    ),
    "locations": (
        (files.PUPILS, files.ADDRESSES, files.POSTCODES),
        "every location with pupils, at the middle of its four-digit postcode",
    ),
    "class_kinds": ((files.PUPILS,), "kinds of lower-year classes and the tracks they prepare for"),
    "pupils": ((files.PUPILS,), "every pupil, in the model's codes"),
    "feeders": (
        (files.PUPILS, files.ADDRESSES, files.POSTCODES),
        "iterative proportional fitting of year 1 and of year 2 to year 3 with distance decay; see docs/inputs.md",
    ),
    "homes": ((files.PEOPLE, files.POSTCODES, files.DIVISIONS), "five-year bands added up per postcode"),
    "cohorts": ((files.PEOPLE,), "age bands at their entry years, linear between them; flat after 2030"),
    "colleges": ((files.STUDENTS, files.POSTCODES), "seat town at the mean of its postcodes"),
    "students": ((files.STUDENTS,), "domains grouped into technical sectors; part-time bol counts as bol"),
    "exams": (
        (files.EXAMS, files.ADDRESSES, files.POSTCODES),
        "locations added up per region; departments of before 2016 translated to profiles",
    ),
    "exams_sex": ((files.EXAMS_SEX,), "locations added up nationally"),
}
"""Per table: the official files it comes from and one line on how."""


@dataclass(frozen=True)
class ImportReport:
    """What an import wrote: the folder, rows per table, control totals and remarks for the user."""

    target: Path
    rows: dict[str, int]
    controls: dict[str, Any]
    remarks: tuple[str, ...] = field(default=())


def import_official(source: Path, target: Path) -> ImportReport:
    """Make an input set in `target` from the official files in `source`.

    The same files give the same bytes. A file `regions_members.csv` (location, region_name) in `source` replaces
    the regions made from nodal areas. Raises InputError when an official file is missing, has other columns, masked
    counts or unknown words, or when a control total doesn't hold; nothing is written then.
    """
    tables, controls, remarks = build_tables(source)
    target.mkdir(parents=True, exist_ok=True)
    entries: dict[str, Any] = {}
    for name, form in TABLES.items():
        raw = _csv(tables[name], name)
        (target / form.file(name)).write_bytes(raw)
        origins, derived = DERIVED[name]
        entries[name] = {
            "file": form.file(name),
            "rows": len(tables[name]),
            "sha256": hashlib.sha256(raw).hexdigest(),
            "sources": [origin.source for origin in origins],
            "derived": derived,
        }
    used = [find(source, official) for official in files.ALL]
    if (source / MEMBERS.files[0]).is_file():
        used.append(source / MEMBERS.files[0])
    manifest = {
        "name": target.name,
        "schema": VERSION,
        "tables": entries,
        "controls": controls,
        "remarks": list(remarks),
        "official": [{"file": path.name, "sha256": digest(path)} for path in sorted(used)],
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (target / "manifest.json").write_bytes(text.encode())
    return ImportReport(target, {name: len(tables[name]) for name in TABLES}, controls, remarks)


def build_tables(source: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any], tuple[str, ...]]:
    """All tables of the set, its control totals and remarks, from the official files in `source`."""
    raw = read(source, files.PUPILS)
    count = long_count(raw)
    pupils = pupil_table(count)
    totals = check_totals(pupils, raw)
    postcodes = _with_coordinates(read(source, files.POSTCODES))
    towns = Towns(postcodes)
    seen = raw.assign(location=raw["brin"] + raw["suffix"].str.zfill(2).str[-2:])
    seen = seen.drop_duplicates("location")[["location", "brin", "town", "province"]].sort_values("location")
    addresses = read(source, files.ADDRESSES)
    placed = place_locations(seen.reset_index(drop=True), addresses, postcodes, towns)

    third = year3_vocational(pupils)
    own = own_names(source, placed)
    weight = third["pupils"].reindex(placed["location"], fill_value=0).reset_index(drop=True)
    regions, number = make_regions(placed, nodal_names(placed, weight) if own is None else own, third)
    locations = placed.assign(
        region=number,
        municipality=placed["municipality"].astype("int64"),
        vwo_share_y3=placed["location"].map(vwo_shares(count)),
    )
    nearest = NearestRegion(locations)
    nodal_region = locations.groupby("nodal")["region"].first() if own is None else pd.Series(dtype="int64")
    municipalities = municipality_table(
        read(source, files.DIVISIONS),
        read(source, files.GROUP8),
        _with_coordinates(read(source, files.CENTRES)),
        postcodes,
        locations,
        nodal_region,
        nearest,
    )
    homes, home_facts = home_table(read(source, files.PEOPLE), postcodes, municipalities, nearest)
    fit = fit_feeders(margins(pupils, locations.set_index("location")["vwo_share_y3"]), locations)
    mbo = read(source, files.STUDENTS)
    students = student_table(mbo)
    exams_raw = read(source, files.EXAMS)
    at_municipality = municipalities.assign(key=municipalities["name"].map(plain_name))
    at_municipality = at_municipality[~at_municipality["key"].duplicated(keep=False)].set_index("key")["region"]
    region, exam_facts = exam_regions(
        exams_raw, locations.set_index("location")["region"], at_municipality, postcodes, towns, nearest
    )
    tables = {
        "regions": regions,
        "municipalities": municipalities,
        "locations": locations,
        "class_kinds": class_kind_table(),
        "pupils": pupils,
        "feeders": fit.feeders,
        "homes": homes,
        "cohorts": cohort_table(homes, regions["region"]),
        "colleges": college_table(mbo, towns, nearest),
        "students": students,
        "exams": exam_table(exams_raw, region),
        "exams_sex": exam_sex_table(read(source, files.EXAMS_SEX)),
    }
    tables = {
        name: tables[name][list(form.columns)].sort_values(list(form.key), ignore_index=True)
        for name, form in TABLES.items()
    }
    controls = {**_controls(tables, fit), **home_facts, **exam_facts, "pupils_by_track_profile_year_sex": totals}
    elsewhere = locations[locations["placed"] != "address"]
    remarks = (
        f"{len(elsewhere)} locations are not in the address file and were placed by town or by a sibling location: "
        + ", ".join(elsewhere["location"]),
        f"largest deviation of a destination of the feeders: {fit.largest_deviation:.1f} pupils",
    )
    return tables, controls, remarks


def _with_coordinates(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(lat=numbers(table["lat"], "coordinates"), lon=numbers(table["lon"], "coordinates"))


def _csv(table: pd.DataFrame, name: str) -> bytes:
    typed = table.astype({column: kind for column, kind in TABLES[name].columns.items() if kind != "str"})
    return typed.to_csv(index=False, float_format="%.6f", lineterminator="\n", encoding="utf-8").encode()


def _controls(tables: dict[str, pd.DataFrame], fit: Fit) -> dict[str, Any]:
    """Totals that anyone can compare with the published ones."""
    pupils, students = tables["pupils"], tables["students"]
    n = pupils["men"] + pupils["women"]
    third = (pupils["year"] == 3) & pupils["track"].isin((Track.BB, Track.KB, Track.GL))
    technical = third & pupils["profile"].isin((*TECHNICAL_PROFILES, Profile.VR_TECHNIEK))
    exams = tables["exams"].groupby("exam_year")["candidates"].sum()
    by_sex = tables["exams_sex"].groupby("exam_year")["candidates"].sum()
    mbo = (students["men"] + students["women"]).groupby(students["year"]).sum()
    return {
        "pupils": int(n.sum()),
        "pupils_year3_bb_kb_gl": int(n[third].sum()),
        "pupils_year3_technical": int(n[technical].sum()),
        "locations_year3": {
            profile.name: int(pupils.loc[third & (pupils["profile"] == profile), "location"].nunique())
            for profile in TECHNICAL_PROFILES
        },
        "group8_2019": int(tables["municipalities"]["group8_2019"].sum()),
        "mbo_students": {str(year): int(total) for year, total in mbo.items()},
        "exam_candidates": {str(year): int(total) for year, total in exams.items()},
        "exam_candidates_by_sex_file": {str(year): int(total) for year, total in by_sex.items()},
        "feeders_largest_deviation_pupils": round(fit.largest_deviation, 1),
        "feeders_share_misplaced": round(fit.deviating_share, 5),
        "feeders_track_deviation_pupils": {name: round(value, 1) for name, value in fit.track_deviation.items()},
    }
