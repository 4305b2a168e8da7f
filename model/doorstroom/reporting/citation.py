"""How a study is cited: one reference, the same in the page, on the command line, in BibTeX and in CITATION.cff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.whole_files import atomic
from doorstroom.reporting.language import ENGLISH, Language

AUTHORS = "The doorstroom authors"


def short(manifest: Manifest) -> str:
    """The identity of a study as it stands in footers and notes."""
    return manifest.study[:12]


def state(manifest: Manifest) -> str:
    """What stands before the identity: an unfinished study has no results to be cited."""
    return "study" if manifest.ended else "unfinished study"


def version(manifest: Manifest) -> str:
    """Version of the program, and the commit where it is known."""
    number = manifest.machine.packages.get("doorstroom", "from source")
    return f"{number}, commit {manifest.commit[:12]}" if manifest.commit else number


def year(manifest: Manifest) -> str:
    """Calendar year in which the study was made."""
    return manifest.started[:4]


def reference(manifest: Manifest, language: Language = ENGLISH) -> str:
    """The reference as it would stand in a list of literature."""
    told = language(
        "{authors} ({year}). {title} [{state} {study}]. doorstroom, an agent-based model of technical education in the "
        "Netherlands ({version}). Identity {identity}.",
        authors=language(AUTHORS),
        year=year(manifest),
        title=told_title(manifest, language),
        state=language(state(manifest)),
        study=short(manifest),
        version=version(manifest),
        identity=manifest.study,
    )
    return " ".join([told, *(f"{language(name)} {value}." for name, value in bound(manifest).items())])


def bound(manifest: Manifest) -> dict[str, str]:
    """What binds a citation to one set of numbers, made by one code: the seal of its manifest and the code's SWHID."""
    return {
        **({"Seal": manifest.seal()} if manifest.ended else {}),
        **({"Code": manifest.swhid} if manifest.swhid else {}),
    }


def told_title(manifest: Manifest, language: Language = ENGLISH) -> str:
    """The title of a study; of a comparison its scenarios by their titles in this language."""
    if manifest.asked:
        return manifest.title
    titles = [language(one.title) if language.translates(one.title) else one.title for one in manifest.scenarios]
    if len(titles) == 1:
        return titles[0]
    return language("{baseline}, compared with {others}", baseline=titles[0], others=", ".join(titles[1:]))


def identity(manifest: Manifest) -> str:
    """Everything that made the numbers, in one line, for the inside of a figure or table that may get loose."""
    scenarios = ", ".join(f"{entry.label} {entry.identity[:16]}" for entry in manifest.scenarios)
    return (
        f"doorstroom study {manifest.study}; scenarios {scenarios}; code {manifest.code}; inputs {manifest.inputs}; "
        f"commit {manifest.commit or 'unknown'}"
    )


def bibtex(manifest: Manifest) -> str:
    """A BibTeX entry."""
    fields = {
        "author": f"{{{AUTHORS}}}",
        "title": f"{{{_braced(manifest.title)}}}",
        "year": year(manifest),
        "howpublished": "doorstroom, an agent-based model of technical education in the Netherlands",
        "version": version(manifest),
        "note": ", ".join(
            [
                f"{state(manifest).capitalize()} {short(manifest)}",
                f"identity {manifest.study}",
                *(f"{name.lower()} {value}" for name, value in bound(manifest).items()),
            ]
        ),
    }
    body = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items())
    return f"@misc{{doorstroom-{short(manifest)},\n{body}\n}}\n"


def cff(manifest: Manifest) -> str:
    """A CITATION.cff of the study, as a data set; JSON strings are YAML strings."""
    lines: Mapping[str, str] = {
        "cff-version": "1.2.0",
        "message": "If you use these results, please cite them with their identity.",
        "type": "dataset",
        "title": manifest.title,
        "version": version(manifest),
        "date-released": manifest.started[:10],
        "license": "MIT",
    }
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
    text += f"authors:\n  - name: {json.dumps(AUTHORS)}\n"
    kinds = {
        manifest.study: ("other", "Identity of the study: hash of its scenarios, parameters, seeds, inputs and code"),
        bound(manifest).get("Seal"): ("other", "Seal: hash of its manifest, and so of all numbers of all its runs"),
        manifest.swhid: ("swh", "Intrinsic identifier of the source that made it, ISO/IEC 18670"),
    }
    text += "identifiers:\n"
    for value, (kind, what) in kinds.items():
        if value:
            text += f"  - type: {kind}\n    value: {json.dumps(value)}\n    description: {json.dumps(what)}\n"
    return text


def write_citation(folder: Path, manifest: Manifest) -> None:
    """Write CITATION.cff and reference.bib into a study's folder."""
    for file, text in (("CITATION.cff", cff(manifest)), ("reference.bib", bibtex(manifest))):
        with atomic(folder / file) as stream:
            stream.write(text.encode())


def _braced(text: str) -> str:
    """Text without what BibTeX would take for its own."""
    return "".join({"{": "(", "}": ")", "\\": "/"}.get(letter, letter) for letter in text).replace("&", r"\&")
