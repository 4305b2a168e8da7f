"""School locations: technique capital, quality and the profiles on offer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from doorstroom.agents.country import LEERWEGEN, Country
from doorstroom.agents.rows import Column, RowAgent, Rows
from doorstroom.draws import Purpose
from doorstroom.geography import follow_offer
from doorstroom.mechanisms import activities, interest, offer, technique_capital
from doorstroom.terms import (
    BOUND_PROFILES,
    MEANT_FOR_INTEREST,
    TARGETS,
    TECHNICAL_PROFILES,
    VMBO_PROFILES,
    Activity,
    Track,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

TECHNICAL = len(TECHNICAL_PROFILES)  # the five technical profiles come first among the ten
BOUND = np.isin(VMBO_PROFILES, BOUND_PROFILES)
OPENABLE = ~BOUND[:TECHNICAL]
NEAR_KM = 10.0
KINDS = ("vmbo", "havo_vwo")


class School(RowAgent):
    """A location of a secondary school."""

    region = Column("row", "region", np.int64)
    lat = Column("degrees", "latitude")
    lon = Column("degrees", "longitude")
    teaches = Column("yes/no", "bb, kb, gl taught in the upper years", bool, (LEERWEGEN,))
    teaches_track = Column("yes/no", "tracks taught in the upper years, by Track code", bool, (11,))
    open = Column("yes/no", "profiles open to new pupils", bool, (len(VMBO_PROFILES),))
    open_next = Column("yes/no", "profiles open from next year on", bool, (len(VMBO_PROFILES),))
    had = Column("yes/no", "technical profiles on offer in 2019 or since", bool, (TECHNICAL,))
    group = Column("pupils", "year-3 pupils expected per technical profile, smoothed", each=(TECHNICAL,))
    capital = Column("euro per pupil", "technique capital of vmbo and of havo/vwo", each=(len(KINDS),))
    quality = Column("index", "quality of technique education in vmbo and in havo/vwo", each=(len(KINDS),))
    quality_2019 = Column("index", "quality in 2019", each=(len(KINDS),))
    vocational_2019 = Column("pupils", "year-3 pupils of bb, kb, gl on 1 October 2019")
    vocational_y3 = Column("pupils", "year-3 pupils of bb, kb, gl at the last count")
    vocational_pupils = Column("pupils", "upper-years pupils of bb, kb, gl at the last count")
    money_per_pupil = Column("euro", "work done for its vmbo per vocational pupil this year")
    fte = Column("FTE", "technique teachers")
    fte_needed = Column("FTE", "technique teachers that lessons ask for")
    unfilled = Column("share", "technique lessons that nobody gives")
    unfilled_2019 = Column("share", "the same in 2019")
    lasting_unfilled = Column("share", "the same, smoothed like the group")
    unqualified = Column("share", "technique FTE given by unqualified teachers")
    technique_2019 = Column("share", "technique choosers by sex in 2019", each=(2,))
    technique_now = Column("share", "technique choosers by sex in the last cohort, expected", each=(2,))
    choosers = Column("pupils", "pupils by sex who chose a profile of vmbo this year", each=(2,))
    chances = Column("pupils", "their expected number in technique: the sum of their chances", each=(2,))
    closed = Column("profiles", "technical profiles closed this year")
    opened = Column("profiles", "technical profiles opened this year")


@dataclass
class Nearest:
    """From every home the nearest location with a profile in a leerweg, as of the offer that was last followed.

    Attributes
    ----------
    open : profiles open per location, shape (locations, 10)
    km, row : kilometres to the nearest location and its row, shape (leerwegen, profiles, homes)
    """

    open: NDArray[np.bool_]
    km: NDArray[np.float32]
    row: NDArray[np.int16]

    def copy(self) -> Nearest:
        """One that goes its own way."""
        return Nearest(self.open.copy(), self.km.copy(), self.row.copy())

    def follow(self, country: Country, now: NDArray[np.bool_]) -> None:
        """Look again where the offer has changed; tracks are taught where they were in 2019."""
        changed = np.flatnonzero((self.open != now).any(axis=0) & ~BOUND)
        for leerweg, profile in product(range(LEERWEGEN), changed.tolist()):
            teaches = country.teaches[:, Track.BB + leerweg]
            before, offered = self.open[:, profile] & teaches, now[:, profile] & teaches
            if not np.array_equal(before, offered):
                at = leerweg, profile
                follow_offer(
                    before, offered, country.by_distance, country.homes, country.places, self.km[at], self.row[at]
                )
        self.open = now.copy()


@lru_cache(maxsize=2)
def nearest_2019(country: Country) -> Nearest:
    """The nearest offer of 2019; to be copied, not changed."""
    shape = (LEERWEGEN, len(VMBO_PROFILES), len(country.homes))
    found = Nearest(np.zeros_like(country.open), np.full(shape, np.inf, np.float32), np.zeros(shape, np.int16))
    found.follow(country, country.open)
    return found


class Schools(Rows[School]):
    """All locations together."""

    def __init__(self, model: TechnicalEducation, codes: list[str]) -> None:
        super().__init__(model, School, codes)
        self.model = model
        self.capital_p = model.parameters.take(technique_capital.TechniqueCapital)
        self.interest_p = model.parameters.take(interest.Interest)
        self.offer_p = model.parameters.take(offer.Offer)
        self._nearest = nearest_2019(model.country).copy()
        self._potential = np.zeros((len(codes), TECHNICAL))

    def improve(self) -> None:
        """Wear and renewal of capital; quality follows."""
        regions, equipment = self.model.regions, Activity.EQUIPMENT
        general = regions.work[:, equipment, TARGETS.index("havo_vwo")] / np.maximum(regions.upper_havo_vwo, 1.0)
        euro = self._reached(regions.for_vmbo[:, :, equipment]), general[self.region]
        for k in range(len(KINDS)):
            self.capital[:, k] = technique_capital.next_capital(self.capital[:, k], euro[k], self.capital_p)
        self.assess()
        self.fill(money_per_pupil=self._reached(regions.for_vmbo.sum(axis=2)))

    def _reached(self, euro: NDArray[np.float64]) -> NDArray[np.float64]:
        """Euro of vmbo work per vocational pupil at each location, shape (schools,).

        `euro` is per region and way to reach locations, shape (regions, 4). Where a region has no technique, money for
        the technical profiles goes to all.
        """
        regions, act = self.model.regions, self.model.regions.act
        technique, pupils = self.group.sum(axis=1), self.vocational_2019
        in_region = [np.bincount(self.region, values, len(euro)) for values in (technique, pupils)]
        parts = [
            values / np.maximum(total[self.region], 1e-9)
            for values, total in zip((technique, pupils), in_region, strict=True)
        ]
        parts[0] = np.where(in_region[0][self.region] > 0, parts[0], parts[1])
        reached = np.zeros(len(self))
        for way, part in enumerate((parts[1], parts[1], parts[0], parts[0])):
            own = part if way % 2 else activities.agreed(part, regions.agreement, self.region, act)
            reached += activities.reach(euro[:, way], regions.vocational_pupils, own, parts[1], self.region)
        return reached

    def assess(self) -> None:
        """Quality from capital and staff; only vmbo has technique lessons that can stay unfilled."""
        felt = float(self.model.policy.loops.unfilled)
        nothing = np.zeros(len(self))
        self.quality[:, 0] = technique_capital.quality(
            self.capital[:, 0], felt * self.unfilled, felt * self.unqualified, self.capital_p
        )
        self.quality[:, 1] = technique_capital.quality(self.capital[:, 1], nothing, nothing, self.capital_p)

    def plan_offer(self) -> None:
        """Decide which technical profiles are open from next year on."""
        now = self.open[:, :TECHNICAL]
        self.fill(open_next=self.open, closed=0.0, opened=0.0)
        if not self.model.policy.loops.offer:
            return
        regions = self.model.regions
        in_region = np.stack([np.bincount(self.region, here, len(regions)) for here in now.T], axis=1)
        kept = offer.cover(regions.connection, self.offer_p)[self.region][:, None]
        felt = float(self.model.policy.loops.unfilled)
        lasting = offer.judge(self.lasting_unfilled, self.unfilled, self.offer_p)
        self.fill(lasting_unfilled=lasting)
        shortage = felt * (lasting - self.unfilled_2019)
        thin = offer.closing(
            self.group,
            self.money_per_pupil[:, None],
            shortage[:, None],
            in_region[self.region] <= 1,
            kept,
            self.offer_p,
        )
        closes = 1.0 - (1.0 - thin) * (1.0 - offer.unstaffed(felt * lasting, self.offer_p)[:, None])
        pupils = offer.believe(self.vocational_y3[:, None], self.vocational_2019[:, None], self.region, self._fraction)
        unoffered = self.model.behaviour.choice.unoffered
        self._potential = offer.potential(pupils, self.model.usual_share, self.had, unoffered)
        opens = offer.opening(self._potential, self.had, felt * regions.unfilled[self.region][:, None], self.offer_p)
        slots = np.arange(now.size)
        year, draws = self.model.year, self.model.draws
        u_close = draws.uniform(Purpose.OFFER, year, slots).reshape(now.shape)
        u_open = draws.uniform(Purpose.OPEN, year, slots).reshape(now.shape)
        shuts = now & (u_close < closes)
        vocational = self.teaches.any(axis=1, keepdims=True)
        starts = ~now & OPENABLE & vocational & (u_open < opens)
        self.open_next[:, :TECHNICAL] = (now & ~shuts) | starts
        self.fill(closed=shuts.sum(axis=1), opened=starts.sum(axis=1), had=self.had | starts)

    def expect(self, expected: NDArray[np.float64]) -> None:
        """Learn the year-3 pupils per technical profile, shape (schools, 5), and open next year's offer."""
        now, next_year = self.open[:, :TECHNICAL], self.open_next[:, :TECHNICAL]
        group = offer.learn(self.group, expected, now, self.region, self._fraction, self.offer_p)
        self.fill(group=np.where(next_year & ~now, self._potential, group), open=self.open_next)

    @property
    def _fraction(self) -> float:
        """Part of the pupils that is modelled."""
        return 1.0 / self.model.pupils.weight

    def nearest(self) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
        """From every home to the nearest location with a profile in a leerweg: km and the location's row.

        Both have shape (leerwegen, profiles, homes). Kilometres are inf where no location offers it, and for a profile
        that nobody changes location for.
        """
        self._nearest.follow(self.model.country, self.open)
        return self._nearest.km, self._nearest.row

    def in_reach(self) -> NDArray[np.bool_]:
        """Whether a technical profile is within NEAR_KM of a home in a leerweg, shape (leerwegen, homes)."""
        return np.asarray((self.nearest()[0][:, :TECHNICAL] <= NEAR_KM).any(axis=1))

    def exposure(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """What the lower years meet this year, in utility: exposure, inclusion (schools,), role models (schools, 2)."""
        p = self.interest_p
        now, then = self._spent_on_interest()
        exposed = interest.exposure(now[0], now[1], p) - interest.exposure(then[0], then[1], p)
        included = interest.from_spending(p.inclusion_effect, now[2], p)
        included = included - interest.from_spending(p.inclusion_effect, then[2], p)
        seen = self.technique_now - self.technique_2019
        role = p.role_model_effect * seen if self.model.policy.loops.role_models else np.zeros_like(seen)
        return exposed[self.region], included[self.region], role

    def activity_interest(self) -> NDArray[np.float64]:
        """Interest that this year's activities give, against 2019, utility, shape (regions, MEANT_FOR_INTEREST)."""
        p = self.interest_p
        effects = np.array([p.orientation_effect, p.sustainability_effect, p.inclusion_effect])[:, None]
        now, then = (interest.from_spending(1.0, np.stack(spent), p) for spent in self._spent_on_interest())
        return np.asarray((effects * (now - then)).T)

    def _spent_on_interest(self) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
        """Euro per pupil of the lower years this year and in 2019, per activity (regions,)."""
        regions = self.model.regions
        now, then = (
            [of(activity, "lower") for activity in MEANT_FOR_INTEREST]
            for of in (regions.per_pupil, regions.per_pupil_2019)
        )
        return now, then

    def entry_interest(self) -> NDArray[np.float64]:
        """Interest that this year's primary-school activities gave to those who enter, per location, utility."""
        regions, p = self.model.regions, self.interest_p
        now, then = (of(Activity.ORIENTATION, "po") for of in (regions.per_pupil, regions.per_pupil_2019))
        gained = interest.from_spending(p.po_effect, now, p) - interest.from_spending(p.po_effect, then, p)
        return np.asarray(gained[self.region])
