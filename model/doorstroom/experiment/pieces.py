"""Work that is kept piece by piece, a file each: what was stopped goes on where it was, and nothing is made twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final, TypeVar

from doorstroom.errors import StoreError
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.experiment.workers import Died, RunError, Workers, interruptible, spread

IDENTITY: Final = "study.json"
Job = TypeVar("Job")
Result = TypeVar("Result")


def claim(folder: Path, identity: str, holds: str, **about: str) -> None:
    """Write whose pieces a folder is for.

    Parameters
    ----------
    holds : what to call that the folder holds, where it is another's
    about : what else is written beside the identity

    Raises
    ------
    StoreError
        Where the folder is another's already, or holds something else.
    """
    file = made(folder) / IDENTITY
    if file.exists():
        try:
            found = json.loads(file.read_text(encoding="utf-8"))["identity"]
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{file}: tells no identity; remove {folder} or choose another folder") from error
        if found != identity:
            raise StoreError(
                f"{folder}: holds {holds} ({found[:12]}, this is {identity[:12]}); remove it or choose another folder"
            )
    elif any(folder.iterdir()):
        raise StoreError(f"{folder}: holds something else; choose another folder")
    with atomic(file) as written:
        written.write(json.dumps({"identity": identity, **about}, indent=1).encode())


def make_missing(
    jobs: Sequence[Job],
    make: Callable[[Job], Result],
    *,
    part: Callable[[Job], Path],
    keep: Callable[[IO[bytes], Result], object],
    name: Callable[[Job], str],
    processes: int,
    told: Callable[[int, int], None],
) -> None:
    """Make what isn't there yet.

    Parameters
    ----------
    part, keep : the file of a piece, and what writes it
    name : of a piece, for messages
    told : called with the pieces that are there and those asked for

    Raises
    ------
    RunError
        Where a piece can't be made.
    KeyboardInterrupt
        Where it was stopped, with what was in progress kept.
    """
    missing = [job for job in jobs if not part(job).exists()]
    left = len(missing)
    told(len(jobs) - left, len(jobs))
    with interruptible() as asked, Workers(processes) as workers:
        for job, found in spread(iter(missing), make, workers, stop=asked):
            if isinstance(found, Died):
                raise RunError(f"{name(job)}: its worker died ({found.reason}); the others are kept")
            with atomic(part(job)) as file:
                keep(file, found)
            left -= 1
            told(len(jobs) - left, len(jobs))
    if left:
        raise KeyboardInterrupt
