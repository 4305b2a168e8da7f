"""doorstroom: an agent-based model of technical education in the Netherlands.

    from doorstroom import TechnicalEducation, compare, load_scenario

    model = TechnicalEducation("baseline", rng=1)
    model.step()                                  # one school year
    compare(["baseline", "no_sto"], draws=16)     # a study with a report

Names are loaded when they are used, so that the command line starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doorstroom.education import TechnicalEducation
    from doorstroom.reporting.compare import compare, run_one
    from doorstroom.scenario import Scenario, load_scenario

__all__ = ["Scenario", "TechnicalEducation", "compare", "load_scenario", "run_one"]

_HOMES = {
    "Scenario": "scenario",
    "TechnicalEducation": "education",
    "compare": "reporting.compare",
    "load_scenario": "scenario",
    "run_one": "reporting.compare",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'doorstroom' has no attribute {name!r}")
    return getattr(import_module(f"doorstroom.{_HOMES[name]}"), name)
