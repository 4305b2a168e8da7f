"""What the official words mean in the model's terms: tracks, profiles, class kinds, sectors."""

from __future__ import annotations

from typing import Final, NamedTuple

from doorstroom.terms import Field, Pathway, Profile, Track

TRACKS: Final = {
    "Brugjaar 1-2": Track.LOWER,
    "VMBO BL lj 3-4": Track.BB,
    "VMBO KL lj 3-4": Track.KB,
    "VMBO GL lj 3-4": Track.GL,
    "VMBO TL lj 3-4": Track.TL,
    "HAVO/VWO lj 3": Track.HAVO_VWO_3,
    "HAVO lj 4-5": Track.HAVO,
    "VWO lj 4-6": Track.VWO,
    "Praktijkonderwijs alle vj": Track.PRO,
    "Engelse Stroom": Track.OTHER,
    "European Secondary School": Track.OTHER,
    "Int. Baccelaureaat": Track.OTHER,
    "Int. Baccalaureaat": Track.OTHER,
    "VMBO uitbest. aan VAVO": Track.VAVO,
    "HAVO uitbest. aan VAVO": Track.VAVO,
    "VWO uitbest. aan VAVO": Track.VAVO,
}
"""Official school type to Track."""

_CM, _EM, _NG, _NT = "Cultuur en Maatschappij", "Economie en Maatschappij", "Natuur en Gezondheid", "Natuur en Techniek"

HAVO_VWO_PROFILES: Final = {
    _CM: Profile.CM,
    _EM: Profile.EM,
    f"{_EM} / {_CM}": Profile.EM_CM,
    _NG: Profile.NG,
    _NT: Profile.NT,
    f"{_NT} / {_NG}": Profile.NT_NG,
    f"{_NG} / {_CM}": Profile.NG_CM,
    f"{_NG} / {_EM}": Profile.NG_EM,
    f"{_NT} / {_CM}": Profile.NT_CM,
    f"{_NT} / {_EM}": Profile.NT_EM,
}
"""Official profile of havo and vwo to Profile."""

VMBO_DEPARTMENTS: Final = {
    "Bouwen, wonen en interieur": Profile.BWI,
    "Produceren, installeren en energie": Profile.PIE,
    "Mobiliteit en transport": Profile.MT,
    "Media, vormgeving en ICT": Profile.MVI,
    "Maritiem en Techniek": Profile.MAT,
    "Economie en ondernemen": Profile.EO,
    "Zorg en welzijn": Profile.ZW,
    "Dienstverlening en producten": Profile.DP,
    "Horeca, bakkerij en recreatie": Profile.HBR,
    "Groen": Profile.GROEN,
    "Vakmanschapsroute Techniek": Profile.VR_TECHNIEK,
    "Beroepsroute Techniek": Profile.VR_TECHNIEK,
    "Vakmanschapsroute Economie": Profile.VR_ECONOMIE,
    "Beroepsroute Economie": Profile.VR_ECONOMIE,
    "Vakmanschapsroute Zorg en Welzijn": Profile.VR_ZORG,
    "Beroepsroute Zorg en Welzijn": Profile.VR_ZORG,
    "Vakmanschapsroute Landbouw": Profile.VR_GROEN,
    "Beroepsroute Landbouw": Profile.VR_GROEN,
    # codes of newer editions
    "BWI": Profile.BWI,
    "PIE": Profile.PIE,
    "MTR": Profile.MT,
    "MVI": Profile.MVI,
    "MTE": Profile.MAT,
    "EO": Profile.EO,
    "ZWE": Profile.ZW,
    "DP": Profile.DP,
    "HBR": Profile.HBR,
    "G": Profile.GROEN,
}
"""Official vmbo department (afdeling) to Profile."""

DEPARTMENTS: Final = {"N.v.t.": Profile.NONE, "": Profile.NONE, **VMBO_DEPARTMENTS, **HAVO_VWO_PROFILES}
"""Every department that the pupil count may name; tl is refined by sector."""

TL_SECTORS: Final = {
    "Techniek": Profile.TL_TECHNIEK,
    "Economie": Profile.TL_ECONOMIE,
    "Zorg & Welzijn": Profile.TL_ZORG,
    "Landbouw": Profile.TL_GROEN,
    "N.v.t.": Profile.NONE,
    "": Profile.NONE,
}
"""Sector of a tl pupil or candidate to Profile."""

OLD_DEPARTMENTS: Final = {
    "Bouwbreed -ISP": Profile.BWI,
    "Bouwtechniek": Profile.BWI,
    "Transport en Logistiek": Profile.MT,
    "Voertuigentechniek": Profile.MT,
    "Grafische Techniek": Profile.MVI,
    "ICT -route": Profile.MVI,
    "Haven- en Vervoerschool": Profile.MAT,
    "Kust-, Rijn- en Binnenvaart": Profile.MAT,
    "Elektrotechniek": Profile.PIE,
    "Instalektro -ISP": Profile.PIE,
    "Installatietechniek": Profile.PIE,
    "Metaaltechniek": Profile.PIE,
    "Metalectro -ISP": Profile.PIE,
    # its locations moved mainly to PIE: see docs/inputs.md
    "Techniek Breed -ISP": Profile.PIE,
    "Administratie": Profile.EO,
    "Handel en Administratie -ISP": Profile.EO,
    "Handel en Verkoop": Profile.EO,
    "Mode en Commercie": Profile.EO,
    "Consumptief": Profile.HBR,
    "Consumptief Breed -ISP": Profile.HBR,
    "Landbouw Breed -ISP": Profile.GROEN,
    "Landbouw en Natuurlijke Omgeving": Profile.GROEN,
    "Uiterlijke Verzorging": Profile.ZW,
    "Verzorging": Profile.ZW,
    "Zorg en Welzijn -ISP": Profile.ZW,
    # the intersectoral programmes, which D&P replaced
    "Dienstverlening & Commercie": Profile.DP,
    "Sport, Dienstverlening en Veiligheid": Profile.DP,
    "Techniek & Commercie": Profile.DP,
    "Techniek & Dienstverlening": Profile.DP,
    "Technologie Orientatie": Profile.DP,
}
"""Vmbo departments of before 2016 to the profile that took their place: our own mapping."""

SCHOOL_TYPES: Final = {"VMBO": -1, "HAVO": Track.HAVO, "VWO": Track.VWO}
"""School type of an exam to Track, -1 where the leerweg tells it."""

LEERWEGEN: Final = {"BL": Track.BB, "KL": Track.KB, "GL": Track.GL, "TL": Track.TL}
"""Vmbo leerweg of an exam to Track."""


class ClassKind(NamedTuple):
    """A kind of class in the lower years (brugjaar) and the tracks that it prepares for."""

    number: int
    code: str  # DUO's course code (elementcode)
    course: str  # DUO's name of the course, in case the code changes
    name: str
    lwoo: bool
    tracks: tuple[Track, ...]
    maritime: bool = False


_BB, _KB, _GL, _TL, _HAVO, _VWO = Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO
_VMBO = (_BB, _KB, _GL, _TL)

CLASS_KINDS: Final = (
    ClassKind(1, "0011", "Ljvb op HAVO/VMBO-Th/Gm Lw", "havo, vmbo tl/gl", False, (_GL, _TL, _HAVO)),
    ClassKind(2, "0012", "Ljvb op VMBO-Gm Lw", "vmbo gl", False, (_GL,)),
    ClassKind(3, "0013", "Ljvb op VMBO-Th/Gm Lw", "vmbo tl/gl", False, (_GL, _TL)),
    ClassKind(4, "0015", "Ljvb op VWO/HAVO", "vwo, havo", False, (_HAVO, _VWO)),
    ClassKind(5, "0016", "Ljvb op VWO/HAVO/VMBO-Th/Gm Lw", "vwo, havo, vmbo tl/gl", False, (_GL, _TL, _HAVO, _VWO)),
    ClassKind(6, "0017", "Ljvb op VWO", "vwo", False, (_VWO,)),
    ClassKind(7, "0022", "Ljvb op HAVO/VMBO-Alle Lw", "havo, vmbo", False, (*_VMBO, _HAVO)),
    ClassKind(8, "0023", "Ljvb op VMBO-Alle Lw", "vmbo", False, _VMBO),
    ClassKind(9, "0024", "Ljvb op VWO/HAVO/VMBO-Alle Lw", "vwo, havo, vmbo", False, (*_VMBO, _HAVO, _VWO)),
    ClassKind(10, "0031", "Ljvb op VMBO-BBg Lw", "vmbo bb", False, (_BB,)),
    ClassKind(11, "0032", "Ljvb op VMBO-Kbg Lw", "vmbo kb", False, (_KB,)),
    ClassKind(12, "0033", "Ljvb op VMBO-Bbg/Kbg Lw", "vmbo bb/kb", False, (_BB, _KB)),
    ClassKind(13, "0041", "Lj LWOO vb op Bbg Lw", "vmbo bb, lwoo", True, (_BB,)),
    ClassKind(14, "0042", "Lj LWOO vb op Gm Lw", "vmbo gl, lwoo", True, (_GL,)),
    ClassKind(15, "0043", "Lj LWOO vb op Kbg Lw", "vmbo kb, lwoo", True, (_KB,)),
    ClassKind(16, "0044", "Lj LWOO vb op Th/Gm Lw", "vmbo tl/gl, lwoo", True, (_GL, _TL)),
    ClassKind(17, "0045", "Lj LWOO vb op Bbg/Kbg Lw", "vmbo bb/kb, lwoo", True, (_BB, _KB)),
    ClassKind(18, "0046", "Lj LWOO vb op Alle Lw", "vmbo, lwoo", True, _VMBO),
    ClassKind(19, "0100", "VWO-ATHENEUMSTROOM", "vwo atheneum", False, (_VWO,)),
    ClassKind(20, "0200", "VWO-GYMNASIUMSTROOM", "vwo gymnasium", False, (_VWO,)),
    ClassKind(21, "0300", "HAVO", "havo", False, (_HAVO,)),
    ClassKind(22, "0400", "MAVO/Theor Lw-VMBO", "vmbo tl (mavo)", False, (_TL,)),
    ClassKind(23, "2210", "LWOO MAVO/Theor Lw", "vmbo tl (mavo), lwoo", True, (_TL,)),
    ClassKind(
        24,
        "1394",
        "LWOO Maritiem en techniek Algemeen Leerjaar",
        "vmbo maritime, lwoo",
        True,
        (_BB, _KB, _GL),
        maritime=True,
    ),
    ClassKind(
        25,
        "1916",
        "VMBO Maritiem en techniek Algemeen Leerjaar",
        "vmbo maritime",
        False,
        (_BB, _KB, _GL),
        maritime=True,
    ),
)
"""Never renumber a class kind, only append."""

DOMAINS: Final = {
    "Bouw en infra": Field.BOUW,
    "Afbouw, hout en onderhoud": Field.BOUW,
    "Techniek en procesindustrie": Field.INDUSTRIE,
    "Mobiliteit en voertuigen": Field.MOBILITEIT,
    "Informatie en communicatietechnologie": Field.ICT,
    "Media en vormgeving": Field.MEDIA_LAB,
    "Ambacht, laboratorium en gezondheidstechniek": Field.MEDIA_LAB,
    **dict.fromkeys(
        (
            "Transport, scheepvaart en logistiek",
            "Economie en administratie",
            "Handel en ondernemerschap",
            "Horeca en bakkerij",
            "Toerisme en recreatie",
            "Uiterlijke verzorging",
            "Veiligheid en sport",
            "Voedsel, natuur en leefomgeving",
            "Voedsel, natuur en leefomgeving (EZ)",
            "Zorg en welzijn",
            "Crossover",
            "niet toebedeeld aan Opleidingsdomeinen",
        ),
        Field.OTHER,
    ),
}
"""Mbo domain to Field."""

PATHWAYS: Final = {"BBL": Pathway.BBL, "BOLVT": Pathway.BOL, "BOLDT": Pathway.BOL, "BOL": Pathway.BOL}
"""Mbo leerweg to Pathway; part-time bol counts as bol."""
