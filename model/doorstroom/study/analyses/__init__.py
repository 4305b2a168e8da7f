"""Analyses of a finished study: each gives tables, a statement of its method and its warnings."""

from __future__ import annotations

from doorstroom.study.analyses.base import Analysis
from doorstroom.study.analyses.decision import information, regret
from doorstroom.study.analyses.discovery import discovery
from doorstroom.study.analyses.given_data import delta, pawn
from doorstroom.study.analyses.indices import indices
from doorstroom.study.analyses.means import means
from doorstroom.study.analyses.variance import variance
from doorstroom.study.process import one_thread
from doorstroom.study.results import Results

_GIVEN = {"delta": delta, "pawn": pawn}


def analyse(results: Results) -> list[Analysis]:
    """All analyses that the study asks for and its runs allow."""
    with one_thread():
        found = [analysis(results) for analysis in (means, indices, variance, discovery, regret, information)]
        found += [_GIVEN[name](results) for name in results.file.given_data]
    return [analysis for analysis in found if analysis is not None]
