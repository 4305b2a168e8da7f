"""Figures as files: SVG, and where asked PNG and PDF, that say in themselves what they show and what made them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.reporting.citation import identity, reference
from doorstroom.reporting.language import Language
from doorstroom.reporting.style import Plot, house_style

DPI = 150
SVG: Final = ("svg",)
"""What is always written. A format more takes as long as the figure itself."""


def write_figures(
    plots: Iterable[Plot], folder: Path, manifest: Manifest, language: Language, forms: Sequence[str] = SVG
) -> list[Path]:
    """Write every figure, in svg, png or pdf; equal figures give equal files."""
    made(folder)
    written = []
    for plot in plots:
        for form in forms:
            path = folder / f"{plot.name}.{form}"
            with atomic(path) as file:
                file.write(rendered(plot, form, manifest, language))
            written.append(path)
    return written


def rendered(plot: Plot, form: str, manifest: Manifest, language: Language) -> bytes:
    """A figure as the bytes of a file, with its caption and the identity of its study inside."""
    drawn = io.BytesIO()
    about = _about(plot, form, manifest, language)
    with house_style():
        _settle(plot.figure)
        if form == "svg":
            _draw_svg(plot.figure, drawn, about)
        else:
            plot.figure.savefig(drawn, format=form, dpi=DPI, metadata=about)
    return _spoken(drawn.getvalue().decode(), plot, language).encode() if form == "svg" else drawn.getvalue()


def _settle(figure: Figure) -> None:
    """Find the places of all axes once, for all formats, and round off what the solver leaves open in the last bits."""
    engine = figure.get_layout_engine()
    if not isinstance(engine, ConstrainedLayoutEngine):
        return
    if any(axes.get_axes_locator() for axes in figure.axes):  # a colour bar finds its place as it is drawn
        figure.draw_without_rendering()
    else:
        engine.execute(figure)
    figure.set_layout_engine("none")
    for axes in figure.axes:
        axes.set_position(np.round(axes.get_position().bounds, 6))


def _draw_svg(figure: Figure, file: io.BytesIO, about: dict[str, object]) -> None:
    """Draw once: savefig draws everything a time more to learn what is known by now."""
    canvas, dpi = figure.canvas, figure.dpi
    drawing: Any = FigureCanvasSVG(figure)
    try:
        drawing.print_svg(file, metadata=about)
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi


def _about(plot: Plot, form: str, manifest: Manifest, language: Language) -> dict[str, object]:
    """What a file says of itself, under the names that its format has for it."""
    if form == "png":
        return {
            "Title": plot.name,
            "Description": plot.caption,
            "Source": identity(manifest),
            "Author": "doorstroom",
            "Software": "doorstroom",
            "Copyright": reference(manifest),
        }
    if form == "pdf":
        return {
            "Title": plot.caption,
            "Subject": reference(manifest),
            "Keywords": identity(manifest),
            "Author": "doorstroom",
            "Creator": "doorstroom",
            "CreationDate": None,
        }
    return {
        "Title": plot.name,
        "Description": plot.caption,
        "Identifier": manifest.study,
        "Source": identity(manifest),
        "Language": language.code,
        "Creator": "doorstroom",
        "Rights": reference(manifest),
        "Date": None,
    }


def _spoken(svg: str, plot: Plot, language: Language) -> str:
    """The SVG with its caption as a text that is read aloud in its place."""
    opening = re.search(r"<svg\b[^>]*>", svg)
    if opening is None:  # matplotlib always writes one
        return svg
    head = opening[0].replace("<svg", f'<svg role="img" aria-labelledby="caption" xml:lang="{language.code}"', 1)
    return f'{svg[: opening.start()]}{head}\n <title id="caption">{escape(plot.caption)}</title>{svg[opening.end() :]}'
