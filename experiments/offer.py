"""How often technical profiles close and open, from the exams of 2010/11 to 2018/19, and from nothing later.

    python experiments/offer.py        prints the flows, the fits and what became of the pupils

A profile closes at a location in exam year t where it had candidates in t - 2 and t - 1 and none in t and t + 1, and
opens where it had none in t - 2 and t - 1 and some in t and t + 1; a location counts while it has TAUGHT candidates of
bb, kb and gl in all four years, so that mergers and new locations are no closings and openings. One year without
candidates is a thin group, not a closing. BWI, PIE, M&T and MVI; departments of before 2016 stand under the profile
that took their place, and the new programmes had their first full exams in 2018.

Closing by group size is a logit of closing on log(group / 10), group being the mean of the three years before. What
became of the pupils is the change in the technical share of candidates, own location or all within some kilometres,
against the country's, over the share that the closed profile had: one where they all chose something else, zero where
they all took another technical profile or went to a neighbour. Profiles close where taste falls, which raises it.

What differs from the estimates, and why, stands with each parameter.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from doorstroom.geography import distances, plane
from doorstroom.inputs.exam_history import YEARS, load_exam_history

Floats = NDArray[np.float64]

PROFILES: Final = 4
TAUGHT: Final = 10
PERIODS: Final = ((2013, 2015), (2016, 2017), (2018, 2018), (2013, 2018))
RESAMPLES: Final = 400


class Event(NamedTuple):
    """A profile at a location in an exam year, that ran or didn't in the two years before."""

    year: int
    location: int
    profile: int
    ran: bool
    had: bool
    group: float
    changed: bool


def events(technical: Floats, everybody: Floats) -> list[Event]:
    """All that could close or open, with what happened; shapes (years, locations, profiles) and (years, locations)."""
    found = []
    for t in range(2, len(YEARS) - 1):
        alive = (everybody[t - 2 : t + 2] >= TAUGHT).all(axis=0)[:, None]
        before, after = technical[t - 2 : t] > 0, technical[t : t + 2] > 0
        had = (technical[: t - 2] > 0).any(axis=0)
        for ran in (True, False):
            at_risk = (before == ran).all(axis=0) & alive
            changed = (after != ran).all(axis=0)
            for row, profile in zip(*np.nonzero(at_risk), strict=True):
                group = technical[max(t - 3, 0) : t, row, profile].mean()
                change, once = bool(changed[row, profile]), bool(had[row, profile])
                found.append(Event(YEARS[t], int(row), int(profile), ran, once, float(group), change))
    return found


def closing_by_size(ran: list[Event]) -> tuple[Floats, Floats]:
    """Log odds of closing at a group of ten and minus its slope on log group, with standard errors."""
    size = np.log([event.group / 10.0 for event in ran])
    closed = np.array([event.changed for event in ran], np.float64)

    def surprise(b: Floats) -> float:
        odds = b[0] - b[1] * size
        return float((np.logaddexp(0.0, odds) - closed * odds).sum())

    fitted = minimize(surprise, np.array([-3.0, 1.0]))
    return fitted.x, np.sqrt(np.diag(fitted.hess_inv))


def lost(closings: list[Event], technical: Floats, everybody: Floats, near: NDArray[np.bool_], later: int) -> Floats:
    """Per closing: fall of the technical share near it against the country's, the closed share, and candidates."""
    share = technical.sum(axis=(1, 2)) / everybody.sum(axis=1)
    rows = []
    for event in closings:
        t = YEARS.index(event.year)
        then, now = slice(max(t - 4, 0), t - 1), t + later
        here = near[event.location]
        if now >= len(YEARS) or everybody[now, here].sum() == 0:
            continue
        size = everybody[then][:, here].sum()
        trend = share[now] / share[then].mean()
        was = technical[then][:, here].sum() / size * trend
        closed = technical[then, event.location, event.profile].sum() / size * trend
        number = everybody[now, here].sum()
        rows.append((was - technical[now][here].sum() / number, closed, number))
    return np.array(rows)


def through_origin(rows: Floats) -> float:
    """Slope of the fall on the closed share, weighted by candidates."""
    fall, closed, weight = rows.T
    return float((fall * closed * weight).sum() / (closed**2 * weight).sum())


def main() -> None:
    """Print everything."""
    history = load_exam_history()
    count = history.candidates.sum(axis=2)
    technical, everybody = count[:, :, :PROFILES], count.sum(axis=2)
    found = events(technical, everybody)
    print("on offer, with candidates:", *(f"{y}: {n}" for y, n in zip(YEARS, (technical > 0).sum((1, 2)), strict=True)))
    print("\nchance a year           closes        opens, never had      opens, once had")
    for first, last in PERIODS:
        part = [event for event in found if first <= event.year <= last]
        cells = []
        for ran, had in ((True, None), (False, False), (False, True)):
            those = [event.changed for event in part if event.ran == ran and had in (None, event.had)]
            cells.append(f"{sum(those):4d} of {len(those):4d} {sum(those) / max(len(those), 1):6.1%}")
        fit, error = closing_by_size([event for event in part if event.ran])
        logit = f"at ten {fit[0]:.2f} ({error[0]:.2f}), slope {fit[1]:.2f} ({error[1]:.2f})"
        print(f"{first}-{last}   {'   '.join(cells)}   {logit}")
    closings = [event for event in found if event.ran and event.changed]
    km = distances(plane(history.lat, history.lon), plane(history.lat, history.lon))
    luck = np.random.default_rng(1)
    print("\npart of the closed profile's share that is gone")
    for reach in (0.0, 5.0, 10.0):
        texts = []
        for later in (0, 1, 2):
            rows = lost(closings, technical, everybody, km <= reach, later)
            again = [through_origin(rows[luck.integers(0, len(rows), len(rows))]) for _ in range(RESAMPLES)]
            texts.append(f"{later} years later {through_origin(rows):.2f} ({np.std(again):.2f})")
        print(f"within {reach:.0f} km:", ", ".join(texts))


if __name__ == "__main__":
    main()
