"""Progress in the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_OFTEN: Final = 0.5
"""Seconds between two looks at how far a study is."""


class Meter:
    """Runs done and failed, runs per second, time left."""

    def __init__(self, console: Console, total: int) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(elapsed_when_finished=False),
            TextColumn("[red]{task.fields[failed]}"),
            console=console,
        )
        self._bar = self._progress.add_task("Runs", total=total, rate="", failed="")
        self._console = console
        self._start = time.monotonic()
        self._before: int | None = None
        self._told = False
        self._shown = 0.0

    def __enter__(self) -> Meter:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def show(self, done: int, failed: int, total: int) -> None:
        """So many runs are there, so many failed, of so many that are asked."""
        if self._before is None:
            self._before = done
        rate = (done - self._before) / max(time.monotonic() - self._start, 1e-9)
        told = f"{failed:,} failed" if failed else ""
        self._progress.update(
            self._bar, completed=done + failed, total=total, rate=f"{rate:,.3g} runs/s" if rate else "", failed=told
        )

    def show_now_and_then(self, counts: Callable[[], tuple[int, int, int]]) -> None:
        """`show` what `counts` gives, where the last time is a while ago."""
        if time.monotonic() - self._shown > _OFTEN:
            self._shown = time.monotonic()
            self.show(*counts())

    def stopping_if(self, stop: Callable[[], bool]) -> Callable[[], None]:
        """Says once that Ctrl-C was understood."""

        def tell() -> None:
            if stop() and not self._told:
                self._told = True
                self._console.print("Stopping after the runs in progress; press Ctrl-C again to drop them.")

        return tell
