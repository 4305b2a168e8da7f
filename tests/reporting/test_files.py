"""A figure that is found loose can be traced: every format carries caption and identity."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pypdf
import pytest
from PIL import Image

from doorstroom.experiment.results import Results
from doorstroom.reporting.citation import identity
from doorstroom.reporting.files import rendered, write_figures
from doorstroom.reporting.findings import Findings, find
from doorstroom.reporting.language import DUTCH, ENGLISH
from doorstroom.reporting.plots import figures
from doorstroom.reporting.plots.national import ranking
from doorstroom.reporting.plots.regional import assign_tiles, tile_lines
from doorstroom.reporting.plots.way import nodes
from doorstroom.reporting.style import Plot


@pytest.fixture(scope="module")
def plot(findings: Findings) -> Plot:
    return ranking(findings, ENGLISH)


def test_png_svg_and_pdf_say_what_they_show_and_what_made_them(findings: Findings, plot: Plot) -> None:
    manifest = findings.comparison.manifest
    png = Image.open(io.BytesIO(rendered(plot, "png", manifest, ENGLISH))).text  # type: ignore[attr-defined]
    assert png["Source"] == identity(manifest)
    assert png["Description"] == plot.caption
    pdf = pypdf.PdfReader(io.BytesIO(rendered(plot, "pdf", manifest, ENGLISH))).metadata
    assert pdf is not None
    assert pdf["/Keywords"] == identity(manifest)
    assert pdf.title == plot.caption
    svg = rendered(plot, "svg", manifest, ENGLISH).decode()
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.find("{http://www.w3.org/2000/svg}title").text == plot.caption  # type: ignore[union-attr]
    for part in (manifest.study, manifest.code, manifest.inputs, manifest.scenarios[1].identity[:16]):
        assert part in svg


def test_the_footer_names_the_study(findings: Findings, plot: Plot) -> None:
    drawn = rendered(plot, "svg", findings.comparison.manifest, ENGLISH).decode()
    assert f"study {findings.comparison.manifest.study[:12]}" in drawn


def test_only_what_is_asked_is_drawn(findings: Findings, tmp_path: Path) -> None:
    manifest, plots = findings.comparison.manifest, [ranking(findings, ENGLISH)]
    assert [path.name for path in write_figures(plots, tmp_path, manifest, ENGLISH)] == ["ranking.svg"]
    named = write_figures(plots, tmp_path, manifest, ENGLISH, ("png", "pdf"))
    assert [path.name for path in named] == ["ranking.png", "ranking.pdf"]


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_equal_figures_give_equal_files(findings: Findings, form: str) -> None:
    first, second = (
        rendered(ranking(findings, ENGLISH), form, findings.comparison.manifest, ENGLISH) for _ in range(2)
    )
    assert first == second


def test_all_figures_are_drawn_in_both_languages(findings: Findings) -> None:
    names = [plot.name for plot in figures(findings, DUTCH)]
    assert len(set(names)) == len(names)
    assert {"outcomes", "history", "money", "activities", "way", "teacher-ages", "effects", "ranking", "prices"} <= set(
        names
    )
    assert {"regions-less", "tiles-none", "lines-none"} <= set(names)


def test_a_scenario_against_itself_needs_no_maps(same: Results) -> None:
    assert not [
        plot.name for plot in figures(find(same), ENGLISH) if plot.name.startswith(("regions", "tiles", "lines"))
    ]


def test_every_region_has_a_tile_of_its_own(findings: Findings) -> None:
    regions = findings.comparison.manifest.regions
    tiles = assign_tiles(np.array([one.lat for one in regions]), np.array([one.lon for one in regions]))
    assert len({tuple(tile) for tile in tiles}) == len(regions) == 78


def test_names_break_between_words_only() -> None:
    assert tile_lines("Hoogezand-Sappemeer") == ["Hoogezand-", "Sappemeer"]
    assert tile_lines("Alphen aan den Rijn") == ["Alphen", "aan den", "Rijn"]


def test_bands_of_the_way_leave_and_arrive_within_their_nodes() -> None:
    sizes = {("primary school", "secondary education"): 10.0, ("tl", "mbo technique"): 3.0, ("tl", "elsewhere"): 2.0}
    places = nodes(sizes)
    assert places["tl"].size == 5.0
    assert places["primary school"].column < places["secondary education"].column < places["tl"].column
