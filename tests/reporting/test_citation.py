"""One reference in all its forms, and a study folder that machines can read."""

from __future__ import annotations

import hashlib
import json
import re

from doorstroom.experiment.results import Results
from doorstroom.reporting.citation import bibtex, cff, reference, write_citation
from doorstroom.reporting.crate import write_crate


def test_every_form_carries_the_identity(comparison: Results) -> None:
    manifest = comparison.manifest
    for text in (reference(manifest), bibtex(manifest), cff(manifest)):
        assert manifest.study in text
        assert "Less pays 60 million a year" in text
        assert manifest.started[:4] in text


def test_bibtex_is_one_entry_with_balanced_braces(comparison: Results) -> None:
    text = bibtex(comparison.manifest)
    assert re.match(r"@misc\{doorstroom-[0-9a-f]{12},\n", text)
    assert text.count("{") == text.count("}")
    hostile = comparison.manifest.file.model_copy(update={"title": "100% {of} & more"})
    text = bibtex(comparison.manifest.model_copy(update={"file": hostile}))
    assert text.count("{") == text.count("}")


def test_the_crate_lists_every_file_with_its_hash(comparison: Results) -> None:
    write_citation(comparison.folder, comparison.manifest)
    graph = json.loads(write_crate(comparison.folder, comparison.manifest).read_text(encoding="utf-8"))["@graph"]
    things = {thing["@id"]: thing for thing in graph}
    assert things["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    root = things["./"]
    assert root["identifier"] == comparison.manifest.study
    parts = {part["@id"] for part in root["hasPart"]}
    stored = {f"runs/{path.name}" for path in (comparison.folder / "runs").iterdir()}
    assert stored <= parts
    assert stored <= {part["@id"] for part in things["#study"]["result"]} <= parts
    assert {"manifest.json", "CITATION.cff", "reference.bib"} <= parts
    for part in parts:
        content = (comparison.folder / part).read_bytes()
        assert things[part]["sha256"] == hashlib.sha256(content).hexdigest()
    mentioned = {value["@id"] for thing in graph for value in thing.values() if isinstance(value, dict)}
    outside = {"https://w3id.org/ro/crate/1.1"}
    assert mentioned - outside <= things.keys()
    assert {one["@id"] for one in things["#study"]["object"]} <= things.keys()


def test_an_unfinished_study_is_cited_as_that(comparison: Results) -> None:
    manifest = comparison.manifest.model_copy(update={"ended": None})
    assert f"[unfinished study {manifest.study[:12]}]" in reference(manifest)
    assert f"[study {manifest.study[:12]}]" in reference(comparison.manifest)
