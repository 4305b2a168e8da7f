"""From the official files to the project's own input set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from doorstroom.inputs.building import Building
from doorstroom.inputs.folder import Folder
from doorstroom.inputs.withheld import Tally
from doorstroom.inputs.writing import Derivation, write_set

DERIVED: Final = {
    "regions": Derivation(
        ("addresses", "pupils", "postcodes", "members"),
        "nodal areas, the two smallest merged into the nearest; centre and technique share weighted by year-3 bb/kb/gl",
    ),
    "municipalities": Derivation(
        ("divisions", "group8", "centres", "postcodes", "addresses"),
        "every division that a file uses; region of the nodal area, else of the nearest location",
    ),
    "locations": Derivation(
        ("pupils", "addresses", "postcodes"), "every location with pupils, at the middle of its four-digit postcode"
    ),
    "class_kinds": Derivation(("pupils",), "kinds of lower-year classes and the tracks they prepare for"),
    "pupils": Derivation(("pupils", "totals"), "every pupil, in the model's codes"),
    "feeders": Derivation(
        ("pupils", "addresses", "postcodes"),
        "iterative proportional fitting of year 1 and of year 2 to year 3 with distance decay; see docs/inputs.md",
    ),
    "homes": Derivation(("people", "postcodes", "divisions"), "five-year bands added up per postcode"),
    "cohorts": Derivation(("people",), "age bands at their entry years, linear between them; flat outside"),
    "colleges": Derivation(("students", "postcodes"), "seat town at the mean of its postcodes"),
    "students": Derivation(("students",), "domains grouped into technical sectors; part-time bol counts as bol"),
    "exams": Derivation(
        ("exams", "addresses", "postcodes"),
        "locations added up per region; departments of before 2016 translated to profiles",
    ),
    "exams_sex": Derivation(("candidates",), "locations added up nationally"),
    "exams_sector": Derivation(
        ("candidates",), "locations added up per region; a location that is gone lies where its institution is"
    ),
    "withheld": Derivation(("pupils", "totals", "students", "exams", "candidates"), "bounds of withheld counts"),
}
"""Per table: the official files it comes from and one line on how."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Parameters
    ----------
    target, name : the set's folder and what it is called
    rows : per table
    controls : totals that anyone can compare with the published ones
    tallies : what was withheld, per file
    remarks : what was missing, placed otherwise or strange, and what was done about it
    unused : files of the folder that were not read, and why where that is known
    """

    target: Path
    name: str
    rows: dict[str, int]
    controls: dict[str, Any]
    tallies: tuple[Tally, ...]
    remarks: tuple[str, ...]
    unused: tuple[tuple[str, str], ...]


def import_official(source: Path, target: Path | None = None) -> ImportReport:
    """Make an input set from the official files in `source`; the same files give the same bytes.

    A file `regions_members.csv` (location, region_name) in `source` replaces the regions made from nodal areas.

    Parameters
    ----------
    target : folder of the set; by default one in the working directory, named after the set. An input set that is
        there already is replaced.

    Raises
    ------
    InputError
        When a file that is needed is missing, a file can't mean what it says, or the target holds something else.
        Nothing is written then.
    """
    folder = Folder(source)
    built = Building(folder)
    target = Path(built.name) if target is None else target
    write_set(
        target,
        built.tables,
        {
            "name": built.name,
            "date": f"{built.year}-10-01",
            "controls": built.controls,
            "withheld": [tally._asdict() for tally in built.tallies if tally.withheld],
            "remarks": built.remarks,
            "official": folder.digests(),
        },
        {name: (folder.sources(*one.files), one.how) for name, one in DERIVED.items()},
    )
    return ImportReport(
        target=target,
        name=built.name,
        rows={name: len(table) for name, table in built.tables.items()},
        controls=built.controls,
        tallies=tuple(built.tallies),
        remarks=tuple(built.remarks),
        unused=tuple(folder.unused),
    )
