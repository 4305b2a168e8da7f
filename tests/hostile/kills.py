"""The real commands, killed at random moments and at the worst ones; what is left is never taken for what it isn't.

    python tests/hostile/kills.py --times 20 --folder /tmp/kills

`compare` and `study run` are started in processes of their own, with workers, and killed with all that they started:
after a random time, right after the manifest, while the report is being written. After every kill the folder is seen:
what can be opened belongs to the study, and a citation says that it isn't finished. At the end the same command goes
on, and its table of runs has to be that of a study that nobody disturbed, byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from doorstroom.errors import StoreError
from doorstroom.experiment.manifest import FILE, Manifest
from doorstroom.experiment.results import RUNS, Results
from doorstroom.reporting.citation import reference
from doorstroom.reporting.page.write import FILE as PAGE

FRACTION: Final = 0.001
STUDY: Final = f"""title = "Killed"
scenarios = ["no_sto", "baseline"]
fraction = {FRACTION}
method = {{ name = "draws", draws = 8 }}
[outcomes.technique]
outcome = "vmbo_technique_pupils"
years = [2025, 2030]
"""
PATIENCE: Final = 900.0


@dataclass
class Trial:
    """A command that is killed again and again in one folder.

    Attributes
    ----------
    words : the command without its --out
    seen : what was found after each kill
    """

    words: tuple[str, ...]
    folder: Path
    luck: random.Random
    longest: float = 10.0
    seen: list[str] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        """The command at work in its folder, in a group of its own."""
        command = [sys.executable, "-m", "doorstroom", *self.words, "--processes=2", "--out", str(self.folder)]
        there = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=there, start_new_session=True)

    def kill_when(self, moment: Callable[[], bool], name: str) -> None:
        """Start it and kill it with all its workers as soon as `moment` has come."""
        started = time.monotonic()
        process = self.start()
        while process.poll() is None and not moment() and time.monotonic() - started < PATIENCE:
            time.sleep(0.005)
        ended = process.poll() is not None
        if not ended:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.seen.append(f"{name}{' (it had ended)' if ended else ''}: {self.look()}")

    def kill_at_random(self) -> None:
        """Kill it after a random time, within what it has taken so far."""
        until = time.monotonic() + self.luck.uniform(0.0, self.longest)
        self.kill_when(lambda: time.monotonic() > until, "at random")

    def kill_after_the_manifest(self) -> None:
        """Kill it when the manifest was written anew, before a run can have been."""
        before = _stamp(self.folder / FILE)
        self.kill_when(lambda: _stamp(self.folder / FILE) != before, "after the manifest")

    def kill_in_the_report(self) -> None:
        """Kill it when the table of runs is there, while pages, figures and tables are being written."""
        (self.folder / PAGE).unlink(missing_ok=True)
        begun = self.folder / "figures"
        shutil.rmtree(begun, ignore_errors=True)
        self.kill_when(lambda: begun.is_dir() or (self.folder / PAGE).exists(), "in the report")

    def look(self) -> str:
        """What the folder says of itself; AssertionError where it says more than is true."""
        try:
            manifest = Manifest.load(self.folder)
        except StoreError:
            return "no study yet"
        cited = reference(manifest)
        assert ("[unfinished study " in cited) == (manifest.ended is None), cited
        try:
            results = Results.open(self.folder)
        except StoreError as error:
            return "nothing is read: " + str(error).removeprefix(f"{self.folder / RUNS}: ").split(";")[0]
        assert results.manifest.study == manifest.study
        made = int(results.made.sum())
        assert made == manifest.runs, "a table of runs is written when all have been made"
        return f"{made} runs, {'finished' if manifest.ended else 'unfinished'}"

    def finish(self) -> None:
        """Let it go on to its end."""
        began = time.monotonic()
        process = self.start()
        assert process.wait(timeout=PATIENCE) == 0
        self.longest = time.monotonic() - began

    def digest(self) -> str:
        """SHA-256 of the table of runs."""
        return hashlib.sha256((self.folder / RUNS).read_bytes()).hexdigest()


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def trial(words: Sequence[str], folder: Path, times: int, seed: int, most: float = PATIENCE) -> Trial:
    """One command killed `times` times, at most so many seconds after its start, and let go on to its end."""
    luck = random.Random(seed)
    alone = Trial(tuple(words), folder / "alone", luck)
    alone.finish()
    # in a folder of its own, so that it borrows nothing from the undisturbed one
    killed = Trial(tuple(words), folder / "killed" / "study", luck, min(alone.longest, most))
    killed.folder.parent.mkdir(parents=True)
    kinds = [killed.kill_after_the_manifest, killed.kill_in_the_report]
    for at in range(times):
        kinds[(at // 5) % len(kinds)]() if at % 5 == 4 else killed.kill_at_random()
    killed.finish()
    assert killed.digest() == alone.digest(), "the runs are not those of an undisturbed study"
    return killed


def two_at_once(words: Sequence[str], folder: Path) -> None:
    """Two processes on one folder: both end well, with the table of one alone."""
    alone = Trial(tuple(words), folder / "alone", random.Random(1))
    alone.finish()
    both = Trial(tuple(words), folder / "both" / "study", random.Random(1))
    both.folder.parent.mkdir(parents=True)
    processes = [both.start(), both.start()]
    ended = [process.wait(timeout=PATIENCE) for process in processes]
    assert ended == [0, 0], ended
    assert both.digest() == alone.digest()
    assert "finished" in both.look()


def main() -> None:
    """Every trial, with what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=float, default=60.0, help="seconds after its start by which it is killed")
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True)
    file = asked.folder / "killed.toml"
    file.write_text(STUDY)
    compare = ("compare", "baseline", "no_sto", "--draws=8", f"--fraction={FRACTION}")
    for name, words in (("compare", compare), ("study run", ("study", "run", str(file)))):
        done = trial(words, asked.folder / name.replace(" ", "_"), asked.times, asked.seed, asked.most)
        print(f"{name}: {asked.times} kills, the same bytes at the end (undisturbed: {done.longest:.0f} s)")
        for line in done.seen:
            print(f"  {line}", flush=True)
    two_at_once(compare, asked.folder / "two")
    print("two processes on one folder: both end, the same bytes")


if __name__ == "__main__":
    main()
