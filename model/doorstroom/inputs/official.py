"""The official files that an input set is made from: names, headings of older and newer editions, sources."""

from __future__ import annotations

from typing import Final, NamedTuple

from doorstroom.inputs.readers import Column, Form, Official, Published

DUO: Final = "DUO Open Onderwijsdata"
CBS: Final = "CBS"
FREE: Final = "CC0"
BY: Final = "CC BY 4.0"

BRIN: Final = Form(r"\d\d[A-Z]{2}", "the code of an institution, such as 00AH")
LOCATION: Final = Form(r"(\d\d[A-Z]{2})?\d{1,2}", "the number of a location, such as 00 or 00AH00")
POSTCODE: Final = Form(r"[1-9]\d{3} ?[A-Z]{2}", "a postcode, such as 7545 HB")
PC4: Final = Form(r"[1-9]\d{3}", "a four-digit postcode")
MUNICIPALITY: Final = Form(r"\d{1,4}", "the number of a municipality, such as 0153")
GM: Final = Form(r"GM\d{4}", "the code of a municipality, such as GM0153")
NAME: Final = Form(r".*[^\W\d].*", "a name")
YEAR: Final = Form(r"(19|20)\d\d", "a year")

_INSTITUTION = Column(("BRIN NUMMER", "INSTELLINGSCODE", "BRIN"), BRIN)
_LOCATION = Column(("VESTIGINGSNUMMER", "VESTIGINGSCODE", "VESTIGING"), LOCATION)
_PART = r"(?:\d\d\W*)?"  # DUO numbers its files now and then: '01.-', '06-'
_SPAN = r"(?P<first>\d{4})-(?P<last>\d{4})"


def _plain(*headings: str, form: Form | None = None, needed: bool = True) -> Column:
    return Column(headings, form, needed)


PUPILS: Final = Official(
    key="pupils",
    names=(_PART + r"leerlingen-vo-per-vestiging-naar-onderwijstype-(?P<last>\d{4})(?:-\d{4})?\.csv",),
    example="01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv",
    columns={
        "brin": _INSTITUTION,
        "location": _LOCATION,  # the two digits only
        "town": _plain("PLAATSNAAM VESTIGING", "PLAATSNAAM", form=NAME),
        "province": _plain("PROVINCIE VESTIGING", "PROVINCIE", form=NAME),
        "type": _plain("ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"),
        "sector": _plain("VMBO SECTOR"),
        "department": _plain("AFDELING"),
        "code": _plain("ELEMENTCODE", "ERKENDE OPLEIDINGSCODE", form=Form(r"\d{1,4}", "a course code, such as 0033")),
        "course": _plain("OPLEIDINGSNAAM"),
        **{
            f"{sex}{year}": _plain(f"LEER- OF VERBLIJFSJAAR {year} - {word}")
            for year in range(1, 7)
            for sex, word in (("men", "MAN"), ("women", "VROUW"))
        },
    },
    title="Leerlingen vo per vestiging naar onderwijstype",
    publisher=DUO,
    edition="1 October {last}",
    licence=FREE,
    one_day=True,
)

TOTALS: Final = Official(
    key="totals",
    names=(_PART + r"leerlingen-vo-per-vestiging-en-bestuur-\(?vavo-apart\)?-(?P<last>\d{4})(?:-\d{4})?\.csv",),
    example="03.-leerlingen-vo-per-vestiging-en-bestuur-(vavo-apart)-2019.csv",
    columns={
        "brin": _INSTITUTION,
        "location": _LOCATION,
        "pupils": _plain("AANTAL LEERLINGEN"),
        "vavo": _plain("AANTAL VO LEERLINGEN UITBESTEED AAN VAVO"),
    },
    title="Leerlingen vo per vestiging en bestuur",
    publisher=DUO,
    edition="1 October {last}",
    licence=FREE,
    one_day=True,
)

ADDRESSES: Final = Official(
    key="addresses",
    names=(_PART + r"alle-vestigingen-vo\.csv", r"vestigingenvo\.csv"),
    example="02.-alle-vestigingen-vo.csv",
    columns={
        "brin": _INSTITUTION,
        "location": _LOCATION,
        "postcode": _plain("POSTCODE", form=POSTCODE),
        "town": _plain("PLAATSNAAM", form=NAME),
        "municipality": _plain("GEMEENTENUMMER", form=MUNICIPALITY),
        "municipality_name": _plain("GEMEENTENAAM", form=NAME),
        "nodal": _plain("NODAAL GEBIED NAAM", form=NAME),
    },
    title="Adressen van alle vestigingen vo (area codes only)",
    publisher=DUO,
    edition="a monthly file without a date",
    licence=FREE,
)

POSTCODES: Final = Official(
    key="postcodes",
    names=(r"postcode4-coordinates\.csv",),
    example="postcode4-coordinates.csv",
    columns={
        "pc4": _plain("postcode", "pc4", form=PC4),
        "town": _plain("woonplaats", "plaats", form=NAME),
        "municipality_name": _plain("gemeente"),
        "province": _plain("provincie", form=NAME),
        "lat": _plain("latitude", "lat"),
        "lon": _plain("longitude", "lon"),
    },
    title="Coordinates of four-digit postcodes",
    publisher="4pp",
    edition="as published, WGS84",
    licence="MIT",
)

DIVISIONS: Final = Official(
    key="divisions",
    names=(r"gemeente_regio_indeling\.csv",),
    example="gemeente_regio_indeling.csv",
    columns={
        "gm": _plain("gm_code", form=GM),
        "name": _plain("gemeente"),
        "nodal": _plain("nodaal"),
    },
    title="Gemeentelijke indeling en onderwijsgebieden",
    publisher="CBS, DUO",
    edition="2020-2024",
    licence=BY,
)

CENTRES: Final = Official(
    key="centres",
    names=(r"geo_gemeenten_centroiden\.csv",),
    example="geo_gemeenten_centroiden.csv",
    columns={"name": _plain("gemeente", form=NAME), "lat": _plain("lat"), "lon": _plain("lon")},
    title="Centres of municipalities",
    publisher="CBS/Kadaster",
    edition="division of 2021 and later",
    licence=BY,
)

GROUP8: Final = Official(
    key="group8",
    names=(r"po_groep8_per_gemeente_(?P<last>\d{4})\.csv",),
    example="po_groep8_per_gemeente_2019.csv",
    columns={"gm": _plain("gm", form=GM), "name": _plain("GEMEENTENAAM", form=NAME), "group8": _plain("l8")},
    title="Leerlingen po in leerjaar 8 per gemeente",
    publisher=DUO,
    edition="1 October {last}",
    licence=FREE,
    one_day=True,
)

PEOPLE: Final = Official(
    key="people",
    names=(r"cbs_inwoners_pc4_leeftijd_(?P<last>\d{4})\.csv",),
    example="cbs_inwoners_pc4_leeftijd_2021.csv.gz",
    columns={
        "age": _plain("leeftijd", form=Form(r"\d+-\d+|\d+\+", "an age band, such as 10-14")),
        "people": _plain("inwoners"),
        "pc4": _plain("pc4", form=PC4),
        "municipality_name": _plain("gemeente"),
    },
    title="Inwoners per viercijferige postcode en leeftijd",
    publisher=CBS,
    edition="1 January {last}, rounded to 5",
    licence=BY,
    one_day=True,
)

PEOPLE_STATLINE: Final = Official(
    key="people",
    names=(r".*83502ned.*\.csv",),
    example="83502NED-2024.csv",
    columns={
        "sex": _plain("Geslacht_label", "Geslacht", needed=False),
        "age": _plain("Leeftijd_label", "Leeftijd"),
        "pc4": _plain("Postcode_label", "Postcode"),
        "period": _plain("Perioden_label", "Perioden"),
        "people": _plain("Bevolking_1", "Bevolking", "Bevolking (aantal)"),
    },
    title="Bevolking; geslacht, leeftijd en viercijferige postcode, 1 januari (83502NED)",
    publisher=CBS,
    edition="1 January {last}, rounded to 5",
    licence=BY,
    one_day=True,
)
"""CBS's own table as its open-data clients write it, in the long form with labels."""

STUDENTS: Final = Official(
    key="students",
    names=(r"mbo_studenten_(?P<first>\d{4})_(?P<last>\d{4})_lang\.csv",),
    example="mbo_studenten_2015_2019_lang.csv.gz",
    columns={
        "college": _plain("brin", form=BRIN),
        "kind": _plain("soort"),
        "town": _plain("plaats", form=NAME),
        "pathway": _plain("leerweg"),
        "level": _plain("niveau"),
        "course": _plain("crebo"),
        "domain": _plain("domein"),
        "students": _plain("n"),
        "year": _plain("jaar", form=YEAR),
        "sex": _plain("geslacht"),
    },
    title="Studenten mbo per instelling, opleiding en geslacht",
    publisher=DUO,
    edition="1 October {first}-{last}",
    licence=FREE,
)

STUDENTS_DUO: Final = Official(
    key="students",
    names=(_PART + r"(?:studenten|deelnemers)-per-(?:\S*-)?opleiding\S*-(?P<last>\d{4})\.csv",),
    example="03-studenten-per-opleiding-mbo-2019.csv",
    columns={
        "college": _INSTITUTION,
        "kind": _plain("SOORTINS", "SOORT INSTELLING"),
        "town": _plain("PLAATSNAAM", "PLAATSNAAM INSTELLING", form=NAME),
        "pathway": _plain("TYPE MBO", "LEERWEG"),
        "level": _plain("KWALIFICATIENIVEAU", "NIVEAU"),
        "course": _plain("KWALIFICATIE CODE", "BEROEPSOPLEIDING CODE"),
        "domain": _plain("DOMEIN"),
    },
    title="Studenten mbo per instelling, opleiding en geslacht",
    publisher=DUO,
    edition="1 October {last}",
    licence=FREE,
    one_day=True,
    repeated={r"(?P<who>man|vrouw|totaal)(?P<year>\d{4})": "{who}_{year}"},
)

EXAMS: Final = Official(
    key="exams",
    names=(r"vo_examens_per_afdeling_(?P<first>\d{4})_(?P<last>\d{4})\.csv",),
    example="vo_examens_per_afdeling_2011_2019.csv.gz",
    columns={
        "exam_year": _plain("examenjaar", form=YEAR),
        "brin": _plain("brin", form=BRIN),
        "location": _plain("vestiging", form=LOCATION),
        "municipality_name": _plain("gemeente"),
        "type": _plain("type"),
        "leerweg": _plain("leerweg"),
        "sector": _plain("sector"),
        "department": _plain("afdeling"),
        "candidates": _plain("kandidaten"),
        "passed": _plain("geslaagd"),
        "failed": _plain("gezakt"),
    },
    title="Geslaagden, gezakten en cijfers vo per afdeling",
    publisher=DUO,
    edition="exams of {first}-{last}",
    licence=FREE,
)

EXAMS_DUO: Final = Official(
    key="exams",
    names=(_PART + r"geslaagden,?-gezakten-en-cijfers-" + _SPAN + r"\.csv",),
    example="geslaagden-gezakten-en-cijfers-2018-2019.csv",
    columns={
        "brin": _INSTITUTION,
        "location": _LOCATION,
        "municipality_name": _plain("GEMEENTENAAM VESTIGING", "GEMEENTENAAM"),
        "type": _plain("ONDERWIJSTYPE VO"),
        "leerweg": _plain("LEERWEG VMBO"),
        "sector": _plain("VMBO SECTOR"),
        "department": _plain("AFDELING"),
        "candidates": _plain("EXAMENKANDIDATEN"),
        "passed": _plain("GESLAAGDEN"),
        "failed": _plain("GEZAKTEN"),
    },
    title="Geslaagden, gezakten en cijfers vo per afdeling",
    publisher=DUO,
    edition="school year {first}-{last}",
    licence=FREE,
)

CANDIDATES: Final = Official(
    key="candidates",
    names=(_PART + r"examenkandidaten-en-geslaagden-" + _SPAN + r"\.csv",),
    example="examenkandidaten-en-geslaagden-2014-2019.csv",
    columns={"brin": _INSTITUTION, "location": _LOCATION, "course": _plain("OPLEIDINGSNAAM", form=NAME)},
    title="Examenkandidaten en geslaagden vo",
    publisher=DUO,
    edition="school years {first}-{last}",
    licence=FREE,
    repeated={
        rf"{what} schooljaar \d{{4}}-(?P<year>\d{{4}}) - (?P<who>man|vrouw|onbekend|totaal)": f"{name}_{{who}}_{{year}}"
        for what, name in (("examenkandidaten", "candidates"), ("geslaagden", "passed"))
    },
)

MEMBERS: Final = Official(
    key="members",
    names=(r"regions_members\.csv",),
    example="regions_members.csv",
    columns={
        "location": _plain("location", "VESTIGINGSCODE", "VESTIGINGSNUMMER", form=LOCATION),
        "region_name": _plain("region_name", "region"),
        "euro": _plain("euro", "bedrag", needed=False),
    },
    title="Membership of regions",
    publisher="the user",
    edition="own file",
    licence="own file",
)
"""A user's own list of locations and their regions; it replaces the nodal areas."""


ALL: Final = (
    PUPILS, TOTALS, ADDRESSES, POSTCODES, DIVISIONS, CENTRES, GROUP8, PEOPLE, PEOPLE_STATLINE, STUDENTS, STUDENTS_DUO,
    EXAMS, EXAMS_DUO, CANDIDATES, MEMBERS,
)  # fmt: skip
"""Every file that an import can read."""


class Known(NamedTuple):
    """Files that are recognised and not read, with the reason: by the pattern of their name, or by their columns."""

    name: str
    why: str
    columns: tuple[str, ...] = ()


_ADVICE = "school advice: the tracks come from the pupil count"
_PRIMARY = "primary schools: no table needs them"
_STAFF = "staff by institution, without subject: teachers are generated"
_LONG = "the portal's long form, which has neither sex nor recent years"
_MBO = "mbo without domain or sex"
_FORECASTS = "forecasts of others: coming cohorts are made of CBS's inhabitants"
_MARKS = "marks by subject: no table needs them"

NOT_READ: Final = (
    Known(r".*\.xlsx?", "a spreadsheet; save it as csv if it is one of the files that are read"),
    Known(r"(.*-)?adviezen.*\.csv|.*_advies\.csv", _ADVICE),
    Known("", _ADVICE, ("ADVIES", "AANTAL LEERLINGEN")),
    Known("", _ADVICE, ("ADVIES_NIET_MOGELIJK",)),
    Known("", _PRIMARY, ("LEEFTIJD_4", "LEEFTIJD_5")),
    Known("", _PRIMARY, ("TYPE_PO", "AANTAL_LEERLINGEN")),
    Known("", _FORECASTS, ("PROGNOSEAANTALLEN",)),
    Known("", _FORECASTS, ("LEEFTIJDSCATEGORIE", "VERSIE")),
    Known("", _STAFF, ("FUNCTIEGROEP",)),
    Known("", _STAFF, ("LEERLING_LERAAR_RATIO",)),
    Known("", _MBO, ("BBL", "BOLVT")),
    Known("", _MBO, ("INSTROOM MBO",)),
    Known("", _MBO, ("SECTORKAMER NAAM",)),
    Known("", _LONG, ("SCHOOLJAAR", "LEERJAAR", "AANTAL LEERLINGEN")),
    Known("", _MARKS, ("VAKCODE", "AFKORTING VAKNAAM")),
    Known(r".*leerlingen-(po|bo)\b.*\.csv|gemiddelde-afstand.*\.csv|brin6_.*\.csv", _PRIMARY),
    Known(r".*examencijfers.*\.csv", _MARKS),
    Known(r".*zittenblijvers.*\.csv", "repeaters: the model takes their rate from its parameters"),
    Known(r"(.*[^a-z])?vsv([^a-z].*)?\.csv", "early leavers: the model takes their rate from its parameters"),
    Known(r".*personeel.*\.csv|functiemix.*\.csv", _STAFF),
    Known(r"0[1-4]_?vo(ins|ex)\b.*\.csv", _LONG),
    Known(r"(.*[^a-z])?mbo([^a-z].*)?\.csv|.*-nieuw-instromende-.*\.csv|.*gediplomeerden.*\.csv", _MBO),
    Known(r".*prognose.*\.csv", _FORECASTS),
    Known(r"(instellingen|besturen)vo\.csv|.*hoofdvestigingen.*\.csv", "institutions, of which locations know enough"),
    Known(r"cbs_leerlingen_woongemeente.*|geo_nuts3.*", "no table needs it"),
    Known(r".*\.csv(\.gz)?", "neither its name nor its columns are those of a file that is read"),
)


def location_codes(published: Published) -> list[str]:
    """Six-character code of each row's location, whichever way the edition writes it."""
    codes = []
    for row, brin, number in zip(published.table.index, published["brin"], published["location"], strict=True):
        if len(number) > 2 and not number.startswith(brin):
            raise published.fault(row, "location", number, f"a location of {brin}, such as {brin}00")
        codes.append(brin + number[-2:].zfill(2))
    return codes
