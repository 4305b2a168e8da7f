"""What makes a run the same run: hashes of its scenario, parameters, inputs and the model's own source."""

from __future__ import annotations

import hashlib
import json
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import doorstroom

PACKAGE = Path(doorstroom.__file__).parent

_NOT_THE_MODEL = ("study", "reporting", "cli", "__main__.py")
"""Rooms that read results and can't change them: rewording a report must not make stored runs stale."""


def canonical(content: Any) -> str:
    """JSON with one spelling per content: sorted keys, no spaces, plain ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(content: Any) -> str:
    """Sha256 of the canonical JSON of `content`, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@lru_cache
def code_identity() -> str:
    """Hash of the source files that can change a result, by their path in the package and their content."""
    whole = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        if path.suffix not in {".py", ".toml"} or inside.parts[0] in _NOT_THE_MODEL:
            continue
        whole.update(f"{inside.as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


@lru_cache
def git_commit() -> str | None:
    """The commit the source stands at, with `+` when files differ from it; None outside a repository."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"],
            cwd=PACKAGE,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip() or None


def run_identity(*, scenario: str, parameters: str, seed: int, fraction: float, inputs: str, code: str) -> str:
    """Identity of one run: equal identities promise equal numbers.

    Every argument but `seed` and `fraction` is itself an identity (a hash).
    """
    return digest(
        {
            "scenario": scenario,
            "parameters": parameters,
            "seed": seed,
            "fraction": float(fraction),
            "inputs": inputs,
            "code": code,
        }
    )
