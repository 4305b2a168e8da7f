"""A made-up country of ten school locations: what its official files count, from a fixed seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Town(NamedTuple):
    pc4: str
    number: int  # of its municipality
    municipality: str
    province: str
    nodal: str
    lat: float
    lon: float


TOWNS = {
    "Zandstad": Town("1011", 1, "Zandstad", "Utrecht", "Zand", 52.10, 5.10),
    "Zanddorp": Town("1021", 1, "Zandstad", "Utrecht", "Zand", 52.13, 5.16),
    "Kleistad": Town("2011", 2, "Kleiërland", "Gelderland", "Klei", 52.00, 5.60),
    "Kleidorp": Town("2021", 3, "Kleidorp", "Gelderland", "Klei", 52.02, 5.66),
    "Veenstad": Town("3011", 4, "Veenstad", "Groningen", "Veen", 53.00, 6.50),
    "Veendorp": Town("3021", 5, "Veendorp", "Groningen", "Veen", 53.04, 6.55),
}


class Location(NamedTuple):
    code: str
    town: str
    offer: str  # words for what it teaches: vmbo, technique, sea, tl, hv (havo and vwo), pro, ib
    listed: bool = True  # whether the address file has it

    def teaches(self, what: str) -> bool:
        return what in self.offer.split()


LOCATIONS = (
    Location("00AA00", "Zandstad", "vmbo technique tl"),
    Location("00AA01", "Zandstad", "hv tl"),
    Location("00AA02", "Zanddorp", "pro"),
    Location("00BB00", "Kleistad", "vmbo technique sea"),
    Location("00BB01", "Kleidorp", "tl hv"),
    Location("00BB02", "Kleidorp", "vmbo", listed=False),  # can be placed by its town
    Location("00CC00", "Veenstad", "vmbo technique tl hv"),
    Location("00CC01", "Nergenshuizen", "tl", listed=False),  # can be placed at a location of its institution only
    Location("00DD00", "Veendorp", "vmbo"),
    Location("00DD01", "Veenstad", "hv ib"),
)
EMPTY = Location("00DD09", "Veendorp", "")  # has an address and no pupils

LEERWEGEN = {"BL": "BB", "KL": "KB", "GL": "GL"}
TECHNIEK, INTERSECT, NONE = "Techniek", "Intersect. programma", "N.v.t."
VMBO = {  # department: code in newer files, sector, course codes of bb, kb and gl
    "Bouwen, wonen en interieur": ("BWI", TECHNIEK, "6011", "6021", "6031"),
    "Produceren, installeren en energie": ("PIE", TECHNIEK, "6111", "6121", "6131"),
    "Mobiliteit en transport": ("MTR", TECHNIEK, "6211", "6221", "6231"),
    "Media, vormgeving en ICT": ("MVI", TECHNIEK, "6311", "6321", "6331"),
    "Maritiem en Techniek": ("MTE", TECHNIEK, "6811", "6821", "6831"),
    "Economie en ondernemen": ("EO", "Economie", "6411", "6421", "6431"),
    "Zorg en welzijn": ("ZWE", "Zorg & Welzijn", "6611", "6621", "6631"),
    "Dienstverlening en producten": ("DP", INTERSECT, "6911", "6921", "6931"),
    "Horeca, bakkerij en recreatie": ("HBR", "Economie", "6511", "6521", "6531"),
    "Groen": ("G", "Landbouw", "6711", "6721", "6731"),
}
BEFORE_2017 = {"Bouwen, wonen en interieur": "Bouwtechniek", "Dienstverlening en producten": "Techniek & Commercie"}
TL = {TECHNIEK: "0470", "Zorg & Welzijn": "0471", "Economie": "0472", "Landbouw": "0473", NONE: "0474"}
PROFILES = {  # profile: short name, course codes of havo and vwo
    "Natuur en Techniek": ("N&T", "0370", "0170"),
    "Natuur en Gezondheid": ("N&G", "0371", "0171"),
    "Economie en Maatschappij": ("E&M", "0372", "0172"),
    "Cultuur en Maatschappij": ("C&M", "0373", "0173"),
    "Natuur en Techniek / Natuur en Gezondheid": ("N&T / N&G", "0374", "0174"),
}
CLASSES = {  # course code: name, what a location has to teach, department
    "0023": ("Ljvb op VMBO-Alle Lw", "vmbo", NONE),
    "0031": ("Ljvb op VMBO-BBg Lw", "vmbo", NONE),
    "0045": ("Lj LWOO vb op Bbg/Kbg Lw", "vmbo", NONE),
    "1916": ("VMBO Maritiem en techniek Algemeen Leerjaar", "sea", "Maritiem en Techniek"),
    "0400": ("MAVO/Theor Lw-VMBO", "tl", NONE),
    "0015": ("Ljvb op VWO/HAVO", "hv", NONE),
    "0300": ("HAVO", "hv", NONE),
    "0100": ("VWO-ATHENEUMSTROOM", "hv", NONE),
}
EXAM_YEARS = range(2015, 2020)
STUDENT_YEARS = (2018, 2019)
COLLEGES = (("01XX", "ROC", "ZANDSTAD"), ("01YY", "AOC", "Veenstad"), ("01ZZ", "VAK", "Kleistad GLD"))
DOMAINS = {
    "25001": "Techniek en procesindustrie",
    "25002": "Bouw en infra",
    "25003": "Zorg en welzijn",
    "25004": "Media en vormgeving",
}


class Pupils(NamedTuple):
    location: str
    type: str
    sector: str
    department: str
    code: str
    course: str
    counts: dict[tuple[int, int], int]  # by year and sex (0 men, 1 women)


class Exam(NamedTuple):
    year: int
    location: str
    type: str
    leerweg: str
    sector: str
    department: str
    candidates: tuple[int, int]  # men, women
    passed: tuple[int, int]


class Students(NamedTuple):
    college: str
    kind: str
    town: str
    pathway: str
    level: int
    course: str
    year: int
    counts: tuple[int, int]  # men, women


@dataclass(frozen=True)
class Country:
    """Rows of the counts; the same for every edition."""

    pupils: list[Pupils]
    exams: list[Exam]
    students: list[Students]


def make_country(seed: int = 2019) -> Country:
    """The country, with counts of 0, of 1 to 4, and larger ones."""
    rng = np.random.default_rng(seed)
    pupils = [row for at in LOCATIONS for row in _pupils(at, rng) if any(row.counts.values())]
    return Country(pupils, list(_exams(rng)), list(_students(rng)))


def _pupils(at: Location, rng: np.random.Generator) -> Iterator[Pupils]:
    def counts(mean: float, years: Iterable[int], girls: float | None = None) -> dict[tuple[int, int], int]:
        means = mean, mean if girls is None else girls
        return {(year, sex): int(rng.poisson(means[sex])) for year in years for sex in (0, 1)}

    if at.teaches("vmbo"):
        for department, sector, leerweg, code in _programmes(at):
            boys, girls = (14, 2) if sector == TECHNIEK else (7, 9)
            course = f"VMBO {LEERWEGEN[leerweg]} {department}"
            kind = f"VMBO {leerweg} lj 3-4"
            yield Pupils(at.code, kind, sector, department, code, course, counts(boys, (3, 4), girls))
        route = "Vakmanschapsroute Techniek"
        course = f"VMBO BB {route} Niveau-2"
        yield Pupils(at.code, "VMBO BL lj 3-4", TECHNIEK, route, "4511", course, counts(6, (3, 4), 1))
    if at.teaches("tl"):
        for sector, code in TL.items():
            yield Pupils(at.code, "VMBO TL lj 3-4", sector, NONE, code, f"MAVO {code}", counts(8, (3, 4)))
        yield Pupils(at.code, "VMBO uitbest. aan VAVO", NONE, NONE, "4040", "VMBO-TL naar VAVO", counts(2, (4,)))
    if at.teaches("hv"):
        for code in ("0015", "0300", "0100"):
            yield Pupils(at.code, "HAVO/VWO lj 3", NONE, NONE, code, CLASSES[code][0], counts(25, (3,)))
        for profile, (_, havo, vwo) in PROFILES.items():
            yield Pupils(at.code, "HAVO lj 4-5", NONE, profile, havo, f"HAVO {profile}", counts(7, (4, 5)))
            yield Pupils(at.code, "VWO lj 4-6", NONE, profile, vwo, f"VWO {profile}", counts(7, (4, 5, 6)))
    if at.teaches("pro"):
        course = "Praktijkonderwijs"
        yield Pupils(at.code, "Praktijkonderwijs alle vj", NONE, NONE, "0090", course, counts(6, range(1, 7)))
    if at.teaches("ib"):
        course = "International Baccalaureate middle years programme"
        yield Pupils(at.code, "Engelse Stroom", NONE, NONE, "0700", course, counts(5, range(1, 7)))
    for code, (course, needs, department) in CLASSES.items():
        if at.teaches(needs):
            sector = NONE if department == NONE else TECHNIEK
            yield Pupils(at.code, "Brugjaar 1-2", sector, department, code, course, counts(30, (1, 2)))


def _programmes(at: Location) -> Iterator[tuple[str, str, str, str]]:
    """Department, sector, leerweg and course code of what a location teaches in the upper years."""
    for department, (short, sector, *codes) in VMBO.items():
        if (sector != TECHNIEK or at.teaches("technique")) and (short != "MTE" or at.teaches("sea")):
            for leerweg, code in zip(LEERWEGEN, codes, strict=True):
                yield department, sector, leerweg, code


def _exams(rng: np.random.Generator) -> Iterator[Exam]:
    for year in EXAM_YEARS:
        for at in LOCATIONS:
            rows: list[tuple[str, str, str, str]] = []
            if at.teaches("vmbo"):
                for department, sector, leerweg, _ in _programmes(at):
                    name = BEFORE_2017.get(department, department) if year < 2017 else department
                    rows.append(("VMBO", leerweg, sector, name))
            if at.teaches("tl"):
                rows += [("VMBO", "TL", "" if sector == NONE else sector, "") for sector in TL]
            if at.teaches("hv"):
                rows += [(school, "", "", profile) for profile in PROFILES for school in ("HAVO", "VWO")]
            for row in rows:
                men, women = int(rng.poisson(9)), int(rng.poisson(5))
                passed = int(rng.binomial(men, 0.9)), int(rng.binomial(women, 0.95))
                if men + women:
                    yield Exam(year, at.code, *row, (men, women), passed)


def _students(rng: np.random.Generator) -> Iterator[Students]:
    for college, kind, town in COLLEGES:
        for course in DOMAINS:
            for level in (1, 2, 3, 4):
                for pathway in ("BOLVT", "BBL"):
                    for year in STUDENT_YEARS:
                        counts = int(rng.poisson(3 * level)), int(rng.poisson(4))
                        if any(counts):
                            yield Students(college, kind, town, pathway, level, course, year, counts)
