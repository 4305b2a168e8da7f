"""A study folder as a research object: RO-Crate 1.1, so that archives and machines can read what is in it.

Written as plain JSON: the format is one list of things with their properties, and the library for it would
bring a web client along.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.whole_files import atomic
from doorstroom.reporting.citation import AUTHORS, reference, version

FILE = "ro-crate-metadata.json"
_KINDS = {
    ".parquet": ("application/vnd.apache.parquet", "Outcomes of one run"),
    ".csv": ("text/csv", "Table"),
    ".tex": ("application/x-tex", "Table"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Tables"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Tables"),
    ".png": ("image/png", "Figure"),
    ".svg": ("image/svg+xml", "Figure"),
    ".pdf": ("application/pdf", "Figure"),
    ".html": ("text/html", "Report"),
    ".md": ("text/markdown", "Report"),
    ".json": ("application/json", "Manifest of the study"),
    ".toml": ("application/toml", "Parameters as they were"),
    ".cff": ("text/yaml", "How to cite"),
    ".bib": ("application/x-bibtex", "How to cite"),
}
_LICENCE = "https://spdx.org/licenses/MIT"
_SOFTWARE = "#doorstroom"


def write_crate(folder: Path, manifest: Manifest) -> Path:
    """Describe every file of the study in ro-crate-metadata.json."""
    files = list(_files(folder))
    graph = [
        {
            "@id": FILE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "identifier": manifest.study,
            "name": manifest.title,
            "description": " ".join(entry.question for entry in manifest.scenarios),
            "datePublished": manifest.ended or manifest.started,
            "license": {"@id": _LICENCE},
            "creditText": reference(manifest),
            "creator": {"@id": "#authors"},
            "hasPart": [{"@id": file["@id"]} for file in files],
            "mentions": [{"@id": "#study"}],
        },
        {"@id": "#authors", "@type": "Organization", "name": AUTHORS},
        {"@id": _LICENCE, "@type": "CreativeWork", "name": "MIT License", "identifier": "MIT"},
        {
            "@id": _SOFTWARE,
            "@type": "SoftwareApplication",
            "name": "doorstroom",
            "version": version(manifest),
            "identifier": manifest.code,
            "softwareRequirements": [f"{key} {value}" for key, value in manifest.machine.packages.items()],
        },
        {
            "@id": "#study",
            "@type": "CreateAction",
            "name": "The runs of this study",
            "description": manifest.command,
            "startTime": manifest.started,
            **({"endTime": manifest.ended} if manifest.ended else {}),
            "instrument": {"@id": _SOFTWARE},
            "object": [{"@id": f"#scenario-{entry.identity[:16]}"} for entry in manifest.scenarios]
            + [{"@id": "#inputs"}],
            "result": [{"@id": file["@id"]} for file in files if file["@id"].startswith("runs/")],
        },
        {"@id": "#inputs", "@type": "Dataset", "name": "Input set", "identifier": manifest.inputs},
        *_scenarios(manifest),
        *files,
    ]
    path = folder / FILE
    content = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    with atomic(path) as file:
        file.write((json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())
    return path


def forget_crate(folder: Path) -> None:
    """Remove the list of files: what stands in the folder is being replaced."""
    (folder / FILE).unlink(missing_ok=True)


def _scenarios(manifest: Manifest) -> Iterator[dict[str, Any]]:
    for identity, entry in {entry.identity: entry for entry in manifest.scenarios}.items():
        yield {
            "@id": f"#scenario-{identity[:16]}",
            "@type": "CreativeWork",
            "name": entry.title,
            "description": f"{entry.question} {entry.changes}".strip(),
            "identifier": identity,
        }


def _files(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix not in _KINDS or inside == FILE or path.name.startswith("."):
            continue
        form, what = _KINDS[path.suffix]
        content = path.read_bytes()
        yield {
            "@id": inside,
            "@type": "File",
            "name": f"{what}: {path.stem}" if what != "How to cite" else what,
            "encodingFormat": form,
            "contentSize": str(len(content)),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
