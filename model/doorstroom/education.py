"""Technical education in the Netherlands as a Mesa model; `step` is one school year."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet
from numpy.typing import NDArray

from doorstroom.agents.behaviour import Behaviour
from doorstroom.agents.choice_constants import fit_constants
from doorstroom.agents.college import Colleges
from doorstroom.agents.constants import IS_TECHNICAL
from doorstroom.agents.country import LEERWEGEN, PupilCells, country_of
from doorstroom.agents.firm import SIZES, FirmPopulation
from doorstroom.agents.ministry import Ministry
from doorstroom.agents.population import Builder, Population
from doorstroom.agents.region import Regions
from doorstroom.agents.rows import numbered
from doorstroom.agents.school import TECHNICAL, Schools
from doorstroom.agents.secondary import Secondary
from doorstroom.agents.students import Students
from doorstroom.agents.teachers import Teachers
from doorstroom.agents.times import Times
from doorstroom.defaults import A_FRACTION, FRACTION, LEAST_FRACTION, MOST_STREAM
from doorstroom.draws import Draws, Purpose
from doorstroom.errors import ScenarioError, explain
from doorstroom.indicators import record
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.mechanisms import firms as cooperation
from doorstroom.mechanisms import first_job, interest, mbo_choice, progress, study
from doorstroom.outcomes import COLUMN, COUNTRY, SERIES, TOTAL, complete
from doorstroom.parameters import CENTRAL, Draw, Parameters, draw_parameters, load_parameters
from doorstroom.scenario import Scenario, checked, load_scenario
from doorstroom.terms import TECHNICAL_FIELDS, VMBO_PROFILES, Field, Pathway, Track


class TechnicalEducation(mesa.Model):
    """The ministry, 78 regions, every school location, mbo college and firm, and everybody in education.

    Parameters
    ----------
    scenario : a Scenario, or the name or path of a scenario file
    draw : parameter values; 0 the central ones, 1, 2, ... samples of their priors, or a mapping of names to values
    rng : seed of the run, a whole number of 0 or more; None takes one that nobody chose, so that replicates differ
    fraction : part of the people that is modelled, 0.0001 to 1; each then stands for 1 / fraction
    inputs : an input set; the default is the country of 1 October 2019

    Attributes
    ----------
    year : school year whose 1 October the state is of, 2019 for 2019/20
    numbers : gives new agents their Mesa number, where Mesa doesn't do so itself
    pupils, teachers : the people
    regions, schools, colleges, firms : arrays over institutions; `agents_by_type` gives their Mesa agents
    policy : the scenario
    drawn, parameters : the values of the draw, and these with the scenario's own
    history : counts recorded so far, one array (regions, series) per year
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "baseline",
        *,
        draw: Draw = CENTRAL,
        rng: int | None = None,
        fraction: float = FRACTION,
        inputs: Inputs | None = None,
    ) -> None:
        rng = int(np.random.SeedSequence().generate_state(1)[0]) if rng is None else rng
        if not isinstance(rng, (int, np.integer)) or not 0 <= rng <= MOST_STREAM:
            raise ValueError(f"rng must be a seed, a whole number from 0 to {MOST_STREAM}; found {rng!r}")
        if not LEAST_FRACTION <= fraction <= 1.0:
            raise ValueError(f"fraction must be {A_FRACTION}; found {fraction!r}")
        super().__init__(rng=int(rng))
        self.inputs = load_inputs() if inputs is None else inputs
        regions = self.inputs.regions["name"].tolist()
        self.policy = checked(scenario) if isinstance(scenario, Scenario) else load_scenario(scenario, regions)
        self.drawn = draw_parameters(draw, load_parameters(fit=self.policy.fit))
        self.parameters: Parameters = self.drawn.with_values(self.policy.parameters, self.policy.name)
        self.draws = Draws(int(rng))
        self.behaviour = Behaviour(self.parameters)
        check_start(self.policy, self.inputs)
        self.country = country_of(self.inputs)
        self.year: int = self.policy.years.first
        self.numbers: Iterator[int] | None = None
        with numbered(self):
            self._take_parameters()
            self.times = Times(self)
            self._build_institutions()
            self._build_people(fraction)
            self._settle()
        self.history: list[NDArray[np.float64]] = []
        self._latest: NDArray[np.float64] | None = None
        self.datacollector = Totals(self)
        self._record()

    def step(self) -> None:
        """One school year, from 1 October to 1 October.

        Raises
        ------
        ScenarioError
            After the last year of the scenario.
        """
        last = self.policy.years.last
        if self.year >= last:
            raise ScenarioError(
                f"{self.policy.name}: its last school year is {last}, and the model is there; "
                "for more years make years.last of the scenario later"
            )
        self.year += 1
        self.pupils.begin_year()
        # 1. Schemes pay; the ministry reviews where a review is due.
        self.ministry.review()
        self.ministry.offer()
        # 2. Firms set demand, wages, training places and co-financing.
        self.firms.plan()
        # 3. Regions turn grants and co-financing into activities, as far as they can absorb them.
        self.regions.spend()
        # 4. Teachers retire, leave, move, change hours, qualify, enter; what stays open is unfilled.
        self.teachers.move()
        # 5. Schools renew their technique education and decide what they offer next year.
        self.schools.improve()
        self.schools.plan_offer()
        # 6. Pupils are exposed, choose, pass, repeat, leave; a new cohort enters.
        self.secondary.year()
        self.builder.enter(self.year)
        # 7. Students progress through mbo.
        self.students.year()
        # 8. Graduates look for work; firms match.
        self.students.look_for_work()
        # 9. What is recorded feeds nothing back.
        self.pupils.census()
        self.pupils.end_year()
        self._record()
        self.running = self.year < self.policy.years.last

    def run(self) -> NDArray[np.float64]:
        """Step to the scenario's last year and give all results, shape (years, 1 + regions, series)."""
        while self.year < self.policy.years.last:
            self.step()
        return self.results()

    def results(self) -> NDArray[np.float64]:
        """All series recorded so far, shape (years, 1 + regions, series); region 0 is the country."""
        return complete(np.stack(self.history))

    def fork(self, scenario: Scenario) -> TechnicalEducation:
        """A model in this one's state that goes on under another scenario; this one stays as it is.

        To the last bit what a model of that scenario would have come to, if the two can't have differed until now: see
        branching.first_difference. Parameters, pupil numbers, loops and years stay those of this model.
        """
        other = copy.deepcopy(self)
        other.policy = scenario
        other.ministry.take_over()
        return other

    def __deepcopy__(self, memo: dict[int, Any]) -> TechnicalEducation:
        """A model in the same state that goes its own way; what never changes is shared."""
        shared = [self.inputs, self.country, self.parameters, self.behaviour, self.draws, self.policy, self.numbers]
        shared += [*self.policy.schemes.values(), *self.constants, *self.history]
        shared += [self.colleges.cumulative, self.builder.home_chance]
        memo.update((id(one), one) for one in shared)
        other = object.__new__(type(self))
        memo[id(self)] = other
        other.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return other

    def outcome(self, name: str, group: str = TOTAL, region: int = COUNTRY) -> float:
        """The latest value of an outcome, by default the country's total."""
        if self._latest is None:
            self._latest = complete(self.history[-1][None])[0]
        return float(self._latest[region, COLUMN[name, group]])

    @property
    def agents(self) -> AgentSet:
        """Every agent; those of institutions are made when somebody first asks."""
        return self._populated().agents

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """The agents of each type."""
        return dict(self._populated().agents_by_type)

    @property
    def agent_types(self) -> list[type]:
        """The types of agents."""
        return list(self._populated().agent_types)

    def region_row(self, name: str) -> int:
        """Row of a region by its name."""
        return self._region_rows[name]

    def coming_pupils(self) -> NDArray[np.float64]:
        """Pupils in the last two years of primary school per region: the next two cohorts."""
        return self.builder.coming(self.year + 1) + self.builder.coming(self.year + 2)

    def colleges_with_technique(self) -> NDArray[np.bool_]:
        """Mbo colleges that had technical students on 1 October 2019, shape (colleges,)."""
        students = self.country.students
        technical = students.field != Field.OTHER
        return np.asarray(np.bincount(students.college[technical], students.n[technical], len(self.colleges)) > 0)

    def _record(self) -> None:
        self.history.append(record(self))
        self._latest = None
        self.datacollector.collect(self)

    def _populated(self) -> Any:
        """The model as Mesa sees it, with an agent for every institution."""
        for rows in (self.regions, self.schools, self.colleges, self.firms):
            _ = rows.agents
        return super()

    def _take_parameters(self) -> None:
        take = self.parameters.take
        self.interest_p = take(interest.Interest)
        self.progress_p = progress.own_rates(take(progress.Progress))
        self.mbo_p = take(mbo_choice.MboChoice)
        self.study_p = take(study.Study)
        self.migration_share = take(Population).migration_share

    def _build_institutions(self) -> None:
        """Regions, schools, colleges and firms at their places; schools with what they taught in 2019."""
        inputs, country = self.inputs, self.country
        names = inputs.regions["name"].tolist()
        self._region_rows = {name: row for row, name in enumerate(names)}
        self.regions = Regions(self, names)
        self.regions.fill(lat=inputs.regions["lat"], lon=inputs.regions["lon"])
        at = inputs.locations
        self.schools = Schools(self, at["location"].tolist())
        self.schools.fill(region=country.region, lat=at["lat"], lon=at["lon"])
        self._teach()
        at = inputs.colleges
        self.colleges = Colleges(self, at["college"].tolist())
        self.colleges.fill(region=country.college_region, lat=at["lat"], lon=at["lon"])
        self.firms = FirmPopulation(
            self,
            [f"{name} {field.name.lower()} {size}" for name in names for field in TECHNICAL_FIELDS for size in SIZES],
        )

    def _teach(self) -> None:
        """What each location taught on 1 October 2019."""
        schools, country = self.schools, self.country
        schools.fill(teaches_track=country.teaches, teaches=country.teaches[:, Track.BB : Track.BB + LEERWEGEN])
        schools.fill(open=country.open, open_next=country.open, had=country.open[:, :TECHNICAL])
        third = self._third_of_2019()
        third = third.where((third.profile >= 1) & (third.profile <= len(VMBO_PROFILES)))
        technical = third.where(third.profile <= TECHNICAL)
        np.add.at(schools.group, (technical.location, technical.profile - 1), technical.n)
        size = np.bincount(third.location, third.n, len(schools))
        schools.fill(vocational_2019=size)
        beside = (schools.open[:, :TECHNICAL] * size[:, None]).sum(axis=0)
        self.usual_share = np.divide(schools.group.sum(axis=0), beside, out=np.zeros(TECHNICAL), where=beside > 0)

    def _third_of_2019(self) -> PupilCells:
        """Year 3 of bb, kb and gl in 2019."""
        pupils = self.country.pupils
        return pupils.where((pupils.year == 3) & (pupils.track >= Track.BB) & (pupils.track <= Track.GL))

    def _build_people(self, fraction: float) -> None:
        """Fit the choices to 2019, then lay out everybody who is and who will come."""
        self.constants = fit_constants(self.country, self.behaviour)
        self.colleges.attract(self.mbo_p.college_km)
        self.builder = Builder(self, fraction)
        self.pupils = self.builder.pupils

    def _settle(self) -> None:
        """Put staff, firms, capital and schemes in the state of 1 October 2019."""
        regions, schools = self.regions, self.schools
        third = self._third_of_2019()
        region, technical = schools.region[third.location], IS_TECHNICAL[third.profile]
        technique = np.bincount(region[technical], third.n[technical], len(regions))
        regions.fill(
            technique_2019=technique,
            technique_share_2019=technique / np.maximum(np.bincount(region, third.n, len(regions)), 1.0),
        )
        self._settle_firms()
        self.pupils.begin()
        self.pupils.census()
        self.teachers = Teachers(self)
        schools.fill(capital=schools.capital_p.initial)
        schools.assess()
        schools.fill(quality_2019=schools.quality, unfilled_2019=schools.unfilled)
        schools.fill(lasting_unfilled=schools.unfilled)
        schools.fill(technique_2019=self.constants.technique_2019, technique_now=self.constants.technique_2019)
        self.students = Students(self)
        self.secondary = Secondary(self, self.students)
        self.ministry = Ministry(self)
        regions.fill(work_2019=self.ministry.national_work(self.policy.years.first))

    def _settle_firms(self) -> None:
        """Technicians by region in proportion to people of working age; training places as many as are taken."""
        firms = self.firms
        entrants, diplomas = study.standing_still(self.country.students_2019, self.study_p)
        graduates = self._looking(diplomas).sum(axis=(0, 1, 3))[1:]
        people = self.country.people / self.country.people.sum()
        workers = people[:, None] * firms.p.field_share[None, :]
        spread = np.exp(self._lasting() * firms.p.cofinancing_spread)
        usual = np.ones(len(self.regions))
        brought = cooperation.brought(spread, self.regions.connection, usual, firms.p)
        self.regions.fill(lasting_cofinancing=spread, brought=brought)
        places = people[:, None] * entrants[:, Pathway.BBL].sum(axis=(0, 2))[None, 1:]
        firms.settle(workers, graduates, places)

    def _looking(self, diplomas: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of diplomas per level, pathway, sector and sex, the persons who look for technical work."""
        p = self.parameters.take(first_job.FirstJob)
        going_on = np.repeat(np.append(self.study_p.up[:3], 0.0)[:, None], 2, axis=1)
        going_on[3] = self.study_p.hbo
        utility = np.log(1.0 / p.leak - 1.0)[None, :, None] + p.woman * np.arange(2)[None, None, :]
        utility = utility + p.level_4 * (np.arange(4) == 3)[:, None, None]
        looks = (1.0 - going_on)[:, :, None] / (1.0 + np.exp(-utility))
        return np.asarray(diplomas * looks[:, :, None, :])

    def _lasting(self) -> NDArray[np.float64]:
        """A standard normal number per region that lasts: who brings more co-financing does so every year."""
        return self.draws.normal(Purpose.COFINANCING, 0, np.arange(len(self.regions)))


def check_start(scenario: Scenario, inputs: Inputs) -> None:
    """Raise a ScenarioError where a scenario begins in another year than that of which the inputs tell."""
    if scenario.years.first != inputs.year:
        allowed = f"{inputs.year}, the year of the input set {inputs.name}"
        raise ScenarioError(explain(scenario.name, "years.first", scenario.years.first, allowed))


def simulate(
    scenario: Scenario,
    *,
    draw: Draw = CENTRAL,
    seed: int = 1,
    fraction: float = FRACTION,
    inputs: Path | None = None,
) -> NDArray[np.float64]:
    """One run: all series of every year, shape (years, 1 + regions, series).

    `inputs` is the folder of an input set, by default that of the package; a process reads it once.
    """
    model = TechnicalEducation(scenario, draw=draw, rng=seed, fraction=fraction, inputs=load_inputs(inputs))
    try:
        return model.run()
    finally:
        model.pupils.let_go()


class Totals(mesa.DataCollector):
    """Mesa's data collector with the country's total of every outcome that has one.

    The model keeps what it records anyway, so nothing is collected before somebody looks.
    """

    def __init__(self, model: TechnicalEducation) -> None:
        self._model = model
        super().__init__()
        self.model_reporters = {name: name for name, group in SERIES if group == TOTAL}

    def collect(self, model: mesa.Model) -> None:
        """Forget what was worked out for fewer years."""
        self._totals: dict[str, list[float]] = {}

    @property
    def model_vars(self) -> dict[str, list[float]]:
        """Totals by the name of the outcome, a list of one per year."""
        if not self._totals:
            country = self._model.results()[:, COUNTRY]
            self._totals = {name: country[:, COLUMN[name, TOTAL]].tolist() for name in self.model_reporters}
        return self._totals

    @model_vars.setter
    def model_vars(self, nothing: dict[str, list[float]]) -> None:
        self._totals = nothing
