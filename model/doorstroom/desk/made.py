"""A desk from its study file to its page, by one command."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from doorstroom import __version__
from doorstroom.desk.file import Desk, load_desk
from doorstroom.desk.judging import Row, accuracy, beside, judged, regional_accuracy, write_accuracy
from doorstroom.desk.learned import learn, load, save
from doorstroom.desk.page import Told, write_page
from doorstroom.desk.runs import identity_of, make_runs
from doorstroom.errors import StoreError
from doorstroom.experiment.manifest import now
from doorstroom.experiment.whole_files import atomic

ABOUT: Final = "desk.json"
"""What a desk says of itself, from which its page can be written again."""


def make_desk(file: Path, folder: Path, *, processes: int = 1, told: Callable[[str], None] = lambda text: None) -> Path:
    """Run what isn't there yet, learn from it, judge that, and write the page; returns its path."""
    study = load_desk(file)
    policy = study.policy_of()
    made = make_runs(study, folder, processes=processes, told=lambda done, of: told(f"{done} of {of} draws are there"))
    learned = judged(learn(made, told=lambda name: told(f"learned: {name}")), made, policy)
    save(learned, folder)
    rows = accuracy(learned, made, policy)
    write_accuracy(rows, folder)
    about = {
        "identity": identity_of(study),
        "study": study.model_dump(mode="json"),
        "command": shlex.join(["doorstroom", "desk", str(file), "--out", str(folder)]),
        "version": __version__,
        "made": now()[:10],
        "regions_held": regional_accuracy(learned, made).round(3).tolist(),
        "errors": [row._asdict() for row in rows],
        "beside": [row._asdict() for row in beside(learned, made, policy)],
    }
    with atomic(folder / ABOUT) as written:
        written.write(json.dumps(about, indent=1).encode())
    return write_page(read_desk(folder), folder)


def read_desk(folder: Path) -> Told:
    """What the page of a desk is made of, from its folder.

    Raises
    ------
    StoreError
        Where the folder holds no desk.
    """
    file = folder / ABOUT
    try:
        about: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        study = Desk.model_validate_json(json.dumps(about["study"]))
        rows = [Row(**row) for row in about["errors"]]
        reference = {code: _reference(about, code) for code in ("en", "nl")}
        return Told(study, load(folder), rows, about["identity"], reference, about["command"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file}: no desk stands here; make one: doorstroom desk --out {folder}") from error


def _reference(about: dict[str, Any], code: str) -> str:
    identity, year, version = about["identity"], about["made"][:4], about["version"]
    if code == "nl":
        return (
            f"De auteurs van doorstroom ({year}). Aan de knoppen [studie {identity[:12]}]. doorstroom, een "
            f"agentgebaseerd model van het techniekonderwijs in Nederland ({version}). Identiteit {identity}."
        )
    return (
        f"The doorstroom authors ({year}). The policy desk [study {identity[:12]}]. doorstroom, an agent-based model "
        f"of technical education in the Netherlands ({version}). Identity {identity}."
    )
