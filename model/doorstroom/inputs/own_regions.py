"""An input set anew with the user's own regions, from one file that says which location belongs to which.

The regions that come along are DUO's nodal areas; who knows the regions of sterk techniekonderwijs themselves, which
are not in open data, says so in a file

    location, region, euro      the code of a location; its region's name; where known, what the region was granted
                                of STO over 2020-2023, once or in each of its rows

with a row for every location of the set. All that lies in a region follows its nearest location: homes by their
municipality, municipalities and colleges by their place. Cohorts are made anew from the homes. Exams of earlier years
are known by location only in the official files, so here they are in no region; no run needs them.

Amounts go into a scenario beside the tables, whose parent is the baseline: the regions that have one get it, a year's
quarter at a time and later in proportion to the budget, and the others share the rest by the rule.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs import official as files
from doorstroom.inputs.building import totals
from doorstroom.inputs.homes import cohort_table
from doorstroom.inputs.readers import Published, digest, read
from doorstroom.inputs.regions import NearestRegion, make_regions, own_names, year3_vocational
from doorstroom.inputs.schema import TABLES
from doorstroom.inputs.sets import Inputs, load_inputs, place, read_manifest
from doorstroom.inputs.writing import write_set

MOST: Final = 120
"""Regions at most: people remember theirs in a byte."""
YEARS: Final = 4
"""Calendar years that an amount is for, 2020-2023."""
LARGEST: Final = 1e9
AMOUNTS: Final = {"sto_2020": 100_000_000.0, "sto_2024": 100_000_000.0, "sto_2025": 92_160_020.0}
"""Schemes of the baseline that divide by fixed shares, and their budget of a year."""
SCENARIO: Final = "own_amounts.toml"
_COUNTS: Final = ("candidates", "men", "women")


class OwnRegions(NamedTuple):
    """What was made.

    Attributes
    ----------
    target, name : the set's folder and what it is called
    regions : table of the regions, with the euro of those that have an amount (NaN elsewhere)
    scenario : file with the amounts, None where there are none
    """

    target: Path
    name: str
    regions: pd.DataFrame
    scenario: Path | None


def with_own_regions(file: Path, base: Path | None = None, target: Path | None = None) -> OwnRegions:
    """Make an input set with own regions; the same file and set give the same bytes.

    Parameters
    ----------
    file : the membership file
    base : folder of the set that is taken, by default the one that comes with the package
    target : folder of the new set; by default one in the working directory, named after the set

    Raises
    ------
    InputError
        Naming file, row and column, what was found and what is allowed. Nothing is written then.
    """
    inputs, manifest = load_inputs(base), read_manifest(place(base))
    members = read(file, files.MEMBERS)
    tables, names = _anew(inputs, members)
    euro = _amounts(members, names)
    name = f"{inputs.name.removesuffix(OWN)}{OWN}"
    target = Path(name) if target is None else target
    write_set(target, tables, _facts(name, manifest, tables, members), _sources(manifest, file))
    regions = tables["regions"].assign(euro=tables["regions"]["name"].map(euro))
    scenario = None
    if len(euro):
        scenario = target / SCENARIO
        scenario.write_text(_scenario(euro), encoding="utf-8")
    return OwnRegions(target, name, regions, scenario)


OWN: Final = "-own-regions"


def _anew(inputs: Inputs, members: Published) -> tuple[dict[str, pd.DataFrame], pd.Series]:
    """The tables of the set with the regions of the file, and the region name of each location, by its code."""
    before = inputs.regions.set_index("region")["nodal_areas"]
    locations = inputs.locations.assign(nodal=inputs.locations["region"].map(before))
    name = own_names(members, locations)
    if name.nunique() > MOST:
        raise InputError(explain(members.path.name, "regions", name.nunique(), f"at most {MOST}"))
    regions, number = make_regions(locations, name, year3_vocational(inputs.pupils))
    locations = locations.assign(region=number)
    nearest = NearestRegion(locations)
    municipalities, colleges = (
        table.assign(region=nearest(table["lat"], table["lon"])) for table in (inputs.municipalities, inputs.colleges)
    )
    of = municipalities.set_index("municipality")["region"]
    homes = inputs.homes
    lost = ~homes["municipality"].isin(of.index)
    homes = homes.assign(
        region=np.where(lost, nearest(homes["lat"], homes["lon"]), homes["municipality"].map(of).fillna(0))
    )
    banded = inputs.cohorts.loc[inputs.cohorts["basis"] == "age bands", "year"]
    made = {
        "regions": regions,
        "locations": locations,
        "municipalities": municipalities,
        "colleges": colleges,
        "homes": homes,
        "cohorts": cohort_table(homes, regions["region"], inputs.year, int(banded.min())),
        "exams": inputs.exams.iloc[:0],
        "exams_sector": _of_the_country(inputs.exams_sector),
        "withheld": inputs.withheld[inputs.withheld["table"] != "exams"],
    }
    tables = {key: made.get(key, getattr(inputs, key)) for key in TABLES}
    in_form = {
        key: table[list(TABLES[key].columns)].astype(TABLES[key].kinds).sort_values(list(TABLES[key].key))
        for key, table in tables.items()
    }
    return {key: table.reset_index(drop=True) for key, table in in_form.items()}, name.set_axis(locations["location"])


def _of_the_country(sector: pd.DataFrame) -> pd.DataFrame:
    """Exams by sector with every location in no region."""
    numbers = [f"{name}{end}" for name in _COUNTS for end in ("", "_low", "_high")]
    summed = sector.groupby(["exam_year", "track", "sector"], as_index=False)[numbers].sum()
    return summed.assign(region=0)


def _amounts(members: Published, region: pd.Series) -> pd.Series:
    """Euro of a year of the regions that have an amount, by name."""
    if "euro" not in members.table:
        return pd.Series(dtype=float)
    euro = members.numbers("euro", 1.0, LARGEST, empty_is_unknown=True)
    told = members.table.assign(amount=euro, name=members["location"].map(region))
    told = told[told["amount"].notna()]
    for name, amounts in told.groupby("name")["amount"]:
        other = amounts[amounts != amounts.iloc[0]]
        if len(other):
            raise members.fault(
                int(other.index[0]), "euro", f"{other.iloc[0]:,.0f}",
                f"{amounts.iloc[0]:,.0f}, which {name} has in row {amounts.index[0]}, or nothing",
            )  # fmt: skip
    found = told.groupby("name")["amount"].first()
    most = YEARS * AMOUNTS["sto_2020"]
    if found.sum() > most:
        raise InputError(
            explain(members.path.name, "euro, all regions together", f"{found.sum():,.0f}", f"at most {most:,.0f}")
        )
    return found / YEARS


def _scenario(euro: pd.Series) -> str:
    """The baseline with these amounts a year."""
    lines = [
        "# Made by `doorstroom inputs regions`: the baseline with the amounts of own regions; use it with their set.",
        'title = "The present policy, with the amounts of own regions"',
        'question = "What happens if both schemes run as decided, and regions get what they told of?"',
        'changes = "Regions with a known amount get it; the others share the rest by the rule."',
        'parent = "baseline"',
    ]
    full = AMOUNTS["sto_2020"]
    for scheme, budget in AMOUNTS.items():
        lines += ["", f"[schemes.{scheme}.amounts]"]
        lines += [f"{_quoted(str(name))} = {amount * budget / full:.2f}" for name, amount in euro.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _facts(name: str, manifest: dict[str, Any], tables: dict[str, pd.DataFrame], members: Published) -> dict[str, Any]:
    controls = {key: value for key, value in manifest["controls"].items() if key != "exam_candidates_placed_by"}
    remarks = [
        f"the regions are those of {members.path.name}; all that lies in one follows its nearest location",
        "exams of earlier years are in no region: where their locations lay is in the official files alone",
    ]
    return {
        "name": name,
        "date": manifest["date"],
        "controls": {**controls, **totals(tables)},
        "withheld": manifest["withheld"],
        "remarks": [*manifest["remarks"], *remarks],
        "official": [*manifest["official"], {"file": members.path.name, "sha256": digest(members.path)}],
    }


def _sources(manifest: dict[str, Any], file: Path) -> dict[str, tuple[list[str], str]]:
    anew = ("regions", "locations", "municipalities", "colleges", "homes", "cohorts")
    own = f"Membership of regions; the user; {file.name}; own file"
    return {
        key: ([*entry["sources"], *([own] if key in anew else [])], entry["derived"])
        for key, entry in manifest["tables"].items()
    }
