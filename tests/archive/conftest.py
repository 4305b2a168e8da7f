"""A small study of the fake country and its bundle, made once; the fake country stands in for that of the package."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from bundling import country, made, one_figure
from rich.console import Console

from doorstroom.archive.bundle import bundle
from doorstroom.archive.opened import opened
from doorstroom.experiment.model import Model
from doorstroom.reporting import compare


@pytest.fixture(autouse=True)
def _in_place_of_the_country(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "of_the_country", country)
    monkeypatch.setattr(compare, "figures", one_figure)


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = made(tmp_path_factory.mktemp("studies") / "fake")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "figures", one_figure)
        compare.report(results, console=Console(file=io.StringIO()))
    return results.folder


@pytest.fixture(scope="session")
def archive(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Model, "of_the_country", country)
        return bundle(study, tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="session")
def unpacked(archive: Path) -> Iterator[Path]:
    with opened(archive) as folder:
        yield folder
