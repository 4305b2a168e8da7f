"""The tables of an input set: file, columns with their types, and the order that rows are put in."""

from __future__ import annotations

from typing import Final, NamedTuple

VERSION: Final = 1
"""Version of the form of the tables; raise it when a column changes its meaning."""


class Table(NamedTuple):
    """A table: column name to pandas dtype, and the columns that identify and order its rows."""

    columns: dict[str, str]
    key: tuple[str, ...]

    def file(self, name: str) -> str:
        """File name of the table called `name`."""
        return f"{name}.csv"


_PLACE: Final = {"lat": "float64", "lon": "float64"}

TABLES: Final[dict[str, Table]] = {
    "regions": Table(
        {
            "region": "int16",
            "name": "str",
            "nodal_areas": "str",
            **_PLACE,
            "pupils_y3_vocational": "int32",
            "technique_share_2019": "float64",
        },
        ("region",),
    ),
    "municipalities": Table(
        {"municipality": "int16", "name": "str", "region": "int16", **_PLACE, "group8_2019": "int32"},
        ("municipality",),
    ),
    "locations": Table(
        {
            "location": "str",
            "region": "int16",
            "municipality": "int16",
            **_PLACE,
            "placed": "str",
            "vwo_share_y3": "float64",
        },
        ("location",),
    ),
    "class_kinds": Table(
        {
            "class_kind": "int8",
            "name": "str",
            **dict.fromkeys(("BB", "KB", "GL", "TL", "HAVO", "VWO", "MAT", "lwoo"), "int8"),
        },
        ("class_kind",),
    ),
    "pupils": Table(
        {
            "location": "str",
            "track": "int8",
            "profile": "int8",
            "class_kind": "int8",
            "year": "int8",
            "men": "int32",
            "women": "int32",
        },
        ("location", "track", "profile", "class_kind", "year"),
    ),
    "feeders": Table(
        {
            "year": "int8",
            "lower_location": "str",
            "class_kind": "int8",
            "upper_location": "str",
            "track": "int8",
            "men": "float64",
            "women": "float64",
        },
        ("year", "lower_location", "class_kind", "upper_location", "track"),
    ),
    "homes": Table(
        {
            "pc4": "int16",
            **_PLACE,
            "region": "int16",
            "municipality": "int16",
            **dict.fromkeys(("a0_4", "a5_9", "a10_14", "a15_64"), "int32"),
        },
        ("pc4",),
    ),
    "cohorts": Table({"region": "int16", "year": "int16", "index": "float64", "basis": "str"}, ("region", "year")),
    "colleges": Table({"college": "str", "kind": "str", "region": "int16", **_PLACE}, ("college",)),
    "students": Table(
        {
            "college": "str",
            "year": "int16",
            "level": "int8",
            "pathway": "int8",
            "field": "int8",
            "men": "int32",
            "women": "int32",
        },
        ("college", "year", "level", "pathway", "field"),
    ),
    "exams": Table(
        {
            "region": "int16",
            "track": "int8",
            "profile": "int8",
            "mapped": "str",
            "exam_year": "int16",
            "candidates": "int32",
            "passed": "int32",
        },
        ("region", "track", "profile", "mapped", "exam_year"),
    ),
    "exams_sex": Table(
        {
            "exam_year": "int16",
            "track": "int8",
            "sector": "str",
            "sex": "int8",
            "candidates": "int32",
            "passed": "int32",
        },
        ("exam_year", "track", "sector", "sex"),
    ),
}
"""Every table by name, in the order they are written."""

REFERENCES: Final = (
    ("municipalities", "region", "regions", "region"),
    ("locations", "region", "regions", "region"),
    ("locations", "municipality", "municipalities", "municipality"),
    ("pupils", "location", "locations", "location"),
    ("feeders", "lower_location", "locations", "location"),
    ("feeders", "upper_location", "locations", "location"),
    ("feeders", "class_kind", "class_kinds", "class_kind"),
    ("homes", "region", "regions", "region"),
    ("cohorts", "region", "regions", "region"),
    ("colleges", "region", "regions", "region"),
    ("students", "college", "colleges", "college"),
    ("exams", "region", "regions", "region"),
)
"""(table, column) whose every value must stand in (table, column)."""
