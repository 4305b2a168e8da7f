"""The command that opens the model in a browser."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from typing import Annotated

import typer

from doorstroom.cli.runs import Fraction
from doorstroom.errors import DoorstroomError


def explore(
    scenario: Annotated[str, typer.Argument(help="Name or file of the scenario to start from.")] = "baseline",
    fraction: Fraction = 0.02,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of this machine to serve the page on.")] = 8765,
) -> None:
    """Open the model in a browser: change amounts and parameters, step through the years. One run, no intervals."""
    from doorstroom.scenario import load_scenario

    load_scenario(scenario)  # tell faults here, not in the browser
    if importlib.util.find_spec("solara") is None:
        raise DoorstroomError("explore needs Solara, which isn't installed; type: pip install 'doorstroom[viz]'")
    settings = {"DOORSTROOM_EXPLORE_SCENARIO": scenario, "DOORSTROOM_EXPLORE_FRACTION": str(fraction)}
    command = [sys.executable, "-m", "solara", "run", "doorstroom.reporting.explore.app"]
    served = subprocess.run(
        [*command, "--host=localhost", f"--port={port}", "--no-open", "--production"],
        env={**os.environ, **settings},
        check=False,
    )
    raise typer.Exit(served.returncode)
