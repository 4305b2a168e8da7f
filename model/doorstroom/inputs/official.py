"""The official files that the input set is made from: names, headings of older and newer editions, sources."""

from __future__ import annotations

from typing import Final

from doorstroom.inputs.readers import Official

DUO: Final = "DUO Open Onderwijsdata"
CBS: Final = "CBS"
FREE: Final = "CC0"
BY: Final = "CC BY 4.0"

_INSTITUTION: Final = ("BRIN NUMMER", "INSTELLINGSCODE", "BRIN_NUMMER", "BRIN")
_LOCATION: Final = ("VESTIGINGSNUMMER", "VESTIGINGSCODE", "VESTIGING")

PUPILS: Final = Official(
    files=(
        "leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv",
        "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv",
    ),
    columns={
        "brin": _INSTITUTION,
        "suffix": _LOCATION,  # the two-digit suffix only
        "town": ("PLAATSNAAM VESTIGING", "PLAATSNAAM"),
        "province": ("PROVINCIE VESTIGING", "PROVINCIE"),
        "type": ("ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR",),
        "sector": ("VMBO SECTOR",),
        "department": ("AFDELING",),
        "code": ("ELEMENTCODE", "ERKENDE OPLEIDINGSCODE"),
        "course": ("OPLEIDINGSNAAM",),
        **{
            f"{sex}{year}": (f"LEER- OF VERBLIJFSJAAR {year} - {word}",)
            for year in range(1, 7)
            for sex, word in (("men", "MAN"), ("women", "VROUW"))
        },
    },
    title="Leerlingen vo per vestiging naar onderwijstype",
    publisher=DUO,
    edition="1 October 2019",
    licence=FREE,
)

ADDRESSES: Final = Official(
    files=("alle-vestigingen-vo.csv", "02.-alle-vestigingen-vo.csv"),
    columns={
        "brin": _INSTITUTION,
        "location": _LOCATION,
        "postcode": ("POSTCODE",),
        "town": ("PLAATSNAAM",),
        "municipality": ("GEMEENTENUMMER",),
        "municipality_name": ("GEMEENTENAAM",),
        "nodal": ("NODAAL GEBIED NAAM",),
    },
    title="Adressen van alle vestigingen vo (area codes only)",
    publisher=DUO,
    edition="2020",
    licence=FREE,
)

POSTCODES: Final = Official(
    files=("postcode4-coordinates.csv",),
    columns={
        "pc4": ("postcode", "pc4"),
        "town": ("woonplaats", "plaats"),
        "municipality_name": ("gemeente",),
        "province": ("provincie",),
        "lat": ("latitude", "lat"),
        "lon": ("longitude", "lon"),
    },
    title="4pp, coordinates of four-digit postcodes",
    publisher="4pp",
    edition="as published, WGS84",
    licence="MIT",
)

DIVISIONS: Final = Official(
    files=("gemeente_regio_indeling.csv",),
    columns={"gm": ("gm_code",), "name": ("gemeente",), "nodal": ("nodaal",), "in_cbs_2021": ("in_cbs_2021",)},
    title="Gemeentelijke indeling en onderwijsgebieden",
    publisher="CBS, DUO",
    edition="2020-2024",
    licence=BY,
)

CENTRES: Final = Official(
    files=("geo_gemeenten_centroiden.csv",),
    columns={"name": ("gemeente",), "lat": ("lat",), "lon": ("lon",)},
    title="Centres of municipalities",
    publisher="CBS/Kadaster",
    edition="division of 2021 and later",
    licence=BY,
)

GROUP8: Final = Official(
    files=("po_groep8_per_gemeente_2019.csv",),
    columns={"gm": ("gm",), "name": ("GEMEENTENAAM",), "group8": ("l8",)},
    title="Leerlingen po in leerjaar 8 per gemeente",
    publisher=DUO,
    edition="1 October 2019",
    licence=FREE,
)

PEOPLE: Final = Official(
    files=("cbs_inwoners_pc4_leeftijd_2021.csv.gz", "cbs_inwoners_pc4_leeftijd_2021.csv"),
    columns={
        "age": ("leeftijd",),
        "people": ("inwoners",),
        "pc4": ("pc4",),
        "municipality_name": ("gemeente",),
    },
    title="Inwoners per viercijferige postcode en leeftijd",
    publisher=CBS,
    edition="1 January 2021, rounded to 5",
    licence=BY,
)

STUDENTS: Final = Official(
    files=("mbo_studenten_2015_2019_lang.csv.gz", "mbo_studenten_2015_2019_lang.csv"),
    columns={
        "college": ("brin", *_INSTITUTION),
        "kind": ("soort", "SOORTINS"),
        "town": ("plaats", "PLAATSNAAM"),
        "pathway": ("leerweg", "TYPE MBO"),
        "level": ("niveau", "KWALIFICATIENIVEAU"),
        "domain": ("domein", "DOMEIN"),
        "students": ("n",),
        "year": ("jaar",),
        "sex": ("geslacht",),
    },
    title="Studenten mbo per instelling, opleiding en geslacht",
    publisher=DUO,
    edition="1 October 2015-2019",
    licence=FREE,
)

EXAMS: Final = Official(
    files=("vo_examens_per_afdeling_2011_2019.csv.gz", "vo_examens_per_afdeling_2011_2019.csv"),
    columns={
        "exam_year": ("examenjaar",),
        "brin": ("brin", *_INSTITUTION),
        "location": ("vestiging", *_LOCATION),
        "municipality_name": ("gemeente", "GEMEENTENAAM VESTIGING"),
        "type": ("type", "ONDERWIJSTYPE VO"),
        "leerweg": ("leerweg", "LEERWEG VMBO"),
        "sector": ("sector", "VMBO SECTOR"),
        "department": ("afdeling", "AFDELING"),
        "profile": ("profiel",),
        "candidates": ("kandidaten", "EXAMENKANDIDATEN"),
        "passed": ("geslaagd", "GESLAAGDEN"),
    },
    title="Geslaagden, gezakten en cijfers vo per afdeling",
    publisher=DUO,
    edition="exam years 2010/11-2018/19",
    licence=FREE,
)

EXAMS_SEX: Final = Official(
    files=("examenkandidaten-en-geslaagden-2014-2019.csv",),
    columns={
        "course": ("OPLEIDINGSNAAM",),
        **{
            f"{what}_{sex}_{year}": (f"{word} SCHOOLJAAR {year - 1}-{year} - {sex_word}",)
            for year in range(2015, 2020)
            for what, word in (("candidates", "EXAMENKANDIDATEN"), ("passed", "GESLAAGDEN"))
            for sex, sex_word in (("men", "MAN"), ("women", "VROUW"))
        },
    },
    title="Examenkandidaten en geslaagden vo",
    publisher=DUO,
    edition="exam years 2014/15-2018/19",
    licence=FREE,
)

ALL: Final = (
    PUPILS, ADDRESSES, POSTCODES, DIVISIONS, CENTRES, GROUP8, PEOPLE, STUDENTS, EXAMS, EXAMS_SEX,
)  # fmt: skip
"""Every official file that an import reads."""
