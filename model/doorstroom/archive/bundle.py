"""A study as one archive that needs no web: its folder, the exact code, the inputs, and how all of it is checked."""

from __future__ import annotations

import tempfile
import zipfile
from importlib import resources
from pathlib import Path
from typing import Final

from doorstroom.archive.packages import build, files_of_wheel
from doorstroom.errors import StoreError
from doorstroom.experiment.derived import faults as derived_faults
from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.stored import Kept
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.inputs.sets import DEFAULT
from doorstroom.packaged import of_wheel, source_swhid, source_tree
from doorstroom.reporting import files_check
from doorstroom.reporting.citation import reference
from doorstroom.reporting.crate import CODE, FILE, INPUTS, write_crate
from doorstroom.source import PACKAGE, code_identity

README: Final = "README.md"
CONSTRAINTS: Final = "constraints.txt"
_LEFT_OUT: Final = ("working", "failures", CODE, INPUTS)
"""Folders of a study that say nothing of its results, or that are made anew."""
_PACKED: Final = (".parquet", ".png", ".whl", ".gz", ".xlsx", ".docx", ".pdf")
"""Files that can't be made smaller."""
_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""Of every file in the archive, so that equal studies give equal bytes."""


def bundle(folder: Path, to: Path | None = None) -> Path:
    """Pack a finished study; twice gives the same bytes.

    Parameters
    ----------
    to : the archive, or a folder for it; None is one beside the study, named after it and the seal of its manifest

    Raises
    ------
    StoreError
        Where the study isn't finished or was changed, or where this isn't the code that made it.
    """
    manifest = Manifest.load(folder)
    _refuse(folder, manifest)
    name = f"{folder.resolve().name}-{manifest.seal()[:12]}.zip"
    path = folder.resolve().parent / name if to is None else to / name if to.is_dir() else to
    made(path.parent)
    with tempfile.TemporaryDirectory() as place:
        stage = Path(place) / folder.resolve().name
        _gather(folder.resolve(), stage, manifest)
        write_crate(stage, manifest)
        with atomic(path) as file, zipfile.ZipFile(file, "w") as packed:
            for one in sorted(stage.rglob("*")):
                if one.is_file():
                    entry = zipfile.ZipInfo(one.relative_to(place).as_posix(), _TIME)
                    entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as on Unix, readable by all
                    entry.compress_type = zipfile.ZIP_STORED if one.suffix in _PACKED else zipfile.ZIP_DEFLATED
                    packed.writestr(entry, one.read_bytes())
    return path


def input_folder(manifest: Manifest) -> Path:
    """Where the input set of a study is on this machine."""
    if manifest.inputs_folder is not None:
        return Path(manifest.inputs_folder)
    return PACKAGE / "inputs" / "data" / DEFAULT


def readme(manifest: Manifest, name: str, wheel: str) -> str:
    """What stands in the bundle about the bundle."""
    text = (resources.files("doorstroom.archive") / "bundle.md").read_text(encoding="utf-8")
    told = {
        "title": manifest.title,
        "reference": reference(manifest),
        "name": name,
        "python": ".".join(manifest.machine.python.split(".")[:2]),
        "wheel": wheel,
        "swhid": manifest.swhid or "not known",
        "commit": manifest.commit or "not known",
        "command": manifest.command,
        "archive": f"{name}-{manifest.seal()[:12]}.zip",
    }
    for key, value in told.items():
        text = text.replace(f"@{key}@", value)
    return text


def _refuse(folder: Path, manifest: Manifest) -> None:
    if manifest.ended is None:
        raise StoreError(f"{folder}: isn't finished; go on with: doorstroom study resume {folder}")
    if manifest.code != code_identity() or manifest.swhid != source_swhid():
        from_commit = f", commit {manifest.commit}" if manifest.commit else ""
        raise StoreError(
            f"{folder}: was made with other code ({manifest.swhid or manifest.code}{from_commit}) than this "
            f"({source_swhid()}), and a bundle holds the code that made its numbers; bundle it with that version, or "
            f"make the study anew with this one: {manifest.command}"
        )
    study = Kept(folder)
    if not files_check.written(folder):
        raise StoreError(f"{folder}: has no finished report; write it with: doorstroom report {folder}")
    found = [*derived_faults(study), *files_check.faults(study.results, runs=None)]
    found = [one for one in found if not one.endswith(files_check.GONE)]
    if found:
        raise StoreError("\n".join([*found, f"{folder}: isn't what was made; nothing is bundled"]))


def _gather(folder: Path, stage: Path, manifest: Manifest) -> None:
    """Lay out all that a bundle holds; the study's own files are linked to, for runs may be large."""
    for one in sorted(folder.rglob("*")):
        inside = one.relative_to(folder)
        if not one.is_file() or inside.parts[0] in _LEFT_OUT or inside.name in (FILE, README):
            continue
        if one.suffix in (".damaged", ".part") or any(part.startswith(".") for part in inside.parts):
            continue
        (stage / inside).parent.mkdir(parents=True, exist_ok=True)
        (stage / inside).symlink_to(one)
    code = made(stage / CODE)
    _, wheel = build(code)
    if of_wheel(files_of_wheel(wheel)) != manifest.swhid:
        raise StoreError(f"{PACKAGE}: was edited while it was being packed; run the same command again")
    (code / CONSTRAINTS).write_bytes(source_tree()[CONSTRAINTS])
    source = input_folder(manifest)
    for one in sorted(source.rglob("*")):
        if one.is_file() and not one.name.startswith("."):
            target = stage / INPUTS / one.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(one)
    (stage / README).write_text(readme(manifest, folder.name, wheel.name), encoding="utf-8")
