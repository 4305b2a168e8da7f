"""Whether the report in a study's folder is the one that its runs give: whole, unchanged, and of this study."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from rich.console import Console

from doorstroom.experiment.manifest import FILE as MANIFEST
from doorstroom.experiment.manifest import Machine
from doorstroom.experiment.results import Results
from doorstroom.reporting.compare import report
from doorstroom.reporting.crate import CODE, FILE, HASH, INPUTS, LISTS, described
from doorstroom.reporting.language import LANGUAGES

PARTS: Final = ("report.html", "study.md", "effects.csv", "outcomes.csv", "figures", "tables", "analyses")
"""What a report begins with; where one of them is there, it was begun."""

GONE: Final = "is gone"
"""What is said of a file that is listed and isn't there."""

_ALONG: Final = ("runs", "failures", "working", CODE, INPUTS)
"""Folders that no report writes."""


def written(folder: Path) -> bool:
    """Whether a report was written to its end."""
    return (folder / FILE).exists()


def faults(results: Results, *, runs: Path | None) -> list[str]:
    """What is wrong with the files of a report, one line each; empty where nothing is.

    Parameters
    ----------
    runs : folder of the runs from which the report is written anew, every file of it compared; None leaves that out,
        and files are held against the list of their checksums only, which could be changed as they can
    """
    folder = results.folder
    again = f"write it with: doorstroom report {folder}"
    if not written(folder):
        if not any((folder / part).exists() for part in PARTS):
            return []  # none was asked for, so there is nothing that could be taken from it
        return [f"{folder}: its report was never finished; {again}"]
    try:
        listed = _by_name(json.loads((folder / FILE).read_bytes()))
        owner = listed["./"].get("identifier")
        files = {unquote(name): str(thing[HASH]) for name, thing in listed.items() if HASH in thing}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [f"{folder / FILE}: can't be read; {again}"]
    if owner != results.manifest.study:
        return [f"{folder}: its report is of another study ({str(owner)[:12]}); {again}"]
    found = [f"{folder / name}: {told}" for name, told in _apart(folder, files)]
    if _about(_by_name(described(folder, results.manifest))) != _about(listed):
        found.append(f"{folder / FILE}: what it says of the study isn't what the manifest says")
    return found + ([] if runs is None else _written_anew(results, runs))


def _by_name(crate: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {thing["@id"]: thing for thing in crate["@graph"]}


def _about(things: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What is told besides the files, which may be left out of an archive and are compared one by one."""
    return {
        name: {key: value for key, value in thing.items() if key not in LISTS}
        for name, thing in things.items()
        if HASH not in thing
    }


def _apart(folder: Path, listed: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Files that aren't as they are listed; runs may be left out of an archive."""
    for name, checksum in listed.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            yield name, "lies outside the folder"
        elif not path.exists():
            if not name.startswith("runs/"):
                yield name, GONE
        elif hashlib.sha256(path.read_bytes()).hexdigest() != checksum:
            yield name, "was changed since the report was written"


def _content(path: Path) -> object:
    """The bytes of a file; of an office file those of its parts, which are packed with the time of day."""
    if path.suffix not in (".docx", ".xlsx"):
        return path.read_bytes()
    try:
        with zipfile.ZipFile(path) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    except (OSError, zipfile.BadZipFile):
        return path.read_bytes()


def _written_anew(results: Results, runs: Path) -> list[str]:
    """Files that differ from those of a report that is written from the runs, and files that no report writes."""
    folder = results.folder.resolve()
    same = results.manifest.machine.packages == Machine.here().packages
    otherwise = "" if same else ", written with the packages of now, which aren't those that it was made with"
    forms = [form for form in ("svg", "png", "pdf") if form == "svg" or any((folder / "figures").rglob(f"*.{form}"))]
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder.name
        copy.mkdir()
        (copy / "runs").symlink_to(runs.resolve())
        (copy / MANIFEST).write_bytes((folder / MANIFEST).read_bytes())
        for language in LANGUAGES.values():
            if language.code == "en" or any((folder / part / language.code).is_dir() for part in ("figures", "tables")):
                quiet = Console(file=io.StringIO())
                report(replace(results, folder=copy), language=language, forms=forms, console=quiet)
        told = []
        made = {path.relative_to(copy) for path in copy.rglob("*") if path.is_file()}
        for name in sorted(made):
            kept = folder / name
            if name.parts[0] in _ALONG or name.name in (FILE, MANIFEST):
                continue
            if not kept.exists():
                told.append(f"{kept}: {GONE}")
            elif _content(kept) != _content(copy / name):
                told.append(f"{kept}: isn't what the stored runs give{otherwise}")
        for part in PARTS:
            there = [one for one in (folder / part).rglob("*") if one.is_file()]
            there += [folder / part] if (folder / part).is_file() else []
            told += [
                f"{one}: is no file of this report" for one in sorted(there) if one.relative_to(folder) not in made
            ]
        return told
