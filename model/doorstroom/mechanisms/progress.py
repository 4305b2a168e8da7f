"""8. Progress.

Each year a pupil in secondary education goes on, repeats, moves to another track, leaves without a diploma, or
passes the exam. The rates per track and year are observed ones; lessons that nobody gives add to failure in
the technical profiles:

    extra     = unfilled_effect x unfilled share of the location   (technical profiles of vmbo, else 0)
    P(leave)  = quit[track] x quit_year[year]  (bb, kb, gl: times a factor; but for pro and other: with a walk, 18)
    P(switch) = switch[track]                  (at the usual moment, else 0; havo/vwo 3: with a walk)
    P(repeat) = repeat[track] + extra
    P(pass)   = (1 - P(leave)) x (exam_pass[track] - extra)        (last year; of the exam year where it was observed)

One number per pupil and year decides; from 0 up it falls in leave, switch, repeat, on, or in the last year in
leave, pass, repeat. The last year is year 4 of vmbo, 5 of havo, 6 of vwo, 5 of praktijkonderwijs (who stays is in
year 6), 6 of other education, and any year of vavo. Switches come after year 3 (kb to bb, gl to tl, havo/vwo 3 to
tl) and after year 4 of vwo (to havo), a year on and not back. Who repeats the last year of tl, havo or vwo goes to
vavo with chance vavo_share. Who leaves in the lower years goes to special education or abroad, who leaves later may go
to mbo (11). Who comes to a track that the location doesn't teach goes to the nearest location that
does.

Who sits which exam, where that isn't the one of the pupil's own track and profile:

    gl: gl_exam of them, or gl_exam_technique in a technical profile, sit gl's exam, the others that of tl,
        where those of a technical profile and gl_tl_technique[sex] of the rest stand in the sector techniek
    havo and vwo: double[track, sex] of those with N&G alone sit the exam of N&T as well, and count there

Source: repeating and pass rates by track from the education inspectorate and DUO's exam file of 2018/19. What gets
lost between year 3 and the exam is a flow, taken from matched years: pupils of year 3 (counted 2010-2014, without
green schools; 1 October 2019) against the exams two years on. Of havo and vwo it isn't the same in every year: most who
leave vwo do so after year 5, few in the year of the exam. No estimate ties unfilled lessons to failure: assumption with
zero inside.
Wrong if: of a year 3 that was counted another part comes to the exam than the model has.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import Rows, compiled
from doorstroom.mechanisms.walks import Walk, shifted
from doorstroom.terms import Track

Array = NDArray[np.float64]

ON: Final = 0
REPEAT: Final = 1
SWITCH: Final = 2
QUIT: Final = 3
DIPLOMA: Final = 4
RISES: Final = 5
TO_UPPER: Final = 6
TO_LAST_OF_TL: Final = 7
"""What a year comes to. The last three are ways of going on: to the upper years of vmbo or year 3 of havo and vwo, to
year 4 of havo or vwo, and to year 4 of tl."""


class Progress(NamedTuple):
    """Parameters of progress; vectors run over Track, from LOWER to VAVO."""

    repeat: Array
    quit: Array
    quit_bb: float
    quit_kb: float
    quit_gl: float
    quit_year: Array
    switch: Array
    exam_pass: Array
    exam_pass_observed: Array
    vavo_share: float
    unfilled_effect: float
    gl_exam: float
    gl_exam_technique: float
    gl_tl_technique: Array
    double: Array


EXAMS: Final = (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO)
"""Tracks that end in an exam, in the order of the rates that were observed."""
YEARS: Final = 7
"""Years of secondary education, and none."""
UPPER_YEARS: Final = ((Track.HAVO, 4), (Track.HAVO, 5), (Track.VWO, 4), (Track.VWO, 5), (Track.VWO, 6))
"""Track and year of each of `quit_year`."""
OBSERVED_FROM: Final = 2020
"""First exam year whose pass rates are those that were observed."""


def passing(year: int, p: Progress) -> Array:
    """Pass rate per Track of the exams of a calendar year: that of 2018/19 where no other was observed."""
    observed = p.exam_pass_observed.reshape(-1, len(EXAMS))
    rates = p.exam_pass.copy()
    if 0 <= year - OBSERVED_FROM < len(observed):
        rates[list(EXAMS)] = observed[year - OBSERVED_FROM]
    return rates


class Rates(NamedTuple):
    """The rates of one year, per Track; `quit` by year, sex and technical profile as well, shape (tracks, 7, 2, 2)."""

    repeat: Array
    quit: Array
    switch: Array
    exam_pass: Array
    unfilled_effect: float


def leaving(walk: Array, p: Progress) -> Array:
    """Chance to leave, with a year's walks, by Track, year, sex and technical profile, shape (tracks, 7, 2, 2)."""
    rates = np.tile(by_year(p)[:, :, None, None], (1, 1, 2, 2))
    own, girls = walk[Walk.PASSAGE_BB : Walk.PASSAGE_VWO + 1], np.array([0.0, walk[Walk.PASSAGE_GIRLS]])
    technique = np.array([0.0, walk[Walk.PASSAGE_TECHNIQUE]])
    rates[Track.LOWER] = shifted(rates[Track.LOWER], walk[Walk.PASSAGE_LOWER])
    rates[list(EXAMS)] = shifted(rates[list(EXAMS)], own[:, None, None, None] + girls[:, None] + technique)
    return rates


def in_year(year: int, walk: Array, p: Progress) -> Rates:
    """The rates of the school year that ends in the autumn of `year`."""
    switch = p.switch.copy()
    switch[Track.HAVO_VWO_3] = shifted(switch[Track.HAVO_VWO_3], walk[Walk.TO_TL])
    return Rates(p.repeat, leaving(walk, p), switch, passing(year, p), p.unfilled_effect)


def by_year(p: Progress) -> Array:
    """Chance to leave by Track and year, shape (tracks, 7), before the walks."""
    rates = np.tile(p.quit[:, None], (1, YEARS))
    track, year = np.array(UPPER_YEARS).T
    rates[track, year] *= p.quit_year
    return rates


def own_rates(p: Progress) -> Progress:
    """The parameters with the factors of bb, kb and gl in `quit`."""
    leaving = p.quit.copy()
    leaving[[Track.BB, Track.KB, Track.GL]] *= (p.quit_bb, p.quit_kb, p.quit_gl)
    return p._replace(quit=leaving)


@compiled
def outcome(u: float, repeat: float, leave: float, switch: float, pass_rate: float, final: bool) -> int:
    """What one pupil's year comes to, from one uniform number.

    In a final year the order on the unit interval is leave, pass, repeat; else leave, switch, repeat, on.
    """
    if u < leave:
        return QUIT
    if final:
        return DIPLOMA if u < leave + (1.0 - leave) * pass_rate else REPEAT
    if u < leave + switch:
        return SWITCH
    if u < leave + switch + repeat:
        return REPEAT
    return ON


@compiled
def end_of_year(
    u: float,
    track: int,
    year: int,
    technical: bool,
    unfilled: float,
    last: int,
    switches_after: int,
    p: Rates,
    sex: int,
) -> int:
    """What the year of a pupil in `year` of a track comes to.

    Parameters
    ----------
    technical : whether the profile is technical
    unfilled : share of technique lessons that nobody gives at the location
    last : last year of the track
    switches_after : the year after which pupils switch from it
    """
    extra = p.unfilled_effect * unfilled if technical else 0.0
    switch = p.switch[track] if year == switches_after else 0.0
    return outcome(
        u,
        p.repeat[track] + extra,
        p.quit[track, year, sex, int(technical)],
        switch,
        p.exam_pass[track] - extra,
        year >= last,
    )


@compiled
def comes_to(track: int, year: int) -> int:
    """What a pupil comes to who goes on from `year` of a track: ON, or one of the places where there is a choice."""
    if track == Track.LOWER and year >= 2:
        return RISES
    if track == Track.HAVO_VWO_3:
        return TO_UPPER
    return TO_LAST_OF_TL if track == Track.TL and year == 3 else ON


@compiled
def year_of(
    who: Rows,
    luck: Array,
    track: NDArray[np.int8],
    grade: NDArray[np.int8],
    sex: NDArray[np.int8],
    profile: NDArray[np.int8],
    school: NDArray[np.int16],
    is_technical: NDArray[np.bool_],
    unfilled: Array,
    last: NDArray[np.int8],
    switches_after: NDArray[np.int8],
    p: Rates,
    end: NDArray[np.int8],
) -> None:
    """Set the outcome of the year of each pupil, `end`, shape (n,), and let those who go on come a year further.

    Parameters
    ----------
    is_technical : per profile
    unfilled : per location
    last, switches_after : per track; see end_of_year
    """
    for n in range(len(who)):
        i = who[n]
        u, t, technical = luck[n, 0], track[i], is_technical[profile[i]]
        end[n] = end_of_year(u, t, grade[i], technical, unfilled[school[i]], last[t], switches_after[t], p, sex[i])
        if end[n] == ON:
            end[n] = comes_to(t, grade[i])
            grade[i] += 1
