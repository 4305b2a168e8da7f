"""What is wrong with an installation: Python, packages, the cache of compiled code, the machine, the inputs, a run.

Whatever is broken must not break its own examination, so everything but the standard library is imported where it is
needed, and what that raises is a finding.

`expected.toml` has what a tiny run gave when the model's numbers were last committed. On another platform a last digit
may differ, and with it the choice of a few persons, each of whom stands for fifty: there the numbers have to be within
`NEAR`.
"""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import doorstroom

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from packaging.requirements import Requirement

    from doorstroom.scenario import Scenario

PACKAGE: Final = Path(doorstroom.__file__).parent
EXPECTED: Final = PACKAGE / "experiment" / "expected.toml"
NEAR: Final = 0.02
"""Relative: by how much a number of the tiny run may differ on another platform."""

SWITCHES_ON: Final = {
    "cluster": "doorstroom study run --cluster",
    "discovery": "a table [discovery] in a study file",
}
"""What the optional extras are for."""

_GIB: Final = 1 << 30
_LEAST_DISK, _ENOUGH_DISK = 0.2 * _GIB, 2.0 * _GIB
_LEAST_MEMORY, _EACH_MEMORY = 0.75 * _GIB, 0.75 * _GIB
"""What a run of a tenth of the people takes with all that is imported, with some room."""
_FRACTION: Final = 0.02
_LAST: Final = 2022
_NUMBERS: Final = ("vmbo_pupils", "vmbo_technique_pupils", "teacher_fte", "mbo_technique_inflow", "granted")


class State(StrEnum):
    """How a finding is to be taken; only what is wrong keeps the model from working."""

    FINE = "fine"
    BEWARE = "beware"
    MISSING = "optional"
    WRONG = "wrong"


class Finding(NamedTuple):
    """One thing that was looked at, and what to do about it."""

    what: str
    found: str
    state: State
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything, the cheap things first."""
    for look in (_python, _packages, _extras, _disk, _memory, _processors, _inputs, _run, _cache):
        yield from _safely(look)


def _safely(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a look finds; what it trips over is a finding too."""
    try:
        yield from look()
    except Exception as error:  # the very thing that is looked for
        name = look.__name__.removeprefix("_")
        told = f"{type(error).__name__}: {error}"
        yield Finding(
            name, told, State.WRONG, "mend what stands above first; then install again: " + _pip("doorstroom")
        )


def _pip(*names: str) -> str:
    return f"{Path(sys.executable).name} -m pip install {' '.join(repr(name) for name in names)}"


def _declared() -> tuple[str, list[Requirement], dict[str, list[Requirement]]]:
    """Allowed versions of Python and of packages, and the packages of every extra."""
    from packaging.requirements import Requirement

    project = PACKAGE.parents[1] / "pyproject.toml"
    if project.is_file():  # a source tree says it itself; what is installed may be older
        said = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        extras = said["optional-dependencies"]
        return (
            said["requires-python"],
            [Requirement(text) for text in said["dependencies"]],
            {name: [Requirement(text) for text in extras[name]] for name in SWITCHES_ON},
        )
    about = metadata.metadata("doorstroom")
    every = [Requirement(text) for text in metadata.requires("doorstroom") or ()]
    needed = [one for one in every if one.marker is None or one.marker.evaluate({"extra": ""})]
    return (
        about["Requires-Python"],
        needed,
        {
            name: [one for one in every if one not in needed and one.marker and one.marker.evaluate({"extra": name})]
            for name in SWITCHES_ON
        },
    )


def _python() -> Iterator[Finding]:
    from packaging.specifiers import SpecifierSet

    allowed, _, _ = _declared()
    here = platform.python_version()
    told = f"{here}, {sys.executable}"
    if SpecifierSet(allowed).contains(here, prereleases=True):
        yield Finding("Python", told, State.FINE)
    else:
        yield Finding("Python", told, State.WRONG, f"make an environment with Python {allowed} and install there")


def _packages() -> Iterator[Finding]:
    _, needed, _ = _declared()
    wrong = [(one, _version(one)) for one in needed if not _fits(one)]
    for one, version in wrong:
        found = f"{version or 'not installed'}; allowed: {one.specifier or 'any'}"
        yield Finding(one.name, found, State.WRONG, _pip(f"{one.name}{one.specifier}"))
    if not wrong:
        yield Finding("packages", f"all {len(needed)} in versions that are allowed", State.FINE)


def _extras() -> Iterator[Finding]:
    _, _, extras = _declared()
    for name, needed in extras.items():
        lacking = [one for one in needed if not _fits(one)]
        if not lacking:
            yield Finding(f"extra {name}", "installed", State.FINE)
            continue
        without = ", ".join(f"{one.name} {_version(one) or 'not installed'}" for one in lacking)
        advice = f"only for {SWITCHES_ON[name]}: {_pip(f'doorstroom[{name}]')}"
        yield Finding(f"extra {name}", without, State.MISSING, advice)


def _version(one: Requirement) -> str | None:
    try:
        return metadata.version(one.name)
    except metadata.PackageNotFoundError:
        return None


def _fits(one: Requirement) -> bool:
    version = _version(one)
    return version is not None and one.specifier.contains(version, prereleases=True)


def _disk() -> Iterator[Finding]:
    here = Path.cwd()
    free = shutil.disk_usage(here).free
    told = f"{free / _GIB:.1f} GiB free in {here}"
    try:
        with tempfile.TemporaryFile(dir=here) as file:
            file.write(b"x")
    except OSError as error:
        advice = "work in a folder that you may write to, or name one with --out"
        yield Finding("disk", f"{here}: {error.strerror}", State.BEWARE, advice)
        return
    if free < _LEAST_DISK:
        yield Finding("disk", told, State.WRONG, "free some space, or work on another disk with --out")
    elif free < _ENOUGH_DISK:
        yield Finding("disk", told, State.BEWARE, "enough for comparisons; studies of many runs need gigabytes")
    else:
        yield Finding("disk", told, State.FINE)


def _memory() -> Iterator[Finding]:
    from doorstroom.experiment.workers import processors

    free = free_memory()
    if free is None:
        yield Finding("memory", "this system doesn't tell", State.FINE)
        return
    told = f"{free / _GIB:.1f} GiB free"
    fit = int(free // _EACH_MEMORY)
    if free < _LEAST_MEMORY:
        advice = "close other programs, or run with --processes 1 and a smaller --fraction"
        yield Finding("memory", told, State.WRONG, advice)
    elif fit < processors():
        yield Finding("memory", told, State.BEWARE, f"enough for {fit} runs at a time: --processes {fit}")
    else:
        yield Finding("memory", told, State.FINE)


def free_memory() -> float | None:
    """Bytes that a process may still take, within the limit of a container where there is one; None where not told."""
    free = []
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free += [float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
        group = Path("/sys/fs/cgroup")
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        if limit != "max":
            free.append(float(limit) - float((group / "memory.current").read_text(encoding="ascii")))
    except (OSError, ValueError):
        pass
    if not free and hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        free.append(float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")))
    return min(free, default=None)


def _processors() -> Iterator[Finding]:
    from doorstroom.experiment.workers import processors

    there, ours = os.cpu_count() or 1, processors()
    yield Finding("processors", f"{ours} of {there} may be used" if ours < there else str(there), State.FINE)


def _inputs() -> Iterator[Finding]:
    from doorstroom.errors import InputError
    from doorstroom.inputs.sets import load_inputs

    again = "install again, without the cache: " + _pip("--force-reinstall", "--no-cache-dir", "doorstroom")
    try:
        found = load_inputs()
    except InputError as error:
        yield Finding("input set", str(error), State.WRONG, again)
        return
    if found.identity != expected()["inputs"]:
        told = f"{found.name}, {found.identity[:12]}; expected {expected()['inputs'][:12]}"
        yield Finding("input set", told, State.WRONG, again)
    else:
        yield Finding("input set", f"{found.name}, whole, {found.identity[:12]}", State.FINE)


def _run() -> Iterator[Finding]:
    checksum, numbers = tiny_run()
    if checksum == expected()["checksum"]:
        yield Finding("a tiny run", "gives the expected numbers, to the last bit", State.FINE)
        return
    known: dict[str, float] = expected()["numbers"]
    apart = {name: abs(numbers[name] - value) / abs(value) for name, value in known.items()}
    worst = max(apart, key=lambda name: apart[name])
    told = f"differs from what is expected by {apart[worst]:.2%} at most, in {worst}; allowed: {NEAR:.0%}"
    if apart[worst] <= NEAR:
        yield Finding("a tiny run", told, State.FINE, "same versions of packages give closer numbers: constraints.txt")
    else:
        advice = "install the versions in constraints.txt; where that doesn't help, please report this with the table"
        yield Finding("a tiny run", told, State.WRONG, advice)


def _cache() -> Iterator[Finding]:
    """Where the compiled equations are kept; to be looked at after a run."""
    off = os.environ.get("NUMBA_DISABLE_JIT", "0")
    if off not in ("", "0"):
        yield Finding("compiled code", "switched off by NUMBA_DISABLE_JIT", State.WRONG, "unset NUMBA_DISABLE_JIT")
        return
    kernels = [one for name in ("profile_choice", "mbo_choice", "progress") for one in _kernels(name)]
    used = [one for one in kernels if one.stats.cache_hits or one.stats.cache_misses]
    hits = sum(sum(one.stats.cache_hits.values()) for one in used)
    misses = sum(sum(one.stats.cache_misses.values()) for one in used)
    folders = {Path(one.stats.cache_path) for one in used}
    for folder in sorted(folders):
        told = f"{folder}: {hits} read, {misses} compiled now"
        if any(folder.glob("*.nbi")) and os.access(folder, os.W_OK):
            yield Finding("compiled code", told, State.FINE)
        else:
            advice = (
                "every process compiles for itself, a minute each: set NUMBA_CACHE_DIR to a folder that can be written"
            )
            yield Finding("compiled code", told, State.BEWARE, advice)


def _kernels(mechanism: str) -> Iterator[Any]:
    module = importlib.import_module(f"doorstroom.mechanisms.{mechanism}")
    yield from (one for one in vars(module).values() if hasattr(one, "stats") and hasattr(one, "py_func"))


def expected() -> dict[str, Any]:
    """Identity of the input set, checksum and numbers of the tiny run as they were committed."""
    return tomllib.loads(EXPECTED.read_text(encoding="utf-8"))


def tiny_run() -> tuple[str, dict[str, float]]:
    """Checksum of a small and short run, and some numbers of the country in its last year."""
    import hashlib

    from doorstroom.education import simulate
    from doorstroom.experiment.worker_setup import one_thread
    from doorstroom.outcomes import COLUMN, COUNTRY, TOTAL

    with one_thread():
        values: NDArray[np.float64] = simulate(_scenario(), draw=0, seed=1, fraction=_FRACTION)
    last = values[-1, COUNTRY]
    numbers = {f"{name}_{_LAST}": float(last[COLUMN[name, TOTAL]]) for name in _NUMBERS}
    return hashlib.sha256(values.astype("<f8").tobytes()).hexdigest(), numbers


def _scenario() -> Scenario:
    """A scenario of its own, as a user may have changed any file."""
    from doorstroom.scenario import Scenario, Scheme, Years

    scheme = Scheme(
        title="A scheme",
        programme="STO",
        first_year=2020,
        last_year=_LAST,
        budget=100e6,
        activities={"orientation": 0.5, "equipment": 0.5},
    )
    return Scenario(name="tiny", title="A tiny run", years=Years(last=_LAST), schemes={"a": scheme})


def write_expected() -> None:
    """Make today's numbers the expected ones."""
    from doorstroom.inputs.sets import load_inputs

    checksum, numbers = tiny_run()
    lines = [f'inputs = "{load_inputs().identity}"', f'checksum = "{checksum}"', "", "[numbers]"]
    lines += [f"{name} = {value!r}" for name, value in numbers.items()]
    head = "# What a tiny run gives, for `doorstroom doctor`; written by tests/numbers/committed.py --write"
    EXPECTED.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
