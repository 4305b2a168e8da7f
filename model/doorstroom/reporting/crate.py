"""A study folder as a research object, so that archives and machines can read what is in it.

RO-Crate 1.1 with the profile Process Run Crate 0.5: the runs of a study are one action, whose instrument is this
program, whose objects are what was asked and whose results are the files that came of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.whole_files import atomic
from doorstroom.reporting.citation import AUTHORS, reference, version

FILE: Final = "ro-crate-metadata.json"
CODE: Final = "code"
"""Folder of a bundle that holds the program."""
INPUTS: Final = "inputs"
"""Folder of a bundle that holds the input set."""
HASH: Final = "sha256"
LISTS: Final = ("hasPart", "object", "result")
"""Properties that name files."""
_KINDS: Final = {
    ".parquet": ("application/vnd.apache.parquet", "Outcomes of runs"),
    ".csv": ("text/csv", "Table"),
    ".tex": ("application/x-tex", "Table"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Tables"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Tables"),
    ".png": ("image/png", "Figure"),
    ".svg": ("image/svg+xml", "Figure"),
    ".pdf": ("application/pdf", "Figure"),
    ".html": ("text/html", "Report"),
    ".md": ("text/markdown", "Text"),
    ".json": ("application/json", "Statement of what was done"),
    ".toml": ("application/toml", "What was asked, or parameters as they were"),
    ".txt": ("text/plain", "Versions of the packages"),
    ".cff": ("text/yaml", "How to cite"),
    ".bib": ("application/x-bibtex", "How to cite"),
    ".whl": ("application/zip", "The program, to install"),
    ".gz": ("application/gzip", "The program, its source"),
}
_PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
_TERM: Final = {HASH: f"https://w3id.org/ro/terms/workflow-run#{HASH}"}
"""Hashes have no term in RO-Crate 1.1; a reader drops what its context doesn't have."""
_LICENCE: Final = "https://spdx.org/licenses/MIT"
_RUNS: Final = "#study"
_ASKED: Final = ("manifest.json", "parameters.toml", "study.toml", "posterior.csv")


def write_crate(folder: Path, manifest: Manifest) -> Path:
    """Describe every file of the study in ro-crate-metadata.json."""
    path = folder / FILE
    with atomic(path) as file:
        file.write((json.dumps(described(folder, manifest), indent=1, ensure_ascii=False) + "\n").encode())
    return path


def forget_crate(folder: Path) -> None:
    """Remove the list of files: what stands in the folder is being replaced."""
    (folder / FILE).unlink(missing_ok=True)


def described(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """What ro-crate-metadata.json says of a folder as it is."""
    from rocrate.model.contextentity import ContextEntity
    from rocrate.model.file import File
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    crate.metadata.extra_terms.update(_TERM)

    def thing(at: str, kind: str, /, **about: Any) -> ContextEntity:
        return crate.add(ContextEntity(crate, at, properties={"@type": kind, **about}))

    files = {
        name: crate.add(File(crate, source=folder / name, dest_path=name, properties=about))
        for name, about in _files(folder)
    }
    profile = thing(_PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    licence = thing(_LICENCE, "CreativeWork", name="MIT License", identifier="MIT")
    authors = thing("#authors", "Organization", name=AUTHORS)
    software = thing(
        f"https://identifiers.org/{manifest.swhid}" if manifest.swhid else "#doorstroom",
        "SoftwareApplication",
        name="doorstroom",
        softwareVersion=version(manifest),
        description="An agent-based model of technical education in the Netherlands",
        identifier=[one for one in (manifest.swhid, manifest.code) if one],
        softwareRequirements=[f"{key} {value}" for key, value in manifest.machine.packages.items()],
    )
    scenarios = [
        thing(
            f"#scenario-{identity[:16]}",
            "CreativeWork",
            name=entry.title,
            description=f"{entry.question} {entry.changes}".strip() or entry.title,
            identifier=identity,
        )
        for identity, entry in {entry.identity: entry for entry in manifest.scenarios}.items()
    ]
    inputs = thing("#inputs", "CreativeWork", name="Input set", identifier=manifest.inputs)
    along = (f"{CODE}/", f"{INPUTS}/")
    runs = thing(
        _RUNS,
        "CreateAction",
        name="The runs of this study, and its report",
        description=manifest.command,
        startTime=manifest.started,
        instrument=software,
        agent=authors,
        object=[*scenarios, inputs]
        + [file for name, file in files.items() if name in _ASKED or name.startswith(along[1])],
        result=[file for name, file in files.items() if name not in _ASKED and not name.startswith(along)],
    )
    if manifest.ended:
        runs["endTime"] = manifest.ended
        runs["actionStatus"] = "http://schema.org/CompletedActionStatus"
    root = crate.root_dataset
    for key, value in {
        "identifier": manifest.study,
        "name": manifest.title,
        "description": " ".join(entry.question for entry in manifest.scenarios).strip() or manifest.title,
        "datePublished": manifest.ended or manifest.started,
        "license": licence,
        "creditText": reference(manifest),
        "author": authors,
        "publisher": authors,
        "conformsTo": profile,
        "mentions": runs,
    }.items():
        root[key] = value
    told: dict[str, Any] = json.loads(json.dumps(crate.metadata.generate()))
    return told


def _files(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix not in _KINDS or inside == FILE or path.name.startswith("."):
            continue
        form, what = _KINDS[path.suffix]
        content = path.read_bytes()
        yield (
            inside,
            {
                "name": f"{what}: {path.stem}" if what != "How to cite" else what,
                "encodingFormat": form,
                "contentSize": str(len(content)),
                HASH: hashlib.sha256(content).hexdigest(),
            },
        )
