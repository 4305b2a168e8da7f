"""The fake country under the identities of the real one, so that its studies can be bundled and verified."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import fake_country

from doorstroom.experiment.model import Model
from doorstroom.experiment.results import Results
from doorstroom.inputs.sets import load_inputs
from doorstroom.parameters import load_parameters
from doorstroom.reporting import compare
from doorstroom.source import code_identity


def country(inputs: Path | None = None) -> Model:
    """The fake country under the identities of the real one."""
    return fake_country.model(
        fake_country.simulate, load_parameters(), inputs=load_inputs().identity, code=code_identity()
    )


def one_figure(findings: object, language: object) -> Iterator[object]:
    """The first of the figures: the others are files like it, and drawing them takes most of the time."""
    return itertools.islice(_figures(findings, language), 1)  # type: ignore[arg-type]


_figures = compare.figures


def made(folder: Path, draws: int = 4) -> Results:
    """A finished study of two scenarios, without its report."""
    scenarios = [fake_country.scenario(last=2022), fake_country.scenario("none", 0.0, last=2022)]
    return fake_country.compared(scenarios, draws=draws, out=folder, inputs_identity=load_inputs().identity)
