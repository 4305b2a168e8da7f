"""Run many runs, in this process or over several, with the same files as the outcome."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from doorstroom.errors import StoreError
from doorstroom.machine_code import is_compiled
from doorstroom.parameters import Draw
from doorstroom.scenario import Scenario
from doorstroom.study.execution import Died, RunError, Workers, interruptible, spread
from doorstroom.study.meter import Meter
from doorstroom.study.process import housekeeping
from doorstroom.study.store import Store


class Simulate(Protocol):
    """What carries out one run: shape (years, 1 + regions, len(SERIES)). Has to be importable by its name."""

    def __call__(self, scenario: Scenario, *, draw: Draw, seed: int, fraction: float) -> NDArray[np.float64]:
        """All series of every year."""
        ...


def model_on(inputs: Path | None) -> Simulate:
    """The model on the input set of a folder; None is that of the package.

    Only who makes runs needs Mesa and Numba, so they are imported here and not above.
    """
    from doorstroom.education import simulate

    return simulate if inputs is None else partial(simulate, inputs=inputs)


class Task(NamedTuple):
    """One run to be made; `asked` is the name or file by which its scenario was asked for, `inputs` that of its set."""

    label: str
    asked: str
    scenario: Scenario
    draw: Draw
    seed: int
    fraction: float
    identity: str
    inputs: Path | None = None

    def __str__(self) -> str:
        return f"scenario {self.label}, draw {_named(self.draw)}, seed {self.seed}"

    @property
    def command(self) -> str:
        """The command that makes this run alone."""
        return command_of_run(self.asked, self.draw, self.seed, self.fraction, self.inputs)


class Done(NamedTuple):
    """A run that was made."""

    task: Task
    seconds: float
    checksum: str


def execute(
    tasks: Sequence[Task],
    store: Store,
    *,
    simulate: Simulate,
    processes: int = 1,
    console: Console | None = None,
    finished: Callable[[Done], None] = lambda done: None,
) -> list[Done]:
    """Make all runs and keep them in the store.

    What is stored depends on the tasks alone, not on their order or on `processes`. With more than one
    process, a script that calls this needs the usual `if __name__ == "__main__":`.

    Parameters
    ----------
    finished : called with every run as soon as it is stored

    Raises
    ------
    RunError
        Naming the run that failed. Runs that had finished are kept.
    StoreError
        When a run can't be written, or two runs of one identity differ.
    KeyboardInterrupt
        After Ctrl-C, when the runs in progress have ended (a second Ctrl-C drops them). Finished runs are kept.
    """
    console = console or Console(stderr=True, markup=False)
    say_if_compiling(simulate, console)
    made: list[Done] = []
    checksums: dict[str, Done] = {}
    work = partial(_perform, folder=store.folder, simulate=simulate)
    with (
        Workers(min(processes, len(tasks))) as workers,
        Meter(console, len(tasks)) as meter,
        interruptible() as stop,
    ):
        meter.show(0, 0, len(tasks))
        for task, done in spread(iter(tasks), work, workers, stop=stop, tick=meter.stopping_if(stop)):
            if isinstance(done, Died):
                raise RunError(
                    f"{task}: its worker process died, most likely for want of memory ({done.reason}); finished runs "
                    "are kept: run the same command again with fewer processes or a smaller fraction. "
                    f"This run alone: {task.command}"
                )
            twin = checksums.setdefault(done.task.identity, done)
            if twin.checksum != done.checksum:
                raise StoreError(
                    f"two runs that should be the same differ ({done.task}); the model is not deterministic here: "
                    "please report this with manifest.json"
                )
            made.append(done)
            finished(done)
            meter.show(len(made), 0, len(tasks))
        if stop():
            raise KeyboardInterrupt
    return made


def _named(draw: Draw) -> str:
    """A draw as it is told; one that is given by its values has no number."""
    return str(draw) if isinstance(draw, int) else "of a posterior"


def command_of_run(scenario: str, draw: Draw, seed: int, fraction: float, inputs: Path | None = None) -> str:
    """The command that makes one run of a scenario, named as the user named it."""
    numbers = [f"--draw={_named(draw)}", f"--seed={seed}", option_of(fraction)]
    return shlex.join(["doorstroom", "run", scenario, *numbers, *([] if inputs is None else [f"--inputs={inputs}"])])


def option_of(fraction: float) -> str:
    """The option that asks for exactly this fraction."""
    return f"--fraction={float(fraction)!r}".removesuffix(".0")


def _perform(task: Task, folder: Path, simulate: Simulate) -> Done:
    """Make one run and store it; what goes wrong comes back as an error that names the run."""
    start = time.perf_counter()
    try:
        with housekeeping() as tidy:
            values = simulate(task.scenario, draw=task.draw, seed=task.seed, fraction=task.fraction)
            tidy()
        checksum = Store(folder).write(task.identity, values, task.scenario.years.first)
    except StoreError:
        raise
    except Exception as error:  # whatever a run does wrong, the user must be told which run
        raise RunError(
            f"{task}: the run failed: {type(error).__name__}: {error}. "
            "Finished runs are kept; mend the cause and run the same command again. "
            f"This run alone: {task.command}"
        ) from error
    return Done(task, time.perf_counter() - start, checksum)


def say_if_compiling(simulate: Simulate, console: Console) -> None:
    """Numba compiles on first use; a simulate of somebody else's has nothing to compile."""
    if not str(getattr(getattr(simulate, "func", simulate), "__module__", "")).startswith("doorstroom."):
        return
    if not is_compiled():
        console.print("First use: compiling the model's equations to machine code. This takes a minute, once.")
