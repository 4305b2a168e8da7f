"""The field's terms as small integers, shared by every module.

Dutch institutions keep their Dutch names. The numbers are stored in arrays and files; never renumber
a term, only append.
"""

from enum import IntEnum
from typing import Final

import numpy as np


class Track(IntEnum):
    """Where a pupil in secondary education (vo) sits: `leerweg` or school type, as DUO counts it."""

    LOWER = 0  # brugjaar, years 1-2 of vmbo, havo and vwo
    BB = 1  # vmbo basisberoepsgerichte leerweg, years 3-4
    KB = 2  # vmbo kaderberoepsgerichte leerweg, years 3-4
    GL = 3  # vmbo gemengde leerweg, years 3-4
    TL = 4  # vmbo theoretische leerweg, years 3-4
    HAVO_VWO_3 = 5  # year 3 of havo and vwo, counted together
    HAVO = 6  # years 4-5
    VWO = 7  # years 4-6
    PRO = 8  # praktijkonderwijs, all years
    OTHER = 9  # Engelse stroom, European school, international baccalaureate
    VAVO = 10  # outsourced to adult secondary education


class Profile(IntEnum):
    """Profile (afdeling) of a pupil in the upper years, as DUO counts it; tl has sectors instead."""

    NONE = 0
    BWI = 1  # bouwen, wonen en interieur
    PIE = 2  # produceren, installeren en energie
    MT = 3  # mobiliteit en transport
    MVI = 4  # media, vormgeving en ICT
    MAT = 5  # maritiem en techniek
    EO = 6  # economie en ondernemen
    ZW = 7  # zorg en welzijn
    DP = 8  # dienstverlening en producten, a partly technical profile
    HBR = 9  # horeca, bakkerij en recreatie
    GROEN = 10
    VR_TECHNIEK = 11  # vakmanschapsroute and beroepsroute techniek
    VR_ECONOMIE = 12
    VR_ZORG = 13
    VR_GROEN = 14
    TL_TECHNIEK = 15
    TL_ECONOMIE = 16
    TL_ZORG = 17
    TL_GROEN = 18
    CM = 20  # cultuur en maatschappij
    EM = 21
    EM_CM = 22
    NG = 23  # natuur en gezondheid
    NT = 24  # natuur en techniek
    NT_NG = 25
    NG_CM = 26
    NG_EM = 27
    NT_CM = 28
    NT_EM = 29


TECHNICAL_PROFILES: Final = (Profile.BWI, Profile.PIE, Profile.MT, Profile.MVI, Profile.MAT)
"""The five hard-technique vmbo profiles a pupil can choose; VR_TECHNIEK counts with them in the official share."""

VMBO_PROFILES: Final = tuple(Profile(code) for code in range(1, 11))
"""The ten vmbo profiles of bb, kb and gl, in code order."""

BOUND_PROFILES: Final = (Profile.MAT,)
"""Profiles of specialised schools, chosen with the school at 12: nobody opens one, nobody changes location for one."""

N_PROFILES: Final = (Profile.NG, Profile.NT, Profile.NT_NG, Profile.NG_CM, Profile.NG_EM, Profile.NT_CM, Profile.NT_EM)
"""Havo and vwo profiles with nature or technique in them."""


class Sex(IntEnum):
    """As DUO counts."""

    MAN = 0
    VROUW = 1


class Pathway(IntEnum):
    """Mbo leerweg."""

    BOL = 0  # school-based
    BBL = 1  # work-based


class Field(IntEnum):
    """Technical sector of an mbo course and of a firm; OTHER is everything that is not technique.

    Technique follows the bètatechnical count of the Monitor Techniekpact (27-29% of mbo): the sectors
    below, without transport and logistics.
    """

    OTHER = 0
    BOUW = 1  # Bouw en infra; Afbouw, hout en onderhoud
    INDUSTRIE = 2  # Techniek en procesindustrie: metal, installation, electrical, process
    MOBILITEIT = 3  # Mobiliteit en voertuigen
    ICT = 4  # Informatie en communicatietechnologie
    MEDIA_LAB = 5  # Media en vormgeving; Ambacht, laboratorium en gezondheidstechniek


TECHNICAL_FIELDS: Final = tuple(Field(code) for code in range(1, 6))


class Stage(IntEnum):
    """The one stage a person is in on 1 October."""

    FUTURE = 0  # known to come, not yet in secondary education or mbo
    VO = 1
    MBO = 2
    HBO_TECHNIEK = 3  # moved on to technical higher education
    TECHNICIAN = 4  # first job in technical work
    OTHER_WORK = 5  # technical graduate in other work (leakage), or a non-technical graduate at work
    LEFT = 6  # left the model: other higher education, no diploma, abroad


class Teaching(IntEnum):
    """How a technique teacher is qualified."""

    BEVOEGD = 0
    ONBEVOEGD = 1
    INSTRUCTEUR = 2
    HYBRIDE = 3
    ZIJ_INSTROMER = 4


class Activity(IntEnum):
    """What a region spends on; each activity moves one named thing in the model and nothing else."""

    ORIENTATION = 0  # po and lower years, LOB: moves interest
    EQUIPMENT = 1  # techlabs, practical rooms: moves technique capital
    PROGRAMMES = 2  # renewed and continuous programmes with mbo and firms: moves connection
    TEACHERS = 3  # attracting and developing staff: moves teacher entry and exit
    INCLUSION = 4  # girls, pupils with a migration background: moves their interest
    SUSTAINABILITY = 5  # climate and energy content: moves the image of technical work
    COORDINATION = 6  # moves absorptive capacity


MEANT_FOR_INTEREST: Final = (Activity.ORIENTATION, Activity.SUSTAINABILITY, Activity.INCLUSION)
"""Activities that move the interest of pupils of the lower years."""

TARGETS: Final = ("vmbo", "havo_vwo", "po", "mbo", "firms", "others", "hbo")
"""Participants that money can be spent on, in the order of the target axis; others are cultural and other organisations
outside school: museums, libraries, science centres, labs."""

CAN_DO: Final = np.array(
    # orientation, equipment, programmes, teachers, inclusion, sustainability, coordination
    [
        [1, 1, 1, 1, 1, 1, 1],  # vmbo
        [1, 1, 0, 1, 1, 1, 1],  # havo_vwo
        [1, 0, 0, 1, 0, 0, 1],  # po
        [0, 0, 1, 0, 0, 0, 1],  # mbo
        [0, 0, 1, 0, 0, 0, 1],  # firms
        [1, 0, 0, 0, 1, 0, 1],  # others
        [1, 0, 1, 0, 0, 0, 1],  # hbo
    ],
    dtype=np.float64,
)
"""Which participant can do which activity, shape (7, 7)."""

KINDS: Final = ("vmbo", "havo_vwo", "po", "mbo", "outside school")
"""Kinds of participants with an absorptive capacity of their own: firms, hbo and others together are outside school."""

KIND_OF: Final = np.array([0, 1, 2, 3, 4, 4, 4])
"""Kind of each of TARGETS."""
