"""How large the walks are: drifts and spreads from the exams of 2010/11 to 2018/19, and from nothing later.

    python experiments/walks.py        prints per walk what `parameters.toml` has and what the exams say

A series is a log odds or a log share of candidates (DUO; the tables of the input set), x_it for series i of a family
in exam year t. Its steps are taken to be

    x_it - x_i(t-1) = drift_i + common_t + own_it + e_it - e_i(t-1),

common and own normal with spreads that the family shares, e the chance of counting (binomial, known from the counts),
drift_i normal around 0 with a spread of the family's own. The spreads are those of highest restricted likelihood with
a weak prior (half normal, 0.1), the drift of a series is its mean and standard deviation given these. With eight steps
a spread is known within some 30%: that is the prior of `walks.scale`. For regions, whose series are many and noisy, the
walk's variance is that of a step plus twice its covariance with the next, from which noise drops out.

Passage is in log odds of leaving: with two years of chance q of leaving, 1% more candidates of a year 3 are
0.01 / (2 q) less. Placement is in shares of a track, the mean of the two at a step: so many does a step in the log
odds of being at or below one of them move.

What differs from the estimates, and why, stands with each parameter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from doorstroom.inputs.exam_history import YEAR_3, YEAR_3_TL_HAVO_VWO, YEARS, load_exam_history
from doorstroom.inputs.sets import load_inputs
from doorstroom.parameters import load_parameters
from doorstroom.terms import TECHNICAL_PROFILES, Profile, Track

Floats = NDArray[np.float64]

WEAK: Final = 0.1
THIRD: Final = np.array([17332.0, 28434.0, 15742.0, 38083.0, 50000.0, 43000.0])
"""Pupils of bb, kb, gl, tl, havo and vwo in year 3 on 1 October 2019 (DUO; havo and vwo by where they were bound)."""
TRACKS: Final = (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO)
N_AND_T: Final = (Profile.NT, Profile.NT_NG, Profile.NT_CM, Profile.NT_EM)
N_AND_G: Final = (Profile.NG, Profile.NG_CM, Profile.NG_EM)


class Family(NamedTuple):
    """Series that are alike: values and variances of counting, shape (series, years)."""

    names: tuple[str, ...]
    values: Floats
    noise: Floats
    has_common: bool = False


class Estimate(NamedTuple):
    """Spread of the common and of the own walks, and the drift of each series with its standard deviation."""

    common: float
    own: float
    drift: Floats
    drift_sd: Floats


def estimate(family: Family) -> Estimate:
    """The family's spreads and drifts."""
    steps = np.diff(family.values, axis=1)
    series, years = steps.shape
    noise = [_noise(one) for one in family.noise]

    def covariance(own: float, common: float, lasting: float) -> Floats:
        whole = np.kron(np.full((series, series), common**2), np.eye(years))
        for at in range(series):
            part = slice(at * years, (at + 1) * years)
            whole[part, part] += noise[at] + own**2 * np.eye(years) + lasting**2
        return whole

    y = steps.ravel()

    def spreads(logs: Floats) -> tuple[float, float, float]:
        own, lasting, *common = np.exp(np.clip(logs, -12.0, 3.0)).tolist()
        return own, common[0] if common else 0.0, lasting

    def surprise(logs: Floats) -> float:
        own, common, lasting = spreads(logs)
        cov = covariance(own, common, lasting)
        _, size = np.linalg.slogdet(cov)
        weak = ((own / WEAK) ** 2 + (common / WEAK) ** 2 + (lasting / WEAK) ** 2) / 2.0 - float(np.sum(logs))
        return float(size / 2.0 + y @ np.linalg.solve(cov, y) / 2.0 + weak)

    start = np.log([0.05, 0.03, *([0.03] if family.has_common else [])])
    own, common, lasting = spreads(minimize(surprise, start, method="Nelder-Mead").x)
    cov = covariance(own, common, lasting)
    link = np.kron(np.eye(series), np.full((1, years), lasting**2))
    drift = link @ np.linalg.solve(cov, y)
    left = lasting**2 * np.eye(series) - link @ np.linalg.solve(cov, link.T)
    return Estimate(common, own, drift, np.sqrt(np.diag(left)))


def _noise(variance: Floats) -> Floats:
    """Covariance of the differences of independent errors."""
    steps = len(variance) - 1
    made = np.diag(variance[1:] + variance[:-1])
    for at in range(steps - 1):
        made[at, at + 1] = made[at + 1, at] = -variance[at + 1]
    return made


def _odds(part: Floats, whole: Floats) -> tuple[Floats, Floats]:
    """Log odds of a part and their variance of counting."""
    return np.log(part / (whole - part)), 1.0 / part + 1.0 / (whole - part)


def families() -> Iterator[tuple[Family, Mapping[str, str]]]:
    """The families, and by the name of a series the walk that it tells of."""
    history = load_exam_history().candidates.sum(axis=1)
    everybody, technique = history.sum(axis=2), history[..., : len(TECHNICAL_PROFILES)].sum(axis=2)
    x, v = _odds(technique.T, everybody.T)
    yield Family(("bb", "kb"), x[:2], v[:2], has_common=True), {"": "technique"}
    yield Family(("gl",), x[2:], v[2:]), {}
    by_profile = history.sum(axis=1)[:, : len(TECHNICAL_PROFILES)].T
    # departments became profiles in 2016 to 2018: MVI and MaT have had their own name before, as few others
    x, v = np.log(by_profile / by_profile.sum(axis=0)), 1.0 / by_profile
    yield Family(("BWI", "PIE", "M&T"), x[:3], v[:3]), {}
    yield Family(("MVI", "MaT"), x[3:], v[3:]), {}
    exams = load_inputs().exams
    pupils = exams.pivot_table("candidates", ["track", "profile"], "exam_year", "sum", fill_value=0).reindex(
        columns=list(YEARS), fill_value=0
    )
    nature, more = [], []
    for track in (Track.HAVO, Track.VWO):
        rows = pupils.loc[track]
        nt, ng = (rows.reindex(list(one), fill_value=0).sum().to_numpy(float) for one in (N_AND_T, N_AND_G))
        nature.append(_odds(nt + ng, rows.sum().to_numpy(float)))
        more.append(_odds(nt, nt + ng))
    for names, found, common in (
        (("nature havo", "nature vwo"), nature, True),
        (("N&T havo", "N&T vwo"), more, False),
    ):
        x, v = (np.stack([one[at] for one in found]) for at in range(2))
        yield Family(names, x, v, common), {"": "nature"}
    yield from _girls()
    yield from _ladder(pupils, everybody)
    yield from _passage(history, pupils)


def _girls() -> Iterator[tuple[Family, Mapping[str, str]]]:
    """Log odds of girls less those of boys, exam years 2014/15 to 2018/19."""
    table = load_inputs().exams_sector
    table = table[table["exam_year"] <= YEARS[-1]].groupby(["exam_year", "track", "sector"])[["men", "women"]].sum()

    def apart(tracks: tuple[int, ...], above: tuple[str, ...], below: tuple[str, ...] | None) -> tuple[Floats, Floats]:
        rows = table[table.index.get_level_values("track").isin(tracks)]
        sector = rows.index.get_level_values("sector")
        part = rows[sector.isin(above)].groupby("exam_year").sum()
        whole = (rows if below is None else rows[sector.isin(below)]).groupby("exam_year").sum()
        girls, boys = (_odds(part[sex].to_numpy(float), whole[sex].to_numpy(float)) for sex in ("women", "men"))
        return girls[0] - boys[0], girls[1] + boys[1]

    nature = ("n_t", "n_g")
    for name, found in (
        ("girls", [apart((Track.BB, Track.KB, Track.GL), ("techniek",), None)]),
        ("nature girls", [apart((track,), nature, None) for track in (Track.HAVO, Track.VWO)]),
        ("N&T girls", [apart((track,), ("n_t",), nature) for track in (Track.HAVO, Track.VWO)]),
    ):
        x, v = (np.stack([one[at] for one in found]) for at in range(2))
        yield Family(tuple(name for _ in found), x, v), {}


def _ladder(pupils: pd.DataFrame, vmbo: Floats) -> Iterator[tuple[Family, Mapping[str, str]]]:
    """Share of the tracks at a step that placement moves there, from the log odds of being at or below it."""
    size = np.stack([vmbo[:, 0], vmbo[:, 1], vmbo[:, 2], *(pupils.loc[t].sum().to_numpy(float) for t in TRACKS[3:])])
    total = size.sum(axis=0)
    found = []
    for at in range(len(TRACKS) - 1):
        below = size[: at + 1].sum(axis=0)
        x, _ = _odds(below, total)
        scale = (below / total * (1.0 - below / total) * total).mean() / THIRD[at : at + 2].mean()
        found.append(-x * scale)
    names = ("bb to kb", "kb to gl", "gl to tl", "tl to havo", "havo to vwo")
    values = np.stack(found)
    yield Family(names, values, np.full(values.shape, 1e-6)), {}


def _passage(history: Floats, pupils: pd.DataFrame) -> Iterator[tuple[Family, Mapping[str, str]]]:
    """Log odds of leaving from exams over the year 3 that they come from, counted 2010-2014, without green schools.

    Of gl and tl together, for pupils change between them; of havo and vwo with whom they get from and lose to each
    other.
    """
    entries = load_parameters(fit="known_2019")
    quits, by_year = entries["progress.quit"].value, entries["progress.quit_year"].value
    assert isinstance(quits, list)
    assert isinstance(by_year, list)
    green = history[..., Profile.GROEN - 1]
    tl, havo, vwo = (pupils.loc[track].sum().to_numpy(float) for track in TRACKS[3:])
    gl_tl = history[:, 2].sum(axis=1) - green[:, 2] + tl
    years = {name: sum(by_year[part]) for name, part in (("havo", slice(0, 2)), ("vwo", slice(2, 5)))}

    def leaving(exams: Floats, ahead: int, cohort: dict[int, int], quit_of_all_years: float) -> Floats:
        ratio = np.array([exams[year + ahead - YEARS[0]] / cohort[year] for year in range(2010, 2015)])
        return np.asarray(-np.log(ratio) / quit_of_all_years)

    lower = [
        leaving(history[:, at].sum(axis=1) - green[:, at], 2, {y: n[at] for y, n in YEAR_3.items()}, 2.0 * quits[track])
        for at, track in enumerate(TRACKS[:2])
    ]
    both = {year: YEAR_3[year][2] + YEAR_3_TL_HAVO_VWO[year][0] for year in YEAR_3}
    upper = [
        leaving(exams, ahead, {y: n[at] for y, n in YEAR_3_TL_HAVO_VWO.items()}, quits[track] * years[name])
        for at, (name, track, exams, ahead) in enumerate(
            (("havo", Track.HAVO, havo, 3), ("vwo", Track.VWO, vwo, 4)), start=1
        )
    ]
    for names, found in (
        (("passage bb", "passage kb"), lower),
        (("passage tl",), [leaving(gl_tl, 2, both, 2.0 * quits[Track.TL])]),
        (("passage havo", "passage vwo"), upper),
    ):
        values = np.stack(found)
        yield Family(names, values, np.full(values.shape, 1e-4)), {}


def regional() -> dict[str, float]:
    """Spread of the walks of a region's part of the candidates and of technique among them, per year."""
    history = load_exam_history()
    regions = int(history.region.max())
    count = np.zeros((len(YEARS), regions, 3, history.candidates.shape[3]))
    for at in range(len(YEARS)):
        np.add.at(count[at], history.region - 1, history.candidates[at])
    everybody, technique = count.sum(axis=(2, 3)), count[..., : len(TECHNICAL_PROFILES)].sum(axis=(2, 3))
    large = (technique.min(axis=0) > 20) & ((everybody - technique).min(axis=0) > 0)
    series = {"candidates": np.log(everybody / everybody.sum(axis=1, keepdims=True))}
    for at, name in enumerate(("bb", "kb")):
        part = count[:, :, at].sum(axis=2)
        series[name] = np.log(part / part.sum(axis=1, keepdims=True))[:, part.min(axis=0) > 40]
    series["technique"] = np.log(technique / (everybody - technique))[:, large]
    return {name: _walk(one) for name, one in series.items()}


def _walk(values: Floats) -> float:
    steps = np.diff(values, axis=0)
    steps = steps - steps.mean(axis=1, keepdims=True)
    return float(np.sqrt(max(np.mean(steps**2) + 2.0 * np.mean(steps[1:] * steps[:-1]), 0.0)))


def main() -> None:
    """Print the estimates beside the parameters."""
    entries = load_parameters(fit="known_2019")
    spread = entries["walks.spread"]
    assert isinstance(spread.value, list)
    assert spread.labels is not None
    used = dict(zip(spread.labels, spread.value, strict=True))
    drifts = dict(zip(spread.labels, np.atleast_1d(entries["walks.drift"].value).tolist(), strict=True))
    print(f"{'walk':20s} {'spread':>7s} {'used':>7s} {'drift':>7s} {'sd':>6s} {'used':>7s}")
    for family, shared in families():
        found = estimate(family)
        if family.has_common:
            print(f"{shared['']:20s} {found.common:7.3f} {used[shared['']]:7.3f} {'':14s} {drifts[shared['']]:7.3f}")
        for name, drift, sd in zip(family.names, found.drift, found.drift_sd, strict=True):
            print(f"{name:20s} {found.own:7.3f} {used[name]:7.3f} {drift:7.3f} {sd:6.3f} {drifts[name]:7.3f}")
    for name, value in regional().items():
        print(f"region, {name:12s} {value:7.3f}")


if __name__ == "__main__":
    main()
