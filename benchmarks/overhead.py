"""What a run costs besides itself: an empty model, made many times on two processes by three frameworks.

Every framework starts its two processes, makes n runs that do nothing, and has their results: Mesa's
`batch_run` and EMA Workbench in memory, doorstroom in its store on disk, with every run identified, verified
and resumable. Starting processes is paid once per study, so the cost of a run is the slope between a small
and a large n. Each pair of sizes is measured several times in turn and the smallest slope counts, since other
work on the machine can only add to it.

    python benchmarks/overhead.py
"""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from rich.console import Console

PROCESSES = 2
ROUNDS = 2
SIZES = {"doorstroom": (20_000, 420_000), "Mesa batch_run": (5_000, 45_000), "EMA Workbench": (2_000, 22_000)}

SCENARIO = 'title = "Nothing"\n[years]\nlast = 2020\n'
STUDY = """
title = "Nothing, many times"
scenarios = ["nothing.toml"]
responses = ["level"]
[outcomes.y]
outcome = "y"
years = 2020
[method]
name = "draws"
draws = {runs}
"""
NOTHING = np.zeros((2, 1, 1))


def nothing(scenario: Any, *, draw: Any, seed: int, fraction: float) -> np.ndarray:
    return NOTHING


def with_doorstroom(runs: int) -> None:
    from doorstroom.parameters import Parameter, Uniform
    from doorstroom.study.conduct import conduct
    from doorstroom.study.model import Model

    about = {"unit": "1", "grade": "assumption", "source": "none", "why": "a toy"}
    prior = Uniform(dist="uniform", low=0.0, high=1.0)
    entries = {name: Parameter(value=0.5, prior=prior, **about) for name in "xyz"}
    model = Model(nothing, entries, (("y", "total"),), {"country": 0}, inputs="none", code="nothing")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "nothing.toml").write_text(SCENARIO)
        file = Path(folder) / "study.toml"
        file.write_text(STUDY.format(runs=runs))
        done = conduct(
            file, model=model, processes=PROCESSES, out=Path(folder) / "out", console=Console(file=io.StringIO())
        )
        assert done.made == runs


def with_mesa(runs: int) -> None:
    from mesa.batchrunner import batch_run

    found = batch_run(Nothing, {"x": np.linspace(0, 1, runs)}, PROCESSES, display_progress=False)
    assert len(found) == runs


def with_ema(runs: int) -> None:
    from ema_workbench import Model as EmaModel
    from ema_workbench import MultiprocessingEvaluator, RealParameter, ScalarOutcome

    model = EmaModel("nothing", function=nothing_at)
    model.uncertainties = [RealParameter(name, 0, 1) for name in "xyz"]
    model.outcomes = [ScalarOutcome("y")]
    with MultiprocessingEvaluator(model, n_processes=PROCESSES) as evaluator:
        experiments, _ = evaluator.perform_experiments(runs)
    assert len(experiments) == runs


def nothing_at(x: float, y: float, z: float) -> dict[str, float]:
    return {"y": 0.0}


class Nothing(mesa.Model):
    def __init__(self, x: float) -> None:
        super().__init__()
        self.x = x
        self.datacollector = mesa.DataCollector(model_reporters={"y": "x"})

    def step(self) -> None:
        self.datacollector.collect(self)
        self.running = False


def slope(make: Callable[[int], None], small: int, large: int) -> tuple[float, float]:
    """Seconds per run, and seconds that are paid once."""
    times = []
    for runs in (small, large):
        start = time.perf_counter()
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            make(runs)
        times.append(time.perf_counter() - start)
    each = (times[1] - times[0]) / (large - small)
    return each, times[0] - each * small


def bare_mesa_model(runs: int = 5_000) -> float:
    """Seconds that Mesa's empty model itself takes, which are no overhead of `batch_run`."""
    start = time.perf_counter()
    for _ in range(runs):
        Nothing(0.5).step()
    return (time.perf_counter() - start) / runs


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    makers = {"doorstroom": with_doorstroom, "Mesa batch_run": with_mesa, "EMA Workbench": with_ema}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in makers}
    for _ in range(ROUNDS):
        for name, make in makers.items():
            found[name].append(slope(make, *SIZES[name]))
    itself = min(bare_mesa_model() for _ in range(ROUNDS)) / PROCESSES
    print(f"Empty model on {PROCESSES} processes, smallest of {ROUNDS} rounds")
    print(f"{'':16}{'us per run':>12}{'ratio':>8}{'once, s':>10}")
    own = min(each for each, _ in found["doorstroom"])
    for name, pairs in found.items():
        each, once = min(pairs)
        print(f"{name:16}{each * 1e6:12.2f}{each / own:8.1f}{once:10.2f}")
    net = min(each for each, _ in found["Mesa batch_run"]) - itself
    print(f"{'Mesa, net*':16}{net * 1e6:12.2f}{net / own:8.1f}")
    print("* without the time of Mesa's empty model itself, measured in a loop and shared by the processes")


if __name__ == "__main__":
    main()
