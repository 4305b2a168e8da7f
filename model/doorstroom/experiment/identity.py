"""What makes a run the same run: hashes of its scenario, parameters, inputs and the model's own source (`source`)."""

from __future__ import annotations

import hashlib
import json
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from doorstroom.source import PACKAGE

if TYPE_CHECKING:
    from doorstroom.parameters import Parameter


def canonical(content: Any) -> str:
    """JSON with one spelling per content: sorted keys, no spaces, plain ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(content: Any) -> str:
    """Sha256 of the canonical JSON of `content`, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@lru_cache
def git_commit() -> str | None:
    """The commit the source stands at, with `+` when files of the package differ from it; None outside a repository."""
    try:
        commit = _git("rev-parse", "HEAD").stdout.strip()
        changed = _git("diff", "--quiet", "HEAD", "--", ".", check=False).returncode
    except (OSError, subprocess.SubprocessError):
        return None
    return commit + "+" * bool(changed) if commit else None


def _git(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *words], cwd=PACKAGE, capture_output=True, text=True, check=check, timeout=10)


def command_of_run(scenario: str, draw: int, seed: int, fraction: float, inputs: Path | None = None) -> str:
    """The command that makes one run of a scenario, named as the user named it."""
    numbers = [f"--draw={draw}", f"--seed={seed}", option_of(fraction)]
    return shlex.join(["doorstroom", "run", scenario, *numbers, *([] if inputs is None else [f"--inputs={inputs}"])])


def option_of(fraction: float) -> str:
    """The option that asks for exactly this fraction."""
    return f"--fraction={float(fraction)!r}".removesuffix(".0")


class RunNames:
    """Identities of runs that have everything in common but their parameters and seed.

    Equal identities promise equal numbers. Every argument but `fraction` is itself an identity (a hash).
    """

    def __init__(self, *, scenario: str, fraction: float, inputs: str, code: str) -> None:
        common = {"scenario": scenario, "fraction": float(fraction), "inputs": inputs, "code": code}
        self._common = hashlib.sha256(canonical(common).encode())

    def name(self, parameters: str, seed: int) -> str:
        """Identity of the run with these parameters (an identity) and this seed."""
        own = self._common.copy()
        own.update(f"{parameters} {seed}".encode())
        return own.hexdigest()


def run_identity(*, scenario: str, parameters: str, seed: int, fraction: float, inputs: str, code: str) -> str:
    """Identity of one run."""
    return RunNames(scenario=scenario, fraction=fraction, inputs=inputs, code=code).name(parameters, seed)


class ParameterNames:
    """Identities of sets of parameter values, equal to `Parameters.identity` and made many at a time.

    Parameters
    ----------
    entries : all parameters of the model
    factors : those that vary, in the order of the columns of `of`
    """

    def __init__(self, entries: Mapping[str, Parameter], factors: Sequence[str]) -> None:
        names = sorted(entries)
        central = [np.atleast_1d(np.asarray(entries[name].at(None), dtype="<f8")) for name in names]
        sizes = [[name, len(value)] for name, value in zip(names, central, strict=True)]
        ends = np.cumsum([len(value) for value in central])
        self._header = hashlib.sha256(json.dumps(sizes).encode())
        self._central = np.concatenate(central)
        self._lists = [isinstance(entries[name].value, list) for name in factors]
        self._places = [slice(end - len(central[at]), end) for at, end in enumerate(ends)]
        self._places = [self._places[names.index(name)] for name in factors]

    def of(self, values: NDArray[np.float64]) -> list[str]:
        """Identity per row of `values`, shape (n, factors)."""
        whole = np.tile(self._central, (len(values), 1))
        for column, (place, is_list) in enumerate(zip(self._places, self._lists, strict=True)):
            whole[:, place] = values[:, column, None] * (self._central[place] if is_list else 1.0)
        named = []
        for row in whole:
            own = self._header.copy()
            own.update(row.tobytes())
            named.append(own.hexdigest())
        return named
