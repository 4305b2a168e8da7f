"""The pupils' year, slowly: one Mesa agent per person, one decision after the other, in plain arithmetic.

It draws the numbers that the fast model draws and is told the state of the institutions, so it must take the same
decisions. It is also the plain Mesa model that the fast one is timed against.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import mesa
from institutions import Institutions, Rules
from person import Person

from doorstroom.draws import Draws, Purpose
from doorstroom.terms import Stage


class PupilsYear(mesa.Model):
    """Everybody in education, one agent each.

    Attributes
    ----------
    now : the institutions of the present year
    decisions : number of decisions taken so far, by kind
    looking : technical graduates of the year
    """

    now: Institutions

    def __init__(self, rules: Rules, seed: int) -> None:
        super().__init__()
        self.rules = rules
        self.draws = Draws(seed)
        self.decisions: Counter[str] = Counter()
        self.people: dict[int, Person] = {}
        self.looking: list[Person] = []
        self._luck: dict[Purpose, list[float]] = {}

    def add(self, number: int, traits: Mapping[str, float]) -> None:
        self.people[number] = Person(self, number, traits)

    def luck(self, purpose: Purpose, each: int) -> list[float]:
        """The year's uniform numbers for a purpose, those of person 0 first."""
        if purpose not in self._luck:
            size = (max(self.people) + 1) * each
            self._luck[purpose] = self.draws.block(purpose, self.now.year, 0, size).tolist()
        return self._luck[purpose]

    def year(self, now: Institutions, newcomers: Mapping[int, Mapping[str, float]]) -> None:
        """One school year; `newcomers` are the traits at entry of the new cohort and of adults in mbo, by number."""
        self.now, self._luck, self.looking = now, {}, []
        pupils = self.agents.select(lambda person: person.stage == Stage.VO)
        students = self.agents.select(lambda person: person.stage == Stage.MBO)
        pupils.do("school_year")
        for number, traits in newcomers.items():
            self.add(number, traits)
            if traits["stage"] == Stage.VO:
                self.people[number].added = self.interest_from_primary_school(traits["region"])
        students.do("year_of_study")
        self.find_work()

    def interest_from_primary_school(self, region: int) -> float:
        p = self.rules.interest
        return p.po_effect * Person.more_than_in_2019(self.now.po[region], p)

    def find_work(self) -> None:
        """Those who look spread over openings within reach; where they are too many, chance decides."""
        looking = [person for person in self.looking if person.looks_for_technical_work()]
        chance = self.chance_of_work(Counter((person.region, person.field - 1) for person in looking))
        for person in looking:
            person.count("hired")
            if person.luck(Purpose.FIRST_JOB, 1, of=2) < chance[person.region, person.field - 1]:
                person.stage = Stage.TECHNICIAN

    def chance_of_work(self, looking: Counter[tuple[int, int]]) -> dict[tuple[int, int], float]:
        """Chance of being hired per home region and sector."""
        openings, regions = self.now.openings, range(len(self.rules.regions))
        going: dict[tuple[int, int, int], float] = {}
        arriving: Counter[tuple[int, int]] = Counter()
        for (home, sector), persons in looking.items():
            draw = [self.now.draw[r][sector] * math.exp(-self.km(home, r) / self.rules.job.commute_km) for r in regions]
            total = sum(draw)
            for r in regions:
                part = draw[r] / total if total > 0 else 0.0
                going[home, r, sector] = part
                arriving[r, sector] += part * persons * self.rules.weight
        chance = {}
        for home, sector in looking:
            chance[home, sector] = sum(
                going[home, r, sector] * min(1.0, openings[r][sector] / arriving[r, sector])
                for r in regions
                if going[home, r, sector] > 0
            )
        return chance

    def km(self, one: int, other: int) -> float:
        return math.dist(self.rules.regions[one], self.rules.regions[other])
