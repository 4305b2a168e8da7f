"""What a bundle holds besides the study: whether code, inputs and instructions are those of the study."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from doorstroom.archive.bundle import CONSTRAINTS, README, readme
from doorstroom.archive.packages import build, can_build, files_of_sdist, files_of_wheel
from doorstroom.errors import DoorstroomError
from doorstroom.experiment.manifest import Manifest
from doorstroom.inputs.sets import DEFAULT, load_inputs
from doorstroom.intrinsic import swhid
from doorstroom.packaged import MODEL, of_wheel, source_tree
from doorstroom.reporting.crate import CODE, FILE, INPUTS
from doorstroom.shipped import PROJECT


def holds_code(folder: Path) -> bool:
    """Whether a folder is that of a bundle."""
    return (folder / CODE).is_dir()


def wheel_of(folder: Path) -> Path | None:
    """The program to install, where there is one and no more."""
    wheels = sorted((folder / CODE).glob("*.whl"))
    return wheels[0] if len(wheels) == 1 else None


def faults(folder: Path, manifest: Manifest) -> list[str]:
    """What isn't as the study says, one line each."""
    return [
        f"{folder / name}: {told}"
        for name, told in (*_code(folder, manifest), *_inputs(folder, manifest), *_unlisted(folder))
    ]


def _unlisted(folder: Path) -> Iterator[tuple[str, str]]:
    """Files that nobody could tell to belong."""
    try:
        graph = json.loads((folder / FILE).read_bytes())["@graph"]
        listed = {unquote(thing["@id"]) for thing in graph}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return  # told by who reads the list
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != FILE and name not in listed:
            yield name, f"isn't listed in {FILE}"


def _code(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    wheel, sdists = wheel_of(folder), sorted((folder / CODE).glob("*.tar.gz"))
    names = {path.name for path in (folder / CODE).iterdir()}
    if wheel is None or len(sdists) != 1 or names != {wheel.name, sdists[0].name, CONSTRAINTS}:
        yield CODE, f"has to hold one wheel, one source package and {CONSTRAINTS}; found {', '.join(sorted(names))}"
        return
    try:
        packed, source = files_of_wheel(wheel), files_of_sdist(sdists[0])
        in_wheel = of_wheel(packed)
    except Exception as error:  # an archive by somebody else may raise almost anything
        yield CODE, f"its packages can't be read: {error}"
        return
    own = {name.removeprefix(f"{MODEL}/"): text for name, text in source.items() if name.startswith(f"{MODEL}/")}
    for name, found in ((wheel.name, in_wheel), (sdists[0].name, swhid(own))):
        if found != manifest.swhid:
            yield f"{CODE}/{name}", f"is {found}, and the study was made with {manifest.swhid}"
    limits = (folder / CODE / CONSTRAINTS).read_bytes()  # there, by the names above
    if not limits == source.get(CONSTRAINTS) == packed.get(f"doorstroom/{PROJECT}/{CONSTRAINTS}"):
        yield f"{CODE}/{CONSTRAINTS}", "isn't that of the packages beside it"
    if can_build() and source == source_tree():
        with tempfile.TemporaryDirectory() as place:
            for again in build(Path(place)):
                if again.read_bytes() != (folder / CODE / again.name).read_bytes():
                    yield f"{CODE}/{again.name}", "isn't what its source gives"
    text = readme(manifest, folder.name, wheel.name).encode()
    if not (folder / README).is_file() or (folder / README).read_bytes() != text:
        yield README, "isn't the text that a bundle comes with"


def _inputs(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    try:
        found = load_inputs(folder / INPUTS).identity
    except DoorstroomError as error:
        yield INPUTS, f"can't be read: {error}"
        return
    if found != manifest.inputs:
        yield INPUTS, f"is another input set ({found[:12]}) than that of the study ({manifest.inputs[:12]})"
    wheel = wheel_of(folder)
    if manifest.inputs_folder is None and wheel is not None:
        packed, at = files_of_wheel(wheel), f"doorstroom/inputs/data/{DEFAULT}/"
        own = {name.removeprefix(at): text for name, text in packed.items() if name.startswith(at)}
        kept = {
            path.relative_to(folder / INPUTS).as_posix(): path.read_bytes()
            for path in (folder / INPUTS).rglob("*")
            if path.is_file()
        }
        for name in sorted(own.keys() | kept.keys()):
            if own.get(name) != kept.get(name):
                yield f"{INPUTS}/{name}", "isn't that of the code beside it"
