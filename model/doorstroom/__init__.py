"""doorstroom: an agent-based model of technical education in the Netherlands.

    import doorstroom as ds

    model = ds.TechnicalEducation("baseline", rng=1)
    model.step()                                                     # one school year

    generous = ds.load_scenario("baseline").with_("generous", parameters={"interest.po_effect": {"times": 2.0}})
    results = ds.compare(["baseline", generous], draws=16)           # runs, and a report in results.folder
    pupils = results.dataset("vmbo_technique_pupils")                # labelled arrays (xarray)

Names are loaded when they are used, so that the command line starts fast.
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doorstroom.api import compare, open_results, parameters, salib_problem, study, values_at
    from doorstroom.education import TechnicalEducation
    from doorstroom.errors import DoorstroomError
    from doorstroom.experiment.results import Results
    from doorstroom.scenario import Scenario, Scheme, load_scenario

__all__ = [
    "DoorstroomError",
    "Results",
    "Scenario",
    "Scheme",
    "TechnicalEducation",
    "__version__",
    "compare",
    "load_scenario",
    "open_results",
    "parameters",
    "salib_problem",
    "study",
    "values_at",
]

_HOMES = {
    "DoorstroomError": "errors",
    "Results": "experiment.results",
    "Scenario": "scenario",
    "Scheme": "scenario",
    "TechnicalEducation": "education",
    "compare": "api",
    "load_scenario": "scenario",
    "open_results": "api",
    "parameters": "api",
    "salib_problem": "api",
    "study": "api",
    "values_at": "api",
}

try:
    __version__ = metadata.version("doorstroom")
except metadata.PackageNotFoundError:
    __version__ = "0+source"
"""Of the installed package; a source tree on the path has none."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'doorstroom' has no attribute {name!r}")
    return getattr(import_module(f"doorstroom.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
