"""How a study is cited: one reference, the same in the page, on the command line, in BibTeX and in CITATION.cff."""

from __future__ import annotations

from doorstroom.study.manifest import Manifest

AUTHORS = "The doorstroom authors"


def short(manifest: Manifest) -> str:
    """The identity of a study as it stands in footers and notes."""
    return manifest.study[:12]


def name(manifest: Manifest) -> str:
    """A study in words: its baseline and what it is compared with."""
    titles = [entry.title for entry in manifest.scenarios]
    return f"{titles[0]}, compared with {', '.join(titles[1:])}" if titles[1:] else titles[0]


def version(manifest: Manifest) -> str:
    """Version of the program, and the commit where it is known."""
    number = manifest.machine.packages.get("doorstroom", "from source")
    return f"{number}, commit {manifest.commit[:12]}" if manifest.commit else number


def year(manifest: Manifest) -> str:
    """Calendar year in which the study was made."""
    return manifest.started[:4]


def reference(manifest: Manifest) -> str:
    """The reference as it would stand in a list of literature."""
    return (
        f"{AUTHORS} ({year(manifest)}). {name(manifest)} [study {short(manifest)}]. doorstroom, an agent-based model "
        f"of technical education in the Netherlands ({version(manifest)}). Identity {manifest.study}."
    )
