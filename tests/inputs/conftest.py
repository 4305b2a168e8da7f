"""The made-up country's official files, and the sets made of them, each once per session."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from official_folder import Edition, write_folder

from doorstroom.inputs.building import Building
from doorstroom.inputs.folder import Folder
from doorstroom.inputs.importing import import_official


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Building]:
    """Tables of the country as an edition publishes it."""

    @cache
    def built(edition: Edition = "older", *, withhold: bool = False, totals: bool = True) -> Building:
        folder = tmp_path_factory.mktemp("official") / edition
        return Building(Folder(write_folder(folder, edition, withhold=withhold, totals=totals)))

    return built


@pytest.fixture(scope="session")
def small_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An input set of the country; don't change it, copy it."""
    root = tmp_path_factory.mktemp("set")
    return import_official(write_folder(root / "official"), root / "nl2019").target


@pytest.fixture
def official(tmp_path: Path) -> Path:
    """The older edition's files, to be damaged."""
    return write_folder(tmp_path / "official")
