"""Damaged official files: one message each, with file, row or column, what was found and what is allowed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from official_folder import Edition, write_folder

from doorstroom.errors import InputError
from doorstroom.inputs.importing import import_official

Change = Callable[[str], str]
PUPILS, ADDRESSES = "leerlingen-vo-per-vestiging-naar*", "*alle-vestigingen-vo*"
EXAMS, CANDIDATES, STUDENTS = "vo_examens*", "*examenkandidaten*", "mbo_studenten*"


def damage(folder: Path, pattern: str, change: Change | Callable[[bytes], bytes], *, raw: bool = False) -> Path:
    """Change a file's text, or its bytes."""
    file = next(folder.glob(pattern))
    content = file.read_bytes()
    zipped = file.suffix == ".gz" and not raw
    content = gzip.decompress(content) if zipped else content
    content = change(content) if raw else change(content.decode("latin-1")).encode("latin-1")  # type: ignore[arg-type]
    file.write_bytes(gzip.compress(content) if zipped else content)
    return file


def message(folder: Path) -> str:
    """What the import says; nothing may be written."""
    with pytest.raises(InputError) as told:
        import_official(folder, folder / "set")
    assert not list(folder.glob("*set*"))
    text = str(told.value)
    assert "\n" not in text
    return text


def field(row: int, column: int, value: str) -> Change:
    """Put a value into a field; the heading is row 1."""

    def changed(text: str) -> str:
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        lines = text.split("\n")
        fields = lines[row - 1].split(delimiter)
        fields[column] = value
        lines[row - 1] = delimiter.join(fields)
        return "\n".join(lines)

    return changed


def swap(one: int, two: int) -> Change:
    """Exchange the texts of two columns below the heading, as a slip in a spreadsheet does."""

    def changed(text: str) -> str:
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        heading, *lines = text.split("\n")
        rows = [line.split(delimiter) for line in lines if line]
        for row in rows:
            row[one], row[two] = row[two], row[one]
        return "\n".join([heading, *(delimiter.join(row) for row in rows), ""])

    return changed


def sub(pattern: str, by: str, count: int = 0) -> Change:
    return lambda text: re.sub(pattern, by, text, count=count)


DAMAGED: dict[str, tuple[str, Change, str]] = {
    "a heading misspelt": (
        PUPILS,
        sub("AFDELING", "AFDELINGEN"),
        r"2019.csv: AFDELING: found 'no such column'; .*did you mean 'AFDELINGEN'\?; the file has",
    ),
    "a column missing": (
        PUPILS,
        lambda text: "\n".join(";".join(line.split(";")[:-1]) for line in text.splitlines()) + "\n",
        r"LEER- OF VERBLIJFSJAAR 6 - VROUW: found 'no such column'",
    ),
    "a heading twice": (
        PUPILS,
        sub("LEER- OF VERBLIJFSJAAR 2 - MAN", "LEER- OF VERBLIJFSJAAR 1 - MAN"),
        r"heading: found 'LEER- OF VERBLIJFSJAAR 1 - MAN more than once'; allowed: every column once",
    ),
    "columns swapped": (
        PUPILS,
        swap(0, 1),
        r"row 2, column BRIN NUMMER: found '00'; allowed: the code of an institution, such as 00AH",
    ),
    "sector and department swapped": (
        PUPILS,
        swap(6, 7),
        r"column AFDELING: found 'Techniek'; allowed: one of 'N.v.t.', nothing, 'Bouwen, wonen en interieur'",
    ),
    "words under a count": (PUPILS, swap(9, 12), r"row 2, column LEER- OF VERBLIJFSJAAR 2 - MAN: found 'VMBO BB Bo"),
    "text in a count": (
        PUPILS,
        field(4, 11, "twaalf"),
        r"row 4, column LEER- OF VERBLIJFSJAAR 1 - VROUW: found 'twaalf'; allowed: a whole number of persons",
    ),
    "a negative count": (PUPILS, field(4, 10, "-7"), r"row 4, column .*1 - MAN: found '-7'; allowed: a whole"),
    "half a person": (PUPILS, field(4, 10, "3,5"), r"row 4, .*found '3,5'; allowed: a whole number"),
    "an empty count": (PUPILS, field(4, 10, ""), r"row 4, .*found ''; allowed: a whole number"),
    "a count without end": (PUPILS, field(4, 10, "9" * 30), r"row 4, .*found '9+'; allowed: a whole"),
    "an unknown school type": (
        PUPILS,
        field(3, 5, "VMBO BL lj 3-5"),
        r"row 3, column ONDERWIJSTYPE VO .*: found 'VMBO BL lj 3-5'; .*did you mean 'VMBO BL lj 3-4'\?",
    ),
    "an unknown department": (
        PUPILS,
        field(3, 7, "Produceren, instaleren en energie"),
        r"row 3, column AFDELING: found .*did you mean 'Produceren, installeren en energie'\?",
    ),
    "an unknown kind of class": (
        PUPILS,
        sub("0031;Ljvb op VMBO-BBg Lw", "0039;Ljvb op iets nieuws"),
        r"column ELEMENTCODE: found '0039 \(Ljvb op iets nieuws\)'; allowed: the code of a lower-year class",
    ),
    "cut off in a row": (
        PUPILS,
        lambda text: text[: len(text) // 2].rpartition(";")[0],
        r"row \d+: found '\d+ fields'; allowed: 22 fields, as in the heading; was the file cut off\?",
    ),
    "cut off between rows": (
        PUPILS,
        lambda text: "\n".join(text.split("\n")[:60]) + "\n",
        r"institutions: found 1; allowed: at least half of the 4 in alle-vestigingen-vo.csv; is it whole\?",
    ),
    "another delimiter": (
        PUPILS,
        lambda text: text.replace(";", "#"),
        r"heading: found 'BRIN NUMMER#.*'; allowed: columns separated by one of ; , \| and tab",
    ),
    "two delimiters": (
        PUPILS,
        lambda text: text.partition("\n")[0] + "\n" + text.partition("\n")[2].replace(";", ","),
        r"row 2: found '\d+ fields'; allowed: 22 fields, as in the heading",
    ),
    "no rows": (PUPILS, lambda text: text.partition("\n")[0] + "\n", r"rows: found 0; allowed: a heading and at least"),
    "an empty file": (PUPILS, lambda text: "", r"rows: found 0; allowed: a heading and at least one row"),
    "a row twice": (
        PUPILS,
        lambda text: text + text.split("\n")[4] + "\n",
        r"row \d+: the same BRIN NUMMER, .*OPLEIDINGSNAAM as row 5; allowed: once",
    ),
    "a quote that never closes": (
        PUPILS,
        field(3, 2, '"School'),
        r"row \d+: quotes that don't close .*was it cut off\?",
    ),
    "another's location": (
        ADDRESSES,
        sub("00BB01", "00AA77"),
        r"row \d, column VESTIGINGSNUMMER: found '00AA77'; allowed: a location of 00BB",
    ),
    "no postcode": (ADDRESSES, sub("2021 AB", "Kerkplein"), r"column POSTCODE: found 'Kerkplein'; allowed: a postcode"),
    "latitude and longitude swapped": (
        "postcode4*",
        swap(4, 5),
        r"row 2, column latitude: found '5.1000'; allowed: a number from 50.7 to 53.7",
    ),
    "other age bands": (
        "cbs_inwoners*",
        sub("10-14", "10-15"),
        r"leeftijd: found 'no band 10-14'; allowed: the five-year bands",
    ),
    "withheld where it can't be": (
        "po_groep8*",
        field(3, 2, "<5"),
        r"row 3, column l8: found '<5'; allowed: a whole number; here none may be withheld",
    ),
    "an unknown domain": (
        STUDENTS,
        sub("Techniek en procesindustrie", "Techniek en procesindustri"),
        r"column domein: found .*did you mean 'Techniek en procesindustrie'",
    ),
    "an unknown kind of college": (
        STUDENTS,
        sub(",ROC,", ",ROX,"),
        r"row \d+, column soort: found 'ROX'; allowed: one of 'ROC', 'AOC', 'VAK'",
    ),
    "an unknown sex": (STUDENTS, sub(",2019,M", ",2019,X"), r"column geslacht: found 'X'; allowed: one of 'M', 'V'"),
    "an unknown old department": (
        EXAMS,
        sub("Bouwtechniek", "Bouwtechnik"),
        r"column afdeling: found 'Bouwtechnik'; allowed: one of .*; did you mean 'Bouwtechniek'",
    ),
    "an unknown leerweg": (EXAMS, sub(",KL,", ",KX,"), r"column leerweg: found 'KX'; allowed: one of 'BL', 'KL', 'GL'"),
    "more passes than candidates": (
        EXAMS,
        field(2, 11, "900"),
        r"row 2, column geslaagd: found '900'; allowed: at most the \d+ candidates",
    ),
    "an unknown course": (
        CANDIDATES,
        sub("VMBO B - techniek", "VMBO B - technick"),
        r"column OPLEIDINGSNAAM: found 'VMBO B - technick'; .*did you mean 'VMBO B - techniek'",
    ),
    "a sex missing of one year": (
        CANDIDATES,
        sub("EXAMENKANDIDATEN SCHOOLJAAR 2017-2018 - VROUW", "KANDIDATEN 2018 VROUW"),
        r"heading: found 'no such column'; allowed: a column 'EXAMENKANDIDATEN SCHOOLJAAR 2017-2018 - VROUW'",
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_told_in_one_message(official: Path, name: str) -> None:
    pattern, change, expected = DAMAGED[name]
    file = damage(official, pattern, change)
    told = message(official)
    assert file.name in told
    assert re.search(expected, told), told


def test_a_town_that_is_nowhere_is_told_with_its_neighbour_in_the_alphabet(official: Path) -> None:
    damage(official, STUDENTS, sub("ZANDSTAD", "ZANDSTADT"))
    expected = (
        r"postcode4-coordinates.csv: town: found 'ZANDSTADT'; allowed: a town in this file; did you mean 'zandstad'"
    )
    assert re.search(expected, message(official))


def test_a_quote_within_a_name_is_no_damage(official: Path) -> None:
    damage(official, PUPILS, sub('"School ""De Brug"""', 'School "De Brug"'))
    assert import_official(official, official / "set").rows["locations"] == 10


NEWER: dict[str, tuple[Edition, str, Change, str]] = {
    "a heading misspelt": (
        "newer",
        "01.-leerl*",
        sub("ERKENDE OPLEIDINGSCODE", "CODE"),
        r"a column 'ELEMENTCODE' or 'ERKENDE OPLEIDINGSCODE'",
    ),
    "an unknown code": (
        "newer",
        "01.-leerl*",
        sub('"BWI"', '"BWX"', 1),
        r"AFDELING: found 'BWX'; .*did you mean 'BWI'",
    ),
    "another mask": ("newer", "01.-leerl*", sub('"<5"', '"<10"', 1), r"VERBLIJFSJAAR \d - \w+: found '<10'; allowed"),
    "no year in a heading": (
        "newer",
        "03-stud*2019*",
        sub("MAN2019", "MANNEN"),
        r"allowed: also columns such as 'MAN2019'",
    ),
    "two years": ("newer", "03-stud*2019*", sub("VROUW2019", "VROUW2018"), r"allowed: also columns such as 'MAN2019'"),
    "a location twice": (
        "newer",
        "03.-leerl*",
        sub("00AA01", "00AA00"),
        r"row \d: the same INSTELLINGSCODE, VESTIGINGSCODE as row \d",
    ),
    "a negative count": (
        "portal",
        "01.-leerl*",
        sub('"-1"', '"-2"', 1),
        r"found '-2'; .*, or '<5' where it is withheld",
    ),
    "a column missing": (
        "portal",
        "geslaagden-*2018-2019*",
        sub("GESLAAGDEN", "GESLAAGD"),
        r"GESLAAGDEN: found 'no such column'.*did you mean",
    ),
}


@pytest.mark.parametrize("name", NEWER)
def test_damage_in_the_newer_editions_is_told_too(tmp_path: Path, name: str) -> None:
    edition, pattern, change, expected = NEWER[name]
    folder = write_folder(tmp_path / "official", edition, withhold=True)
    file = damage(folder, pattern, change)
    told = message(folder)
    assert file.name in told
    assert re.search(expected, told), told


KLEI = "KLEIËRLAND".encode("latin-1")
GARBLED: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "utf-16": (
        PUPILS,
        lambda raw: raw.decode("latin-1").encode("utf-16"),
        "encoding: found 'UTF-16, or no text at all'",
    ),
    "zeros": (PUPILS, lambda raw: bytes(500), "encoding: found 'UTF-16, or no text at all'"),
    "utf-8 twice": (
        ADDRESSES,
        lambda raw: raw.replace(KLEI, "KLEIËRLAND".encode().decode("latin-1").encode()),
        r"row \d, column GEMEENTENAAM: found 'KLEIÃ.*; allowed: text in UTF-8 or latin-1",
    ),
    "a dos code page": (
        ADDRESSES,
        lambda raw: raw.replace(KLEI, "kleiërland".encode("cp850")),
        r"row \d, column GEMEENTENAAM: found 'klei‰rland'; allowed: text in UTF-8 or latin-1",
    ),
    "lost letters": (
        ADDRESSES,
        lambda raw: raw.replace(KLEI, "KLEI\ufffdRLAND".encode()),
        r"row \d, column GEMEENTENAAM: found .*; allowed: text in UTF-8 or latin-1",
    ),
    "half a gzip file": (EXAMS, lambda raw: raw[: len(raw) // 2], "isn't a whole gzip file .*fetch it again"),
    "no gzip file": (EXAMS, lambda raw: b"plain text", "isn't a whole gzip file .*fetch it again"),
}


@pytest.mark.parametrize("name", GARBLED)
def test_a_wrong_encoding_is_told(official: Path, name: str) -> None:
    pattern, change, expected = GARBLED[name]
    file = damage(official, pattern, change, raw=True)
    told = message(official)
    assert file.name in told
    assert re.search(expected, told), told


def test_a_last_line_without_its_end_is_remarked(official: Path) -> None:
    damage(official, PUPILS, lambda text: text.removesuffix("\n").removesuffix("\r"))
    report = import_official(official, official / "set")
    assert any("ends in the middle of a line" in remark for remark in report.remarks)
