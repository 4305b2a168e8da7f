"""Analyses of a finished study: each gives tables, a statement of its method and its warnings."""

from __future__ import annotations

from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.analyses.decision import information, regret
from doorstroom.experiment.analyses.discovery import discovery
from doorstroom.experiment.analyses.given_data import delta, pawn
from doorstroom.experiment.analyses.indices import indices
from doorstroom.experiment.analyses.means import means
from doorstroom.experiment.analyses.variance import variance
from doorstroom.experiment.results import Results
from doorstroom.experiment.worker_setup import one_thread

_GIVEN = {"delta": delta, "pawn": pawn}


def analyse(results: Results) -> list[Analysis]:
    """All analyses that the study asks for and its runs allow."""
    with one_thread():
        found = [analysis(results) for analysis in (means, indices, variance, discovery, regret, information)]
        found += [_GIVEN[name](results) for name in results.file.given_data]
    return [analysis for analysis in found if analysis is not None]
