"""Studies of Ishigami's function, made quietly; what the tests of conducting have in common."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import toys
from rich.console import Console

from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.model import Model
from doorstroom.experiment.results import RUNS
from doorstroom.experiment.run import Conducted, conduct

PI = float(np.pi)


def ishigami(simulate: Callable[..., Any] = toys.ishigami) -> Model:
    return toys.model(simulate, toys.names(3), -PI, PI)


def make(file: Path, folder: Path, model: Model | None = None, **options: Any) -> Conducted:
    asked = {"processes": 1, "console": Console(file=io.StringIO()), **options}
    return conduct(Experiment.from_file(file, model or ishigami()), out=folder, **asked)


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / RUNS).read_bytes()).hexdigest()


def begun(log: Path) -> Counter[str]:
    """Runs that were begun, by their values, and how often each was."""
    return Counter(log.read_text().splitlines()) if log.exists() else Counter()
