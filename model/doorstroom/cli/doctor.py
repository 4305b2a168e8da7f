"""The command that says what is wrong with an installation."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import metadata, util
from pathlib import Path
from typing import Final, NamedTuple

import typer

from doorstroom.cli.printing import print_table
from doorstroom.errors import DoorstroomError

ILL: Final = 1
"""Exit code where something is wrong."""

_OLDEST: Final = (3, 11)
_DISK: Final = 2.0
_MEMORY: Final = 2.0
_GIGA: Final = 2**30
_EXTRAS: Final = {
    "cluster": (("distributed",), "study run --cluster"),
    "discovery": (("ema_workbench",), "[discovery] in study files"),
    "viz": (("solara", "ipyvuetify"), "explore"),
}
"""Modules of an extra, and what it switches on."""


class Finding(NamedTuple):
    """One thing that was looked at; `advice` is empty where all is well, or where nothing has to be done."""

    what: str
    found: str
    advice: str = ""


def doctor() -> None:
    """Say what is wrong with this installation, and what to do about it. Ends with 0 where all is well, else with 1."""
    checks = (_python, _packages, _cache, _machine, _inputs, _tiny_run, _extras)
    findings = [finding for check in checks for finding in _looked(check)]
    print_table(
        ("name", "found", "advice"),
        [(one.what, one.found, one.advice or "fine") for one in findings],
    )
    ill = [one for one in findings if one.advice]
    if ill:
        typer.echo(f"{len(ill)} to mend: " + "; ".join(one.what for one in ill), err=True)
        raise typer.Exit(ILL)
    typer.echo("All is well.")


def _looked(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a check finds; one that can't be carried out, for whatever reason, is a finding too."""
    try:
        yield from check()
    except Exception as error:
        what = check.__name__.strip("_").replace("_", " ")
        yield Finding(what, f"{type(error).__name__}: {error}", "install doorstroom again in an empty environment")


def _python() -> Iterator[Finding]:
    old = sys.version_info[:2] < _OLDEST
    yield Finding("Python", platform.python_version(), "Python 3.11 or later is needed" if old else "")


def _packages() -> Iterator[Finding]:
    """Installed versions against those that the package's own metadata allows."""
    from packaging.requirements import Requirement

    try:
        required = metadata.requires("doorstroom") or []
    except metadata.PackageNotFoundError:
        yield Finding("packages", "doorstroom isn't installed", "pip install -e . in its source tree")
        return
    sound = 0
    for text in required:
        need = Requirement(text)
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            version = "not there"
        if version != "not there" and need.specifier.contains(version, prereleases=True):
            sound += 1
        else:
            yield Finding(need.name, version, f"pip install '{need.name}{need.specifier}'")
    yield Finding("packages", f"{sound} as they have to be")


def _cache() -> Iterator[Finding]:
    """Where compiled equations are kept, so that they are compiled once and not in every process."""
    from doorstroom.study.identity import PACKAGE

    named = os.environ.get("NUMBA_CACHE_DIR")
    folder = Path(named) if named else PACKAGE / "mechanisms" / "__pycache__"
    nearest = next(place for place in (folder, *folder.resolve().parents) if place.exists())
    kept = sum(1 for root in {PACKAGE, folder} if root.exists() for _ in root.rglob("*.nbi"))
    if not os.access(nearest, os.W_OK) and not kept:
        yield Finding("compile cache", f"{folder} can't be written", "set NUMBA_CACHE_DIR to a folder of yours")
    else:
        yield Finding("compile cache", f"{kept} equations kept" if kept else "empty: the first run takes a minute more")


def _machine() -> Iterator[Finding]:
    yield Finding("processors", str(os.cpu_count() or 1))
    free = shutil.disk_usage(Path.cwd()).free / _GIGA
    yield Finding("disk", f"{free:.1f} GB free here", f"free {_DISK:g} GB" if free < _DISK else "")
    memory = _free_memory()
    if memory is not None:
        advice = "close other programs, or use --processes 1 and a smaller --fraction" if memory < _MEMORY else ""
        yield Finding("memory", f"{memory:.1f} GB free", advice)


def _free_memory() -> float | None:
    """Gigabytes that can be had; None where the system doesn't tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 2**20 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def _inputs() -> Iterator[Finding]:
    from doorstroom.inputs.sets import load_inputs

    try:
        inputs = load_inputs()
    except DoorstroomError as error:
        yield Finding("inputs", str(error), "install doorstroom again: a file of it is damaged or missing")
    else:
        yield Finding("inputs", f"{inputs.name} is whole, {inputs.identity[:12]}")


def _tiny_run() -> Iterator[Finding]:
    """A thousandth of the people for one year, twice: it works, and gives the same numbers again."""
    import numpy as np

    from doorstroom.education import TechnicalEducation
    from doorstroom.inputs.sets import load_inputs

    def made() -> np.ndarray:
        model = TechnicalEducation("baseline", fraction=0.001)
        model.step()
        return model.results()

    one, other = made(), made()
    same = np.array_equal(one, other, equal_nan=True) and np.isfinite(one[:, 0, 0]).all()
    third = load_inputs().pupils.query("year == 3 and 1 <= track <= 3")[["men", "women"]].to_numpy().sum()
    yield Finding(
        "a tiny run",
        f"works; {third:,} pupils in year 3 of bb, kb and gl" if same else "gives other numbers the second time",
        "" if same else "report this with the versions above",
    )


def _extras() -> Iterator[Finding]:
    for extra, (modules, command) in _EXTRAS.items():
        there = all(util.find_spec(module) is not None for module in modules)
        without = f"not installed; pip install 'doorstroom[{extra}]' switches on {command}"
        yield Finding(f"extra {extra}", f"{command} works" if there else without)
