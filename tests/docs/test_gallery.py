"""Every notebook of the gallery runs from top to bottom, in an empty folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="nbformat isn't installed: pip install -e '.[test]'")
nbclient = pytest.importorskip("nbclient", reason="nbclient isn't installed: pip install -e '.[test]'")
pytest.importorskip("ipykernel", reason="ipykernel isn't installed: pip install -e '.[test]'")

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
MODEL = Path(__file__).parents[2] / "model"


@pytest.mark.parametrize("file", sorted(GALLERY.glob("*.ipynb")), ids=lambda file: file.stem)
def test_a_notebook_runs(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(MODEL), os.environ.get("PYTHONPATH", "")]))
    notebook = nbformat.read(file, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "outputs aren't committed"
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
