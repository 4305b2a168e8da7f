"""DUO's files of later years, made up in the form that they have now: every figure in them is invented."""

from __future__ import annotations

from collections.abc import Sequence
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


def exam_file(folder: Path, *, locations: int = 300, fields: Sequence[str] = ()) -> Path:
    """examenkandidaten-en-geslaagden-2019-2024.csv: quoted, withheld counts, no ONBEKEND, INSTELLINGSCODE."""
    years = [f"{year}-{year + 1}" for year in range(FIRST, LAST + 1)]
    head = ["INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM", "ONDERWIJSTYPE VO"]
    head += ["INSPECTIECODE", "OPLEIDINGSNAAM"]
    head += [
        f"{what} SCHOOLJAAR {year} - {who}"
        for year in years
        for who in ("MAN", "VROUW", "TOTAAL")
        for what in ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")
    ]
    rng = np.random.default_rng(1)
    places = load_inputs().locations["location"].iloc[:locations]
    lines = [";".join(f'"{name}"' for name in (fields or head))]
    for place in places:
        for course in COURSES:
            row = [place[:4], place, "School", "Gemeente", "VMBO", "0", course]
            for _ in years:
                man, vrouw = rng.poisson(60 * SHARE[course.split(" - ")[1]] * np.array([0.9, 0.2]))
                for count in (man, vrouw, man + vrouw):
                    shown = "<5" if 0 < count < 5 else str(count)
                    row += [shown, shown, "95.1"]
            lines.append(";".join(f'"{field}"' for field in row))
    path = folder / "examenkandidaten-en-geslaagden-2019-2024.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="cp1252")
    return path
