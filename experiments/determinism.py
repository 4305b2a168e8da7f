"""Do the same runs give the same bytes elsewhere? Two scenarios, two draws, 0.02 of the people, in many circumstances.

    python experiments/determinism.py ENVIRONMENTS                               print the table
    python experiments/determinism.py ENVIRONMENTS --write docs/determinism.md

ENVIRONMENTS is a folder for virtual environments, made where they aren't there yet: the lowest versions that
pyproject.toml allows, together, and the newest on each Python that `python3.11` and so on start. Making them takes some
minutes, the table itself a few. Where bytes differ, the operations below tell which of them began it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

ROOT: Final = Path(__file__).resolve().parent.parent
MADE_BY: Final = "<!-- Made by `python experiments/determinism.py --write`; don't edit it. -->\n"
SCENARIOS: Final = ("baseline", "no_sto")
DRAWS: Final = (0, 3)
FRACTION: Final = 0.02
PACKAGES: Final = ("numpy", "scipy", "numba", "mesa")
PYTHONS: Final = ("3.11", "3.12", "3.13")


class Circumstance(NamedTuple):
    """Where and how the runs are made."""

    name: str
    python: Path = Path(sys.executable)
    variables: Mapping[str, str] = {}
    processes: int = 1
    chunk: int = 4


class Found(NamedTuple):
    """What a circumstance gave: versions, all numbers of all runs, and the results of single operations."""

    versions: Mapping[str, str]
    runs: np.ndarray
    operations: Mapping[str, np.ndarray]


def main() -> None:
    """Make the runs in every circumstance; print the table and, if asked, write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environments", type=Path, help="folder of the virtual environments")
    parser.add_argument("--write", type=Path, help="also write the table to this Markdown file")
    parser.add_argument("--only", default="", help="only circumstances whose name contains this")
    asked = parser.parse_args()
    folder = asked.environments.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    first = Circumstance("as it is")
    reference = found_in(first, folder)
    lines = [row(first, reference, reference)]
    print(lines[0], flush=True)
    for circumstance in circumstances(folder):
        if asked.only in circumstance.name:
            lines.append(row(circumstance, found_in(circumstance, folder), reference))
            print(lines[-1], flush=True)
    if asked.write:
        asked.write.write_text(page(lines), encoding="utf-8")


def circumstances(folder: Path) -> Iterator[Circumstance]:
    """All of them but the one that the others are held against."""
    for processes, chunk in ((1, 1), (1, 2), (2, 1), (2, 2)):
        yield Circumstance(
            f"{processes} process{'es' * (processes > 1)}, chunks of {chunk}", processes=processes, chunk=chunk
        )
    for threads in ("1", "2", "4"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
        yield Circumstance(f"threads {threads}", variables=dict.fromkeys(names, threads))
    for seed in ("0", "1", "4242"):
        yield Circumstance(f"hash seed {seed}", variables={"PYTHONHASHSEED": seed})
    yield from processors()
    for name, python in environments(folder):
        yield Circumstance(name, python)


def processors() -> Iterator[Circumstance]:
    """Processors that lack what this one has, one library after the other, and all libraries together."""
    from numpy._core._multiarray_umath import __cpu_dispatch__ as dispatched
    from numpy._core._multiarray_umath import __cpu_features__ as features

    arrays = {"NPY_DISABLE_CPU_FEATURES": " ".join(name for name in dispatched if features[name])}
    # OpenBLAS has kernels per processor, and so has the C library for exp, log and their like
    blas = {"OPENBLAS_CORETYPE": "Prescott"}
    cores = ("Haswell", "Zen", "SkylakeX")  # what it takes by itself on processors of today
    loops = {"NUMBA_CPU_NAME": "generic"}
    libc = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable"}
    yield Circumstance("NumPy without AVX", variables=arrays)
    yield Circumstance("OpenBLAS of 2004", variables=blas)
    for core in cores:
        yield Circumstance(f"OpenBLAS for {core}", variables={"OPENBLAS_CORETYPE": core})
    yield Circumstance("Numba for any x86-64", variables=loops)
    yield Circumstance("C library without FMA", variables=libc)
    yield Circumstance("those four together", variables=arrays | blas | loops | libc)


def environments(folder: Path) -> Iterator[tuple[str, Path]]:
    """Virtual environments by name, made where they are missing; a Python that isn't there is told and left out."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    lowest = [re.sub(r">=([^,]+).*", r"==\1", requirement) for requirement in asked]
    for name, number, wanted in (
        (f"lowest allowed, Python {PYTHONS[0]}", PYTHONS[0], lowest),
        *((f"newest allowed, Python {number}", number, asked) for number in PYTHONS),
    ):
        home = folder / re.sub(r"\W+", "_", name)
        python = home / "bin" / "python"
        done = home / "made"
        if not done.exists() or done.read_text(encoding="utf-8") != "\n".join(wanted):
            base = shutil.which(f"python{number}")
            # the stand-in of a version manager may be there without a Python behind it
            if base is None or subprocess.run([base, "-c", ""], capture_output=True, check=False).returncode:
                print(f"no python{number} here: {name} left out", file=sys.stderr)
                continue
            subprocess.run([base, "-m", "venv", "--clear", home], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted], check=True)
            done.write_text("\n".join(wanted), encoding="utf-8")
        yield name, python


def found_in(circumstance: Circumstance, folder: Path) -> Found:
    """Make the runs in a process of its own."""
    out = folder / "found.npz"
    kept = folder / "compiled" / hashlib.sha256(str(circumstance.python).encode()).hexdigest()[:8]
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("_NUM_THREADS") and not name.startswith("OPENBLAS_")
    }
    own = {"PYTHONPATH": str(ROOT / "model"), "NUMBA_CACHE_DIR": str(kept)}
    code = f"from determinism import probe; probe({str(out)!r}, {circumstance.processes}, {circumstance.chunk})"
    command = [circumstance.python, "-W", "ignore", "-c", f"if __name__ == '__main__': {code}"]
    subprocess.run(command, env=plain | own | circumstance.variables, cwd=Path(__file__).parent, check=True)
    with np.load(out) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    out.unlink()
    return Found(json.loads(str(parts.pop("versions"))), parts.pop("runs"), parts)


def probe(out: str, processes: int, chunk: int) -> None:
    """The runs, by the workers of a study, and the operations; carried out in the circumstance."""
    from doorstroom.education import simulate
    from doorstroom.experiment.worker import Chunk, Made, Order, make
    from doorstroom.experiment.workers import Workers, spread
    from doorstroom.scenario import load_scenario

    scenarios = tuple(load_scenario(name) for name in SCENARIOS)
    shape = simulate(scenarios[0], fraction=FRACTION).shape
    order = Order(simulate, scenarios, FRACTION, tuple(range(shape[1])), shape, (), "")
    worlds, draws = (part.ravel() for part in np.meshgrid(range(len(SCENARIOS)), DRAWS))
    runs = np.arange(len(worlds))
    whole = Chunk(order, runs, worlds, np.ones_like(runs), draws)
    jobs = [Chunk(order, *(part[start : start + chunk] for part in whole[1:])) for start in range(0, len(runs), chunk)]
    values = np.empty((len(runs), *shape))
    with Workers(processes) as workers:
        for job, made in spread(iter(jobs), make, workers):
            if not isinstance(made, Made) or made.failures:
                raise SystemExit(f"runs {job.runs.tolist()} failed: {made}")
            values[job.runs] = made.values
    versions = {name: version(name) for name in PACKAGES} | {"python": platform.python_version()}
    np.savez(out, versions=json.dumps(versions), runs=values, **operations())


def operations() -> dict[str, np.ndarray]:
    """What the model's arithmetic is made of, on numbers of every size that it meets."""
    from scipy.special import ndtri

    from doorstroom.kernels import compiled

    unit = np.random.default_rng(1).random(200_000)
    wide = 40.0 * unit - 30.0
    parts = unit.reshape(40, -1)

    @compiled
    def one_by_one(low: np.ndarray, high: np.ndarray, out: np.ndarray) -> None:
        for n in range(len(low)):
            out[0, n], out[1, n], out[2, n] = np.exp(high[n]), np.log(low[n]), np.log1p(low[n])
            out[3, n], out[4, n], out[5, n] = low[n] ** high[n], high[n] * low[n] + low[n], np.sqrt(low[n])

    out = np.empty((6, len(unit)))
    one_by_one(unit, wide, out)
    scalar = ("compiled exp", "compiled log", "compiled log1p", "compiled power", "compiled sum of products")
    return {
        "np.exp": np.exp(wide),
        "np.log": np.log(unit),
        "np.log1p": np.log1p(unit),
        "np.expm1": np.expm1(wide),
        "np.power": unit**wide,
        "np.sum": np.sum(parts, axis=1),
        "np.cumsum": np.cumsum(unit),
        "matrix product": parts @ parts.T,
        "scipy ndtri": ndtri(unit),
        "np.quantile": np.quantile(parts, [0.05, 0.5, 0.95], axis=1),
        **dict(zip(scalar, out, strict=False)),
        "random": np.random.Generator(np.random.Philox(key=[1, 2])).random(1000),
    }


def row(circumstance: Circumstance, found: Found, reference: Found) -> str:
    """A line of the table."""
    runs = found.runs
    other = ~((runs == reference.runs) | (np.isnan(runs) & np.isnan(reference.runs)))
    cells: list[Any] = [circumstance.name, found.versions["python"], *(found.versions[name] for name in PACKAGES)]
    cells += [f"`{hashlib.sha256(runs.tobytes()).hexdigest()[:16]}`"]
    if other.any():
        country = relative(runs[:, :, 0], reference.runs[:, :, 0])
        cells += [f"{other.mean():.2%}", f"{relative(runs, reference.runs):.1e}", f"{country:.1e}"]
    else:
        cells += ["none", "0", "0"]
    which = {
        name: relative(part, reference.operations[name])
        for name, part in found.operations.items()
        if part.tobytes() != reference.operations[name].tobytes()
    }
    cells += [", ".join(f"{name} {size:.0e}" for name, size in which.items()) or "none"]
    return f"| {' | '.join(cells)} |"


def relative(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference, as a part of the larger of the two."""
    larger = np.maximum(np.abs(one), np.abs(other))
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.nanmax(np.where(one == other, 0.0, np.abs(one - other) / larger), initial=0.0))


def page(lines: list[str]) -> str:
    """The page of docs/."""
    names = " | ".join(("Python", "NumPy", "SciPy", "Numba", "Mesa"))
    return f"""{MADE_BY}
# The same runs elsewhere

{len(SCENARIOS) * len(DRAWS)} runs ({", ".join(SCENARIOS)}; draws {DRAWS[0]} and {DRAWS[1]}; seed 1; {FRACTION:g} of
the people), all their outcomes, groups, regions and years, made by the workers that make a study. The first line is
what the others are held against; `sha256` is of the bytes of all numbers. *Numbers that differ* is their share; then
come the largest relative difference of any number and that of any number of the whole country. The last column says
which operations, tried alone on 200,000 numbers, give other last digits there, and how large the difference is. Where
they do, a person whose luck lies that close to a chance may decide otherwise; the count of a small region then differs
by one person, which is a large relative difference. As long as *largest* is below 1e-9, nobody did in these runs.

Machine: {platform.system()} {platform.machine()}, {platform.libc_ver()[0]} {platform.libc_ver()[1]}, {_processor()}.

| circumstance | {names} | sha256 | numbers that differ | largest | of the country | operations that differ |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(lines)}
"""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.processor())


if __name__ == "__main__":
    main()
