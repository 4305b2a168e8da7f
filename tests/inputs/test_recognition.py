"""A file is what its name says, or else what its columns say; and why it isn't read is said for a true reason."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest
from official_folder import PUPILS, write_folder

from doorstroom.errors import InputError
from doorstroom.inputs import official as files
from doorstroom.inputs.homes import of_statline
from doorstroom.inputs.importing import import_official
from doorstroom.inputs.readers import Official, Published, read, years_of
from doorstroom.inputs.recognition import form_of, why_not_read
from doorstroom.inputs.sets import load_inputs

HEAD = "leeftijd;inwoners;pc4;gemeente\n"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("edition", ["older", "newer", "portal"])
def test_files_by_any_name_are_recognised_by_their_columns(tmp_path: Path, edition: str) -> None:
    named = write_folder(tmp_path / "named", edition)  # type: ignore[arg-type]
    other = tmp_path / "other"
    other.mkdir()
    for at, file in enumerate(sorted(named.iterdir())):
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        form = form_of(file)
        assert form is not None, file.name
        _, last = years_of(file, form)
        year = "" if last is None else f"-{last}"
        (other / f"download{at}{year}.csv").write_bytes(data)
    first, second = (import_official(one, tmp_path / f"{one.name}-set") for one in (named, other))
    assert load_inputs(first.target).identity == load_inputs(second.target).identity
    assert not second.unused


@pytest.mark.parametrize(
    ("name", "form", "years"),
    [
        ("duo-2024-2025.csv", files.PUPILS, (2024, 2024)),
        ("pupils of 2023.csv", files.PUPILS, (2023, 2023)),
        ("2023_pupils.csv", files.PUPILS, (2023, 2023)),
        ("marks 2023-2024.csv", files.EXAMS_DUO, (2023, 2024)),
        ("pupils.csv", files.PUPILS, (None, None)),
        ("tel 0201234567.csv", files.PUPILS, (None, None)),
    ],
)
def test_a_year_may_stand_anywhere_in_a_name(name: str, form: Official, years: tuple[int | None, int | None]) -> None:
    assert years_of(Path(name), form) == years


def test_a_count_whose_year_nobody_tells_is_refused(tmp_path: Path) -> None:
    official = write_folder(tmp_path / "official")
    (official / PUPILS).rename(official / "pupils.csv")
    with pytest.raises(InputError, match=r"pupils\.csv: name: found 'pupils\.csv'; allowed: a name with the year"):
        import_official(official, tmp_path / "set")


@pytest.mark.parametrize(
    ("name", "heading", "why"),
    [
        ("scholen-culemborg.csv", "naam;plaats", "neither its name nor its columns"),
        ("lijst.csv", "JAAR;BBL;BOLVT", "mbo without domain or sex"),
        ("2021-2025-01-studenten.csv", "JAAR,PROVINCIE INSTELLING,BBL,BOLDT,BOLVT,EX", "mbo without domain or sex"),
        ("mbo-studenten-2023.csv", "a;b", "mbo without domain or sex"),
        ("brin6_advies.csv", "INSTELLINGSCODE,PEILJAAR,ADVIES,AANTAL_LEERLINGEN", "school advice"),
        ("brin4_prognosesvo.csv", "INSTELLINGSCODE,ONDERWIJSNIVEAU,JAAR,PROGNOSEAANTALLEN", "forecasts of others"),
        ("gemeente_leeftijd.csv", "GEMEENTENUMMER,TYPE_PO,PEILJAAR,AANTAL_LEERLINGEN", "primary schools"),
        ("x.csv", "SCHOOLJAAR,BRIN,VMBO SECTOR,LEERJAAR,AANTAL LEERLINGEN", "the portal's long form"),
        ("functies.csv", "BRIN NUMMER;FUNCTIEGROEP;FTE'S 2017", "staff by institution"),
        ("notes.txt", "anything", ""),
    ],
)
def test_the_reason_why_a_file_is_not_read_is_a_true_one(tmp_path: Path, name: str, heading: str, why: str) -> None:
    path = written(tmp_path, name, f"{heading}\n1;2\n")
    assert form_of(path) is None
    assert why_not_read(path).startswith(why)
    assert bool(why_not_read(path)) == bool(why)


@pytest.mark.parametrize("blank", ['""\n', ";;;\n", "\n", '"";"";"";""\n'])
def test_blank_lines_are_nothing(tmp_path: Path, blank: str) -> None:
    text = f"{HEAD}10-14;5;1011;Amsterdam\n{blank}15-19;6;1011;Amsterdam\n{blank}"
    assert len(read(written(tmp_path, "cbs_inwoners_pc4_leeftijd_2021.csv", text), files.PEOPLE).table) == 2


def statline(tmp_path: Path, text: str, name: str = "83502NED-2024.csv") -> Published:
    path = written(tmp_path, name, text)
    assert form_of(path) is files.PEOPLE_STATLINE
    return of_statline(read(path, files.PEOPLE_STATLINE))


LABELS = """"Bevolking; geslacht, leeftijd en viercijferige postcode, 1 januari"
"Geslacht";"Leeftijd";"Postcode";"Perioden";"Bevolking (aantal)"
"Totaal mannen en vrouwen";"Totaal leeftijd";"1011";"2024";"9.450"
"Totaal mannen en vrouwen";"10 tot 15 jaar";"Nederland";"2024";"900000"
"Totaal mannen en vrouwen";"10 tot 15 jaar";"1011";"2024";"265"
"Mannen";"10 tot 15 jaar";"1011";"2024";"120"
"Totaal mannen en vrouwen";"5 tot 10 jaar";"1011 Amsterdam";"2024";"210"
"Totaal mannen en vrouwen";"0 tot 15 jaar";"1011";"2024";"750"
"Totaal mannen en vrouwen";"10 tot 15 jaar";"1012";"2024";"."
"Bron: CBS"
"""


def test_cbs_own_table_is_read_with_its_title_and_its_signature(tmp_path: Path) -> None:
    found = statline(tmp_path, LABELS)
    rows = found.table.sort_values(["pc4", "age"])[["pc4", "age", "people"]].to_numpy().tolist()
    assert rows == [["1011", "10-14", "265"], ["1011", "5-9", "210"], ["1012", "10-14", ""]]
    assert found.last == 2024


def test_cbs_own_table_by_an_open_data_client(tmp_path: Path) -> None:
    text = (
        "ID,Geslacht,Leeftijd,Postcode,Perioden,Bevolking_1\n0,Totaal mannen en vrouwen,0 tot 5 jaar,PC1011,2023,5.0\n"
    )
    found = statline(tmp_path, text, "download.csv")
    assert found.table[["pc4", "age", "people"]].to_numpy().tolist() == [["1011", "0-4", "5.0"]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("tot 15 jaar", "", r"Leeftijd: found .*allowed: labels such as '10 tot 15 jaar'"),
        ('"1011";"2024"', '"1011";"2023"', "Perioden: found '2023, 2024'; allowed: one year"),
    ],
)
def test_cbs_own_table_in_codes_or_of_several_years_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = LABELS.replace(old, new) if "jaar" not in old else LABELS.replace(" tot ", " - ")
    with pytest.raises(InputError, match=told):
        statline(tmp_path, text)


def test_a_set_is_made_from_cbs_own_table(tmp_path: Path) -> None:
    extract, own = (write_folder(tmp_path / name) for name in ("extract", "own"))
    (file,) = own.glob("cbs_inwoners*")
    people = pd.read_csv(file, sep=None, engine="python", dtype=str, keep_default_na=False)
    file.unlink()
    low = people["leeftijd"].str.extract(r"^(\d+)")[0].astype(int)
    label = [f"{first} tot {first + 5} jaar" if first < 95 else "95 jaar of ouder" for first in low]
    table = pd.DataFrame(
        {
            "Geslacht": "Totaal mannen en vrouwen",
            "Leeftijd": label,
            "Postcode": people["pc4"],
            "Perioden": "2021",
            "Bevolking_1": people["inwoners"],
        }
    )
    table.to_csv(own / "cbs.csv", index=False)
    first, second = (load_inputs(import_official(one, tmp_path / f"{one.name}-set").target) for one in (extract, own))
    one, other = (inputs.homes.drop(columns=["municipality", "region"]) for inputs in (first, second))
    pd.testing.assert_frame_equal(one, other)
    assert (second.homes["municipality"] == -1).all()
    assert first.cohorts["year"].tolist() == second.cohorts["year"].tolist()
