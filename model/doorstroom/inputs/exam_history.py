"""Exam candidates of vmbo bb, kb and gl by location, leerweg and profile, exam years 2010/11 to 2018/19.

The years before the model starts, at the grain at which schools open and close profiles. Two small tables made from
DUO's marks files; departments of before 2016 stand under the profile that took their place (`codes.OLD_DEPARTMENTS`).

    python -m doorstroom.inputs.exam_history FOLDER     makes them again from a folder with the official files
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.geography import nearest, plane
from doorstroom.inputs import official as files
from doorstroom.inputs.exams import exam_count
from doorstroom.inputs.folder import Folder
from doorstroom.inputs.places import plain_name
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.terms import VMBO_PROFILES, Profile

YEARS: Final = tuple(range(2011, 2020))
SOURCE: Final = "DUO, geslaagden, gezakten en cijfers, exam years 2010/11-2018/19 (CC0)"
YEAR_3: Final = {
    2010: (18641, 24901, 13537),
    2011: (18032, 25564, 14284),
    2012: (18440, 25963, 14668),
    2013: (18428, 26920, 15131),
    2014: (19118, 27187, 15196),
    2015: (18749, 26832, 15185),
    2016: (17916, 25858, 15115),
    2017: (17340, 24934, 15002),
    2018: (16639, 23569, 14642),
    2019: (15743, 22012, 14234),
    2020: (15114, 20729, 13991),
}
"""Pupils in year 3 of bb, kb and gl on 1 October: counted up to 2014, from 2015 on as forecast in 2015.

Referentieraming 2015, https://www.onderwijsincijfers.nl, Daling sterker in vmbo dan rest vo.
"""
YEAR_3_TL_HAVO_VWO: Final = {
    2010: (35267, 40860, 42761),
    2011: (37007, 41489, 43060),
    2012: (37483, 43226, 42970),
    2013: (39341, 44366, 42987),
    2014: (40463, 44743, 43546),
    2015: (40499, 45157, 43868),
    2016: (40352, 45587, 44257),
    2017: (40092, 45894, 44439),
    2018: (39153, 45198, 43403),
    2019: (38069, 44292, 42160),
    2020: (37399, 43883, 41465),
}
"""The same of tl, havo and vwo."""
FORECAST_OF: Final = 2015
_LEERWEGEN: Final = ("BL", "KL", "GL")
_DATA: Final = Path("data") / "exams2011"
_AS_PROFILE: Final = {
    Profile.VR_TECHNIEK: Profile.PIE,
    Profile.VR_ECONOMIE: Profile.EO,
    Profile.VR_ZORG: Profile.ZW,
    Profile.VR_GROEN: Profile.GROEN,
}


class ExamHistory(NamedTuple):
    """Nine exam years of every location.

    Attributes
    ----------
    location : code of each location
    region : region number of each location, shape (locations,)
    lat, lon : degrees, shape (locations,)
    candidates : shape (9 years, locations, 3 leerwegen, 10 profiles)
    """

    location: tuple[str, ...]
    region: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    candidates: NDArray[np.float64]


@lru_cache
def load_exam_history() -> ExamHistory:
    """The tables that come with the package."""
    folder = resources.files("doorstroom.inputs") / str(_DATA)
    with (folder / "locations.csv").open(encoding="utf-8") as file:
        places = pd.read_csv(file, dtype={"location": str})
    with (folder / "candidates.csv").open(encoding="utf-8") as file:
        rows = pd.read_csv(file, dtype={"location": str})
    at = places["location"].map({code: row for row, code in enumerate(places["location"])})
    row = rows["location"].map(dict(zip(places["location"], at, strict=True))).to_numpy()
    count = np.zeros((len(YEARS), len(places), len(_LEERWEGEN), len(VMBO_PROFILES)))
    for t, year in enumerate(YEARS):
        count[t, row, rows["track"] - 1, rows["profile"] - 1] = rows[str(year)]
    return ExamHistory(
        tuple(places["location"]),
        places["region"].to_numpy(np.int64),
        places["lat"].to_numpy(np.float64),
        places["lon"].to_numpy(np.float64),
        count,
    )


def make(folder: Path, inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables, locations and candidates, from a folder with DUO's marks files.

    A location that was gone in 2019 lies in its municipality, or where that is gone too at another location of its
    institution, or else at the middle of the country's locations; its region is that of the nearest location of 2019.
    """
    official = Folder(folder).one(files.EXAMS)
    rows = exam_count([official.only(official["leerweg"].isin(_LEERWEGEN))]).rows
    table = rows.rename(columns={"exam_year": "year"}).replace({"profile": _AS_PROFILE})
    wide = table.pivot_table("candidates", ["location", "track", "profile"], "year", "sum", fill_value=0)
    wide = wide.reindex(columns=list(YEARS), fill_value=0).astype(int)
    return _places(rows, inputs), wide.reset_index()


def _places(rows: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    latest = rows.sort_values(["location", "exam_year"], kind="stable").drop_duplicates("location", keep="last")
    seen = latest[["location", "brin", "municipality_name"]]
    now = inputs.locations.set_index("location")[["lat", "lon"]]
    towns = inputs.municipalities.assign(key=inputs.municipalities["name"].map(plain_name))
    towns = towns.drop_duplicates("key").set_index("key")[["lat", "lon"]]
    sibling = now.groupby(now.index.str[:4]).mean()
    place = np.full((len(seen), 2), np.nan)
    for key, table in (
        (seen["location"], now),
        (seen["municipality_name"].map(plain_name), towns),
        (seen["brin"], sibling),
    ):
        found = table.reindex(key).to_numpy()
        place = np.where(np.isnan(place), found, place)
    place = np.where(np.isnan(place), now.mean().to_numpy(), place)
    apart = plane(place[:, 0], place[:, 1]), plane(now["lat"], now["lon"])
    _, nearby = nearest(*apart)
    region = inputs.locations["region"].to_numpy()[nearby]
    return pd.DataFrame(
        {"location": seen["location"], "region": region, "lat": place[:, 0].round(4), "lon": place[:, 1].round(4)}
    )


def main() -> None:
    """Write both tables into the package."""
    folder = Path(__file__).parent / _DATA
    places, candidates = make(Path(sys.argv[1]), load_inputs())
    places.to_csv(folder / "locations.csv", index=False, lineterminator="\n")
    candidates.to_csv(folder / "candidates.csv", index=False, lineterminator="\n")
    print(f"{len(places)} locations, {len(candidates)} rows, {int(candidates[list(YEARS)].sum().sum())} candidates")


if __name__ == "__main__":
    main()
