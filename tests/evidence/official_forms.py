"""DUO's files of later years, made up in the form that they have now: every figure in them is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from doorstroom.inputs.sets import load_inputs

FIRST, LAST = 2019, 2023
COURSES = (
    "VMBO B - techniek",
    "VMBO B - economie",
    "VMBO LWT - techniek",
    "VMBO K - techniek",
    "VMBO K - zorg en welzijn",
    "VMBO G - techniek",
    "VMBO G - landbouw",
    "VMBO T - techniek",
    "VMBO T - economie",
)
SHARE = {"techniek": 0.21, "economie": 0.3, "zorg en welzijn": 0.4, "landbouw": 0.3}


Counts = Sequence[tuple[int, int]]
"""Candidates of a course at a location by exam year, boys and girls."""


def exam_file(folder: Path, *, locations: int = 300, fields: Sequence[str] = ()) -> Path:
    """examenkandidaten-en-geslaagden-2019-2024.csv of some locations with invented counts, many of them withheld."""
    rng = np.random.default_rng(1)
    rows: dict[tuple[str, str], Counts] = {}
    for place in load_inputs().locations["location"].iloc[:locations]:
        for course in COURSES:
            mean = 60 * SHARE[course.split(" - ")[1]] * np.array([0.9, 0.2])
            rows[place, course] = [tuple(rng.poisson(mean).tolist()) for _ in range(FIRST, LAST + 1)]
    return write_exams(folder, rows, fields=fields)


def write_exams(folder: Path, rows: Mapping[tuple[str, str], Counts], *, fields: Sequence[str] = ()) -> Path:
    """The file of these counts: quoted, counts under five withheld, no ONBEKEND, INSTELLINGSCODE."""
    years = [f"{year}-{year + 1}" for year in range(FIRST, FIRST + len(next(iter(rows.values()))))]
    head = ["INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM", "ONDERWIJSTYPE VO"]
    head += ["INSPECTIECODE", "OPLEIDINGSNAAM"]
    head += [
        f"{what} SCHOOLJAAR {year} - {who}"
        for year in years
        for who in ("MAN", "VROUW", "TOTAAL")
        for what in ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")
    ]
    lines = [";".join(f'"{name}"' for name in (fields or head))]
    for (place, course), counts in rows.items():
        row = [place[:4], place, "School", "Gemeente", course.split()[0], "0", course]
        for man, vrouw in counts:
            for count in (man, vrouw, man + vrouw):
                shown = "<5" if 0 < count < 5 else str(count)
                row += [shown, shown, "95.1"]
        lines.append(";".join(f'"{field}"' for field in row))
    path = folder / f"examenkandidaten-en-geslaagden-2019-{years[-1][-4:]}.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="cp1252")
    return path
