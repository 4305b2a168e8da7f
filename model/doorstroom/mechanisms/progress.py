"""8. Progress.

Each year a pupil in secondary education goes on, repeats, moves to another track, leaves without a diploma, or
passes the exam. The rates per track and year are observed ones; lessons that nobody gives add to failure in
the technical profiles:

    extra     = unfilled_effect x unfilled share of the location   (technical profiles of vmbo, else 0)
    P(leave)  = quit[track]
    P(switch) = switch[track]                                      (at the usual moment, else 0)
    P(repeat) = repeat[track] + extra
    P(pass)   = (1 - P(leave)) x (exam_pass[track] - extra)        (last year)

One number per pupil and year decides; from 0 up it falls in leave, switch, repeat, on, or in the last year in
leave, pass, repeat. The last year is year 4 of vmbo, 5 of havo, 6 of vwo, 5 of praktijkonderwijs (who stays is in
year 6), 6 of other education, and any year of vavo. Switches come after year 3 (kb to bb, gl to tl, havo/vwo 3 to
tl) and after year 4 of vwo (to havo), a year on and not back. Who repeats the last year of tl, havo or vwo goes to
vavo with chance vavo_share. Who comes to a track that the location doesn't teach goes to the nearest location that
does.

Source: repeating and pass rates by track from the education inspectorate and DUO's exam file of 2018/19;
switches follow from the stocks of 1 October 2019 (year 4 against year 3). No estimate ties unfilled lessons
to failure: assumption with zero inside.
Wrong if: the stocks per track and year drift away from the official forecast for another reason than cohorts.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled

Array = NDArray[np.float64]

ON: Final = 0
REPEAT: Final = 1
SWITCH: Final = 2
QUIT: Final = 3
DIPLOMA: Final = 4


class Progress(NamedTuple):
    """Parameters of progress; vectors run over Track, from LOWER to VAVO."""

    repeat: Array
    quit: Array
    switch: Array
    exam_pass: Array
    vavo_share: float
    unfilled_effect: float


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
def year_of(
    track: NDArray[np.int8],
    grade: NDArray[np.int8],
    technical: NDArray[np.bool_],
    unfilled: Array,
    final_grade: NDArray[np.int8],
    switches_after: NDArray[np.int8],
    u: Array,
    p: Progress,
) -> NDArray[np.int8]:
    """Outcome of the year for every pupil, shape (n,).

    Parameters
    ----------
    track, grade : shape (n,)
    technical : whether the pupil is in a technical profile, shape (n,)
    unfilled : share of technique lessons unfilled at the pupil's location, shape (n,)
    final_grade : last year of each track, shape (tracks,)
    switches_after : the grade after which a track's switches happen, shape (tracks,)
    u : uniform numbers, shape (n,)
    """
    result = np.empty(len(track), np.int8)
    for i in range(len(track)):
        t = track[i]
        extra = p.unfilled_effect * unfilled[i] if technical[i] else 0.0
        final = grade[i] >= final_grade[t]
        switch = p.switch[t] if grade[i] == switches_after[t] else 0.0
        result[i] = outcome(u[i], p.repeat[t] + extra, p.quit[t], switch, p.exam_pass[t] - extra, final)
    return result
