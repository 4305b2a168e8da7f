"""Models with known answers, to be studied in place of the real one; importable by worker processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.model import COUNTRY, Model
from doorstroom.parameters import Parameter, draw_parameters
from doorstroom.priors import Uniform

YEARS = 2
SERIES = (("y", "total"),)

G_SHAPE = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
"""a of the Sobol' G function: the first two matter, the last four hardly do."""

BOX = {"x1": (0.2, 0.5), "x3": (0.6, 0.9)}
"""Where `planted_box` is below zero."""


def entries(names: list[str], low: float = 0.0, high: float = 1.0) -> dict[str, Parameter]:
    prior = Uniform(dist="uniform", low=low, high=high)
    about = {"unit": "1", "domain": (-100.0, 100.0), "grade": "assumption", "source": "none", "why": "a toy"}
    return {name: Parameter(value=(low + high) / 2, prior=prior, **about) for name in names}


def model(simulate: Callable[..., Any], names: list[str], low: float = 0.0, high: float = 1.0) -> Model:
    code = getattr(simulate, "__name__", "toy")
    return Model(simulate, entries(names, low, high), SERIES, {COUNTRY: 0}, inputs="toy", code=code)


def names(count: int) -> list[str]:
    return [f"x{at}" for at in range(1, count + 1)]


def result(y: float) -> NDArray[np.float64]:
    return np.full((YEARS, 1, 1), y)


def values(draw: int | Mapping[str, float], count: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
    if isinstance(draw, int):
        draw = draw_parameters(draw, entries(names(count), low, high)).drawn
    return np.array([draw[name] for name in names(count)])


def ishigami(scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
    """Ishigami and Homma (1990), a = 7, b = 0.1; x uniform in (-pi, pi)."""
    return result(float(ishigami_at(values(draw, 3, -np.pi, np.pi))))


def ishigami_at(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """At points of shape (..., 3)."""
    return np.asarray(np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0]))


def ishigami_answers() -> tuple[dict[str, float], dict[str, float]]:
    """First and total indices."""
    a, b, pi = 7.0, 0.1, np.pi
    v1 = 0.5 * (1 + b * pi**4 / 5) ** 2
    v2 = a**2 / 8
    v13 = b**2 * pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    return {"x1": v1 / v, "x2": v2 / v, "x3": 0.0}, {"x1": (v1 + v13) / v, "x2": v2 / v, "x3": v13 / v}


def sobol_g(scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
    """Sobol' G of eight factors; x uniform in (0, 1)."""
    x = values(draw, 8)
    return result(float(np.prod((np.abs(4 * x - 2) + G_SHAPE) / (1 + G_SHAPE))))


def sobol_g_answers() -> tuple[dict[str, float], dict[str, float]]:
    part = 1 / (3 * (1 + G_SHAPE) ** 2)
    whole = np.prod(1 + part) - 1
    first = part / whole
    total = part * np.prod(1 + part) / (1 + part) / whole
    return dict(zip(names(8), first, strict=True)), dict(zip(names(8), total, strict=True))


def planted_box(scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
    """One above nothing, and in the second scenario less than that inside the box."""
    x = dict(zip(names(5), values(draw, 5), strict=True))
    inside = all(low <= x[name] <= high for name, (low, high) in BOX.items())
    return result(1.0 + (0.0 if not scenario.schemes else (-1.0 if inside else 1.0)))


def linear(scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
    """Parameters, luck and structure add up; with `role_models` off everything is 3 higher."""
    x = values(draw, 2)
    luck = np.random.default_rng(seed).standard_normal()
    effect = 1.0 + x[1] if scenario.schemes else 0.0
    return result(2.0 * x[0] + effect + 0.5 * luck + (0.0 if scenario.loops.role_models else 3.0))


def noisy(scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
    """x1, and as much luck, which every point has of its own."""
    x = values(draw, 2)
    return result(float(x[0] + 0.3 * np.random.default_rng([seed, int(x.sum() * 1e9)]).standard_normal()))


def empty(scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
    return _EMPTY


_EMPTY = np.zeros((YEARS, 1, 1))


def fails_in_a_corner(scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
    if values(draw, 3, -np.pi, np.pi)[0] > 2.8:
        raise ZeroDivisionError("no teachers left")
    return ishigami(scenario, draw=draw, seed=seed, fraction=fraction)


def dies_in_a_corner(scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
    if values(draw, 3, -np.pi, np.pi)[0] > 3.0:
        os._exit(9)
    return ishigami(scenario, draw=draw, seed=seed, fraction=fraction)


class Counted:
    """Ishigami that takes its time and notes in a file every run that was begun."""

    __name__ = "counted"

    def __init__(self, log: Path, seconds: float = 0.0) -> None:
        self.log, self.seconds = log, seconds

    def __call__(self, scenario: Any, *, draw: Any, seed: int, fraction: float) -> NDArray[np.float64]:
        line = ",".join(f"{value!r}" for value in draw.values()) + f",{seed},{scenario.name}\n"
        handle = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, line.encode())
        os.close(handle)
        time.sleep(self.seconds)
        return ishigami(scenario, draw=draw, seed=seed, fraction=fraction)


PLAIN = """
title = "Nothing is paid"
[years]
last = 2020
"""

PAID = """
title = "Something is paid"
[years]
last = 2020
[schemes.a]
title = "A scheme"
programme = "STO"
first_year = 2020
last_year = 2020
budget = 100_000_000
activities = { equipment = 1.0 }
"""

HEAD = """
title = "A toy"
scenarios = {scenarios}
{top}

[outcomes.y]
outcome = "y"
years = 2020

{rest}
"""


def write_study(folder: Path, method: str, *, scenarios: int = 1, top: str = "", rest: str = "") -> Path:
    """A study file with one outcome, beside the files of its scenarios."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plain.toml").write_text(PLAIN)
    (folder / "paid.toml").write_text(PAID)
    asked = '["plain.toml"]' if scenarios == 1 else '["plain.toml", "paid.toml"]'
    file = folder / "toy.toml"
    file.write_text(HEAD.format(scenarios=asked, top=top, rest=f"[method]\n{method}\n{rest}"))
    return file
