"""Whether the report in a study's folder is the one that its runs give: whole, unchanged, and of this study."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from doorstroom.experiment.manifest import FILE as MANIFEST
from doorstroom.experiment.results import Results
from doorstroom.reporting.compare import report
from doorstroom.reporting.crate import FILE

PARTS: Final = ("report.html", "effects.csv", "outcomes.csv", "figures", "tables")
"""What a report begins with; where one of them is there, it was begun."""

GONE: Final = "is gone"
"""What is said of a file that is listed and isn't there."""


def written(folder: Path) -> bool:
    """Whether a report was written to its end."""
    return (folder / FILE).exists()


def faults(results: Results, *, anew: bool) -> list[str]:
    """What is wrong with the files of a report, one line each; empty where nothing is.

    Parameters
    ----------
    anew : whether the report is also written anew from the stored runs, and every file of it compared; else files are
        held against the list of their checksums, which says whether they were changed, but could be changed itself
    """
    folder = results.folder
    again = f"write it with: doorstroom report {folder}"
    if not written(folder):
        if not any((folder / part).exists() for part in PARTS):
            return []  # none was asked for, so there is nothing that could be taken from it
        return [f"{folder}: its report was never finished; {again}"]
    try:
        graph = json.loads((folder / FILE).read_bytes())["@graph"]
        root = next(thing for thing in graph if thing["@id"] == "./")
        listed = {thing["@id"]: thing["sha256"] for thing in graph if "sha256" in thing}
    except (OSError, ValueError, KeyError, TypeError, StopIteration, RecursionError):
        return [f"{folder / FILE}: can't be read; {again}"]
    if root.get("identifier") != results.manifest.study:
        return [f"{folder}: its report is of another study ({str(root.get('identifier'))[:12]}); {again}"]
    found = [f"{folder / name}: {told}" for name, told in _apart(folder, listed)]
    return found + (_written_anew(results) if anew else [])


def _apart(folder: Path, listed: dict[str, Any]) -> list[tuple[str, str]]:
    """Files that aren't as they are listed; runs may be left out of an archive."""
    told = []
    for name, checksum in listed.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            told.append((name, "lies outside the folder"))
        elif not path.exists():
            if not name.startswith("runs/"):
                told.append((name, GONE))
        elif hashlib.sha256(path.read_bytes()).hexdigest() != checksum:
            told.append((name, "was changed since the report was written"))
    return told


def _content(path: Path) -> object:
    """The bytes of a file; of an office file those of its parts, which are packed with the time of day."""
    if path.suffix not in (".docx", ".xlsx"):
        return path.read_bytes()
    try:
        with zipfile.ZipFile(path) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    except (OSError, zipfile.BadZipFile):
        return path.read_bytes()


def _written_anew(results: Results) -> list[str]:
    """Files that differ from those of a report that is written from the stored runs."""
    folder = results.folder.resolve()
    if not any((folder / "runs").glob("part-*.parquet")):
        return []  # an archive without its runs
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder.name
        copy.mkdir()
        (copy / "runs").symlink_to(folder / "runs")
        (copy / MANIFEST).write_bytes((folder / MANIFEST).read_bytes())
        report(replace(results, folder=copy), console=Console(file=io.StringIO()))
        told = []
        for path in sorted(copy.rglob("*")):
            name = path.relative_to(copy)
            if path.is_dir() or name.parts[0] == "runs" or name.name in (FILE, MANIFEST):
                continue
            kept = folder / name
            if not kept.exists():
                told.append(f"{kept}: is gone")
            elif _content(kept) != _content(path):
                told.append(f"{kept}: isn't what the stored runs give")
        return told
