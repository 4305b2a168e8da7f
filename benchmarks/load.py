"""What a folder of very many runs costs: 100,000 small runs made, resumed, asked for their standing, and reported.

The runs are made of formulas, so that everything around them is what is measured: 40 series of the country in 22
years, 25,000 draws under each of four scenarios. Every step is a process of its own, for its seconds and its memory.

    PYTHONPATH=model python -m benchmarks.load [--draws 25000]
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.model import COUNTRY, Model
from doorstroom.outcomes import SERIES
from doorstroom.parameters import Parameter
from doorstroom.priors import Uniform

KEPT = SERIES[:40]
SHAPE = (22, 1, len(KEPT))
SCENARIOS = ("one", "two", "three", "four")
SCENARIO = 'title = "{name}"\n[years]\nlast = 2040\n[context]\nteacher_pay = {{ 2030 = 1.{at} }}\n'
STUDY = """
title = "Very many runs"
scenarios = ["one.toml", "two.toml", "three.toml", "four.toml"]
[outcomes.pupils]
outcome = "{outcome}"
years = 2030
[method]
name = "draws"
draws = {draws}
"""
STEPS = ("make", "resume", "status", "report")


def formula(scenario: Any, *, draw: Any, seed: int, fraction: float) -> np.ndarray:
    """A run: numbers that no compression makes small."""
    return 1_000.0 + np.random.default_rng([seed, SCENARIOS.index(scenario.name)]).standard_normal(SHAPE)


def experiment(folder: Path) -> Experiment:
    """The study in a folder, on formulas instead of the country."""
    about: dict[str, Any] = {"unit": "1", "grade": "assumption", "source": "none", "why": "a toy"}
    prior = Uniform(dist="uniform", low=0.0, high=1.0)
    entry = Parameter(value=0.5, domain=(0.0, 1.0), prior=prior, **about)
    model = Model(formula, {"toy.x": entry}, KEPT, {COUNTRY: 0}, "f" * 64, "toy")
    return Experiment.from_file(folder / "study.toml", model)


def step(name: str, folder: Path) -> None:
    """One step, which tells its seconds and the most memory it took."""
    from doorstroom.experiment.results import Results
    from doorstroom.experiment.run import conduct
    from doorstroom.experiment.status import standing
    from doorstroom.reporting.compare import report

    start, used = time.perf_counter(), time.process_time()
    out, quiet = folder / "study", Console(file=io.StringIO())
    if name in ("make", "resume"):
        conduct(experiment(folder), out=out, processes=1, console=quiet)
    elif name == "status":
        standing(experiment(folder), out)
    else:
        report(Results.open(out), console=quiet)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter() - start, time.process_time() - used
    print(f"| {name} | {wall:.1f} | {cpu:.1f} | {peak:.0f} |", flush=True)


def main() -> None:
    """All steps, one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=25_000)
    parser.add_argument("--step", nargs=2, metavar=("STEP", "FOLDER"))
    asked = parser.parse_args()
    if asked.step:
        return step(asked.step[0], Path(asked.step[1]))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for at, name in enumerate(SCENARIOS):
            (folder / f"{name}.toml").write_text(SCENARIO.format(name=name, at=at), encoding="utf-8")
        text = STUDY.format(draws=asked.draws, outcome=KEPT[0][0])
        (folder / "study.toml").write_text(text, encoding="utf-8")
        print("| step | seconds | of processor time | MB at most |\n| --- | --- | --- | --- |", flush=True)
        for name in STEPS:
            subprocess.run([sys.executable, "-m", "benchmarks.load", "--step", name, place], check=True)
        parts = list((folder / "study" / "runs").glob("part-*.parquet"))
        size = sum(path.stat().st_size for path in parts)
        print(f"\n{4 * asked.draws:,} runs in {len(parts):,} parts, {size / 1e6:,.0f} MB")
    return None


if __name__ == "__main__":
    main()
