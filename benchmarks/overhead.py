"""What a run costs besides itself: an empty model, made many times on two processes by three frameworks.

Every framework starts its two processes, makes n runs that do nothing, and has their results: Mesa's
`batch_run` and EMA Workbench in memory, doorstroom in its store on disk, with every run identified, verified
and resumable. Starting processes is paid once per study, so the cost of a run is the slope between a small
and a large n. Every size is measured several times in turn and the least time counts, since other work on the
machine can only add to it.

    python benchmarks/overhead.py
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["PYTHONWARNINGS"] = "ignore"  # of the workers too

import mesa
import numpy as np
from rich.console import Console

PROCESSES = 2
ROUNDS = 4
SIZES = {"doorstroom": (100_000, 900_000), "Mesa batch_run": (5_000, 45_000), "EMA Workbench": (2_000, 22_000)}

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
    from doorstroom.experiment.experiment import Experiment
    from doorstroom.experiment.model import Model
    from doorstroom.experiment.run import conduct
    from doorstroom.parameters import Parameter
    from doorstroom.priors import Uniform

    about = {"unit": "1", "grade": "assumption", "source": "none", "why": "a toy"}
    prior = Uniform(dist="uniform", low=0.0, high=1.0)
    entries = {name: Parameter(value=0.5, prior=prior, **about) for name in "xyz"}
    model = Model(nothing, entries, (("y", "total"),), {"country": 0}, inputs="none", code="nothing")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "nothing.toml").write_text(SCENARIO)
        file = Path(folder) / "study.toml"
        file.write_text(STUDY.format(runs=runs))
        asked = Experiment.from_file(file, model)
        done = conduct(asked, processes=PROCESSES, out=Path(folder) / "out", console=Console(file=io.StringIO()))
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


def spent(make: Callable[[int], None], runs: int) -> tuple[float, float]:
    """Seconds on the clock, and of processor time in this process and its children."""
    clock, before = time.perf_counter(), os.times()
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        make(runs)
    return time.perf_counter() - clock, sum(os.times()[:4]) - sum(before[:4])


def bare_mesa_model(runs: int = 5_000) -> float:
    """Seconds that Mesa's empty model itself takes, which are no overhead of `batch_run`."""
    start = time.perf_counter()
    for _ in range(runs):
        Nothing(0.5).step()
    return (time.perf_counter() - start) / runs


def main() -> None:
    logging.disable(logging.WARNING)
    makers = {"doorstroom": with_doorstroom, "Mesa batch_run": with_mesa, "EMA Workbench": with_ema}
    least = {(name, runs): (np.inf, np.inf) for name, sizes in SIZES.items() for runs in sizes}
    for _ in range(ROUNDS):
        for name, runs in least:
            least[name, runs] = tuple(np.minimum(least[name, runs], spent(makers[name], runs)))
    itself = min(bare_mesa_model() for _ in range(ROUNDS))
    each = {}
    print(f"Empty model on {PROCESSES} processes, best of {ROUNDS} rounds")
    print(f"{'':16}{'us per run':>12}{'ratio':>8}{'us of processor':>18}{'ratio':>8}{'once, s':>10}")
    for name, (small, large) in SIZES.items():
        clock, processor = np.subtract(least[name, large], least[name, small]) / (large - small)
        each[name] = clock, processor, least[name, small][0] - clock * small
    each["Mesa, net*"] = (each["Mesa batch_run"][0] - itself / PROCESSES, each["Mesa batch_run"][1] - itself, np.nan)
    own = each["doorstroom"]
    for name, (clock, processor, once) in each.items():
        ratios = clock / own[0], processor / own[1]
        print(f"{name:16}{clock * 1e6:12.2f}{ratios[0]:8.1f}{processor * 1e6:18.2f}{ratios[1]:8.1f}{once:10.2f}")
    print("* without the time of Mesa's empty model itself, measured in a loop and shared by the processes")


if __name__ == "__main__":
    main()
