"""The tables of an input set, one step per group of official files."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs import homes
from doorstroom.inputs import official as files
from doorstroom.inputs.candidates import candidate_count, exam_sex_table, sector_table
from doorstroom.inputs.colleges import college_table, student_count, student_table
from doorstroom.inputs.exams import exam_bounds, exam_count, exam_regions, exam_table
from doorstroom.inputs.feeders import Fit, fit_feeders, margins
from doorstroom.inputs.folder import Folder
from doorstroom.inputs.official import location_codes
from doorstroom.inputs.places import Towns, place_locations, plain_name
from doorstroom.inputs.pupils import check_totals, class_kind_table, long_count, pupil_table, vwo_shares
from doorstroom.inputs.readers import Official, Published, year_of
from doorstroom.inputs.regions import NearestRegion, make_regions, nodal_names, own_names, year3_vocational
from doorstroom.inputs.schema import TABLES
from doorstroom.inputs.withheld import Tally
from doorstroom.terms import TECHNICAL_PROFILES, Profile, Track

LEAST_SHARED: Final = 0.5  # part of the address file's institutions that the pupil count has to have
LATITUDES: Final = (50.7, 53.7)
LONGITUDES: Final = (3.2, 7.3)


class Building:
    """An input set in the making.

    Parameters
    ----------
    folder : the official files

    Attributes
    ----------
    year : of the 1 October whose pupils are counted
    name : what the set is called
    tables : by name, in the form of `schema.TABLES`
    controls : totals that anyone can compare with the published ones
    tallies : what was withheld, per file
    remarks : what was missing, placed otherwise or strange, and what was done about it
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.controls: dict[str, Any] = {}
        self.tallies: list[Tally] = []
        self.remarks: list[str] = []
        self._tables: dict[str, pd.DataFrame] = {}
        self._bounds: list[pd.DataFrame] = []
        self._read_places()
        self._count_pupils()
        self._make_regions()
        self._settle_homes()
        self._fit_feeders()
        self._count_students()
        self._count_exams()
        self.remarks = [remark for one in folder.used for remark in one.remarks] + self.remarks
        self._tables["withheld"] = pd.concat(self._bounds)
        self.tables = {name: self._in_form(name) for name in TABLES}
        self.controls |= totals(self.tables)

    @property
    def name(self) -> str:
        """The country, the year of its pupil count, and whether the regions are the user's own."""
        return f"nl{self.year}" + ("" if self._members is None else "-own-regions")

    def _read_places(self) -> None:
        official = self.folder.one(files.POSTCODES)
        official.check_once("pc4")
        self._postcodes = _points(official)
        self._towns = Towns(self._postcodes, official.path.name)

    def _count_pupils(self) -> None:
        official = self.folder.one(files.PUPILS)
        self.year = year_of(official)
        totals = self.folder.maybe(files.TOTALS, self.year)
        count = long_count(official, totals)
        self._tell(count.tally)
        if count.tally.withheld and totals is None:
            self._lacks(files.TOTALS, "withheld counts of pupils have no location totals to be fitted to")
        self._count, self._official = count.rows, official
        self._bounds.append(count.bounds)
        self._tables["pupils"] = pupil_table(count.rows)
        self._tables["class_kinds"] = class_kind_table()
        self.controls["pupils_by_track_profile_year_sex"] = check_totals(self._tables["pupils"], official)

    def _make_regions(self) -> None:
        official = self.folder.one(files.ADDRESSES)
        official.check_once("brin", "location")
        self._addresses = official.table.assign(
            location=location_codes(official), municipality=official["municipality"].astype("int64")
        )
        seen = self._official.table.assign(location=location_codes(self._official))
        seen = seen.drop_duplicates("location")[["location", "brin", "town", "province"]]
        self._check_together(seen)
        file = self._official.path.name
        placed = place_locations(seen, self._addresses, self._postcodes, self._towns, file)
        third = year3_vocational(self._tables["pupils"])
        weight = third["pupils"].reindex(placed["location"], fill_value=0).reset_index(drop=True)
        self._members = self.folder.maybe(files.MEMBERS)
        name = nodal_names(placed, weight) if self._members is None else own_names(self._members, placed)
        self._tables["regions"], number = make_regions(placed, name, third)
        self._locations = placed.assign(region=number, vwo_share_y3=placed["location"].map(vwo_shares(self._count)))
        self._tables["locations"] = self._locations
        self._nearest = NearestRegion(self._locations)
        self._say_placed()

    def _check_together(self, seen: pd.DataFrame) -> None:
        """Files of very different years, or one that was cut off between two rows, show by what they share."""
        institutions = set(self._addresses["brin"])
        shared = len(institutions & set(seen["brin"]))
        if shared < LEAST_SHARED * len(institutions):
            allowed = f"at least half of the {len(institutions)} in {self.folder.one(files.ADDRESSES).path.name}"
            raise InputError(explain(self._official.path.name, "institutions", shared, f"{allowed}; is it whole?"))
        without = len(set(self._addresses["location"]) - set(seen["location"]))
        self.remarks.append(f"{without} locations of the address file have no pupils and are left out")

    def _say_placed(self) -> None:
        elsewhere = self._locations[self._locations["placed"] != "address"]
        if len(elsewhere):
            self.remarks.append(
                f"{len(elsewhere)} locations have no known address and were placed by town or by another location of "
                "their institution: " + ", ".join(elsewhere["location"])
            )

    def _settle_homes(self) -> None:
        divisions, centres = self.folder.maybe(files.DIVISIONS), self.folder.maybe(files.CENTRES)
        group8, people = self.folder.maybe(files.GROUP8), self.folder.one(files.PEOPLE, files.PEOPLE_STATLINE)
        people = homes.of_statline(people) if people.official is files.PEOPLE_STATLINE else people
        if divisions is None:
            self._lacks(files.DIVISIONS, "a municipality belongs to the region of the location nearest to it")
        if centres is None:
            self._lacks(files.CENTRES, "municipalities lie at the mean of their postcodes")
        else:
            centres.check_once("name")
        if group8 is None:
            self._lacks(files.GROUP8, "the last year of primary school is unknown (-1); no run needs it")
        by_area = self._locations.groupby("nodal")["region"].first()
        where = homes.Where(
            self._postcodes, None if centres is None else _points(centres), self._locations, self._nearest
        )
        municipalities = homes.municipality_table(
            homes.municipality_names(divisions, group8, self._addresses),
            None if group8 is None else homes.group8_counts(group8),
            by_area if self._members is None else by_area[:0],
            where,
        )
        table, facts = homes.home_table(people, municipalities, where)
        self.controls |= facts
        self._tables["municipalities"], self._tables["homes"] = municipalities, table
        january = int(people.last or self.year)
        self._tables["cohorts"] = homes.cohort_table(table, self._tables["regions"]["region"], self.year, january)

    def _fit_feeders(self) -> None:
        share = self._locations.set_index("location")["vwo_share_y3"]
        fit: Fit = fit_feeders(margins(self._tables["pupils"], share), self._locations)
        self._tables["feeders"] = fit.feeders
        self.controls |= {
            "feeders_largest_deviation_pupils": round(fit.largest_deviation, 1),
            "feeders_share_misplaced": round(fit.deviating_share, 5),
            "feeders_track_deviation_pupils": {name: round(value, 1) for name, value in fit.track_deviation.items()},
        }
        self.remarks.append(f"largest deviation of a destination of the feeders: {fit.largest_deviation:.1f} pupils")

    def _count_students(self) -> None:
        official = self.folder.all(files.STUDENTS, files.STUDENTS_DUO)
        if not official:
            raise InputError(self.folder.lacks(files.STUDENTS, files.STUDENTS_DUO))
        count = student_count(official)
        years = sorted(count.rows["year"].unique().tolist())
        if self.year not in years:
            names = ", ".join(one.path.name for one in official)
            raise InputError(explain(names, "years", years, f"{self.year} among them, the year of the pupil count"))
        for tally in count.tallies:
            self._tell(tally)
        self._bounds.append(count.bounds)
        self._tables["students"] = student_table(count.rows)
        self._tables["colleges"] = college_table(count.colleges, self._towns, self._nearest)

    def _count_exams(self) -> None:
        by_sex = self.folder.all(files.CANDIDATES)
        by_department = self.folder.all(files.EXAMS, files.EXAMS_DUO)
        candidates = candidate_count(by_sex) if by_sex else None
        if candidates is None:
            self._lacks(files.CANDIDATES, "the table of exams by sex is empty; no run needs it, calibration does")
        else:
            for tally in candidates.tallies:
                self._tell(tally)
            self.remarks += candidates.remarks
            self._bounds.append(candidates.bounds)
            self._tables["exams_sex"] = exam_sex_table(candidates.rows)
            here = self._locations.set_index("location")["region"]
            self._tables["exams_sector"] = sector_table(candidates, here)
        if not by_department:
            self._lacks(files.EXAMS_DUO, "the table of exams is empty; no run needs it, calibration does")
            return
        count = exam_count(by_department, None if candidates is None else candidates.both)
        for tally in count.tallies:
            self._tell(tally)
        self.remarks += count.remarks
        at = self._tables["municipalities"].assign(key=lambda table: table["name"].map(plain_name))
        at = at[~at["key"].duplicated(keep=False)].set_index("key")["region"]
        here = self._locations.set_index("location")["region"]
        region, ways = exam_regions(count.rows, here, at, self._postcodes, self._towns, self._nearest)
        self.controls["exam_candidates_placed_by"] = ways
        self._bounds.append(exam_bounds(count, region))
        self._tables["exams"] = exam_table(count.rows, region)

    def _tell(self, tally: Tally) -> None:
        self.tallies.append(tally)
        if tally.withheld:
            self.remarks.append(str(tally))
        if tally.contradictions:
            self.remarks.append(
                f"{tally.file}: {tally.contradictions} totals in another file or column can't be the sum of its "
                "counts; its counts were kept"
            )

    def _lacks(self, official: Official, consequence: str) -> None:
        self.remarks.append(f"{official.title} (such as {official.example}) is missing: {consequence}")

    def _in_form(self, name: str) -> pd.DataFrame:
        """A table with the columns of its form, in its order; empty when nothing was there to make it of."""
        form = TABLES[name]
        columns = list(form.columns)
        table = self._tables.get(name, pd.DataFrame(columns=columns))
        return table[columns].astype(form.kinds).sort_values(list(form.key), ignore_index=True)


def _points(official: Published) -> pd.DataFrame:
    """The table with its places as numbers, in degrees."""
    return official.table.assign(lat=official.numbers("lat", *LATITUDES), lon=official.numbers("lon", *LONGITUDES))


def totals(tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
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
        "group8": int(tables["municipalities"]["group8"].clip(lower=0).sum()),
        "mbo_students": {str(year): int(total) for year, total in mbo.items()},
        "exam_candidates": {str(year): int(total) for year, total in exams.items()},
        "exam_candidates_by_sex_file": {str(year): int(total) for year, total in by_sex.items()},
    }
