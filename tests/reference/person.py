"""One person: every decision of the pupils' year, one after the other, in plain arithmetic.

Written from the docstrings of the mechanisms, not from their functions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import mesa
from institutions import HAVO_VWO, VMBO, is_technical

from doorstroom.draws import Purpose
from doorstroom.mechanisms.mbo_choice import EXITS, ORIGINS
from doorstroom.terms import N_PROFILES, TECHNICAL_FIELDS, Field, Pathway, Profile, Sex, Stage, Track

if TYPE_CHECKING:
    from pupils_year import PupilsYear

VMBO_TRACKS = (Track.BB, Track.KB, Track.GL, Track.TL)
VOCATIONAL = (Track.BB, Track.KB, Track.GL)
LAST_YEAR = {Track.BB: 4, Track.KB: 4, Track.GL: 4, Track.TL: 4, Track.HAVO: 5, Track.VWO: 6}
EXAMS = tuple(LAST_YEAR)
QUIT_YEARS = [(Track.HAVO, 4), (Track.HAVO, 5), (Track.VWO, 4), (Track.VWO, 5), (Track.VWO, 6)]
LAST_YEAR |= {Track.PRO: 5, Track.OTHER: 6, Track.VAVO: 0}
SWITCHES = {  # track: (after which year, to which track)
    Track.KB: (3, Track.BB),
    Track.GL: (3, Track.TL),
    Track.HAVO_VWO_3: (3, Track.TL),
    Track.VWO: (4, Track.HAVO),
}
STEPS = ("BB_KB", "KB_GL", "GL_TL", "TL_HAVO", "HAVO_VWO")
"""Steps between the tracks that end in an exam, from the lowest up."""
SECTORS = (Profile.TL_TECHNIEK, Profile.TL_ECONOMIE, Profile.TL_ZORG, Profile.TL_GROEN)
WALK_OF_PROFILE = ("BWI", "PIE", "MT", "MVI", "MAT", "", "", "DP", "", "")
HAVO_VWO_PROFILES = (Profile.CM, Profile.EM, Profile.EM_CM, Profile.NG, Profile.NT, Profile.NT_NG)
DIPLOMA_EXIT = {Track.BB: "bb", Track.KB: "kb", Track.GL: "gl", Track.TL: "tl"}
DIPLOMA_EXIT |= {Track.HAVO: "havo", Track.VWO: "vwo", Track.PRO: "pro"}
TECHNIQUE_IN_VMBO = ("bb technique", "kb technique", "gl technique", "D&P")


def logistic(utility: float) -> float:
    return 1.0 / (1.0 + math.exp(-utility))


def logit(chance: float) -> float:
    return math.log(chance / (1.0 - chance))


def column(u: float, running: Iterable[float]) -> int:
    """Where a uniform number falls among running sums; the last column takes what rounding leaves."""
    running = list(running)
    for at, upto in enumerate(running):
        if u < upto:
            return at
    return len(running) - 1


class Person(mesa.Agent):
    """One person in or from education; attributes as in doorstroom.agents.pupils."""

    model: PupilsYear

    def __init__(self, model: PupilsYear, number: int, traits: Mapping[str, float]) -> None:
        super().__init__(model)
        self.number = number
        self.stage = Stage(traits["stage"])
        self.sex = Sex(traits["sex"])
        self.background = traits["background"]
        self.taste = traits["taste"]
        self.added = traits["added"]
        self.home = traits["home"]
        self.region = traits["region"]
        self.school = traits["school"]
        self.upper = traits["upper"]
        self.track = Track(traits["track"])
        self.toward = Track(traits["toward"])
        self.grade = traits["grade"]
        self.profile = Profile(traits["profile"])
        self.level = traits["level"]
        self.pathway = Pathway(traits["pathway"])
        self.field = Field(traits["field"])
        self.study_year = traits["study_year"]
        self.college = traits["college"]

    @property
    def interest(self) -> float:
        return self.taste + self.added

    def luck(self, purpose: Purpose, which: int = 0, of: int = 1) -> float:
        """This person's own uniform number of the year, the `which`-th of the `of` for a purpose."""
        return self.model.luck(purpose, of)[self.number * of + which]

    def count(self, decision: str) -> None:
        self.model.decisions[decision] += 1

    # ------------------------------------------------------------------ secondary education

    def school_year(self) -> None:
        """From one 1 October to the next, for who is in secondary education."""
        if self.track in (Track.LOWER, Track.HAVO_VWO_3):
            self.meet_technique()
        else:
            self.added *= 1 - self.model.rules.interest.fade
        end = self.end_of_year()
        self.count("end of school year")
        if end == "leave" and self.track == Track.LOWER:
            self.stage = Stage.LEFT
        elif end == "leave":
            self.leave_school(with_diploma=False)
        elif end == "pass":
            self.leave_school(with_diploma=True)
        elif end == "repeat":
            self.repeat()
        elif end == "switch":
            self.switch()
        else:
            self.go_on()

    def meet_technique(self) -> None:
        """5. Interest: what exposure adds in a year."""
        p, now, here = self.model.rules.interest, self.model.now, self.region_of_school
        gain = p.sustainability_effect * self.more_than_in_2019(now.sustainability[here], p)
        gain += p.orientation_effect * self.more_than_in_2019(now.orientation[here], p)
        if self.sex == Sex.VROUW or self.background:
            gain += p.inclusion_effect * self.more_than_in_2019(now.inclusion[here], p)
        gain += p.role_model_effect * now.role_models[self.school][self.sex]
        self.added = (1 - p.fade) * self.added + gain

    @staticmethod
    def more_than_in_2019(euro: tuple[float, float], p: Any) -> float:
        """Of euro per pupil now and in 2019."""
        return math.log(1 + euro[0] / p.spending_scale) - math.log(1 + euro[1] / p.spending_scale)

    @property
    def region_of_school(self) -> int:
        return self.model.rules.region_of[self.school]

    def end_of_year(self) -> str:
        """8. Progress: leave, switch, repeat, on; in the last year leave, pass, repeat."""
        p, t = self.model.rules.progress, self.track
        u = self.luck(Purpose.PROGRESS)
        extra = p.unfilled_effect * self.model.now.unfilled[self.school] if is_technical(self.profile) else 0.0
        leave, passes, switching = p.quit[t], p.exam_pass[t], p.switch[t]
        if (t, self.grade) in QUIT_YEARS:
            leave *= p.quit_year[QUIT_YEARS.index((t, self.grade))]
        walk = self.model.now.walk
        if t in EXAMS:
            shift = walk[f"PASSAGE_{t.name}"] + walk["PASSAGE_GIRLS"] * (self.sex == Sex.VROUW)
            leave = logistic(logit(leave) + shift + walk["PASSAGE_TECHNIQUE"] * is_technical(self.profile))
        if t == Track.LOWER:
            leave = logistic(logit(leave) + walk["PASSAGE_LOWER"])
        if t == Track.HAVO_VWO_3:
            switching = logistic(logit(switching) + walk["TO_TL"])
        if 2020 <= self.model.now.year <= 2023 and t in EXAMS:
            passes = p.exam_pass_observed[(self.model.now.year - 2020) * len(EXAMS) + EXAMS.index(t)]
        if u < leave:
            return "leave"
        if t in LAST_YEAR and self.grade >= LAST_YEAR[t]:
            return "pass" if u < leave + (1 - leave) * (passes - extra) else "repeat"
        switch = switching if t in SWITCHES and SWITCHES[t][0] == self.grade else 0.0
        if u < leave + switch:
            return "switch"
        return "repeat" if u < leave + switch + p.repeat[t] + extra else "on"

    def repeat(self) -> None:
        if self.track in (Track.TL, Track.HAVO, Track.VWO) and self.grade >= LAST_YEAR[self.track]:
            self.count("vavo")
            if self.luck(Purpose.SWITCH) < self.model.rules.progress.vavo_share:
                self.track = Track.VAVO
        elif self.track == Track.PRO:
            self.grade = 6

    def switch(self) -> None:
        self.track = SWITCHES[self.track][1]
        self.grade += 1
        self.go_where_it_is_taught()
        if self.track == Track.TL:
            self.choose_sector()

    def go_on(self) -> None:
        """A year on; at the end of year 2 to the upper years, at the end of havo/vwo 3 to havo or vwo."""
        track = self.track
        self.grade += 1
        if track == Track.LOWER and self.grade >= 3:
            self.enter_upper_years()
        elif track == Track.HAVO_VWO_3:
            self.track = self.toward
            self.go_where_it_is_taught()
            self.choose_havo_vwo_profile()
        elif track == Track.TL and self.grade == 4:
            self.choose_sector()

    def enter_upper_years(self) -> None:
        """6. Track: to the location and track one is bound for, perhaps one track up; then 7, the choice."""
        rules = self.model.rules
        self.school, self.profile = self.upper, Profile.NONE
        if self.toward in EXAMS:
            self.count("track up or down")
            at, u = EXAMS.index(self.toward), self.luck(Purpose.SWITCH)
            up = self.share_going_up(at) if at < len(STEPS) else 0.0
            down = -self.share_going_up(at - 1) if at > 0 else 0.0
            to = at + 1 if u < up else at - 1 if u >= 1.0 - max(down, 0.0) else at
            if rules.teaches[self.school][EXAMS[to]]:
                self.toward = EXAMS[to]
        self.track = Track.HAVO_VWO_3 if self.toward in (Track.HAVO, Track.VWO) else self.toward
        self.go_where_it_is_taught()
        if self.track in VOCATIONAL:
            self.choose_vmbo_profile()

    def share_going_up(self, step: int) -> float:
        """6. Track: of the track below a step, the share that goes up; of the one above it goes down where negative."""
        p, years = self.model.rules.track, self.model.now.year - self.model.rules.first_year
        drift = p.upward_drift * p.drift_years * (1.0 - math.exp(-years / p.drift_years))
        return self.model.now.walk[STEPS[step]] + (drift if EXAMS[step] in VOCATIONAL else 0.0)

    def go_where_it_is_taught(self) -> None:
        self.school = self.model.rules.nearest_teaching(self.school, self.track)
        self.region = self.region_of_school

    # ------------------------------------------------------------------ 7. profile choice

    def pull(self, kind: int) -> float:
        """Draw towards technique: interest, quality and background."""
        rules, now, p = self.model.rules, self.model.now, self.model.rules.profile
        return (
            self.interest
            + p.quality_weight * now.better[self.school][kind]
            + p.background_effect * (self.background - rules.migration_share[self.track])
        )

    def choose_vmbo_profile(self) -> None:
        rules, now, p = self.model.rules, self.model.now, self.model.rules.profile
        leerweg = self.track - Track.BB
        constant = rules.constants.vmbo[(self.school * 3 + leerweg) * 2 + self.sex]
        pull = self.pull(VMBO) + self.technique_of_the_times()
        best, where, highest = 0, self.school, -math.inf
        for profile in range(10):
            place, lost = self.school, 0.0
            if not now.open[self.school][profile]:
                place, km = now.nearest_offer(rules, self.home, self.track, profile)
                extra_km = max(km - rules.km_home(self.home, self.school), 0.0)
                lost = p.distance_cost * extra_km + p.leaving_cost
            utility = constant[profile] + rules.constants.vmbo_loading[profile] * pull - lost
            utility += now.walk.get(WALK_OF_PROFILE[profile], 0.0)
            utility += self.epsilon(Purpose.PROFILE, profile, of=10)
            if utility > highest:
                best, where, highest = profile, place, utility
        self.profile, self.school = Profile(best + 1), where
        self.region = self.region_of_school
        self.count("vmbo profile")

    def technique_of_the_times(self) -> float:
        """18. Walks: taste for technique in vmbo, of all, of the leerweg, of girls, and here."""
        walk = self.model.now.walk
        girls = walk["GIRLS"] * (self.sex == Sex.VROUW)
        return walk["TECHNIQUE"] + walk[self.track.name] + girls + self.model.now.liking[self.school]

    def choose_sector(self) -> None:
        constants, walk = self.model.rules.constants, self.model.now.walk
        liked = walk["TL_TECHNIQUE"] + walk["TL_GIRLS"] * (self.sex == Sex.VROUW)
        more = [weight * liked for weight in constants.tl_loading]
        self.choose_listed(Purpose.TL_SUBJECTS, SECTORS, constants.tl, constants.tl_loading, more)
        self.count("tl sector")

    def choose_havo_vwo_profile(self) -> None:
        constants, walk, girl = self.model.rules.constants, self.model.now.walk, self.sex == Sex.VROUW
        nature = walk["NATURE"] + walk[f"NATURE_{self.track.name}"] + walk["NATURE_GIRLS"] * girl
        technique = walk[f"NT_{self.track.name}"] + walk["NT_GIRLS"] * girl
        more = [
            nature * (profile in N_PROFILES) + technique * (profile in (Profile.NT, Profile.NT_NG))
            for profile in HAVO_VWO_PROFILES
        ]
        self.choose_listed(Purpose.N_PROFILE, HAVO_VWO_PROFILES, constants.havo_vwo, constants.havo_vwo_loading, more)
        self.count("havo/vwo profile")

    def choose_listed(
        self,
        purpose: Purpose,
        profiles: tuple[Profile, ...],
        constants: list[list[float]],
        loading: list[float],
        more: list[float],
    ) -> None:
        constant = constants[(self.school * 2 + (self.track == Track.VWO)) * 2 + self.sex]
        pull, of = self.pull(HAVO_VWO), len(profiles)
        utility = [constant[a] + more[a] + loading[a] * pull + self.epsilon(purpose, a, of) for a in range(of)]
        self.profile = profiles[utility.index(max(utility))]

    def epsilon(self, purpose: Purpose, alternative: int, of: int) -> float:
        return -math.log(-math.log(self.luck(purpose, alternative, of)))

    # ------------------------------------------------------------------ 11. the way out, and mbo

    def leave_school(self, with_diploma: bool) -> None:
        p = self.model.rules.mbo
        origin = self.origin(with_diploma)
        if with_diploma:
            kind = EXITS.index(DIPLOMA_EXIT.get(self.track, "other"))
        else:
            kind = EXITS.index("quit vmbo" if self.track in VMBO_TRACKS else "quit elsewhere")
        self.count("way out of secondary education")
        u = self.luck(Purpose.AFTER_VO, 0, of=3)
        if u < p.to_mbo[kind]:
            self.enter_mbo(kind, origin)
        elif u < p.to_mbo[kind] + p.on[kind]:
            self.go_on_to_havo_or_vwo()
        elif self.profile in N_PROFILES and self.luck(Purpose.AFTER_VO, 1, of=3) < p.ho_technique[kind]:
            self.stage = Stage.HBO_TECHNIEK
        else:
            self.stage = Stage.LEFT

    def go_on_to_havo_or_vwo(self) -> None:
        if self.track == Track.HAVO:
            self.track, self.grade = Track.VWO, 5
            self.go_where_it_is_taught()
        else:
            self.track, self.grade = Track.HAVO, 4
            self.go_where_it_is_taught()
            self.choose_havo_vwo_profile()

    def origin(self, with_diploma: bool) -> str:
        """Where one comes from, as far as it counts for continuing in technique."""
        technical = is_technical(self.profile)
        if not with_diploma:
            return "bb technique" if self.track in VOCATIONAL and technical else "other"
        if self.track in VOCATIONAL:
            if technical:
                return f"{self.track.name.lower()} technique"
            return "D&P" if self.profile == Profile.DP else "other vmbo"
        if self.track == Track.TL:
            return "tl technique" if technical or self.profile == Profile.TL_TECHNIEK else "tl other"
        return "other"

    def enter_mbo(self, kind: int, origin: str) -> None:
        rules, now, p = self.model.rules, self.model.now, self.model.rules.mbo
        self.stage, self.study_year = Stage.MBO, 1
        self.level = 1 + column(self.luck(Purpose.AFTER_VO, 2, of=3), rules.constants.levels[kind])
        self.count("mbo level")

        utility = rules.constants.mbo[ORIGINS.index(origin)][self.sex] + self.interest
        utility += p.image_weight * math.log(now.tightness[self.region]) + now.walk["MBO"]
        if origin in TECHNIQUE_IN_VMBO:
            connection = now.connection_broad if origin == "D&P" else now.connection
            utility += p.connection_weight * connection[self.region]
        self.field = Field.OTHER
        if self.luck(Purpose.MBO_COURSE, 0, of=4) < logistic(utility):
            sectors = rules.constants.field_table[2 * self.profile + self.sex]
            self.field = TECHNICAL_FIELDS[column(self.luck(Purpose.MBO_COURSE, 1, of=4), sectors)]
        self.count("mbo sector")

        utility = rules.constants.bbl[self.level - 1][self.field]
        if self.field != Field.OTHER:
            utility += p.places_weight * math.log(now.places[self.region][self.field - 1])
        work_based = self.luck(Purpose.MBO_COURSE, 2, of=4) < logistic(utility)
        self.count("bol or bbl")
        if work_based and not self.finds_place():
            work_based = False
            if self.luck(Purpose.TRAINING_PLACE, 1, of=2) >= p.stay_without_place:
                self.field = Field.OTHER
        self.pathway = Pathway.BBL if work_based else Pathway.BOL

        shares = rules.college_shares[self.region * len(Field) + self.field]
        self.college = column(self.luck(Purpose.MBO_COURSE, 3, of=4), shares)
        self.count("college")

    def finds_place(self) -> bool:
        """Whether who wants a work-based technical course finds a place; other courses have places enough."""
        if self.field == Field.OTHER:
            return True
        now, sector = self.model.now, self.field - 1
        places = (1 + self.model.rules.mbo.spare_places) * now.places[self.region][sector]
        chance = places / max(now.applicants, 1e-9)
        return chance >= 1 or self.luck(Purpose.TRAINING_PLACE, 0, of=2) < chance

    # ------------------------------------------------------------------ 12. study

    def year_of_study(self) -> None:
        p, k = self.model.rules.study, self.level - 1
        if self.pathway == Pathway.BBL:
            diploma, leave = p.diploma_bbl[k], p.quit_bbl[k]
        else:
            diploma, leave = p.diploma_bol[k], p.quit_bol[k]
        self.count("year in mbo")
        u = self.luck(Purpose.STUDY)
        if u < leave:
            self.stage = Stage.LEFT
        elif self.study_year >= p.shortest[k] and u < leave + diploma:
            self.after_diploma()
        else:
            self.study_year += 1

    def after_diploma(self) -> None:
        p, technical = self.model.rules.study, self.field != Field.OTHER
        self.count("after a diploma")
        on = p.hbo[self.pathway] if self.level == 4 else p.up[self.level - 1]
        if self.luck(Purpose.AFTER_MBO, 0, of=2) >= on:
            self.stage = Stage.OTHER_WORK
            if technical:
                self.model.looking.append(self)
        elif self.level < 4:
            self.level, self.study_year = self.level + 1, 1
        elif technical and self.luck(Purpose.AFTER_MBO, 1, of=2) < p.hbo_technique:
            self.stage = Stage.HBO_TECHNIEK
        else:
            self.stage = Stage.LEFT

    # ------------------------------------------------------------------ 13. first job

    def looks_for_technical_work(self) -> bool:
        p, now = self.model.rules.job, self.model.now
        utility = logit(1 - p.leak[self.pathway])
        utility += p.level_4 if self.level == 4 else 0.0
        utility += p.woman if self.sex == Sex.VROUW else 0.0
        utility += p.tightness_weight * math.log(now.sector_tightness[self.region][self.field - 1])
        utility += p.wage_weight * (now.wage[self.region] - 1)
        self.count("technical work or other")
        return self.luck(Purpose.FIRST_JOB, 0, of=2) < logistic(utility)
