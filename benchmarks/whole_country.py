"""The whole country at 1:1, 2019 to the scenario's last year, by part of the school year: time, memory, bytes moved.

Runs in a process of its own, `python -m benchmarks.whole_country`, so that its peak of memory is its own; prints JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from doorstroom import philox
from doorstroom.agents.pupils import ATTRIBUTES
from doorstroom.education import TechnicalEducation

PARTS = (
    ("ministry", "review", "1. schemes and money"),
    ("ministry", "offer", "1. schemes and money"),
    ("firms", "plan", "2. firms"),
    ("regions", "spend", "3. activities"),
    ("teachers", "move", "4. teachers"),
    ("schools", "improve", "5. schools"),
    ("schools", "plan_offer", "5. schools"),
    ("secondary", "year", "6. pupils"),
    ("builder", "enter", "6. the new cohort"),
    ("students", "year", "7. students"),
    ("students", "look_for_work", "8. first jobs"),
    ("pupils", "census", "9. the count"),
)
RECORD = "9. indicators"


class Country(NamedTuple):
    """What a run at full size took.

    Attributes
    ----------
    seconds : per part, over all years
    build, run : seconds
    person_years : persons in education, summed over the years
    alive : the most persons in education in a year
    libraries, peak : MB resident before a model was built, and at most
    drawing : seconds of the run in which random numbers are made
    streamed : bytes of one pass a year over every array of everybody in education, read and written, all years together
    """

    seconds: dict[str, float]
    build: float
    run: float
    person_years: int
    alive: int
    libraries: float
    peak: float
    drawing: float
    streamed: float


def measured(fraction: float = 1.0) -> Country:
    """The figures of a fresh process."""
    command = [sys.executable, "-m", "benchmarks.whole_country", str(fraction)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Country(**json.loads(done.stdout.splitlines()[-1]))


def run(fraction: float) -> Country:
    TechnicalEducation("baseline", rng=1, fraction=0.002).step()  # kernels are loaded, the country is read
    libraries = _peak()
    start = time.process_time()
    model = TechnicalEducation("baseline", rng=1, fraction=fraction)
    build = time.process_time() - start
    seconds: dict[str, float] = {}
    for agent, method, part in PARTS:
        _watch(getattr(model, agent), method, part, seconds)
    _watch(model, "_record", RECORD, seconds)
    drawing: dict[str, float] = {}
    _watch(philox, "read", "all", drawing)
    each = sum(getattr(model.pupils, name).itemsize for name in ATTRIBUTES)
    years, persons, most = 0, 0, 0
    start = time.process_time()
    while model.year < model.policy.years.last:
        now = len(model.pupils.in_vo) + len(model.pupils.in_mbo)
        persons, most, years = persons + now, max(most, now), years + 1
        model.step()
    took = time.process_time() - start
    seconds["the rest"] = took - sum(seconds.values())
    return Country(seconds, build, took, persons, most, libraries, _peak(), drawing["all"], 2.0 * each * persons)


def _watch(owner: Any, method: str, part: str, seconds: dict[str, float]) -> None:
    function: Callable[..., Any] = getattr(owner, method)

    def timed(*arguments: Any) -> Any:
        start = time.process_time()
        result = function(*arguments)
        seconds[part] = seconds.get(part, 0.0) + time.process_time() - start
        return result

    setattr(owner, method, timed)


def _peak() -> float:
    """MB resident at most. Linux tells it of this program alone; getrusage also of what started it."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    print(json.dumps(run(float(sys.argv[1]))._asdict()))
