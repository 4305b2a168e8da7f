"""The machine that the timings are of."""

from __future__ import annotations

import os
import platform
import statistics
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

BYTES = 200_000_000
COPIES = 9


def described() -> str:
    """Processor, cores, memory and what is installed, in one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "mesa"))
    python = f"Python {platform.python_version()}"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; {platform.system()}, {python}, {packages}"


def copy_bandwidth() -> float:
    """Bytes read and written per second when one core copies an array that doesn't fit its cache."""
    source = np.ones(BYTES // 8)
    target = np.empty_like(source)
    seconds = []
    for _ in range(COPIES):
        start = time.process_time()
        np.copyto(target, source)
        seconds.append(time.process_time() - start)
    return 2 * source.nbytes / statistics.median(seconds)


def busy() -> str:
    """What else runs: the load of the last minute, which should be near zero."""
    return f"load {os.getloadavg()[0]:.1f} when the timings began"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
