"""Every number on a page of designs is one of the store, of the file that asks, or of the words around it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from doorstroom.evaluation.summary import WORDS, number, percent

NUMBER = re.compile(r"(?<![\w.,])-?\d[\d.,]*%?(?!\w)")


def numbers(text: str) -> set[str]:
    """The numbers in a text, as they are written."""
    return {one.strip(".,") for one in NUMBER.findall(text)}


def strange_numbers(folder: Path, language: str, file: Path) -> set[str]:
    """Numbers on the page in a folder that its tables, the study's file and its own words don't have."""
    page = (folder / f"summary.{language}.html").read_text(encoding="utf-8")
    page = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    shown = numbers(html.unescape(re.sub(r"<[^>]*>", " ", page)).replace("–", " "))
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    known = numbers(f"{file.read_text(encoding='utf-8')} {WORDS[language]} {about['identity'][:12]} {about['worlds']}")
    for table in ("findings.csv", "effects.csv"):
        values = pd.read_csv(folder / table).select_dtypes("number").to_numpy(float).ravel()
        for value in [*values[np.isfinite(values)], about["euro_a_year"]]:
            known |= {
                number(value, language),
                number(value / 1e6, language),
                percent(value),
                f"{value:g}",
                f"{value:.0f}",
            }
    return shown - known
