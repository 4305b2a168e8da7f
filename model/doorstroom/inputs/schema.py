"""The tables of an input set: what a row is, columns with type, unit and meaning, and the order of the rows.

`make docs` prints this as docs/input_tables.md.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from doorstroom.terms import Field, Pathway, Profile, Sex, Track

MANIFEST: Final = "manifest.json"
VERSION: Final = 3
"""Version of the form of the tables; raise it when a column changes its meaning."""

INHABITANTS: Final = 20_000_000
"""No count of persons is larger than the country."""


class Column(NamedTuple):
    """Type as pandas names it, unit and meaning; `low` and `high` bound what a number may be."""

    kind: str
    unit: str
    meaning: str
    low: float | None = None
    high: float | None = None

    @property
    def allowed(self) -> str:
        """What may stand there, in words."""
        kind = {"s": "a text", "i": "a whole number", "f": "a number"}[self.kind[0]]
        if self.low is None or self.high is None:
            return f"{kind} ({self.meaning})"
        return f"{kind} from {self.low:g} to {self.high:g} ({self.meaning})"


class Table(NamedTuple):
    """What a row is, the columns by name, and those that identify and order the rows."""

    row: str
    columns: dict[str, Column]
    key: tuple[str, ...]
    may_be_empty: bool = False

    def file(self, name: str) -> str:
        """File name of the table called `name`."""
        return f"{name}.csv"

    @property
    def kinds(self) -> dict[str, str]:
        """Column name to pandas dtype."""
        return {name: column.kind for name, column in self.columns.items()}


def _place(of: str) -> dict[str, Column]:
    return {
        "lat": Column("float64", "degrees north, WGS84", f"latitude of {of}", 50.7, 53.6),
        "lon": Column("float64", "degrees east, WGS84", f"longitude of {of}", 3.3, 7.3),
    }


_REGION = Column("int16", "number", "region, as in `regions`")
_MUNICIPALITY = Column("int16", "number", "official number of the municipality, as in `municipalities`")
_LOCATION = Column("str", "code", "location: four characters of the institution (BRIN) and two digits")
_KIND = Column("int8", "number", "kind of class, as in `class_kinds`; 0 in the upper years")
_TRACK = Column("int8", "code", "`terms.Track`", min(Track), max(Track))
_PROFILE = Column("int8", "code", "`terms.Profile`", min(Profile), max(Profile))


def _persons(who: str, low: int = 0) -> Column:
    return Column("int32", "persons", who, low, INHABITANTS)


def _share(of: str) -> Column:
    return Column("float64", "share", of, 0.0, 1.0)


def _flag(meaning: str) -> Column:
    return Column("int8", "0 or 1", meaning, 0, 1)


_CANDIDATES = _persons("exam candidates")
_PASSED = _persons("candidates who passed")


TABLES: Final[dict[str, Table]] = {
    "regions": Table(
        "a region of sterk techniekonderwijs, approximated (see Regions)",
        {
            "region": Column("int16", "number", "1, 2, ... in the order of the names"),
            "name": Column("str", "", "the nodal area's name; of merged areas both, the larger first"),
            "nodal_areas": Column("str", "", "the nodal areas in it, joined by +"),
            **_place("the centre of its locations, weighted by their pupils in year 3 of bb, kb and gl"),
            "pupils_y3_vocational": _persons("pupils in year 3 of bb, kb and gl at its locations"),
            "technique_share": _share("of these, those in a technical profile"),
        },
        ("region",),
    ),
    "municipalities": Table(
        "a municipality of any division that an official file uses",
        {
            "municipality": Column("int16", "number", "official number, without GM"),
            "name": Column("str", "", "name"),
            "region": _REGION,
            **_place("its centre"),
            "group8": _persons("pupils in the last year of primary school; -1 where there is no such count", -1),
        },
        ("municipality",),
    ),
    "locations": Table(
        "a school location with pupils",
        {
            "location": _LOCATION,
            "region": _REGION,
            "municipality": _MUNICIPALITY,
            **_place("the middle of its four-digit postcode"),
            "placed": Column(
                "str", "word", "how it was placed: address, town or sibling (another location of the same BRIN)"
            ),
            "vwo_share_y3": _share("of its pupils in year 3 of havo and vwo, those on their way to vwo"),
        },
        ("location",),
    ),
    "class_kinds": Table(
        "a kind of class in the lower years",
        {
            "class_kind": Column("int8", "number", "as in `codes.CLASS_KINDS`"),
            "name": Column("str", "", "name"),
            **{track: _flag(f"prepares for {track.lower()}") for track in ("BB", "KB", "GL", "TL", "HAVO", "VWO")},
            "MAT": _flag("a maritime class"),
            "lwoo": _flag("with learning support (lwoo)"),
        },
        ("class_kind",),
    ),
    "pupils": Table(
        "pupils of one location, track, profile, kind of class and year",
        {
            "location": _LOCATION,
            "track": _TRACK,
            "profile": _PROFILE,
            "class_kind": _KIND,
            "year": Column("int8", "year", "year in the school (leer- of verblijfsjaar)", 1, 6),
            "men": _persons("boys"),
            "women": _persons("girls"),
        },
        ("location", "track", "profile", "class_kind", "year"),
    ),
    "feeders": Table(
        "a route from a class of the lower years to a location and track of the upper years",
        {
            "year": Column("int8", "year", "the year of the class", 1, 2),
            "lower_location": _LOCATION,
            "class_kind": _KIND,
            "upper_location": _LOCATION,
            "track": _TRACK,
            "men": _share("of the boys of that class, those who go there; adds up to 1"),
            "women": _share("of the girls of that class, those who go there; adds up to 1"),
        },
        ("year", "lower_location", "class_kind", "upper_location", "track"),
    ),
    "homes": Table(
        "a four-digit postcode",
        {
            "pc4": Column("int16", "code", "postcode"),
            **_place("the postcode"),
            "region": _REGION,
            "municipality": Column("int16", "number", "as in `municipalities`; -1 where the file names none"),
            "a0_4": _persons("inhabitants aged 0 to 4"),
            "a5_9": _persons("inhabitants aged 5 to 9"),
            "a10_14": _persons("inhabitants aged 10 to 14"),
            "a15_64": _persons("inhabitants aged 15 to 64"),
        },
        ("pc4",),
    ),
    "cohorts": Table(
        "the new pupils of a region in a coming school year",
        {
            "region": _REGION,
            "year": Column("int16", "year", "of the 1 October on which they are in year 1"),
            "index": Column("float64", "ratio", "their number relative to the year of the pupil count", 0.0, 10.0),
            "basis": Column("str", "", "age bands, or held flat (assumption)"),
        },
        ("region", "year"),
    ),
    "colleges": Table(
        "an mbo college",
        {
            "college": Column("str", "code", "BRIN"),
            "kind": Column("str", "word", "ROC, AOC, VAK (vakschool) or OVERIG"),
            "region": _REGION,
            **_place("its seat"),
        },
        ("college",),
    ),
    "students": Table(
        "mbo students of one college, year, level, pathway and sector",
        {
            "college": Column("str", "code", "BRIN, as in `colleges`"),
            "year": Column("int16", "year", "of the count of 1 October"),
            "level": Column("int8", "level", "level of the course", 1, 4),
            "pathway": Column("int8", "code", "`terms.Pathway`", min(Pathway), max(Pathway)),
            "field": Column("int8", "code", "`terms.Field`, technical sector or other", min(Field), max(Field)),
            "men": _persons("men"),
            "women": _persons("women"),
        },
        ("college", "year", "level", "pathway", "field"),
    ),
    "exams": Table(
        "exam candidates of one region, track, profile and exam year",
        {
            "region": _REGION,
            "track": _TRACK,
            "profile": _PROFILE,
            "mapped": Column("str", "word", "official, or ours where a department of before 2016 was translated"),
            "exam_year": Column("int16", "year", "calendar year of the exam"),
            "candidates": _CANDIDATES,
            "passed": _PASSED,
        },
        ("region", "track", "profile", "mapped", "exam_year"),
        may_be_empty=True,
    ),
    "exams_sex": Table(
        "exam candidates of the country by exam year, track, sector and sex",
        {
            "exam_year": Column("int16", "year", "calendar year of the exam"),
            "track": _TRACK,
            "sector": Column(
                "str",
                "word",
                "vmbo: techniek, economie, zorg, groen, intersectoraal, unknown, other; havo, vwo: n_t (N&T, alone or "
                "combined), n_g (N&G without N&T), other",
            ),
            "sex": Column("int8", "code", "`terms.Sex`", min(Sex), max(Sex)),
            "candidates": _CANDIDATES,
            "passed": _PASSED,
        },
        ("exam_year", "track", "sector", "sex"),
        may_be_empty=True,
    ),
    "exams_sector": Table(
        "exam candidates of one region by exam year, track and sector, with the bounds that withheld counts leave",
        {
            "exam_year": Column("int16", "year", "calendar year of the exam"),
            "region": Column("int16", "number", "region, as in `regions`; 0 where the location is in none"),
            "track": _TRACK,
            "sector": Column("str", "word", "as in `exams_sex`"),
            **{
                f"{name}{end}": _persons(f"{words}{said}")
                for name, words in (("candidates", "candidates"), ("men", "of these, boys"), ("women", "girls"))
                for end, said in (("", ""), ("_low", ", at least"), ("_high", ", at most"))
            },
        },
        ("exam_year", "region", "track", "sector"),
        may_be_empty=True,
    ),
    "withheld": Table(
        "a number in another table that withheld counts are part of",
        {
            "table": Column("str", "", "name of the table"),
            "row": Column("str", "", "key of its row, joined by /"),
            "column": Column("str", "", "its column"),
            "low": _persons("the least that the official files allow"),
            "high": _persons("the most that they allow"),
            "basis": Column("str", "word", "how the value came about: fitted to a total, or rule"),
        },
        ("table", "row", "column"),
        may_be_empty=True,
    ),
}
"""Every table by name, in the order they are written."""


class Reference(NamedTuple):
    """Every value of a column stands in the key of another table; `none` is the value for no such thing."""

    table: str
    column: str
    target: str
    key: str
    none: int | None = None


REFERENCES: Final = (
    Reference("municipalities", "region", "regions", "region"),
    Reference("locations", "region", "regions", "region"),
    Reference("locations", "municipality", "municipalities", "municipality"),
    Reference("pupils", "location", "locations", "location"),
    Reference("pupils", "class_kind", "class_kinds", "class_kind", none=0),
    Reference("feeders", "lower_location", "locations", "location"),
    Reference("feeders", "upper_location", "locations", "location"),
    Reference("feeders", "class_kind", "class_kinds", "class_kind"),
    Reference("homes", "region", "regions", "region"),
    Reference("homes", "municipality", "municipalities", "municipality", none=-1),
    Reference("cohorts", "region", "regions", "region"),
    Reference("colleges", "region", "regions", "region"),
    Reference("students", "college", "colleges", "college"),
    Reference("exams", "region", "regions", "region"),
    Reference("exams_sector", "region", "regions", "region", none=0),
)
