"""The made-up country as official files: of the older edition, of the newer one, and as the new portal writes them.

All say the same in their own form. Names, addresses and marks are placeholders, as no reader looks at them.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from made_up_country import (
    DOMAINS,
    EMPTY,
    EXAM_YEARS,
    LOCATIONS,
    PROFILES,
    STUDENT_YEARS,
    TOWNS,
    VMBO,
    Country,
    Exam,
    Students,
    make_country,
)

Edition = Literal["older", "newer", "portal"]
PUPILS = "leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv"
TOTALS = "03.-leerlingen-vo-per-vestiging-en-bestuur-(vavo-apart)-2019.csv"
YEARS = range(1, 7)
NODAL = sorted({town.nodal for town in TOWNS.values()})
PLACE = {at.code: at for at in LOCATIONS}
SECTOR_WORDS = {
    "Techniek": "techniek",
    "Economie": "economie",
    "Zorg & Welzijn": "zorg en welzijn",
    "Landbouw": "landbouw",
    "Intersect. programma": "intersectoraal",
}
COMMA: dict[str, Any] = {"delimiter": ",", "encoding": "utf-8", "newline": "\n"}


def write_folder(
    folder: Path,
    edition: Edition = "older",
    *,
    country: Country | None = None,
    withhold: bool = False,
    totals: bool = True,
    shuffle: int | None = None,
) -> Path:
    """Write every official file that the import can use; gives the folder.

    Parameters
    ----------
    withhold : whether counts of 1 to 4 are hidden
    totals : whether the file of location totals is there, in the newer editions
    shuffle : seed of another order of the rows
    """
    folder.mkdir(parents=True, exist_ok=True)
    write = _Writer(folder, edition, withhold, shuffle)
    country = country or make_country()
    _write_pupils(write, country)
    if totals and edition != "older":
        _write_totals(write, country)
    _write_addresses(write)
    _write_places(write)
    _write_exams(write, country)
    _write_candidates(write, country)
    _write_students(write, country)
    return folder


class _Writer:
    """Writes tables in the dialect of an edition."""

    def __init__(self, folder: Path, edition: Edition, withhold: bool, shuffle: int | None) -> None:
        self.folder, self.edition, self.withhold = folder, edition, withhold
        self._rng = None if shuffle is None else np.random.default_rng(shuffle)

    def n(self, count: int) -> str:
        """A count as it is published."""
        if self.withhold and 1 <= count <= 4:
            return "-1" if self.edition == "portal" else "<5"
        return str(count)

    def old(self, older: str, newer: str) -> str:
        return older if self.edition == "older" else newer

    def location(self) -> str:
        return self.old("BRIN NUMMER;VESTIGINGSNUMMER", "INSTELLINGSCODE;VESTIGINGSCODE")

    def table(
        self,
        name: str,
        heading: str,
        rows: Iterable[Sequence[object]],
        *,
        delimiter: str = ";",
        quoted: bool = False,
        encoding: str = "latin-1",
        newline: str = "\r\n",
    ) -> None:
        columns = heading.split(";")
        if self.edition == "portal" and delimiter == ";":
            delimiter, quoted, encoding = ",", True, "utf-8-sig"
            columns = [column.replace(" ", "_") for column in columns]
        body = list(rows)
        if self._rng is not None:
            body = [body[i] for i in self._rng.permutation(len(body))]
        text = io.StringIO()
        quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
        csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=newline).writerows([columns, *body])
        raw = text.getvalue().encode(encoding)
        (self.folder / name).write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)


def _write_pupils(write: _Writer, country: Country) -> None:
    newer = write.edition != "older"
    network = "SAMENWERKINGSVERBAND PASSEND ONDERWIJS VO;" if newer else ""
    years = ";".join(f"LEER- OF VERBLIJFSJAAR {year} - {sex}" for year in YEARS for sex in ("MAN", "VROUW"))
    heading = (
        f"{write.location()};INSTELLINGSNAAM VESTIGING;PLAATSNAAM VESTIGING;PROVINCIE VESTIGING;{network}"
        "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR;VMBO SECTOR;AFDELING;"
        f"{write.old('ELEMENTCODE', 'ERKENDE OPLEIDINGSCODE')};OPLEIDINGSNAAM;{years}"
    )
    rows = []
    for row in country.pupils:
        town = PLACE[row.location].town
        province = TOWNS[town].province if town in TOWNS else "Groningen"
        department = _short(row.department) if newer else row.department
        network_code = ["VO0001"] if newer else []
        counts = [write.n(row.counts.get((year, sex), 0)) for year in YEARS for sex in (0, 1)]
        course = [row.type, row.sector, department, row.code, row.course]
        location = [row.location[:4], row.location[4:], 'School "De Brug"', town.upper(), province]
        rows.append([*location, *network_code, *course, *counts])
    write.table(write.old(PUPILS, f"01.-{PUPILS}"), heading, rows, quoted=newer, encoding=write.old("latin-1", "utf-8"))


def _write_totals(write: _Writer, country: Country) -> None:
    here: dict[str, int] = defaultdict(int)
    vavo: dict[str, int] = defaultdict(int)
    for row in country.pupils:
        (vavo if "VAVO" in row.type else here)[row.location] += sum(row.counts.values())
    heading = (
        "BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;INSTELLINGSNAAM VESTIGING;PLAATSNAAM;GEMEENTENUMMER;"
        "GEMEENTENAAM;PROVINCIE;AANTAL LEERLINGEN;AANTAL VO LEERLINGEN UITBESTEED AAN VAVO"
    )
    rows = [
        [10001, at.code[:4], at.code, "School", at.town, 1, "X", "Y", write.n(here[at.code]), write.n(vavo[at.code])]
        for at in LOCATIONS
    ]
    write.table(TOTALS, heading, rows, quoted=True)


def _write_addresses(write: _Writer) -> None:
    heading = (
        f"PROVINCIE;BEVOEGD GEZAG NUMMER;{write.location()};VESTIGINGSNAAM;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;"
        "GEMEENTENAAM;POSTCODE CORRESPONDENTIEADRES;PLAATSNAAM CORRESPONDENTIEADRES;NODAAL GEBIED CODE;"
        f"NODAAL GEBIED NAAM{write.old('', ';VAKANTIEREGIO')}"
    )
    rows = []
    for at in (*LOCATIONS, EMPTY):
        if at.listed:
            town = TOWNS[at.town]
            row = [
                town.province,
                10001,
                at.code[:4],
                at.code,
                "School",
                f"{town.pc4} AB",
                at.town.upper(),
                f"{town.number:04}",
            ]
            row += [town.municipality.upper(), f"{town.pc4} XX", at.town, f"{NODAL.index(town.nodal):02}", town.nodal]
            rows.append(row + ([] if write.edition == "older" else ["Noord"]))
    name = {"older": "alle-vestigingen-vo.csv", "newer": "02.-alle-vestigingen-vo.csv", "portal": "vestigingenvo.csv"}
    write.table(name[write.edition], heading, rows)


def _write_places(write: _Writer) -> None:
    """Postcodes, municipalities, inhabitants and the last year of primary school, which have one form only."""
    postcodes = [
        (int(town.pc4) + step, name, town, town.lat + step / 100, town.lon + step / 100)
        for name, town in TOWNS.items()
        for step in (0, 1)
    ]
    write.table(
        "postcode4-coordinates.csv",
        "postcode;woonplaats;gemeente;provincie;latitude;longitude",
        [
            [pc4, name, town.municipality, town.province, f"{lat:.4f}", f"{lon:.4f}"]
            for pc4, name, town, lat, lon in postcodes
        ],
        **COMMA,
    )
    municipalities = {town.number: (town.municipality, town.nodal) for town in TOWNS.values()}
    write.table(
        "gemeente_regio_indeling.csv",
        "gm_code;gemeente;nodaal",
        [[f"GM{number:04}", *names] for number, names in municipalities.items()],
        **COMMA,
    )
    write.table(
        "geo_gemeenten_centroiden.csv",
        "gemeente;lat;lon",
        [[name, 52 + number / 10, 5 + number / 10] for number, (name, _) in municipalities.items()],
        **COMMA,
    )
    write.table(
        "po_groep8_per_gemeente_2019.csv",
        "gm;GEMEENTENAAM;l8",
        [[f"GM{number:04}", name, 100 * number] for number, (name, _) in municipalities.items()],
        **COMMA,
    )
    bands = [*(f"{age}-{age + 4}" for age in range(0, 95, 5)), "95+"]
    write.table(
        "cbs_inwoners_pc4_leeftijd_2021.csv.gz",
        "leeftijd;inwoners;pc4;gemeente",
        [
            # each postcode has its own age structure, so that cohorts differ between regions
            [band, float(5 * (10 + place + (place + 1) * number % 7)), pc4, town.municipality]
            for place, (pc4, _, town, _, _) in enumerate(postcodes)
            for number, band in enumerate(bands)
        ],
        **COMMA,
    )


def _school(exam: Exam) -> list[str]:
    town = PLACE[exam.location].town
    municipality = TOWNS[town].municipality if town in TOWNS else "Veenstad"
    return [exam.location[:4], exam.location, "School", municipality.upper()]


def _short(department: str) -> str:
    """The newer editions' code of a department, where there is one."""
    return VMBO[department][0] if department in VMBO else department


def _write_exams(write: _Writer, country: Country) -> None:
    if write.edition == "older":
        heading = (
            "schooljaar;examenjaar;brin;vestiging;naam;gemeente;type;leerweg;sector;afdeling;kandidaten;geslaagd;gezakt"
        )
        rows = [
            [
                f"{e.year - 1}-{e.year}",
                e.year,
                *_school(e),
                e.type,
                e.leerweg,
                e.sector,
                e.department,
                *_results(write, e),
            ]
            for e in country.exams
        ]
        write.table("vo_examens_per_afdeling_2015_2019.csv.gz", heading, rows, **COMMA)
        return
    heading = (
        "INSTELLINGSCODE;VESTIGINGSCODE;INSTELLINGSNAAM VESTIGING;GEMEENTENAAM VESTIGING;PROVINCIE VESTIGING;"
        "ONDERWIJSTYPE VO;LEERWEG VMBO;VMBO SECTOR;AFDELING;EXAMENKANDIDATEN;GESLAAGDEN;GEZAKTEN;"
        "GEMIDDELD CIJFER CIJFERLIJST"
    )
    for year in EXAM_YEARS:
        rows = [
            [*_school(e), "Utrecht", e.type, e.leerweg, e.sector, _short(e.department), *_results(write, e), "6,4"]
            for e in country.exams
            if e.year == year
        ]
        comma = "," if year == 2017 else ""  # as DUO spelled one of them
        write.table(f"geslaagden{comma}-gezakten-en-cijfers-{year - 1}-{year}.csv", heading, rows, quoted=True)


def _results(write: _Writer, exam: Exam) -> list[str]:
    candidates, passed = sum(exam.candidates), sum(exam.passed)
    return [write.n(candidates), write.n(passed), write.n(candidates - passed)]


def _write_candidates(write: _Writer, country: Country) -> None:
    older = write.edition == "older"
    sexes = ("MAN", "VROUW", "ONBEKEND", "TOTAAL") if older else ("MAN", "VROUW", "TOTAAL")
    sums: dict[tuple[str, str, str], dict[int, np.ndarray]] = defaultdict(
        lambda: defaultdict(lambda: np.zeros((2, 2), int))
    )
    for e in country.exams:
        sums[e.location, e.type, _course(e)][e.year] += np.array([e.candidates, e.passed])
    heading = f"{write.location()};INSTELLINGSNAAM VESTIGING;GEMEENTENAAM;ONDERWIJSTYPE VO;INSPECTIECODE;OPLEIDINGSNAAM"
    for year in EXAM_YEARS:
        for sex in sexes:
            for what in ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC"):
                heading += f";{what} SCHOOLJAAR {year - 1}-{year} - {sex}"
    rows = []
    for (location, kind, course), years in sums.items():
        row: list[object] = [location[:4], location, "School", "X", kind, "50", course]
        for year in EXAM_YEARS:
            men, women = years[year].T.tolist()
            results = {"MAN": men, "VROUW": women, "ONBEKEND": [0, 0], "TOTAAL": [men[0] + women[0], men[1] + women[1]]}
            for sex in sexes:
                candidates, passed = results[sex]
                share = f"{100 * passed / candidates:.1f}" if candidates else ""
                row += [write.n(candidates), write.n(passed), share.replace(".", ",") + "%" if older else share]
        rows.append(row)
    write.table(write.old("06-", "") + "examenkandidaten-en-geslaagden-2014-2019.csv", heading, rows, quoted=not older)


def _course(exam: Exam) -> str:
    if exam.type != "VMBO":
        return f"{exam.type} - {PROFILES[exam.department][0]}"
    letter = exam.leerweg[0] if exam.leerweg != "TL" else "T"
    return f"VMBO {letter}" + (f" - {SECTOR_WORDS[exam.sector]}" if exam.sector else "")


def _write_students(write: _Writer, country: Country) -> None:
    if write.edition == "older":
        rows = [
            [s.college, s.kind, s.town, s.pathway, s.level, s.course, DOMAINS[s.course], write.n(n), s.year, sex]
            for s in country.students
            for sex, n in zip("MV", s.counts, strict=True)
            if n
        ]
        heading = "brin;soort;plaats;leerweg;niveau;crebo;domein;n;jaar;geslacht"
        write.table("mbo_studenten_2018_2019_lang.csv.gz", heading, rows, **COMMA)
        return

    def counts(row: Students) -> list[str]:
        return [write.n(n) for n in (*row.counts, sum(row.counts))]

    for year in STUDENT_YEARS:
        heading = (
            "BRIN NUMMER;SOORTINS;INSTELLINGSNAAM;PLAATSNAAM;TYPE MBO;KWALIFICATIENIVEAU;KWALIFICATIE CODE;"
            f"KWALIFICATIE NAAM;MBO SECTOR;DOMEIN;SECTORUNIT SBB;MAN{year};VROUW{year};TOTAAL{year}"
        )
        rows = [
            [s.college, s.kind, "X", s.town, s.pathway, s.level, s.course, "X", "X", DOMAINS[s.course], "X", *counts(s)]
            for s in country.students
            if s.year == year
        ]
        write.table(f"03-studenten-per-opleiding-mbo-{year}.csv", heading, rows, encoding="utf-8")
