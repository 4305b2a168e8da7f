"""What reading a file may never do: hang, take gigabytes, open a connection, start a program, write elsewhere."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

# Arrow's allocator takes a gigabyte of address space for itself at its first use, which is no file's doing
pa.array(["taken"])

SECONDS = 20
"""Of processor time, after which reading one file counts as a hang; six times that by the clock, for who only waits."""
MEMORY = 2**30
"""Bytes of address space that reading one file may take on top of what the process has."""

_watched: list[Path] = []


class Forbidden(BaseException):
    """Something that no file may bring about; no `except Exception` hides it."""


def _asks_git(words: Any) -> bool:
    """What differs from a commit is asked of git, with a name of a commit and nothing that it takes for an option."""
    options = [word for word in words[2:] if word.startswith("-") and word not in ("--name-only", "--")]
    return words[0] == "git" and words[1] in ("show", "diff", "describe") and (not options or words[1] == "describe")


def _audit(event: str, details: tuple[Any, ...]) -> None:
    if not _watched:
        return
    if event == "subprocess.Popen" and _asks_git(details[1]):
        return
    if event in ("socket.connect", "subprocess.Popen", "os.system", "os.exec", "pickle.find_class"):
        raise Forbidden(f"{event} {details!r}")
    written = {
        "open": lambda: [details[0]] if isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR) else [],
        "os.rename": lambda: details[:2],
        "os.remove": lambda: details[:1] if details[1] == -1 else (),  # else within a folder that is being removed
        "os.mkdir": lambda: details[:1],
        "os.rmdir": lambda: details[:1] if details[1] == -1 else (),
    }.get(event)
    for path in written() if written else ():
        place = os.path.realpath(os.fsdecode(path)) if isinstance(path, (str, bytes, os.PathLike)) else ""
        inside = any(place == str(root) or place.startswith(f"{root}{os.sep}") for root in _watched)
        if place and not inside and "__pycache__" not in place and place != os.devnull:
            raise Forbidden(f"{event} {place}")


sys.addaudithook(_audit)


@contextmanager
def guarded(*folders: Path) -> Iterator[None]:
    """Within it only these folders may be written, for so long and in so much memory."""

    def ring(number: int, frame: Any) -> None:
        raise Forbidden(f"still reading after {SECONDS} seconds of processor time or {6 * SECONDS} by the clock")

    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limits = resource.getrlimit(resource.RLIMIT_AS)
    clocks = {signal.SIGPROF: (signal.ITIMER_PROF, SECONDS), signal.SIGALRM: (signal.ITIMER_REAL, 6 * SECONDS)}
    before = {number: signal.signal(number, ring) for number in clocks}
    for clock, seconds in clocks.values():
        signal.setitimer(clock, seconds)
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, limits[1]))
    _watched.extend(folder.resolve() for folder in folders)
    try:
        yield
    finally:
        _watched.clear()
        resource.setrlimit(resource.RLIMIT_AS, limits)
        for clock, _ in clocks.values():
            signal.setitimer(clock, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
