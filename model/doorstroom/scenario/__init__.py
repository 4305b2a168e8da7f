"""Scenarios: what policy and world a run asks about, read from one TOML file.

A scheme is data: what it pays in which year, to whom, under which rules. A scenario is a set of schemes in a context,
with other parameter values or switched-off feedback loops where the question needs them. Whatever is wrong in a file
is told at once, one line per fault, as `ScenarioFaults`.
"""

from doorstroom.scenario.context import Context
from doorstroom.scenario.differences import differences
from doorstroom.scenario.faults import ScenarioFaults, checked
from doorstroom.scenario.files import (
    find_scenario,
    in_place_of_shipped,
    load_scenario,
    replaced_scenarios,
    scenario_files,
    scenario_folders,
)
from doorstroom.scenario.scenario import Loops, Scenario, Years, fixed_apart
from doorstroom.scenario.scheme import Scheme
from doorstroom.scenario.values import ACTIVITIES

__all__ = [
    "ACTIVITIES",
    "Context",
    "Loops",
    "Scenario",
    "ScenarioFaults",
    "Scheme",
    "Years",
    "checked",
    "differences",
    "find_scenario",
    "fixed_apart",
    "in_place_of_shipped",
    "load_scenario",
    "replaced_scenarios",
    "scenario_files",
    "scenario_folders",
]
